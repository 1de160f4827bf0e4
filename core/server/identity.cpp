// Identity: what is asked of every request, sessions and the links of the command line.
#include "server/identity.hpp"

#include <algorithm>

#include "base/digest.hpp"
#include "base/encoding.hpp"
#include "base/json.hpp"

namespace ieum::server {
namespace {

constexpr std::size_t kTextBytes = 32;
constexpr std::size_t kAgentBytes = 200;

Caller local_caller(std::string session) {
  return {Caller::Kind::local, 0, "local", Role::owner, std::move(session), {}};
}

Scopes scopes_of(const std::string& json) {
  Scopes scopes;
  const auto list = parse_json(json);
  if (list.has_error() || list->if_list() == nullptr) return {"none:none"};  // never more than was meant
  for (const auto& scope : *list->if_list()) scopes.push_back(scope.is_string() ? *scope.if_string() : "none:none");
  return scopes;
}

}  // namespace

std::string hash_of(std::string_view text) { return hex_encode(sha256(text)); }

Identity::Identity(store::Store& store, Clock& clock, Random& random, vault::PasswordCost cost)
    : store_(store), clock_(clock), random_(random), cost_(cost) {}

Status Identity::load() {
  dummy_ = vault::unmatched_password(cost_, random_);
  const auto reader = store_.reader();
  IEUM_TRY(const auto people, reader->people());
  IEUM_TRY(const auto invitations, reader->invitations());
  IEUM_TRY(const auto sessions, reader->sessions());
  IEUM_TRY(const auto tokens, reader->api_tokens());
  const std::lock_guard lock(mutex_);
  for (const auto& row : people) people_.emplace(row.id, row);
  for (const auto& row : invitations) invitations_.emplace(row.hash, row);
  for (const auto& row : sessions) sessions_.emplace(row.hash, row);
  for (const auto& row : tokens)
    tokens_.emplace(row.hash, Token{row, role_of(row.role).value_or(Role::viewer), scopes_of(row.scopes)});
  return {};
}

std::string Identity::new_text() { return base64url_encode(random_.bytes(kTextBytes)); }

Millis Identity::now() const {
  const std::lock_guard lock(mutex_);
  return clock_.now() - moved_;
}

void Identity::clock_moved(Millis by) {
  const std::lock_guard lock(mutex_);
  moved_ += by;
}

Status Identity::commit(std::vector<store::Write> writes) {
  const auto outcome = store_.submit_and_wait(store::Queue::work, store::Unit{std::move(writes)});
  if (outcome.kind == store::UnitOutcome::Kind::committed) return {};
  if (outcome.error) return *outcome.error;
  return Error("wrong_link", "this link was used already or is too old", "ask for a new one");
}

Caller Identity::caller_of(const store::PersonRow& person, const std::string& session) const {
  return {Caller::Kind::person, person.id, person.name, role_of(person.role).value_or(Role::viewer), session, {}};
}

std::optional<Caller> Identity::by_session(std::string_view id) const {
  const auto hash = hash_of(id);
  const std::lock_guard lock(mutex_);
  const auto found = sessions_.find(hash);
  if (found == sessions_.end() || found->second.expires_ms <= clock_.now() - moved_) return std::nullopt;
  if (found->second.person == 0) return local_caller(hash);
  const auto person = people_.find(found->second.person);
  if (person == people_.end() || person->second.disabled) return std::nullopt;
  return caller_of(person->second, hash);
}

bool Identity::in_force(const Caller& caller) const {
  const std::lock_guard lock(mutex_);
  const Millis now = clock_.now() - moved_;
  if (!caller.session.empty()) {
    const auto found = sessions_.find(caller.session);
    return found != sessions_.end() && now < found->second.expires_ms;
  }
  if (caller.kind != Caller::Kind::token) return caller.kind == Caller::Kind::local;
  return std::any_of(tokens_.begin(), tokens_.end(), [&](const auto& entry) {
    const auto& row = entry.second.row;
    return row.id == caller.id && !row.revoked_ms && now < row.expires_ms.value_or(now + 1);
  });
}

bool Identity::still_may(const Caller& caller, Role role) const {
  if (caller.kind != Caller::Kind::person) return in_force(caller) || caller.kind == Caller::Kind::local;
  const std::lock_guard lock(mutex_);
  const auto found = people_.find(caller.id);
  return found != people_.end() && !found->second.disabled &&
         role_of(found->second.role).value_or(Role::viewer) >= role;
}

Identity::Made Identity::make_code() {
  const std::lock_guard lock(mutex_);
  const Millis now = clock_.now() - moved_;
  std::erase_if(codes_, [now](const auto& entry) { return entry.second <= now; });
  if (codes_.size() >= kCodesMax)
    codes_.erase(std::min_element(codes_.begin(), codes_.end(),
                                  [](const auto& a, const auto& b) { return a.second < b.second; }));
  Made made{new_text(), now + kCodeFor};
  codes_[hash_of(made.text)] = made.expires_ms;
  return made;
}

bool Identity::knows_code(std::string_view code) const {
  const std::lock_guard lock(mutex_);
  const auto found = codes_.find(hash_of(code));
  return found != codes_.end() && clock_.now() - moved_ < found->second;
}

Result<Identity::Entered> Identity::enter_by_code(std::string_view code, const From& from) {
  {
    const std::lock_guard lock(mutex_);
    const auto found = codes_.find(hash_of(code));
    const bool good = found != codes_.end() && clock_.now() - moved_ < found->second;
    if (found != codes_.end()) codes_.erase(found);
    if (!good)
      return Error("wrong_code", "this login link was used already or is too old",
                   "make a new one; a link works once, within five minutes");
  }
  return enter({}, from, {});
}

Result<Identity::Entered> Identity::enter(store::PersonRow person, const From& from, std::vector<store::Write> before) {
  const Millis at = now();
  Made session{new_text(), at + kSessionFor};
  const auto hash = hash_of(session.text);
  store::SessionRow row{hash, person.id, at, session.expires_ms, from.peer, from.agent.substr(0, kAgentBytes)};
  auto writes = std::move(before);
  if (person.id != 0) {
    person.seen_ms = at;
    writes.push_back(store::PutPerson{person});
  }
  if (!from.session.empty()) writes.push_back(store::DropSession{from.session});
  const auto open = sessions(person.id);
  for (std::size_t i = kSessionsMax - 1; i < open.size(); ++i) writes.push_back(store::DropSession{open[i].hash});
  writes.push_back(store::PutSession{row});
  IEUM_CHECK(commit(std::move(writes)));
  const std::lock_guard lock(mutex_);
  if (person.id != 0) people_[person.id] = person;
  sessions_.erase(from.session);
  for (std::size_t i = kSessionsMax - 1; i < open.size(); ++i) sessions_.erase(open[i].hash);
  std::erase_if(sessions_, [at](const auto& entry) { return entry.second.expires_ms <= at; });
  sessions_[hash] = row;
  return Entered{std::move(session), person.id == 0 ? local_caller(hash) : caller_of(person, hash)};
}

std::vector<store::SessionRow> Identity::sessions(Id person) const {
  std::vector<store::SessionRow> rows;
  {
    const std::lock_guard lock(mutex_);
    const Millis now = clock_.now() - moved_;
    for (const auto& [hash, row] : sessions_)
      if (row.person == person && now < row.expires_ms) rows.push_back(row);
  }
  std::stable_sort(rows.begin(), rows.end(), [](const auto& a, const auto& b) { return a.created_ms > b.created_ms; });
  return rows;
}

Status Identity::end_session(const std::string& hash) {
  const std::lock_guard turn(changing_);
  IEUM_CHECK(commit({store::DropSession{hash}}));
  const std::lock_guard lock(mutex_);
  sessions_.erase(hash);
  return {};
}

void Identity::forget_sessions_of(Id person, const std::string& but) {
  std::erase_if(sessions_,
                [&](const auto& entry) { return entry.second.person == person && entry.second.hash != but; });
}

}  // namespace ieum::server
