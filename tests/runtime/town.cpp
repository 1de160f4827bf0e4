#include "runtime/town.hpp"

#include <algorithm>
#include <boost/test/unit_test.hpp>

#include "base/json.hpp"

namespace ieum::test {
namespace {

constexpr Millis kSwallowedFor = 30 * kSecond;  // until a call is given up

constexpr const char* kManifest = R"yaml(connector: town
version: "1.0.0"
title: {ko: 시험, en: Test}
help: {ko: 시험용, en: For tests}
origins: ["https://{house}.example"]
fields:
  house: {required: true, title: {ko: 집, en: House}, help: {ko: 시험용, en: For tests}}
  url_token: {secret: true, title: {ko: 주소 비밀, en: Address secret}, help: {ko: 시험용, en: For tests}}
webhook:
  verify: [{kind: url_token, secret: url_token}]
  topic: [{header: X-Topic}]
  events: module
events:
  note:
    title: {ko: 쪽지, en: Note}
    help: {ko: 쪽지, en: A note}
operations:
  put:
    title: {ko: 두기, en: Put}
    help: {ko: 두기, en: Puts}
    inputs: {text: {required: true, title: {ko: 글, en: Text}, help: {ko: 글, en: Text}}}
    safety: idempotent
    sample: {inputs: {text: a}, output: {}}
)yaml";

class TownConnector final : public host::Connector {
 public:
  explicit TownConnector(host::Manifest manifest) : manifest_(std::move(manifest)) {}
  const host::Manifest& manifest() const override { return manifest_; }

  host::Effect step(const host::Call& call) const override {
    if (call.phase == host::Phase::webhook) {
      auto body = parse_json(call.body);
      if (body.has_error()) return host::FailEffect{host::FailKind::permanent, "bad_body", "no JSON", {}};
      return host::EventsEffect{{{call.topic, *body}}, {}, false};
    }
    if (call.phase == host::Phase::begin) {
      host::HttpEffect effect;
      effect.request.method = "POST";
      effect.request.target = "https://" + call.connection.text("house") + ".example/messages";
      effect.request.body = call.inputs.text("text");
      effect.safety = host::Safety::idempotent;
      return effect;
    }
    if (call.outcome.number("status") >= 500)
      return host::FailEffect{host::FailKind::retry, "unavailable", "try again", {}};
    return host::DoneEffect{Map{}};
  }

 private:
  host::Manifest manifest_;
};

std::unique_ptr<host::Connector> make_connector() {
  auto manifest = host::read_manifest(kManifest, "manifest.yaml");
  BOOST_REQUIRE_MESSAGE(manifest.has_value(), (manifest.has_value() ? "" : manifest.error().text()));
  return std::make_unique<TownConnector>(std::move(*manifest));
}

}  // namespace

Town::Town(const std::vector<std::string>& connections, bool alarms)
    : hub(Setup{.connector = make_connector(),
                .http = this,
                .config = Map{{"house", "shop"}},
                .in_memory = true,
                .alarms = alarms,
                .watches_disk = false}) {
  for (const auto& name : connections) {
    runtime::NewConnection connection;
    connection.name = name;
    connection.connector = "town";
    connection.config = Map{{"house", name}};
    connection.secrets.emplace_back("url_token", Secret("token-of-" + name));
    BOOST_REQUIRE(hub.hub->put_connection(connection).has_value());
    hub.apply("recipe: " + name + "\ntitle: t\ntrigger: {event: town/note, connection: " + name +
              "}\nsteps:\n  - id: send\n    use: town.put\n    connection: " + name +
              "\n    with: {text: \"{{ trigger.text }}\"}\n    retry: {for: 240h}\n");
  }
  hub.settle();
}

void Town::send(net::OutboundCall call, std::function<void(net::CallResult)> done) {
  const auto& target = call.request.target;
  const auto name = target.substr(8, target.find(".example") - 8);
  auto& house = houses[name];
  const Millis now = hub.clock.now();
  ++house.calls;
  house.begun.push_back(now);
  house.most_under_way = std::max(house.most_under_way, ++house.under_way);
  const auto text = call.request.body;
  house.first_call.emplace(text, now);
  const Fate fate = house.fate ? house.fate() : Fate::answer;
  answers_.emplace(now + (fate == Fate::swallow ? kSwallowedFor : house.takes), [this, &house, name, fate, text, done,
                                                                                 request = call.request] {
    --house.under_way;
    if (fate == Fate::swallow)
      return done(net::CallFailure{net::CallFailure::Sent::maybe, Error("call_timeout", "no answer in time")});
    if (fate == Fate::fail) return done(HttpResponse{503, {}, ""});
    ++house.answers;
    house.done.insert(text);
    done(HttpResponse{200, {}, "{}"});
    if (!on_call) return;
    hub.settle();
    on_call(name, request);
  });
}

void Town::deliver(const std::string& connection, const std::string& text, const std::string& hops) {
  HttpRequest request;
  request.method = "POST";
  request.target = "/hooks/" + connection + "/token-of-" + connection;
  request.headers.add("Content-Type", "application/json");
  request.headers.add("X-Topic", "note");
  if (!hops.empty()) request.headers.add("Ieum-Hops", hops);
  request.body = write_json(Map{{"text", text}});
  int status = 0;
  hub.hub->accept(connection, "token-of-" + connection, std::move(request),
                  [&](const HttpResponse& answer) { status = answer.status; });
  hub.settle();
  BOOST_REQUIRE_EQUAL(status, 200);
}

void Town::run(const std::vector<Given>& given, Millis to) {
  auto next = given.begin();
  for (;;) {
    hub.engine->post([this] { hub.hub->tick(); });
    hub.settle();
    const auto due = hub.hub->next_due();
    BOOST_REQUIRE(due.has_value());
    Millis at = to + 1;
    if (*due) at = std::min(at, **due);
    if (!hub.alarms.empty()) at = std::min(at, std::max(hub.alarms.begin()->first, hub.clock.now()));
    if (!answers_.empty()) at = std::min(at, answers_.begin()->first);
    if (next != given.end()) at = std::min(at, next->at_ms);
    if (at > to) break;
    if (at > hub.clock.now()) hub.clock.set(at);
    hub.wake();
    while (next != given.end() && next->at_ms <= at) {
      deliver(next->connection, next->text);
      ++next;
    }
    while (!answers_.empty() && answers_.begin()->first <= at) {
      answers_.extract(answers_.begin()).mapped()();
      hub.settle();
    }
  }
  hub.clock.set(to);
}

}  // namespace ieum::test
