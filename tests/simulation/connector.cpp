#include "simulation/connector.hpp"

#include <map>

#include "base/json.hpp"

namespace ieum::sim {
namespace {

constexpr const char* kManifest = R"yaml(version: "1.0.0"
title: {ko: 시험, en: Test}
help: {ko: 시험용, en: For tests}
fields:
  url_token: {secret: true, title: {ko: 주소 비밀, en: Address secret}, help: {ko: 시험용, en: For tests}}
  api_token: {secret: true, title: {ko: 토큰, en: Token}, help: {ko: 시험용, en: For tests}}
auth:
  token: {kind: bearer, slot: api_token}
default_auth: token
webhook:
  verify: [{kind: url_token, secret: url_token}]
  topic: [{header: X-Topic}]
  dedupe: [{header: X-Delivery}]
  events: module
events:
  note:
    title: {ko: 쪽지, en: Note}
    help: {ko: 쪽지, en: A note}
  orders:
    title: {ko: 주문, en: Order}
    help: {ko: 주문, en: An order}
    means: order_created
    project: {total: dec(body.n), order_id: body.uid, source_key: "'order:' + string(body.uid)", token: body.key, at: body.at}
    identities: {email: body.email, phone: body.phone}
  checkouts:
    title: {ko: 체크아웃, en: Checkout}
    help: {ko: 체크아웃, en: A checkout}
    means: checkout_started
    project: {total: dec(body.n), token: body.key, at: body.at}
    identities: {email: body.email}
  answers:
    title: {ko: 답, en: Answer}
    help: {ko: 답, en: An answer to a step}
    project: {step_key: body.step_key, at: body.at}
)yaml";

struct Kind {
  const char* name;
  const char* more;
};
constexpr Kind kOperations[] = {{"read", "safety: safe"},
                                {"put", "safety: idempotent"},
                                {"pay", "safety: keyed"},
                                {"register", "safety: natural"},
                                {"job", "safety: keyed"},
                                {"post", "safety: unsafe\n    reconcile: find"},
                                {"talk", "safety: unsafe\n    reconcile: find\n    reconcile_after: 2s"},
                                {"shout", "safety: unsafe"}};

std::string manifest_of(const std::string& name) {
  std::string text = "connector: " + name + "\norigins: [\"https://" + name + ".example\"]\n" + kManifest;
  if (name == "beta") text += "limits: {in_flight: 2, buckets: [{name: all, rate: 3, per: 2s}]}\n";
  text += "operations:\n";
  for (const auto& [operation, more] : kOperations) {
    text += std::string("  ") + operation + ":\n    title: {ko: 일, en: Work}\n    help: {ko: 일, en: Works}\n" +
            "    inputs: {text: {required: true, title: {ko: 글, en: Text}, help: {ko: 글, en: Text}}}\n    " + more +
            "\n    sample: {inputs: {text: a}, output: {}}\n";
  }
  return text + R"yaml(  tell:
    title: {ko: 알리기, en: Tell}
    help: {ko: 고객에게 알리기, en: Tells a customer}
    inputs:
      to: {title: {ko: 번호, en: To}, help: {ko: 번호, en: Number}}
      text: {required: true, title: {ko: 글, en: Text}, help: {ko: 글, en: Text}}
    safety: unsafe
    reconcile: find
    reaches: customer
    channel: sim_message
    classes: [info]
    address: to
    text: text
    sample: {inputs: {to: "01012345678", text: a}, output: {}}
  find:
    internal: true
    title: {ko: 찾기, en: Find}
    help: {ko: 찾기, en: Finds}
    open_inputs: true
    safety: safe
    sample: {inputs: {}, output: {found: false}}
)yaml";
}

class SimConnector final : public host::Connector {
 public:
  explicit SimConnector(host::Manifest manifest) : manifest_(std::move(manifest)) {}
  const host::Manifest& manifest() const override { return manifest_; }

  host::Effect step(const host::Call& call) const override {
    if (call.phase == host::Phase::webhook) return events(call);
    if (call.phase == host::Phase::begin) return begin(call);
    return resume(call);
  }

 private:
  static host::Effect events(const host::Call& call) {
    auto body = parse_json(call.body);
    if (body.has_error()) return host::FailEffect{host::FailKind::permanent, "bad_body", "no JSON", {}};
    host::EventsEffect told;
    if (const auto* several = body->get("several"); several != nullptr && several->is_list()) {
      for (const auto& item : *several->if_list()) told.items.push_back({call.topic, item, {}});
    } else {
      told.items.push_back({call.topic, *body, {}});
    }
    return told;
  }

  host::Effect begin(const host::Call& call) const {
    const auto& operation = call.operation;
    if (operation == "find") return ask("find?key=" + call.step_key, "found");
    if (operation == "read") return ask("read", "done");
    if (operation == "talk") return ask("channel", "channel");
    return post(call, operation);
  }

  host::Effect resume(const host::Call& call) const {
    const std::string state = call.state.is_string() ? *call.state.if_string() : "";
    if (state == "waited") return ask("result?key=" + call.step_key, "done");
    const auto status = call.outcome.number("status");
    if (status == 401) return host::FailEffect{host::FailKind::auth_dead, "unauthorized", "the token is refused", {}};
    if (status == 429) return host::FailEffect{host::FailKind::rate_limited, "rate_limited", "slow down", {}};
    if (status >= 500) return host::FailEffect{host::FailKind::retry, "unavailable", "try again", {}};
    if (status == 409) return host::DoneEffect{Map{{"ok", true}, {"known", true}}};
    if (status >= 400) return host::FailEffect{host::FailKind::permanent, "refused", "the vendor refuses", {}};
    if (state == "channel") return post(call, "talk");
    if (state == "job") return host::WaitEffect{call.now_ms + 20 * kSecond, "waited"};
    auto body = parse_json(call.body);
    if (body.has_error()) return host::FailEffect{host::FailKind::ambiguous, "bad_answer", "no JSON", {}};
    return host::DoneEffect{std::move(*body)};
  }

  host::Effect ask(const std::string& path, const char* state) const {
    return request("GET", path, host::Safety::safe, "", state);
  }
  host::Effect post(const host::Call& call, const std::string& operation) const {
    const auto* known = manifest_.operation(operation);
    return request("POST", operation, known->safety,
                   write_json(Map{{"key", call.step_key}, {"text", call.inputs.text("text")}}),
                   operation == "job" ? "job" : "done");
  }
  host::Effect request(const char* method, const std::string& path, host::Safety safety, std::string body,
                       const char* state) const {
    host::HttpEffect effect;
    effect.request.method = method;
    effect.request.target = "https://" + manifest_.name + ".example/" + path;
    effect.request.body = std::move(body);
    effect.auth = "token";
    effect.safety = safety;
    effect.state = state;
    return effect;
  }

  host::Manifest manifest_;
};

class Connectors final : public host::Registry {
 public:
  Connectors() {
    for (const char* name : {"alpha", "beta", "gamma"}) {
      auto manifest = host::read_manifest(manifest_of(name), "manifest.yaml");
      if (manifest.has_error()) assert_failed(manifest.error().text().c_str(), __FILE__, __LINE__);
      all_.emplace(name, std::make_unique<SimConnector>(std::move(*manifest)));
    }
  }
  const host::Connector* find(std::string_view name) const override {
    const auto found = all_.find(name);
    return found == all_.end() ? nullptr : found->second.get();
  }
  std::vector<const host::Connector*> all() const override {
    std::vector<const host::Connector*> list;
    for (const auto& [name, connector] : all_) list.push_back(connector.get());
    return list;
  }
  std::string digest(std::string_view) const override { return {}; }

 private:
  std::map<std::string, std::unique_ptr<host::Connector>, std::less<>> all_;
};

}  // namespace

std::unique_ptr<host::Registry> make_connectors() { return std::make_unique<Connectors>(); }

}  // namespace ieum::sim
