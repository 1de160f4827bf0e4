// OAuth as a machine without I/O: values in, HTTP requests out, and the meaning of what came back. Who sends the requests,
// keeps the tokens and knows the time is the runtime. Nothing here chooses randomness: states and verifiers are given.
//
// Covers authorization code with PKCE (RFC 6749, 7636), refresh with and without rotation, client credentials, and the
// JWT bearer grant of service accounts (RFC 7523, RS256). Pure.
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
#include "base/secret.hpp"
#include "base/url.hpp"
#include "base/value.hpp"
#include "vault/auth.hpp"

namespace ieum::vault {

// code_challenge of a verifier, method S256.
std::string pkce_challenge(std::string_view verifier);

// Where the person goes to log in. `config`: the connection's fields, defaults included. Errors: "missing_config", "bad_url".
Result<std::string> authorize_url(const AuthScheme& scheme, const Value& config, std::string_view redirect_uri,
                                  std::string_view state, std::string_view verifier);

// Requests to the token endpoint, credentials in place. Errors: "missing_config", "missing_credential", "bad_url", "bad_key".
Result<HttpRequest> code_request(const AuthScheme& scheme, const Value& config,
                                 const std::map<std::string, Secret>& secrets, std::string_view redirect_uri,
                                 std::string_view code, std::string_view verifier);
Result<HttpRequest> refresh_request(const AuthScheme& scheme, const Value& config,
                                    const std::map<std::string, Secret>& secrets);
// A token for the hub itself: oauth2_client, or jwt_bearer, whose claim begins at now_ms.
Result<HttpRequest> own_request(const AuthScheme& scheme, const Value& config,
                                const std::map<std::string, Secret>& secrets, Millis now_ms);

// header.claims.signature of a service account. `key_json`: Google's key file. `subject`: the person whom the account acts
// for (domain-wide delegation); "" nobody. Error "bad_key" (nothing of the key in it).
Result<std::string> service_account_jwt(const Secret& key_json, const std::vector<std::string>& scopes,
                                        std::string_view audience, std::string_view subject, Millis now_ms);

struct Tokens {
  Secret access;
  std::optional<Secret> refresh;  // none: the vendor gave none, and the one that the hub has stays
  std::optional<Millis> expires_for, refresh_expires_for;
  std::string scope;
};

// Why there is no token. again: later may help. login: a person must log in again. credentials: client id, secret or key are
// wrong, or the app is gone.
struct TokenFailure {
  enum class Kind { again, login, credentials };
  Kind kind = Kind::again;
  std::string code;     // "invalid_grant"; else "http_502", "bad_answer"
  std::string message;  // what the vendor said, cut; may hold what it echoes, so it is cleaned before it is shown
};

using TokenAnswer = std::variant<Tokens, TokenFailure>;
// Reads an answer of the token endpoint. An answer without a token is a failure whatever its status says.
TokenAnswer read_tokens(const AuthScheme& scheme, const HttpResponse& answer);

// The query of a call-back, checked the way of Shopify: its hmac under the client secret, its shop (a name below
// myshopify.com, and the connection's), its time (90 s). Error "bad_callback".
Status check_shopify_callback(const QueryPairs& query, const Secret& client_secret, std::string_view shop,
                              Millis now_ms);
// The text that such a hmac is over, and whether a name is a shop's.
std::string shopify_callback_base(const QueryPairs& query);
bool is_shop_name(std::string_view shop);

}  // namespace ieum::vault
