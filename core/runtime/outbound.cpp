#include "runtime/outbound.hpp"

#include "base/encoding.hpp"
#include "base/json.hpp"
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

void transmit(Context& context, Id id, const Outbound& out, Ready ready, const std::function<void(Sent)>& done) {
  net::OutboundCall call;
  call.request = std::move(ready.request);
  call.private_addresses_allowed = ready.connection->private_addresses;
  call.origin = out.origin;
  context.parts.http.send(
      std::move(call), [&context, id, connection = ready.connection, quota = out.quota, done](net::CallResult result) {
        context.parts.engine.post([&context, id, connection, quota, done, result = std::move(result)]() mutable {
          auto* answer = std::get_if<HttpResponse>(&result);
          if (answer != nullptr) learn(context, quota, *answer);
          context.lanes.leave(id);
          if (answer == nullptr) return done({std::move(result), connection});
          take_credentials(context, connection, quota.operation, std::move(*answer),
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

Quota::Call quota_call(const LiveConnection& connection, const std::string& operation, const Value& inputs) {
  const auto* limits = connection.connector == nullptr ? nullptr : &connection.connector->manifest().limits;
  return {connection.row.id, limits, operation, inputs, connection.config};
}

void send_out(Context& context, Outbound out, std::function<void(Sent)> done) {
  const Id id = out.connection->row.id;
  const auto cap = static_cast<std::size_t>(out.quota.limits == nullptr ? 8 : out.quota.limits->in_flight);
  auto work = [&context, id, out = std::move(out), done = std::move(done)] {
    put_credentials(context, out.connection, out.effect,
                    [&context, id, out, done](std::variant<Ready, host::FailEffect> result) {
                      if (auto* fail = std::get_if<host::FailEffect>(&result)) {
                        context.lanes.leave(id);
                        return done({std::move(*fail), nullptr});
                      }
                      transmit(context, id, out, std::move(std::get<Ready>(result)), done);
                    });
  };
  context.lanes.enter(id, cap, std::move(work));
}

}  // namespace ieum::runtime
