#include "runtime/advance.hpp"

#include "audience/identity.hpp"
#include "base/ids.hpp"
#include "base/json.hpp"
#include "base/limits.hpp"
#include "engine/reasons.hpp"
#include "runtime/gatekeeper.hpp"
#include "runtime/loops.hpp"
#include "runtime/visits.hpp"

namespace ieum::runtime {

Result<engine::RunPoint> point_of(const store::RunRow& run) {
  engine::RunPoint point;
  point.at_step = run.at_step;
  point.vars = Map{};
  if (run.vars.empty()) return point;
  const auto stored = parse_json(run.vars, {.allow_nul = true});  // an expression may have made one
  if (stored.has_error())
    return Error(std::string(engine::reasons::kStateUnreadable), "the variables of the run cannot be read again");
  if (const auto* vars = stored->get("vars")) point.vars = *vars;
  if (const auto* error = stored->get("error")) point.error = *error;
  if (const auto* frames = stored->get("frames")) point.frames = *frames;
  point.listening_since = stored->number("listening_since");
  return point;
}

namespace {

std::string vars_text(const engine::RunPoint& point) {
  Map map;
  if (const auto* vars = point.vars.if_map(); vars != nullptr && !vars->empty()) map.set("vars", point.vars);
  if (!point.error.is_null()) map.set("error", point.error);
  if (!point.frames.is_null()) map.set("frames", point.frames);
  if (point.listening_since != 0) map.set("listening_since", point.listening_since);
  return map.empty() ? std::string() : write_json(map);
}

store::RunState end_state(engine::End::How how) {
  switch (how) {
    case engine::End::How::finished: return store::RunState::finished;
    case engine::End::How::stopped: return store::RunState::stopped;
    case engine::End::How::exited: return store::RunState::exited;
    case engine::End::How::failed: return store::RunState::failed;
  }
  return store::RunState::failed;
}

// Whether what is read from the value's JSON text is this value: no times, no doubles.
bool reads_back(const Value& value) {
  if (const auto* list = value.if_list()) return std::all_of(list->begin(), list->end(), reads_back);
  if (const auto* map = value.if_map())
    return std::all_of(map->begin(), map->end(),
                       [](const auto& entry) { return entry.first.is_string() && reads_back(entry.second); });
  if (const auto* decimal = value.if_decimal()) return decimal->digits.find('.') != std::string::npos;
  using Kind = Value::Kind;
  const auto kind = value.kind();
  return kind == Kind::null || kind == Kind::boolean || kind == Kind::integer || kind == Kind::string;
}

// Why a step cannot be opened at all, or nothing.
std::optional<Error> refusal(const Live& live, const recipe::Use& use, const LiveConnection*& connection,
                             const host::Operation*& operation) {
  const std::string name = use.connection.empty() ? use.connector : use.connection;
  const auto found = live.connections.find(name);
  if (found == live.connections.end()) {
    return Error("connection_missing", "there is no connection \"" + name + "\"",
                 "add it: ieum connection add " + name);
  }
  connection = found->second.get();
  if (connection->connector == nullptr || connection->row.connector != use.connector) {
    return Error("connection_unfit", "connection \"" + name + "\" is not one of connector \"" + use.connector + "\"");
  }
  operation = connection->connector->manifest().operation(use.operation);
  if (operation == nullptr || operation->internal) {
    return Error("unknown_operation", "connector \"" + use.connector + "\" has no operation \"" + use.operation + "\"");
  }
  return std::nullopt;
}

}  // namespace

store::MoveRun end_run(const store::RunRow& run, store::RunState state, std::string reason, std::int64_t epoch,
                       Millis now_ms) {
  store::MoveRun move;
  move.run = run.id;
  move.expected_rev = run.rev;
  move.expected_epoch = run.lease_epoch;
  move.lease_epoch = epoch;
  move.state = state;
  move.at_step = run.at_step;
  move.ended_ms = now_ms;
  move.reason = std::move(reason);
  return move;
}

store::MoveRun attempt_at(const store::RunRow& run, Millis due_ms, std::string reason, std::int64_t epoch) {
  auto move = end_run(run, store::RunState::acting, std::move(reason), epoch, 0);
  move.ended_ms.reset();
  move.due_ms = due_ms;
  return move;
}

bool is_begun(const store::RunRow& run) { return run.state == store::RunState::acting && !run.due_ms; }

bool is_final(const Error& error) {
  static constexpr std::string_view kFinal[] = {"trigger_lost",      "items_lost",          "customer_lost",
                                                "recipe_unreadable", "recipe_version_lost", "state_unreadable"};
  return std::find(std::begin(kFinal), std::end(kFinal), error.code) != std::end(kFinal);
}

Result<Advance> advance(Context& context, store::RunRow run, bool is_new, const recipe::Program& program,
                        RunFacts& facts, engine::Input input, Millis now_ms) {
  const auto live = context.live();
  const auto engine_facts = facts.facts();
  Advance result;
  std::vector<store::Write> rows;  // decisions and steps, behind the run's row
  bool deferred = false;
  IEUM_TRY(auto point, point_of(run));
  const store::RunRow before = run;
  run.lease_epoch = context.parts.store.epoch();
  run.due_ms.reset();

  for (std::size_t rounds = 0;; ++rounds) {
    IEUM_ASSERT(rounds <= program.code.size() * limits::kLoopPassesMax);
    auto transition = engine::decide(program, point, engine_facts, input, now_ms);
    if (facts.problem()) return *facts.problem();
    point = std::move(transition.point);
    run.at_step = point.at_step;
    for (const auto& note : transition.notes)
      context.parts.log.warning(note, {{"recipe", program.recipe.name}, {"run", std::to_string(run.id)}});
    for (const auto& visit : transition.visits) {
      IEUM_CHECK(add_visit(context, run.id, visit, facts, rows, now_ms));
    }
    if (const auto* sleep = std::get_if<engine::Sleep>(&transition.next)) {
      run.state = store::RunState::waiting;
      run.due_ms = sleep->until_ms;
      break;
    }
    if (auto* listen = std::get_if<engine::Listen>(&transition.next)) {
      run.state = store::RunState::waiting;
      run.due_ms = listen->until_ms;
      for (auto& [event, key] : listen->keys)
        rows.emplace_back(store::AddListener{{event, std::move(key.shape), std::move(key.value), run.id, false}});
      break;
    }
    if (auto* end = std::get_if<engine::End>(&transition.next)) {
      run.state = end_state(end->how);
      run.ended_ms = now_ms;
      run.reason = end->reason;
      if (!end->message.empty()) run.reason += ": " + end->message;
      break;
    }
    const auto& act = std::get<engine::Act>(transition.next);
    const auto& use = std::get<recipe::Use>(act.step->verb);
    store::StepRow step;
    step.id = context.parts.store.next_id(store::IdSpace::step);
    step.run = run.id;
    step.step = act.step->id;
    step.iteration = act.iteration;
    step.key = step_key(context.hub_id, run.id, act.step->id, act.iteration);
    step.operation = use.connector + "." + use.operation;
    step.inputs = write_json(act.inputs);
    step.opened_ms = now_ms;
    const LiveConnection* connection = nullptr;
    const host::Operation* operation = nullptr;
    if (auto refused = refusal(*live, use, connection, operation)) {
      step.state = store::StepState::failed;
      step.error_code = refused->code;
      step.error_text = refused->text();
      step.closed_ms = now_ms;
      facts.know_step(step);
      input = engine::StepFailed{refused->code, refused->text()};
      rows.emplace_back(store::OpenStep{std::move(step)});
      continue;
    }
    step.connection = connection->row.id;
    Value inputs = act.inputs;
    if (reaches_customer(*operation, use)) {
      step.reaches_customer = true;
      IEUM_TRY(auto sending, judge_send(context, run, step.id, act.step->id, use, *operation, step.connection,
                                        act.inputs, facts, 0, now_ms));
      step.decision = sending.decision.id;
      rows.emplace_back(store::PutDecision{std::move(sending.decision)});
      if (const auto& verdict = sending.verdict; verdict.kind == audience::Verdict::Kind::deferred) {
        // No INTENT yet: it is rendered and judged anew when it is released.
        run.state = store::RunState::waiting;
        run.due_ms = verdict.until_ms;
        run.reason = verdict.reason;
        deferred = true;
        break;
      }
      if (const auto& verdict = sending.verdict; !verdict.allowed()) {
        step.state = store::StepState::skipped;
        step.error_code = verdict.reason;
        step.closed_ms = now_ms;
        facts.know_step(step);
        rows.emplace_back(store::OpenStep{std::move(step)});
        if (verdict.kind == audience::Verdict::Kind::ended) {
          run.state = store::RunState::exited;
          run.ended_ms = now_ms;
          run.reason = verdict.reason;
          point.frames = Value();
          cancel_loops(rows, now_ms);
          break;
        }
        input = engine::StepSkipped{};
        continue;
      }
      if (sending.unframed) {
        step.state = store::StepState::failed;
        step.error_code = sending.unframed->code;
        step.error_text = sending.unframed->text();
        step.closed_ms = now_ms;
        facts.know_step(step);
        input = engine::StepFailed{step.error_code, step.error_text};
        rows.emplace_back(store::OpenStep{std::move(step)});
        continue;
      }
      if (sending.inputs) {
        inputs = std::move(*sending.inputs);
        step.inputs = write_json(inputs);
      }
    }
    run.state = store::RunState::acting;
    add_step_listeners(step, program, rows);
    result.open = step;
    if (reads_back(inputs)) result.inputs = std::move(inputs);
    rows.emplace_back(store::OpenStep{std::move(step)});
    break;
  }

  if (!deferred && is_deferred(run)) run.reason.clear();
  run.vars = with_hops(vars_text(point), hops_of(run.vars));
  if (is_new) {
    if (auto rev = facts.customer_rev()) result.writes.emplace_back(store::TouchCustomer{run.customer, *rev});
    result.writes.emplace_back(store::StartRun{run, run.customer != 0 || !run.key.empty()});
    if (!store::is_terminal(run.state))
      IEUM_CHECK(add_exit_listeners(run, program.recipe, facts, context.parts.zones, result.writes));
  } else {
    store::MoveRun move = end_run(before, run.state, run.reason, run.lease_epoch, now_ms);
    move.at_step = run.at_step;
    move.due_ms = run.due_ms;
    move.ended_ms = run.ended_ms;
    if (run.vars != before.vars) move.vars = run.vars;
    if (auto rev = facts.customer_rev()) result.writes.emplace_back(store::TouchCustomer{run.customer, *rev});
    result.writes.emplace_back(std::move(move));
    if (listens_by_key(program, before.at_step)) result.writes.emplace_back(store::DropListeners{run.id});
    run.rev = before.rev + 1;
  }
  for (auto& row : rows) result.writes.emplace_back(std::move(row));
  result.run = std::move(run);
  return result;
}

}  // namespace ieum::runtime
