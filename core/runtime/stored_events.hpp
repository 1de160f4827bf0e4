// Stored events: a stored delivery read as events again, whoever told it: a connector, or the hub itself (a schedule).
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "host/delivery.hpp"
#include "runtime/live.hpp"

namespace ieum::runtime {

// The connection of events that the hub tells itself. Their topic is "schedule/<recipe>", their body JSON of ours.
inline constexpr Id kHubItself = 0;

// The method of a stored event that a poll told.
inline constexpr std::string_view kPolled = "POLL";

// A firing of a schedule as a delivery to be accepted. `firing` is unique: "schedule:<recipe>:<instant>".
store::EventWithPayload schedule_delivery(const std::string& recipe, Millis scheduled_ms, Millis now_ms);
std::string schedule_event_name(const std::string& recipe);  // "schedule/<recipe>"

// The events of a delivery; `read` as for read_delivery. Errors: "connection_gone" with what is missing; what read_delivery
// gives.
Result<std::vector<host::HubEvent>> events_of(const Live& live, const store::EventWithPayload& stored,
                                              const Value& read = {});

// Whether a poll of the connection tells the event's fact beside its deliveries. What is told so needs a `source_key`.
bool told_both_ways(const LiveConnection& connection, const host::HubEvent& event);
// The name under which such a fact is known as heard: by a poll, or by a delivery.
std::string fact_key(const host::HubEvent& event, bool polled);

// Names that an event goes by: its standard name and "connector/topic".
std::vector<std::string> names_of(const host::HubEvent& event);

}  // namespace ieum::runtime
