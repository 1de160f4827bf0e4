#include "runtime/talk.hpp"

#include <utility>

#include "runtime/credentials.hpp"
#include "runtime/tokens.hpp"

namespace ieum::runtime {
namespace {

std::string unit_of(Id connection, std::string_view operation) {
  return "connection " + std::to_string(connection) + ", " + std::string(operation);
}

struct Talk : std::enable_shared_from_this<Talk> {
  Talk(Context& hub, TalkCall begin, std::function<void(host::Effect)> end)
      : context(hub),
        connection(std::move(begin.connection)),
        call(std::move(begin.call)),
        requests_left(begin.requests_max),
        by_person(begin.by_person),
        counted(begin.first_counted),
        done(std::move(end)) {
    call.connection = connection->config;
  }

  Context& context;
  std::shared_ptr<const LiveConnection> connection;
  host::Call call;
  std::optional<HttpResponse> last;  // what the call's body looks into
  int requests_left;
  bool by_person, counted;
  bool renewed = false;
  host::HttpEffect last_sent;
  std::function<void(host::Effect)> done;

  void fail(host::FailEffect fail) {
    if (fail.code.empty()) fail.code = "vendor_refused";
    fail.message = connection->redactor.clean(fail.message);
    done(std::move(fail));
  }

  void next() {
    context.working_on(unit_of(connection->row.id, call.operation));
    auto effect = connection->connector->step(call);
    if (auto* refused = std::get_if<host::FailEffect>(&effect)) {
      if (last) host::fill_retry_after(*refused, *last, context.now());
      if (renew(*refused)) return;
      if (refused->kind == host::FailKind::rate_limited && last)
        context.quota.refused(quota_call(*connection, call.operation, call.inputs, last_sent.request),
                              refused->retry_after_for.value_or(kRefusedFor), context.now());
      return fail(std::move(*refused));
    }
    auto* http = std::get_if<host::HttpEffect>(&effect);
    if (http == nullptr && !std::holds_alternative<host::WaitEffect>(effect)) return done(std::move(effect));
    if (http == nullptr || --requests_left < 0)
      return fail({host::FailKind::broken, "module_answer", "the connector's call did not come to an end", {}});
    call.state = http->state;
    last_sent = std::move(*http);
    send(std::exchange(counted, false));
  }

  void send(bool was_counted) {
    Outbound out{connection,
                 last_sent,
                 {0, "", connection->row.connector + "." + call.operation, call.step_key, false},
                 quota_call(*connection, call.operation, call.inputs, last_sent.request)};
    out.caller.insists = by_person;
    if (!was_counted && out.quota.limits != nullptr) context.quota.count(out.quota, context.now());
    send_out(context, std::move(out), [self = shared_from_this()](Sent sent) { self->answered(std::move(sent)); });
  }

  void answered(Sent sent) {
    if (sent.connection) connection = sent.connection;
    if (auto* refused = std::get_if<host::FailEffect>(&sent.outcome)) return fail(std::move(*refused));
    auto& result = std::get<net::CallResult>(sent.outcome);
    if (const auto* failure = std::get_if<net::CallFailure>(&result))
      return fail({host::FailKind::retry, failure->error.code, failure->error.text(), {}});
    last = std::move(std::get<HttpResponse>(result));
    // What comes of it is stored as it is: a vendor that repeats a secret must not bring it into a clear row.
    last->body = connection->redactor.clean(last->body);
    call.phase = host::Phase::resume;
    call.outcome = outcome_value(*last);
    call.body = last->body;
    next();
  }

  // The vendor takes the token no more: a new one, once, and the same request again.
  bool renew(host::FailEffect& refused) {
    const bool dead = refused.kind == host::FailKind::auth_dead || refused.kind == host::FailKind::auth_refresh;
    if (!dead || !last) return false;
    const bool stale = refused.kind == host::FailKind::auth_refresh || last->status == 401;
    const auto scheme = connection->auth.find(last_sent.auth);
    const bool fetched = scheme != connection->auth.end() && scheme->second.fetches_tokens();
    if (!stale || !fetched || std::exchange(renewed, true)) {
      // Without credentials of its own a connection cannot lose them.
      refused.kind = wants_credentials(last_sent) ? host::FailKind::auth_dead : host::FailKind::permanent;
      return false;
    }
    context.tokens->renew(connection, last_sent.auth, [self = shared_from_this()](const Tokens::Got& got) {
      if (const auto* none = std::get_if<host::FailEffect>(&got)) return self->fail(*none);
      self->connection = std::get<Tokens::Connection>(got);
      self->send(false);
    });
    return true;
  }
};

}  // namespace

void talk(Context& context, TalkCall begin, std::function<void(host::Effect)> done) {
  std::make_shared<Talk>(context, std::move(begin), std::move(done))->next();
}

bool ended_the_process(std::string_view cause, Id connection, std::string_view operation) {
  return cause.find(", " + unit_of(connection, operation) + ": ") != std::string_view::npos;
}

}  // namespace ieum::runtime
