#include "trial/run_test.hpp"

#include <algorithm>
#include <map>

#include "base/json.hpp"
#include "runtime/exchange.hpp"
#include "store/words.hpp"
#include "trial/given.hpp"

namespace ieum::trial {
namespace {

constexpr int kPage = 200;

std::string said(auto state) { return std::string(store::word(state)); }

// The attempt that was taken: the newest that is no look-up.
const Value* taken_attempt(const Value& exchange) {
  const List* attempts = exchange.if_list();
  if (attempts == nullptr) return nullptr;
  for (auto attempt = attempts->rbegin(); attempt != attempts->rend(); ++attempt)
    if (attempt->get("purpose") == nullptr) return &*attempt;
  return nullptr;
}

Millis default_start(ZoneSource& zones, const std::string& zone) {
  const auto found = zones.find(zone);
  const CivilTime monday{2026, 1, 5, 10, 0, 0, 0};
  return found.has_value() ? (*found)->to_instant(monday) : Zone::fixed("UTC", 0).to_instant(monday);
}

class Watcher {
 public:
  Watcher(const host::Registry& connectors, Stage& stage, Played& played)
      : connectors_(connectors), reader_(stage.reader()), played_(played) {}

  Status collect(const std::string& recipe) {
    std::vector<store::RunRow> runs;
    store::RunFilter filter;
    filter.limit = kPage;
    for (;;) {
      IEUM_TRY(const auto page, reader_.runs(filter));
      runs.insert(runs.end(), page.rows.begin(), page.rows.end());
      if (page.next == 0) break;
      filter.before = page.next;
    }
    std::reverse(runs.begin(), runs.end());
    for (const auto& run : runs) {
      played_.runs.push_back({run.id, said(run.state), run.reason, run.key, run.started_ms, run.ended_ms});
      IEUM_TRY(const auto steps, reader_.steps(run.id));
      for (const auto& step : steps) note(step);
    }
    std::stable_sort(sent_.begin(), sent_.end(), [](const auto& a, const auto& b) {
      return std::pair(a.second.at_ms, a.first) < std::pair(b.second.at_ms, b.first);
    });
    for (auto& [id, sent] : sent_) played_.sent.push_back(std::move(sent));
    for (auto& [step, newest] : newest_) played_.steps.emplace_back(step, newest.second);
    return notes(recipe);
  }

 private:
  void note(const store::StepRow& row) {
    Visit visit{row.opened_ms,  row.closed_ms, row.run, row.step, row.operation, said(row.state), row.iteration, {}, {},
                row.error_code, row.error_text};
    if (auto inputs = parse_json(row.inputs); inputs.has_value()) visit.inputs = std::move(*inputs);
    if (auto output = parse_json(row.output); output.has_value()) visit.output = std::move(*output);
    played_.visits.push_back(std::move(visit));
    if (auto& newest = newest_[row.step]; newest.first <= row.id) newest = {row.id, said(row.state)};
    if (row.state == store::StepState::failed || row.state == store::StepState::in_doubt ||
        row.state == store::StepState::skipped)
      played_.errors.push_back(row.step + " " + said(row.state) + ": " + row.error_code +
                               (row.error_text.empty() ? "" : ": " + row.error_text));
    if (row.state != store::StepState::done || row.operation.find('.') == std::string::npos)
      return;  // waits and loops too
    Sent sent;
    sent.use = row.operation;
    sent.step = row.step;
    sent.run = row.run;
    sent.iteration = row.iteration;
    sent.at_ms = row.closed_ms.value_or(row.opened_ms);
    if (auto inputs = parse_json(row.inputs); inputs.has_value()) sent.inputs = std::move(*inputs);
    const Value exchange = runtime::exchange_of(row);
    if (const Value* attempt = taken_attempt(exchange)) {
      sent.at_ms = attempt->number("at_ms", sent.at_ms);
      if (const Value* request = attempt->get("request")) sent.request = *request;
    }
    const auto dot = row.operation.find('.');
    const auto* connector = connectors_.find(row.operation.substr(0, dot));
    const auto* operation =
        connector == nullptr ? nullptr : connector->manifest().operation(row.operation.substr(dot + 1));
    const std::string address =
        operation == nullptr || operation->address_input.empty() ? "" : operation->address_input;
    for (const auto& name : {address, std::string("to"), std::string("channel"), std::string("url")}) {
      if (sent.to.empty() && !name.empty()) sent.to = sent.inputs.text(name);
    }
    sent_.emplace_back(row.id, std::move(sent));
  }

  // Why events started nothing. A note is "recipe: reason"; several are joined by "; ".
  Status notes(const std::string& recipe) {
    std::vector<store::EventRow> events;
    store::EventFilter filter;
    filter.limit = kPage;
    for (;;) {
      IEUM_TRY(const auto page, reader_.events(filter));
      events.insert(events.end(), page.begin(), page.end());
      if (page.size() < static_cast<std::size_t>(kPage)) break;
      filter.before = page.back().id;
    }
    std::reverse(events.begin(), events.end());
    for (std::size_t i = 0; i < events.size(); ++i) {
      const auto& event = events[i];
      if (event.state == store::EventState::dead) {
        if (i < played_.events.size()) played_.events[i].reason = event.reason;
        played_.errors.push_back("the event " + event.topic + " was set aside: " + event.reason);
        continue;
      }
      const std::string start = recipe + ": ";
      for (std::size_t at = 0; at < event.reason.size();) {
        const auto end = std::min(event.reason.find("; ", at), event.reason.size());
        const std::string note = event.reason.substr(at, end - at);
        if (note.starts_with(start)) played_.not_started.push_back(note.substr(start.size()));
        at = end + 2;
      }
    }
    return {};
  }

  const host::Registry& connectors_;
  store::Reader& reader_;
  Played& played_;
  std::vector<std::pair<Id, Sent>> sent_;                     // step row
  std::map<std::string, std::pair<Id, std::string>> newest_;  // step id
};

// The key of the newest visit of a step; "" when there is none.
Result<std::string> newest_key(store::Reader& reader, const std::string& step) {
  std::pair<Id, std::string> newest;
  if (step.empty()) return newest.second;
  store::RunFilter filter;
  filter.limit = kPage;
  IEUM_TRY(const auto runs, reader.runs(filter));
  for (const auto& run : runs.rows) {
    IEUM_TRY(const auto visits, reader.steps(run.id));
    for (const auto& visit : visits)
      if (visit.step == step && visit.id > newest.first) newest = {visit.id, visit.key};
  }
  return newest.second;
}

}  // namespace

Result<Played> play(const StageParts& parts, const Recipe& recipe, const recipe::TestCase& test, Coverage* coverage) {
  Played played;
  played.zone = recipe.zone;
  played.start_ms = test.at_ms.value_or(default_start(parts.zones, recipe.zone));
  std::vector<const recipe::GivenEvent*> given;
  for (const auto& event : test.given) given.push_back(&event);
  std::stable_sort(given.begin(), given.end(), [&](const auto* a, const auto* b) {
    return a->when.instant(played.start_ms) < b->when.instant(played.start_ms);
  });
  if (!given.empty() && given.front()->when.instant(played.start_ms) < played.start_ms)
    return Error("before_the_start", "an event is given before the test begins", "let the test begin earlier: at: ...",
                 std::to_string(given.front()->place.line) + ":" + std::to_string(given.front()->place.column));
  Stage* playing = nullptr;
  constexpr std::size_t kPassedMax = 10'000;
  std::shared_ptr<const recipe::Program> program;
  if (auto read = recipe::read_recipe(recipe.source, recipe.format); read.recipe)
    program = recipe::compile(std::move(*read.recipe));
  const Stage::Stepped stepped = [&](const recipe::Recipe&, const recipe::Instruction& from, std::size_t to) {
    if (coverage != nullptr) coverage->note(from, to);
    if (playing == nullptr || program == nullptr || played.path.size() >= kPassedMax) return;
    played.path.push_back({playing->now(), from.id, to < program->code.size() ? program->code[to].id : std::string()});
  };
  IEUM_TRY(const auto stage, Stage::build(parts, played.start_ms, test.answers, stepped));
  playing = stage.get();
  IEUM_TRY(const auto applied, stage->apply(recipe.source, recipe.format, recipe.file, test.given));
  static_cast<void>(applied);
  for (const auto* event : given) {
    const Millis at = event->when.instant(played.start_ms);
    IEUM_CHECK(stage->move_before(at));
    IEUM_TRY(const auto key, newest_key(stage->reader(), event->step));
    IEUM_TRY(const auto body, given_body(parts.connectors, *event, at, key));
    const auto& connection = event->connection.empty() ? event->connector : event->connection;
    IEUM_CHECK(stage->deliver(connection, event->topic, body));
    played.events.push_back({at, event->connector + "/" + event->topic, connection, {}});
  }
  IEUM_CHECK(stage->move_to(played.start_ms + test.until_for.value_or(recipe::kTestForMax)));
  played.end_ms = stage->now();
  Watcher watcher(parts.connectors, *stage, played);
  IEUM_CHECK(watcher.collect(recipe.name));
  return played;
}

}  // namespace ieum::trial
