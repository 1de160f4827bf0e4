// What is pinned to a member: tags and events. An event carries the step's key among its properties, for Mailchimp knows
// no idempotency key: after a lost answer the member's events are read and looked through for it.
#include <algorithm>

#include "answers.hpp"
#include "ieum/time.hpp"
#include "operations.hpp"
#include "subscriber.hpp"

namespace mailchimp {

using ieum::Call;
using ieum::Effect;
namespace json = ieum::json;

namespace {

constexpr std::size_t kTagsMax = 100;
constexpr std::size_t kPropertiesMax = 50;
constexpr std::string_view kStepProperty = "ieum_step";

bool add_tags(const Call& call, std::string_view input, std::string_view status, json::array& out) {
  const json::value& given = call.input_value(input);
  const auto add = [&](const json::value& tag) {
    const std::string name = trimmed(ieum::scalar_text(tag).value_or(""));
    if (!name.empty()) out.push_back(json::object{{"name", name}, {"status", status}});
  };
  if (const json::array* list = given.if_array()) {
    for (const json::value& tag : *list) add(tag);
  } else {
    add(given);
  }
  return out.size() <= kTagsMax;
}

bool is_event_name(std::string_view name) {
  return name.size() >= 2 && name.size() <= 30 && std::all_of(name.begin(), name.end(), [](char c) {
           return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
         });
}

}  // namespace

Effect update_tags(const Call& call) {
  if (auto refusal = bad_member(call)) return std::move(*refusal);
  json::array tags;
  if (!add_tags(call, "add", "active", tags) || !add_tags(call, "remove", "inactive", tags))
    return refuse("too_many_tags", "at most 100 tags a step");
  if (tags.empty()) return refuse("no_tags", "which tags? give add, remove or both");
  return ieum::http("POST", api_url(call, member_path(call, "/tags")))
      .json(json::object{{"tags", std::move(tags)}, {"is_syncing", ieum::flag_at(call.inputs(), "quiet")}})
      .idempotent();
}

Effect updated_tags(const Call& call) {
  if (auto failed = failure(call)) return std::move(*failed);
  return ieum::done({{"email", trimmed(call.input("email"))}});
}

Effect add_event(const Call& call) {
  if (auto refusal = bad_member(call)) return std::move(*refusal);
  if (!is_event_name(call.input("name")))
    return refuse("bad_event_name", "the name of an event is 2 to 30 letters, digits and _");
  json::object properties;
  if (const json::object* given = call.input_value("properties").if_object()) {
    if (given->size() > kPropertiesMax) return refuse("too_many_properties", "at most 50 properties an event");
    for (const auto& property : *given) {
      if (auto text = ieum::scalar_text(property.value())) properties[property.key()] = *text;
    }
  }
  properties[kStepProperty] = call.step_key();
  json::object body{{"name", call.input("name")},
                    {"properties", std::move(properties)},
                    {"is_syncing", ieum::flag_at(call.inputs(), "quiet")}};
  if (!call.input("occurred_at").empty()) {
    if (!ieum::read_rfc3339(call.input("occurred_at")))
      return refuse("bad_time", "occurred_at is a time such as 2026-03-02T09:00:00+09:00");
    body["occurred_at"] = call.input("occurred_at");
  }
  return ieum::http("POST", api_url(call, member_path(call, "/events"))).json(body).unsafe();
}

Effect added_event(const Call& call) {
  if (auto failed = failure(call)) return std::move(*failed);
  return ieum::done({{"email", trimmed(call.input("email"))}, {"name", call.input("name")}});
}

Effect find_event(const Call& call) {
  if (auto refusal = bad_member(call)) return std::move(*refusal);
  return ieum::http("GET", api_url(call, member_path(call, "/events?count=1000"))).safe();
}

Effect found_event(const Call& call) {
  if (auto failed = failure(call)) return std::move(*failed);
  const json::value* events = ieum::find(call.answer(), "events");
  if (events == nullptr || !events->is_array()) return unreadable("list of events");
  for (const json::value& event : events->get_array())
    if (ieum::text_at(event, "properties." + std::string(kStepProperty)) == call.step_key())
      return ieum::found({{"email", trimmed(call.input("email"))}, {"name", call.input("name")}});
  return ieum::not_found();
}

}  // namespace mailchimp
