// The stand-in of Google gives tokens for signed assertions, keeps sheets as Sheets does, counts, and tells of changes.
#include "sandbox/google_key.hpp"
#include "sandbox/visitor.hpp"
#include "vault/rs256.hpp"

using namespace ieum;
using namespace ieum::sandbox;

namespace {

struct Guest : Visitor {
  Reply google_reply(std::string method, const std::string& target, const std::string& body = "",
                     const std::string& token = "ya29.sandbox") {
    return reply(std::move(method), target,
                 {{"Authorization", "Bearer " + token}, {"Content-Type", "application/json"}}, body);
  }
  Value google(std::string method, const std::string& target, const std::string& body = "") {
    return read(google_reply(std::move(method), target, body));
  }
  Value append(const std::string& range, const std::string& values, const std::string& more = "") {
    return google("POST", "/v4/spreadsheets/s1/values/" + percent_encode(range) + ":append?valueInputOption=RAW" + more,
                  R"({"values":)" + values + "}");
  }
  std::string values(const std::string& range, const std::string& how = "?valueRenderOption=UNFORMATTED_VALUE") {
    const Value answer = google("GET", "/v4/spreadsheets/s1/values/" + percent_encode(range) + how);
    const Value* rows = answer.get("values");
    return rows == nullptr ? "" : write_json(*rows);
  }
  void edit(const std::string& body) {
    const Reply done = control("/_sandbox/sheets", body);
    BOOST_REQUIRE_MESSAGE(done.response.status == 200, done.response.body);
  }
  std::string assertion(const Value& claims) {
    const std::string data =
        base64url_encode(R"({"alg":"RS256","typ":"JWT","kid":"1"})") + "." + base64url_encode(write_json(claims));
    return data + "." + base64url_encode(*vault::rs256_sign(google_private_key(), data));
  }
  Value token(const QueryPairs& form) {
    return read(reply("POST", "/token", {{"Content-Type", "application/x-www-form-urlencoded"}}, form_encode(form)));
  }
  Value by_assertion(const std::string& text) {
    return token({{"grant_type", "urn:ietf:params:oauth:grant-type:jwt-bearer"}, {"assertion", text}});
  }
  Map claims() {
    const std::int64_t now = clock.now() / kSecond;
    return Map{{"iss", kGoogleServiceEmail},
               {"scope", "https://www.googleapis.com/auth/spreadsheets"},
               {"aud", "https://oauth2.googleapis.com/token"},
               {"iat", now},
               {"exp", now + 3600}};
  }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(google, Guest)

BOOST_AUTO_TEST_CASE(a_signed_assertion_gets_a_token_for_an_hour) {
  const Value granted = by_assertion(assertion(claims()));
  const std::string token = at(granted, "access_token");
  BOOST_TEST(at(granted, "expires_in") == "3599");
  BOOST_TEST(granted.get("refresh_token") == nullptr);
  BOOST_TEST(google_reply("GET", "/v4/spreadsheets/s1", "", token).response.status == 200);
  clock.set(clock.now() + kHour);
  BOOST_TEST(google_reply("GET", "/v4/spreadsheets/s1", "", token).response.status == 401);
}

BOOST_AUTO_TEST_CASE(an_assertion_that_is_not_exactly_right_gets_none) {
  const auto error = [&](const std::string& text) { return at(by_assertion(text), "error"); };
  const auto with = [&](const char* name, const Value& value) {
    Map changed = claims();
    changed.set(name, value);
    return error(assertion(changed));
  };
  BOOST_TEST(with("iss", "other@example.com") == "invalid_grant");
  BOOST_TEST(with("exp", clock.now() / kSecond + 3601) == "invalid_grant");
  BOOST_TEST(with("exp", clock.now() / kSecond - 1) == "invalid_grant");
  BOOST_TEST(with("aud", "https://example.com/") == "invalid_grant");
  BOOST_TEST(with("scope", "") == "invalid_scope");
  std::string flipped = assertion(claims());
  flipped[flipped.size() - 9] = flipped[flipped.size() - 9] == 'A' ? 'B' : 'A';
  BOOST_TEST(error(flipped) == "invalid_grant");
  BOOST_TEST(error("a.b") == "invalid_grant");
  BOOST_TEST(error("") == "invalid_grant");
}

BOOST_AUTO_TEST_CASE(a_user_agrees_at_once_and_the_refresh_token_stays) {
  const std::string verifier = "a-verifier-of-at-least-43-characters-0123456789";
  const auto code = [&] {
    const Reply page =
        reply("GET", "/o/oauth2/v2/auth?" + form_encode({{"client_id", "sandbox-client"},
                                                         {"redirect_uri", "http://127.0.0.1:1/oauth/done"},
                                                         {"response_type", "code"},
                                                         {"scope", "a b"},
                                                         {"state", "st"},
                                                         {"code_challenge", base64url_encode(sha256(verifier))},
                                                         {"code_challenge_method", "S256"}}));
    BOOST_REQUIRE(page.response.status == 302);
    const std::string place(page.response.headers.get("Location").value_or(""));
    const auto back = form_decode(place.substr(place.find('?') + 1));
    BOOST_REQUIRE(back.has_value());
    BOOST_TEST((*back)[0].second == "st");
    return (*back)[1].second;
  };
  const auto exchange = [&](const std::string& text, const std::string& proof, const std::string& secret) {
    return token({{"grant_type", "authorization_code"},
                  {"code", text},
                  {"redirect_uri", "http://127.0.0.1:1/oauth/done"},
                  {"client_id", "sandbox-client"},
                  {"client_secret", secret},
                  {"code_verifier", proof}});
  };
  BOOST_TEST(at(exchange(code(), "another verifier", "sandbox-client-secret"), "error") == "invalid_grant");
  BOOST_TEST(at(exchange(code(), verifier, "wrong"), "error") == "invalid_client");
  const std::string once = code();
  const Value granted = exchange(once, verifier, "sandbox-client-secret");
  const std::string refresh = at(granted, "refresh_token");
  BOOST_TEST(!refresh.empty());
  BOOST_TEST(at(exchange(once, verifier, "sandbox-client-secret"), "error") == "invalid_grant");
  const Value again = token({{"grant_type", "refresh_token"},
                             {"refresh_token", refresh},
                             {"client_id", "sandbox-client"},
                             {"client_secret", "sandbox-client-secret"}});
  BOOST_TEST(!at(again, "access_token").empty());
  BOOST_TEST(again.get("refresh_token") == nullptr);
}

BOOST_AUTO_TEST_CASE(rows_go_below_the_table_and_reach_the_sheet_with_their_step_key) {
  edit(R"({"spreadsheet":"s1","title":"주문","sheet":"시트 1","rows":[["이름","금액","_ieum"]]})");
  const std::string key(32, 'a');
  const Value answer =
      append("'시트 1'!A1", R"([["홍길동",62000.0,")" + key + R"("]])", "&insertDataOption=INSERT_ROWS");
  BOOST_TEST(at(answer, "tableRange") == "'시트 1'!A1:C1");
  BOOST_TEST(at(answer, "updates.updatedRange") == "'시트 1'!A2:C2");
  BOOST_TEST(at(messages(), "0.channel") == "sheet");
  BOOST_TEST(at(messages(), "0.to") == "주문/시트 1");
  BOOST_TEST(at(messages(), "0.key") == key);
  BOOST_TEST(values("'시트 1'!A2:B2") == R"([["홍길동",62000.0]])");
}

BOOST_AUTO_TEST_CASE(a_blank_row_ends_the_table_and_insert_moves_what_is_below) {
  edit(R"({"spreadsheet":"s1","sheet":"S","rows":[["h"],["1"],[""],["below"]]})");
  append("S!A1", R"([["2"]])", "&insertDataOption=INSERT_ROWS");
  BOOST_TEST(values("S") == R"([["h"],["1"],["2"],[],["below"]])");
  append("S!A1", R"([["3"],["4"]])");
  BOOST_TEST(values("S") == R"([["h"],["1"],["2"],["3"],["4"]])");  // OVERWRITE loses what was below
}

BOOST_AUTO_TEST_CASE(raw_keeps_text_and_user_entered_reads_it_as_typed) {
  edit(R"({"spreadsheet":"s1","sheet":"S","rows":[]})");
  const auto put = [&](const std::string& how) {
    return google_reply("PUT", "/v4/spreadsheets/s1/values/S!A1?valueInputOption=" + how,
                        R"({"values":[["=A9+1","0101234","2026-03-02","1,234.5",true,null]]})")
        .response.status;
  };
  BOOST_TEST(put("RAW") == 200);
  BOOST_TEST(values("S") == R"([["=A9+1","0101234","2026-03-02","1,234.5",true]])");
  BOOST_TEST(put("USER_ENTERED") == 200);
  BOOST_TEST(values("S") == R"([["#N/A",101234,46083,1234.5,true]])");
  BOOST_TEST(values("S", "") == R"([["#N/A","101234","2026-03-02","1234.5","TRUE"]])");
  BOOST_TEST(values("S", "?valueRenderOption=UNFORMATTED_VALUE&dateTimeRenderOption=FORMATTED_STRING") ==
             R"([["#N/A",101234,"2026-03-02",1234.5,true]])");
  BOOST_TEST(put("") == 400);
  append("S!A1", "[[12345678901234567890]]");
  BOOST_TEST(values("S!A2") == "[[12345678901234567000]]");  // a number of more than 15 digits loses the rest
}

BOOST_AUTO_TEST_CASE(null_leaves_a_cell_and_an_empty_text_empties_it) {
  edit(R"({"spreadsheet":"s1","sheet":"S","rows":[["a","b","c"]]})");
  google("PUT", "/v4/spreadsheets/s1/values/S!A1?valueInputOption=RAW", R"({"values":[[null,"","C"]]})");
  BOOST_TEST(values("S") == R"([["a","","C"]])");
}

BOOST_AUTO_TEST_CASE(errors_are_googles) {
  const auto status = [&](const std::string& method, const std::string& target, const std::string& body = "") {
    return at(google(method, target, body), "error.status");
  };
  BOOST_TEST(at(google("GET", "/v4/spreadsheets/s1/values/Nowhere!A1"), "error.message") ==
             "Unable to parse range: Nowhere!A1");
  BOOST_TEST(status("GET", "/v4/spreadsheets/missing1") == "NOT_FOUND");
  BOOST_TEST(status("GET", "/v4/spreadsheets/private1") == "PERMISSION_DENIED");
  BOOST_TEST(status("POST", "/v4/spreadsheets/s1/values/A1:append", R"({"values":[]})") == "INVALID_ARGUMENT");
  BOOST_TEST(status("POST", "/v4/spreadsheets/s1/values/A1:append?valueInputOption=RAW", R"({"values":[[{}]]})") ==
             "INVALID_ARGUMENT");
  BOOST_TEST(at(read(reply("GET", "/v4/spreadsheets/s1")), "error.status") == "UNAUTHENTICATED");
  const std::string add = R"({"requests":[{"addSheet":{"properties":{"title":"새 시트"}}}]})";
  BOOST_TEST(google_reply("POST", "/v4/spreadsheets/s1:batchUpdate", add).response.status == 200);
  BOOST_TEST(status("POST", "/v4/spreadsheets/s1:batchUpdate", add) == "INVALID_ARGUMENT");
}

BOOST_AUTO_TEST_CASE(a_minute_has_sixty_writes_and_sixty_reads) {
  fault(R"({"vendor":"google","kind":"rate_limit"})");
  for (int i = 0; i < 60; ++i)
    BOOST_TEST_REQUIRE(google_reply("POST", "/v4/spreadsheets/s1/values/A1:clear", "{}").response.status == 200);
  const Reply refused = google_reply("POST", "/v4/spreadsheets/s1/values/A1:clear", "{}");
  BOOST_TEST(refused.response.status == 429);
  BOOST_TEST(at(read(refused), "error.status") == "RESOURCE_EXHAUSTED");
  BOOST_TEST(google_reply("GET", "/v4/spreadsheets/s1").response.status == 200);
  clock.set(clock.now() + kMinute);
  BOOST_TEST(google_reply("POST", "/v4/spreadsheets/s1/values/A1:clear", "{}").response.status == 200);
}

BOOST_AUTO_TEST_CASE(a_channel_hears_sync_first_and_then_each_change_until_it_is_stopped) {
  const std::string version = at(google("GET", "/drive/v3/files/s1?fields=modifiedTime,version"), "version");
  const Value channel =
      google("POST", "/drive/v3/files/s1/watch",
             R"({"id":"c1","type":"web_hook","address":"http://127.0.0.1:9/hooks/sheets","token":"t"})");
  BOOST_TEST(at(channel, "id") == "c1");
  BOOST_TEST(at(channel, "expiration") == std::to_string(clock.now() + kHour));
  edit(R"({"spreadsheet":"s1","sheet":"Sheet1","append":[["a"]]})");
  BOOST_TEST(at(google("GET", "/drive/v3/files/s1?fields=modifiedTime,version"), "version") != version);
  auto due = world.due();
  BOOST_REQUIRE(due.size() == 2u);
  BOOST_TEST(*due[0].request.headers.get("X-Goog-Resource-State") == "sync");
  BOOST_TEST(*due[1].request.headers.get("X-Goog-Resource-State") == "update");
  BOOST_TEST(*due[1].request.headers.get("X-Goog-Channel-Token") == "t");
  BOOST_TEST(google_reply("POST", "/drive/v3/files/s1/watch",
                          R"({"id":"c1","type":"web_hook","address":"http://127.0.0.1:9/h"})")
                 .response.status == 400);
  BOOST_TEST(at(google("POST", "/drive/v3/files/s1/watch",
                       R"({"id":"c2","type":"web_hook","address":"http://hub.example.com/h"})"),
                "error.errors.0.reason") == "webhookUrlNotHttps");
  const std::string stop = R"({"id":"c1","resourceId":")" + at(channel, "resourceId") + "\"}";
  BOOST_TEST(google_reply("POST", "/drive/v3/channels/stop", stop).response.status == 204);
  BOOST_TEST(google_reply("POST", "/drive/v3/channels/stop", stop).response.status == 404);
  edit(R"({"spreadsheet":"s1","sheet":"Sheet1","append":[["b"]]})");
  BOOST_TEST(world.due().empty());
}

BOOST_AUTO_TEST_CASE(a_sheet_can_be_renamed_by_a_person_and_keeps_its_id) {
  edit(R"({"spreadsheet":"s1","sheet":"응답","rows":[["a"]]})");
  const std::string id = at(google("GET", "/v4/spreadsheets/s1"), "sheets.0.properties.sheetId");
  edit(R"({"spreadsheet":"s1","sheet":"응답","rename":"설문"})");
  const Value about = google("GET", "/v4/spreadsheets/s1");
  BOOST_TEST(at(about, "sheets.0.properties.sheetId") == id);
  BOOST_TEST(at(about, "sheets.0.properties.title") == "설문");
  BOOST_TEST(at(google("GET", "/v4/spreadsheets/s1/values/" + percent_encode("응답!A1")), "error.code") == "400");
}

BOOST_AUTO_TEST_SUITE_END()
