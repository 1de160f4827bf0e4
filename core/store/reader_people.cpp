// Questions about those who work with the hub, and of what they did.
#include <limits>

#include "store/sqlite_reader.hpp"

namespace ieum::store {
namespace {

PersonRow person_row(Columns c) {
  return {c.integer(), c.text(), c.text(), c.text(), c.truth(), c.integer(), c.optional_integer()};
}
InvitationRow invitation_row(Columns c) { return {c.text(), c.integer(), c.integer()}; }
SessionRow session_row(Columns c) { return {c.text(), c.integer(), c.integer(), c.integer(), c.text(), c.text()}; }
ApiTokenRow token_row(Columns c) {
  return {c.integer(),
          c.text(),
          c.text(),
          c.text(),
          c.text(),
          c.text(),
          c.text(),
          c.integer(),
          c.optional_integer(),
          c.optional_integer(),
          c.optional_integer()};
}
AuditRow audit_row(Columns c) {
  AuditRow row{c.integer(), c.integer(), c.text(), c.text(), c.text(), c.text(), c.text(), c.text(), c.text(), {}};
  if (const auto status = c.optional_integer()) row.status = static_cast<int>(*status);
  return row;
}
SavedViewRow view_row(Columns c) { return {c.integer(), c.integer(), c.text(), c.text(), c.integer()}; }

}  // namespace

Result<std::vector<PersonRow>> SqliteReader::people() {
  return all("SELECT id, name, role, password, disabled, created_ms, seen_ms FROM person ORDER BY id", &person_row);
}

Result<std::vector<InvitationRow>> SqliteReader::invitations() {
  return all("SELECT hash, person, expires_ms FROM invitation", &invitation_row);
}

Result<std::vector<SessionRow>> SqliteReader::sessions() {
  return all("SELECT hash, person, created_ms, expires_ms, peer, agent FROM session", &session_row);
}

Result<std::vector<ApiTokenRow>> SqliteReader::api_tokens() {
  return all(
      "SELECT id, hash, hint, name, role, scopes, made_by, created_ms, expires_ms, used_ms, revoked_ms FROM api_token"
      " ORDER BY id",
      &token_row);
}

Result<std::vector<AuditRow>> SqliteReader::audit(const AuditFilter& filter) {
  const Id before = filter.before == 0 ? std::numeric_limits<Id>::max() : filter.before;
  if (filter.who.empty())
    return all(
        "SELECT id, at_ms, who, kind, what, target, peer, details, seal, status FROM audit WHERE id < ?1"
        " ORDER BY id DESC LIMIT ?2",
        &audit_row, before, filter.limit);
  return all(
      "SELECT id, at_ms, who, kind, what, target, peer, details, seal, status FROM audit WHERE who = ?1 AND id < ?2"
      " ORDER BY id DESC LIMIT ?3",
      &audit_row, filter.who, before, filter.limit);
}

Result<std::vector<AuditRow>> SqliteReader::audit_after(Id after, int limit) {
  return all(
      "SELECT id, at_ms, who, kind, what, target, peer, details, seal, status FROM audit WHERE id > ?1"
      " ORDER BY id LIMIT ?2",
      &audit_row, after, limit);
}

Result<std::vector<SavedViewRow>> SqliteReader::saved_views(Id person) {
  return all("SELECT id, person, name, query, created_ms FROM saved_view WHERE person = ?1 ORDER BY name", &view_row,
             person);
}

Result<std::optional<SavedViewRow>> SqliteReader::saved_view(Id id) {
  return first("SELECT id, person, name, query, created_ms FROM saved_view WHERE id = ?1", &view_row, id);
}

}  // namespace ieum::store
