// The sink: an HTTP receiver of no vendor, for the http connector. It takes everything and answers 200; below
// /sink/status/NNN it answers NNN, and below /sink/keyed it acts once for each Idempotency-Key, as a good receiver does.
#include <deque>
#include <unordered_map>

#include "base/encoding.hpp"
#include "sandbox/vendor.hpp"

namespace ieum::sandbox {

namespace {

constexpr std::size_t kKeysMax = 100'000;
constexpr std::size_t kTextMax = 2'000;  // bytes of a body that the page shows

bool reads(const Incoming& in) { return in.is("GET") || in.is("HEAD") || in.is("OPTIONS"); }

Message message_of(const Incoming& in) {
  Message message;
  message.channel = "http";
  message.to = in.path;
  message.title = in.http.method + " " + in.http.target;
  message.text = in.http.body.substr(0, kTextMax);
  message.key = header_key(in);
  return message;
}

class Sink final : public Vendor {
 public:
  [[nodiscard]] std::string_view name() const override { return "http"; }
  [[nodiscard]] bool owns(const Incoming& in) const override {
    return !in.segments.empty() && in.segments[0] == "sink";
  }

  [[nodiscard]] Description describe(const Incoming& in) const override {
    Description out;
    out.operation = to_lower_ascii(in.http.method);
    out.reads = reads(in);
    out.key = header_key(in);
    if (!out.reads) out.message = message_of(in);
    return out;
  }

  Outcome act(const Incoming& in, bool) override {
    const std::string place = in.segments.size() > 1 ? in.segments[1] : "";
    if (place == "status") {
      const auto status = whole_number(in.segments.size() > 2 ? in.segments[2] : "");
      const int wanted = status && *status >= 200 && *status <= 599 ? static_cast<int>(*status) : 400;
      Outcome outcome{json_response(wanted, Map{{"ok", wanted < 300}}), Effect::refused, {}, {}};
      if (wanted < 300) take(in, outcome);
      return outcome;
    }
    const std::string key = header_key(in);
    Outcome outcome{json_response(200, Map{{"ok", true}, {"received", ++received_}}), Effect::applied, {}, {}};
    if (place != "keyed" || key.empty() || reads(in)) {
      take(in, outcome);
      return outcome;
    }
    if (const auto at = first_.find(key); at != first_.end()) {
      outcome.response = at->second;
      outcome.response.headers.add("Idempotent-Replayed", "true");
      outcome.effect = Effect::repeated;
      return outcome;
    }
    if (first_.size() >= kKeysMax) {
      first_.erase(keys_.front());
      keys_.pop_front();
    }
    first_[key] = outcome.response;
    keys_.push_back(key);
    take(in, outcome);
    return outcome;
  }

 private:
  static void take(const Incoming& in, Outcome& outcome) {
    outcome.effect = reads(in) ? Effect::read : Effect::applied;
    if (reads(in)) return;
    outcome.message = message_of(in);
    outcome.reached.push_back(*outcome.message);
  }

  std::int64_t received_ = 0;
  std::unordered_map<std::string, HttpResponse> first_;  // by key
  std::deque<std::string> keys_;                         // oldest first
};

}  // namespace

std::unique_ptr<Vendor> make_sink() { return std::make_unique<Sink>(); }

}  // namespace ieum::sandbox
