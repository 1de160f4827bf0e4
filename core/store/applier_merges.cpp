// Two customers become one, and two again: rows move, and remember whose they were.
#include <array>

#include "store/applier.hpp"

namespace ieum::store {
namespace {

// Decisions before the runs that they are found by. What both have of one name (OR IGNORE) stays where it is.
constexpr std::array kMoves = {
    "UPDATE decision SET origin = coalesce(origin, customer), customer = ?1 WHERE customer = ?2"
    " AND run IN (SELECT id FROM run WHERE customer = ?2 AND customer <> 0)",
    "UPDATE run SET origin = coalesce(origin, customer), customer = ?1, rev = rev + (state < 10)"
    " WHERE customer = ?2 AND customer <> 0",
    "UPDATE absence SET origin = coalesce(origin, customer), customer = ?1 WHERE customer = ?2 AND customer <> 0",
    "UPDATE identity SET origin = coalesce(origin, customer), customer = ?1 WHERE customer = ?2",
    "UPDATE consent SET origin = coalesce(origin, customer), customer = ?1 WHERE customer = ?2",
    "UPDATE touch SET origin = coalesce(origin, customer), customer = ?1 WHERE customer = ?2",
    "UPDATE OR IGNORE history SET origin = coalesce(origin, customer), customer = ?1 WHERE customer = ?2",
    "UPDATE OR IGNORE opt_out SET origin = coalesce(origin, customer), customer = ?1 WHERE customer = ?2",
    "UPDATE customer SET merged_into = ?1 WHERE id = ?2",
};

// The loser and those who were merged into them, one into the other.
#define IEUM_FAMILY \
  "WITH RECURSIVE family (id) AS (SELECT ?2 UNION SELECT merge.loser FROM merge" \
  " JOIN family ON merge.survivor = family.id WHERE merge.undone_ms IS NULL) "
#define IEUM_BACK "SET customer = ?2, origin = nullif(origin, ?2)"
#define IEUM_THEIRS " WHERE customer = ?1 AND origin IN (SELECT id FROM family)"
constexpr std::array kMovesBack = {
    IEUM_FAMILY "UPDATE decision " IEUM_BACK IEUM_THEIRS
                " AND run IN (SELECT id FROM run WHERE customer = ?1 AND customer <> 0)",
    IEUM_FAMILY "UPDATE run " IEUM_BACK ", rev = rev + (state < 10)" IEUM_THEIRS " AND customer <> 0",
    IEUM_FAMILY "UPDATE OR IGNORE absence " IEUM_BACK IEUM_THEIRS " AND customer <> 0",
    IEUM_FAMILY "UPDATE identity " IEUM_BACK IEUM_THEIRS,
    IEUM_FAMILY "UPDATE consent " IEUM_BACK IEUM_THEIRS,
    IEUM_FAMILY "UPDATE touch " IEUM_BACK IEUM_THEIRS,
    IEUM_FAMILY "UPDATE OR IGNORE history " IEUM_BACK IEUM_THEIRS,
    IEUM_FAMILY "UPDATE OR IGNORE opt_out " IEUM_BACK IEUM_THEIRS,
    "UPDATE customer SET merged_into = 0 WHERE id = ?2 AND ?1 <> 0",
};
#undef IEUM_FAMILY
#undef IEUM_BACK
#undef IEUM_THEIRS

}  // namespace

Verdict Applier::check(const SplitCustomers& write, Note&) {
  bool holds = false;
  const int code = ask(
      "SELECT undone_ms IS NULL AND one.merged_into = 0 AND other.merged_into = one.id FROM merge"
      " JOIN customer AS one ON one.id = merge.survivor JOIN customer AS other ON other.id = merge.loser"
      " WHERE merge.id = ?1 AND survivor = ?2 AND loser = ?3",
      [&](Columns columns) { holds = columns.truth(); }, write.merge, write.survivor, write.loser);
  if (code != SQLITE_ROW && code != SQLITE_DONE) return Verdict::of(code);
  return holds ? Verdict{} : Verdict::stale();
}

int Applier::apply(const MergeCustomers& write, const Note&, Tally&) {
  const MergeRow& row = write.row;
  int code =
      run("INSERT INTO merge (id, survivor, loser, at_ms, event, why, traits, undone_ms)"
          " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, NULL)",
          row.id, row.survivor, row.loser, row.at_ms, row.event, row.why, row.traits);
  for (const char* sql : kMoves) {
    if (code != SQLITE_OK) return code;
    code = run(sql, row.survivor, row.loser);
  }
  return code;
}

int Applier::apply(const SplitCustomers& write, const Note&, Tally&) {
  int code = SQLITE_OK;
  for (const char* sql : kMovesBack) {
    if (code != SQLITE_OK) return code;
    code = run(sql, write.survivor, write.loser);
  }
  if (code == SQLITE_OK)
    code = run("DELETE FROM consent WHERE customer = ?1 AND source = 'merge:' || ?2", write.survivor, write.merge);
  if (code == SQLITE_OK) code = run("UPDATE merge SET undone_ms = ?2 WHERE id = ?1", write.merge, write.at_ms);
  return code;
}

}  // namespace ieum::store
