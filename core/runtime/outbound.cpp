#include "runtime/outbound.hpp"

#include "base/encoding.hpp"
#include "base/json.hpp"

namespace ieum::runtime {
namespace {

constexpr std::size_t kLearnedBodyBytes = 1u << 20;  // a larger answer is not read for what is left

void learn(Context& context, const Quota::Call& call, const HttpResponse& answer) {
  if (call.limits == nullptr || !call.limits->remaining) return;
  const Value outcome = outcome_value(answer);
  Value body;
  if (!answer.body.empty() && answer.body.size() <= kLearnedBodyBytes) {
    if (auto parsed = parse_json(answer.body); parsed.has_value()) body = std::move(*parsed);
  }
  context.quota.answered(call, answer.status, *outcome.get("headers"), body, context.now());
}

std::optional<host::FailEffect> put_credentials(Context& context, const LiveConnection& connection,
                                                const std::string& name, HttpRequest& request) {
  if (name.empty()) return std::nullopt;
  const auto scheme = connection.auth.find(name);
  const Status applied = scheme == connection.auth.end()
                             ? Status(Error("bad_auth", "the manifest has no auth scheme \"" + name + "\""))
                             : vault::apply_auth(scheme->second, connection.newest, connection.config,
                                                 connection.origins, context.now(), context.parts.random, request);
  if (applied.has_value()) return std::nullopt;
  return host::FailEffect{host::FailKind::auth_dead, applied.error().code, applied.error().text(), {}};
}

}  // namespace

Value outcome_value(const HttpResponse& answer) {
  Map headers;
  for (const auto& [name, value] : answer.headers.fields()) headers.set(to_lower_ascii(name), value);
  return Map{{"status", answer.status}, {"headers", std::move(headers)}};
}

Quota::Call quota_call(const LiveConnection& connection, const std::string& operation, const Value& inputs) {
  const auto* limits = connection.connector == nullptr ? nullptr : &connection.connector->manifest().limits;
  return {connection.row.id, limits, operation, inputs, connection.config};
}

void send_out(Context& context, Outbound out, std::function<void(Sent)> done) {
  const Id id = out.connection->row.id;
  const auto cap = static_cast<std::size_t>(out.quota.limits == nullptr ? 8 : out.quota.limits->in_flight);
  auto work = [&context, id, out = std::move(out), done = std::move(done)]() mutable {
    net::OutboundCall call;
    call.request = out.effect.request;
    call.private_addresses_allowed = out.connection->private_addresses;
    call.origin = std::move(out.origin);
    if (auto fail = put_credentials(context, *out.connection, out.effect.auth, call.request)) {
      context.lanes.leave(id);
      return done(std::move(*fail));
    }
    context.parts.http.send(std::move(call), [&context, id, quota = std::move(out.quota),
                                              done = std::move(done)](net::CallResult result) mutable {
      context.parts.engine.post([&context, id, quota = std::move(quota), done = std::move(done),
                                 result = std::move(result)]() mutable {
        if (const auto* answer = std::get_if<HttpResponse>(&result)) learn(context, quota, *answer);
        context.lanes.leave(id);
        done(std::move(result));
      });
    });
  };
  context.lanes.enter(id, cap, std::move(work));
}

}  // namespace ieum::runtime
