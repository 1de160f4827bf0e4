// Own events: what the hub tells itself, as deliveries to be stored and read again: a schedule that fires, a message that was opened
// or clicked, somebody who wants no more. Their connection is none (kHubItself). Pure.
#pragma once
#include <string>
#include <utility>
#include <vector>

#include "expr/type_check.hpp"
#include "host/delivery.hpp"
#include "store/reader.hpp"

namespace ieum::runtime {

// The connection of events that the hub tells itself.
inline constexpr Id kHubItself = 0;
// Their connector, but for schedules, whose events are "schedule/<recipe>".
inline constexpr std::string_view kHubConnector = "hub";

// A firing of a schedule as a delivery to be accepted. `firing` is unique: "schedule:<recipe>:<instant>".
store::EventWithPayload schedule_delivery(const std::string& recipe, Millis scheduled_ms, Millis now_ms);
std::string schedule_event_name(const std::string& recipe);  // "schedule/<recipe>"

// Somebody, or some program, opened a message or clicked a link of it.
struct Touch {
  store::TouchRow row;   // `event` is not known yet
  std::string step_key;  // of the message
  std::string channel;
  bool implies_open = false;  // a person clicked what nobody was seen to open
};
store::EventWithPayload touch_delivery(const Touch& touch, Millis now_ms);

// Somebody wants no more of a topic ("" of all advertising), by the address in a message.
struct Refusal {
  Id customer = 0;
  std::string topic;
  std::string recipe, step, channel;  // of the message
};
store::EventWithPayload refusal_delivery(const Refusal& refusal, Millis now_ms);

// The events of such a delivery. What a program touched has a name that no recipe knows.
Result<std::vector<host::HubEvent>> own_events(const store::EventWithPayload& stored);
// What such a delivery leaves in the store; nothing when it tells of no touch.
std::optional<store::TouchRow> touch_of(const store::EventWithPayload& stored, const host::HubEvent& event);

// The standard events among them, with their fields, in order of name.
struct OwnEvent {
  std::string name;
  std::vector<std::pair<std::string, expr::StaticType>> fields;
};
const std::vector<OwnEvent>& own_event_kinds();

}  // namespace ieum::runtime
