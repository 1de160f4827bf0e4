#include "runtime/talk.hpp"

#include <utility>

namespace ieum::runtime {
namespace {

struct Talk : std::enable_shared_from_this<Talk> {
  Talk(Context& hub, TalkCall begin, std::function<void(host::Effect)> end)
      : context(hub),
        connection(std::move(begin.connection)),
        call(std::move(begin.call)),
        requests_left(begin.requests_max),
        counted(begin.first_counted),
        done(std::move(end)) {
    call.connection = connection->config;
  }

  Context& context;
  std::shared_ptr<const LiveConnection> connection;
  host::Call call;
  std::optional<HttpResponse> last;  // what the call's body looks into
  int requests_left;
  bool counted;
  std::function<void(host::Effect)> done;

  void fail(host::FailEffect fail) {
    if (fail.code.empty()) fail.code = "vendor_refused";
    fail.message = connection->redactor.clean(fail.message);
    done(std::move(fail));
  }

  void next() {
    context.working_on("connection " + connection->row.name + ", " + call.operation);
    auto effect = connection->connector->step(call);
    if (auto* refused = std::get_if<host::FailEffect>(&effect)) {
      if (last) host::fill_retry_after(*refused, *last, context.now());
      return fail(std::move(*refused));
    }
    auto* http = std::get_if<host::HttpEffect>(&effect);
    if (http == nullptr && !std::holds_alternative<host::WaitEffect>(effect)) return done(std::move(effect));
    if (http == nullptr || --requests_left < 0)
      return fail({host::FailKind::broken, "module_answer", "the connector's call did not come to an end", {}});
    call.state = http->state;
    Outbound out{connection,
                 std::move(*http),
                 {0, "", connection->row.connector + "." + call.operation, call.step_key, false},
                 quota_call(*connection, call.operation, call.inputs)};
    if (!std::exchange(counted, false) && out.quota.limits != nullptr) context.quota.count(out.quota, context.now());
    send_out(context, std::move(out), [self = shared_from_this()](Sent sent) { self->answered(std::move(sent)); });
  }

  void answered(Sent sent) {
    if (auto* refused = std::get_if<host::FailEffect>(&sent)) return fail(std::move(*refused));
    auto& result = std::get<net::CallResult>(sent);
    if (const auto* failure = std::get_if<net::CallFailure>(&result))
      return fail({host::FailKind::retry, failure->error.code, failure->error.text(), {}});
    last = std::move(std::get<HttpResponse>(result));
    call.phase = host::Phase::resume;
    call.outcome = outcome_value(*last);
    call.body = last->body;
    next();
  }

};

}  // namespace

void talk(Context& context, TalkCall begin, std::function<void(host::Effect)> done) {
  std::make_shared<Talk>(context, std::move(begin), std::move(done))->next();
}

}  // namespace ieum::runtime
