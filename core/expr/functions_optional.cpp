// optional.of, .orValue and their kin; base64.
#include "base/encoding.hpp"
#include "expr/functions.hpp"

namespace ieum::expr {
namespace {

Value some(Value value) { return Value(OptionalValue{std::make_shared<const Value>(std::move(value))}); }

bool is_zero(const Value& value) {
  switch (value.kind()) {
    case Value::Kind::null: return true;
    case Value::Kind::boolean: return !*value.if_bool();
    case Value::Kind::integer: return *value.if_int() == 0;
    case Value::Kind::unsigned_integer: return *value.if_uint() == 0;
    case Value::Kind::floating: return *value.if_double() == 0;
    case Value::Kind::decimal: return value.if_decimal()->digits.find_first_of("123456789") == std::string::npos;
    case Value::Kind::string: return value.if_string()->empty();
    case Value::Kind::bytes: return value.if_bytes()->data.empty();
    case Value::Kind::list: return value.if_list()->empty();
    case Value::Kind::map: return value.if_map()->empty();
    case Value::Kind::timestamp: return *value.if_timestamp() == Timestamp{};
    case Value::Kind::duration: return *value.if_duration() == Duration{};
    case Value::Kind::optional: return !value.if_optional()->value;
    case Value::Kind::type: return false;
  }
  return false;
}

bool of(Evaluation& e, std::span<Operand> args, Operand& out) {
  Value value;
  if (!e.take(args[0], value)) return false;
  out.set(some(std::move(value)));
  return true;
}

bool of_non_zero(Evaluation& e, std::span<Operand> args, Operand& out) {
  if (!is_zero(args[0].get())) return of(e, args, out);
  out.set(Value(OptionalValue{}));
  return true;
}

bool none(Evaluation&, std::span<Operand>, Operand& out) {
  out.set(Value(OptionalValue{}));
  return true;
}

bool has_value(Evaluation& e, std::span<Operand> args, Operand& out) {
  const OptionalValue* optional = args[0].get().if_optional();
  if (!optional) return e.no_overload("hasValue", args);
  out.set(Value(optional->value != nullptr));
  return true;
}

bool value(Evaluation& e, std::span<Operand> args, Operand& out) {
  const OptionalValue* optional = args[0].get().if_optional();
  if (!optional) return e.no_overload("value", args);
  if (!optional->value) return e.fail(Code::no_such_field, "optional.none() has no value");
  Value inner;
  if (!e.copy(*optional->value, inner)) return false;
  out.set(std::move(inner));
  return true;
}

bool or_optional(Evaluation& e, std::span<Operand> args, Operand& out) {
  const OptionalValue* optional = args[0].get().if_optional();
  if (!optional || (args.size() > 1 && !args[1].get().if_optional())) return e.no_overload("or", args);
  out = std::move(args.back());
  return true;
}

bool or_value(Evaluation& e, std::span<Operand> args, Operand& out) {
  const OptionalValue* optional = args[0].get().if_optional();
  if (!optional) return e.no_overload("orValue", args);
  if (optional->value) return value(e, args, out);
  out = std::move(args[1]);
  return true;
}

bool unwrap_list(Evaluation& e, std::span<Operand> args, Operand& out) {
  const List* list = args[0].get().if_list();
  if (!list) return e.no_overload("unwrap", args);
  List result;
  for (const Value& element : *list) {
    const OptionalValue* optional = element.if_optional();
    if (!optional) return e.no_overload("unwrap", args);
    if (!e.charge(1)) return false;
    if (optional->value && !e.append(result, *optional->value)) return false;
  }
  out.set(Value(std::move(result)));
  return true;
}

bool base64_to_text(Evaluation& e, std::span<Operand> args, Operand& out) {
  const Bytes* bytes = args[0].get().if_bytes();
  const std::string* text = e.recipe() ? args[0].get().if_string() : nullptr;
  if (!bytes && !text) return e.no_overload("base64.encode", args);
  const std::string& data = bytes ? bytes->data : *text;
  if (!e.charge_output(data.size() / 3 * 4 + 4)) return false;
  out.set(Value(base64_encode(data)));
  return true;
}

bool base64_to_bytes(Evaluation& e, std::span<Operand> args, Operand& out) {
  const std::string* text = args[0].get().if_string();
  if (!text) return e.no_overload("base64.decode", args);
  if (!e.charge_output(text->size())) return false;
  std::string padded = *text;
  if (padded.find('=') == std::string::npos) padded.append((4 - padded.size() % 4) % 4, '=');
  std::optional<std::string> bytes = base64_decode(padded);
  if (!bytes) return e.fail(Code::bad_value, "this text is no base64");
  out.set(Value(Bytes{std::move(*bytes)}));
  return true;
}

constexpr Function kTable[] = {
    {.name = "optional.of", .form = kFree, .min_args = 1, .max_args = 1, .call = of, .result = StaticType::optional},
    {.name = "optional.ofNonZeroValue",
     .form = kFree,
     .min_args = 1,
     .max_args = 1,
     .call = of_non_zero,
     .result = StaticType::optional},
    {.name = "optional.none",
     .form = kFree,
     .min_args = 0,
     .max_args = 0,
     .call = none,
     .result = StaticType::optional},
    {.name = "optional.unwrap",
     .form = kFree,
     .min_args = 1,
     .max_args = 1,
     .call = unwrap_list,
     .result = StaticType::list},
    {.name = "unwrapOpt",
     .form = kMethod,
     .min_args = 1,
     .max_args = 1,
     .call = unwrap_list,
     .result = StaticType::list},
    {.name = "hasValue",
     .form = kMethod,
     .min_args = 1,
     .max_args = 1,
     .call = has_value,
     .result = StaticType::boolean},
    {.name = "value", .form = kMethod, .min_args = 1, .max_args = 1, .call = value},
    {.name = "or",
     .form = kMethod,
     .min_args = 2,
     .max_args = 2,
     .call = or_optional,
     .result = StaticType::optional,
     .decides = true},
    {.name = "orValue", .form = kMethod, .min_args = 2, .max_args = 2, .call = or_value, .decides = true},
    {.name = "base64.encode",
     .form = kFree,
     .min_args = 1,
     .max_args = 1,
     .call = base64_to_text,
     .result = StaticType::string},
    {.name = "base64.decode",
     .form = kFree,
     .min_args = 1,
     .max_args = 1,
     .call = base64_to_bytes,
     .result = StaticType::bytes},
};

}  // namespace

std::span<const Function> optional_functions() { return kTable; }

}  // namespace ieum::expr
