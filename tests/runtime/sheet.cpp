#include "runtime/sheet.hpp"

#include <boost/test/unit_test.hpp>

#include "base/json.hpp"

namespace ieum::test {
namespace {

constexpr std::size_t kPage = 3;

constexpr const char* kManifest = R"yaml(connector: sheet
version: "1.0.0"
title: {ko: 표, en: Sheet}
help: {ko: 시험용, en: For tests}
origins: ["https://sheet.example"]
fields:
  watch: {type: list, title: {ko: 탭, en: Tabs}, help: {ko: 시험용, en: For tests}}
  poll_every: {title: {ko: 간격, en: Interval}, help: {ko: 시험용, en: For tests}}
  backfill: {title: {ko: 지난 것, en: Backlog}, help: {ko: 시험용, en: For tests}}
  url_token: {secret: true, title: {ko: 주소 비밀, en: Address secret}, help: {ko: 시험용, en: For tests}}
  api_token: {secret: true, title: {ko: 토큰, en: Token}, help: {ko: 시험용, en: For tests}}
  push_secret: {secret: true, generate: true, title: {ko: 서명 비밀, en: Push secret}, help: {ko: 시험용, en: For tests}}
auth:
  key: {kind: bearer, slot: api_token}
default_auth: key
webhook:
  verify: [{kind: url_token, secret: url_token}]
  topic: [{header: X-Topic}]
  dedupe: [{header: X-Delivery}]
  events: body
events:
  row.added:
    title: {ko: 새 줄, en: New row}
    help: {ko: 새 줄, en: A new row}
    means: row_added
    project: {total: body.n, source_key: "'row:' + body.text"}
  changed: {title: {ko: 바뀜, en: Changed}, help: {ko: 바뀜, en: Changed}}
  redact:
    title: {ko: 삭제 요청, en: Redact}
    help: {ko: 삭제 요청, en: A person asks}
    erasure: {email: body.email, phone: body.phone}
polls:
  rows:
    title: {ko: 줄, en: Rows}
    help: {ko: 줄, en: Rows}
    each: watch
    events: [row.added]
    every: 30s
    wake_by: [changed]
subscriptions:
  push:
    title: {ko: 알림, en: Push}
    help: {ko: 알림, en: Push}
    each: watch
    ensure: push.ensure
    remove: push.remove
    every: 24h
resources:
  tabs: {title: {ko: 탭, en: Tabs}, help: {ko: 탭, en: Tabs}, list: template.list}
  templates: {title: {ko: 양식, en: Templates}, help: {ko: 양식, en: Templates}, list: template.list, every: 1h}
limits:
  in_flight: 4
  buckets:
    - {name: writes, rate: 2, per: 10s, operations: [write], by: inputs.tab}
    - {name: kept, rate: 1, per: 10s, when: request.path == '/keep'}
operations:
  write:
    title: {ko: 쓰기, en: Write}
    help: {ko: 쓰기, en: Writes}
    inputs:
      # Suggested, so never looked up: that would be one more call for /templates.
      tab: {required: true, resource: {name: tabs, strict: false}, title: {ko: 탭, en: Tab}, help: {ko: 탭, en: Tab}}
      template: {resource: templates, title: {ko: 양식, en: Template}, help: {ko: 양식, en: Template}}
    safety: keyed
    sample: {inputs: {tab: a}, output: {}}
  keep:
    title: {ko: 두기, en: Keep}
    help: {ko: 두기, en: Looks and then keeps}
    inputs: {tab: {required: true, title: {ko: 탭, en: Tab}, help: {ko: 탭, en: Tab}}}
    safety: keyed
    sample: {inputs: {tab: a}, output: {}}
  push.ensure: {internal: true, open_inputs: true, safety: idempotent, title: {ko: 가, en: E}, help: {ko: 가, en: E}, sample: {inputs: {}, output: {}}}
  push.remove: {internal: true, open_inputs: true, safety: idempotent, title: {ko: 가, en: R}, help: {ko: 가, en: R}, sample: {inputs: {}, output: {}}}
  template.list: {internal: true, open_inputs: true, safety: safe, title: {ko: 가, en: L}, help: {ko: 가, en: L}, sample: {inputs: {}, output: {items: []}}}
)yaml";

class SheetConnector final : public host::Connector {
 public:
  SheetConnector(host::Manifest manifest, SheetManners manners)
      : manifest_(std::move(manifest)), manners_(std::move(manners)) {}
  const host::Manifest& manifest() const override { return manifest_; }

  host::Effect step(const host::Call& call) const override {
    if (manners_.on_step) manners_.on_step(call);
    if (call.phase == host::Phase::poll) {
      const auto after = call.state.is_null()
                             ? std::string("end")
                             : std::to_string(std::max(call.state.number("after") - 1, call.state.number("from")));
      return request("GET", "/rows?tab=" + call.inputs.text("item") + "&after=" + after, "", call.state);
    }
    if (call.phase == host::Phase::begin) {
      if (call.operation == "template.list") return request("GET", "/templates", "", Value());
      if (call.operation == "write") {
        Map body{{"tab", call.inputs.text("tab")}, {"key", call.step_key}};
        if (const auto* chosen = call.resources.get("templates")) body.set("template", *chosen);
        return request("POST", "/write", write_json(body), Value());
      }
      if (call.operation == "keep") return request("GET", "/look", "", "looked");
      auto effect = request("POST", "/" + call.operation, write_json(call.inputs), Value());
      if (manners_.signs) effect.fill = {{"/secret", "push_secret"}};
      return effect;
    }
    return resume(call);
  }

 private:
  host::Effect resume(const host::Call& call) const {
    const auto status = call.outcome.number("status");
    if (status == 429) return host::FailEffect{host::FailKind::rate_limited, "rate_limited", "slow down", 30'000};
    if (status == 401) return host::FailEffect{host::FailKind::auth_dead, "token_revoked", "the token is revoked", {}};
    if (status >= 500) return host::FailEffect{host::FailKind::retry, "unavailable", "the vendor is down", {}};
    auto body = parse_json(call.body);
    if (body.has_error()) return host::FailEffect{host::FailKind::broken, "bad_answer", "no JSON", {}};
    if (call.operation == "keep" && call.state.is_string())
      return request("POST", "/keep", write_json(Map{{"tab", call.inputs.text("tab")}}), Value());
    if (call.operation != "rows") return host::DoneEffect{std::move(*body)};
    host::EventsEffect told;
    // Rows of before the first poll are never asked for.
    const auto from = call.state.is_null() ? body->number("last") : call.state.number("from");
    told.cursor = Map{{"after", body->number("last")}, {"from", from}};
    told.more = body->flag("more");
    if (call.state.is_null() && !manners_.tells_backlog) return told;
    for (const auto& row : *body->get("rows")->if_list())
      told.items.push_back({"row.added", row, "row-" + std::to_string(row.number("n"))});
    return told;
  }
  host::HttpEffect request(std::string method, const std::string& path, std::string body, Value state) const {
    host::HttpEffect effect;
    if (manners_.wants_token) effect.auth = "key";
    effect.request.method = std::move(method);
    effect.request.target = "https://sheet.example" + path;
    effect.request.body = std::move(body);
    effect.safety = host::Safety::keyed;
    effect.state = std::move(state);
    return effect;
  }

  host::Manifest manifest_;
  SheetManners manners_;
};

}  // namespace

std::unique_ptr<host::Connector> make_sheet(SheetManners manners) {
  std::string text = kManifest;
  if (manners.optional) {
    text.insert(text.find("    wake_by"), "    optional: true\n");
  }
  if (manners.captures) {
    const std::string_view begin = "push.ensure: {";
    text.insert(text.find(begin) + begin.size(), "capture: {slot: push_secret, at: told}, ");
  }
  auto manifest = host::read_manifest(text, "manifest.yaml");
  BOOST_REQUIRE_MESSAGE(manifest.has_value(), (manifest.has_error() ? manifest.error().text() : ""));
  return std::make_unique<SheetConnector>(std::move(*manifest), std::move(manners));
}

void SheetVendor::send(net::OutboundCall call, std::function<void(net::CallResult)> done) {
  asked.push_back(call.request.target);
  auto run = [this, call = std::move(call), done = std::move(done)] { done(act(call)); };
  if (hold) return held_.push_back(std::move(run));
  run();
}

void SheetVendor::forget() {
  hold = false;
  held_.clear();
}

void SheetVendor::release() {
  hold = false;
  auto held = std::move(held_);
  held_.clear();
  for (auto& run : held) run();
}

net::CallResult SheetVendor::act(const net::OutboundCall& call) {
  const std::string& target = call.request.target;
  if (target.ends_with("/templates")) {
    if (templates_down) return HttpResponse{503, {}, ""};
    return HttpResponse{200, {}, write_json(Map{{"items", templates}})};
  }
  if (call.request.method == "POST" && target.find("/push.") != std::string::npos)
    subscribed.push_back(target.substr(target.rfind('/') + 1) + " " + call.request.body);
  Fate fate = Fate::answer;
  if (!fates.empty()) {
    fate = fates.front();
    fates.pop_front();
  }
  switch (fate) {
    case Fate::refuse_503: return HttpResponse{503, {}, ""};
    case Fate::rate_limit: return HttpResponse{429, {}, ""};
    case Fate::unauthorized: return HttpResponse{401, {}, ""};
    case Fate::unreachable:
      return net::CallFailure{net::CallFailure::Sent::nothing, Error("connect_failed", "refused")};
    case Fate::answer: break;
  }
  if (call.request.method == "POST") {
    subscribed.push_back(target.find("/write") == std::string::npos ? "" : call.request.body);
    if (subscribed.back().empty()) subscribed.pop_back();
    if (secrets_to_tell > 0 && target.ends_with("/push.ensure"))
      return HttpResponse{
          200, {}, R"({"state":{"id":1},"told":"mac-of-hook-)" + std::to_string(secrets_to_tell--) + R"("})"};
    return HttpResponse{200, {}, R"({"state":{"id":1}})"};
  }
  if (target.ends_with("/look")) return HttpResponse{200, {}, "{}"};
  const auto tab = target.find("tab=") + 4;
  const auto& rows = tables[target.substr(tab, target.find('&') - tab)];
  const std::string from = target.substr(target.find("after=") + 6);
  const std::size_t after = from == "end" ? 0 : static_cast<std::size_t>(std::max<std::int64_t>(0, std::stoll(from)));
  List page;
  std::size_t at = after;
  for (; at < rows.size() && page.size() < kPage; ++at)
    page.push_back(Map{{"n", static_cast<std::int64_t>(at + 1)}, {"text", rows[at]}});
  if (from == "end") at = rows.size();
  return HttpResponse{
      200,
      {},
      write_json(Map{{"rows", std::move(page)}, {"last", static_cast<std::int64_t>(at)}, {"more", at < rows.size()}})};
}

}  // namespace ieum::test
