#include "runtime/outbound.hpp"

#include <algorithm>
#include <memory>

#include "base/encoding.hpp"
#include "base/json.hpp"
#include "base/url.hpp"
#include "runtime/credentials.hpp"
#include "runtime/loops.hpp"

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

// What an outcome says about its host.
Breaker::Outcome health_of(const net::CallResult& result) {
  using Outcome = Breaker::Outcome;
  const auto* failure = std::get_if<net::CallFailure>(&result);
  if (failure == nullptr) return std::get<HttpResponse>(result).status < 500 ? Outcome::answered : Outcome::failed;
  const auto& code = failure->error.code;
  if (code == "egress_refused" || code == "invalid_header" || code == "bad_url") return Outcome::untold;
  if (code == "answer_too_large") return Outcome::answered;
  return code == "bad_answer" ? Outcome::failed : Outcome::unreachable;
}

// One run that this host had sent away.
void call_back(Context& context, const std::string& origin) {
  if (!context.wake_away) return;
  while (const auto run = context.hosts.call_back(origin))
    if (context.wake_away(*run)) return;
}

void leave(Context& context, const Outbound& out, const Hosts::Pass& pass, Breaker::Outcome outcome, Millis came) {
  auto left = context.hosts.leave(pass, outcome, came, context.now(), context.parts.random);
  if (left.news != Hosts::Left::News::none) {
    const std::string origin(origin_in(out.effect.request.target));
    if (left.news == Hosts::Left::News::fails)
      context.parts.log.warning("a host has failed for an hour; one call at a time tries it",
                                {{"host", origin}, {"connection", out.connection->row.name}});
    else
      context.parts.log.info("a host that failed for long answers again", {{"host", origin}});
  }
  for (auto& work : left.begin) context.parts.engine.post(std::move(work));
  for (std::size_t i = 0; i < left.call_back; ++i)
    context.parts.engine.post(
        [&context, origin = std::string(origin_in(out.effect.request.target))] { call_back(context, origin); });
  if (left.eased && context.eased) context.parts.engine.post([&context] { context.eased(); });
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

void transmit(Context& context, const std::shared_ptr<const Outbound>& out, const Hosts::Pass& pass, Ready ready,
              const std::function<void(Sent)>& done) {
  net::OutboundCall call;
  call.request = std::move(ready.request);
  call.private_addresses_allowed = ready.connection->private_addresses;
  const std::string_view hub = context.parts.public_url;
  for (const std::string& origin : ready.connection->origins)
    call.own_name_allowed |= hub.starts_with(origin) && (hub.size() == origin.size() || hub[origin.size()] == '/');
  if (out->origin.run != 0)
    call.request.headers.set(
        kHopsHeader, out->hops == 0 ? context.first_hop : hops_text(out->hops + 1, context.receipt_key.reveal()));
  call.origin = out->origin;
  context.parts.http.send(
      std::move(call), [&context, connection = ready.connection, out, pass, done](net::CallResult result) {
        context.parts.engine.post(
            [&context, connection, out, pass, done, result = std::move(result), came = context.now()]() mutable {
              const auto& quota = out->quota;
              auto* answer = std::get_if<HttpResponse>(&result);
              if (answer != nullptr) learn(context, quota, *answer);
              leave(context, *out, pass, health_of(result), came);
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

void sleeps(Context& context, const std::string& origin, Id run) {
  if (context.hosts.sleeps(origin, run, context.now())) call_back(context, origin);
}

void send_out(Context& context, Outbound asked, std::function<void(Sent)> done) {
  const auto out = std::make_shared<const Outbound>(std::move(asked));
  const auto go = [&context, out, done = std::move(done)](Hosts::Entry entry) {
    if (auto fail = overtaken(context, *out)) {
      if (const auto* pass = std::get_if<Hosts::Pass>(&entry))
        leave(context, *out, *pass, Breaker::Outcome::untold, context.now());
      return done({std::move(*fail), nullptr});
    }
    if (const auto* away = std::get_if<Hosts::Away>(&entry)) {
      if (out->caller.can_leave) return done({*away, nullptr});
      const std::string origin(origin_in(out->effect.request.target));
      return done(
          {host::FailEffect{host::FailKind::retry, std::string(kHostDown),
                            origin + " does not answer of late; it was not asked", away->due_ms - context.now()},
           nullptr});
    }
    put_credentials(
        context, out->connection, out->effect,
        [&context, out, pass = std::get<Hosts::Pass>(entry), done](std::variant<Ready, host::FailEffect> result) {
          if (auto* fail = std::get_if<host::FailEffect>(&result)) {
            leave(context, *out, pass, Breaker::Outcome::untold, context.now());
            return done({std::move(*fail), nullptr});
          }
          transmit(context, out, pass, std::move(std::get<Ready>(result)), done);
        });
  };
  if (context.parts.rehearsal) return go(Hosts::Pass());
  const auto* limits = out->quota.limits.get();
  context.hosts.enter({origin_in(out->effect.request.target), out->quota.account,
                       static_cast<std::size_t>(limits == nullptr ? 8 : limits->in_flight),
                       out->effect.request.body.size(), out->caller},
                      context.now(), go);
}

}  // namespace ieum::runtime
