#include "runtime/probe.hpp"

#include "base/encoding.hpp"

namespace ieum::runtime {
namespace {

struct Talk : std::enable_shared_from_this<Talk> {
  Talk(Context& hub, std::shared_ptr<const LiveConnection> live) : context(hub), connection(std::move(live)) {}

  Context& context;
  std::shared_ptr<const LiveConnection> connection;
  host::Call call;
  std::string body;
  int requests = 0;
  std::function<void(Result<Value>)> done;

  void finish(Result<Value> result) {
    if (result.has_error()) {
      Error error = result.error();
      error.what = connection->redactor.clean(error.what);
      result = std::move(error);
    }
    done(std::move(result));
  }

  void next() {
    auto effect = connection->connector->step(call);
    if (auto* end = std::get_if<host::DoneEffect>(&effect)) return finish(std::move(end->output));
    if (auto* fail = std::get_if<host::FailEffect>(&effect)) {
      return finish(Error(fail->code.empty() ? "vendor_refused" : fail->code, fail->message,
                          fail->kind == host::FailKind::auth_dead ? "enter the credentials again" : ""));
    }
    auto* http = std::get_if<host::HttpEffect>(&effect);
    if (http == nullptr || ++requests > 10)
      return finish(Error("module_answer", "the connector's test did not come to an end"));
    net::OutboundCall out;
    out.request = std::move(http->request);
    out.private_addresses_allowed = connection->private_addresses;
    if (!http->auth.empty()) {
      const auto scheme = connection->auth.find(http->auth);
      if (scheme == connection->auth.end())
        return finish(Error("bad_auth", "the manifest has no auth scheme \"" + http->auth + "\""));
      const auto applied = vault::apply_auth(scheme->second, connection->newest, connection->config,
                                             connection->origins, context.now(), context.parts.random, out.request);
      if (applied.has_error()) return finish(applied.error());
    }
    call.state = http->state;
    context.parts.http.send(std::move(out), [self = shared_from_this()](net::CallResult result) {
      self->context.parts.engine.post([self, result = std::move(result)] { self->answered(result); });
    });
  }

  void answered(const net::CallResult& result) {
    if (const auto* failure = std::get_if<net::CallFailure>(&result)) return finish(failure->error);
    const auto& answer = std::get<HttpResponse>(result);
    Map headers;
    for (const auto& [name, value] : answer.headers.fields()) headers.set(to_lower_ascii(name), value);
    body = answer.body;
    call.phase = host::Phase::resume;
    call.outcome = Map{{"status", answer.status}, {"headers", std::move(headers)}};
    call.body = body;
    next();
  }
};

}  // namespace

void probe(Context& context, std::shared_ptr<const LiveConnection> connection, const std::string& operation,
           Value inputs, std::function<void(Result<Value>)> done) {
  auto talk = std::make_shared<Talk>(context, std::move(connection));
  talk->call.operation = operation;
  talk->call.inputs = std::move(inputs);
  talk->call.connection = talk->connection->config;
  talk->call.now_ms = context.now();
  talk->call.step_key = "probe";
  talk->done = std::move(done);
  talk->next();
}

}  // namespace ieum::runtime
