// Visitor: somebody at the admin door: a browser with its cookie, or a program with its token.
#pragma once
#include <string>

#include "server/fixture.hpp"

namespace ieum::server::testing {

inline const std::string kPassword = "four words of mine";

struct Answer {
  int status = 0;
  std::string body;
  httplib::Headers headers;
  [[nodiscard]] std::string header(const std::string& name) const {
    const auto found = headers.find(name);
    return found == headers.end() ? std::string() : found->second;
  }
  [[nodiscard]] Value value() const { return read(body); }
  [[nodiscard]] std::string code() const {
    const auto answer = value();
    const auto* code = answer.at_path("error.code");
    return code == nullptr ? std::string() : *code->if_string();
  }
};

class Visitor {
 public:
  explicit Visitor(const RunningHub& hub, std::string token = {}) : hub_(&hub), token_(std::move(token)) {}

  Answer send(const std::string& method, const std::string& path, const Value& body = {},
              const httplib::Headers& more = {}) {
    auto client = hub_->admin_client();
    httplib::Request request;
    request.method = method;
    request.path = path;
    request.headers = more;
    if (method != "GET") {
      request.headers.emplace("Content-Type", kJson);
      request.body = body.is_null() ? "{}" : write_json(body);
      const auto port = std::to_string(hub_->server->admin_port());
      if (!cookie.empty() && !more.contains("Origin") && !more.contains("Sec-Fetch-Site"))
        request.headers.emplace("Origin", "http://127.0.0.1:" + port);
    }
    if (!token_.empty()) request.headers.emplace("Authorization", "Bearer " + token_);
    if (!cookie.empty()) request.headers.emplace("Cookie", cookie);
    const auto answer = client.send(request);
    BOOST_REQUIRE_MESSAGE(answer, method + " " + path + " was not answered");
    Answer out{answer->status, answer->body, answer->headers};
    if (const auto set = out.header("Set-Cookie"); !set.empty()) cookie = set.substr(0, set.find(';'));
    return out;
  }
  Answer get(const std::string& path) { return send("GET", path); }
  Answer post(const std::string& path, const Value& body = {}) { return send("POST", path, body); }
  Answer del(const std::string& path) { return send("DELETE", path); }

  Answer log_in(const std::string& name, const std::string& password = kPassword) {
    return post("/api/v1/sessions", Map{{"name", name}, {"password", password}});
  }

  std::string cookie;  // "name=id"

 private:
  const RunningHub* hub_;
  std::string token_;
};

inline std::string secret_of(const std::string& url) { return url.substr(url.find('#') + 1); }

// The owner of a hub that was claimed as people do.
inline Visitor claim(RunningHub& hub, const std::string& name = "minji") {
  Visitor owner(hub);
  const auto url = hub.server->claim_url();
  const auto answer =
      owner.post("/api/v1/claim", Map{{"token", secret_of(url)}, {"name", name}, {"password", kPassword}});
  BOOST_REQUIRE_MESSAGE(answer.status == 200, answer.body);
  hub.clock.advance(kMinute);  // tries are counted by the minute
  return owner;
}

// Somebody whom the owner invited, logged in.
inline Visitor invite(RunningHub& hub, Visitor& owner, const std::string& name, const std::string& role) {
  const auto invited = owner.post("/api/v1/people", Map{{"name", name}, {"role", role}});
  BOOST_REQUIRE_MESSAGE(invited.status == 200, invited.body);
  Visitor person(hub);
  const auto answer = person.post("/api/v1/invitations",
                                  Map{{"token", secret_of(invited.value().text("url"))}, {"password", kPassword}});
  BOOST_REQUIRE_MESSAGE(answer.status == 200, answer.body);
  hub.clock.advance(kMinute);
  return person;
}

inline Visitor program(const RunningHub& hub, Visitor& owner, const std::string& role, const List& scopes = {}) {
  const auto made = owner.post("/api/v1/tokens", Map{{"name", role}, {"role", role}, {"scopes", scopes}});
  BOOST_REQUIRE_MESSAGE(made.status == 200, made.body);
  return Visitor(hub, made.value().text("token"));
}

}  // namespace ieum::server::testing
