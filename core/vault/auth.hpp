// Auth schemes: how credentials get into a request. Data of the manifest plus secrets of the connection, applied last,
// and only towards the connection's origins.
#pragma once
#include <map>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "base/error.hpp"
#include "base/http.hpp"
#include "base/random.hpp"
#include "base/secret.hpp"
#include "base/value.hpp"

namespace ieum::vault {

struct AuthScheme {
  enum class Kind { none, bearer, header, basic, query, solapi_hmac };
  Kind kind = Kind::none;
  std::string slot;         // the secret used; basic: the password
  std::string header;       // header: its name
  std::string format = "{secret}";
  std::string user;         // basic: literal user name; solapi_hmac: config field that holds the API key
};

// From the manifest's `auth` entry: {"kind":"bearer","slot":"access_token"} ... Error "bad_auth".
Result<AuthScheme> parse_auth(const Value& description);

// Adds the credentials. `secrets`: slot -> newest secret. `config`: non-secret fields of the connection.
// Errors: "missing_credential" (names connection-independent slot), "origin_refused" when the URL's origin is not in
// `origins` (exact scheme, host and port).
Status apply_auth(const AuthScheme& scheme, const std::map<std::string, Secret>& secrets, const Value& config,
                  const std::vector<std::string>& origins, Millis now_ms, Random& random, HttpRequest& request);

}  // namespace ieum::vault
