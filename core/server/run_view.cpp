#include "server/run_view.hpp"

#include <algorithm>
#include <array>

#include "base/encoding.hpp"
#include "base/json.hpp"
#include "runtime/exchange.hpp"
#include "runtime/held.hpp"

namespace ieum::server {
namespace {

Value or_null(const std::optional<Millis>& value) { return value ? Value(*value) : Value(); }
Value id_or_null(Id id) { return id != 0 ? Value(id) : Value(); }
Value name_or_null(Id id, const Names& names) {
  const auto found = names.find(id);
  return found == names.end() ? Value() : Value(found->second);
}

constexpr std::array<std::pair<store::RunState, std::string_view>, 8> kRunStates = {{
    {store::RunState::acting, "acting"},
    {store::RunState::waiting, "waiting"},
    {store::RunState::in_doubt, "in_doubt"},
    {store::RunState::finished, "finished"},
    {store::RunState::exited, "exited"},
    {store::RunState::stopped, "stopped"},
    {store::RunState::failed, "failed"},
    {store::RunState::cancelled, "cancelled"},
}};
constexpr std::array<std::pair<store::EventState, std::string_view>, 4> kEventStates = {{
    {store::EventState::fresh, "accepted"},
    {store::EventState::routed, "routed"},
    {store::EventState::quarantined, "quarantined"},
    {store::EventState::dead, "set_aside"},
}};
constexpr std::array<std::pair<store::StepState, std::string_view>, 7> kStepStates = {{
    {store::StepState::intent, "intent"},
    {store::StepState::done, "done"},
    {store::StepState::failed, "failed"},
    {store::StepState::in_doubt, "in_doubt"},
    {store::StepState::cancelled, "cancelled"},
    {store::StepState::skipped, "skipped"},
    {store::StepState::running, "running"},
}};

template <class State, std::size_t size>
std::string_view word_of(const std::array<std::pair<State, std::string_view>, size>& words, State state) {
  for (const auto& [known, word] : words) {
    if (known == state) return word;
  }
  return "unknown";
}

template <class State, std::size_t size>
std::optional<State> state_of(const std::array<std::pair<State, std::string_view>, size>& words,
                              std::string_view text) {
  for (const auto& [state, word] : words) {
    if (word == text) return state;
  }
  return std::nullopt;
}

}  // namespace

Names recipe_names(store::Reader& reader) {
  Names names;
  if (const auto rows = reader.recipes(); rows.has_value()) {
    for (const auto& row : *rows) names.emplace(row.id, row.name);
  }
  return names;
}

Names connection_names(store::Reader& reader) {
  Names names;
  if (const auto rows = reader.connections(); rows.has_value()) {
    for (const auto& row : *rows) names.emplace(row.id, row.name);
  }
  return names;
}

std::string_view run_state_word(store::RunState state) { return word_of(kRunStates, state); }
std::optional<store::RunState> run_state(std::string_view word) { return state_of(kRunStates, word); }
std::string_view event_state_word(store::EventState state) { return word_of(kEventStates, state); }
std::optional<store::EventState> event_state(std::string_view word) { return state_of(kEventStates, word); }
std::string_view step_state_word(store::StepState state) { return word_of(kStepStates, state); }

Value hub_hold_view(const std::vector<store::HoldRow>& holds) {
  for (const auto& hold : holds)
    if (hold.of_hub())
      return Map{{"id", hold.id},
                 {"reason", hold.reason},
                 {"made_by", hold.made_by},
                 {"since_ms", hold.since_ms},
                 {"state", hold.released() ? "releasing" : "holding"}};
  return {};
}

Value totals_view(const store::Totals& totals) {
  return Map{{"events", totals.events},
             {"events_accepted", totals.events_fresh},
             {"events_quarantined", totals.events_quarantined},
             {"events_set_aside", totals.events_dead},
             {"runs", totals.runs},
             {"runs_acting", totals.runs_acting},
             {"runs_waiting", totals.runs_waiting},
             {"runs_in_doubt", totals.runs_in_doubt},
             {"runs_failed", totals.runs_failed},
             {"runs_finished", totals.runs_finished}};
}

std::string_view reaches_word(host::Reaches reaches) {
  switch (reaches) {
    case host::Reaches::system: return "system";
    case host::Reaches::team: return "team";
    case host::Reaches::customer: return "customer";
  }
  return "";
}

Value stored_json(const std::string& text) {
  if (text.empty()) return {};
  auto value = parse_json(text);
  return value.has_value() ? std::move(*value) : Value(text);
}

namespace {
// Whose hold it waits for; null when it waits for none.
Value hold_view(const store::RunRow& run) {
  if (!runtime::is_held(run)) return {};
  const auto holder = runtime::holder_of(run.reason);
  return Map{{"kind", holder ? holder->first : ""}, {"name", holder ? holder->second : ""}};
}
}  // namespace

Value run_summary(const store::RunRow& run, const Names& recipes) {
  return Map{{"id", run.id},
             {"recipe", name_or_null(run.recipe, recipes)},
             {"version", run.version},
             {"customer", id_or_null(run.customer)},
             {"key", run.key},
             {"state", run_state_word(run.state)},
             {"rev", run.rev},
             {"at_step", run.at_step},
             {"due_ms", runtime::is_held(run) ? Value() : or_null(run.due_ms)},
             {"hold", hold_view(run)},
             {"event", id_or_null(run.trigger_event)},
             {"started_ms", run.started_ms},
             {"ended_ms", or_null(run.ended_ms)},
             {"reason", run.reason}};
}

Result<Value> run_listed(const store::RunRow& run, const Names& recipes, store::Reader& reader) {
  Map view = *run_summary(run, recipes).if_map();
  IEUM_TRY(const auto replay, reader.replay_of(run.id));
  view.set("replay_of", replay ? Value(replay->original) : Value());
  return Value(std::move(view));
}

Value event_summary(const store::EventRow& event, const Names& connections) {
  return Map{{"id", event.id},         {"connection", name_or_null(event.connection, connections)},
             {"topic", event.topic},   {"state", event_state_word(event.state)},
             {"reason", event.reason}, {"received_ms", event.received_ms}};
}

namespace {

// What a person can read as it stands: UTF-8 without a byte order mark and without control characters but those of lines.
bool is_plain_text(std::string_view body) {
  const bool controls = std::any_of(body.begin(), body.end(), [](unsigned char c) {
    return (c < 0x20 && c != '\t' && c != '\r' && c != '\n') || c == 0x7F;
  });
  return !controls && utf8_valid(body) && !body.starts_with("\xEF\xBB\xBF");
}

}  // namespace

Value event_whole(const store::EventWithPayload& event, const Names& connections) {
  Map view = *event_summary(event.event, connections).if_map();
  view.set("method", event.payload.method);
  view.set("path", event.payload.path);
  view.set("headers", stored_json(event.payload.headers));
  if (is_plain_text(event.payload.body))
    view.set("body", event.payload.body);
  else
    view.set("body_base64", base64_encode(event.payload.body));
  return view;
}

Value step_view(const store::StepRow& step, const Names& connections) {
  Map view{{"id", step.id},
           {"step", step.step},
           {"iteration", step.iteration},
           {"state", step_state_word(step.state)},
           {"operation", step.operation},
           {"connection", name_or_null(step.connection, connections)},
           {"attempt", step.attempt},
           {"key", step.key},
           {"decision", id_or_null(step.decision)},
           {"inputs", stored_json(step.inputs)},
           {"exchange", runtime::exchange_of(step)},
           {"output", stored_json(step.output)},
           {"error", Value()},
           {"opened_ms", step.opened_ms},
           {"closed_ms", or_null(step.closed_ms)}};
  if (!step.error_code.empty()) view.set("error", Map{{"code", step.error_code}, {"message", step.error_text}});
  return view;
}

Value decision_view(const store::DecisionRow& decision) {
  return Map{{"id", decision.id},
             {"step", decision.step},
             {"at_ms", decision.at_ms},
             {"allowed", decision.allowed},
             {"reason", decision.reason},
             {"channel", decision.channel},
             {"class", decision.message_class},
             {"basis", decision.basis},
             {"until_ms", or_null(decision.until_ms)}};
}

}  // namespace ieum::server
