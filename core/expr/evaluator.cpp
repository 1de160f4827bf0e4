// The walk: literals, calls, logic. Names and members are in members.cpp, arithmetic in arithmetic.cpp, order and
// equality in comparison.cpp, macros in macros.cpp.
#include "expr/evaluation.hpp"

#include <array>
#include <utility>

#include "expr/functions.hpp"

namespace ieum::expr {

Evaluation::Evaluation(const Ast& ast, const Scope* scope, const Limits& limits, Budget& budget)
    : ast_(ast), scope_(scope), limits_(limits), budget_(budget), locals_(ast.locals), roots_(ast.root_names.size()) {}

bool Evaluation::run(Operand& out) {
  at_ = ast_.root;
  if (ast_.root->depth > limits_.depth) return fail(Code::depth, "the expression is nested too deeply");
  return eval(*ast_.root, out);
}

bool Evaluation::fail(Code code, std::string what, std::string mend) {
  code_ = code;
  failed_at_ = at_;
  what_ = std::move(what);
  mend_ = std::move(mend);
  return false;
}

bool Evaluation::out_of_fuel() {
  budget_.fuel = 0;
  return fail(Code::fuel, "the expression does too much work", "make it smaller, or work on fewer elements");
}

bool Evaluation::charge_output(std::size_t bytes) {
  if (!charge(bytes / 64)) return false;
  if (bytes > budget_.output) {
    budget_.output = 0;
    return fail(Code::output_too_large,
                "the expression makes more than " + std::to_string(limits_.output_bytes) + " bytes");
  }
  budget_.output -= bytes;
  return true;
}

bool Evaluation::no_overload(std::string_view name, std::span<const Operand> args) {
  std::string kinds;
  for (const Operand& arg : args) {
    if (!kinds.empty()) kinds += ", ";
    kinds += type_name(arg.get(), recipe());
  }
  return fail(Code::no_such_overload, std::string(name) + " does not take (" + kinds + ")");
}

Error Evaluation::take_error() {
  return Error(std::string(code_name(code_)), std::move(what_), std::move(mend_), ast_.place(failed_at_->offset));
}

const Value* Evaluation::unwrap(const Value& value) {
  const Value* inner = &value;
  while (inner && inner->if_optional()) inner = inner->if_optional()->value.get();
  return inner;
}

bool Evaluation::eval(const Node& node, Operand& out) {
  if (budget_.fuel == 0) {
    at(node);
    return out_of_fuel();
  }
  --budget_.fuel;
  switch (node.op) {
    case Op::constant: out.borrow(&node.value); return true;
    case Op::local: out.borrow(&locals_[node.slot].get()); return true;
    case Op::root: return eval_root(node, out);
    case Op::qualified: return eval_qualified(node, out);
    case Op::select:
    case Op::opt_select: return select(node, out);
    case Op::has: return has(node, out);
    case Op::index:
    case Op::opt_index: return index(node, out);
    case Op::list: return eval_list(node, out);
    case Op::map: return eval_map(node, out);
    case Op::call: return eval_call(node, out);
    case Op::unknown_call: at(node); return fail(Code::unknown_function, "there is no function " + node.name);
    case Op::logical_and:
    case Op::logical_or: return eval_logical(node, out);
    case Op::logical_not: {
      if (!eval(*node.args[0], out)) return false;
      const bool* value = out.get().if_bool();
      at(node);
      if (!value) return no_overload("!", std::span(&out, 1));
      out.set(Value(!*value));
      return true;
    }
    case Op::conditional: return eval_conditional(node, out);
    case Op::add:
    case Op::subtract:
    case Op::multiply:
    case Op::divide:
    case Op::modulo: return eval_chain(node, out);
    case Op::negate: return eval_negate(node, out);
    case Op::less:
    case Op::less_equal:
    case Op::greater:
    case Op::greater_equal:
    case Op::equal:
    case Op::not_equal: return eval_relation(node, out);
    case Op::in: return eval_in(node, out);
    case Op::bind: {
      Operand bound;  // and not the variable itself: its value may hold a macro that uses the same slot
      if (!eval(*node.args[0], bound)) return false;
      locals_[node.slot] = std::move(bound);
      if (!eval(*node.args[1], out)) return false;
      if (!own(out)) return false;  // it may be borrowed from the variable
      locals_[node.slot].set(Value());
      return true;
    }
    case Op::opt_map:
    case Op::opt_flat_map: return eval_opt_map(node, out);
    case Op::otherwise: return eval_otherwise(node, out);
    case Op::identifier: break;
    default: return eval_macro(node, out);
  }
  IEUM_ASSERT(!"an unresolved name reached the evaluator");
  return false;
}

bool Evaluation::eval_list(const Node& node, Operand& out) {
  if (!charge_output(node.args.size() * 16)) return false;
  List list;
  list.reserve(node.args.size());
  for (std::size_t i = 0; i < node.args.size(); ++i) {
    if (!eval(*node.args[i], out)) return false;
    if (node.optional_entries[i]) {
      at(node);
      const OptionalValue* optional = out.get().if_optional();
      if (!optional) return fail(Code::no_such_overload, "[?x] takes an optional");
      if (optional->value && !append(list, *optional->value)) return false;
    } else {
      list.emplace_back();
      if (!take(out, list.back())) return false;
    }
  }
  out.set(Value(std::move(list)));
  return true;
}

bool Evaluation::eval_map(const Node& node, Operand& out) {
  if (!charge_output(node.args.size() * 16)) return false;
  Map map;
  for (std::size_t i = 0; i < node.args.size(); i += 2) {
    if (!eval(*node.args[i], out)) return false;
    Value key;
    if (!take(out, key) || !eval(*node.args[i + 1], out)) return false;
    at(*node.args[i]);
    if (!key.is_string() && !key.if_int() && !key.if_uint() && !key.if_bool())
      return fail(Code::no_such_overload, std::string(type_name(key, recipe())) + " cannot be the key of a map");
    Value value;
    if (node.optional_entries[i / 2]) {
      const OptionalValue* optional = out.get().if_optional();
      if (!optional) return fail(Code::no_such_overload, "{?key: x} takes an optional");
      if (!optional->value) continue;
      if (!copy(*optional->value, value)) return false;
    } else if (!take(out, value)) {
      return false;
    }
    if (!map.add(std::move(key), std::move(value))) return fail(Code::bad_value, "a map has this key twice");
  }
  out.set(Value(std::move(map)));
  return true;
}

bool Evaluation::eval_call(const Node& node, Operand& out) {
  constexpr std::size_t kFew = 4;
  std::array<Operand, kFew> few;
  std::vector<Operand> many(node.args.size() > kFew ? node.args.size() : 0);
  const std::span<Operand> args(many.empty() ? few.data() : many.data(), node.args.size());
  std::size_t given = 0;
  while (given < args.size()) {
    if (!eval(*node.args[given], args[given])) return false;
    ++given;
    if (!node.function->decides) continue;
    const OptionalValue* first = args[0].get().if_optional();
    if (first && first->value) break;
  }
  at(node);
  return node.function->call(*this, args.first(given), out);
}

// && and || absorb an error when another operand decides.
bool Evaluation::eval_logical(const Node& node, Operand& out) {
  const bool decides = node.op == Op::logical_or;
  Failure first;
  for (const Node* arg : node.args) {
    if (eval(*arg, out)) {
      if (const bool* value = out.get().if_bool()) {
        if (*value != decides) continue;
        out.set(Value(decides));
        return true;
      }
      at(node);
      no_overload(decides ? "||" : "&&", std::span(&out, 1));
    }
    if (is_fatal(code_)) return false;
    Failure failure = take_failure();
    if (first.code == Code::none) first = std::move(failure);
  }
  if (first.code != Code::none) return restore(std::move(first));
  out.set(Value(!decides));
  return true;
}

bool Evaluation::condition(const Node& node, bool& result) {
  Operand value;
  if (!eval(node, value)) return false;
  const bool* truth = value.get().if_bool();
  if (!truth) {
    at(node);
    return fail(Code::no_such_overload,
                "a condition must be true or false, not " + std::string(type_name(value.get(), recipe())));
  }
  result = *truth;
  return true;
}

bool Evaluation::eval_conditional(const Node& node, Operand& out) {
  bool yes = false;
  return condition(*node.args[0], yes) && eval(*node.args[yes ? 1 : 2], out);
}

// x | or(y): y where x is missing, null or optional.none(); or_blank also where x is text of white space alone.
bool Evaluation::eval_otherwise(const Node& node, Operand& out) {
  if (!eval(*node.args[0], out)) {
    if (!is_missing(code_)) return false;
    code_ = Code::none;
    return eval(*node.args[1], out);
  }
  const Value* value = unwrap(out.get());
  if (!value || value->is_null()) return eval(*node.args[1], out);
  if (node.flag)
    if (const std::string* text = value->if_string())
      if (text->find_first_not_of(" \t\r\n\f\v") == std::string::npos) return eval(*node.args[1], out);
  if (!out.get().if_optional()) return true;
  Value unwrapped;
  if (!copy(*value, unwrapped)) return false;
  out.set(std::move(unwrapped));
  return true;
}

}  // namespace ieum::expr
