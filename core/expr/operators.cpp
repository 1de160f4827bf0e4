// Arithmetic, order and equality of values, and what they look like as text.
#include <algorithm>
#include <cmath>
#include <limits>

#include "base/decimal.hpp"
#include "base/json.hpp"
#include "expr/evaluation.hpp"
#include "expr/times.hpp"

namespace ieum::expr {
namespace {

constexpr std::size_t kCompareDepth = 200;  // lists inside lists; JSON comes in with at most 64

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

template <class T>
Order order_of(const T& a, const T& b) {
  return a < b ? Order::less : b < a ? Order::greater : Order::equal;
}

Order reverse(Order order) {
  return order == Order::less ? Order::greater : order == Order::greater ? Order::less : order;
}

Order order_doubles(double a, double b) {
  if (std::isnan(a) || std::isnan(b)) return Order::unordered;
  return order_of(a, b);
}

Order order_int_double(std::int64_t a, double b) {
  if (b < -9223372036854775808.0) return Order::greater;
  if (b > 9223372036854775808.0) return Order::less;
  return order_doubles(static_cast<double>(a), b);
}

Order order_uint_double(std::uint64_t a, double b) {
  if (b < 0) return Order::greater;
  if (b > 18446744073709551616.0) return Order::less;
  return order_doubles(static_cast<double>(a), b);
}

Order order_int_uint(std::int64_t a, std::uint64_t b) {
  return a < 0 ? Order::less : order_of(static_cast<std::uint64_t>(a), b);
}

// Both are numbers. `exact`: a Decimal is compared digit by digit, not as a double.
Order order_numbers(const Value& a, const Value& b, bool exact) {
  if (a.if_decimal() || b.if_decimal()) {
    if (exact) {
      const std::optional<Decimal> left = decimal_of(a), right = decimal_of(b);
      if (left && right) {
        const std::strong_ordering order = decimal::compare(*left, *right);
        return order < 0 ? Order::less : order > 0 ? Order::greater : Order::equal;
      }
      // A NaN or an infinity is left; any finite number stands for the other side.
      return order_doubles(left ? 0.0 : *a.if_double(), right ? 0.0 : *b.if_double());
    }
    const auto plain = [](const Value& v) { return v.if_decimal() ? Value(decimal::to_double(*v.if_decimal())) : v; };
    return order_numbers(plain(a), plain(b), false);
  }
  if (const std::int64_t* i = a.if_int()) {
    if (const std::int64_t* j = b.if_int()) return order_of(*i, *j);
    if (const std::uint64_t* j = b.if_uint()) return order_int_uint(*i, *j);
    return order_int_double(*i, *b.if_double());
  }
  if (const std::uint64_t* i = a.if_uint()) {
    if (const std::uint64_t* j = b.if_uint()) return order_of(*i, *j);
    if (const std::int64_t* j = b.if_int()) return reverse(order_int_uint(*j, *i));
    return order_uint_double(*i, *b.if_double());
  }
  if (b.if_double()) return order_doubles(*a.if_double(), *b.if_double());
  return reverse(order_numbers(b, a, exact));
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

bool Evaluation::order(const Value& a, const Value& b, Order& result) {
  result = Order::mismatched;
  if (is_number(a) && is_number(b)) {
    result = order_numbers(a, b, recipe());
  } else if (a.kind() == b.kind()) {
    if (const std::string* text = a.if_string()) {
      if (!charge(std::min(text->size(), b.if_string()->size()) / 256)) return false;
      result = order_of(*text, *b.if_string());
    } else if (const Bytes* bytes = a.if_bytes()) {
      if (!charge(std::min(bytes->data.size(), b.if_bytes()->data.size()) / 256)) return false;
      result = order_of(bytes->data, b.if_bytes()->data);
    } else if (const bool* truth = a.if_bool()) {
      result = order_of(*truth, *b.if_bool());
    } else if (const Timestamp* time = a.if_timestamp()) {
      result = order_of(*time, *b.if_timestamp());
    } else if (const Duration* duration = a.if_duration()) {
      result = order_of(*duration, *b.if_duration());
    }
  }
  return true;
}

bool Evaluation::equal(const Value& a, const Value& b, bool& result, std::size_t depth) {
  if (depth > kCompareDepth) return fail(Code::depth, "these values are nested too deeply to be compared");
  result = false;
  if (is_number(a) && is_number(b)) {
    result = order_numbers(a, b, recipe()) == Order::equal;
    return true;
  }
  if (a.kind() != b.kind()) return true;
  if (const List* left = a.if_list()) {
    const List* right = b.if_list();
    if (left->size() != right->size()) return true;
    for (std::size_t i = 0; i < left->size(); ++i) {
      if (!charge(1) || !equal((*left)[i], (*right)[i], result, depth + 1)) return false;
      if (!result) return true;
    }
    result = true;
    return true;
  }
  if (const Map* left = a.if_map()) {
    const Map* right = b.if_map();
    if (left->size() != right->size()) return true;
    for (const Map::Entry& entry : *left) {
      if (!charge(2)) return false;
      const Value* other = right->find(entry.first);
      result = false;
      if (!other) return true;
      if (!equal(entry.second, *other, result, depth + 1)) return false;
      if (!result) return true;
    }
    result = true;
    return true;
  }
  if (const OptionalValue* left = a.if_optional()) {
    const OptionalValue* right = b.if_optional();
    if (!left->value || !right->value) {
      result = !left->value && !right->value;
      return true;
    }
    return equal(*left->value, *right->value, result, depth + 1);
  }
  if (const std::string* text = a.if_string())
    if (!charge(std::min(text->size(), b.if_string()->size()) / 256)) return false;
  result = a == b;
  return true;
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
    return fail(code == "divide_by_zero" ? Code::divide_by_zero : code == "no_such_overload" ? Code::no_such_overload : Code::overflow,
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
  const auto overflow = [&] { return fail(Code::overflow, "the result of " + std::string(symbol(op)) + " does not fit"); };
  const auto no_zero = [&] { return fail(Code::divide_by_zero, op == Op::modulo ? "modulo by zero" : "division by zero"); };
  if (const std::int64_t* i = a.if_int()) {
    if (const std::int64_t* j = b.if_int()) {
      std::int64_t result = 0;
      switch (op) {
        case Op::add: if (__builtin_add_overflow(*i, *j, &result)) return overflow(); break;
        case Op::subtract: if (__builtin_sub_overflow(*i, *j, &result)) return overflow(); break;
        case Op::multiply: if (__builtin_mul_overflow(*i, *j, &result)) return overflow(); break;
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
        case Op::add: if (__builtin_add_overflow(*i, *j, &result)) return overflow(); break;
        case Op::subtract: if (__builtin_sub_overflow(*i, *j, &result)) return overflow(); break;
        case Op::multiply: if (__builtin_mul_overflow(*i, *j, &result)) return overflow(); break;
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
  if (recipe() && (a.is_null() || b.is_null())) mend = "give a default: x | or(0)";
  else if (recipe() && is_number(a) && is_number(b)) mend = "convert one side: dec(x), int(x) or double(x)";
  else if (recipe() && op == Op::add && (a.is_string() || b.is_string())) mend = "convert the other side: string(x)";
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

bool Evaluation::eval_relation(const Node& node, Operand& out) {
  Operand right;
  if (!eval(*node.args[0], out) || !eval(*node.args[1], right)) return false;
  at_ = &node;
  bool result = false;
  if (node.op == Op::equal || node.op == Op::not_equal) {
    if (!equal(out.get(), right.get(), result)) return false;
    out.set(Value(result == (node.op == Op::equal)));
    return true;
  }
  Order found = Order::mismatched;
  if (!order(out.get(), right.get(), found)) return false;
  switch (found) {
    case Order::less: result = node.op == Op::less || node.op == Op::less_equal; break;
    case Order::greater: result = node.op == Op::greater || node.op == Op::greater_equal; break;
    case Order::equal: result = node.op == Op::less_equal || node.op == Op::greater_equal; break;
    case Order::unordered: result = false; break;
    case Order::mismatched: {
      std::string mend;
      if (recipe() && (is_number(out.get()) || is_number(right.get()))) mend = "convert text to a number: dec(x)";
      return fail(Code::no_such_overload,
                  "there is no order between " + std::string(type_name(out.get(), recipe())) + " and " +
                      std::string(type_name(right.get(), recipe())),
                  std::move(mend));
    }
  }
  out.set(Value(result));
  return true;
}

bool Evaluation::eval_in(const Node& node, Operand& out) {
  Operand container;
  if (!eval(*node.args[0], out) || !eval(*node.args[1], container)) return false;
  at_ = &node;
  bool found = false;
  if (const List* list = container.get().if_list()) {
    for (const Value& element : *list) {
      if (!charge(1) || !equal(out.get(), element, found)) return false;
      if (found) break;
    }
  } else if (container.get().is_map()) {
    const Value& key = out.get();
    const Value* child = nullptr;
    if (is_number(key) || key.is_string() || key.if_bool())
      if (!member(container.get(), key, child)) return false;
    found = child != nullptr;
  } else {
    return fail(Code::no_such_overload, "'in' looks into a list or a map, not into " + std::string(type_name(container.get(), recipe())));
  }
  out.set(Value(found));
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
