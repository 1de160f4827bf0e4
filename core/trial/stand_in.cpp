#include "trial/stand_in.hpp"

#include <charconv>

#include "base/json.hpp"

namespace ieum::trial {
namespace {

constexpr std::string_view kOutputHeader = "x-ieum-trial-output";

std::string connector_of(const std::string& operation) { return operation.substr(0, operation.find('.')); }

int plain_status(const std::string& kind) {
  if (kind == "rate_limited") return 429;
  if (kind == "retry") return 503;
  if (kind == "auth_dead") return 401;
  if (kind == "gone") return 410;
  return 400;
}

}  // namespace

// A connector as it is, but for the trial's own deliveries and outputs.
class StandIn::Passed final : public host::Connector {
 public:
  Passed(const host::Connector& real, const std::deque<Value>& outputs) : real_(real), outputs_(outputs) {}
  [[nodiscard]] const host::Manifest& manifest() const override { return real_.manifest(); }

  [[nodiscard]] host::Effect step(const host::Call& call) const override {
    if (call.phase == host::Phase::webhook) {
      auto event = parse_json(call.body);
      if (event.has_error()) return host::FailEffect{host::FailKind::permanent, "bad_body", event.error().text(), {}};
      return host::EventsEffect{{{call.topic, std::move(*event)}}, {}, false};
    }
    if (call.phase == host::Phase::resume) {
      if (const Value* headers = call.outcome.get("headers"); headers != nullptr) {
        const std::string number = headers->text(kOutputHeader);
        std::size_t index = outputs_.size();
        std::from_chars(number.data(), number.data() + number.size(), index);
        if (!number.empty() && index < outputs_.size()) return host::DoneEffect{outputs_[index]};
      }
    }
    return real_.step(call);
  }

 private:
  const host::Connector& real_;
  const std::deque<Value>& outputs_;
};

StandIn::StandIn(const host::Registry& connectors, const Samples& samples, Vendors* vendors,
                 std::vector<recipe::GivenAnswer> answers)
    : connectors_(connectors), samples_(samples), vendors_(vendors) {
  for (auto& given : answers) answers_.push_back({std::move(given), 0});
  for (const auto* connector : connectors.all()) passed_.push_back(std::make_unique<Passed>(*connector, outputs_));
}

StandIn::~StandIn() = default;

const host::Connector* StandIn::find(std::string_view name) const {
  for (const auto& connector : passed_)
    if (connector->manifest().name == name) return connector.get();
  return nullptr;
}

std::vector<const host::Connector*> StandIn::all() const {
  std::vector<const host::Connector*> all;
  for (const auto& connector : passed_) all.push_back(connector.get());
  return all;
}

Account StandIn::account(const host::Manifest& manifest) const {
  Account account = samples_.account(manifest);
  const auto played = vendors_ == nullptr ? std::nullopt : vendors_->account(manifest.name);
  if (!played) return account;
  account.config = played->config;
  for (const auto& [slot, value] : played->secrets) {
    for (auto& [known, secret] : account.secrets)
      if (known == slot) secret = value;
  }
  return account;
}

void StandIn::send(net::OutboundCall call, std::function<void(net::CallResult)> done) {
  ++calls_;
  done(answer(call.origin, call.request));
}

net::CallResult StandIn::answer(const net::CallOrigin& origin, const HttpRequest& request) {
  for (auto& pending : answers_) {
    const auto& given = pending.given;
    const bool meant = given.use.empty() ? !origin.looks_up : given.use == origin.operation;
    if (!meant || (!given.step.empty() && given.step != origin.step)) continue;
    if (given.times != 0 && pending.used >= given.times) continue;
    ++pending.used;
    if (given.kind == recipe::GivenAnswer::Kind::fail) return failed(given, origin, request);
    if (given.kind == recipe::GivenAnswer::Kind::output) return with_output(given.output);
    HttpResponse response;
    response.status = given.status;
    for (const auto& [name, value] : given.headers) response.headers.add(name, value);
    if (const auto* text = given.body.if_string()) {
      response.body = *text;
    } else if (!given.body.is_null()) {
      response.body = write_json(given.body);
    }
    for (auto at = response.body.find(kRecordedKey); at != std::string::npos;
         at = response.body.find(kRecordedKey, at + origin.key.size()))
      response.body.replace(at, kRecordedKey.size(), origin.key);
    return response;
  }
  return usual(origin, request);
}

net::CallResult StandIn::usual(const net::CallOrigin& origin, const HttpRequest& request) {
  const std::string connector = connector_of(origin.operation);
  if (vendors_ != nullptr && vendors_->account(connector)) return vendors_->answer(origin, request);
  // Records know nothing of this step: whether it is found is whether it was taken before its answer was lost.
  if (origin.looks_up && !taken_.contains(origin.key)) return with_output(Map{{"found", false}});
  if (!origin.looks_up) {
    if (auto recorded = samples_.success(origin, request)) return std::move(*recorded);
  }
  if (const auto* known = connectors_.find(connector)) {
    const auto* operation =
        known->manifest().operation(std::string_view(origin.operation).substr(connector.size() + 1));
    if (operation != nullptr && operation->sample_output) return with_output(*operation->sample_output);
  }
  return HttpResponse{200, {{"content-type", "application/json"}}, "{}"};
}

HttpResponse StandIn::with_output(Value output) {
  outputs_.push_back(std::move(output));
  return {200, {{std::string(kOutputHeader), std::to_string(outputs_.size() - 1)}}, ""};
}

net::CallResult StandIn::failed(const recipe::GivenAnswer& given, const net::CallOrigin& origin,
                                const HttpRequest& request) {
  using Sent = net::CallFailure::Sent;
  if (given.fail == "ambiguous") {
    static_cast<void>(usual(origin, request));  // the vendor acted; nobody hears of it
    taken_.insert(origin.key);
    return net::CallFailure{Sent::maybe,
                            Error("connection_lost", "the connection was lost after the request was written")};
  }
  if (given.fail == "no_answer") return net::CallFailure{Sent::maybe, Error("call_timeout", "no answer came in time")};
  if (given.fail == "unreachable")
    return net::CallFailure{Sent::nothing, Error("connect_failed", "nobody listens there")};
  HttpResponse response{plain_status(given.fail), {{"content-type", "application/json"}}, "{}"};
  if (auto recorded = samples_.failure(origin, given.fail, given.code)) response = std::move(*recorded);
  if (given.retry_after_for)
    response.headers.set("Retry-After", std::to_string((*given.retry_after_for + 999) / kSecond));
  return response;
}

}  // namespace ieum::trial
