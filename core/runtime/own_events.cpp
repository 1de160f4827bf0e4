#include "runtime/own_events.hpp"

#include "base/json.hpp"
#include "base/time_text.hpp"

namespace ieum::runtime {
namespace {

constexpr std::string_view kSchedule = "schedule";
constexpr const char* kClicked = "link_clicked";
constexpr const char* kOpened = "email_opened";
constexpr const char* kRefused = "unsubscribed";

Value timestamp(Millis at_ms) {
  return Timestamp{at_ms / kSecond, static_cast<std::int32_t>(at_ms % kSecond) * 1'000'000};
}

store::EventWithPayload delivery(std::string topic, Map body, Millis now_ms) {
  store::EventWithPayload delivery;
  delivery.event.connection = kHubItself;
  delivery.event.topic = std::move(topic);
  delivery.event.received_ms = now_ms;
  delivery.payload.headers = "{}";
  delivery.payload.body = write_json(std::move(body));
  return delivery;
}

std::string own_topic(const char* name) { return std::string(kHubConnector) + "/" + name; }

host::HubEvent scheduled(const Value& body) {
  host::HubEvent event;
  event.connector = kSchedule;
  event.topic = body.text("recipe");
  event.at_ms = body.number("scheduled_ms");
  event.data = Map{{"scheduled_at", timestamp(event.at_ms)}, {"firing", body.text("firing")}, {"recipe", event.topic}};
  event.standard = Map();
  return event;
}

host::HubEvent told(const char* name, const Value& body, std::initializer_list<const char*> fields, Millis at_ms) {
  host::HubEvent event;
  event.connector = kHubConnector;
  event.topic = name;
  event.means = name;
  event.data = body;
  event.customer = body.number("customer");
  event.of_customer = true;
  event.at_ms = at_ms;
  Map standard;
  for (const char* field : fields)
    if (std::string text = body.text(field); !text.empty()) standard.set(field, std::move(text));
  event.standard = std::move(standard);
  return event;
}

}  // namespace

std::string schedule_event_name(const std::string& recipe) { return std::string(kSchedule) + "/" + recipe; }

store::EventWithPayload schedule_delivery(const std::string& recipe, Millis scheduled_ms, Millis now_ms) {
  return delivery(schedule_event_name(recipe),
                  Map{{"recipe", recipe},
                      {"scheduled_ms", scheduled_ms},
                      {"firing", "schedule:" + recipe + ":" + rfc3339_utc(scheduled_ms)}},
                  now_ms);
}

store::EventWithPayload touch_delivery(const Touch& touch, Millis now_ms) {
  const auto& row = touch.row;
  return delivery(own_topic(row.kind == "click" ? kClicked : kOpened),
                  Map{{"kind", row.kind},
                      {"customer", row.customer},
                      {"run", row.run},
                      {"step_row", row.step},
                      {"recipe", row.recipe},
                      {"step", row.step_name},
                      {"step_key", touch.step_key},
                      {"channel", touch.channel},
                      {"link", row.link},
                      {"url", row.url},
                      {"machine", row.machine},
                      {"implies_open", touch.implies_open}},
                  now_ms);
}

store::EventWithPayload refusal_delivery(const Refusal& refusal, Millis now_ms) {
  return delivery(own_topic(kRefused),
                  Map{{"customer", refusal.customer},
                      {"topic", refusal.topic},
                      {"recipe", refusal.recipe},
                      {"step", refusal.step},
                      {"channel", refusal.channel}},
                  now_ms);
}

Result<std::vector<host::HubEvent>> own_events(const store::EventWithPayload& stored) {
  IEUM_TRY(const Value body, parse_json(stored.payload.body));
  const std::string& topic = stored.event.topic;
  const Millis at_ms = stored.event.received_ms;
  if (topic == own_topic(kRefused)) {
    auto event = told(kRefused, body, {"topic", "recipe", "step", "channel"}, at_ms);
    if (body.text("topic").empty()) event.consents.push_back({"ad", "", "refused"});
    return std::vector<host::HubEvent>{std::move(event)};
  }
  if (!topic.starts_with(own_topic(""))) return std::vector<host::HubEvent>{scheduled(body)};
  if (!body.text("machine").empty()) {
    host::HubEvent event;
    event.connector = kHubConnector;
    event.topic = "machine";
    event.data = body;
    event.standard = Map();
    event.at_ms = at_ms;
    return std::vector<host::HubEvent>{std::move(event)};
  }
  std::vector<host::HubEvent> events;
  const bool click = body.text("kind") == "click";
  if (!click || body.flag("implies_open"))
    events.push_back(told(kOpened, body, {"recipe", "step", "step_key", "channel"}, at_ms));
  if (click)
    events.push_back(told(kClicked, body, {"recipe", "step", "step_key", "channel", "link", "url"}, at_ms));
  return events;
}

std::optional<store::TouchRow> touch_of(const store::EventWithPayload& stored, const host::HubEvent& event) {
  if (event.connector != kHubConnector || event.topic == kRefused) return std::nullopt;
  const Value& body = event.data;
  store::TouchRow row;
  row.event = stored.event.id;
  row.customer = body.number("customer");
  row.run = body.number("run");
  row.step = body.number("step_row");
  row.recipe = body.text("recipe");
  row.step_name = body.text("step");
  row.kind = body.text("kind");
  row.at_ms = stored.event.received_ms;
  row.machine = body.text("machine");
  row.link = body.text("link");
  row.url = body.text("url");
  return row;
}

const std::vector<OwnEvent>& own_event_kinds() {
  constexpr auto kText = expr::StaticType::string;
  static const std::vector<OwnEvent> kKinds{
      {kOpened, {{"recipe", kText}, {"step", kText}, {"step_key", kText}, {"channel", kText}}},
      {kClicked,
       {{"recipe", kText}, {"step", kText}, {"step_key", kText}, {"channel", kText}, {"link", kText}, {"url", kText}}},
      {kRefused, {{"topic", kText}, {"recipe", kText}, {"step", kText}, {"channel", kText}}}};
  return kKinds;
}

}  // namespace ieum::runtime
