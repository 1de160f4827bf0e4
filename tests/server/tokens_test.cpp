// API tokens: told once, kept as a hash, refused in an address, dead when revoked or too old.
#include "server/visitors.hpp"
#include "store/reader.hpp"

using namespace ieum;
using namespace ieum::server;
using namespace ieum::server::testing;

BOOST_AUTO_TEST_SUITE(api_tokens)

BOOST_AUTO_TEST_CASE(CON_13_a_token_is_told_once_and_kept_as_a_hash) {
  RunningHub hub;
  auto owner = claim(hub);
  const auto made =
      owner.post("/api/v1/tokens", Map{{"name", "ci"}, {"role", "viewer"}, {"scopes", List{"runs:read"}}}).value();
  const auto text = made.text("token");
  BOOST_TEST(text.starts_with("ieum_"));
  BOOST_TEST(text.size() == 48u);  // 256 bits
  BOOST_TEST(made.text("made_by") == "minji");
  BOOST_TEST(text.starts_with(made.text("hint")));
  BOOST_TEST(made.text("hint").size() == 10u);
  BOOST_TEST(owner.get("/api/v1/tokens").body.find(text) == std::string::npos);
  const auto rows = *hub.store->reader()->api_tokens();
  BOOST_REQUIRE(rows.size() == 1u);
  BOOST_TEST(rows[0].hash.find(text.substr(10)) == std::string::npos);
  Visitor program(hub, text);
  const auto me = program.get("/api/v1/me").value();
  BOOST_TEST(me.text("kind") == "token");
  BOOST_TEST(me.text("role") == "viewer");
  BOOST_TEST((*me.get("scopes") == Value(List{"runs:read"})));
  // Its beginning opens nothing, however much of it is known.
  for (std::size_t length = 5; length < text.size(); length += 6)
    BOOST_TEST(Visitor(hub, text.substr(0, length)).get("/api/v1/me").status == 401);
  BOOST_TEST(Visitor(hub, text + "x").get("/api/v1/me").status == 401);
}

BOOST_AUTO_TEST_CASE(CON_13_a_token_in_an_address_is_refused_whoever_sends_it) {
  RunningHub hub;
  auto owner = claim(hub);
  const auto made = owner.post("/api/v1/tokens", Map{{"name", "ci"}, {"role", "owner"}}).value();
  const auto text = made.text("token");
  Visitor nobody(hub), program(hub, text);
  for (const auto& path : {"/api/v1/status?token=" + text, "/api/v1/runs/" + text, "/" + text}) {
    BOOST_TEST_CONTEXT(path) {
      BOOST_TEST(nobody.get(path).code() == "token_in_url");
      BOOST_TEST(program.get(path).code() == "token_in_url");
    }
  }
}

BOOST_AUTO_TEST_CASE(CON_13_a_token_ends_when_it_is_revoked_or_too_old) {
  RunningHub hub;
  auto owner = claim(hub);
  const auto made = owner.post("/api/v1/tokens", Map{{"name", "a"}, {"role", "viewer"}}).value();
  const auto aging = owner.post("/api/v1/tokens", Map{{"name", "b"}, {"role", "viewer"}, {"expires_in", "1h"}}).value();
  Visitor first(hub, made.text("token")), second(hub, aging.text("token"));
  BOOST_TEST(first.get("/api/v1/me").status == 200);
  BOOST_TEST(second.get("/api/v1/me").status == 200);
  BOOST_TEST(owner.del("/api/v1/tokens/" + std::to_string(made.number("id"))).status == 200);
  BOOST_TEST(first.get("/api/v1/me").status == 401);
  hub.clock.advance(kHour);
  BOOST_TEST(second.get("/api/v1/me").status == 401);
  BOOST_TEST(owner.post("/api/v1/tokens", Map{{"name", "c"}, {"role", "viewer"}, {"expires_in", "soon"}}).status ==
             400);
  const auto listed = owner.get("/api/v1/tokens").value();
  const auto& rows = *listed.get("tokens")->if_list();
  BOOST_REQUIRE(rows.size() == 2u);
  BOOST_TEST(rows[1].number("revoked_ms") > 0);
  BOOST_TEST(rows[1].number("used_ms") > 0);
}

BOOST_AUTO_TEST_CASE(its_use_is_noted_once_a_minute) {
  RunningHub hub;
  auto owner = claim(hub);
  auto reader = program(hub, owner, "viewer");
  const auto used = [&] {
    const auto listed = owner.get("/api/v1/tokens").value();
    return listed.get("tokens")->if_list()->front().number("used_ms");
  };
  reader.get("/api/v1/me");
  const auto first = used();
  hub.clock.advance(kMinute - 1);
  reader.get("/api/v1/me");
  BOOST_TEST(used() == first);
  hub.clock.advance(1);
  reader.get("/api/v1/me");
  BOOST_TEST(used() == first + kMinute);
}

BOOST_AUTO_TEST_SUITE_END()
