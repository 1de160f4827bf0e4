// Names, members and elements: trigger.items[0].price, with optionals and, in plain CEL, dotted names of a container.
#include <cmath>

#include "base/decimal.hpp"
#include "expr/evaluation.hpp"

namespace ieum::expr {
namespace {

// A number as the key of a map or the index of a list: integral doubles count.
std::optional<Value> integral_key(const Value& key) {
  double number = 0;
  if (const double* value = key.if_double()) {
    number = *value;
  } else if (const Decimal* exact = key.if_decimal()) {
    if (const std::optional<std::int64_t> whole = decimal::to_int(*exact)) return Value(*whole);
    number = decimal::to_double(*exact);
  } else {
    return std::nullopt;
  }
  if (!(std::trunc(number) == number)) return std::nullopt;
  if (number >= -9223372036854775808.0 && number < 9223372036854775808.0)
    return Value(static_cast<std::int64_t>(number));
  if (number >= 0 && number < 18446744073709551616.0) return Value(static_cast<std::uint64_t>(number));
  return std::nullopt;
}

}  // namespace

// The source of a chain of names, "event.customer", for messages.
std::string Evaluation::describe(const Node& node) const {
  switch (node.op) {
    case Op::root: return node.name;
    case Op::local: return node.name.empty() ? "the value" : node.name;
    case Op::select:
    case Op::opt_select: return describe(*node.args[0]) + "." + node.name;
    case Op::index:
      if (const std::string* key = node.args[1]->value.if_string()) return describe(*node.args[0]) + "['" + *key + "']";
      if (const std::int64_t* key = node.args[1]->value.if_int())
        return describe(*node.args[0]) + "[" + std::to_string(*key) + "]";
      return describe(*node.args[0]) + "[...]";
    case Op::qualified: {
      std::string name;
      for (const std::string& part : node.names) name += (name.empty() ? "" : ".") + part;
      return name;
    }
    default: return "the value";
  }
}

bool Evaluation::eval_root(const Node& node, Operand& out) {
  const Value*& cached = roots_[node.slot];
  if (!cached && scope_) cached = scope_->lookup(node.name);
  if (!cached) {
    at(node);
    return fail(Code::unknown_name, "there is no '" + node.name + "' here");
  }
  out.borrow(cached);
  return true;
}

// Plain CEL: in container "a.b", x.y is a.b.x.y, a.b.x (member y), a.x.y ... : the longest name first, and for each
// name the innermost container first. A name with a leading dot is looked up without the container.
bool Evaluation::eval_qualified(const Node& node, Operand& out) {
  at(node);
  const Value* found = nullptr;
  std::size_t used = node.names.size();
  for (; used > 0 && !found && scope_; --used) {
    std::string name;
    for (std::size_t i = 0; i < used; ++i) name += (i ? "." : "") + node.names[i];
    std::string container = node.flag ? std::string() : ast_.options.container;
    for (;;) {
      found = scope_->lookup(container.empty() ? name : container + "." + name);
      if (found || container.empty()) break;
      const std::size_t dot = container.rfind('.');
      container.resize(dot == std::string::npos ? 0 : dot);
    }
    if (found) break;
  }
  if (!found) return fail(Code::unknown_name, "there is no '" + node.names[0] + "' here");
  out.borrow(found);
  for (; used < node.names.size(); ++used) {
    const Value* child = nullptr;
    if (!member(out.get(), Value(node.names[used]), child)) return false;
    if (!child) return fail(Code::no_such_field, "there is no member '" + node.names[used] + "' in " + describe(node));
    out.borrow(child);
  }
  return true;
}

bool Evaluation::member(const Value& container, const Value& key, const Value*& found) {
  found = nullptr;
  if (const Map* map = container.if_map()) {
    if (key.is_string() || key.if_int() || key.if_uint() || key.if_bool()) {
      found = map->find(key);
      return true;
    }
    if (!key.if_double() && !key.if_decimal())
      return fail(Code::no_such_overload, std::string(type_name(key, recipe())) + " cannot be the key of a map");
    if (const std::optional<Value> whole = integral_key(key)) found = map->find(*whole);
    return true;
  }
  if (const List* list = container.if_list()) {
    const std::optional<Value> whole = integral_key(key);
    const Value& number = whole ? *whole : key;
    if (const std::int64_t* i = number.if_int()) {
      if (*i >= 0 && static_cast<std::uint64_t>(*i) < list->size()) found = &(*list)[static_cast<std::size_t>(*i)];
      return true;
    }
    if (const std::uint64_t* i = number.if_uint()) {
      if (*i < list->size()) found = &(*list)[static_cast<std::size_t>(*i)];
      return true;
    }
    if (key.if_double() || key.if_decimal()) return fail(Code::bad_value, "a list has no element at a broken number");
    return fail(Code::no_such_overload,
                "the elements of a list are numbered, " + std::string(type_name(key, recipe())) + " cannot find one");
  }
  if (container.is_null()) return fail(Code::no_such_field, "null has no members");
  return fail(Code::no_such_overload, std::string(type_name(container, recipe())) + " has no members");
}

// Selecting from an optional gives an optional; so does .?name from anything.
bool Evaluation::select(const Node& node, Operand& out) {
  if (!eval(*node.args[0], out)) return false;
  at(node);
  const OptionalValue* optional = out.get().if_optional();
  if (!optional && node.op == Op::select) {
    // The common case, without making a key.
    const Value& container = out.get();
    const Value* child = nullptr;
    if (const Map* map = container.if_map())
      child = map->find(std::string_view(node.name));
    else if (container.is_null())
      return fail(Code::no_such_field, describe(*node.args[0]) + " is null, it has no member '" + node.name + "'");
    else
      return fail(Code::no_such_overload, describe(*node.args[0]) + " is no map but " +
                                              std::string(type_name(container, recipe())) + ", it has no member '" +
                                              node.name + "'");
    if (!child) return fail(Code::no_such_field, describe(*node.args[0]) + " has no member '" + node.name + "'");
    return step_into(out, child);
  }
  const Value* container = unwrap(out.get());
  const Value* child = nullptr;
  if (container && !container->is_map() && !container->is_null())
    return fail(Code::no_such_overload,
                std::string(type_name(*container, recipe())) + " has no member '" + node.name + "'");
  if (container && !member(*container, Value(node.name), child)) return false;
  return optional_of(child, out);
}

bool Evaluation::has(const Node& node, Operand& out) {
  if (!eval(*node.args[0], out)) {
    // With recipe functions has(a.b.c) is false when b is missing; plain CEL keeps the error.
    if (!recipe() || !is_missing(code_)) return false;
    code_ = Code::none;
    out.set(Value(false));
    return true;
  }
  at(node);
  const Value* container = unwrap(out.get());
  bool there = false;
  if (container) {
    if (const Map* map = container->if_map())
      there = map->find(std::string_view(node.name)) != nullptr;
    else if (!(recipe() && container->is_null()))
      return fail(Code::no_such_overload, std::string(type_name(*container, recipe())) + " has no members");
  }
  out.set(Value(there));
  return true;
}

bool Evaluation::index(const Node& node, Operand& out) {
  Operand key;
  if (!eval(*node.args[0], out) || !eval(*node.args[1], key)) return false;
  at(node);
  const OptionalValue* optional = out.get().if_optional();
  const Value* container = unwrap(out.get());
  const Value* child = nullptr;
  if (container && !member(*container, key.get(), child)) return false;
  if (optional || node.op == Op::opt_index) {
    return optional_of(child, out);
  }
  if (!child) return fail(Code::no_such_field, "there is no " + describe(node));
  return step_into(out, child);
}

}  // namespace ieum::expr
