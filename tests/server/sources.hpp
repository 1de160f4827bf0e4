// A hub with two sources of behaviour, a shop's server and its pages, and a look at whom it knows from them.
#pragma once
#include "base/encoding.hpp"
#include "server/fixture.hpp"
#include "store/reader.hpp"

namespace ieum::server::testing {

inline const std::string kServerKey = "a-write-key-that-only-the-shop-knows";
inline const std::string kPageKey = "a-write-key-that-every-page-shows";
inline const std::string kSite = "https://shop.example.com";

class Sources {
 public:
  explicit Sources(std::int64_t rate = 3000) {
    hub.post("/api/v1/connections", Map{{"name", "backend"},
                                        {"connector", "segment"},
                                        {"config", Map{{"source", "server"}}},
                                        {"secrets", Map{{"write_key", kServerKey}}}});
    hub.post("/api/v1/connections", Map{{"name", "pages"},
                                        {"connector", "segment"},
                                        {"config", Map{{"source", "browser"}, {"sites", List{kSite}}, {"rate", rate}}},
                                        {"secrets", Map{{"write_key", kPageKey}}}});
  }

  static httplib::Headers key(const std::string& write_key) {
    return {{"Authorization", "Basic " + base64_encode(write_key + ":")}};
  }
  httplib::Result server(const std::string& call, const Value& body) {
    return hub.public_client().Post("/v1/" + call, key(kServerKey), write_json(body), kJson);
  }
  httplib::Result page(const std::string& call, const Value& body, const std::string& site = kSite) {
    auto headers = key(kPageKey);
    if (!site.empty()) headers.emplace("Origin", site);
    return hub.public_client().Post("/v1/" + call, headers, write_json(body), kJson);
  }
  Id who(const std::string& key) {
    const auto found = hub.get("/api/v1/customers?identity=" + key);
    const auto& list = *found.get("customers")->if_list();
    return list.empty() ? 0 : list.front().number("id");
  }
  Value customer(Id id) { return hub.get("/api/v1/customers/" + std::to_string(id)); }
  std::size_t told(Id id, const std::string& name) {
    auto reader = hub.store->reader();
    const auto rows = reader->history(id, name, 0, kMonday + kDay, 100);
    BOOST_REQUIRE(rows.has_value());
    return rows->size();
  }

  RunningHub hub;
};

}  // namespace ieum::server::testing
