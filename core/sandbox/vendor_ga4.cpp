// Google Analytics' Measurement Protocol: says 204 to everything that it can read, and drops what is wrong; only the debug
// address tells. https://developers.google.com/analytics/devguides/collection/protocol/ga4

#include "base/json.hpp"
#include "sandbox/vendor.hpp"

namespace ieum::sandbox {

namespace {

constexpr std::size_t kBodyMax = 130 * 1024;
constexpr std::size_t kEventsMax = 25, kParamsMax = 25, kNameMax = 40, kTextMax = 100;
constexpr Millis kBackFor = 72 * kHour;

Value told(const std::string& field, const std::string& description, const std::string& code) {
  return Map{{"fieldPath", field}, {"description", description}, {"validationCode", code}};
}

void check_event(const Value& event, std::size_t at, List& messages) {
  const std::string place = "Event at index: [" + std::to_string(at) + "]";
  const std::string name = event.text("name");
  const bool letters =
      name.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_") == std::string::npos;
  if (name.empty() || name.size() > kNameMax || !letters || (name[0] >= '0' && name[0] <= '9') || name[0] == '_')
    messages.push_back(told("events", place + " has invalid name [" + name + "].", "NAME_INVALID"));
  for (const char* reserved : {"ga_", "google_", "firebase_"}) {
    if (name.starts_with(reserved))
      messages.push_back(told("events", place + " has invalid name [" + name + "]: reserved prefix.", "NAME_RESERVED"));
  }
  const Value* params = event.get("params");
  if (params == nullptr || !params->is_map()) return;
  if (params->if_map()->size() > kParamsMax)
    messages.push_back(told("events", place + " has too many params.", "EXCEEDED_MAX_ENTITIES"));
  for (const auto& [key, value] : *params->if_map()) {
    if (value.is_string() && value.if_string()->size() > kTextMax * 4)
      messages.push_back(told("events.params", place + " has a value that is too long.", "VALUE_INVALID"));
  }
}

List problems(const Incoming& in) {
  List messages;
  if (!in.parameter("measurement_id").starts_with("G-") && in.parameter("firebase_app_id").empty())
    messages.push_back(
        told("measurement_id", "Measurement requires a firebase_app_id or measurement_id.", "VALUE_REQUIRED"));
  if (!in.json_readable || !in.json.is_map() || in.http.body.size() > kBodyMax) {
    messages.push_back(told("", "Unable to parse Measurement Protocol JSON payload.", "VALUE_INVALID"));
    return messages;
  }
  if (in.json.text("client_id").empty() && in.json.text("app_instance_id").empty())
    messages.push_back(told("client_id", "Measurement requires a client_id.", "VALUE_REQUIRED"));
  const std::int64_t micros = in.json.number("timestamp_micros");
  if (micros > 0 && micros / 1000 < in.now - kBackFor)
    messages.push_back(told("timestamp_micros", "Measurement timestamp is too old.", "VALUE_OUT_OF_BOUNDS"));
  const Value* events = in.json.get("events");
  if (events == nullptr || !events->is_list() || events->if_list()->empty()) {
    messages.push_back(told("events", "Measurement requires at least one event.", "VALUE_REQUIRED"));
    return messages;
  }
  if (events->if_list()->size() > kEventsMax)
    messages.push_back(told("events", "Measurement has more than 25 events.", "EXCEEDED_MAX_ENTITIES"));
  for (std::size_t i = 0; i < events->if_list()->size(); ++i) check_event((*events->if_list())[i], i, messages);
  return messages;
}

class Ga4 final : public Vendor {
 public:
  explicit Ga4(const Credentials& credentials) : secret_(credentials.ga4_api_secret) {}
  [[nodiscard]] std::string_view name() const override { return "ga4"; }
  [[nodiscard]] bool owns(const Incoming& in) const override {
    return in.path == "/mp/collect" || in.path == "/debug/mp/collect";
  }
  [[nodiscard]] Description describe(const Incoming& in) const override {
    return {in.path == "/mp/collect" ? "collect" : "validate", in.path != "/mp/collect", "", std::nullopt};
  }

  Outcome act(const Incoming& in, bool) override {
    if (!in.is("POST")) return {{405, {}, ""}, Effect::refused, {}, {}};
    List messages = problems(in);
    if (in.path == "/debug/mp/collect")
      return {json_response(200, Map{{"validationMessages", std::move(messages)}}), Effect::read, {}, {}};
    // A wrong secret and a wrong event are dropped, and nobody is told.
    const bool counted = messages.empty() && in.parameter("api_secret") == secret_;
    return {{204, {}, ""}, counted ? Effect::applied : Effect::refused, {}, {}};
  }

 private:
  const std::string secret_;
};

}  // namespace

std::unique_ptr<Vendor> make_ga4(const Credentials& credentials) { return std::make_unique<Ga4>(credentials); }

}  // namespace ieum::sandbox
