// CEL's math extension. Decimals are rounded and compared exactly with recipe functions, and are doubles without.
#include <cmath>

#include "base/decimal.hpp"
#include "expr/functions.hpp"

namespace ieum::expr {
namespace {

// In plain CEL a decimal is a double.
Value plain(Evaluation& e, const Value& value) {
  return !e.recipe() && value.if_decimal() ? Value(decimal::to_double(*value.if_decimal())) : value;
}

bool extreme(Evaluation& e, std::string_view name, Order wanted, std::span<Operand> args, Operand& out) {
  std::vector<const Value*> values;
  const List* list = args[0].get().if_list();
  if (list && args.size() == 1) {
    for (const Value& element : *list) values.push_back(&element);
  } else {
    for (const Operand& arg : args) values.push_back(&arg.get());
  }
  if (!e.charge(values.size())) return false;
  if (values.empty()) return e.fail(Code::bad_value, std::string(name) + " of an empty list");
  const Value* best = nullptr;
  for (const Value* value : values) {
    if (!is_number(*value)) return e.no_overload(name, args);
    Order order = wanted;
    if (best && !e.order(*value, *best, order)) return false;
    if (order == wanted) best = value;
  }
  out.set(Value(*best));
  return true;
}

bool greatest(Evaluation& e, std::span<Operand> args, Operand& out) {
  return extreme(e, "math.greatest", Order::greater, args, out);
}
bool least(Evaluation& e, std::span<Operand> args, Operand& out) {
  return extreme(e, "math.least", Order::less, args, out);
}

bool negative(const Decimal& value) { return value.digits.front() == '-'; }
Decimal zero() { return Decimal{"0"}; }

// Towards zero: the digits before the point.
Decimal whole(const Decimal& value) {
  Decimal result{value.digits.substr(0, value.digits.find('.'))};
  return result.digits == "-0" ? zero() : result;
}

template <class Exact>
bool rounded(Evaluation& e, std::string_view name, std::span<Operand> args, Operand& out, double (*round)(double),
             Exact exact) {
  const Value value = plain(e, args[0].get());
  if (const double* number = value.if_double()) {
    out.set(Value(round(*number)));
    return true;
  }
  if (const Decimal* number = value.if_decimal()) {
    out.set(Value(exact(*number)));
    return true;
  }
  return e.no_overload(name, args);
}

bool ceil(Evaluation& e, std::span<Operand> args, Operand& out) {
  return rounded(
      e, "math.ceil", args, out, [](double v) { return std::ceil(v); },
      [](const Decimal& v) {
        const Decimal cut = whole(v);
        return decimal::compare(cut, v) < 0 ? *decimal::add(cut, Decimal{"1"}) : cut;
      });
}

bool floor(Evaluation& e, std::span<Operand> args, Operand& out) {
  return rounded(
      e, "math.floor", args, out, [](double v) { return std::floor(v); },
      [](const Decimal& v) {
        const Decimal cut = whole(v);
        return decimal::compare(cut, v) > 0 ? *decimal::subtract(cut, Decimal{"1"}) : cut;
      });
}

bool round(Evaluation& e, std::span<Operand> args, Operand& out) {
  return rounded(
      e, "math.round", args, out, [](double v) { return std::round(v); },
      [](const Decimal& v) { return decimal::round(v, 0); });
}

bool trunc(Evaluation& e, std::span<Operand> args, Operand& out) {
  return rounded(
      e, "math.trunc", args, out, [](double v) { return std::trunc(v); }, whole);
}

bool abs(Evaluation& e, std::span<Operand> args, Operand& out) {
  const Value value = plain(e, args[0].get());
  if (const std::int64_t* i = value.if_int()) {
    if (*i == INT64_MIN) return e.fail(Code::overflow, "the absolute value does not fit");
    out.set(Value(*i < 0 ? -*i : *i));
  } else if (value.if_uint()) {
    out.set(value);
  } else if (const double* d = value.if_double()) {
    out.set(Value(std::fabs(*d)));
  } else if (const Decimal* exact = value.if_decimal()) {
    out.set(Value(Decimal{negative(*exact) ? exact->digits.substr(1) : exact->digits}));
  } else {
    return e.no_overload("math.abs", args);
  }
  return true;
}

bool sign(Evaluation& e, std::span<Operand> args, Operand& out) {
  const Value value = plain(e, args[0].get());
  if (const std::int64_t* i = value.if_int()) {
    out.set(Value(static_cast<std::int64_t>((*i > 0) - (*i < 0))));
  } else if (const std::uint64_t* u = value.if_uint()) {
    out.set(Value(static_cast<std::uint64_t>(*u > 0)));
  } else if (const double* d = value.if_double()) {
    out.set(Value(std::isnan(*d) ? *d : static_cast<double>((*d > 0) - (*d < 0))));
  } else if (const Decimal* exact = value.if_decimal()) {
    const auto order = decimal::compare(*exact, zero());
    out.set(Value(static_cast<std::int64_t>(order > 0 ? 1 : order < 0 ? -1 : 0)));
  } else {
    return e.no_overload("math.sign", args);
  }
  return true;
}

bool sqrt(Evaluation& e, std::span<Operand> args, Operand& out) {
  const Value& value = args[0].get();
  double number = 0;
  if (const std::int64_t* i = value.if_int())
    number = static_cast<double>(*i);
  else if (const std::uint64_t* u = value.if_uint())
    number = static_cast<double>(*u);
  else if (const double* d = value.if_double())
    number = *d;
  else if (const Decimal* exact = value.if_decimal())
    number = decimal::to_double(*exact);
  else
    return e.no_overload("math.sqrt", args);
  out.set(Value(std::sqrt(number)));
  return true;
}

bool classify(Evaluation& e, std::string_view name, std::span<Operand> args, Operand& out, bool (*holds)(double)) {
  const Value& value = args[0].get();
  if (!value.if_double() && !value.if_decimal()) return e.no_overload(name, args);
  out.set(Value(holds(value.if_double() ? *value.if_double() : decimal::to_double(*value.if_decimal()))));
  return true;
}

bool is_nan(Evaluation& e, std::span<Operand> args, Operand& out) {
  return classify(e, "math.isNaN", args, out, [](double v) { return std::isnan(v); });
}
bool is_inf(Evaluation& e, std::span<Operand> args, Operand& out) {
  return classify(e, "math.isInf", args, out, [](double v) { return std::isinf(v); });
}
bool is_finite(Evaluation& e, std::span<Operand> args, Operand& out) {
  return classify(e, "math.isFinite", args, out, [](double v) { return std::isfinite(v); });
}

template <class Combine>
bool bits(Evaluation& e, std::string_view name, std::span<Operand> args, Operand& out, Combine combine) {
  const Value& a = args[0].get();
  const Value& b = args[1].get();
  if (a.if_int() && b.if_int()) {
    out.set(Value(static_cast<std::int64_t>(
        combine(static_cast<std::uint64_t>(*a.if_int()), static_cast<std::uint64_t>(*b.if_int())))));
  } else if (a.if_uint() && b.if_uint()) {
    out.set(Value(static_cast<std::uint64_t>(combine(*a.if_uint(), *b.if_uint()))));
  } else {
    return e.no_overload(name, args);
  }
  return true;
}

bool bit_and(Evaluation& e, std::span<Operand> args, Operand& out) {
  return bits(e, "math.bitAnd", args, out, [](std::uint64_t a, std::uint64_t b) { return a & b; });
}
bool bit_or(Evaluation& e, std::span<Operand> args, Operand& out) {
  return bits(e, "math.bitOr", args, out, [](std::uint64_t a, std::uint64_t b) { return a | b; });
}
bool bit_xor(Evaluation& e, std::span<Operand> args, Operand& out) {
  return bits(e, "math.bitXor", args, out, [](std::uint64_t a, std::uint64_t b) { return a ^ b; });
}

bool bit_not(Evaluation& e, std::span<Operand> args, Operand& out) {
  const Value& value = args[0].get();
  if (const std::int64_t* i = value.if_int())
    out.set(Value(~*i));
  else if (const std::uint64_t* u = value.if_uint())
    out.set(Value(~*u));
  else
    return e.no_overload("math.bitNot", args);
  return true;
}

// Shifts fill with zeros, also to the right of a negative int; by 64 and more the result is 0.
template <class Move>
bool shift_bits(Evaluation& e, std::string_view name, std::span<Operand> args, Operand& out, Move move) {
  const Value& value = args[0].get();
  const std::int64_t* by = args[1].get().if_int();
  if (!by || (!value.if_int() && !value.if_uint())) return e.no_overload(name, args);
  if (*by < 0) return e.fail(Code::bad_value, "a shift cannot be negative");
  const std::uint64_t raw = value.if_int() ? static_cast<std::uint64_t>(*value.if_int()) : *value.if_uint();
  const std::uint64_t moved = *by > 63 ? 0 : move(raw, static_cast<unsigned>(*by));
  out.set(value.if_int() ? Value(static_cast<std::int64_t>(moved)) : Value(moved));
  return true;
}

bool shift_left(Evaluation& e, std::span<Operand> args, Operand& out) {
  return shift_bits(e, "math.bitShiftLeft", args, out, [](std::uint64_t v, unsigned by) { return v << by; });
}
bool shift_right(Evaluation& e, std::span<Operand> args, Operand& out) {
  return shift_bits(e, "math.bitShiftRight", args, out, [](std::uint64_t v, unsigned by) { return v >> by; });
}

constexpr Function kTable[] = {
    {.name = "math.greatest",
     .form = kFree,
     .min_args = 1,
     .max_args = kAny,
     .call = greatest,
     .result = StaticType::number},
    {.name = "math.least", .form = kFree, .min_args = 1, .max_args = kAny, .call = least, .result = StaticType::number},
    {.name = "math.ceil", .form = kFree, .min_args = 1, .max_args = 1, .call = ceil, .result = StaticType::number},
    {.name = "math.floor", .form = kFree, .min_args = 1, .max_args = 1, .call = floor, .result = StaticType::number},
    {.name = "math.round", .form = kFree, .min_args = 1, .max_args = 1, .call = round, .result = StaticType::number},
    {.name = "math.trunc", .form = kFree, .min_args = 1, .max_args = 1, .call = trunc, .result = StaticType::number},
    {.name = "math.abs", .form = kFree, .min_args = 1, .max_args = 1, .call = abs, .result = StaticType::number},
    {.name = "math.sign", .form = kFree, .min_args = 1, .max_args = 1, .call = sign, .result = StaticType::number},
    {.name = "math.sqrt", .form = kFree, .min_args = 1, .max_args = 1, .call = sqrt, .result = StaticType::floating},
    {.name = "math.isNaN", .form = kFree, .min_args = 1, .max_args = 1, .call = is_nan, .result = StaticType::boolean},
    {.name = "math.isInf", .form = kFree, .min_args = 1, .max_args = 1, .call = is_inf, .result = StaticType::boolean},
    {.name = "math.isFinite",
     .form = kFree,
     .min_args = 1,
     .max_args = 1,
     .call = is_finite,
     .result = StaticType::boolean},
    {.name = "math.bitAnd", .form = kFree, .min_args = 2, .max_args = 2, .call = bit_and, .result = StaticType::number},
    {.name = "math.bitOr", .form = kFree, .min_args = 2, .max_args = 2, .call = bit_or, .result = StaticType::number},
    {.name = "math.bitXor", .form = kFree, .min_args = 2, .max_args = 2, .call = bit_xor, .result = StaticType::number},
    {.name = "math.bitNot", .form = kFree, .min_args = 1, .max_args = 1, .call = bit_not, .result = StaticType::number},
    {.name = "math.bitShiftLeft",
     .form = kFree,
     .min_args = 2,
     .max_args = 2,
     .call = shift_left,
     .result = StaticType::number},
    {.name = "math.bitShiftRight",
     .form = kFree,
     .min_args = 2,
     .max_args = 2,
     .call = shift_right,
     .result = StaticType::number},
};

}  // namespace

std::span<const Function> math_functions() { return kTable; }

}  // namespace ieum::expr
