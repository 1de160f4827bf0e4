// How the body of a delivery becomes a Value, and how texts are taken out of it. Pure.
#pragma once
#include <optional>
#include <string>
#include <string_view>

#include "base/error.hpp"
#include "base/http.hpp"
#include "base/value.hpp"
#include "host/manifest.hpp"

namespace ieum::host {

// JSON, or a form whose names nest with brackets: data[merges][FNAME]=x gives {"data":{"merges":{"FNAME":"x"}}}, a[]=x a
// list; a form with the manifest's json_field is the JSON in it. Empty where the manifest takes that: {}. Error
// "unreadable_delivery".
Result<Value> read_body(const WebhookSpec& spec, std::string_view content_type, std::string_view body);

// What forbids to read a delivery's body as `read_body` would: several content types, a multipart, a form where JSON is due or the
// other way round, a charset that is not UTF-8. "" when nothing does; a missing type is none of these.
std::string content_type_problem(const WebhookSpec& spec, const HttpRequest& request);

// Text, number or boolean as text; nothing for anything else.
std::optional<std::string> scalar_text(const Value& value);
// scalar_text at a path; nothing when it is missing or empty.
std::optional<std::string> text_at(const Value& root, std::string_view path);

// A connection's field as text, the manifest's default when it is not set; "" when there is neither.
std::string config_text(const Manifest& manifest, const Value& config, std::string_view field);

}  // namespace ieum::host
