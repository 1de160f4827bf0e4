// Writes about a vendor's side: polls, subscriptions, copies of its lists, and requests to forget people.
#include "store/applier.hpp"

namespace ieum::store {

Verdict Applier::check_connection(Id connection) {
  const int code = ask(
      "SELECT id FROM connection WHERE id = ?1", [](Columns) {}, connection);
  if (code == SQLITE_ROW) return {};
  return code == SQLITE_DONE ? Verdict::stale() : Verdict::of(code);
}

Verdict Applier::check(const PutPoll& write, Note&) {
  const PollRow& row = write.row;
  std::string cursor;
  const int code = ask(
      "SELECT cursor FROM poll WHERE connection = ?1 AND poll = ?2 AND item = ?3",
      [&](Columns columns) { cursor = columns.text(); }, row.connection, row.poll, row.item);
  if (code != SQLITE_ROW && code != SQLITE_DONE) return Verdict::of(code);
  return cursor == write.expected_cursor ? check_connection(row.connection) : Verdict::stale();
}

Verdict Applier::check(const PutSubscription& write, Note&) { return check_connection(write.row.connection); }

Verdict Applier::check(const PutResources& write, Note&) { return check_connection(write.connection); }

int Applier::apply(const PutPoll& write, const Note&, Tally&) {
  const PollRow& row = write.row;
  return run(
      "INSERT INTO poll (connection, poll, item, cursor, due_ms, failures, last_ok_ms, problem)"
      " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8) ON CONFLICT (connection, poll, item) DO UPDATE SET"
      " cursor = excluded.cursor, due_ms = excluded.due_ms, failures = excluded.failures,"
      " last_ok_ms = excluded.last_ok_ms, problem = excluded.problem",
      row.connection, row.poll, row.item, row.cursor, row.due_ms, row.failures, row.last_ok_ms, row.problem);
}

int Applier::apply(const DropPoll& write, const Note&, Tally&) {
  return run("DELETE FROM poll WHERE connection = ?1 AND poll = ?2 AND item = ?3", write.connection, write.poll,
             write.item);
}

int Applier::apply(const PutSubscription& write, const Note&, Tally&) {
  const SubscriptionRow& row = write.row;
  return run(
      "INSERT INTO subscription (connection, name, item, state, ensured_for, due_ms, failures, last_ok_ms, problem, "
      "note)"
      " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10) ON CONFLICT (connection, name, item) DO UPDATE SET"
      " state = excluded.state, ensured_for = excluded.ensured_for, due_ms = excluded.due_ms,"
      " failures = excluded.failures, last_ok_ms = excluded.last_ok_ms, problem = excluded.problem,"
      " note = excluded.note",
      row.connection, row.name, row.item, row.state, row.ensured_for, row.due_ms, row.failures, row.last_ok_ms,
      row.problem, row.note);
}

int Applier::apply(const DropSubscription& write, const Note&, Tally&) {
  return run("DELETE FROM subscription WHERE connection = ?1 AND name = ?2 AND item = ?3", write.connection, write.name,
             write.item);
}

int Applier::apply(const PutResources& write, const Note&, Tally&) {
  int code = run("DELETE FROM resource WHERE connection = ?1 AND kind = ?2", write.connection, write.kind);
  if (code == SQLITE_OK)
    code =
        run("INSERT INTO resource_list (connection, kind, fetched_ms) VALUES (?1, ?2, ?3)"
            " ON CONFLICT (connection, kind) DO UPDATE SET fetched_ms = excluded.fetched_ms",
            write.connection, write.kind, write.fetched_ms);
  for (const ResourceRow& row : write.rows) {
    if (code != SQLITE_OK) return code;
    code =
        run("INSERT INTO resource (connection, kind, key, data) VALUES (?1, ?2, ?3, ?4)"
            " ON CONFLICT (connection, kind, key) DO UPDATE SET data = excluded.data",
            write.connection, write.kind, row.key, row.data);
  }
  return code;
}

int Applier::apply(const AddErasure& write, const Note&, Tally&) {
  const ErasureRow& row = write.row;
  return run(
      "INSERT INTO erasure (event, item, connection, subject, at_ms, state) VALUES (?1, ?2, ?3, ?4, ?5, ?6)"
      " ON CONFLICT (event, item) DO NOTHING",
      row.event, row.item, row.connection, row.subject, row.at_ms, row.state);
}

}  // namespace ieum::store
