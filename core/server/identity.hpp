// Identity: who works with the hub, and by what they show it: people with passwords, sessions, one-time links, API tokens.
//
// Everything is in memory and in the store; of ids, links and tokens both have only the SHA-256. A change is committed first
// and counts from the moment it is: whoever asks next is judged by it. What is asked of every request (by_session, by_token)
// waits for no commit.
// Times are the hub's clock without the steps by which the operator moved a virtual one. [any-thread]
#pragma once
#include <atomic>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "base/error.hpp"
#include "base/random.hpp"
#include "base/secret.hpp"
#include "server/caller.hpp"
#include "server/tries.hpp"
#include "store/store.hpp"
#include "vault/password.hpp"

namespace ieum::server {

class Identity {
 public:
  static constexpr Millis kCodeFor = 5 * kMinute;
  static constexpr Millis kClaimFor = 30 * kMinute;
  static constexpr Millis kInvitationFor = 3 * kDay;
  static constexpr Millis kSessionFor = 12 * kHour;  // absolute
  static constexpr std::size_t kCodesMax = 16;
  static constexpr std::size_t kSessionsMax = 32;  // of one person; the oldest gives way
  static constexpr std::string_view kTokenStart = "ieum_";

  Identity(store::Store& store, Clock& clock, Random& random, vault::PasswordCost cost);
  Status load();  // once, before anything else

  // Who shows this; nothing when it is not in force.
  [[nodiscard]] std::optional<Caller> by_session(std::string_view id) const;
  [[nodiscard]] std::optional<Caller> by_token(std::string_view text);
  // Whether what this caller showed is still in force.
  [[nodiscard]] bool in_force(const Caller& caller) const;
  // Whether who it was may still do what this role may: for work that outlives the session it was begun in.
  [[nodiscard]] bool still_may(const Caller& caller, Role role) const;
  [[nodiscard]] bool claimed() const;  // there is an owner who can log in

  struct Made {
    std::string text;  // 256 bits, base64url
    Millis expires_ms = 0;
  };
  struct From {
    std::string peer, agent;
    std::string session;  // hash of one that the browser still shows: it ends when another begins
  };
  struct Entered {
    Made session;
    Caller caller;
  };
  // The command line's link.
  Made make_code();
  // Whether a login by this code would succeed now.
  [[nodiscard]] bool knows_code(std::string_view code) const;
  // Error "wrong_code" (unknown, used or too old).
  Result<Entered> enter_by_code(std::string_view code, const From& from);
  // Whether a password may be hashed for this account ("": none named) and address now, or a code be wrong. Error "too_many_tries".
  Status admit(const std::string& peer, std::string_view name);
  // Hashes once, whether the name is known or not. Error "wrong_password".
  Result<Entered> enter_by_password(std::string_view name, const Secret& password, const From& from);

  // Errors: "already_claimed".
  Result<Made> make_claim();
  // Errors: "wrong_link", "already_claimed", "weak_password", "bad_name".
  Result<Entered> claim(std::string_view token, const std::string& name, const Secret& password, const From& from);

  // Errors: "bad_name", "name_taken"; "unknown_person"; "last_owner".
  Result<std::pair<store::PersonRow, Made>> invite(const std::string& name, Role role);
  Result<Made> link(Id person);  // to choose a password
  Result<Entered> take_invitation(std::string_view token, const Secret& password, const From& from);
  Result<store::PersonRow> change(Id person, std::optional<Role> role, std::optional<bool> disabled);
  Status remove(Id person);
  // Other sessions of this person end. Errors: "wrong_password", "weak_password", "not_a_person".
  Status change_password(const Caller& caller, const Secret& old, const Secret& wanted);
  [[nodiscard]] std::vector<store::PersonRow> people() const;
  [[nodiscard]] std::optional<store::PersonRow> person(Id id) const;

  [[nodiscard]] std::vector<store::SessionRow> sessions(Id person) const;  // newest first
  Status end_session(const std::string& hash);

  struct NewToken {
    std::string name;
    Role role = Role::viewer;
    Scopes scopes;
    std::optional<Millis> live_for;
    std::string made_by;
  };
  // The text is told here and never again.
  Result<std::pair<store::ApiTokenRow, std::string>> make_token(const NewToken& wanted);
  Result<store::ApiTokenRow> revoke_token(Id id);  // "unknown_token"
  [[nodiscard]] std::vector<store::ApiTokenRow> tokens() const;

  [[nodiscard]] std::uint64_t hashes_judged() const { return judged_; }  // passwords compared since the start
  [[nodiscard]] Millis now() const;
  void clock_moved(Millis by);

 private:
  struct Token {
    store::ApiTokenRow row;
    Role role;
    Scopes scopes;
  };
  [[nodiscard]] std::string new_text();
  Status commit(std::vector<store::Write> writes);
  [[nodiscard]] std::optional<store::PersonRow> by_name(std::string_view name) const;
  [[nodiscard]] std::optional<store::InvitationRow> invitation(std::string_view token) const;
  [[nodiscard]] bool only_owner(Id person) const;
  Result<Made> put_invitation(Id person, Millis live_for, std::vector<store::Write> before);
  Result<Entered> enter(store::PersonRow person, const From& from, std::vector<store::Write> before);
  void forget_sessions_of(Id person, const std::string& but);  // with mutex_ held
  [[nodiscard]] Caller caller_of(const store::PersonRow& person, const std::string& session) const;

  store::Store& store_;
  Clock& clock_;
  Random& random_;
  const vault::PasswordCost cost_;
  std::atomic<std::uint64_t> judged_{0};
  std::string dummy_;  // hashed against when there is no such name
  Tries tries_;

  std::mutex changing_;       // held over a change and its commit; before mutex_
  mutable std::mutex mutex_;  // never held over a commit
  Millis moved_ = 0;
  std::map<Id, store::PersonRow> people_;
  std::map<std::string, store::InvitationRow, std::less<>> invitations_;
  std::map<std::string, store::SessionRow, std::less<>> sessions_;
  std::map<std::string, Token, std::less<>> tokens_;
  std::map<std::string, Millis, std::less<>> codes_;
};

// SHA-256, hex: how ids, links and tokens are kept.
std::string hash_of(std::string_view text);
// "runs:read" ...: error "bad_scope" for others.
Status judge_scopes(const Scopes& scopes);

}  // namespace ieum::server
