// Questions about events, runs, steps and decisions. A filter picks the statement whose index fits it; a `+` keeps
// SQLite from taking another.
#include <algorithm>
#include <limits>

#include "store/sqlite_reader.hpp"

namespace ieum::store {
namespace {

#define IEUM_EVENT "SELECT id, connection, topic, received_ms, state, reason FROM event "
#define IEUM_RUN \
  "SELECT id, recipe, version, customer, key, state, rev, lease_epoch, at_step, due_ms, coalesce(run_vars.vars, '')," \
  " trigger_event, trigger_item, started_ms, ended_ms, reason FROM run LEFT JOIN run_vars ON run_vars.run = run.id "
#define IEUM_STEP \
  "SELECT id, run, step, iteration, state, attempt, key, connection, operation, decision, reaches_customer," \
  " inputs, continuation, exchange, output, error_code, error_text, opened_ms, closed_ms FROM step "

// The part of a filter that its index does not answer.
#define IEUM_EVENT_REST " AND (?2 = 0 OR +connection = ?2) AND (?3 < 0 OR +state = ?3) ORDER BY id DESC LIMIT ?4"

EventRow event_row(Columns c) {
  return {c.integer(), c.integer(), c.text(), c.integer(), c.state<EventState>(), c.text()};
}

EventWithPayload event_with_payload(Columns c) {
  return {{c.integer(), c.integer(), c.text(), c.integer(), c.state<EventState>(), c.text()},
          {c.text(), c.text(), c.text(), c.text()}};
}

RunRow run_row(Columns c) {
  return {c.integer(),
          c.integer(),
          c.integer(),
          c.integer(),
          c.text(),
          c.state<RunState>(),
          c.integer(),
          c.integer(),
          c.text(),
          c.optional_integer(),
          c.text(),
          c.integer(),
          c.small(),
          c.integer(),
          c.optional_integer(),
          c.text()};
}

StepRow step_row(Columns c) {
  return {c.integer(),
          c.integer(),
          c.text(),
          c.small(),
          c.state<StepState>(),
          c.small(),
          c.text(),
          c.integer(),
          c.text(),
          c.integer(),
          c.truth(),
          c.text(),
          c.text(),
          c.text(),
          c.text(),
          c.text(),
          c.text(),
          c.integer(),
          c.optional_integer()};
}

DecisionRow decision_row(Columns c) {
  return {c.integer(), c.integer(), c.integer(), c.text(), c.integer(),         c.truth(),
          c.text(),    c.text(),    c.text(),    c.text(), c.optional_integer()};
}

std::int64_t number(Columns c) { return c.integer(); }

RecipeOf recipe_of(Columns c) { return {c.integer(), c.integer()}; }
LivePlace live_place(Columns c) { return {c.integer(), c.integer(), c.text(), c.integer()}; }

std::int64_t below(Id before) { return before == 0 ? std::numeric_limits<std::int64_t>::max() : before; }

const char* sql_for(const EventFilter& filter) {
  if (filter.state && *filter.state != EventState::routed)
    return IEUM_EVENT "WHERE state = ?3 AND state <> 1 AND id < ?1" IEUM_EVENT_REST;
  if (filter.connection != 0) return IEUM_EVENT "WHERE connection = ?2 AND id < ?1" IEUM_EVENT_REST;
  return IEUM_EVENT "WHERE id < ?1" IEUM_EVENT_REST;
}

}  // namespace

Result<std::optional<EventWithPayload>> SqliteReader::event(Id id) {
  return first(
      "SELECT id, connection, topic, received_ms, state, reason, method, path, headers, body"
      " FROM event JOIN payload ON payload.event = event.id WHERE event.id = ?1",
      &event_with_payload, id);
}

Result<std::vector<Id>> SqliteReader::fresh_events(Id after, int limit) {
  return all("SELECT id FROM event WHERE state = 0 AND state <> 1 AND id > ?1 ORDER BY id LIMIT ?2", &number, after,
             limit);
}

Result<std::vector<EventRow>> SqliteReader::events(const EventFilter& filter) {
  const int state = filter.state ? static_cast<int>(*filter.state) : -1;
  return all(sql_for(filter), &event_row, below(filter.before), filter.connection, state, filter.limit);
}

Result<std::optional<RunRow>> SqliteReader::run(Id id) { return first(IEUM_RUN "WHERE id = ?1", &run_row, id); }

Result<std::vector<RunRow>> SqliteReader::due_runs(Millis until, int limit) {
  return all(IEUM_RUN "WHERE state < 10 AND due_ms IS NOT NULL AND due_ms <= ?1 ORDER BY due_ms, id LIMIT ?2", &run_row,
             until, limit);
}

Result<std::vector<RunRow>> SqliteReader::held_runs(Id after, int limit) {
  return all(IEUM_RUN "WHERE state < 10 AND due_ms IS NOT NULL AND due_ms = ?1 AND id > ?2 ORDER BY id LIMIT ?3",
             &run_row, kHeldDue, after, limit);
}

Result<std::optional<Millis>> SqliteReader::next_due() {
  IEUM_TRY(
      const auto run,
      first("SELECT due_ms FROM run WHERE state < 10 AND due_ms IS NOT NULL AND due_ms < ?1 ORDER BY due_ms LIMIT 1",
            &number, kHeldDue));
  IEUM_TRY(const auto absence, first("SELECT due_ms FROM absence WHERE due_ms > -1 ORDER BY due_ms LIMIT 1", &number));
  return run && absence ? std::min(*run, *absence) : run ? run : absence;
}

Result<std::vector<RunRow>> SqliteReader::acting_runs(Id after, int limit) {
  return all(IEUM_RUN "WHERE state = 1 AND state <> 10 AND id > ?1 ORDER BY id LIMIT ?2", &run_row, after, limit);
}

Result<std::vector<RunRow>> SqliteReader::live_runs_of(Id customer) {
  return all(IEUM_RUN "WHERE state < 10 AND (customer <> 0 OR key <> '') AND customer = ?1 ORDER BY id", &run_row,
             customer);
}

Result<std::optional<RunRow>> SqliteReader::live_run(Id recipe, Id customer, const std::string& key) {
  const bool named = customer != 0 || !key.empty();
  return first(named ? IEUM_RUN
                   "WHERE state < 10 AND (customer <> 0 OR key <> '')"
                   " AND customer = ?1 AND recipe = ?2 AND key = ?3 ORDER BY id LIMIT 1"
                     : IEUM_RUN
                   "WHERE state IN (1, 2, 3) AND state <> 10"
                   " AND +customer = ?1 AND +recipe = ?2 AND key = ?3 ORDER BY id LIMIT 1",
               &run_row, customer, recipe, key);
}

Result<std::int64_t> SqliteReader::entries(Id recipe, Id customer, const std::string& key, Millis since) {
  std::int64_t count = 0;
  const auto take_count = [&](Columns columns) {
    count = columns.integer();
    return false;
  };
  if (customer != 0 && !key.empty()) {
    IEUM_CHECK(
        each("SELECT count(*) FROM run WHERE customer = ?1 AND customer <> 0 AND recipe = ?2 AND key = ?3"
             " AND started_ms >= ?4",
             take_count, customer, recipe, key, since));
  } else if (customer != 0) {
    IEUM_CHECK(
        each("SELECT count(*) FROM run WHERE customer = ?1 AND customer <> 0 AND recipe = ?2"
             " AND started_ms >= ?3",
             take_count, customer, recipe, since));
  } else if (!key.empty()) {
    IEUM_CHECK(
        each("SELECT count(*) FROM run WHERE customer = 0 AND key <> '' AND recipe = ?1 AND key = ?2"
             " AND started_ms >= ?3",
             take_count, recipe, key, since));
  } else {
    // Ids are in order of time: the first run that is too old ends the walk.
    IEUM_CHECK(each(
        "SELECT started_ms, customer FROM run WHERE recipe = ?1 ORDER BY id DESC",
        [&](Columns columns) {
          if (columns.integer() < since) return false;
          if (columns.integer() == 0) ++count;
          return true;
        },
        recipe));
  }
  return count;
}

Result<std::vector<RunRow>> SqliteReader::runs_after(Id after, int limit) {
  return all(IEUM_RUN "WHERE id > ?1 ORDER BY id LIMIT ?2", &run_row, after, limit);
}

Result<std::int64_t> SqliteReader::live_runs_of_version(Id version) {
  IEUM_TRY(const auto count, first("SELECT count(*) FROM run WHERE state IN (1, 2, 3) AND state <> 10 AND version = ?1",
                                   &number, version));
  return count.value_or(0);
}

Result<std::vector<RunRow>> SqliteReader::live_runs_of_recipe(Id recipe, Id after, int limit) {
  return all(IEUM_RUN "WHERE state IN (1, 2, 3) AND state <> 10 AND +recipe = ?1 AND id > ?2 ORDER BY id LIMIT ?3",
             &run_row, recipe, after, limit);
}

Result<std::vector<LivePlace>> SqliteReader::live_places(Id recipe) {
  return all(
      "SELECT recipe, version, at_step, count(*) FROM run WHERE state IN (1, 2, 3) AND state <> 10"
      " AND +recipe = ?1 GROUP BY 1, 2, 3 ORDER BY 1, 2 DESC, 3",
      &live_place, recipe);
}

Result<std::vector<RecipeOf>> SqliteReader::live_versions() {
  return all(
      "SELECT recipe, version FROM recipe_tally WHERE acting + waiting + in_doubt > 0 ORDER BY recipe DESC, version "
      "DESC",
      &recipe_of);
}

Result<std::vector<StepRow>> SqliteReader::steps(Id run) {
  return all(IEUM_STEP "WHERE run = ?1 ORDER BY id", &step_row, run);
}

Result<std::optional<StepRow>> SqliteReader::open_step(Id run) {
  return first(IEUM_STEP "WHERE run = ?1 AND (state = 0 OR state = 3) ORDER BY id DESC LIMIT 1", &step_row, run);
}

Result<std::optional<StepRow>> SqliteReader::last_step(Id run) {
  return first(IEUM_STEP "WHERE id = (SELECT max(id) FROM step WHERE run = ?1)", &step_row, run);
}

Result<std::vector<StepRow>> SqliteReader::stranded_steps(int limit) {
  return all(IEUM_STEP
             "WHERE state = 0 AND (SELECT run.state FROM run WHERE run.id = step.run) >= 10 ORDER BY id LIMIT ?1",
             &step_row, limit);
}

Result<std::vector<DecisionRow>> SqliteReader::decisions(Id run) {
  return all(
      "SELECT id, run, customer, step, at_ms, allowed, reason, channel, message_class, basis, until_ms FROM decision"
      " WHERE run = ?1 ORDER BY id",
      &decision_row, run);
}

#undef IEUM_EVENT
#undef IEUM_RUN
#undef IEUM_STEP
#undef IEUM_EVENT_REST

}  // namespace ieum::store
