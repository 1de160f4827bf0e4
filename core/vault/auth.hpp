// Auth schemes: how credentials get into a request. Data of the manifest plus secrets of the connection, applied last,
// and only towards the connection's origins.
#pragma once
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/clock.hpp"
#include "base/error.hpp"
#include "base/http.hpp"
#include "base/random.hpp"
#include "base/secret.hpp"
#include "base/value.hpp"

namespace ieum::vault {

// What the token machine (vault/oauth.hpp) needs to know of a scheme whose credential is fetched. URLs may hold "{field}".
struct TokenScheme {
  std::string authorize_url;  // oauth2_code
  std::string token_url;
  std::string audience;   // jwt_bearer; "" is the token URL
  std::string subject;    // jwt_bearer: the plain field that says for whom the token is; "" or empty: for the account
  std::string client_id;  // a plain field of the connection
  std::string client_secret;  // a secret slot; "" has none (PKCE alone)
  std::vector<std::string> scopes;
  std::string scope_separator = " ";
  bool pkce = true;
  bool basic = false;             // the client tells itself in the Authorization header; else in the body
  bool json = false;              // the token endpoint takes JSON; else a form
  bool shopify_callback = false;  // the call-back is signed the way of Shopify
  std::vector<std::pair<std::string, std::string>> authorize_extra, token_extra;
};

struct AuthScheme {
  enum class Kind { none, bearer, header, basic, query, solapi_hmac, url, oauth2_code, oauth2_client, jwt_bearer };
  Kind kind = Kind::none;
  // The secret used; basic: the password; url: the whole address, which takes the place of the request's; jwt_bearer: the
  // service account's key JSON.
  std::string slot;
  std::string header;               // header: its name; query: the parameter's name
  std::string format = "{secret}";  // header, query
  std::string user;  // basic: user name, or "{field}" of the config; solapi_hmac: config field that holds the API key
  std::string name;  // fetched tokens only: the scheme's name in the manifest, part of the slots below
  TokenScheme token;

  [[nodiscard]] bool fetches_tokens() const { return kind >= Kind::oauth2_code; }
  [[nodiscard]] std::string access_slot() const { return name + ".access_token"; }
  [[nodiscard]] std::string refresh_slot() const { return name + ".refresh_token"; }
};

// From the manifest's `auth` entry of that name: {"kind":"bearer","slot":"access_token"} ... Error "bad_auth".
Result<AuthScheme> parse_auth(const Value& description, std::string_view name = {});

// The Authorization value of Solapi: HMAC-SHA256 of date and salt under the API secret. `date` is RFC 3339, `salt` 12 to 64
// characters, never used twice. (solapi/solapi-nodejs src/lib/authenticator.ts)
std::string solapi_authorization(std::string_view api_key, const Secret& api_secret, std::string_view date,
                                 std::string_view salt);

// A text with "{field}" filled from the config. Error "missing_config".
Result<std::string> fill_fields(std::string_view pattern, const Value& config);

// Adds the credentials. `secrets`: slot -> newest secret. `config`: non-secret fields of the connection. A fetched token is
// taken from its access slot: whether it is fresh is for the caller to know.
// Errors: "missing_credential" (names connection-independent slot), "origin_refused" when the URL's origin is not in
// `origins` (exact scheme, host and port), "bad_credential" (cannot stand in a header), "missing_config". On an error the
// request is as it was.
Status apply_auth(const AuthScheme& scheme, const std::map<std::string, Secret>& secrets, const Value& config,
                  const std::vector<std::string>& origins, Millis now_ms, Random& random, HttpRequest& request);

// Puts secrets into the body: at a JSON pointer whose parent is there, or, in a form, in the field "/name". Structurally,
// so that no text of the body is read as a place. Errors as apply_auth, and "bad_fill"; on an error the request is as it was.
Status fill_body(const std::vector<std::pair<std::string, std::string>>& pointer_to_slot,
                 const std::map<std::string, Secret>& secrets, const std::vector<std::string>& origins,
                 HttpRequest& request);

// Takes the text at a dotted path out of a JSON body ("[redacted]" stands there instead). Nothing when there is none.
std::optional<Secret> take_secret(std::string& json_body, std::string_view path);

}  // namespace ieum::vault
