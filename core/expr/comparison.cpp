// Order and equality of values: == != < <= > >= in. Numbers of all kinds compare with each other.
#include <algorithm>
#include <cmath>

#include "base/decimal.hpp"
#include "expr/evaluation.hpp"

namespace ieum::expr {
namespace {

constexpr std::size_t kCompareDepth = 200;  // lists inside lists; JSON comes in with at most 64

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
    return fail(Code::no_such_overload,
                "'in' looks into a list or a map, not into " + std::string(type_name(container.get(), recipe())));
  }
  out.set(Value(found));
  return true;
}

}  // namespace ieum::expr
