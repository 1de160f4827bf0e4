// Secrets as a call brings them: {"secrets": {"slot": "text"}}. Error "bad_body". Private to server.
#pragma once
#include "host/connection_form.hpp"
#include "server/api.hpp"

namespace ieum::server {

Result<host::Entered> secrets_of(const ApiCall& call);

}  // namespace ieum::server
