// Admin guard: the one check that every request of the admin door passes, from its head alone.
//
// In this order: the Host header names this hub (against DNS rebinding: 421); the request was not made by another site's page
// (Origin, Sec-Fetch-Site: 403); what writes says application/json (so that no form of another site can: 415); the caller has
// the admin token or a session (401), and the role that the route asks for (403). A token counts in the Authorization header only.
// Never changes anything. [io thread]
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/http.hpp"
#include "base/secret.hpp"
#include "server/routes.hpp"
#include "server/sessions.hpp"

namespace ieum::server {

class AdminGuard {
 public:
  // `names`: Host names besides loopback.
  AdminGuard(Secret token, const std::vector<std::string>& names, Sessions& sessions);

  // Before the route is known: a refusal, or nothing.
  [[nodiscard]] std::optional<HttpResponse> refuse_place(const HttpRequest& head) const;
  // For the route found; `caller` is set when there is no refusal.
  [[nodiscard]] std::optional<HttpResponse> refuse(const HttpRequest& head, Needs needs, Caller& caller) const;

  // scheme://host[:port] as the caller wrote it, after refuse_place.
  [[nodiscard]] std::string origin(const HttpRequest& head) const;
  // The id of a session in force; "" when there is none.
  [[nodiscard]] std::string session(const HttpRequest& head) const;
  // Set-Cookie. The name has the port in it that the browser sees: cookies do not know ports, and there may be two hubs.
  [[nodiscard]] std::string cookie_for(const HttpRequest& head, const Sessions::Made& session) const;
  [[nodiscard]] std::string cookie_gone(const HttpRequest& head) const;

 private:
  enum class Place { loopback, named, foreign };
  [[nodiscard]] Place place_of(std::string_view host_header) const;
  [[nodiscard]] bool has_token(const HttpRequest& head) const;

  Secret token_;
  std::vector<std::string> names_;  // lower case
  Sessions& sessions_;
};

// True for localhost, 127.0.0.0/8 and ::1, the latter also in brackets.
bool is_loopback_host(std::string_view host);

}  // namespace ieum::server
