// The way out: from a committed INTENT to an answer.
#include "base/encoding.hpp"
#include "base/json.hpp"
#include "runtime/credentials.hpp"
#include "runtime/flight.hpp"
#include "runtime/held.hpp"
#include "runtime/loops.hpp"
#include "runtime/outbound.hpp"
#include "runtime/repairs.hpp"
#include "runtime/tokens.hpp"
#include "store/restore.hpp"

namespace ieum::runtime {
namespace {

bool repeatable(host::Safety safety) { return safety != host::Safety::unsafe; }

std::string continuation_text(const Value& state, const Value& outcome, std::string_view body, int version) {
  return write_json(Map{{"state", state}, {"outcome", outcome}, {"body", base64_encode(body)}, {"version", version}});
}

// Whether the connector still understands what it left when it began the step.
bool understood(const store::StepRow& step, const host::Manifest& manifest) {
  if (step.continuation.empty()) return true;
  const auto left = parse_json(step.continuation);
  return left.has_error() || left->number("version", manifest.state_version) == manifest.state_version;
}

}  // namespace

void Worker::act(OpenedRun opened, bool fate_unknown) {
  auto flight = std::make_shared<Flight>();
  flight->opened = std::move(opened);
  flight->fate_unknown = fate_unknown;
  IEUM_ASSERT(flights_.emplace(flight->run().id, flight).second);

  const auto live = context_.live();
  const auto& step = flight->step();
  const auto connection = live->connections_by_id.find(step.connection);
  if (connection == live->connections_by_id.end() || connection->second->connector == nullptr) {
    return failed(flight, {host::FailKind::permanent, "connection_missing", "the connection of this step is gone", {}});
  }
  flight->connection = connection->second;
  flight->operation =
      flight->connection->connector->manifest().operation(step.operation.substr(step.operation.find('.') + 1));
  const auto& program = *flight->opened.program;
  const auto position = program.find(step.step);
  if (flight->operation == nullptr || position >= program.code.size() || program.code[position].step == nullptr) {
    return failed(flight,
                  {host::FailKind::permanent, "step_missing", "the step or its operation no longer exists", {}});
  }
  flight->use = &std::get<recipe::Use>(program.code[position].step->verb);
  flight->inputs = std::move(flight->opened.inputs);
  if (flight->inputs.is_null()) {
    auto inputs = parse_json(step.inputs);
    if (inputs.has_error())
      return failed(flight, {host::FailKind::permanent, "inputs_unreadable", inputs.error().text(), {}});
    flight->inputs = std::move(*inputs);
  }
  if (!understood(step, flight->connection->connector->manifest())) {
    return stand(flight,
                 {host::FailKind::broken,
                  "connector_changed",
                  "the connector was replaced while this step was half done, and the new one cannot go on with it; "
                  "look at the vendor what happened, then cancel the run or start it anew",
                  {}});
  }
  if (!step.exchange.empty()) {
    if (auto earlier = parse_json(step.exchange); earlier.has_value() && earlier->is_list())
      flight->exchange = *earlier->if_list();
  }
  // A repeated attempt is judged again, without rendering; what may have been sent is looked up first.
  // A conversation that goes on has been judged when it began: the vendor has taken part of it already.
  if (flight->opened.again && !fate_unknown && step.continuation.empty()) {
    if (program.recipe.keep_while && given_up(flight)) return;
    if (step.reaches_customer && gate_closed(flight)) return;
  }
  // A conversation that has begun goes on: the vendor has part of it already.
  if (const auto* hold = live->hold_over(flight->run().recipe, *flight->connection);
      hold != nullptr && (step.continuation.empty() || hold->of_hub())) {
    // The hub that was lost may have sent it after the backup was made.
    const bool restored = hold->made_by == store::kRestoredBy && flight->run().id <= context_.restored_run;
    return park(flight, held_reason(*hold), "", "", fate_unknown || (hold->of_hub() && restored));
  }
  if (flight->connection->dead()) {
    return hold(flight, {host::FailKind::auth_dead, "connection_dead", flight->connection->health->problem, {}},
                fate_unknown);
  }
  choose(std::move(flight));
}

void Worker::choose(FlightPtr flight) {
  if (!Resources::asked(*flight->operation)) return compute(std::move(flight));
  resources_.find(flight->connection, *flight->operation, flight->inputs, [this, flight](Resources::Found found) {
    if (const auto* fail = std::get_if<host::FailEffect>(&found)) {
      if (fail->code == kHostDown) {
        const Hosts::Away away{context_.now() + fail->retry_after_for.value_or(kMinute), Hosts::Why::down};
        return stay_away(flight, away, flight->connection->row.name);
      }
      flight->credentials = true;  // a list that is refused for them holds the step, too
      return failed(flight, *fail);
    }
    flight->resources = std::move(std::get<Value>(found));
    compute(flight);
  });
}

void Worker::compute(FlightPtr flight) {
  std::string body;
  auto call = call_of(flight->step(), flight->inputs, flight->connection->config, flight->step().opened_ms, body);
  call.resources = flight->resources;
  context_.working_on("run " + std::to_string(flight->run().id) + " step " + flight->step().step);
  auto effect = flight->connection->connector->step(call);
  handle(std::move(flight), std::move(effect), true);
}

void Worker::handle(FlightPtr flight, host::Effect effect, bool journaled) {
  if (auto* http = std::get_if<host::HttpEffect>(&effect)) {
    if (!journaled) return journal(flight, std::move(*http));
    if (flight->fate_unknown && !repeatable(http->safety)) return reconcile(std::move(flight), *http);
    return send(flight, std::move(*http), false);
  }
  if (auto* wait = std::get_if<host::WaitEffect>(&effect))
    return sleep(std::move(flight), wait->until_ms, std::move(wait->state));
  if (auto* end = std::get_if<host::DoneEffect>(&effect)) return done(std::move(flight), end->output);
  if (auto* fail = std::get_if<host::FailEffect>(&effect)) return failed(std::move(flight), *fail);
  failed(std::move(flight),
         {host::FailKind::broken, "module_answer", "the connector told events where an effect was asked", {}});
}

void Worker::send(const FlightPtr& flight, host::HttpEffect effect, bool reconciling) {
  flight->credentials = wants_credentials(effect);
  const std::string& operation = reconciling ? flight->operation->reconcile : flight->operation->name;
  auto quota = quota_call(*flight->connection, operation, flight->inputs, effect.request);
  // A look-up that has begun is not kept, and so goes on at once.
  const bool can_leave = !reconciling || flight->reconciling.phase != host::Phase::resume;
  if (!can_leave) {
    if (quota.limits != nullptr && !context_.parts.rehearsal) context_.quota.count(quota, context_.now());
  } else if (!context_.hosts.down(origin_in(effect.request.target), context_.now()) && waits_for_quota(flight, quota)) {
    return;  // what its host would send away takes no turn
  }
  if (!reconciling) context_.passing("intended");
  Outbound out{flight->connection,
               effect,
               {flight->run().id, flight->step().step, flight->connection->row.connector + "." + operation,
                flight->step().key, reconciling},
               std::move(quota),
               {flight->run().recipe, flight->run().id, can_leave, flight->step().attempt > 0, false},
               hops_of(flight->run().vars)};
  send_out(context_, std::move(out), [this, flight, effect = std::move(effect), reconciling](Sent sent) mutable {
    if (sent.connection) flight->connection = sent.connection;
    if (const auto* away = std::get_if<Hosts::Away>(&sent.outcome))
      return stay_away(flight, *away, origin_in(effect.request.target));
    const auto* refused = std::get_if<host::FailEffect>(&sent.outcome);
    if (refused != nullptr && refused->code == kStopping) return put_off(flight);
    if (refused != nullptr) return reconciling ? still_unknown(flight, *refused) : failed(flight, *refused);
    auto& result = std::get<net::CallResult>(sent.outcome);
    const Millis waited_for = wait_ends(flight->exchange, context_.now());
    record_attempt(flight->exchange, effect.request, result, context_.now(), flight->connection->redactor,
                   reconciling ? "look-up" : "", flight->step().inputs);
    if (begins_anew(flight->run().reason)) {
      begin_budget(flight->exchange);
      flight->run().reason.clear();
    } else {
      waited(flight->exchange, waited_for);
    }
    if (flight->run().reason.starts_with(kHost)) flight->run().reason.clear();
    if (!reconciling) return answered(flight, effect, std::move(result));
    if (const auto* answer = std::get_if<HttpResponse>(&result)) {
      flight->reconciling.phase = host::Phase::resume;
      flight->reconciling.state = effect.state;
      flight->reconciling.outcome = outcome_value(*answer);
      flight->reconciling.body = answer->body;
      flight->reconciling.answered_ms = context_.now();
      auto next = flight->connection->connector->step(flight->reconciling);
      if (auto* fail = std::get_if<host::FailEffect>(&next)) {
        host::fill_retry_after(*fail, *answer, context_.now());
        if (renewed(flight, effect, *fail, answer->status, true)) return;
      }
      return handle_reconcile(flight, std::move(next));
    }
    const auto& failure = std::get<net::CallFailure>(result);
    still_unknown(flight, {host::FailKind::retry, failure.error.code, failure.error.text(), {}});
  });
}

void Worker::answered(FlightPtr flight, const host::HttpEffect& effect, net::CallResult result) {
  context_.passing("answered");
  if (const auto* failure = std::get_if<net::CallFailure>(&result)) {
    const host::FailEffect fail{host::FailKind::retry, failure->error.code, failure->error.text(), {}};
    const bool lost = failure->sent == net::CallFailure::Sent::maybe && !repeatable(effect.safety);
    static constexpr std::string_view kHopeless[] = {"egress_refused", "invalid_header", "bad_url"};
    for (const auto code : kHopeless) {
      if (failure->error.code == code) {
        return failed(std::move(flight), {host::FailKind::permanent, failure->error.code, failure->error.text(), {}});
      }
    }
    if (flight->fate_unknown) mark_unclear(flight->exchange);
    return try_later(std::move(flight), fail, lost);
  }
  const bool repeated = std::exchange(flight->fate_unknown, false);  // what was repeated is answered
  const auto& answer = std::get<HttpResponse>(result);
  host::Call call;
  call.phase = host::Phase::resume;
  call.operation = flight->operation->name;
  call.inputs = flight->inputs;
  call.inputs_json = flight->step().inputs;
  call.resources = flight->resources;
  call.connection = flight->connection->config;
  call.state = effect.state;
  call.outcome = outcome_value(answer);
  call.now_ms = flight->step().opened_ms;
  call.answered_ms = context_.now();
  call.step_key = flight->step().key;
  call.body = answer.body;
  context_.working_on("run " + std::to_string(flight->run().id) + " step " + flight->step().step);
  auto next = flight->connection->connector->step(call);
  if (auto* fail = std::get_if<host::FailEffect>(&next)) {
    host::fill_retry_after(*fail, answer, context_.now());
    if (renewed(flight, effect, *fail, answer.status, false)) return;
    if (fail->kind == host::FailKind::rate_limited)
      context_.quota.refused(quota_call(*flight->connection, flight->operation->name, flight->inputs, effect.request),
                             fail->retry_after_for.value_or(kSecond), context_.now());
    // A gateway that gave up may have passed the request on: an unsafe one is looked up before it is repeated.
    const bool gateway = answer.status == 500 || answer.status == 502 || answer.status == 504;
    if (fail->kind == host::FailKind::retry && gateway && !repeatable(effect.safety))
      fail->kind = host::FailKind::ambiguous;
    if (fail->kind == host::FailKind::ambiguous || repeated) mark_unclear(flight->exchange);
    if (fail->kind == host::FailKind::ambiguous) {
      const bool fate_unknown = !repeatable(effect.safety) || !flight->operation->reconcile.empty();
      return try_later(std::move(flight), *fail, fate_unknown);
    }
    return failed(std::move(flight), *fail);
  }
  if (std::holds_alternative<host::HttpEffect>(next) || std::holds_alternative<host::WaitEffect>(next)) {
    // The answer is what the next request is made from: it is kept, so that the conversation survives a restart.
    flight->step().continuation = continuation_text(effect.state, call.outcome, answer.body,
                                                    flight->connection->connector->manifest().state_version);
    return handle(std::move(flight), std::move(next), false);
  }
  handle(std::move(flight), std::move(next), true);
}

bool Worker::renewed(const FlightPtr& flight, const host::HttpEffect& effect, const host::FailEffect& fail, int status,
                     bool reconciling) {
  const bool stale =
      fail.kind == host::FailKind::auth_refresh || (fail.kind == host::FailKind::auth_dead && status == 401);
  const auto scheme = flight->connection->auth.find(effect.auth);
  if (!stale || flight->renewed || scheme == flight->connection->auth.end() || !scheme->second.fetches_tokens())
    return false;
  flight->renewed = true;
  context_.tokens->renew(flight->connection, effect.auth, [this, flight, effect, reconciling](const Tokens::Got& got) {
    if (const auto* refused = std::get_if<host::FailEffect>(&got))
      return reconciling ? still_unknown(flight, *refused) : failed(flight, *refused);
    flight->connection = std::get<Tokens::Connection>(got);
    send(flight, effect, reconciling);
  });
  return true;
}

void Worker::journal(const FlightPtr& flight, host::HttpEffect effect) {
  store::MoveStep move;
  move.step = flight->step().id;
  move.expected_attempt = move.attempt = flight->step().attempt;
  move.continuation = flight->step().continuation;
  store::Unit unit;
  unit.writes.emplace_back(std::move(move));
  context_.commit(
      std::move(unit), [this, flight, effect = std::move(effect)](const store::UnitOutcome& outcome) mutable {
        if (outcome.kind == store::UnitOutcome::Kind::stale)
          return try_later(
              flight, {host::FailKind::retry, "moved_on", "the step moved while its call was under way", {}}, false);
        if (outcome.kind != store::UnitOutcome::Kind::committed) {
          return again_later(
              flight, [this, flight, effect = std::move(effect)]() mutable { journal(flight, std::move(effect)); });
        }
        handle(flight, std::move(effect), true);
      });
}

void Worker::reconcile(FlightPtr flight, const host::HttpEffect& interrupted) {
  flight->interrupted = interrupted;
  if (flight->operation->reconcile.empty()) {
    return doubt(std::move(flight),
                 {host::FailKind::ambiguous, "in_doubt", "the vendor offers no way to find out", {}});
  }
  auto& call = flight->reconciling;
  call = {};
  call.phase = host::Phase::begin;
  call.operation = flight->operation->reconcile;
  call.inputs = flight->inputs;
  call.resources = flight->resources;
  call.connection = flight->connection->config;
  call.state = interrupted.state;
  call.now_ms = flight->step().opened_ms;
  call.step_key = flight->step().key;
  context_.working_on("run " + std::to_string(flight->run().id) + " step " + flight->step().step + ", its look-up");
  auto effect = flight->connection->connector->step(call);
  handle_reconcile(std::move(flight), std::move(effect));
}

void Worker::handle_reconcile(FlightPtr flight, host::Effect effect) {
  if (auto* http = std::get_if<host::HttpEffect>(&effect)) return send(flight, std::move(*http), true);
  if (const auto* end = std::get_if<host::DoneEffect>(&effect)) {
    if (!end->output.flag("found")) {
      flight->fate_unknown = false;
      if (flight->step().reaches_customer && gate_closed(flight)) return;
      auto interrupted = flight->interrupted;
      return send(flight, std::move(interrupted), false);
    }
    const auto* output = end->output.get("output");
    return done(std::move(flight), output != nullptr ? *output : Value(Map{}));
  }
  if (const auto* fail = std::get_if<host::FailEffect>(&effect)) return still_unknown(std::move(flight), *fail);
  doubt(std::move(flight),
        {host::FailKind::broken, "module_answer", "the look-up answered with an unknown effect", {}});
}

// Nothing was found out of a request whose answer was lost, or it could not be asked about.
void Worker::still_unknown(FlightPtr flight, const host::FailEffect& fail) {
  const bool refused = fail.kind == host::FailKind::auth_dead || fail.kind == host::FailKind::auth_refresh;
  if (refused && flight->credentials) return hold(std::move(flight), fail, true);
  if (fail.kind == host::FailKind::retry || fail.kind == host::FailKind::rate_limited ||
      fail.kind == host::FailKind::ambiguous) {
    return try_later(std::move(flight), fail, true);
  }
  doubt(std::move(flight), fail);
}

}  // namespace ieum::runtime
