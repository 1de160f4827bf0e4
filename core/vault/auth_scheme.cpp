// From a manifest's description of a scheme to an AuthScheme.
#include <algorithm>
#include <array>

#include "base/json.hpp"
#include "vault/auth.hpp"

namespace ieum::vault {
namespace {

using Kind = AuthScheme::Kind;

constexpr std::array<std::string_view, 10> kKinds = {
    "none", "bearer", "header", "basic", "query", "solapi_hmac", "url", "oauth2_code", "oauth2_client", "jwt_bearer"};

Error bad(std::string what) { return {"bad_auth", std::move(what), "see auth in docs/manifest.md"}; }

Status known_keys(const Value& description, bool token) {
  static constexpr std::string_view plain[] = {"kind", "when", "slot", "header", "format", "user"};
  static constexpr std::string_view tokens[] = {"kind",
                                                "when",
                                                "slot",
                                                "header",
                                                "format",
                                                "authorize_url",
                                                "token_url",
                                                "client_id",
                                                "client_secret",
                                                "scopes",
                                                "scope_separator",
                                                "pkce",
                                                "client_auth",
                                                "request",
                                                "authorize_extra",
                                                "token_extra",
                                                "audience",
                                                "subject",
                                                "callback",
                                                "after_login"};
  for (const auto& [key, value] : *description.if_map()) {
    const std::string* name = key.if_string();
    const bool known =
        name != nullptr && (token ? std::find(std::begin(tokens), std::end(tokens), *name) != std::end(tokens)
                                  : std::find(std::begin(plain), std::end(plain), *name) != std::end(plain));
    if (!known) return bad("an auth scheme has an unknown key" + (name != nullptr ? " \"" + *name + "\"" : ""));
  }
  return {};
}

Result<std::vector<std::pair<std::string, std::string>>> texts_of(const Value& description, std::string_view key) {
  std::vector<std::pair<std::string, std::string>> out;
  const Value* map = description.get(key);
  if (map == nullptr) return out;
  if (!map->is_map()) return bad("\"" + std::string(key) + "\" must be a map of texts");
  for (const auto& [name, value] : *map->if_map()) {
    const std::string* text = value.if_string();
    out.emplace_back(*name.if_string(), text != nullptr ? *text : write_json(value));
  }
  return out;
}

Status read_token_scheme(const Value& description, AuthScheme& out) {
  TokenScheme& token = out.token;
  if (out.name.empty()) return bad("a scheme that fetches tokens needs a name");
  token.authorize_url = description.text("authorize_url");
  token.token_url = description.text("token_url");
  token.audience = description.text("audience");
  token.subject = description.text("subject");
  token.client_id = description.text("client_id");
  token.client_secret = description.text("client_secret");
  token.scope_separator = description.text("scope_separator", " ");
  token.pkce = description.flag("pkce", true);
  token.basic = description.text("client_auth") == "basic";
  token.json = description.text("request") == "json";
  token.shopify_callback = description.text("callback") == "shopify";
  if (const Value* scopes = description.get("scopes"); scopes != nullptr && scopes->is_list()) {
    for (const auto& scope : *scopes->if_list()) {
      if (const auto* text = scope.if_string()) token.scopes.push_back(*text);
    }
  }
  IEUM_TRY(token.authorize_extra, texts_of(description, "authorize_extra"));
  IEUM_TRY(token.token_extra, texts_of(description, "token_extra"));
  if (out.header.empty()) out.header = "Authorization";
  if (description.get("format") == nullptr) out.format = "Bearer {secret}";
  if (token.token_url.empty()) return bad("the scheme names no token_url");
  if (out.kind == Kind::jwt_bearer ? out.slot.empty() : token.client_id.empty())
    return bad("the scheme names no slot or client_id");
  if (out.kind == Kind::oauth2_client && token.client_secret.empty()) return bad("the scheme names no client_secret");
  if (out.kind == Kind::oauth2_code && token.authorize_url.empty()) return bad("the scheme names no authorize_url");
  return {};
}

}  // namespace

Result<AuthScheme> parse_auth(const Value& description, std::string_view name) {
  if (!description.is_map()) return bad("an auth scheme must be a map");
  const std::string kind = description.text("kind");
  const auto* found = std::find(kKinds.begin(), kKinds.end(), kind);
  if (found == kKinds.end()) return bad("\"" + kind + "\" is no kind of auth");
  AuthScheme out;
  out.kind = static_cast<Kind>(found - kKinds.begin());
  IEUM_CHECK(known_keys(description, out.fetches_tokens()));
  for (const char* key : {"slot", "header", "format", "user"}) {
    if (const Value* text = description.get(key); text != nullptr && !text->is_string())
      return bad("\"" + std::string(key) + "\" must be a text");
  }
  out.slot = description.text("slot");
  out.header = description.text("header");
  out.format = description.text("format", "{secret}");
  out.user = description.text("user");
  if (out.fetches_tokens()) {
    out.name = name;
    IEUM_CHECK(read_token_scheme(description, out));
  } else if (out.kind != Kind::none && out.slot.empty()) {
    return bad("auth " + kind + " names no slot");
  }
  if ((out.kind == Kind::header || out.kind == Kind::query) && out.header.empty())
    return bad("auth " + kind + " names no header");
  if (out.format.find("{secret}") == std::string::npos) return bad("the format does not hold {secret}");
  if (out.kind == Kind::solapi_hmac && out.user.empty()) return bad("auth solapi_hmac names no user");
  return out;
}

Result<std::string> fill_fields(std::string_view pattern, const Value& config) {
  std::string out;
  for (std::size_t i = 0; i < pattern.size(); ++i) {
    const std::size_t close = pattern[i] == '{' ? pattern.find('}', i) : std::string_view::npos;
    if (close == std::string_view::npos) {
      out += pattern[i];
      continue;
    }
    const std::string field(pattern.substr(i + 1, close - i - 1));
    const std::string text = config.text(field);
    if (text.empty()) return Error("missing_config", "the connection's field \"" + field + "\" is empty", "enter it");
    out += text;
    i = close;
  }
  return out;
}

}  // namespace ieum::vault
