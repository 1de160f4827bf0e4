// Walk: waits, and listening for events.
#include "base/json.hpp"
#include "engine/wait_end.hpp"
#include "engine/walk.hpp"

namespace ieum::engine {

namespace {

constexpr const char* kWaitFor = "wait_for";

Millis whole_second(Millis at_ms) { return at_ms - ((at_ms % kSecond) + kSecond) % kSecond; }

// Without the vendor's whole body, which stays with the delivery.
Value fields_of(const Value& event) {
  const Map* all = event.if_map();
  if (all == nullptr) return event;
  Map fields;
  for (const auto& [name, value] : *all)
    if (name.if_string() == nullptr || *name.if_string() != "body") fields.set(name, value);
  return fields;
}

Value trigger_of(const recipe::EventMatch& match, const Facts& facts) {
  return match.where && facts.trigger ? facts.trigger() : Value();
}

std::string key_of_step(const recipe::EventMatch& match, const Facts& facts) {
  return match.step.empty() || !match.match.empty() || !facts.step_key ? std::string() : facts.step_key(match.step);
}

// Without a key nothing can meet it: then only the time-out is left.
std::vector<ListenKey> keys_of(const recipe::WaitFor& wait, const FactScope& scope, const Facts& facts, bool& lacks) {
  std::vector<ListenKey> keys;
  for (const recipe::Awaited& awaited : wait.events) {
    if (const std::string step = key_of_step(awaited.match, facts); !step.empty())
      keys.push_back({awaited.match.event, step_listener(step)});
    if (awaited.match.match.empty()) continue;
    if (auto key = listener_key(awaited.match, scope, facts.zones))
      keys.push_back({awaited.match.event, std::move(*key)});
    else
      lacks = true;
  }
  return keys;
}

}  // namespace

Result<Millis> Walk::end_of(const recipe::Wait& wait, const FactScope& scope) {
  const Value* customer = needs_zone(wait) && wait.zone.empty() ? scope.lookup("customer") : nullptr;
  const Zone& zone = zone_of_wait(wait, program_.recipe.zone, customer, facts_.zones, notes_);
  return wait_end(wait, zone, facts_.zones, scope, now_ms_);
}

Walk::Step Walk::wait(const Instruction& instruction) {
  const auto& wait = std::get<recipe::Wait>(instruction.step->verb);
  point_.at_step = instruction.id;
  const auto until = end_of(wait, scope_of(instruction));
  if (until.has_error())
    return failed_evaluation(until.error(), wait.until ? wait.until->place : instruction.step->place, "`wait`");
  if (*until <= now_ms_) {
    at_ = instruction.next;
    return {};
  }
  return transition(Sleep{*until});
}

Walk::Step Walk::wait_for(const Instruction& instruction) {
  const auto& wait = std::get<recipe::WaitFor>(instruction.step->verb);
  point_.at_step = instruction.id;
  const FactScope scope = scope_of(instruction);
  // What named a step of this run may have come before: it counts from that step's INTENT on.
  for (std::size_t i = 0; i < wait.events.size() && facts_.told; ++i) {
    const recipe::EventMatch& match = wait.events[i].match;
    if (match.step.empty()) continue;
    auto event = facts_.told(match.event, match.step, instruction.id);
    if (!event) continue;
    const Value trigger = trigger_of(match, facts_);
    if (!matches(match, {match.event}, match.connection, *event, nullptr, &trigger, facts_.zones, &scope)) continue;
    return event_came(instruction, {i, match.event, std::move(*event)});
  }
  const auto until = end_of(wait.timeout, scope);
  if (until.has_error()) return failed_evaluation(until.error(), wait.timeout_place, "`timeout`");
  bool lacks = false;
  Listen listen{*until, keys_of(wait, scope, facts_, lacks)};
  if (lacks) notes_.push_back("step \"" + instruction.id + "\": `match` has no value here, so no event can meet it");
  point_.listening_since = now_ms_;
  return transition(std::move(listen));
}

Walk::Step Walk::event_came(const Instruction& instruction, const EventCame& came) {
  IEUM_ASSERT(instruction.kind == Instruction::Kind::wait_for && came.index < instruction.targets.size());
  point_.at_step = instruction.id;
  point_.listening_since = 0;
  Visit visit{instruction.id, iteration(instruction), kWaitFor, Visit::State::done, {}, {}, {}, {}};
  visit.output = Map{{"timed_out", false},
                     {"name", came.name},
                     {"matched", static_cast<std::int64_t>(came.index)},
                     {"event", fields_of(came.event)}};
  visits_.push_back(std::move(visit));
  at_ = instruction.targets[came.index];
  return {};
}

void Walk::timed_out(const Instruction& instruction) {
  point_.listening_since = 0;
  Visit visit{instruction.id, iteration(instruction), kWaitFor, Visit::State::done, {}, {}, {}, {}};
  visit.output = Map{{"timed_out", true}, {"name", ""}, {"matched", -1}, {"event", Value()}};
  visits_.push_back(std::move(visit));
  at_ = instruction.next;
}

MatchKey step_listener(const std::string& step_key) {
  return {write_json(List{Value("event.step_key")}), write_json(List{Value(step_key)})};
}

std::vector<ListenKey> listen_keys(const recipe::Program& program, const RunPoint& run, const Facts& facts,
                                   Millis now_ms) {
  const std::size_t at = program.find(run.at_step);
  if (at == program.code.size() || program.code[at].kind != recipe::Instruction::Kind::wait_for) return {};
  const std::vector<Visit> none;
  const FactScope scope(program, program.code[at], run, facts, none, now_ms);
  bool lacks = false;
  return keys_of(std::get<recipe::WaitFor>(program.code[at].step->verb), scope, facts, lacks);
}

std::optional<EventCame> awaited(const recipe::Program& program, const RunPoint& run, const Facts& facts,
                                 const Told& told, Millis now_ms) {
  const std::size_t at = program.find(run.at_step);
  if (at == program.code.size() || program.code[at].kind != recipe::Instruction::Kind::wait_for) return {};
  const bool fresh = told.at_ms >= whole_second(run.listening_since) && told.at_ms <= told.until_ms;
  const auto& wait = std::get<recipe::WaitFor>(program.code[at].step->verb);
  const std::vector<Visit> none;
  const FactScope scope(program, program.code[at], run, facts, none, now_ms);
  for (std::size_t i = 0; i < wait.events.size(); ++i) {
    const recipe::EventMatch& match = wait.events[i].match;
    const Value trigger = trigger_of(match, facts);
    if (!matches(match, *told.names, told.connection, *told.event, nullptr, &trigger, facts.zones, &scope)) continue;
    if (!match.step.empty()) {
      const std::string key = key_of_step(match, facts);
      const bool by_key = !key.empty() && told.event->text("step_key") == key;
      const bool ours =
          told.event->text("step") == match.step && told.event->number("run") == facts.run.number("id", -1);
      if (by_key && told.at_ms <= told.until_ms) return EventCame{i, match.event, *told.event};
      if (!ours) continue;
    } else if (!fresh) {
      continue;
    }
    if (match.match.empty() ? !told.by_customer : !met(match, told.keys)) continue;
    return EventCame{i, match.event, *told.event};
  }
  return {};
}

}  // namespace ieum::engine
