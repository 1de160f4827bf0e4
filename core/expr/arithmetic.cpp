// + - * / % and negation: checked integers, doubles, exact decimals with recipe functions, text, lists, times.
#include <cmath>
#include <limits>

#include "base/decimal.hpp"
#include "base/json.hpp"
#include "expr/evaluation.hpp"
#include "expr/times.hpp"

namespace ieum::expr {
namespace {

std::string_view symbol(Op op) {
  switch (op) {
    case Op::add: return "+";
    case Op::subtract: return "-";
    case Op::multiply: return "*";
    case Op::divide: return "/";
    case Op::modulo: return "%";
    default: return "?";
  }
}

}  // namespace

bool is_number(const Value& value) {
  return value.if_int() || value.if_uint() || value.if_double() || value.if_decimal();
}

std::optional<Decimal> decimal_of(const Value& value) {
  if (const Decimal* v = value.if_decimal()) return *v;
  if (const std::int64_t* v = value.if_int()) return decimal::from(*v);
  if (const std::uint64_t* v = value.if_uint()) return decimal::from(*v);
  if (const double* v = value.if_double(); v && std::isfinite(*v))
    if (Result<Decimal> exact = decimal::parse(double_text(*v))) return std::move(*exact);
  return std::nullopt;
}

bool Evaluation::decimal_arithmetic(Op op, const Value& a, const Value& b, Operand& out) {
  const std::optional<Decimal> left = decimal_of(a), right = decimal_of(b);
  if (!left || !right) return fail(Code::bad_value, "a decimal cannot be combined with NaN or infinity");
  if (!charge(1 + left->digits.size() * right->digits.size() / 64)) return false;
  Result<Decimal> result = [&]() -> Result<Decimal> {
    switch (op) {
      case Op::add: return decimal::add(*left, *right);
      case Op::subtract: return decimal::subtract(*left, *right);
      case Op::multiply: return decimal::multiply(*left, *right);
      case Op::divide: return decimal::divide(*left, *right);
      default: return Error("no_such_overload", "% does not take decimals");
    }
  }();
  if (!result) {
    const std::string& code = result.error().code;
    return fail(code == "divide_by_zero"     ? Code::divide_by_zero
                : code == "no_such_overload" ? Code::no_such_overload
                                             : Code::overflow,
                result.error().what);
  }
  if (op == Op::divide && result->digits.find('.') != std::string::npos) {
    while (result->digits.back() == '0') result->digits.pop_back();
    if (result->digits.back() == '.') result->digits.pop_back();
  }
  out.set(Value(std::move(*result)));
  return true;
}

bool Evaluation::arithmetic(Op op, const Value& a, const Value& b, Operand& out) {
  const auto overflow = [&] {
    return fail(Code::overflow, "the result of " + std::string(symbol(op)) + " does not fit");
  };
  const auto no_zero = [&] {
    return fail(Code::divide_by_zero, op == Op::modulo ? "modulo by zero" : "division by zero");
  };
  if (const std::int64_t* i = a.if_int()) {
    if (const std::int64_t* j = b.if_int()) {
      std::int64_t result = 0;
      switch (op) {
        case Op::add:
          if (__builtin_add_overflow(*i, *j, &result)) return overflow();
          break;
        case Op::subtract:
          if (__builtin_sub_overflow(*i, *j, &result)) return overflow();
          break;
        case Op::multiply:
          if (__builtin_mul_overflow(*i, *j, &result)) return overflow();
          break;
        default:
          if (*j == 0) return no_zero();
          if (*j == -1 && *i == std::numeric_limits<std::int64_t>::min()) return overflow();
          result = op == Op::divide ? *i / *j : *i % *j;
      }
      out.set(Value(result));
      return true;
    }
  }
  if (const std::uint64_t* i = a.if_uint()) {
    if (const std::uint64_t* j = b.if_uint()) {
      std::uint64_t result = 0;
      switch (op) {
        case Op::add:
          if (__builtin_add_overflow(*i, *j, &result)) return overflow();
          break;
        case Op::subtract:
          if (__builtin_sub_overflow(*i, *j, &result)) return overflow();
          break;
        case Op::multiply:
          if (__builtin_mul_overflow(*i, *j, &result)) return overflow();
          break;
        default:
          if (*j == 0) return no_zero();
          result = op == Op::divide ? *i / *j : *i % *j;
      }
      out.set(Value(result));
      return true;
    }
  }
  if (a.if_decimal() || b.if_decimal()) {
    if (recipe() && is_number(a) && is_number(b)) return decimal_arithmetic(op, a, b, out);
    if (!recipe()) {
      const auto plain = [](const Value& v) { return v.if_decimal() ? Value(decimal::to_double(*v.if_decimal())) : v; };
      return arithmetic(op, plain(a), plain(b), out);
    }
  }
  if (a.if_double() && b.if_double() && op != Op::modulo) {
    const double x = *a.if_double(), y = *b.if_double();
    out.set(Value(op == Op::add ? x + y : op == Op::subtract ? x - y : op == Op::multiply ? x * y : x / y));
    return true;
  }
  if (op == Op::add) {
    if (a.if_string() && b.if_string()) {
      if (!charge_output(a.if_string()->size() + b.if_string()->size())) return false;
      std::string text;
      text.reserve(a.if_string()->size() + b.if_string()->size());
      text += *a.if_string();
      text += *b.if_string();
      out.set(Value(std::move(text)));
      return true;
    }
    if (a.if_bytes() && b.if_bytes()) {
      if (!charge_output(a.if_bytes()->data.size() + b.if_bytes()->data.size())) return false;
      out.set(Value(Bytes{a.if_bytes()->data + b.if_bytes()->data}));
      return true;
    }
    if (a.if_list() && b.if_list()) {
      List list;
      list.reserve(a.if_list()->size() + b.if_list()->size());
      for (const List* part : {a.if_list(), b.if_list()})
        for (const Value& element : *part)
          if (!append(list, element)) return false;
      out.set(Value(std::move(list)));
      return true;
    }
  }
  if (op == Op::add || op == Op::subtract) {
    const bool back = op == Op::subtract;
    const auto time = [&](const std::optional<Timestamp>& value) {
      if (!value) return fail(Code::overflow, "the time leaves the years 1 to 9999");
      out.set(Value(*value));
      return true;
    };
    const auto span = [&](const std::optional<Duration>& value) {
      if (!value) return fail(Code::overflow, "the duration is too long");
      out.set(Value(*value));
      return true;
    };
    if (a.if_timestamp() && b.if_duration()) return time(shift(*a.if_timestamp(), *b.if_duration(), back));
    if (!back && a.if_duration() && b.if_timestamp()) return time(shift(*b.if_timestamp(), *a.if_duration(), false));
    if (back && a.if_timestamp() && b.if_timestamp()) return span(difference(*a.if_timestamp(), *b.if_timestamp()));
    if (a.if_duration() && b.if_duration()) return span(sum(*a.if_duration(), *b.if_duration(), back));
  }
  std::string mend;
  if (recipe() && (a.is_null() || b.is_null()))
    mend = "give a default: x | or(0)";
  else if (recipe() && is_number(a) && is_number(b))
    mend = "convert one side: dec(x), int(x) or double(x)";
  else if (recipe() && op == Op::add && (a.is_string() || b.is_string()))
    mend = "convert the other side: string(x)";
  return fail(Code::no_such_overload,
              std::string(symbol(op)) + " does not take " + std::string(type_name(a, recipe())) + " and " +
                  std::string(type_name(b, recipe())),
              std::move(mend));
}

bool Evaluation::eval_chain(const Node& node, Operand& out) {
  const auto is_chain = [](const Node& n) { return n.op >= Op::add && n.op <= Op::modulo; };
  const auto step = [&](const Node& n) {
    Operand right;
    if (!eval(*n.args[1], right)) return false;
    at_ = &n;
    return arithmetic(n.op, out.get(), right.get(), out);
  };
  if (!is_chain(*node.args[0])) return eval(*node.args[0], out) && step(node);
  std::vector<const Node*> spine;
  const Node* left = &node;
  for (; is_chain(*left); left = left->args[0]) spine.push_back(left);
  if (!charge(spine.size()) || !eval(*left, out)) return false;
  for (auto it = spine.rbegin(); it != spine.rend(); ++it)
    if (!step(**it)) return false;
  return true;
}

bool Evaluation::eval_negate(const Node& node, Operand& out) {
  if (!eval(*node.args[0], out)) return false;
  at_ = &node;
  if (const std::int64_t* i = out.get().if_int()) {
    if (*i == std::numeric_limits<std::int64_t>::min()) return fail(Code::overflow, "the result of - does not fit");
    out.set(Value(-*i));
    return true;
  }
  if (const double* d = out.get().if_double()) {
    out.set(Value(-*d));
    return true;
  }
  if (out.get().if_decimal()) {
    if (recipe()) return decimal_arithmetic(Op::subtract, Value(Decimal{"0"}), Value(out.get()), out);
    out.set(Value(-decimal::to_double(*out.get().if_decimal())));
    return true;
  }
  return no_overload("-", std::span(&out, 1));
}

}  // namespace ieum::expr
