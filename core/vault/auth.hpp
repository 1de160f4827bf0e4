// Auth schemes: how credentials get into a request. Data of the manifest plus secrets of the connection, applied last,
// and only towards the connection's origins.
#pragma once
#include <map>
#include <string>
#include <string_view>
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
  std::string slot;                 // the secret used; basic: the password
  std::string header;               // header: its name; query: the parameter's name
  std::string format = "{secret}";  // header, query
  std::string user;  // basic: user name, or "{field}" of the config; solapi_hmac: config field that holds the API key
};

// From the manifest's `auth` entry: {"kind":"bearer","slot":"access_token"} ... Error "bad_auth".
Result<AuthScheme> parse_auth(const Value& description);

// The Authorization value of Solapi: HMAC-SHA256 of date and salt under the API secret. `date` is RFC 3339, `salt` 12 to 64
// characters, never used twice. (solapi/solapi-nodejs src/lib/authenticator.ts)
std::string solapi_authorization(std::string_view api_key, const Secret& api_secret, std::string_view date,
                                 std::string_view salt);

// Adds the credentials. `secrets`: slot -> newest secret. `config`: non-secret fields of the connection.
// Errors: "missing_credential" (names connection-independent slot), "origin_refused" when the URL's origin is not in
// `origins` (exact scheme, host and port), "bad_credential" (cannot stand in a header), "missing_config". On an error the
// request is as it was.
Status apply_auth(const AuthScheme& scheme, const std::map<std::string, Secret>& secrets, const Value& config,
                  const std::vector<std::string>& origins, Millis now_ms, Random& random, HttpRequest& request);

}  // namespace ieum::vault
