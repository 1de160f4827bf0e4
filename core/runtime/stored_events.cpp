#include "runtime/stored_events.hpp"

namespace ieum::runtime {

Result<std::vector<host::HubEvent>> events_of(const Live& live, const store::EventWithPayload& stored,
                                              const Value& read) {
  if (stored.event.connection == kHubItself) return own_events(stored);
  const auto connection = live.connections_by_id.find(stored.event.connection);
  if (connection == live.connections_by_id.end() || connection->second->connector == nullptr)
    return Error("connection_gone", "its connection or connector is gone", "add it again");
  return host::read_delivery(*connection->second->connector, connection->second->config, stored.event.topic,
                             stored.payload.headers, stored.payload.body, stored.event.received_ms, read);
}

std::vector<std::string> names_of(const host::HubEvent& event) {
  std::vector<std::string> names;
  if (!event.means.empty()) names.push_back(event.means);
  names.push_back(event.connector + "/" + event.topic);
  return names;
}

bool told_both_ways(const LiveConnection& connection, const host::HubEvent& event) {
  if (event.source_key.empty()) return false;
  const auto* poll = connection.connector->manifest().poll_beside_webhook(event.topic);
  return poll != nullptr && (!poll->optional || connection.can_log_in());
}

std::string fact_key(const host::HubEvent& event, bool polled) {
  return (polled ? "fact:poll:" : "fact:hook:") + event.topic + ":" + event.source_key;
}

}  // namespace ieum::runtime
