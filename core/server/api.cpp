#include "server/api.hpp"

#include <algorithm>
#include <charconv>

#include "base/json.hpp"
#include "server/answers.hpp"

namespace ieum::server {
namespace {

constexpr int kQueuedMax = 256;  // requests that wait in a lane
constexpr int kReceiptsMax = 64;
constexpr int kPasswordsMax = 16;
constexpr std::size_t kWhoBytes = 64;
constexpr int kLimitMax = 200;
constexpr int kLimitUsual = 50;

std::optional<Id> whole_number(std::string_view text) {
  Id number = 0;
  const auto [stopped, failed] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (failed != std::errc() || stopped != text.data() + text.size() || number < 1) return std::nullopt;
  return number;
}

// The text of a request may hold secrets: it is wiped, and no error quotes it.
Result<Value> read_body(std::string text) {
  const Secret body(std::move(text));
  if (body.reveal().empty()) return Value(Map{});
  IEUM_TRY(auto value, parse_json(body.reveal()));
  if (!value.is_map()) return Error("bad_body", "the body must be a JSON object");
  return value;
}

}  // namespace

std::string ApiCall::parameter(std::string_view name) const {
  const auto found = std::find_if(query.begin(), query.end(), [&](const auto& pair) { return pair.first == name; });
  return found == query.end() ? std::string() : found->second;
}

Result<Id> ApiCall::number(std::string_view name, Id fallback) const {
  const auto text = parameter(name);
  if (text.empty()) return fallback;
  const auto number = whole_number(text);
  if (!number) return Error("bad_parameter", "\"" + std::string(name) + "\" must be a whole number from 1");
  return *number;
}

Result<int> ApiCall::limit() const {
  IEUM_TRY(const auto number, number("limit", kLimitUsual));
  if (number > kLimitMax) return Error("bad_parameter", "\"limit\" is at most " + std::to_string(kLimitMax));
  return static_cast<int>(number);
}

Result<Id> ApiCall::id(std::string_view kind) const {
  const auto number = whole_number(path("id"));
  if (!number)
    return Error("unknown_" + std::string(kind), "there is no " + std::string(kind) + " \"" + path("id") + "\"");
  return *number;
}

Result<std::string> ApiCall::text(std::string_view member) const {
  const auto* value = body.get(member);
  if (value == nullptr || !value->is_string()) {
    return Error("bad_body", "the member \"" + std::string(member) + "\" must be there and be text");
  }
  return *value->if_string();
}

Api::Api(ServerParts parts_, const ServerOptions& options, runtime::Executor& commands, runtime::Executor& passwords)
    : parts(std::move(parts_)),
      version(options.version),
      public_url(options.public_url),
      identity(parts.store, parts.clock, parts.random, options.password_cost),
      audit(parts.store, parts.clock, options.audit_key),
      guard(options.admin_token, options.admin_names, !options.admin_tls_cert_file.empty(), identity),
      live_runs(std::make_shared<LiveRuns>(parts.hub, parts.io, parts.admin,
                                           [this]() -> store::Reader& { return reader(); })),
      bulk(std::make_shared<Bulk>(*this)),
      started_ms(parts.clock.now()),
      admin_{parts.admin, kQueuedMax},
      commands_{commands, kQueuedMax},
      passwords_{passwords, kPasswordsMax},
      receipts_{parts.admin, kReceiptsMax} {}

Status Api::load() {
  IEUM_CHECK(identity.load());
  return audit.load();
}

store::Reader& Api::reader_of(Lane& lane) {
  if (!lane.reader) lane.reader = parts.store.reader();
  return *lane.reader;
}

void Api::in_background(std::function<void()> work) {
  commands_.executor.post([self = shared_from_this(), work = std::move(work)] { work(); });
}
store::Reader& Api::background_reader() { return reader_of(commands_); }

store::Reader& Api::reader() { return reader_of(admin_); }

void Api::close_lane(Lane& lane, std::function<void()> done) {
  lane.executor.post([self = shared_from_this(), &lane, done = std::move(done)] {
    lane.reader.reset();
    done();
  });
}

void Api::close(std::function<void()> done) {
  close_lane(commands_, [self = shared_from_this(), done = std::move(done)] {
    self->close_lane(self->passwords_, [self, done] {
      self->close_lane(self->receipts_, [] {});
      self->close_lane(self->admin_, [done] {
        if (done) done();
      });
    });
  });
}

namespace {

Api::PageHandler as_page(Api::ApiHandler work) {
  return [work = std::move(work)](Api& api, ApiCall& call) -> Result<HttpResponse> {
    IEUM_TRY(const auto value, work(api, call));
    return json_answer(200, value);
  };
}

}  // namespace

Handler Api::on_admin(ApiHandler work) { return in_lane(admin_, as_page(std::move(work))); }
Handler Api::on_admin(PageHandler work) { return in_lane(admin_, std::move(work)); }
Handler Api::on_commands(ApiHandler work) { return in_lane(commands_, as_page(std::move(work))); }
Handler Api::on_passwords(ApiHandler work) { return in_lane(passwords_, as_page(std::move(work))); }
Handler Api::on_receipts(PageHandler work) { return in_lane(receipts_, std::move(work)); }
Handler Api::on_receipts(ApiHandler work) { return in_lane(receipts_, as_page(std::move(work))); }

void send_error(net::Responder& responder, const Error& error) {
  const int status = status_of(error.code);
  auto answer = error_answer(status, error);
  if (status == 503) answer.headers.add("Retry-After", "5");
  if (status == 429) answer.headers.add("Retry-After", "60");
  add_browser_rules(answer);
  responder.send(std::move(answer));
}

Handler Api::in_lane(Lane& lane, PageHandler work) {
  return [self = shared_from_this(), &lane, work = std::move(work)](Exchange exchange) {
    if (lane.queued.fetch_add(1) >= lane.queued_max) {
      lane.queued.fetch_sub(1);
      return send_error(*exchange.responder,
                        Error("too_busy", "too many requests at once", "try again in a few seconds"));
    }
    lane.executor.post([self, &lane, work, exchange = std::move(exchange)]() mutable {
      lane.queued.fetch_sub(1);
      const auto responder = exchange.responder;
      auto answer = self->run(lane, work, exchange);
      add_browser_rules(answer);
      responder->send(std::move(answer));
    });
  };
}

Result<Id> Api::write_down(ApiCall& call) {
  const auto& [request, path, responder, route, caller] = call.exchange;
  if (route.method == Method::get || route.doc.asks || route.needs == Needs::anyone) return 0;
  // Who is not known yet says who it is; a good link of the command line is the owner of the machine.
  const bool known = caller.kind != Caller::Kind::nobody;
  const auto code = call.body.text("code");
  const bool by_link = identity.knows_code(code);
  Audit::Act act;
  act.who = known ? caller.name : by_link ? "local" : call.body.text("name").substr(0, kWhoBytes);
  act.kind = known ? kind_name(caller.kind) : by_link ? "local" : code.empty() ? "person" : "nobody";
  act.what = std::string(method_name(route.method)) + " " + route.pattern;
  act.target = path.text();
  act.peer = request.peer_address;
  auto details = audited(route.doc, call.body);
  if (route.doc.tells)
    for (const auto& [name, value] : route.doc.tells(*this, call)) details.set(name, value);
  act.details = write_json(details);
  return audit.begin(act);
}

HttpResponse Api::run(Lane& lane, const PageHandler& work, Exchange& exchange) {
  auto& request = exchange.request.http;
  ApiCall call{exchange, reader_of(lane), {}, Map{}, guard.origin(request), {}, {}};
  Id entry = 0;
  auto result = [&]() -> Result<HttpResponse> {
    // Whoever was thrown out while this waited in the lane does no more.
    if (exchange.caller.kind != Caller::Kind::nobody && !identity.in_force(exchange.caller))
      return Error("not_logged_in", "the session or token has ended", "log in again");
    IEUM_TRY(call.query, form_decode(query_of(request.target)));
    IEUM_TRY(call.body, read_body(std::move(request.body)));
    if (!exchange.route.doc.open) {
      IEUM_CHECK(judge_query(exchange.route.doc, call.query));
      IEUM_CHECK(judge_body(exchange.route.doc, call.body));
    }
    IEUM_TRY(entry, write_down(call));
    return work(*this, call);
  }();
  auto answer = result.has_value() ? std::move(*result)
                                   : error_answer(status_of(result.error().code), result.error(), call.error_details);
  if (entry != 0) {
    audit.end(entry, answer.status);
    parts.log.info("somebody asked for a change",
                   {{"what", request.method + " " + std::string(path_of(request.target))},
                    {"by", exchange.caller.name},
                    {"status", std::to_string(answer.status)}});
  }
  for (const auto& [name, value] : call.answer_headers.fields()) answer.headers.add(name, value);
  return answer;
}

}  // namespace ieum::server
