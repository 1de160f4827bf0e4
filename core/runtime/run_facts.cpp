#include "runtime/run_facts.hpp"

#include "base/json.hpp"
#include "host/delivery.hpp"

namespace ieum::runtime {
namespace {

const char* status_text(store::StepState state) {
  switch (state) {
    case store::StepState::intent: return "open";
    case store::StepState::done: return "done";
    case store::StepState::failed: return "failed";
    case store::StepState::in_doubt: return "in_doubt";
    case store::StepState::cancelled: return "cancelled";
    case store::StepState::skipped: return "skipped";
  }
  return "open";
}

Value parsed_or_null(const std::string& json) {
  if (json.empty()) return {};
  auto value = parse_json(json);
  return value.has_value() ? std::move(*value) : Value();
}

Value step_scope(const store::StepRow& step) {
  Map map;
  map.set("status", status_text(step.state));
  if (!step.output.empty()) map.set("output", parsed_or_null(step.output));
  if (!step.error_code.empty()) map.set("error", Map{{"code", step.error_code}, {"message", step.error_text}});
  return map;
}

}  // namespace

void RunFacts::know_customer(store::CustomerRow customer, std::vector<store::IdentityRow> identities, bool is_new) {
  if (!is_new) customer_rev_ = customer.rev;
  customer_row_ = std::move(customer);
  identities_ = std::move(identities);
}

void RunFacts::know_step(store::StepRow step) { known_steps_.push_back(std::move(step)); }

Result<Value> RunFacts::read_trigger() {
  IEUM_TRY(auto stored, context_.reader->event(run_.trigger_event));
  if (!stored) return Error("trigger_lost", "the event that started this run is no longer stored");
  const auto live = context_.live();
  const auto connection = live->connections_by_id.find(stored->event.connection);
  if (connection == live->connections_by_id.end() || connection->second->connector == nullptr) {
    return Error("trigger_lost", "the connection that told the event of this run is gone", "add it again");
  }
  context_.working_on("run " + std::to_string(run_.id) + ", reading its trigger");
  IEUM_TRY(auto events,
           host::read_delivery(*connection->second->connector, connection->second->config, stored->event.topic,
                               stored->payload.headers, stored->payload.body, stored->event.received_ms));
  if (run_.trigger_item < 0 || static_cast<std::size_t>(run_.trigger_item) >= events.size()) {
    return Error("trigger_lost", "the delivery no longer yields the event that started this run");
  }
  return host::event_scope(events[static_cast<std::size_t>(run_.trigger_item)]);
}

Result<engine::Facts> RunFacts::facts() {
  if (!trigger_) {
    IEUM_TRY(trigger_, read_trigger());
  }
  engine::Facts facts;
  facts.trigger = *trigger_;
  facts.run = Map{
      {"id", run_.id},
      {"recipe", recipe_.name},
      {"started_at", Timestamp{run_.started_ms / 1000, static_cast<std::int32_t>(run_.started_ms % 1000) * 1'000'000}}};
  facts.steps = [this] { return steps(); };
  facts.customer = [this] { return customer(); };
  facts.zones = &context_.parts.zones;
  return facts;
}

Value RunFacts::steps() {
  Map map;
  auto stored = context_.reader->steps(run_.id);
  if (stored.has_error()) {
    problem_ = stored.error();
    return map;
  }
  for (const auto& step : *stored) map.set(step.step, step_scope(step));
  for (const auto& step : known_steps_) map.set(step.step, step_scope(step));
  return map;
}

void RunFacts::read_customer() {
  if (customer_row_ || run_.customer == 0) return;
  auto row = context_.reader->customer(run_.customer);
  auto identities = context_.reader->identities(run_.customer);
  if (row.has_error() || identities.has_error()) {
    problem_ = row.has_error() ? row.error() : identities.error();
    return;
  }
  if (!*row) return;
  customer_rev_ = (*row)->rev;
  customer_row_ = std::move(**row);
  identities_ = std::move(*identities);
}

Value RunFacts::customer() {
  read_customer();
  if (!customer_row_) return Map{};
  return customer_scope(*customer_row_, identities_);
}

Result<audience::GateFacts> RunFacts::gate_facts() {
  read_customer();
  if (problem_) return *problem_;
  audience::GateFacts facts;
  facts.run_alive = !store::is_terminal(run_.state);
  if (run_.customer == 0) return facts;
  IEUM_TRY(auto opt_outs, context_.reader->opt_outs(run_.customer));
  for (auto& row : opt_outs) facts.opt_outs.push_back({std::move(row.topic), std::move(row.channel)});
  // An exit that is in the history although the run lives: told late, or while this step was decided.
  for (const auto& exit : recipe_.exit_on) {
    if (exit.where || exit.event.find('/') != std::string::npos || facts.exited) continue;
    IEUM_TRY(const auto seen, context_.reader->history(run_.customer, exit.event, run_.started_ms, INT64_MAX, 1));
    facts.exited = !seen.empty();
  }
  return facts;
}

Value customer_scope(const store::CustomerRow& customer, const std::vector<store::IdentityRow>& identities) {
  Map map;
  if (const auto traits = parsed_or_null(customer.traits); traits.is_map()) {
    for (const auto& [name, trait] : *traits.if_map()) {
      if (const auto* value = trait.get("value")) map.set(name, *value);
    }
  }
  for (const auto& identity : identities) map.add(identity.kind, identity.value);
  map.set("id", customer.id);
  return map;
}

}  // namespace ieum::runtime
