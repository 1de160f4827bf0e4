// A caller of the sandbox without sockets: a world, its clock, and requests as the vendors' clients make them.
#pragma once
#include <boost/test/unit_test.hpp>
#include <string>

#include "base/digest.hpp"
#include "base/encoding.hpp"
#include "base/json.hpp"
#include "base/time_text.hpp"
#include "sandbox/world.hpp"

namespace ieum::sandbox {

inline constexpr Millis kMonday = 1'772'409'600'000;  // 2026-03-02T09:00:00+09:00

struct Visitor {
  ManualClock clock{kMonday};
  World world{clock, &clock, Credentials{}};
  int salts = 0;

  Reply reply(std::string method, std::string target, Headers headers = {}, std::string body = {}) {
    return world.handle({std::move(method), std::move(target), std::move(headers), std::move(body)});
  }

  // The JSON of an answer that came whole; null when its body is empty.
  static Value read(const Reply& reply) {
    BOOST_REQUIRE(reply.delivery == Reply::Delivery::whole);
    if (reply.response.body.empty()) return {};
    auto body = parse_json(reply.response.body);
    BOOST_REQUIRE_MESSAGE(body.has_value(), reply.response.body);
    return *body;
  }

  Value get(std::string target) { return read(reply("GET", std::move(target))); }
  Reply control(std::string target, std::string body) {
    return reply("POST", std::move(target), {{"Content-Type", "application/json"}}, std::move(body));
  }
  void fault(std::string body) {
    const Reply made = control("/_sandbox/faults", std::move(body));
    BOOST_REQUIRE_MESSAGE(made.response.status == 201, made.response.body);
  }

  Reply slack_reply(const std::string& method, std::string body) {
    return reply("POST", "/api/" + method,
                 {{"Authorization", "Bearer xoxb-sandbox"}, {"Content-Type", "application/json; charset=utf-8"}},
                 std::move(body));
  }
  Value slack(const std::string& method, std::string body) { return read(slack_reply(method, std::move(body))); }
  Value slack_get(const std::string& target) {
    return read(reply("GET", "/api/" + target, {{"Authorization", "Bearer xoxb-sandbox"}}));
  }

  Value shopify(const std::string& query, const Value& variables = {}, std::string_view token = "shpat_sandbox") {
    return read(reply("POST", "/admin/api/2026-04/graphql.json",
                      {{"X-Shopify-Access-Token", std::string(token)}, {"Content-Type", "application/json"}},
                      write_json(Map{{"query", query}, {"variables", variables}})));
  }

  static std::string solapi_header(Millis at, const std::string& salt, std::string_view secret = "sandbox-secret") {
    const std::string date = rfc3339_utc(at);
    return "HMAC-SHA256 apiKey=sandbox-key, date=" + date + ", salt=" + salt +
           ", signature=" + hex_encode(hmac_sha256(secret, date + salt));
  }
  Reply solapi_reply(std::string method, std::string target, std::string body = {}) {
    const std::string salt = "salt-number-" + std::to_string(++salts);
    return reply(std::move(method), std::move(target),
                 {{"Authorization", solapi_header(clock.now(), salt)}, {"Content-Type", "application/json"}},
                 std::move(body));
  }
  Value solapi(std::string method, std::string target, std::string body = {}) {
    return read(solapi_reply(std::move(method), std::move(target), std::move(body)));
  }

  Value nhn(std::string method, const std::string& path, std::string body = {}, std::string key = {}) {
    Headers headers{{"X-Secret-Key", "sandbox-secret-key"}, {"Content-Type", "application/json;charset=UTF-8"}};
    if (!key.empty()) headers.add("X-NC-API-IDEMPOTENCY-KEY", key);
    return read(reply(std::move(method), "/alimtalk/v2.3/appkeys/sandbox-app" + path, headers, std::move(body)));
  }

  Value calls(const std::string& filter = {}) { return *get("/_sandbox/calls" + filter).get("calls"); }
  Value messages(const std::string& filter = {}) { return *get("/_sandbox/messages" + filter).get("messages"); }
};

// The text at a dotted path; numbers as their digits; "" where there is none.
inline std::string at(const Value& value, std::string_view path) {
  const Value* found = value.at_path(path);
  if (found == nullptr) return "";
  if (found->if_int() != nullptr) return std::to_string(*found->if_int());
  if (found->if_bool() != nullptr) return *found->if_bool() ? "true" : "false";
  return text_of(found);
}

inline std::size_t size_of(const Value& value, std::string_view path = {}) {
  const Value* found = path.empty() ? &value : value.at_path(path);
  BOOST_REQUIRE(found != nullptr);
  return found->if_list() != nullptr  ? found->if_list()->size()
         : found->if_map() != nullptr ? found->if_map()->size()
                                      : 0;
}

}  // namespace ieum::sandbox
