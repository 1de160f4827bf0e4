// Macros over lists and maps (all, exists, map ...) and over optionals. The range stays alive in the frame of its
// macro, so variables are borrowed from it.
#include <algorithm>

#include "expr/evaluation.hpp"

namespace ieum::expr {
namespace {

std::string_view macro_name(Op op) {
  switch (op) {
    case Op::all: return "all";
    case Op::exists: return "exists";
    case Op::exists_one: return "exists_one";
    case Op::map_list: return "map";
    case Op::filter: return "filter";
    case Op::transform_list: return "transformList";
    case Op::transform_map: return "transformMap";
    case Op::transform_map_entry: return "transformMapEntry";
    case Op::sort_by: return "sortBy";
    case Op::opt_map: return "optMap";
    default: return "optFlatMap";
  }
}

}  // namespace

void Evaluation::set_variables(const Node& node, std::size_t index, const Value* key, const Value& value) {
  if (!node.flag) {
    locals_[node.slot].borrow(key ? key : &value);
    return;
  }
  if (key)
    locals_[node.slot].borrow(key);
  else
    locals_[node.slot].set(Value(static_cast<std::int64_t>(index)));
  locals_[node.slot2].borrow(&value);
}

template <class Body>
bool Evaluation::for_each(const Node& node, const Value& range, Body body) {
  std::size_t index = 0;
  if (const List* list = range.if_list()) {
    for (const Value& element : *list) {
      if (!charge(1)) return false;
      set_variables(node, index++, nullptr, element);
      if (!body(nullptr, element)) return false;
    }
  } else {
    for (const Map::Entry& entry : *range.if_map()) {
      if (!charge(1)) return false;
      set_variables(node, index++, &entry.first, entry.second);
      if (!body(&entry.first, entry.second)) return false;
    }
  }
  return true;
}

bool Evaluation::eval_macro(const Node& node, Operand& out) {
  Operand range;
  if (!eval(*node.args[0], range)) return false;
  at(node);
  const Value& value = range.get();
  const bool needs_list = node.op == Op::sort_by;
  if (!value.is_list() && (needs_list || !value.is_map())) {
    const bool null = recipe() && value.is_null();
    return fail(null ? Code::no_such_field : Code::no_such_overload,
                std::string(macro_name(node.op)) + " goes through a list" + (needs_list ? "" : " or a map") +
                    ", not through " + std::string(type_name(value, recipe())));
  }
  switch (node.op) {
    case Op::all:
    case Op::exists:
    case Op::exists_one: return eval_quantifier(node, value, out);
    case Op::transform_map:
    case Op::transform_map_entry: return eval_collect_map(node, value, out);
    case Op::sort_by: return eval_sort_by(node, value, out);
    default: return eval_collect(node, value, out);
  }
}

// all and exists absorb the failure of an element when another one decides; exists_one does not.
bool Evaluation::eval_quantifier(const Node& node, const Value& range, Operand& out) {
  Failure first;
  std::size_t met = 0;
  bool decided = false;
  const bool done = for_each(node, range, [&](const Value*, const Value&) {
    bool holds = false;
    if (!condition(*node.args[1], holds)) {
      if (node.op == Op::exists_one || is_fatal(code_)) return false;
      Failure failure = take_failure();
      if (first.code == Code::none) first = std::move(failure);
      return true;
    }
    if (holds) ++met;
    decided = (node.op == Op::all && !holds) || (node.op == Op::exists && holds);
    return !decided;
  });
  if (decided) {
    out.set(Value(node.op == Op::exists));
    return true;
  }
  if (!done) return false;
  if (first.code != Code::none) return restore(std::move(first));
  out.set(Value(node.op == Op::all || (node.op == Op::exists_one && met == 1)));
  return true;
}

// map, filter, transformList: args are the range, then the body, or the condition and the body.
bool Evaluation::eval_collect(const Node& node, const Value& range, Operand& out) {
  List list;
  if (node.op != Op::filter && range.if_list()) list.reserve(range.if_list()->size());
  const bool selects = node.op == Op::filter || node.args.size() > 2;
  const bool done = for_each(node, range, [&](const Value* key, const Value& value) {
    if (selects) {
      bool wanted = false;
      if (!condition(*node.args[1], wanted)) return false;
      if (!wanted) return true;
    }
    if (node.op == Op::filter) return append(list, key ? *key : value);
    Operand result;
    if (!charge_output(16) || !eval(*node.args.back(), result)) return false;
    list.emplace_back();
    return take(result, list.back());
  });
  if (!done) return false;
  out.set(Value(std::move(list)));
  return true;
}

bool Evaluation::eval_collect_map(const Node& node, const Value& range, Operand& out) {
  Map map;
  std::size_t index = 0;
  const bool done = for_each(node, range, [&](const Value* key, const Value&) {
    const auto number = static_cast<std::int64_t>(index++);
    if (node.args.size() > 2) {
      bool wanted = false;
      if (!condition(*node.args[1], wanted)) return false;
      if (!wanted) return true;
    }
    if (!charge_output(32)) return false;
    Operand result;
    if (!eval(*node.args.back(), result)) return false;
    at(node);
    if (node.op == Op::transform_map) {
      Value copied_key(number), value;
      if ((key && !copy(*key, copied_key)) || !take(result, value)) return false;
      map.set(std::move(copied_key), std::move(value));
      return true;
    }
    const Map* entries = result.get().if_map();
    if (!entries) return fail(Code::no_such_overload, "transformMapEntry makes a map of each element");
    for (const Map::Entry& entry : *entries) {
      if (!charge_output(32)) return false;
      Value entry_key, value;
      if (!copy(entry.first, entry_key) || !copy(entry.second, value)) return false;
      if (!map.add(std::move(entry_key), std::move(value)))
        return fail(Code::bad_value, "transformMapEntry made the same key twice");
    }
    return true;
  });
  if (!done) return false;
  out.set(Value(std::move(map)));
  return true;
}

bool Evaluation::eval_sort_by(const Node& node, const Value& range, Operand& out) {
  std::vector<std::pair<Value, const Value*>> keyed;
  const bool done = for_each(node, range, [&](const Value*, const Value& value) {
    Operand key;
    if (!charge_output(16) || !eval(*node.args[1], key)) return false;
    keyed.emplace_back(Value(), &value);
    return take(key, keyed.back().first);
  });
  if (!done) return false;
  at(node);
  if (!sort_keyed(keyed)) return false;
  List list;
  list.reserve(keyed.size());
  for (const auto& [key, value] : keyed)
    if (!append(list, *value)) return false;
  out.set(Value(std::move(list)));
  return true;
}

// All keys must be of one ordered kind (numbers are one kind), so that the order is total.
bool Evaluation::sort_keyed(std::vector<std::pair<Value, const Value*>>& keyed) {
  std::size_t text = 0, steps = 1;
  for (std::size_t n = keyed.size(); n > 1; n /= 2) ++steps;
  for (const auto& [key, value] : keyed) {
    Order found = Order::mismatched;
    if (!order(keyed.front().first, key, found)) return false;
    if (found == Order::mismatched || found == Order::unordered)
      return fail(Code::no_such_overload, "elements of different or unordered kinds cannot be sorted");
    if (const std::string* words = key.if_string()) text += words->size() / 256;
  }
  if (!charge((keyed.size() + text) * steps)) return false;
  // Order cannot fail any more: the fuel for comparing was just paid.
  const std::uint64_t paid = budget_.fuel;
  budget_.fuel = ~std::uint64_t{0};
  std::stable_sort(keyed.begin(), keyed.end(), [&](const auto& a, const auto& b) {
    Order found = Order::mismatched;
    return order(a.first, b.first, found) && found == Order::less;
  });
  budget_.fuel = paid;
  return true;
}

bool Evaluation::eval_opt_map(const Node& node, Operand& out) {
  if (!eval(*node.args[0], out)) return false;
  at(node);
  const OptionalValue* optional = out.get().if_optional();
  if (!optional) return no_overload(macro_name(node.op), std::span(&out, 1));
  if (!optional->value) {
    out.set(Value(OptionalValue{}));
    return true;
  }
  const std::shared_ptr<const Value> inner = optional->value;
  locals_[node.slot].borrow(inner.get());
  Operand result;
  if (!eval(*node.args[1], result)) return false;
  at(node);
  if (node.op == Op::opt_map) return optional_of(&result.get(), out);
  if (!result.get().if_optional()) return no_overload(macro_name(node.op), std::span(&result, 1));
  if (!own(result)) return false;
  out = std::move(result);
  return true;
}

}  // namespace ieum::expr
