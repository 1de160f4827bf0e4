// Questions about what waits for events: absences, listeners, and goals that were reached.
#include "store/sqlite_reader.hpp"

namespace ieum::store {
namespace {

#define IEUM_ABSENCE "SELECT id, recipe, customer, key, due_ms, event, item, at_ms FROM absence "

AbsenceRow absence_row(Columns c) {
  return {c.integer(), c.integer(), c.integer(), c.text(), c.integer(), c.integer(), c.small(), c.integer()};
}
ToldRow told_row(Columns c) { return {c.integer(), c.text(), c.text(), c.integer(), c.integer(), c.text()}; }
ListenerRow listener_row(Columns c) { return {c.text(), c.text(), c.text(), c.integer(), c.truth()}; }
ConversionRow conversion_row(Columns c) { return {c.integer(), c.integer(), c.integer(), c.text()}; }
std::string text(Columns c) { return c.text(); }
std::int64_t number(Columns c) { return c.integer(); }

}  // namespace

Result<std::vector<AbsenceRow>> SqliteReader::due_absences(Millis until, int limit) {
  return all(IEUM_ABSENCE "WHERE due_ms <= ?1 ORDER BY due_ms, id LIMIT ?2", &absence_row, until, limit);
}

Result<std::vector<AbsenceRow>> SqliteReader::absences_of(Id customer) {
  return all(IEUM_ABSENCE "WHERE customer = ?1 AND customer <> 0 ORDER BY id", &absence_row, customer);
}

Result<std::optional<AbsenceRow>> SqliteReader::absence(Id id) {
  return first(IEUM_ABSENCE "WHERE id = ?1", &absence_row, id);
}

Result<std::optional<AbsenceRow>> SqliteReader::absence_of(Id recipe, Id customer, const std::string& key) {
  return first(IEUM_ABSENCE "WHERE recipe = ?1 AND customer = ?2 AND key = ?3", &absence_row, recipe, customer, key);
}

Result<std::int64_t> SqliteReader::absences_pending(Id recipe) {
  IEUM_TRY(const auto count, first("SELECT count(*) FROM absence WHERE recipe = ?1", &number, recipe));
  return count.value_or(0);
}

Result<std::vector<ToldRow>> SqliteReader::told(Id run, const std::string& step_key, const std::string& name) {
  return all(
      "SELECT run, step_key, name, at_ms, event, fields FROM told WHERE run = ?1 AND step_key = ?2 AND name = ?3"
      " ORDER BY at_ms, event LIMIT 100",
      &told_row, run, step_key, name);
}

// From one shape to the next by index, so that a million listeners of one shape are one look.
Result<std::vector<std::string>> SqliteReader::listener_shapes(const std::string& event) {
  return all(
      "WITH RECURSIVE shapes (shape) AS (SELECT min(shape) FROM listener WHERE event = ?1 UNION ALL"
      " SELECT (SELECT min(shape) FROM listener WHERE event = ?1 AND shape > shapes.shape) FROM shapes"
      " WHERE shapes.shape IS NOT NULL) SELECT shape FROM shapes WHERE shape IS NOT NULL",
      &text, event);
}

Result<std::vector<std::string>> SqliteReader::listened_events() {
  return all(
      "WITH RECURSIVE names (name) AS (SELECT min(event) FROM listener UNION ALL"
      " SELECT (SELECT min(event) FROM listener WHERE event > names.name) FROM names WHERE names.name IS NOT NULL)"
      " SELECT name FROM names WHERE name IS NOT NULL",
      &text);
}

Result<std::vector<ListenerRow>> SqliteReader::listeners(const std::string& event, const std::string& shape,
                                                         const std::string& value, int limit) {
  return all(
      "SELECT event, shape, value, owner, for_life FROM listener WHERE event = ?1 AND shape = ?2 AND value = ?3"
      " ORDER BY owner LIMIT ?4",
      &listener_row, event, shape, value, limit);
}

Result<std::optional<ConversionRow>> SqliteReader::conversion(Id run) {
  return first("SELECT run, event, at_ms, value FROM conversion WHERE run = ?1", &conversion_row, run);
}

#undef IEUM_ABSENCE

}  // namespace ieum::store
