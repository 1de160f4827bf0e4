// Identity: people, how they come to a password, and how they come in with it.
#include <algorithm>

#include "base/encoding.hpp"
#include "server/identity.hpp"

namespace ieum::server {
namespace {

constexpr std::size_t kNameBytes = 64;

Error wrong_link() { return {"wrong_link", "this link was used already or is too old", "ask for a new one"}; }
Error wrong_password() {
  return {"wrong_password", "name and password do not fit", "try again, or ask an owner for a link to a new password"};
}
Error unknown_person(Id id) { return {"unknown_person", "there is no person " + std::to_string(id)}; }
Error last_owner() {
  return {"last_owner", "this is the last owner who can log in", "make somebody else an owner first"};
}

Status judge_name(std::string_view name) {
  const auto is_plain = [](unsigned char c) { return c >= 0x20 && c != 0x7F; };
  const bool good = !name.empty() && name.size() <= kNameBytes && trim(name) == name && utf8_valid(name) &&
                    std::all_of(name.begin(), name.end(), is_plain) && !equals_ignoring_case(name, "local");
  if (good) return {};
  return Error("bad_name", "a name has 1 to 64 bytes, no control characters, and is not \"local\"");
}

}  // namespace

bool Identity::claimed() const {
  const std::lock_guard lock(mutex_);
  return std::any_of(people_.begin(), people_.end(), [](const auto& entry) {
    return entry.second.role == role_name(Role::owner) && !entry.second.password.empty() && !entry.second.disabled;
  });
}

bool Identity::only_owner(Id person) const {
  const std::lock_guard lock(mutex_);
  const auto can_own = [](const store::PersonRow& row) {
    return row.role == role_name(Role::owner) && !row.password.empty() && !row.disabled;
  };
  const auto found = people_.find(person);
  if (found == people_.end() || !can_own(found->second)) return false;
  return std::none_of(people_.begin(), people_.end(),
                      [&](const auto& entry) { return entry.first != person && can_own(entry.second); });
}

std::vector<store::PersonRow> Identity::people() const {
  const std::lock_guard lock(mutex_);
  std::vector<store::PersonRow> rows;
  for (const auto& [id, row] : people_) rows.push_back(row);
  return rows;
}

std::optional<store::PersonRow> Identity::person(Id id) const {
  const std::lock_guard lock(mutex_);
  const auto found = people_.find(id);
  return found == people_.end() ? std::nullopt : std::optional(found->second);
}

std::optional<store::PersonRow> Identity::by_name(std::string_view name) const {
  const std::lock_guard lock(mutex_);
  for (const auto& [id, row] : people_)
    if (equals_ignoring_case(row.name, name)) return row;
  return std::nullopt;
}

std::optional<store::InvitationRow> Identity::invitation(std::string_view token) const {
  const auto hash = hash_of(token);
  const std::lock_guard lock(mutex_);
  const auto found = invitations_.find(hash);
  if (found == invitations_.end() || found->second.expires_ms <= clock_.now() - moved_) return std::nullopt;
  return found->second;
}

Status Identity::admit(const std::string& peer, std::string_view name) {
  const auto at = now();
  const auto account = "name " + to_lower_ascii(name);
  const bool good = name.empty() ? tries_.admit({"peer " + peer}, at) : tries_.admit({"peer " + peer, account}, at);
  if (good) return {};
  return Error("too_many_tries", "too many tries for this name or from this address",
               "wait a minute; the owner of the machine comes in with: ieum console");
}

Result<Identity::Entered> Identity::enter_by_password(std::string_view name, const Secret& password, const From& from) {
  const auto known = by_name(name);
  const bool can = known && !known->disabled && !known->password.empty();
  ++judged_;
  const bool fits = vault::password_fits(can ? known->password : dummy_, password);
  if (!can || !fits) return wrong_password();
  const std::lock_guard turn(changing_);
  const auto still = person(known->id);
  if (!still || still->disabled || still->password != known->password) return wrong_password();
  return enter(*still, from, {});
}

Result<Identity::Made> Identity::put_invitation(Id person, Millis live_for, std::vector<store::Write> before) {
  Made made{new_text(), now() + live_for};
  const store::InvitationRow row{hash_of(made.text), person, made.expires_ms};
  before.emplace_back(store::PutInvitation{row});
  IEUM_CHECK(commit(std::move(before)));
  const std::lock_guard lock(mutex_);
  std::erase_if(invitations_, [person](const auto& entry) { return entry.second.person == person; });
  invitations_[row.hash] = row;
  return made;
}

Result<Identity::Made> Identity::make_claim() {
  const std::lock_guard turn(changing_);
  if (claimed()) return Error("already_claimed", "this hub has an owner already", "log in, or: ieum console");
  return put_invitation(0, kClaimFor, {});
}

Result<Identity::Entered> Identity::claim(std::string_view token, const std::string& name, const Secret& password,
                                          const From& from) {
  const auto invited = invitation(token);
  if (!invited || invited->person != 0) return wrong_link();
  IEUM_CHECK(judge_name(name));
  IEUM_CHECK(vault::judge_password(password, name));
  IEUM_TRY(auto encoded, vault::hash_password(password, cost_, random_));
  const std::lock_guard turn(changing_);
  if (claimed()) return Error("already_claimed", "this hub has an owner already", "log in, or: ieum console");
  if (by_name(name)) return Error("name_taken", "there is somebody of this name already");
  store::PersonRow row{store_.next_id(store::IdSpace::person),
                       name,
                       std::string(role_name(Role::owner)),
                       std::move(encoded),
                       false,
                       now(),
                       {}};
  IEUM_TRY(auto entered, enter(row, from, {store::TakeInvitation{invited->hash, now()}}));
  const std::lock_guard lock(mutex_);
  invitations_.erase(invited->hash);
  return entered;
}

Result<std::pair<store::PersonRow, Identity::Made>> Identity::invite(const std::string& name, Role role) {
  IEUM_CHECK(judge_name(name));
  const std::lock_guard turn(changing_);
  if (by_name(name)) return Error("name_taken", "there is somebody of this name already");
  const store::PersonRow row{
      store_.next_id(store::IdSpace::person), name, std::string(role_name(role)), {}, false, now(), {}};
  IEUM_TRY(auto made, put_invitation(row.id, kInvitationFor, {store::PutPerson{row}}));
  const std::lock_guard lock(mutex_);
  people_[row.id] = row;
  return std::pair(row, std::move(made));
}

Result<Identity::Made> Identity::link(Id id) {
  const std::lock_guard turn(changing_);
  if (!person(id)) return unknown_person(id);
  return put_invitation(id, kInvitationFor, {});
}

Result<Identity::Entered> Identity::take_invitation(std::string_view token, const Secret& password, const From& from) {
  const auto invited = invitation(token);
  const auto known = invited ? person(invited->person) : std::nullopt;
  if (!known || known->disabled) return wrong_link();
  IEUM_CHECK(vault::judge_password(password, known->name));
  IEUM_TRY(auto encoded, vault::hash_password(password, cost_, random_));
  const std::lock_guard turn(changing_);
  auto row = person(known->id);
  if (!row || row->disabled) return wrong_link();
  row->password = std::move(encoded);
  IEUM_TRY(auto entered,
           enter(*row, from, {store::TakeInvitation{invited->hash, now()}, store::DropSessionsOf{row->id, {}}}));
  const std::lock_guard lock(mutex_);
  invitations_.erase(invited->hash);
  forget_sessions_of(row->id, entered.caller.session);
  return entered;
}

Result<store::PersonRow> Identity::change(Id id, std::optional<Role> role, std::optional<bool> disabled) {
  const std::lock_guard turn(changing_);
  auto row = person(id);
  if (!row) return unknown_person(id);
  const bool other_role = role && row->role != role_name(*role);
  const bool shut = disabled.value_or(row->disabled);
  if ((other_role || shut) && only_owner(id)) return last_owner();
  if (role) row->role = role_name(*role);
  row->disabled = shut;
  std::vector<store::Write> writes{store::PutPerson{*row}};
  const bool ends = other_role || shut;
  if (ends) writes.emplace_back(store::DropSessionsOf{id, {}});
  IEUM_CHECK(commit(std::move(writes)));
  const std::lock_guard lock(mutex_);
  people_[id] = *row;
  if (ends) forget_sessions_of(id, {});
  return *row;
}

Status Identity::remove(Id id) {
  const std::lock_guard turn(changing_);
  if (!person(id)) return unknown_person(id);
  if (only_owner(id)) return last_owner();
  IEUM_CHECK(commit({store::RemovePerson{id}}));
  const std::lock_guard lock(mutex_);
  people_.erase(id);
  std::erase_if(invitations_, [id](const auto& entry) { return entry.second.person == id; });
  forget_sessions_of(id, {});
  return {};
}

Status Identity::change_password(const Caller& caller, const Secret& old, const Secret& wanted) {
  const auto known = caller.kind == Caller::Kind::person ? person(caller.id) : std::nullopt;
  if (!known) return Error("not_a_person", "only a person has a password", "log in by name");
  ++judged_;
  if (!vault::password_fits(known->password, old)) return wrong_password();
  IEUM_CHECK(vault::judge_password(wanted, known->name));
  IEUM_TRY(auto encoded, vault::hash_password(wanted, cost_, random_));
  const std::lock_guard turn(changing_);
  auto row = person(known->id);
  if (!row || row->password != known->password) return wrong_password();
  row->password = std::move(encoded);
  IEUM_CHECK(commit({store::PutPerson{*row}, store::DropSessionsOf{row->id, caller.session}}));
  const std::lock_guard lock(mutex_);
  people_[row->id] = *row;
  forget_sessions_of(row->id, caller.session);
  return {};
}

}  // namespace ieum::server
