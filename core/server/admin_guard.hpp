// Admin guard: the one check that every request of the admin door passes, from its head alone.
//
// In this order: the Host header names this hub (against DNS rebinding: 421); the request was not made by another site's page
// (Origin, Sec-Fetch-Site: 403); no token stands in the address (400); what writes says application/json (so that no form of another
// site can: 415); the caller has a token or a session (401), and the role and scope that the route asks for (403); what writes with a
// session shows that this hub's own page sent it (403). A token counts in the Authorization header only. [io thread]
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/http.hpp"
#include "base/secret.hpp"
#include "server/identity.hpp"
#include "server/routes.hpp"

namespace ieum::server {

class AdminGuard {
 public:
  // `names`: Host names besides loopback. `tls`: the door itself ends TLS.
  AdminGuard(Secret token, const std::vector<std::string>& names, bool tls, Identity& identity);

  // Before the route is known: a refusal, or nothing.
  [[nodiscard]] std::optional<HttpResponse> refuse_place(const HttpRequest& head) const;
  // For the route found; `caller` is set when there is no refusal.
  [[nodiscard]] std::optional<HttpResponse> refuse(const HttpRequest& head, const Route& route, Caller& caller) const;

  // scheme://host[:port] as the caller wrote it, after refuse_place.
  [[nodiscard]] std::string origin(const HttpRequest& head) const;
  // Who asks, for the audit log and the count of tries: the peer, or, when a proxy on this machine brings a request to a configured
  // name, the last address that it was told of.
  [[nodiscard]] std::string peer(const HttpRequest& head, const std::string& peer_address) const;
  // The one whose session the browser shows; nothing when none is in force.
  [[nodiscard]] std::optional<Caller> session(const HttpRequest& head) const;
  // Set-Cookie. Behind TLS the name is __Host-ieum, which browsers keep to Secure and to this host. A browser takes no such name over
  // plain http: there, on loopback, it has the port in it that the browser sees, for cookies know no ports and there may be two hubs.
  [[nodiscard]] std::string cookie_for(const HttpRequest& head, const Identity::Made& session) const;
  [[nodiscard]] std::string cookie_gone(const HttpRequest& head) const;

 private:
  enum class Place { loopback, named, foreign };
  [[nodiscard]] Place place_of(std::string_view host_header) const;
  // Who the Authorization header is; nothing where it is nobody's.
  [[nodiscard]] std::optional<Caller> bearer(const HttpRequest& head) const;
  [[nodiscard]] std::string cookie_name(const HttpRequest& head) const;

  Secret token_;
  std::vector<std::string> names_;  // lower case
  const bool tls_;
  Identity& identity_;
};

// True for localhost, 127.0.0.0/8 and ::1, the latter also in brackets.
bool is_loopback_host(std::string_view host);

}  // namespace ieum::server
