// The statements of what people watch, find and repair with.
#include <algorithm>

#include "store/applier.hpp"
#include "store/search_grams.hpp"

namespace ieum::store {

int Applier::apply(const PutHold& write, const Note&, Tally&) {
  const HoldRow& row = write.row;
  return run(
      "INSERT INTO hold (kind, name, reason, made_by, since_ms, until_ms, per_minute, expire_after_ms, expire_then)"
      " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9) ON CONFLICT (kind, name) DO UPDATE SET reason = excluded.reason,"
      " made_by = excluded.made_by, since_ms = excluded.since_ms, until_ms = excluded.until_ms,"
      " per_minute = excluded.per_minute, expire_after_ms = excluded.expire_after_ms, expire_then = "
      "excluded.expire_then",
      row.kind, row.name, row.reason, row.made_by, row.since_ms, row.until_ms, row.per_minute, row.expire_after_ms,
      row.expire_then);
}

int Applier::apply(const ReleaseHold& write, const Note&, Tally&) {
  return run(
      "UPDATE hold SET per_minute = ?2, expire_after_ms = coalesce(?3, expire_after_ms),"
      " expire_then = CASE ?4 WHEN '' THEN expire_then ELSE ?4 END"
      " WHERE id = ?1 AND (?5 IS NULL OR (per_minute IS NULL AND until_ms <= ?5))",
      write.hold, write.per_minute, write.expire_after_ms, write.expire_then, write.over_ms);
}

int Applier::apply(const DropHold& write, const Note&, Tally&) {
  return run("DELETE FROM hold WHERE id = ?1 AND per_minute IS NOT NULL", write.hold);
}

Verdict Applier::check(const MoveProblem& write, Note&) {
  bool holds = false;
  const int code = ask(
      "SELECT state FROM problem WHERE id = ?1", [&](Columns columns) { holds = columns.truth() != write.resolved; },
      write.problem);
  if (code != SQLITE_ROW && code != SQLITE_DONE) return Verdict::of(code);
  return holds ? Verdict{} : Verdict::stale();
}

int Applier::apply(const MoveProblem& write, const Note&, Tally&) {
  std::optional<Millis> resolved_ms;
  if (write.resolved) resolved_ms = write.at_ms;
  return run("UPDATE problem SET state = ?2, resolved_ms = ?3, resolved_by = ?4 WHERE id = ?1", write.problem,
             write.resolved, resolved_ms, write.resolved ? write.by : std::string());
}

int Applier::note_problems() {
  int code = SQLITE_OK;
  for (const Trouble& trouble : troubles_)
    if (code == SQLITE_OK) code = note_problem(trouble);
  return code;
}

int Applier::note_problem(const Trouble& trouble) {
  std::string operation, code_text = trouble.reason.substr(0, trouble.reason.find(": ")), message = trouble.reason;
  Id connection = 0;
  Millis closed_ms = trouble.at_ms;
  const int found = ask(
      "SELECT operation, connection, error_code, error_text, coalesce(closed_ms, opened_ms) FROM step"
      " WHERE run = ?1 AND +step = ?2 ORDER BY id DESC LIMIT 1",
      [&](Columns columns) {
        operation = columns.text();
        connection = columns.integer();
        auto step_code = columns.text();
        auto step_text = columns.text();
        if (trouble.state == RunState::in_doubt && !step_code.empty()) code_text = step_code;
        if (!step_text.empty()) message = step_text;
        if (trouble.at_ms == 0) closed_ms = columns.integer();
      },
      trouble.run, trouble.at_step);
  if (found != SQLITE_ROW && found != SQLITE_DONE) return found;
  constexpr std::size_t kMessageBytes = 600;
  std::size_t cut = std::min(message.size(), kMessageBytes);
  while (cut < message.size() && cut > 0 && (static_cast<unsigned char>(message[cut]) & 0xC0) == 0x80) --cut;
  message.resize(cut);
  int code = run(
      "INSERT INTO problem (recipe, step, operation, connection, code, message, state, seen, since_open, reopened,"
      " first_ms, last_ms, last_run, resolved_ms, resolved_by)"
      " VALUES (?1, ?2, ?3, ?4, ?5, ?6, 0, 1, 1, 0, ?7, ?7, ?8, NULL, '')"
      " ON CONFLICT (recipe, step, operation, connection, code) DO UPDATE SET message = excluded.message,"
      " seen = seen + 1, since_open = CASE state WHEN 0 THEN since_open + 1 ELSE 1 END, reopened = reopened + state,"
      " last_ms = max(last_ms, excluded.last_ms), last_run = excluded.last_run, state = 0, resolved_ms = NULL,"
      " resolved_by = ''",
      trouble.recipe, trouble.at_step, operation, connection, code_text, message, closed_ms, trouble.run);
  if (code == SQLITE_OK)
    code =
        run("INSERT INTO problem_run (problem, run) SELECT id, ?6 FROM problem"
            " WHERE recipe = ?1 AND step = ?2 AND operation = ?3 AND connection = ?4 AND code = ?5"
            " ON CONFLICT (problem, run) DO NOTHING",
            trouble.recipe, trouble.at_step, operation, connection, code_text, trouble.run);
  return code;
}

Verdict Applier::check(const AddReplay& write, Note&) {
  std::int64_t last = -1;
  const int code = ask(
      "SELECT coalesce(max(nth), 0) FROM replay WHERE original = ?1",
      [&](Columns columns) { last = columns.integer(); }, write.row.original);
  if (code != SQLITE_ROW) return Verdict::of(code);
  return last == write.row.nth - 1 ? Verdict{} : Verdict::stale();
}

int Applier::apply(const AddReplay& write, const Note&, Tally&) {
  const ReplayRow& row = write.row;
  return run("INSERT INTO replay (run, original, nth, made_by, at_ms) VALUES (?1, ?2, ?3, ?4, ?5)", row.run,
             row.original, row.nth, row.made_by, row.at_ms);
}

// The index forgets a text only when it is told it again.
int Applier::apply(const IndexRun& write, const Note&, Tally&) {
  const SearchDoc& doc = write.doc;
  std::optional<std::string> before;
  int code = ask(
      "SELECT text FROM search_doc WHERE run = ?1", [&](Columns columns) { before = columns.text(); }, doc.run);
  if (code != SQLITE_ROW && code != SQLITE_DONE) return code;
  code = SQLITE_OK;
  if (!before || *before != doc.text) {
    if (before)
      code = code_of_index(run("INSERT INTO search_text (search_text, rowid, grams) VALUES ('delete', ?1, ?2)", doc.run,
                               search_grams(*before)));
    if (code == SQLITE_OK)
      code = code_of_index(run("INSERT INTO search_text (rowid, grams) VALUES (?1, ?2)", doc.run,
                               doc.grams.empty() ? search_grams(doc.text) : doc.grams));
    if (code == SQLITE_OK)
      code =
          run("INSERT INTO search_doc (run, text) VALUES (?1, ?2) ON CONFLICT (run) DO UPDATE SET text = excluded.text",
              doc.run, doc.text);
  }
  if (code == SQLITE_OK && before) code = run("DELETE FROM search_field WHERE run = ?1", doc.run);
  for (const auto& [name, value] : doc.fields) {
    if (code == SQLITE_OK)
      code = run("INSERT INTO search_field (name, value, run) VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING", name, value,
                 doc.run);
  }
  if (code != SQLITE_OK) return code;
  if (doc.lives) return run("INSERT INTO search_live (run) VALUES (?1) ON CONFLICT DO NOTHING", doc.run);
  return before ? run("DELETE FROM search_live WHERE run = ?1", doc.run) : SQLITE_OK;
}

// The rows that hang on a run go before it. Totals say how many there ever were, but for what is failed or finished now.
int Applier::apply(const DropRuns& write, const Note&, Tally& tally) {
  static constexpr const char* kOwnProblems =
      "DELETE FROM problem WHERE id IN (SELECT problem FROM problem_run WHERE run = ?1)"
      " AND NOT EXISTS (SELECT 1 FROM problem_run AS other WHERE other.problem = problem.id AND other.run <> ?1)";
  static constexpr const char* kOfRun[] = {"DELETE FROM step WHERE run = ?1",
                                           "DELETE FROM decision WHERE run = ?1",
                                           "DELETE FROM run_vars WHERE run = ?1",
                                           "DELETE FROM conversion WHERE run = ?1",
                                           "DELETE FROM replay WHERE run = ?1",
                                           "DELETE FROM search_field WHERE run = ?1",
                                           "DELETE FROM search_doc WHERE run = ?1",
                                           "DELETE FROM search_live WHERE run = ?1",
                                           kOwnProblems,
                                           "DELETE FROM problem_run WHERE run = ?1",
                                           "DELETE FROM run WHERE id = ?1"};
  Id last = 0;
  for (const Id id : write.runs) {
    RunState state = RunState::acting;
    RecipeOf of;
    int code = ask(
        "SELECT state, recipe, version FROM run WHERE id = ?1",
        [&](Columns columns) {
          state = columns.state<RunState>();
          of = {columns.integer(), columns.integer()};
        },
        id);
    if (code != SQLITE_ROW && code != SQLITE_DONE) return code;
    if (code == SQLITE_DONE || !is_terminal(state)) continue;
    std::optional<std::string> text;
    code = ask(
        "SELECT text FROM search_doc WHERE run = ?1", [&](Columns columns) { text = columns.text(); }, id);
    if (code != SQLITE_ROW && code != SQLITE_DONE) return code;
    code = SQLITE_OK;
    if (text)
      code = code_of_index(run("INSERT INTO search_text (search_text, rowid, grams) VALUES ('delete', ?1, ?2)", id,
                               search_grams(*text)));
    for (const char* sql : kOfRun)
      if (code == SQLITE_OK) code = run(sql, id);
    if (code != SQLITE_OK) return code;
    tally.run_dropped(of, state);
    last = std::max(last, id);
  }
  return keep_last("store.last_run", last);
}

int Applier::apply(const DropEvents& write, const Note&, Tally&) {
  Id last = 0;
  for (const Id id : write.events) {
    bool free = false;
    int code = ask(
        "SELECT state = 1 AND NOT EXISTS (SELECT 1 FROM run WHERE trigger_event = ?1)"
        " AND NOT EXISTS (SELECT 1 FROM absence WHERE absence.event = ?1) FROM event WHERE id = ?1",
        [&](Columns columns) { free = columns.truth(); }, id);
    if (code != SQLITE_ROW && code != SQLITE_DONE) return code;
    if (!free) continue;
    code = run("DELETE FROM payload WHERE event = ?1", id);
    if (code == SQLITE_OK) code = run("DELETE FROM event WHERE id = ?1", id);
    if (code != SQLITE_OK) return code;
    last = std::max(last, id);
  }
  return keep_last("store.last_event", last);
}

// An id is never given out twice, although its row has gone: keys of steps and receipts are made from them.
int Applier::keep_last(const char* name, Id last) {
  if (last == 0) return SQLITE_OK;
  return run(
      "INSERT INTO meta (name, value) VALUES (?1, ?2) ON CONFLICT (name) DO UPDATE SET"
      " value = CAST(max(CAST(value AS INTEGER), CAST(excluded.value AS INTEGER)) AS TEXT)",
      name, std::to_string(last));
}

int Applier::apply(const DropMinutes& write, const Note&, Tally&) {
  return run("DELETE FROM minute WHERE at < ?1", write.before_ms / kMinute);
}

// It gives a row for each page that went.
int Applier::apply(const Vacuum&, const Note&, Tally&) {
  Statement* statement = database_.cached("PRAGMA incremental_vacuum(256)");
  if (statement == nullptr) return database_.code();
  int code = SQLITE_ROW;
  while (code == SQLITE_ROW) code = statement->step();
  statement->reset();
  return code == SQLITE_DONE ? SQLITE_OK : code;
}

}  // namespace ieum::store
