#include "runtime/outbound.hpp"

#include <algorithm>

#include "base/encoding.hpp"
#include "base/json.hpp"
#include "base/url.hpp"
#include "runtime/credentials.hpp"

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

void leave(Context& context, const std::string& account) {
  if (auto next = context.lanes.leave(account)) context.parts.engine.post(std::move(next));
}

// Why a request that waited is not made any more; the hub's own conversations may ask a dead connection, to find it mended.
std::optional<host::FailEffect> overtaken(Context& context, const Outbound& out) {
  if (context.stopping)
    return host::FailEffect{host::FailKind::retry, std::string(kStopping), "the hub is stopping; nothing was sent", {}};
  if (out.origin.run == 0 || !wants_credentials(out.effect)) return std::nullopt;
  const auto live = context.live();
  const auto now = live->connections_by_id.find(out.connection->row.id);
  if (now == live->connections_by_id.end() || !now->second->dead()) return std::nullopt;
  return host::FailEffect{host::FailKind::auth_dead, "connection_dead", now->second->health->problem, {}};
}

void transmit(Context& context, const Outbound& out, Ready ready, const std::function<void(Sent)>& done) {
  net::OutboundCall call;
  call.request = std::move(ready.request);
  call.private_addresses_allowed = ready.connection->private_addresses;
  const std::string_view hub = context.parts.public_url;
  for (const std::string& origin : ready.connection->origins)
    call.own_name_allowed |= hub.starts_with(origin) && (hub.size() == origin.size() || hub[origin.size()] == '/');
  call.origin = out.origin;
  context.parts.http.send(
      std::move(call), [&context, connection = ready.connection, quota = out.quota, done](net::CallResult result) {
        context.parts.engine.post([&context, connection, quota, done, result = std::move(result)]() mutable {
          auto* answer = std::get_if<HttpResponse>(&result);
          if (answer != nullptr) learn(context, quota, *answer);
          leave(context, quota.account);
          if (answer == nullptr) return done({std::move(result), connection});
          take_credentials(context, connection, quota.operation, quota.inputs, std::move(*answer),
                           [connection, done](HttpResponse cleaned) {
                             done({std::move(cleaned), connection});
                           });
        });
      });
}

}  // namespace

Value outcome_value(const HttpResponse& answer) {
  Map headers;
  for (const auto& [name, value] : answer.headers.fields()) headers.set(to_lower_ascii(name), value);
  return Map{{"status", answer.status}, {"headers", std::move(headers)}};
}

Quota::Call quota_call(const LiveConnection& connection, const std::string& operation, const Value& inputs,
                       const HttpRequest& request) {
  const auto& limits = connection.limits;
  const bool looked_at = limits != nullptr && std::any_of(limits->buckets.begin(), limits->buckets.end(),
                                                          [](const host::Bucket& one) { return one.when || one.by; });
  Quota::Call call{connection.account, limits, operation, inputs, connection.config, Value()};
  if (!looked_at) return call;
  if (const auto url = parse_url(request.target); url.has_value())
    call.request =
        Map{{"method", request.method}, {"host", url->host}, {"path", url->target.substr(0, url->target.find('?'))}};
  return call;
}

void send_out(Context& context, Outbound out, std::function<void(Sent)> done) {
  const std::string account = out.quota.account;
  const auto cap = static_cast<std::size_t>(out.quota.limits == nullptr ? 8 : out.quota.limits->in_flight);
  auto work = [&context, out = std::move(out), done = std::move(done)] {
    if (auto fail = overtaken(context, out)) {
      leave(context, out.quota.account);
      return done({std::move(*fail), nullptr});
    }
    put_credentials(context, out.connection, out.effect,
                    [&context, out, done](std::variant<Ready, host::FailEffect> result) {
                      if (auto* fail = std::get_if<host::FailEffect>(&result)) {
                        leave(context, out.quota.account);
                        return done({std::move(*fail), nullptr});
                      }
                      transmit(context, out, std::move(std::get<Ready>(result)), done);
                    });
  };
  context.lanes.enter(account, cap, std::move(work));
}

}  // namespace ieum::runtime
