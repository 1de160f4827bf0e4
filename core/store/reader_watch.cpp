// What people watch, find and repair with.
#include <limits>

#include "store/sqlite_reader.hpp"

#define IEUM_PROBLEM \
  "SELECT id, recipe, step, operation, connection, code, message, state, seen, since_open, reopened, first_ms," \
  " last_ms, last_run, resolved_ms, resolved_by FROM problem "
#define IEUM_REPLAY "SELECT run, original, nth, made_by, at_ms FROM replay "

namespace ieum::store {
namespace {

HoldRow hold_row(Columns c) {
  HoldRow row{c.integer(), c.text(), c.text(), c.text(), c.text(), c.integer(), c.optional_integer(), {}, {}, {}};
  row.per_minute = c.optional_integer();
  row.expire_after_ms = c.optional_integer();
  row.expire_then = c.text();
  return row;
}

ProblemRow problem_row(Columns c) {
  return {c.integer(), c.integer(), c.text(),    c.text(),    c.integer(),
          c.text(),    c.text(),    c.truth(),   c.integer(), c.integer(),
          c.integer(), c.integer(), c.integer(), c.integer(), c.optional_integer(),
          c.text()};
}

RecipeTally recipe_tally(Columns c) {
  return {c.integer(), c.integer(), c.integer(), c.integer(), c.integer(), c.integer(), c.integer()};
}
StepCount step_count(Columns c) { return {c.text(), c.small(), c.integer()}; }
RecipeVersionRow version_row(Columns c) {
  return {c.integer(), c.integer(), c.text(), c.text(), c.text(), c.integer()};
}
HeldCount held_count(Columns c) { return {c.text(), c.integer(), c.integer()}; }

ReplayRow replay_row(Columns c) { return {c.integer(), c.integer(), c.integer(), c.text(), c.integer()}; }

MinuteRow minute_row(Columns c) {
  return {c.integer() * kMinute, c.integer(), c.integer(), c.integer(), c.integer(), c.integer()};
}

SearchDoc search_doc_row(Columns c) { return {c.integer(), c.text(), {}, false}; }
std::int64_t number(Columns c) { return c.integer(); }

}  // namespace

Result<std::vector<HoldRow>> SqliteReader::holds() {
  return all(
      "SELECT id, kind, name, reason, made_by, since_ms, until_ms, per_minute, expire_after_ms, expire_then FROM hold",
      &hold_row);
}

Result<std::vector<HeldCount>> SqliteReader::held_counts() {
  return all(
      "SELECT reason, count(*), min(started_ms) FROM run WHERE state < 10 AND due_ms IS NOT NULL AND due_ms = ?1"
      " GROUP BY reason",
      &held_count, kHeldDue);
}

Result<std::vector<ProblemRow>> SqliteReader::problems(bool resolved, Id recipe, Id after, int limit) {
  Millis last = std::numeric_limits<Millis>::max();
  if (after != 0) {
    IEUM_TRY(const auto row, problem(after));
    if (row) last = row->last_ms;
  }
  return all(IEUM_PROBLEM
             "WHERE state = ?1 AND last_ms <= ?2 AND (?3 = 0 OR last_ms < ?2 OR +id < ?3) AND (?4 = 0 OR +recipe = ?4)"
             " ORDER BY last_ms DESC, id DESC LIMIT ?5",
             &problem_row, resolved, last, after, recipe, limit);
}

Result<std::optional<ProblemRow>> SqliteReader::problem(Id id) {
  return first(IEUM_PROBLEM "WHERE id = ?1", &problem_row, id);
}

Result<std::optional<ReplayRow>> SqliteReader::replay_of(Id run) {
  return first(IEUM_REPLAY "WHERE run = ?1", &replay_row, run);
}

Result<std::vector<ReplayRow>> SqliteReader::replays(Id original) {
  return all(IEUM_REPLAY "WHERE original = ?1 ORDER BY nth", &replay_row, original);
}

Result<std::vector<MinuteRow>> SqliteReader::minutes(Millis from, Millis until) {
  return all("SELECT at, events, started, ended, failed, steps FROM minute WHERE at >= ?1 AND at < ?2 ORDER BY at",
             &minute_row, from / kMinute, (until + kMinute - 1) / kMinute);
}

Result<std::int64_t> SqliteReader::due_between(Millis from, Millis until, std::int64_t most) {
  IEUM_TRY(const auto count,
           first("SELECT count(*) FROM (SELECT 1 FROM run WHERE state < 10 AND due_ms IS NOT NULL AND due_ms >= ?1"
                 " AND due_ms <= ?2 LIMIT ?3)",
                 &number, from, until, most));
  return count.value_or(0);
}

Result<std::optional<SearchDoc>> SqliteReader::search_doc(Id run) {
  return first("SELECT run, text FROM search_doc WHERE run = ?1", &search_doc_row, run);
}

Result<std::vector<Id>> SqliteReader::ended_since_indexed(Id after, int limit) {
  return all(
      "SELECT run FROM search_live WHERE run > ?1 AND (SELECT state FROM run WHERE id = search_live.run) >= 10"
      " ORDER BY run LIMIT ?2",
      &number, after, limit);
}

Result<std::vector<RecipeTally>> SqliteReader::recipe_tallies() {
  return all(
      "SELECT recipe, sum(acting), sum(waiting), sum(in_doubt), sum(failed), sum(ended), max(last_started_ms)"
      " FROM recipe_tally GROUP BY recipe",
      &recipe_tally);
}

Result<std::vector<StepCount>> SqliteReader::step_counts(Id recipe, int runs) {
  return all(
      "SELECT step, state, count(*) FROM step WHERE run IN (SELECT id FROM run WHERE recipe = ?1 ORDER BY id DESC "
      "LIMIT ?2)"
      " GROUP BY step, state",
      &step_count, recipe, runs);
}

Result<std::vector<RecipeVersionRow>> SqliteReader::recipe_versions(Id recipe, int limit) {
  return all(
      "SELECT id, recipe, hash, source, format, created_ms FROM recipe_version WHERE recipe = ?1 ORDER BY id DESC"
      " LIMIT ?2",
      &version_row, recipe, limit);
}

// Ids are given out in order of time: what began too late ends the walk.
Result<Found> SqliteReader::ended_runs(Id after, Millis before, int limit, int looked) {
  return walk("SELECT id, started_ms >= ?2, state >= 10 AND ended_ms < ?2 FROM run WHERE id > ?1 ORDER BY id LIMIT ?3",
              after, before, limit, looked);
}

Result<Found> SqliteReader::unused_events(Id after, Millis before, int limit, int looked) {
  return walk(
      "SELECT id, received_ms >= ?2, state = 1 AND NOT EXISTS (SELECT 1 FROM run WHERE trigger_event = event.id)"
      " AND NOT EXISTS (SELECT 1 FROM absence WHERE absence.event = event.id) FROM event WHERE id > ?1 ORDER BY id "
      "LIMIT ?3",
      after, before, limit, looked);
}

Result<Found> SqliteReader::walk(const char* sql, Id after, Millis before, int limit, int looked) {
  Found found{{}, after, false};
  int rows = 0;
  IEUM_CHECK(each(
      sql,
      [&](Columns columns) {
        const Id id = columns.integer();
        if (columns.truth()) return false;
        found.after = id;
        if (columns.truth()) found.ids.push_back(id);
        found.more = found.ids.size() == static_cast<std::size_t>(limit) || ++rows == looked;
        return !found.more;
      },
      after, before, looked));
  return found;
}

Result<std::int64_t> SqliteReader::problems_open() {
  IEUM_TRY(const auto count, first("SELECT count(*) FROM problem WHERE state = 0", &number));
  return count.value_or(0);
}

Result<Pages> SqliteReader::pages() {
  Pages pages;
  IEUM_TRY(const auto size, first("PRAGMA page_size", &number));
  IEUM_TRY(const auto all, first("PRAGMA page_count", &number));
  IEUM_TRY(const auto free, first("PRAGMA freelist_count", &number));
  pages.page_bytes = size.value_or(0);
  pages.all = all.value_or(0);
  pages.free = free.value_or(0);
  return pages;
}

Result<std::int64_t> SqliteReader::newest_run() {
  IEUM_TRY(const auto id, first("SELECT max(id) FROM run", &number));
  return id.value_or(0);
}

}  // namespace ieum::store
