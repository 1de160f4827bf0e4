// Rows about those who work with the hub, and of what they did (schema_console.sql).
#pragma once
#include <cstdint>
#include <optional>
#include <string>

#include "base/clock.hpp"
#include "base/ids.hpp"

namespace ieum::store {

struct PersonRow {
  Id id = 0;
  std::string name;  // unique without case
  std::string role;
  std::string password;  // an Argon2id text; "" until the invitation was taken up
  bool disabled = false;
  Millis created_ms = 0;
  std::optional<Millis> seen_ms;
};

// A one-time link. person 0: the claim of the hub.
struct InvitationRow {
  std::string hash;
  Id person = 0;
  Millis expires_ms = 0;
};

// person 0: the owner of the machine.
struct SessionRow {
  std::string hash;
  Id person = 0;
  Millis created_ms = 0;
  Millis expires_ms = 0;
  std::string peer;
  std::string agent;
};

struct ApiTokenRow {
  Id id = 0;
  std::string hash;
  std::string hint;
  std::string name;
  std::string role;
  std::string scopes;  // JSON list of texts
  std::string made_by;
  Millis created_ms = 0;
  std::optional<Millis> expires_ms;
  std::optional<Millis> used_ms;
  std::optional<Millis> revoked_ms;
};

struct AuditRow {
  Id id = 0;
  Millis at_ms = 0;
  std::string who;
  std::string kind;
  std::string what;
  std::string target;
  std::string peer;
  std::string details;  // JSON object
  std::string seal;
  std::optional<int> status;
};

// person 0: for everybody.
struct SavedViewRow {
  Id id = 0;
  Id person = 0;
  std::string name;
  std::string query;
  Millis created_ms = 0;
};

}  // namespace ieum::store
