// Writes about those who work with the hub: people, their ways in, what they did, the views that they saved.
#include "store/applier.hpp"

namespace ieum::store {

Verdict Applier::check(const TakeInvitation& write, Note&) {
  const int code = ask(
      "SELECT person FROM invitation WHERE hash = ?1 AND expires_ms > ?2", [](Columns) {}, write.hash, write.now_ms);
  if (code == SQLITE_ROW) return {};
  return code == SQLITE_DONE ? Verdict::stale() : Verdict::of(code);
}

int Applier::apply(const PutPerson& write, const Note&, Tally&) {
  const PersonRow& row = write.row;
  return run(
      "INSERT INTO person (id, name, role, password, disabled, created_ms, seen_ms) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)"
      " ON CONFLICT (id) DO UPDATE SET name = excluded.name, role = excluded.role, password = excluded.password,"
      " disabled = excluded.disabled, seen_ms = excluded.seen_ms",
      row.id, row.name, row.role, row.password, row.disabled, row.created_ms, row.seen_ms);
}

int Applier::apply(const RemovePerson& write, const Note&, Tally&) {
  for (const char* sql : {"DELETE FROM session WHERE person = ?1", "DELETE FROM invitation WHERE person = ?1",
                          "DELETE FROM saved_view WHERE person = ?1", "DELETE FROM person WHERE id = ?1"}) {
    if (const int code = run(sql, write.person); code != SQLITE_OK) return code;
  }
  return SQLITE_OK;
}

int Applier::apply(const PutInvitation& write, const Note&, Tally&) {
  const InvitationRow& row = write.row;
  const int code = run("DELETE FROM invitation WHERE person = ?1", row.person);
  if (code != SQLITE_OK) return code;
  return run("INSERT INTO invitation (hash, person, expires_ms) VALUES (?1, ?2, ?3)", row.hash, row.person,
             row.expires_ms);
}

int Applier::apply(const TakeInvitation& write, const Note&, Tally&) {
  return run("DELETE FROM invitation WHERE hash = ?1", write.hash);
}

int Applier::apply(const PutSession& write, const Note&, Tally&) {
  const SessionRow& row = write.row;
  const int code = run("DELETE FROM session WHERE expires_ms <= ?1", row.created_ms);
  if (code != SQLITE_OK) return code;
  return run("INSERT INTO session (hash, person, created_ms, expires_ms, peer, agent) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
             row.hash, row.person, row.created_ms, row.expires_ms, row.peer, row.agent);
}

int Applier::apply(const DropSession& write, const Note&, Tally&) {
  return run("DELETE FROM session WHERE hash = ?1", write.hash);
}

int Applier::apply(const DropSessionsOf& write, const Note&, Tally&) {
  return run("DELETE FROM session WHERE person = ?1 AND hash <> ?2", write.person, write.but);
}

int Applier::apply(const PutApiToken& write, const Note&, Tally&) {
  const ApiTokenRow& row = write.row;
  return run(
      "INSERT INTO api_token (id, hash, hint, name, role, scopes, made_by, created_ms, expires_ms, used_ms, revoked_ms)"
      " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)"
      " ON CONFLICT (id) DO UPDATE SET used_ms = coalesce(excluded.used_ms, used_ms),"
      " revoked_ms = coalesce(excluded.revoked_ms, revoked_ms)",
      row.id, row.hash, row.hint, row.name, row.role, row.scopes, row.made_by, row.created_ms, row.expires_ms,
      row.used_ms, row.revoked_ms);
}

int Applier::apply(const AddAudit& write, const Note&, Tally&) {
  const AuditRow& row = write.row;
  return run(
      "INSERT INTO audit (id, at_ms, who, kind, what, target, peer, details, seal, status)"
      " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
      row.id, row.at_ms, row.who, row.kind, row.what, row.target, row.peer, row.details, row.seal, row.status);
}

int Applier::apply(const EndAudit& write, const Note&, Tally&) {
  return run("UPDATE audit SET status = ?2 WHERE id = ?1", write.id, write.status);
}

int Applier::apply(const PutSavedView& write, const Note&, Tally&) {
  const SavedViewRow& row = write.row;
  return run(
      "INSERT INTO saved_view (id, person, name, query, created_ms) VALUES (?1, ?2, ?3, ?4, ?5)"
      " ON CONFLICT (person, name) DO UPDATE SET query = excluded.query",
      row.id, row.person, row.name, row.query, row.created_ms);
}

int Applier::apply(const DropSavedView& write, const Note&, Tally&) {
  return run("DELETE FROM saved_view WHERE id = ?1", write.id);
}

}  // namespace ieum::store
