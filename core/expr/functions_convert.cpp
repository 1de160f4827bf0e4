// Conversions between types, size, type and dyn.
#include <cmath>

#include "base/decimal.hpp"
#include "base/encoding.hpp"
#include "base/time_text.hpp"
#include "expr/functions.hpp"
#include "expr/parse_number.hpp"
#include "expr/times.hpp"

namespace ieum::expr {
namespace {

bool unreadable(Evaluation& e, std::string_view wanted) {
  return e.fail(Code::bad_value, "this text is no " + std::string(wanted));
}

bool out_of_range(Evaluation& e, std::string_view wanted) {
  return e.fail(Code::overflow, "the number does not fit into " + std::string(wanted));
}

double as_double(const Value& value) {
  if (const double* v = value.if_double()) return *v;
  return decimal::to_double(*value.if_decimal());
}

bool to_int(Evaluation& e, std::span<Operand> args, Operand& out) {
  const Value& value = args[0].get();
  if (const std::int64_t* v = value.if_int()) {
    out.set(Value(*v));
  } else if (const std::uint64_t* u = value.if_uint()) {
    if (*u > static_cast<std::uint64_t>(INT64_MAX)) return out_of_range(e, "int");
    out.set(Value(static_cast<std::int64_t>(*u)));
  } else if (value.if_decimal() && e.recipe()) {
    const std::string& digits = value.if_decimal()->digits;
    const std::string whole = digits.substr(0, digits.find('.'));
    const std::optional<std::int64_t> number = whole == "-0" ? 0 : parse_int(whole);
    if (!number) return out_of_range(e, "int");
    out.set(Value(*number));
  } else if (value.if_double() || value.if_decimal()) {
    const double number = as_double(value);
    // The ends are left out, as in cel-go: a double at the end may stand for a number beyond it.
    if (!(number > -9223372036854775808.0 && number < 9223372036854775808.0)) return out_of_range(e, "int");
    out.set(Value(static_cast<std::int64_t>(number)));
  } else if (const std::string* text = value.if_string()) {
    const std::optional<std::int64_t> number = parse_int(*text);
    if (!number) return unreadable(e, "int");
    out.set(Value(*number));
  } else if (const Timestamp* time = value.if_timestamp()) {
    out.set(Value(time->seconds));
  } else if (const Duration* duration = value.if_duration(); duration && e.recipe()) {
    out.set(Value(duration->seconds));
  } else {
    return e.no_overload("int", args);
  }
  return true;
}

bool to_uint(Evaluation& e, std::span<Operand> args, Operand& out) {
  const Value& value = args[0].get();
  if (const std::uint64_t* v = value.if_uint()) {
    out.set(Value(*v));
  } else if (const std::int64_t* i = value.if_int()) {
    if (*i < 0) return out_of_range(e, "uint");
    out.set(Value(static_cast<std::uint64_t>(*i)));
  } else if (value.if_double() || value.if_decimal()) {
    const double number = as_double(value);
    if (!(number >= 0 && number < 18446744073709551616.0)) return out_of_range(e, "uint");
    out.set(Value(static_cast<std::uint64_t>(number)));
  } else if (const std::string* text = value.if_string()) {
    const std::optional<std::uint64_t> number = parse_uint(*text);
    if (!number) return unreadable(e, "uint");
    out.set(Value(*number));
  } else {
    return e.no_overload("uint", args);
  }
  return true;
}

bool to_double(Evaluation& e, std::span<Operand> args, Operand& out) {
  const Value& value = args[0].get();
  if (value.if_double() || value.if_decimal()) {
    out.set(Value(as_double(value)));
  } else if (const std::int64_t* i = value.if_int()) {
    out.set(Value(static_cast<double>(*i)));
  } else if (const std::uint64_t* u = value.if_uint()) {
    out.set(Value(static_cast<double>(*u)));
  } else if (const std::string* text = value.if_string()) {
    const std::optional<double> number = parse_double(*text);
    if (!number) return unreadable(e, "double");
    out.set(Value(*number));
  } else {
    return e.no_overload("double", args);
  }
  return true;
}

bool to_string(Evaluation& e, std::span<Operand> args, Operand& out) {
  const Value& value = args[0].get();
  if (value.is_string()) {
    out = std::move(args[0]);
    return true;
  }
  if (const Bytes* bytes = value.if_bytes()) {
    if (!e.charge_output(bytes->data.size())) return false;
    if (!utf8_valid(bytes->data)) return e.fail(Code::bad_value, "these bytes are no UTF-8 text");
    out.set(Value(bytes->data));
    return true;
  }
  if (value.is_null() || value.is_list() || value.is_map() || value.if_type() || value.if_optional())
    return e.no_overload("string", args);
  std::string text;
  if (!e.append_text(text, value)) return false;
  out.set(Value(std::move(text)));
  return true;
}

bool to_bytes(Evaluation& e, std::span<Operand> args, Operand& out) {
  const Value& value = args[0].get();
  if (const std::string* text = value.if_string()) {
    if (!e.charge_output(text->size())) return false;
    out.set(Value(Bytes{*text}));
  } else if (value.if_bytes()) {
    out = std::move(args[0]);
  } else {
    return e.no_overload("bytes", args);
  }
  return true;
}

bool to_bool(Evaluation& e, std::span<Operand> args, Operand& out) {
  const Value& value = args[0].get();
  if (const bool* truth = value.if_bool()) {
    out.set(Value(*truth));
    return true;
  }
  const std::string* text = value.if_string();
  if (!text) return e.no_overload("bool", args);
  for (const std::string_view word : {"1", "t", "T", "true", "TRUE", "True"})
    if (*text == word) return out.set(Value(true)), true;
  for (const std::string_view word : {"0", "f", "F", "false", "FALSE", "False"})
    if (*text == word) return out.set(Value(false)), true;
  return unreadable(e, "bool");
}

bool to_timestamp(Evaluation& e, std::span<Operand> args, Operand& out) {
  const Value& value = args[0].get();
  std::optional<Timestamp> time;
  if (const Timestamp* same = value.if_timestamp()) {
    time = *same;
  } else if (const std::int64_t* seconds = value.if_int()) {
    time = timestamp_from(*seconds);
    if (!time) return e.fail(Code::overflow, "the time leaves the years 1 to 9999");
  } else if (const std::string* text = value.if_string()) {
    time = parse_timestamp(*text);
    if (!time) return e.fail(Code::bad_value, "this text is no time", "write it as 2026-03-02T09:00:00+09:00");
  } else {
    return e.no_overload("timestamp", args);
  }
  out.set(Value(*time));
  return true;
}

bool to_duration(Evaluation& e, std::span<Operand> args, Operand& out) {
  const Value& value = args[0].get();
  if (const Duration* same = value.if_duration()) {
    out.set(Value(*same));
    return true;
  }
  const std::string* text = value.if_string();
  if (!text) return e.no_overload("duration", args);
  std::optional<Duration> duration = parse_cel_duration(*text);
  if (!duration && e.recipe())  // recipes also know days and weeks
    if (const Result<Millis> millis = parse_duration(*text))
      duration = Duration{*millis / 1000, static_cast<std::int32_t>(*millis % 1000 * 1'000'000)};
  if (!duration)
    return e.fail(Code::bad_value, "this text is no duration, or too long a one", "write it as 1h30m or 90s");
  out.set(Value(*duration));
  return true;
}

bool type_of(Evaluation& e, std::span<Operand> args, Operand& out) {
  out.set(Value(TypeName{std::string(type_name(args[0].get(), e.recipe()))}));
  return true;
}

bool dyn(Evaluation&, std::span<Operand> args, Operand& out) {
  out = std::move(args[0]);
  return true;
}

bool size(Evaluation& e, std::span<Operand> args, Operand& out) {
  const Value& value = args[0].get();
  std::size_t count = 0;
  if (const std::string* text = value.if_string()) {
    if (!e.charge(text->size() / 64)) return false;
    count = utf8_length(*text);
  } else if (const Bytes* bytes = value.if_bytes()) {
    count = bytes->data.size();
  } else if (const List* list = value.if_list()) {
    count = list->size();
  } else if (const Map* map = value.if_map()) {
    count = map->size();
  } else {
    return e.no_overload("size", args);
  }
  out.set(Value(static_cast<std::int64_t>(count)));
  return true;
}

constexpr Function kTable[] = {
    {.name = "int", .form = kFree, .min_args = 1, .max_args = 1, .call = to_int, .result = StaticType::integer},
    {.name = "uint",
     .form = kFree,
     .min_args = 1,
     .max_args = 1,
     .call = to_uint,
     .result = StaticType::unsigned_integer},
    {.name = "double", .form = kFree, .min_args = 1, .max_args = 1, .call = to_double, .result = StaticType::floating},
    {.name = "string", .form = kFree, .min_args = 1, .max_args = 1, .call = to_string, .result = StaticType::string},
    {.name = "bytes", .form = kFree, .min_args = 1, .max_args = 1, .call = to_bytes, .result = StaticType::bytes},
    {.name = "bool", .form = kFree, .min_args = 1, .max_args = 1, .call = to_bool, .result = StaticType::boolean},
    {.name = "timestamp",
     .form = kFree,
     .min_args = 1,
     .max_args = 1,
     .call = to_timestamp,
     .result = StaticType::timestamp},
    {.name = "duration",
     .form = kFree,
     .min_args = 1,
     .max_args = 1,
     .call = to_duration,
     .result = StaticType::duration},
    {.name = "type", .form = kFree, .min_args = 1, .max_args = 1, .call = type_of, .result = StaticType::type},
    {.name = "dyn", .form = kFree, .min_args = 1, .max_args = 1, .call = dyn},
    {.name = "size", .form = kBoth, .min_args = 1, .max_args = 1, .call = size, .result = StaticType::integer},
};

}  // namespace

std::span<const Function> convert_functions() { return kTable; }

}  // namespace ieum::expr
