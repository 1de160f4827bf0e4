// Stored events: a stored delivery read as events again, whoever told it: a connector, or the hub itself (a schedule).
#pragma once
#include <string>
#include <vector>

#include "host/delivery.hpp"
#include "runtime/live.hpp"

namespace ieum::runtime {

// The connection of events that the hub tells itself. Their topic is "schedule/<recipe>", their body JSON of ours.
inline constexpr Id kHubItself = 0;

// A firing of a schedule as a delivery to be accepted. `firing` is unique: "schedule:<recipe>:<instant>".
store::EventWithPayload schedule_delivery(const std::string& recipe, Millis scheduled_ms, Millis now_ms);
std::string schedule_event_name(const std::string& recipe);  // "schedule/<recipe>"

// The events of a delivery. Errors: "connection_gone" with what is missing; what read_delivery gives.
Result<std::vector<host::HubEvent>> events_of(const Live& live, const store::EventWithPayload& stored);

// Names that an event goes by: its standard name and "connector/topic".
std::vector<std::string> names_of(const host::HubEvent& event);

}  // namespace ieum::runtime
