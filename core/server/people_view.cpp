#include "server/people_view.hpp"

#include "server/run_view.hpp"

namespace ieum::server {
namespace {

Value time_or_null(const std::optional<Millis>& at) { return at ? Value(*at) : Value(); }

}  // namespace

Map caller_view(const Caller& caller) {
  return Map{{"id", caller.id}, {"name", caller.name}, {"role", role_name(caller.role)}};
}

Map person_view(const Identity& identity, const store::PersonRow& row) {
  return Map{{"id", row.id},
             {"name", row.name},
             {"role", row.role},
             {"disabled", row.disabled},
             {"invited", row.password.empty()},
             {"created_ms", row.created_ms},
             {"seen_ms", time_or_null(row.seen_ms)},
             {"sessions", static_cast<std::int64_t>(identity.sessions(row.id).size())}};
}

Map token_view(const store::ApiTokenRow& row) {
  return Map{{"id", row.id},
             {"hint", row.hint},
             {"name", row.name},
             {"role", row.role},
             {"scopes", stored_json(row.scopes)},
             {"made_by", row.made_by},
             {"created_ms", row.created_ms},
             {"expires_ms", time_or_null(row.expires_ms)},
             {"used_ms", time_or_null(row.used_ms)},
             {"revoked_ms", time_or_null(row.revoked_ms)}};
}

}  // namespace ieum::server
