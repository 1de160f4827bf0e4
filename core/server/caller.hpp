// Caller: on whose behalf a request comes, and what that allows. Roles are a ladder: each may what those below it may.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/ids.hpp"

namespace ieum::server {

enum class Role { viewer, operator_, editor, owner };
std::string_view role_name(Role role);
std::optional<Role> role_of(std::string_view name);

// Whom a route answers. What each asks of a request is written in AdminGuard; the public door asks nothing.
enum class Needs {
  anyone,     // public door: the delivery's own verification, or the receipt itself, is the proof
  page,       // admin door, without secrets: the console's files
  login,      // admin door, before there is anybody: what trades a proof for a session
  viewer,     // looks
  operator_,  // acts on runs, events and holds
  editor,     // changes recipes and connections
  owner,      // people, tokens, settings, secrets
  local,      // the owner of the machine, who has the text of admin.token; a session cannot make another
};
std::string_view needs_name(Needs needs);
// The role that a route asks for; nothing where it asks for none.
std::optional<Role> role_for(Needs needs);

// An API token is let into these areas only; an empty list lets it into all. "runs:read", "runs:write" (which may read too).
using Scopes = std::vector<std::string>;

struct Caller {
  enum class Kind { nobody, local, person, token };
  Kind kind = Kind::nobody;
  Id id = 0;         // of the person or token
  std::string name;  // as lists and the audit log show it
  Role role = Role::viewer;
  std::string session;  // SHA-256 of the session's id; "" for those who send a token
  Scopes scopes;        // of a token
};
std::string_view kind_name(Caller::Kind kind);

// The area of a route's pattern, as scopes name it; "" for those that any token may use.
std::string_view area_of(std::string_view pattern);
// Whether scopes let into this area.
bool lets_in(const Scopes& scopes, std::string_view area, bool writes);

}  // namespace ieum::server
