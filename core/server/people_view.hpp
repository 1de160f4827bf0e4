// People view: people, tokens and callers as the API shows them. Never a hash of a password or token.
#pragma once
#include "base/value.hpp"
#include "server/identity.hpp"

namespace ieum::server {

Map caller_view(const Caller& caller);  // {id, name, role}
Map person_view(const Identity& identity, const store::PersonRow& row);
Map token_view(const store::ApiTokenRow& row);

}  // namespace ieum::server
