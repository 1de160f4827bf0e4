// Identity: API tokens.
#include <algorithm>
#include <array>

#include "base/json.hpp"
#include "server/identity.hpp"

namespace ieum::server {
namespace {

constexpr std::array<std::string_view, 6> kAreas{"runs", "events", "recipes", "connections", "customers", "settings"};
constexpr std::size_t kHintBytes = 10;
constexpr std::size_t kNameBytes = 64;
constexpr std::size_t kTokensMax = 1000;

}  // namespace

Status judge_scopes(const Scopes& scopes) {
  for (const auto& scope : scopes) {
    const auto colon = std::min(scope.find(':'), scope.size());
    const auto way = scope.substr(std::min(colon + 1, scope.size()));
    const bool known = std::find(kAreas.begin(), kAreas.end(), scope.substr(0, colon)) != kAreas.end();
    if (!known || (way != "read" && way != "write"))
      return Error("bad_scope", "\"" + scope + "\" is no scope",
                   "write AREA:read or AREA:write; areas are runs, events, recipes, connections, customers, settings");
  }
  return {};
}

Result<std::pair<store::ApiTokenRow, std::string>> Identity::make_token(const NewToken& wanted) {
  if (wanted.name.empty() || wanted.name.size() > kNameBytes)
    return Error("bad_name", "the token's name must have 1 to 64 bytes");
  IEUM_CHECK(judge_scopes(wanted.scopes));
  List scopes;
  for (const auto& scope : wanted.scopes) scopes.push_back(scope);
  const std::string text = std::string(kTokenStart) + new_text();
  const std::lock_guard turn(changing_);
  store::ApiTokenRow row;
  row.hash = hash_of(text);
  row.hint = text.substr(0, kHintBytes);
  row.name = wanted.name;
  row.role = role_name(wanted.role);
  row.scopes = write_json(scopes);
  row.made_by = wanted.made_by;
  row.created_ms = now();
  if (wanted.live_for) row.expires_ms = row.created_ms + *wanted.live_for;
  if (tokens().size() >= kTokensMax) return Error("too_many_tokens", "there are 1,000 tokens already");
  row.id = store_.next_id(store::IdSpace::api_token);
  IEUM_CHECK(commit({store::PutApiToken{row}}));
  const std::lock_guard lock(mutex_);
  tokens_[row.hash] = Token{row, wanted.role, wanted.scopes};
  return std::pair(row, text);
}

Result<store::ApiTokenRow> Identity::revoke_token(Id id) {
  const std::lock_guard turn(changing_);
  auto rows = tokens();
  const auto found = std::find_if(rows.begin(), rows.end(), [id](const auto& row) { return row.id == id; });
  if (found == rows.end()) return Error("unknown_token", "there is no token " + std::to_string(id));
  if (!found->revoked_ms) found->revoked_ms = now();
  IEUM_CHECK(commit({store::PutApiToken{*found}}));
  const std::lock_guard lock(mutex_);
  tokens_[found->hash].row = *found;
  return *found;
}

std::vector<store::ApiTokenRow> Identity::tokens() const {
  std::vector<store::ApiTokenRow> rows;
  {
    const std::lock_guard lock(mutex_);
    for (const auto& [hash, token] : tokens_) rows.push_back(token.row);
  }
  std::sort(rows.begin(), rows.end(), [](const auto& a, const auto& b) { return a.id > b.id; });
  return rows;
}

std::optional<Caller> Identity::by_token(std::string_view text) {
  if (!text.starts_with(kTokenStart)) return std::nullopt;
  const auto hash = hash_of(text);
  std::optional<store::ApiTokenRow> used;
  Caller caller;
  {
    const std::lock_guard lock(mutex_);
    const auto found = tokens_.find(hash);
    if (found == tokens_.end()) return std::nullopt;
    auto& [row, role, scopes] = found->second;
    const Millis now = clock_.now() - moved_;
    if (row.revoked_ms || (row.expires_ms && *row.expires_ms <= now)) return std::nullopt;
    if (!row.used_ms || *row.used_ms + kMinute <= now) {
      row.used_ms = now;
      used = row;
    }
    caller = {Caller::Kind::token, row.id, row.name, role, {}, scopes};
  }
  if (used) store_.submit(store::Queue::work, store::Unit{{store::PutApiToken{*used}}}, [](const auto&) {});
  return caller;
}

}  // namespace ieum::server
