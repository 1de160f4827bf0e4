#include "runtime/stored_events.hpp"

#include "base/json.hpp"
#include "base/time_text.hpp"

namespace ieum::runtime {
namespace {

constexpr std::string_view kSchedule = "schedule";

Value timestamp(Millis at_ms) {
  return Timestamp{at_ms / kSecond, static_cast<std::int32_t>(at_ms % kSecond) * 1'000'000};
}

Result<std::vector<host::HubEvent>> own_event(const store::EventWithPayload& stored) {
  IEUM_TRY(const Value body, parse_json(stored.payload.body));
  host::HubEvent event;
  event.connector = kSchedule;
  event.topic = body.text("recipe");
  event.at_ms = body.number("scheduled_ms");
  event.data = Map{{"scheduled_at", timestamp(event.at_ms)}, {"firing", body.text("firing")}, {"recipe", event.topic}};
  event.standard = Map();
  return std::vector<host::HubEvent>{std::move(event)};
}

}  // namespace

std::string schedule_event_name(const std::string& recipe) { return std::string(kSchedule) + "/" + recipe; }

store::EventWithPayload schedule_delivery(const std::string& recipe, Millis scheduled_ms, Millis now_ms) {
  store::EventWithPayload delivery;
  delivery.event.connection = kHubItself;
  delivery.event.topic = schedule_event_name(recipe);
  delivery.event.received_ms = now_ms;
  delivery.payload.headers = "{}";
  delivery.payload.body = write_json(Map{{"recipe", recipe},
                                         {"scheduled_ms", scheduled_ms},
                                         {"firing", "schedule:" + recipe + ":" + rfc3339_utc(scheduled_ms)}});
  return delivery;
}

Result<std::vector<host::HubEvent>> events_of(const Live& live, const store::EventWithPayload& stored,
                                              const Value& read) {
  if (stored.event.connection == kHubItself) return own_event(stored);
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
