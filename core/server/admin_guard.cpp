#include "server/admin_guard.hpp"

#include <algorithm>
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

std::string cookie_name(const HttpRequest& head) {
  const auto host = head.headers.get("Host").value_or("");
  const auto colon = host.rfind(':');
  const bool port = colon != std::string_view::npos && !host.ends_with(']');
  return port ? "ieum_session_" + std::string(host.substr(colon + 1)) : "ieum_session";
}

// A person who follows a link to the console from elsewhere. The page holds nothing; its own calls are same-origin.
bool is_navigation(const HttpRequest& head) {
  return !writes(head.method) && head.headers.get("Sec-Fetch-Mode") == "navigate" &&
         head.headers.get("Sec-Fetch-Dest") == "document" && !path_of(head.target).starts_with("/api/");
}

}  // namespace

bool is_loopback_host(std::string_view host) {
  if (equals_ignoring_case(host, "localhost")) return true;
  const bool brackets = host.starts_with('[') && host.ends_with(']');
  const auto address = net::parse_address(brackets ? host.substr(1, host.size() - 2) : host);
  return address && (address->v6 || !brackets) && net::refused_reason(*address) == "loopback";
}

AdminGuard::AdminGuard(Secret token, const std::vector<std::string>& names, Sessions& sessions)
    : token_(std::move(token)), sessions_(sessions) {
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
  return std::nullopt;
}

bool AdminGuard::has_token(const HttpRequest& head) const {
  static constexpr std::string_view kScheme = "bearer ";
  const auto header = head.headers.get("Authorization");
  if (!header || head.headers.count("Authorization") != 1 || header->size() <= kScheme.size() ||
      !equals_ignoring_case(header->substr(0, kScheme.size()), kScheme)) {
    return false;
  }
  // Digests, so that time does not tell the token's length either.
  return constant_time_equal(sha256(header->substr(kScheme.size())), sha256(token_.reveal()));
}

std::string AdminGuard::session(const HttpRequest& head) const {
  const auto wanted = cookie_name(head) + "=";
  for (const auto& [name, value] : head.headers.fields()) {
    if (!equals_ignoring_case(name, "Cookie")) continue;
    std::string_view left = value;
    while (!left.empty()) {
      const auto end = std::min(left.find(';'), left.size());
      const auto pair = trim(left.substr(0, end));
      left.remove_prefix(std::min(end + 1, left.size()));
      if (!pair.starts_with(wanted)) continue;
      const auto id = pair.substr(wanted.size());
      if (sessions_.known(id)) return std::string(id);
    }
  }
  return {};
}

std::optional<HttpResponse> AdminGuard::refuse(const HttpRequest& head, Needs needs, Caller& caller) const {
  caller = {};
  const bool must_say_json = head.method == "DELETE" ? has_body(head) : writes(head.method);
  if (must_say_json && !says_json(head)) {
    return error_answer(415, Error("not_json", "this address takes application/json",
                                   "send the header Content-Type: application/json, also with an empty body"));
  }
  const auto role = role_for(needs);
  if (!role) return std::nullopt;
  if (has_token(head)) {
    caller = {Caller::Kind::local, 0, "local", Role::owner, {}, {}};
  } else if (needs != Needs::local) {
    if (const auto id = session(head); !id.empty()) caller = {Caller::Kind::local, 0, "local", Role::owner, id, {}};
  }
  if (caller.kind == Caller::Kind::nobody) {
    auto answer = error_answer(401, Error("not_logged_in", "this needs the admin token or a session of the console",
                                          "send Authorization: Bearer <the text of admin.token>, or log in again"));
    answer.headers.add("WWW-Authenticate", "Bearer");
    return answer;
  }
  if (caller.role >= *role) return std::nullopt;
  return error_answer(
      403, Error("not_allowed", "this needs the role " + std::string(role_name(*role)), "ask an owner of the hub"));
}

std::string AdminGuard::cookie_for(const HttpRequest& head, const Sessions::Made& session) const {
  return cookie_name(head) + "=" + session.text + std::string(kCookieRules) +
         std::to_string(Sessions::kSessionFor / kSecond) + (origin(head).starts_with("https:") ? "; Secure" : "");
}

std::string AdminGuard::cookie_gone(const HttpRequest& head) const {
  return cookie_name(head) + "=" + std::string(kCookieRules) + "0";
}

}  // namespace ieum::server
