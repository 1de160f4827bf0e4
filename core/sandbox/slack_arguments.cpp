#include "sandbox/slack_arguments.hpp"

#include <algorithm>
#include <array>

#include "base/encoding.hpp"
#include "base/json.hpp"

namespace ieum::sandbox {
namespace {

using namespace std::string_view_literals;

// "Read methods take form/query, not JSON": what a JSON body says to them is not looked at.
constexpr std::array kFormOnly = {
    "users.lookupByEmail"sv,         "conversations.list"sv, "conversations.history"sv,     "conversations.replies"sv,
    "chat.scheduledMessages.list"sv, "files.info"sv,         "files.getUploadURLExternal"sv};

bool takes_json(const Incoming& in) {
  return in.segments.size() != 2 || std::find(kFormOnly.begin(), kFormOnly.end(), in.segments[1]) == kFormOnly.end();
}

}  // namespace

Arguments::Arguments(const Incoming& in) : in_(in) {
  const std::string type = to_lower_ascii(in.header("Content-Type"));
  json_ = type.starts_with("application/json");
  charset_missing_ = json_ && type.find("charset") == std::string::npos;
  if (json_ || in.http.body.empty()) return;
  if (auto pairs = form_decode(in.http.body)) form_ = std::move(*pairs);
}

Value Arguments::value(std::string_view name) const {
  if (json_ && takes_json(in_))
    if (const Value* found = in_.json.get(name)) return *found;
  for (const auto& [key, text] : form_)
    if (key == name) return text;
  for (const auto& [key, text] : in_.query)
    if (key == name) return text;
  return {};
}

std::string Arguments::text(std::string_view name) const {
  const Value found = value(name);
  if (const std::int64_t* number = found.if_int()) return std::to_string(*number);
  return text_of(&found);
}

bool Arguments::flag(std::string_view name) const {
  const Value found = value(name);
  if (const bool* flag = found.if_bool()) return *flag;
  return text_of(&found) == "true" || text_of(&found) == "1";
}

Value Arguments::structure(std::string_view name) const {
  Value found = value(name);
  if (found.is_list() || found.is_map()) return found;
  if (!found.is_string()) return {};
  auto parsed = parse_json(*found.if_string());
  return parsed && (parsed->is_list() || parsed->is_map()) ? *parsed : Value();
}

}  // namespace ieum::sandbox
