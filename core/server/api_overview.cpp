// Overview: how much goes through, what waits, what failed and why.
#include "runtime/held.hpp"
#include "server/api.hpp"
#include "server/run_view.hpp"

namespace ieum::server {
namespace {

constexpr std::int64_t kCountMost = 100'000;  // further ones are not counted
constexpr std::int64_t kSlotsMax = 200;

Value or_null(const std::optional<Millis>& value) { return value ? Value(*value) : Value(); }

Result<Value> overview(Api& api, ApiCall& call) {
  auto& reader = call.reader;
  const Millis now = api.parts.clock.now();
  IEUM_TRY(const auto totals, reader.totals());
  IEUM_TRY(const auto fresh, reader.fresh_events(0, 1));
  std::optional<Millis> oldest_event, oldest_due;
  if (!fresh.empty()) {
    IEUM_TRY(const auto event, reader.event(fresh.front()));
    if (event) oldest_event = event->event.received_ms;
  }
  IEUM_TRY(const auto due, reader.due_between(0, now, kCountMost));
  if (due > 0) {
    IEUM_TRY(oldest_due, reader.next_due());
  }
  IEUM_TRY(const auto next_due, reader.next_due());
  IEUM_TRY(const auto hour, reader.due_between(now + 1, now + kHour, kCountMost));
  IEUM_TRY(const auto day, reader.due_between(now + 1, now + kDay, kCountMost));
  IEUM_TRY(const auto held, reader.due_between(store::kHeldDue, store::kHeldDue, kCountMost));
  IEUM_TRY(const auto problems, reader.problems_open());
  IEUM_TRY(const auto holds, reader.holds());
  IEUM_TRY(const auto index_behind, api.parts.hub.search_behind(reader));
  List dead;
  for (const auto& connection : api.parts.hub.connections()) {
    const auto* health = connection.get("health");
    if (health != nullptr && health->text("state") == "dead") dead.push_back(connection.text("name"));
  }
  return Value(Map{{"now_ms", now},
                   {"started_ms", api.started_ms},
                   {"totals", totals_view(totals)},
                   {"backlog", Map{{"events", totals.events_fresh},
                                   {"oldest_ms", or_null(oldest_event)},
                                   {"actions_due", due},
                                   {"oldest_due_ms", or_null(oldest_due)},
                                   {"index_behind", index_behind}}},
                   {"waits", Map{{"next_ms", or_null(next_due)}, {"within_hour", hour}, {"within_day", day}}},
                   {"held", held},
                   {"holds", static_cast<std::int64_t>(holds.size())},
                   {"hub_hold", hub_hold_view(holds)},
                   {"problems_open", problems},
                   {"connections_dead", std::move(dead)},
                   {"quotas", api.parts.hub.quotas()},
                   {"hosts", api.parts.hub.hosts()},
                   {"store", api.parts.hub.disk()}});
}

// Slots of equal width that end with the present minute; those in which nothing went through are zero.
Result<Value> throughput(Api& api, ApiCall& call) {
  constexpr Id kMinutesMax = 60 * 24 * 92;
  IEUM_TRY(const Id wanted, call.number("minutes", 180));
  if (wanted > kMinutesMax) return Error("bad_parameter", "\"minutes\" is at most " + std::to_string(kMinutesMax));
  const std::int64_t width = (wanted + kSlotsMax - 1) / kSlotsMax;  // minutes
  const Millis step = width * kMinute;
  const Millis until = (api.parts.clock.now() / step + 1) * step;
  const std::int64_t count = (wanted + width - 1) / width;
  const Millis from = until - count * step;
  IEUM_TRY(const auto minutes, call.reader.minutes(from, until));
  std::vector<store::MinuteRow> slots(static_cast<std::size_t>(count));
  for (const auto& minute : minutes) {
    auto& slot = slots.at(static_cast<std::size_t>((minute.at_ms - from) / step));
    slot.events += minute.events;
    slot.started += minute.started;
    slot.ended += minute.ended;
    slot.failed += minute.failed;
    slot.steps += minute.steps;
  }
  List list;
  for (std::size_t i = 0; i < slots.size(); ++i) {
    const auto& slot = slots[i];
    list.push_back(Map{{"at_ms", from + static_cast<Millis>(i) * step},
                       {"events", slot.events},
                       {"started", slot.started},
                       {"ended", slot.ended},
                       {"failed", slot.failed},
                       {"steps", slot.steps}});
  }
  return Value(Map{{"step_ms", step}, {"slots", std::move(list)}});
}

Value problem_view(const store::ProblemRow& row, const Names& recipes, const Names& connections) {
  const auto name = [](const Names& names, Id id) {
    const auto found = names.find(id);
    return found == names.end() ? Value() : Value(found->second);
  };
  return Map{{"id", row.id},
             {"recipe", name(recipes, row.recipe)},
             {"step", row.step},
             {"operation", row.operation},
             {"connection", name(connections, row.connection)},
             {"code", row.code},
             {"message", row.message},
             {"seen", row.seen},
             {"since_open", row.since_open},
             {"reopened", row.reopened},
             {"first_ms", row.first_ms},
             {"last_ms", row.last_ms},
             {"last_run", row.last_run},
             {"state", row.resolved ? "resolved" : "open"},
             {"resolved_ms", or_null(row.resolved_ms)},
             {"resolved_by", row.resolved_by}};
}

Result<Value> list_problems(Api&, ApiCall& call) {
  const auto state = call.parameter("state");
  if (!state.empty() && state != "open" && state != "resolved")
    return Error("bad_parameter", "\"state\" must be open or resolved");
  Id recipe = 0;
  const auto recipes = recipe_names(call.reader);
  if (const auto name = call.parameter("recipe"); !name.empty()) {
    for (const auto& [id, known] : recipes)
      if (known == name) recipe = id;
    if (recipe == 0) return Error("unknown_recipe", "there is no recipe \"" + name + "\"", "see: ieum recipe list");
  }
  IEUM_TRY(const auto before, call.number("before", 0));
  IEUM_TRY(const int limit, call.limit());
  IEUM_TRY(const auto rows, call.reader.problems(state == "resolved", recipe, before, limit));
  const auto connections = connection_names(call.reader);
  List list;
  for (const auto& row : rows) list.push_back(problem_view(row, recipes, connections));
  const bool more = rows.size() == static_cast<std::size_t>(limit);
  return Value(Map{{"problems", std::move(list)}, {"next", more ? Value(rows.back().id) : Value()}});
}

Api::ApiHandler move_problem(bool resolved) {
  return [resolved](Api& api, ApiCall& call) -> Result<Value> {
    IEUM_TRY(const auto id, call.id("problem"));
    const auto known = [&]() -> Result<store::ProblemRow> {
      IEUM_TRY(const auto row, call.reader.problem(id));
      if (!row) return Error("unknown_problem", "there is no problem " + std::to_string(id));
      return *row;
    };
    IEUM_TRY(const auto before, known());
    if (before.resolved != resolved) {
      const auto outcome = api.parts.store.submit_and_wait(
          store::Queue::work,
          store::Unit{{store::MoveProblem{id, resolved, call.caller().name, api.parts.clock.now()}}});
      if (outcome.error) return *outcome.error;
    }
    IEUM_TRY(const auto after, known());
    return problem_view(after, recipe_names(call.reader), connection_names(call.reader));
  };
}

}  // namespace

void add_overview_routes(RouteTable& table, const std::shared_ptr<Api>& api) {
  table.add(
      {Method::get,
       "/api/v1/overview",
       Needs::viewer,
       {.summary = "How much there is, what waits, what is held, how full the vendors' limits are, which hosts fail",
        .answer =
            "totals, backlog, waits, held, holds, hub_hold, problems_open, connections_dead, quotas, hosts and store"},
       api->on_admin(overview)});
  table.add({Method::get,
             "/api/v1/throughput",
             Needs::viewer,
             {.summary = "What went through, in slots of equal width",
              .query = {may("minutes", Type::integer, "how far back, usually 180")},
              .answer = "`step_ms` and `slots`, at most 200"},
             api->on_admin(throughput)});
  table.add({Method::get,
             "/api/v1/problems",
             Needs::viewer,
             {.summary = "Failures by cause, the newest first",
              .query = {may("state", Type::text, "open, usually, or resolved"),
                        may("recipe", Type::text, "of this recipe"), kBefore, kLimit},
              .answer = "`problems` and `next`",
              .errors = {"unknown_recipe"}},
             api->on_admin(list_problems)});
  table.add({Method::post,
             "/api/v1/problems/{id}/resolve",
             Needs::operator_,
             {.summary = "Says that a cause is mended; it opens again when it fails once more",
              .answer = "the problem",
              .errors = {"unknown_problem"}},
             api->on_admin(move_problem(true))});
  table.add({Method::post,
             "/api/v1/problems/{id}/reopen",
             Needs::operator_,
             {.summary = "Takes that back", .answer = "the problem", .errors = {"unknown_problem"}},
             api->on_admin(move_problem(false))});
}

}  // namespace ieum::server
