// Questions about what happened to one customer, newest first.
#include "store/sqlite_reader.hpp"

namespace ieum::store {
namespace {

HistoryRow history_row(Columns c) {
  return {c.integer(), c.integer(), c.text(), c.integer(), c.integer(), c.integer(), c.text(), c.text()};
}
MessageRow message_row(Columns c) {
  MessageRow row;
  row.decision = {c.integer(), c.integer(), c.integer(), c.text(), c.integer(),         c.truth(),
                  c.text(),    c.text(),    c.text(),    c.text(), c.optional_integer()};
  row.recipe = c.integer();
  if (const auto state = c.optional_integer()) row.state = static_cast<StepState>(*state);
  row.error_code = c.text();
  return row;
}
RunBounds bounds_row(Columns c) {
  return {c.integer(), c.integer(), c.integer(), c.optional_integer(), static_cast<RunState>(c.integer()), c.text()};
}

}  // namespace

Result<std::vector<HistoryRow>> SqliteReader::history_of(Id customer, Millis until, int limit) {
  return all(
      "SELECT id, customer, name, at_ms, received_ms, event, source_key, fields FROM history"
      " WHERE customer = ?1 AND at_ms < ?2 ORDER BY at_ms DESC, id DESC LIMIT ?3",
      &history_row, customer, until, limit);
}

Result<std::vector<MessageRow>> SqliteReader::messages_of(Id customer, Millis until, int limit) {
  return all(
      "SELECT newest.id, newest.run, customer, newest.step, at_ms, allowed, reason, channel, message_class, basis,"
      " until_ms, recipe, step.state, coalesce(step.error_code, '')"
      " FROM (SELECT decision.id, decision.run, decision.customer, decision.step, decision.at_ms, allowed,"
      " decision.reason, channel, message_class, basis, until_ms, run.recipe"
      " FROM run JOIN decision ON decision.run = run.id"
      " WHERE run.customer = ?1 AND run.customer <> 0 AND decision.at_ms < ?2"
      " ORDER BY decision.at_ms DESC, decision.id DESC LIMIT ?3) AS newest"
      " LEFT JOIN step ON step.decision = newest.id ORDER BY at_ms DESC, newest.id DESC",
      &message_row, customer, until, limit);
}

Result<std::vector<RunBounds>> SqliteReader::runs_of(Id customer, Millis until, int limit) {
  return all(
      "SELECT id, recipe, started_ms, ended_ms, state, reason FROM run"
      " WHERE customer = ?1 AND customer <> 0 AND started_ms < ?2 ORDER BY started_ms DESC, id DESC LIMIT ?3",
      &bounds_row, customer, until, limit);
}

}  // namespace ieum::store
