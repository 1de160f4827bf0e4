// What a scenario came to: what the vendors handed over, and what the hub's own log says of it.
#include <httplib.h>

#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <map>

#include "acceptance/floor.hpp"
#include "base/encoding.hpp"
#include "base/json.hpp"
#include "base/time_text.hpp"

namespace ieum::acceptance {

namespace {

constexpr int kSeoul = 9 * 3600;

List items(const Value* of) { return of == nullptr || of->if_list() == nullptr ? List() : *of->if_list(); }

std::string e164(const std::string& national) {
  return national.starts_with('0') ? "+82" + national.substr(1) : national;
}

// What stands in front of the sender's name, which the hub puts below each ad.
std::string without_footer(const std::string& text) {
  for (const char* begin : {"\n\n허브상점", "<hr><p>허브상점", "<p><a href=\"http://127.0.0.1"})
    if (const auto at = text.find(begin); at != std::string::npos) return text.substr(0, at);
  return text;
}

std::string seoul(Millis at) { return rfc3339_offset(at, kSeoul); }

// What somebody reads of it.
std::string plain(const std::string& html) {
  std::string out;
  bool in_tag = false;
  for (const char c : html) {
    if (c == '<') in_tag = true;
    if (!in_tag) out += c;
    if (c == '>') in_tag = false;
  }
  return out;
}

// The scenarios' word for the channel of an operation.
std::string channel_of(const std::string& operation) {
  static const std::map<std::string, std::string> kChannels{{"fcm.message.send", "push"},
                                                            {"brevo.email.send", "email"},
                                                            {"kakao.sms.send", "sms"},
                                                            {"kakao.brand_message.send", "kakao_friendtalk"},
                                                            {"kakao.alimtalk.send", "kakao_alimtalk"},
                                                            {"slack.message.post", "slack"}};
  const auto found = kChannels.find(operation);
  return found == kChannels.end() ? operation : found->second;
}

std::string word_of(const std::string& channel) {
  if (channel == "kakao_brand_message") return "kakao_friendtalk";
  return channel == "lms" ? "sms" : channel;
}

// A step that the hub says it took.
struct Taken {
  std::string recipe, step, channel, to;
  Millis from_ms = 0, until_ms = 0;
};

}  // namespace

std::string line(const Sent& sent) {
  return sent.at + " " + sent.channel + " " + sent.to + " " + sent.recipe + "/" + sent.step + " " + sent.text;
}

std::string line(const Logged& logged) {
  return logged.at + " " + logged.recipe + " " + logged.who + " " + logged.step + " " + logged.status + " " +
         logged.reason;
}

std::vector<Value> Floor::runs() {
  std::vector<Value> all;
  for (std::string path = "/api/v1/runs?limit=200"; !path.empty();) {
    const Value page = api("GET", path);
    for (const Value& run : items(page.get("runs")))
      all.push_back(api("GET", "/api/v1/runs/" + std::to_string(run.number("id"))));
    const std::string next = page.text("next");
    path = next.empty() ? "" : "/api/v1/runs?limit=200&cursor=" + next;
  }
  return all;
}

std::vector<Floor::Handed> Floor::handed() {
  std::vector<Taken> taken;
  for (const Value& run : runs())
    for (const Value& step : items(run.get("steps"))) {
      const Value* to = step.at_path("inputs.to");
      if (to == nullptr) to = step.at_path("inputs.channel");
      taken.push_back({run.text("recipe"), step.text("step"), channel_of(step.text("operation")),
                       to == nullptr || to->if_string() == nullptr ? "" : *to->if_string(), step.number("opened_ms"),
                       step.number("closed_ms", step.number("opened_ms"))});
    }
  httplib::Client vendors("127.0.0.1", vendors_->port());
  const auto messages = vendors.Get("/_sandbox/messages"), calls = vendors.Get("/_sandbox/calls");
  BOOST_REQUIRE((messages && calls));
  std::map<std::int64_t, std::string> requests;
  for (const Value& call : items(parse_json(calls->body)->get("calls")))
    requests[call.number("seq")] = call.text("request_body");
  std::vector<Handed> out;
  for (const Value& message : items(parse_json(messages->body)->get("messages"))) {
    const Millis at = message.number("at_ms");
    Sent sent{seoul(at), word_of(message.text("channel")),    e164(message.text("to")), "",
              "",        without_footer(message.text("text"))};
    if (sent.channel == "email") {
      const Value* html = message.at_path("view.html");
      sent.text = message.text("title") + " | " +
                  plain(without_footer(html == nullptr ? message.text("text") : *html->if_string()));
    }
    const auto step = std::find_if(taken.begin(), taken.end(), [&](const Taken& one) {
      return one.channel == sent.channel && one.to == sent.to && one.from_ms <= at && at <= one.until_ms;
    });
    if (step != taken.end()) {
      sent.recipe = step->recipe;
      sent.step = step->step;
      taken.erase(step);
    }
    out.push_back({std::move(sent), requests[message.number("call")]});
  }
  return out;
}

std::vector<Sent> Floor::outbound() {
  std::vector<Sent> out;
  for (Handed& one : handed()) out.push_back(std::move(one.sent));
  return out;
}

std::vector<Logged> Floor::log() {
  std::map<std::int64_t, std::string> names;
  const auto who = [&](std::int64_t customer) -> const std::string& {
    const auto [at, is_new] = names.try_emplace(customer);
    if (is_new && customer != 0) {
      const Value shown = api("GET", "/api/v1/customers/" + std::to_string(customer));
      const Value* name = shown.at_path("traits.name.value");
      if (name != nullptr && name->if_string() != nullptr) at->second = *name->if_string();
    }
    return at->second;
  };
  std::vector<Logged> out;
  for (const Value& run : runs()) {
    const std::string name = who(run.number("customer"));
    for (const Value& decision : items(run.get("decisions")))
      if (!decision.flag("allowed")) {
        const bool later = decision.get("until_ms")->if_int() != nullptr;
        out.push_back({seoul(decision.number("at_ms")), run.text("recipe"), name, decision.text("step"),
                       later ? "deferred" : "skipped", decision.text("reason")});
      }
    if (run.text("state") == "exited")
      out.push_back({seoul(run.number("ended_ms")), run.text("recipe"), name, "-", "exited", run.text("reason")});
  }
  for (const Value& event : items(api("GET", "/api/v1/events?limit=200").get("events"))) {
    // "cart-remind: entry_cap; other: once"
    const std::string reason = event.text("reason");
    const auto colon = reason.find(": ");
    if (colon == std::string::npos) continue;
    const Value whole = api("GET", "/api/v1/events/" + std::to_string(event.number("id")));
    const auto body = parse_json(whole.text("body"));
    const std::string user = body.has_value() ? body->text("userId") : "";
    const Value found = user.empty() ? Value() : api("GET", "/api/v1/customers?identity=user:" + user);
    const List people = items(found.get("customers"));
    const std::string name = people.empty() ? "" : who(people[0].number("id"));
    out.push_back({"", reason.substr(0, colon), name, "-", "not_entered", reason.substr(colon + 2)});
  }
  return out;
}

}  // namespace ieum::acceptance
