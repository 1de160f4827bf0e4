#include "host/typed_config.hpp"

#include <algorithm>

#include "base/encoding.hpp"
#include "base/json.hpp"

namespace ieum::host {
namespace {

Error wrong(const Field& field, const std::string& wanted) {
  return {"bad_config", "\"" + field.name + "\" must be " + wanted, "see: ieum connector show"};
}

List split(std::string_view text) {
  List out;
  while (!text.empty()) {
    const auto comma = text.find(',');
    const std::string_view part = trim(text.substr(0, comma));
    if (!part.empty()) out.emplace_back(std::string(part));
    text = comma == std::string_view::npos ? std::string_view() : text.substr(comma + 1);
  }
  return out;
}

Result<Value> typed(const Field& field, const Value& value) {
  const std::string* text = value.if_string();
  if (field.type == "list") {
    if (text != nullptr) return Value(split(*text));
    const List* list = value.if_list();
    const bool texts =
        list != nullptr && std::all_of(list->begin(), list->end(), [](const Value& v) { return v.is_string(); });
    if (!texts) return wrong(field, "a list of texts, as a,b,c");
    return value;
  }
  if (field.type == "boolean") {
    if (text == nullptr && value.if_bool() == nullptr) return wrong(field, "true or false");
    if (text == nullptr || text->empty()) return value;
    if (*text != "true" && *text != "false") return wrong(field, "true or false");
    return Value(*text == "true");
  }
  if (field.type == "integer" || field.type == "number") {
    if (text == nullptr || text->empty()) return value;
    const auto number = parse_json(*text);
    const bool whole = number.has_value() && number->if_int() != nullptr;
    const bool any =
        whole || (number.has_value() && (number->if_decimal() != nullptr || number->if_double() != nullptr));
    if (field.type == "integer" ? !whole : !any)
      return wrong(field, field.type == "integer" ? "a whole number" : "a number");
    return *number;
  }
  return value;
}

}  // namespace

Result<Value> typed_config(const Manifest& manifest, const Value& config) {
  const Map* given = config.if_map();
  if (given == nullptr) return config;
  Map out = *given;
  for (const Field& field : manifest.fields) {
    const Value* value = given->find(field.name);
    if (value == nullptr || value->is_null()) continue;
    IEUM_TRY(Value made, typed(field, *value));
    out.set(field.name, std::move(made));
  }
  return Value(std::move(out));
}

}  // namespace ieum::host
