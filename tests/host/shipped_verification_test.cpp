// The published and computed vectors against the manifests that ship: what one connector takes, no other does.
#include <map>

#include "host/delivery.hpp"
#include "support.hpp"

using namespace ieum;
using namespace ieum::host;

namespace {

using Verdict = Inspection::Verdict;

const Manifest& shipped(const std::string& connector) {
  static std::map<std::string, Manifest> read;
  const auto known = read.find(connector);
  if (known != read.end()) return known->second;
  const std::string path = std::string(IEUM_SOURCE_DIR) + "/connectors/" + connector + "/manifest.yaml";
  return read.emplace(connector, host_test::manifest(host_test::read_file(path))).first->second;
}

// A connection of a shipped connector, whose every secret is the vector's.
struct Party {
  std::string connector;
  Map config;
};

const std::vector<Party> kParties = {{"shopify", {{"shop", "some-shop.myshopify.com"}}},
                                     {"slack", {}},
                                     {"typeform", {}},
                                     {"mailchimp", {}},
                                     {"sheets", {}},
                                     {"kakao", {{"dealer", "solapi"}}},
                                     {"kakao", {{"dealer", "nhn"}}}};

const Party& party_of(const std::string& id) {
  static const std::map<std::string, std::size_t> places = {
      {"shopify", 0}, {"slack", 1}, {"typeform", 2}, {"mailchimp", 3}, {"appsscript", 4}, {"solapi", 5}, {"nhn", 6}};
  return kParties.at(places.at(id.substr(0, id.find('-'))));
}

Inspection look(const Party& party, const HttpRequest& request, const std::string& secret, Millis now) {
  const Manifest& manifest = shipped(party.connector);
  SlotSecrets secrets;
  for (const auto& field : manifest.fields)
    if (field.secret) secrets[field.name].emplace_back(secret);
  return inspect(manifest, Value(party.config), secrets, request, "", now);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(shipped_verification)

BOOST_AUTO_TEST_CASE(SIG_09_each_vector_is_taken_by_its_connector_alone) {
  const Value vectors =
      host_test::json(host_test::read_file(std::string(IEUM_SOURCE_DIR) + "/tests/data/host/vectors.json"));
  int seen = 0;
  for (const auto& vector : *vectors.if_list()) {
    if (vector.get("expect") == nullptr) continue;
    const std::string id = vector.text("id");
    const Party& party = party_of(id);
    ++seen;
    HttpRequest request{"POST", "/hooks/x", {}, vector.text("body", "{}")};
    for (const auto& [name, value] : *vector.get("header")->if_map())
      request.headers.add(*name.if_string(), *value.if_string());
    request.headers.add("X-Shopify-Shop-Domain", "some-shop.myshopify.com");
    const bool form = request.body.starts_with("token=") || request.body.starts_with("type=");
    request.headers.add("content-type", form ? "application/x-www-form-urlencoded" : "application/json");
    const Millis now = vector.number("now") * kSecond;
    const Inspection found = look(party, request, vector.text("secret"), now);
    BOOST_TEST((found.verdict != Verdict::refuse) == (vector.text("expect") == "accept"),
               id << ": " << found.diagnosis);
    if (const Value* reply = vector.get("response_body")) {
      BOOST_TEST((found.verdict == Verdict::reply));
      BOOST_TEST(found.reply.body == *reply->if_string());
    }
    for (const Party& other : kParties) {
      if (&other == &party) continue;
      BOOST_TEST((look(other, request, vector.text("secret"), now).verdict == Verdict::refuse),
                 id << " is taken by " << other.connector);
    }
  }
  BOOST_TEST(seen == 13);
}

BOOST_AUTO_TEST_SUITE_END()
