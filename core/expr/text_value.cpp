// What values look like as text, and how large they are.
#include <algorithm>
#include <cmath>
#include <set>

#include "base/encoding.hpp"
#include "base/json.hpp"
#include "expr/evaluation.hpp"
#include "expr/template.hpp"
#include "expr/times.hpp"

namespace ieum::expr {
namespace {

constexpr std::size_t kTextDepth = 200;

std::string number_text(double value) {
  if (std::isnan(value)) return "NaN";
  if (std::isinf(value)) return value < 0 ? "-Infinity" : "Infinity";
  return double_text(value);
}

// Text of everything but lists, maps, types and optionals; nothing for those.
std::optional<std::string> scalar_text(const Value& value) {
  switch (value.kind()) {
    case Value::Kind::null: return "null";
    case Value::Kind::boolean: return *value.if_bool() ? "true" : "false";
    case Value::Kind::integer: return std::to_string(*value.if_int());
    case Value::Kind::unsigned_integer: return std::to_string(*value.if_uint());
    case Value::Kind::floating: return number_text(*value.if_double());
    case Value::Kind::decimal: return value.if_decimal()->digits;
    case Value::Kind::string: return *value.if_string();
    case Value::Kind::bytes: return base64_encode(value.if_bytes()->data);
    case Value::Kind::timestamp: return timestamp_text(*value.if_timestamp());
    case Value::Kind::duration: return cel_duration_text(*value.if_duration());
    default: return std::nullopt;
  }
}

// JSON has only text for keys: 1 and '1' would be one.
bool keys_stay_distinct(const Map& map) {
  if (std::all_of(map.begin(), map.end(), [](const Map::Entry& entry) { return entry.first.is_string(); })) return true;
  std::set<std::string> seen;
  return std::all_of(map.begin(), map.end(),
                     [&](const Map::Entry& entry) { return seen.insert(*scalar_text(entry.first)).second; });
}

}  // namespace

bool Evaluation::measure(const Value& value, std::size_t& bytes, bool& data, std::size_t depth) {
  if (depth > kTextDepth) return fail(Code::depth, "this value is nested too deeply");
  bytes += 8;
  if (const std::string* text = value.if_string()) {
    bytes += text->size();
  } else if (const Bytes* raw = value.if_bytes()) {
    bytes += raw->data.size() / 3 * 4;
  } else if (const Decimal* exact = value.if_decimal()) {
    bytes += exact->digits.size();
  } else if (const List* list = value.if_list()) {
    if (!charge(list->size())) return false;
    for (const Value& element : *list)
      if (!measure(element, bytes, data, depth + 1)) return false;
  } else if (const Map* map = value.if_map()) {
    if (!charge(map->size())) return false;
    if (recipe() && !keys_stay_distinct(*map))
      return fail(Code::bad_value, "two keys of a map would be the same text, as 1 and '1' are");
    for (const Map::Entry& entry : *map)
      if (!measure(entry.first, bytes, data, depth + 1) || !measure(entry.second, bytes, data, depth + 1)) return false;
  } else if (value.if_type() || value.if_optional()) {
    data = false;
  }
  if (bytes > limits_.output_bytes)
    return fail(Code::output_too_large, "the value is larger than " + std::to_string(limits_.output_bytes) + " bytes");
  return true;
}

bool Evaluation::append_json(std::string& out, const Value& value) {
  std::size_t bytes = 0;
  bool data = true;
  if (!measure(value, bytes, data)) return false;
  if (!data) return fail(Code::no_such_overload, "types and optionals have no text");
  if (!charge_output(bytes)) return false;
  out += write_json(value);
  return true;
}

bool Evaluation::append_text(std::string& out, const Value& value) {
  if (value.is_list() || value.is_map()) return append_json(out, value);
  if (const std::string* text = value.if_string()) {
    if (!charge_output(text->size())) return false;
    out += *text;
    return true;
  }
  std::optional<std::string> text = scalar_text(value);
  if (!text) return fail(Code::no_such_overload, "types and optionals have no text");
  if (!charge_output(text->size())) return false;
  out += *text;
  return true;
}

std::string text_of(const Value& value) {
  if (const OptionalValue* optional = value.if_optional())
    return optional->value ? text_of(*optional->value) : std::string();
  if (const TypeName* type = value.if_type()) return type->name;
  if (value.is_null()) return {};
  if (std::optional<std::string> text = scalar_text(value)) return std::move(*text);
  return write_json(value);
}

}  // namespace ieum::expr
