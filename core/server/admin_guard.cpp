#include "server/admin_guard.hpp"

#include <algorithm>
#include <cctype>
#include <charconv>

#include "base/digest.hpp"
#include "base/encoding.hpp"
#include "net/egress.hpp"
#include "server/answers.hpp"

namespace ieum::server {
namespace {

// The host of a Host header; nothing when what follows it is no port.
std::optional<std::string> host_part(std::string_view header) {
  const auto end = header.starts_with('[') ? header.find(']') : header.find(':');
  if (end == std::string_view::npos)
    return header.starts_with('[') ? std::nullopt : std::optional(to_lower_ascii(header));
  const auto host = header.starts_with('[') ? header.substr(0, end + 1) : header.substr(0, end);
  auto port = header.substr(host.size());
  if (!port.empty()) {
    port.remove_prefix(1);
    std::uint16_t number = 0;
    const auto [stopped, failed] = std::from_chars(port.data(), port.data() + port.size(), number);
    if (header[host.size()] != ':' || failed != std::errc() || stopped != port.data() + port.size() || number == 0) {
      return std::nullopt;
    }
  }
  return to_lower_ascii(host);
}

bool writes(std::string_view method) { return method != "GET" && method != "HEAD"; }

bool has_body(const HttpRequest& head) {
  if (head.headers.get("Transfer-Encoding")) return true;
  const auto length = head.headers.get("Content-Length");
  return length && trim(*length) != "0";
}

// application/json, with no parameter but charset=utf-8, said once.
bool says_json(const HttpRequest& head) {
  if (head.headers.count("Content-Type") != 1) return false;
  const auto type = *head.headers.get("Content-Type");
  const auto semicolon = type.find(';');
  if (!equals_ignoring_case(trim(type.substr(0, semicolon)), "application/json")) return false;
  if (semicolon == std::string_view::npos) return true;
  const auto parameter = trim(type.substr(semicolon + 1));
  return equals_ignoring_case(parameter, "charset=utf-8") || equals_ignoring_case(parameter, "charset=\"utf-8\"");
}

constexpr std::string_view kCookieRules = "; HttpOnly; SameSite=Strict; Path=/; Max-Age=";

// A person who follows a link to the console from elsewhere. The page holds nothing; its own calls are same-origin.
bool is_navigation(const HttpRequest& head) {
  return !writes(head.method) && head.headers.get("Sec-Fetch-Mode") == "navigate" &&
         head.headers.get("Sec-Fetch-Dest") == "document" && !path_of(head.target).starts_with("/api/");
}

// An API token, wherever in the address.
bool names_a_token(std::string_view target) {
  constexpr std::size_t kLetters = 40;
  const auto is_letter = [](unsigned char c) { return std::isalnum(c) != 0 || c == '-' || c == '_'; };
  for (auto at = target.find(Identity::kTokenStart); at != std::string_view::npos;
       at = target.find(Identity::kTokenStart, at + 1)) {
    const auto text = target.substr(at + Identity::kTokenStart.size());
    if (text.size() >= kLetters && std::all_of(text.begin(), text.begin() + kLetters, is_letter)) return true;
  }
  return false;
}

}  // namespace

bool is_loopback_host(std::string_view host) {
  if (equals_ignoring_case(host, "localhost")) return true;
  const bool brackets = host.starts_with('[') && host.ends_with(']');
  const auto address = net::parse_address(brackets ? host.substr(1, host.size() - 2) : host);
  return address && (address->v6 || !brackets) && net::refused_reason(*address) == "loopback";
}

AdminGuard::AdminGuard(Secret token, const std::vector<std::string>& names, bool tls, Identity& identity)
    : token_(std::move(token)), tls_(tls), identity_(identity) {
  IEUM_ASSERT(!token_.empty());
  for (const auto& name : names) names_.push_back(host_part(name).value_or(std::string()));
}

AdminGuard::Place AdminGuard::place_of(std::string_view host_header) const {
  const auto host = host_part(host_header);
  if (!host) return Place::foreign;
  if (is_loopback_host(*host)) return Place::loopback;
  return std::find(names_.begin(), names_.end(), *host) != names_.end() ? Place::named : Place::foreign;
}

std::string AdminGuard::origin(const HttpRequest& head) const {
  const auto host = to_lower_ascii(head.headers.get("Host").value_or(""));
  if (tls_) return "https://" + host;
  // A named hub is reached through a proxy that ends TLS, unless the browser itself says otherwise.
  if (place_of(host) != Place::named || head.headers.get("Origin") == "http://" + host) return "http://" + host;
  return "https://" + host;
}

std::optional<HttpResponse> AdminGuard::refuse_place(const HttpRequest& head) const {
  const auto host = head.headers.get("Host");
  if (!host || head.headers.count("Host") != 1 || place_of(*host) == Place::foreign) {
    return error_answer(421, Error("wrong_host", "the admin side is not known under this host name",
                                   "use the address that the hub printed, or configure the name"));
  }
  const auto origin_sent = head.headers.get("Origin");
  if (origin_sent && (head.headers.count("Origin") != 1 || to_lower_ascii(*origin_sent) != origin(head))) {
    return error_answer(403, Error("foreign_origin", "the request was made by a page of another site"));
  }
  const auto site = head.headers.get("Sec-Fetch-Site");
  if (site && *site != "same-origin" && *site != "none" && !is_navigation(head)) {
    return error_answer(403, Error("foreign_origin", "the request was made by a page of another site"));
  }
  if (names_a_token(head.target)) {
    return error_answer(400, Error("token_in_url", "a token stands in the address, where logs and histories keep it",
                                   "revoke it, and send the next one in the header Authorization: Bearer"));
  }
  return std::nullopt;
}

std::string AdminGuard::peer(const HttpRequest& head, const std::string& peer_address) const {
  const auto forwarded = head.headers.get("X-Forwarded-For");
  if (!forwarded || !is_loopback_host(peer_address) || place_of(head.headers.get("Host").value_or("")) != Place::named)
    return peer_address;
  const auto comma = forwarded->rfind(',');
  const auto last = trim(comma == std::string_view::npos ? *forwarded : forwarded->substr(comma + 1));
  return net::parse_address(last) ? std::string(last) : peer_address;
}

std::optional<Caller> AdminGuard::bearer(const HttpRequest& head) const {
  static constexpr std::string_view kScheme = "bearer ";
  const auto header = head.headers.get("Authorization");
  if (!header || head.headers.count("Authorization") != 1 || header->size() <= kScheme.size() ||
      !equals_ignoring_case(header->substr(0, kScheme.size()), kScheme)) {
    return std::nullopt;
  }
  const auto text = header->substr(kScheme.size());
  // Digests, so that time does not tell the token's length either.
  if (constant_time_equal(sha256(text), sha256(token_.reveal())))
    return Caller{Caller::Kind::local, 0, "local", Role::owner, {}, {}};
  return identity_.by_token(text);
}

std::string AdminGuard::cookie_name(const HttpRequest& head) const {
  if (origin(head).starts_with("https:")) return "__Host-ieum";
  const auto host = head.headers.get("Host").value_or("");
  const auto colon = host.rfind(':');
  const bool port = colon != std::string_view::npos && !host.ends_with(']');
  return port ? "ieum_session_" + std::string(host.substr(colon + 1)) : "ieum_session";
}

std::optional<Caller> AdminGuard::session(const HttpRequest& head) const {
  const auto wanted = cookie_name(head) + "=";
  for (const auto& [name, value] : head.headers.fields()) {
    if (!equals_ignoring_case(name, "Cookie")) continue;
    std::string_view left = value;
    while (!left.empty()) {
      const auto end = std::min(left.find(';'), left.size());
      const auto pair = trim(left.substr(0, end));
      left.remove_prefix(std::min(end + 1, left.size()));
      if (!pair.starts_with(wanted)) continue;
      if (auto caller = identity_.by_session(pair.substr(wanted.size()))) return caller;
    }
  }
  return std::nullopt;
}

std::optional<HttpResponse> AdminGuard::refuse(const HttpRequest& head, const Route& route, Caller& caller) const {
  caller = {};
  const bool must_say_json = head.method == "DELETE" ? has_body(head) : writes(head.method);
  if (must_say_json && !says_json(head)) {
    return error_answer(415, Error("not_json", "this address takes application/json",
                                   "send the header Content-Type: application/json, also with an empty body"));
  }
  const auto role = role_for(route.needs);
  if (!role) return std::nullopt;
  auto shown = bearer(head);
  if (!shown && route.needs != Needs::local && !head.headers.get("Authorization")) shown = session(head);
  if (!shown || (route.needs == Needs::local && shown->kind != Caller::Kind::local)) {
    auto answer = error_answer(401, Error("not_logged_in", "this needs a token or a session of the console",
                                          "log in, or send Authorization: Bearer <an API token>"));
    answer.headers.add("WWW-Authenticate", "Bearer");
    return answer;
  }
  if (shown->role < *role)
    return error_answer(
        403, Error("not_allowed", "this needs the role " + std::string(role_name(*role)), "ask an owner of the hub"));
  if (!lets_in(shown->scopes, area_of(route.pattern), writes(head.method)))
    return error_answer(403, Error("wrong_scope", "this token's scopes do not let it in here",
                                   "make one with " + std::string(area_of(route.pattern)) +
                                       (writes(head.method) ? ":write" : ":read")));
  if (!shown->session.empty() && writes(head.method) && !head.headers.get("Origin") &&
      head.headers.get("Sec-Fetch-Site") != "same-origin")
    return error_answer(403, Error("foreign_origin", "nothing shows that a page of this hub made the request",
                                   "send Origin, or use an API token"));
  caller = std::move(*shown);
  return std::nullopt;
}

std::string AdminGuard::cookie_for(const HttpRequest& head, const Identity::Made& session) const {
  return cookie_name(head) + "=" + session.text + std::string(kCookieRules) +
         std::to_string(Identity::kSessionFor / kSecond) + (origin(head).starts_with("https:") ? "; Secure" : "");
}

std::string AdminGuard::cookie_gone(const HttpRequest& head) const {
  return cookie_name(head) + "=" + std::string(kCookieRules) + "0" +
         (origin(head).starts_with("https:") ? "; Secure" : "");
}

}  // namespace ieum::server
