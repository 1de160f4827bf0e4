// Stored events: a stored delivery read as events again, whoever told it: a connector, or the hub itself.
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "host/delivery.hpp"
#include "runtime/live.hpp"
#include "runtime/own_events.hpp"

namespace ieum::runtime {

// The method of a stored event that a poll told.
inline constexpr std::string_view kPolled = "POLL";

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
