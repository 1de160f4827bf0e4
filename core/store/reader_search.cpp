// Runs by what people know of them. The narrowest thing that is asked gives candidates from an index, newest first; each is held
// against the rest. A question looks at a bounded number of candidates and says where to go on.
#include <algorithm>
#include <limits>

#include "store/search_grams.hpp"
#include "store/sqlite_reader.hpp"

namespace ieum::store {
namespace {

constexpr int kLookMax = 20'000;  // candidates of one question
constexpr int kSlice = 500;

Id id_of(Columns c) { return c.integer(); }
std::int64_t number(Columns c) { return c.integer(); }
std::string text_of(Columns c) { return c.text(); }

bool plain(const RunFilter& f) {
  return f.connection == 0 && f.problem == 0 && f.replay_of == 0 && !f.held && f.reason.empty() && f.fields.empty() &&
         f.texts.empty() && (f.recipe != 0) + (f.customer != 0) + (f.trigger_event != 0) + f.state.has_value() <= 1;
}

std::string match_of(const std::vector<std::string>& texts) {
  std::string all;
  for (const auto& text : texts) {
    const auto match = search_match(text);
    if (!match.empty()) all.append(all.empty() ? "" : " AND ").append(match);
  }
  return all;
}

}  // namespace

Result<std::vector<Id>> SqliteReader::candidates(const RunFilter& f, Id from, Id below, int limit) {
  if (f.trigger_event != 0)
    return all("SELECT id FROM run WHERE trigger_event = ?1 AND id < ?2 AND id >= ?3 ORDER BY id DESC LIMIT ?4", &id_of,
               f.trigger_event, below, from, limit);
  if (f.replay_of != 0)
    return all("SELECT run FROM replay WHERE original = ?1 AND run < ?2 AND run >= ?3 ORDER BY nth DESC LIMIT ?4",
               &id_of, f.replay_of, below, from, limit);
  if (!f.fields.empty())
    return all(
        "SELECT run FROM search_field WHERE name = ?1 AND value = ?2 AND run < ?3 AND run >= ?4 ORDER BY run DESC"
        " LIMIT ?5",
        &id_of, f.fields.front().first, f.fields.front().second, below, from, limit);
  if (f.customer != 0)
    return all(
        "SELECT id FROM run WHERE customer = ?1 AND customer <> 0 AND +id < ?2 AND +id >= ?3 ORDER BY id DESC LIMIT ?4",
        &id_of, f.customer, below, from, limit);
  if (f.problem != 0)
    return all("SELECT run FROM problem_run WHERE problem = ?1 AND run < ?2 AND run >= ?3 ORDER BY run DESC LIMIT ?4",
               &id_of, f.problem, below, from, limit);
  if (const auto match = match_of(f.texts); !match.empty())
    return all(
        "SELECT rowid FROM search_text WHERE search_text MATCH ?1 AND rowid < ?2 AND rowid >= ?3 ORDER BY rowid DESC"
        " LIMIT ?4",
        &id_of, match, below, from, limit);
  if (f.held)
    return all(
        "SELECT id FROM run WHERE state < 10 AND due_ms IS NOT NULL AND due_ms = ?1 AND id < ?2 AND id >= ?3"
        " ORDER BY id DESC LIMIT ?4",
        &id_of, kHeldDue, below, from, limit);
  if (f.state && *f.state != RunState::finished)
    return all("SELECT id FROM run WHERE state = ?1 AND state <> 10 AND id < ?2 AND id >= ?3 ORDER BY id DESC LIMIT ?4",
               &id_of, *f.state, below, from, limit);
  if (f.recipe != 0)
    return all("SELECT id FROM run WHERE recipe = ?1 AND id < ?2 AND id >= ?3 ORDER BY id DESC LIMIT ?4", &id_of,
               f.recipe, below, from, limit);
  return all("SELECT id FROM run WHERE id < ?1 AND id >= ?2 ORDER BY id DESC LIMIT ?3", &id_of, below, from, limit);
}

Result<bool> SqliteReader::meets(const RunRow& row, const RunFilter& f) {
  if ((f.recipe != 0 && row.recipe != f.recipe) || (f.state && row.state != *f.state) ||
      (f.customer != 0 && row.customer != f.customer) ||
      (f.trigger_event != 0 && row.trigger_event != f.trigger_event) || (f.held && row.due_ms != kHeldDue) ||
      !row.reason.starts_with(f.reason))
    return false;
  if (f.connection != 0) {
    IEUM_TRY(const auto connection, first("SELECT connection FROM event WHERE id = ?1", &number, row.trigger_event));
    if (connection != f.connection) return false;
  }
  if (f.problem != 0) {
    IEUM_TRY(const auto there,
             first("SELECT 1 FROM problem_run WHERE problem = ?1 AND run = ?2", &number, f.problem, row.id));
    if (!there) return false;
  }
  if (f.replay_of != 0) {
    IEUM_TRY(const auto original, first("SELECT original FROM replay WHERE run = ?1", &number, row.id));
    if (original != f.replay_of) return false;
  }
  for (const auto& [name, value] : f.fields) {
    IEUM_TRY(const auto there, first("SELECT 1 FROM search_field WHERE name = ?1 AND value = ?2 AND run = ?3", &number,
                                     name, value, row.id));
    if (!there) return false;
  }
  if (f.texts.empty()) return true;
  IEUM_TRY(const auto text, first("SELECT text FROM search_doc WHERE run = ?1", &text_of, row.id));
  if (!text) return false;
  const std::string folded = search_fold(*text);
  return std::all_of(f.texts.begin(), f.texts.end(),
                     [&](const std::string& wanted) { return folded.find(search_fold(wanted)) != std::string::npos; });
}

// Ids are given out in order of time, so that the place of a time is found by halving.
Result<Id> SqliteReader::first_started(Millis since) {
  IEUM_TRY(const Id newest, newest_run());
  Id low = 1, high = newest + 1;
  while (low < high) {
    const Id middle = low + (high - low) / 2;
    Id found = high;
    Millis at = since;
    IEUM_CHECK(each(
        "SELECT id, started_ms FROM run WHERE id >= ?1 ORDER BY id LIMIT 1",
        [&](Columns columns) {
          found = columns.integer();
          at = columns.integer();
          return false;
        },
        middle));
    if (at >= since)
      high = middle;
    else
      low = found + 1;
  }
  return low;
}

Result<RunPage> SqliteReader::runs(const RunFilter& filter) {
  RunPage page;
  Id below = filter.before == 0 ? std::numeric_limits<Id>::max() : filter.before;
  Id from = 1;
  if (filter.from_ms) {
    IEUM_TRY(from, first_started(*filter.from_ms));
  }
  if (filter.until_ms) {
    IEUM_TRY(const Id until, first_started(*filter.until_ms));
    below = std::min(below, until);
  }
  const int slice = plain(filter) ? filter.limit : std::max(kSlice, filter.limit);
  for (int looked = 0; looked < kLookMax; looked += slice) {
    IEUM_TRY(const auto ids, candidates(filter, from, below, slice));
    for (const Id id : ids) {
      IEUM_TRY(auto row, run(id));
      below = id;
      if (!row) continue;
      IEUM_TRY(const bool met, meets(*row, filter));
      if (met) page.rows.push_back(std::move(*row));
      if (page.rows.size() < static_cast<std::size_t>(filter.limit)) continue;
      page.next = id;
      return page;
    }
    if (ids.size() < static_cast<std::size_t>(slice)) return page;
  }
  page.next = below;
  return page;
}

}  // namespace ieum::store
