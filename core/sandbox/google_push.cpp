#include "sandbox/google_push.hpp"

#include <algorithm>

#include "base/json.hpp"
#include "sandbox/google_api.hpp"

namespace ieum::sandbox {

namespace {

// Over this the vendor refuses the message. https://firebase.google.com/docs/cloud-messaging/concept-options
constexpr std::size_t kBytesMax = 4096;

Outcome refuse(int status, const std::string& message, const std::string& name, const std::string& code) {
  return {google_error(status, message, name,
                       {Map{{"@type", "type.googleapis.com/google.firebase.fcm.v1.FcmError"}, {"errorCode", code}}}),
          Effect::refused,
          {},
          {}};
}

Value part(const Value& of, std::string_view name) {
  const Value* found = of.get(name);
  return found == nullptr ? Value() : *found;
}

// The values of `data` are texts, and nothing else.
bool is_texts(const Value& data) {
  const Map* map = data.if_map();
  if (map == nullptr) return data.is_null();
  return std::all_of(map->begin(), map->end(), [](const auto& entry) { return entry.second.is_string(); });
}

}  // namespace

bool is_push(const Incoming& in) {
  const auto& path = in.segments;
  return path.size() == 4 && path[0] == "v1" && path[1] == "projects" && path[3] == "messages:send";
}

std::optional<Message> push_message(const Incoming& in) {
  const Value message = part(in.json, "message");
  if (in.json.get("validate_only") != nullptr || message.text("token").empty()) return std::nullopt;
  const Value shown = part(message, "notification");
  Message out;
  out.channel = "push";
  out.to = message.text("token");
  out.from = in.segments[2];
  out.title = shown.text("title");
  out.text = shown.text("body");
  return out;
}

Outcome push(const Incoming& in, std::int64_t number) {
  const Value message = part(in.json, "message");
  const std::string token = message.text("token");
  if (!in.is("POST") || !message.is_map() || (token.empty() && message.text("topic").empty()))
    return refuse(400, "The message has no recipient: one of token, topic, condition.", "INVALID_ARGUMENT",
                  "INVALID_ARGUMENT");
  if (!is_texts(part(message, "data")))
    return refuse(400, "Invalid value at 'message.data' (TYPE_STRING)", "INVALID_ARGUMENT", "INVALID_ARGUMENT");
  if (write_json(message).size() > kBytesMax)
    return refuse(400, "The message is too big.", "INVALID_ARGUMENT", "INVALID_ARGUMENT");
  if (token.starts_with("missing")) return refuse(404, "Requested entity was not found.", "NOT_FOUND", "UNREGISTERED");
  if (token.starts_with("foreign")) return refuse(403, "SenderId mismatch", "PERMISSION_DENIED", "SENDER_ID_MISMATCH");
  Outcome out{json_response(200, Map{{"name", "projects/" + in.segments[2] + "/messages/0:" + std::to_string(number)}}),
              Effect::applied,
              {},
              push_message(in)};
  if (out.message)
    out.reached.push_back(*out.message);
  else
    out.effect = Effect::read;
  return out;
}

}  // namespace ieum::sandbox
