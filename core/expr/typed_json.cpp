#include "expr/typed_json.hpp"

#include <cmath>

#include "base/decimal.hpp"
#include "base/encoding.hpp"
#include "expr/parse_number.hpp"

namespace ieum::expr {
namespace {

constexpr std::size_t kTypedDepth = 200;

Value one(const char* name, Value value) { return Value(Map{{Value(name), std::move(value)}}); }

Value pair(std::int64_t seconds, std::int32_t nanos) {
  return Value(List{Value(std::to_string(seconds)), Value(std::to_string(nanos))});
}

Error bad(const std::string& what) {
  return Error("bad_typed_value", what, "see the forms in docs, e.g. {\"int\": \"1\"}");
}

Result<Value> read(const Value& typed, std::size_t depth);

Result<std::pair<std::int64_t, std::int32_t>> read_pair(const Value& value) {
  const List* parts = value.if_list();
  if (!parts || parts->size() != 2 || !(*parts)[0].is_string() || !(*parts)[1].is_string())
    return bad("a time is a list of two numbers as text");
  const std::optional<std::int64_t> seconds = parse_int(*(*parts)[0].if_string());
  const std::optional<std::int64_t> nanos = parse_int(*(*parts)[1].if_string());
  if (!seconds || !nanos || *nanos <= -1'000'000'000 || *nanos >= 1'000'000'000)
    return bad("a time is a list of two numbers as text");
  return std::pair(*seconds, static_cast<std::int32_t>(*nanos));
}

Result<Value> read_double(const Value& value) {
  if (const std::string* text = value.if_string()) {
    if (const std::optional<double> number = parse_double(*text)) return Value(*number);
  } else if (const Decimal* exact = value.if_decimal()) {
    if (const std::optional<double> number = parse_double(exact->digits)) return Value(*number);
  } else if (const double* number = value.if_double()) {
    return Value(*number);
  } else if (const std::int64_t* whole = value.if_int()) {
    return Value(static_cast<double>(*whole));
  } else if (const std::uint64_t* large = value.if_uint()) {
    return Value(static_cast<double>(*large));
  }
  return bad("a double is a number or NaN, Infinity, -Infinity");
}

Result<Value> read_map(const Value& value, std::size_t depth) {
  const List* entries = value.if_list();
  if (!entries) return bad("a map is a list of [key, value]");
  Map map;
  for (const Value& entry : *entries) {
    const List* parts = entry.if_list();
    if (!parts || parts->size() != 2) return bad("a map is a list of [key, value]");
    IEUM_TRY(Value key, read((*parts)[0], depth));
    IEUM_TRY(Value member, read((*parts)[1], depth));
    if (!key.is_string() && !key.if_int() && !key.if_uint() && !key.if_bool())
      return bad("a key is text, a whole number or a bool");
    if (!map.add(std::move(key), std::move(member))) return bad("a map has a key twice");
  }
  return Value(std::move(map));
}

Result<Value> read(const Value& typed, std::size_t depth) {
  const Map* map = typed.if_map();
  if (!map || map->size() != 1 || !map->begin()->first.is_string()) return bad("a typed value is a map of one member");
  if (depth == 0) return bad("the value is nested too deeply");
  const std::string& name = *map->begin()->first.if_string();
  const Value& value = map->begin()->second;
  const std::string* text = value.if_string();
  if (name == "null") return Value();
  if (name == "bool" && value.if_bool()) return value;
  if (name == "string" && text) return value;
  if (name == "double") return read_double(value);
  if (name == "type" && text) return Value(TypeName{*text});
  if (name == "int" && text) {
    if (const std::optional<std::int64_t> number = parse_int(*text)) return Value(*number);
  } else if (name == "uint" && text) {
    if (const std::optional<std::uint64_t> number = parse_uint(*text)) return Value(*number);
  } else if (name == "decimal" && text) {
    if (Result<Decimal> number = decimal::parse(*text)) return Value(std::move(*number));
  } else if (name == "bytes" && text) {
    if (std::optional<std::string> bytes = base64_decode(*text)) return Value(Bytes{std::move(*bytes)});
  } else if (name == "timestamp") {
    IEUM_TRY(const auto time, read_pair(value));
    return Value(Timestamp{time.first, time.second});
  } else if (name == "duration") {
    IEUM_TRY(const auto time, read_pair(value));
    return Value(Duration{time.first, time.second});
  } else if (name == "optional") {
    if (value.is_null()) return Value(OptionalValue{});
    IEUM_TRY(Value inner, read(value, depth - 1));
    return Value(OptionalValue{std::make_shared<const Value>(std::move(inner))});
  } else if (name == "map") {
    return read_map(value, depth - 1);
  } else if (name == "list" && value.is_list()) {
    List list;
    for (const Value& element : *value.if_list()) {
      IEUM_TRY(Value member, read(element, depth - 1));
      list.push_back(std::move(member));
    }
    return Value(std::move(list));
  }
  return bad("'" + name.substr(0, 40) + "' is no type, or its value has another form");
}

}  // namespace

Value to_typed(const Value& value) {
  switch (value.kind()) {
    case Value::Kind::null: return one("null", Value());
    case Value::Kind::boolean: return one("bool", value);
    case Value::Kind::integer: return one("int", Value(std::to_string(*value.if_int())));
    case Value::Kind::unsigned_integer: return one("uint", Value(std::to_string(*value.if_uint())));
    case Value::Kind::floating: {
      const double number = *value.if_double();
      if (std::isnan(number)) return one("double", Value("NaN"));
      if (std::isinf(number)) return one("double", Value(number < 0 ? "-Infinity" : "Infinity"));
      return one("double", value);
    }
    case Value::Kind::decimal: return one("decimal", Value(value.if_decimal()->digits));
    case Value::Kind::string: return one("string", value);
    case Value::Kind::bytes: return one("bytes", Value(base64_encode(value.if_bytes()->data)));
    case Value::Kind::timestamp:
      return one("timestamp", pair(value.if_timestamp()->seconds, value.if_timestamp()->nanos));
    case Value::Kind::duration: return one("duration", pair(value.if_duration()->seconds, value.if_duration()->nanos));
    case Value::Kind::type: return one("type", Value(value.if_type()->name));
    case Value::Kind::optional:
      return one("optional", value.if_optional()->value ? to_typed(*value.if_optional()->value) : Value());
    case Value::Kind::list: {
      List list;
      for (const Value& element : *value.if_list()) list.push_back(to_typed(element));
      return one("list", Value(std::move(list)));
    }
    case Value::Kind::map: {
      List entries;
      for (const Map::Entry& entry : *value.if_map())
        entries.emplace_back(List{to_typed(entry.first), to_typed(entry.second)});
      return one("map", Value(std::move(entries)));
    }
  }
  return Value();
}

Result<Value> from_typed(const Value& typed) { return read(typed, kTypedDepth); }

}  // namespace ieum::expr
