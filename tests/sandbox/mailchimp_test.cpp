// The stand-in of Mailchimp: members by the MD5 of their address, people who left and stay so, webhooks with a secret that
// is shown once, campaigns that are sent once.
#include "sandbox/visitor.hpp"

using namespace ieum;
using namespace ieum::sandbox;

namespace {

struct MailchimpVisitor : Visitor {
  Reply call(std::string method, const std::string& path, std::string body = {}, Headers more = {}) {
    Headers headers{{"Authorization", "Basic " + base64_encode("hub:sandbox-key-us21")},
                    {"Content-Type", "application/json"}};
    for (const auto& [name, value] : more.fields()) headers.add(name, value);
    return reply(std::move(method), "/3.0" + path, headers, std::move(body));
  }
  Value ask(std::string method, const std::string& path, std::string body = {}) {
    return read(call(std::move(method), path, std::move(body)));
  }
  std::string title(std::string method, const std::string& path, std::string body = {}) {
    return at(ask(std::move(method), path, std::move(body)), "title");
  }
  // The member api@mailchimp.com; its hash is the documentation's.
  static constexpr const char* kMember = "/lists/a1/members/6def22f266be37015519943ce0c3ae6b";
  static constexpr const char* kNew = R"({"email_address":"api@mailchimp.com","status_if_new":"subscribed"})";
  int happens(const std::string& topic, const std::string& data) {
    return control("/_sandbox/send", R"({"vendor":"mailchimp","topic":")" + topic + R"(","body":)" + data + "}")
        .response.status;
  }
  std::string hook(const std::string& api) {
    const Value made = ask(
        "POST", "/lists/a1/webhooks",
        R"({"url":"https://hub.example.com/hooks/mailchimp","events":{"subscribe":true,"unsubscribe":true,"profile":true,)"
        R"("upemail":true},"sources":{"user":true,"admin":true,"api":)" +
            api + "}}");
    BOOST_TEST(at(made, "signing_enabled") == "true");
    return at(made, "signing_secret");
  }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(mailchimp, MailchimpVisitor)

BOOST_AUTO_TEST_CASE(keys_are_checked_and_errors_are_problems) {
  BOOST_TEST(at(ask("GET", "/ping"), "health_status") == "Everything's Chimpy!");
  const Reply none = reply("GET", "/3.0/ping");
  BOOST_TEST(none.response.status == 401);
  BOOST_TEST(none.response.headers.get("Content-Type").value_or("") == "application/problem+json; charset=utf-8");
  BOOST_TEST(at(read(none), "title") == "API Key Missing");
  BOOST_TEST(reply("GET", "/3.0/ping", {{"Authorization", "Bearer other"}}).response.status == 401);
  BOOST_TEST(reply("GET", "/3.0/ping", {{"Authorization", "OAuth sandbox-key-us21"}}).response.status == 200);
  const Reply asked = call("GET", "/ping", {}, {{"X-Trigger-Error", "TooManyRequests"}});
  BOOST_TEST(asked.response.status == 429);
  BOOST_TEST(at(read(asked), "title") == "Too Many Requests");
  BOOST_TEST(title("GET", "/lists/missing/members") == "Resource Not Found");
  BOOST_TEST(title("DELETE", "/lists") == "Method Not Allowed");
  BOOST_TEST(title("POST", "/lists/a1/members", "{") == "JSON Parse Error");
}

BOOST_AUTO_TEST_CASE(a_put_adds_or_changes_and_keeps_the_status) {
  const Value made = ask("PUT", kMember, kNew);
  BOOST_TEST(at(made, "id") == "6def22f266be37015519943ce0c3ae6b");
  BOOST_TEST(at(made, "status") == "subscribed");
  BOOST_TEST(title("PUT", "/lists/a1/members/6DEF22", kNew) == "Member Exists");
  BOOST_TEST(title("PUT", "/lists/a1/members/000000",
                   R"({"email_address":"b@example.com","status_if_new":"subscribed"})") == "Invalid Resource");
  BOOST_TEST(title("PUT", "/lists/a2/members/6def22f266be37015519943ce0c3ae6b",
                   R"({"email_address":"api@mailchimp.com"})") == "Invalid Resource");
  BOOST_REQUIRE(happens("unsubscribe", R"({"list_id":"a1","email":"api@mailchimp.com"})") == 202);
  BOOST_TEST(at(ask("PUT", kMember, kNew), "status") == "unsubscribed");
  BOOST_TEST(title("PUT", kMember, R"({"email_address":"api@mailchimp.com","status":"subscribed"})") ==
             "Member In Compliance State");
  BOOST_TEST(at(ask("PUT", kMember, R"({"email_address":"api@mailchimp.com","status":"pending"})"), "status") ==
             "pending");
}

BOOST_AUTO_TEST_CASE(tags_of_a_put_count_for_new_members_alone) {
  const std::string tagged = R"({"email_address":"api@mailchimp.com","status_if_new":"subscribed","tags":["new"]})";
  BOOST_TEST(at(ask("PUT", kMember, tagged), "tags.0.name") == "new");
  BOOST_TEST(at(ask("PUT", kMember, R"({"status_if_new":"subscribed","tags":["late"]})"), "tags_count") == "1");
  BOOST_TEST(call("POST", std::string(kMember) + "/tags",
                  R"({"tags":[{"name":"vip","status":"active"},{"name":"new","status":"inactive"}]})")
                 .response.status == 204);
  BOOST_TEST(at(ask("GET", kMember), "tags.0.name") == "vip");
  BOOST_TEST(title("POST", std::string(kMember) + "/tags", R"({"tags":[{"name":"x"}]})") == "Invalid Resource");
}

BOOST_AUTO_TEST_CASE(members_leave_in_three_ways) {
  const std::string add = R"({"email_address":"api@mailchimp.com","status":"subscribed"})";
  BOOST_TEST(at(ask("POST", "/lists/a1/members", add), "status") == "subscribed");
  BOOST_TEST(title("POST", "/lists/a1/members", add) == "Member Exists");
  BOOST_TEST(call("DELETE", kMember).response.status == 204);
  BOOST_TEST(call("DELETE", kMember).response.status == 405);
  BOOST_TEST(at(ask("POST", "/lists/a1/members", add), "status") == "subscribed");
  BOOST_TEST(call("POST", std::string(kMember) + "/actions/delete-permanent").response.status == 204);
  BOOST_TEST(call("GET", kMember).response.status == 404);
  BOOST_TEST(title("PUT", kMember, kNew) == "Forgotten Email Not Subscribed");
}

BOOST_AUTO_TEST_CASE(required_merge_fields_are_asked_for_unless_skipped) {
  BOOST_TEST(at(ask("POST", "/lists/a1/merge-fields", R"({"name":"등급","tag":"GRADE","type":"text","required":true})"),
                "tag") == "GRADE");
  BOOST_TEST(title("POST", "/lists/a1/merge-fields", R"({"name":"등급","tag":"GRADE"})") == "Bad Request");
  const Value refused = ask("PUT", kMember, kNew);
  BOOST_TEST(at(refused, "errors.0.field") == "merge_fields.GRADE");
  BOOST_TEST(call("PUT", std::string(kMember) + "?skip_merge_validation=true", kNew).response.status == 200);
}

BOOST_AUTO_TEST_CASE(events_keep_the_steps_mark) {
  ask("PUT", kMember, kNew);
  const std::string path = std::string(kMember) + "/events";
  BOOST_TEST(call("POST", path, R"({"name":"purchased","properties":{"ieum_step":"k1"}})").response.status == 204);
  BOOST_TEST(at(ask("GET", path + "?count=10"), "events.0.properties.ieum_step") == "k1");
  BOOST_TEST(title("POST", path, R"({"name":"x"})") == "Invalid Resource");
  BOOST_TEST(title("POST", path, R"({"name":"purchased","properties":{"n":1}})") == "Invalid Resource");
  BOOST_TEST(at(calls("?vendor=mailchimp&key=k1"), "0.effect") == "applied");
}

// The secret is shown once; a person's doing is told signed, in a form; what the API did is told only when asked for.
BOOST_AUTO_TEST_CASE(webhooks_are_signed_and_leave_our_own_changes_out) {
  const std::string secret = hook("false");
  BOOST_TEST(secret.starts_with("whsec_"));
  BOOST_TEST(ask("GET", "/lists/a1/webhooks").at_path("webhooks.0.signing_secret") == nullptr);
  BOOST_TEST(at(ask("POST", "/lists/a1/webhooks", R"({"url":"https://hub.example.com/hooks/mailchimp"})"), "detail") ==
             "Sorry, you can't set up multiple WebHooks for one URL");
  ask("PUT", kMember, kNew);
  BOOST_TEST(world.due().size() == 0u);
  BOOST_REQUIRE(happens("unsubscribe", R"({"list_id":"a1","email":"api@mailchimp.com"})") == 202);
  const auto due = world.due();
  BOOST_REQUIRE(due.size() == 1u);
  const HttpRequest& request = due[0].request;
  BOOST_TEST(request.body.find("type=unsubscribe") != std::string::npos);
  BOOST_TEST(request.body.find("data%5Bmerges%5D%5BEMAIL%5D=api%40mailchimp.com") != std::string::npos);
  const std::string time = std::to_string(clock.now() / kSecond);
  BOOST_TEST(request.headers.get("X-Mailchimp-Signature").value_or("") ==
             "t=" + time + ",v1=" + hex_encode(hmac_sha256(secret, time + "." + request.body)));
  const std::string id = at(ask("GET", "/lists/a1/webhooks"), "webhooks.0.id");
  ask("PATCH", "/lists/a1/webhooks/" + id, R"({"sources":{"user":true,"admin":true,"api":true}})");
  ask("PATCH", kMember, R"({"merge_fields":{"FNAME":"민지"}})");
  BOOST_TEST(world.due().size() == 1u);
  BOOST_TEST(call("DELETE", "/lists/a1/webhooks/" + id).response.status == 204);
  BOOST_TEST(call("DELETE", "/lists/a1/webhooks/" + id).response.status == 404);
}

BOOST_AUTO_TEST_CASE(changed_members_are_read_in_order) {
  ask("PUT", kMember, kNew);
  clock.advance(kMinute);
  ask("POST", "/lists/a1/members", R"({"email_address":"b@example.com","status":"subscribed"})");
  const std::string base = "/lists/a1/members?sort_field=last_changed&sort_dir=ASC";
  const Value all = ask("GET", base + "&count=1");
  BOOST_TEST(at(all, "total_items") == "2");
  BOOST_TEST(at(all, "members.0.email_address") == "api@mailchimp.com");
  BOOST_TEST(at(all, "members.0.last_changed") == "2026-03-02T00:00:00+00:00");
  BOOST_TEST(at(ask("GET", base + "&since_last_changed=2026-03-02T00%3A00%3A30Z"), "members.0.email_address") ==
             "b@example.com");
  BOOST_TEST(at(ask("GET", base + "&offset=1"), "members.0.email_address") == "b@example.com");
}

BOOST_AUTO_TEST_CASE(a_campaign_is_sent_once_to_who_is_subscribed) {
  ask("PUT", kMember, kNew);
  ask("POST", "/lists/a1/members", R"({"email_address":"b@example.com","status":"unsubscribed"})");
  const Value made = ask("POST", "/campaigns",
                         R"({"type":"regular","recipients":{"list_id":"a1"},"settings":{"subject_line":"(광고) 봄",)"
                         R"("title":"봄 #k","from_name":"이음","reply_to":"a@example.com"}})");
  const std::string campaign = "/campaigns/" + at(made, "id");
  BOOST_TEST(at(ask("GET", campaign + "/send-checklist"), "is_ready") == "false");
  BOOST_TEST(title("POST", campaign + "/actions/send") == "Bad Request");
  ask("PUT", campaign + "/content", R"({"html":"<p>봄</p>"})");
  BOOST_TEST(title("POST", campaign + "/actions/schedule", R"({"schedule_time":"2026-03-03T00:07:00Z"})") ==
             "Bad Request");
  BOOST_TEST(at(ask("GET", campaign), "status") == "save");
  BOOST_TEST(call("POST", campaign + "/actions/send").response.status == 204);
  BOOST_TEST(at(ask("GET", campaign), "emails_sent") == "1");
  BOOST_REQUIRE(size_of(messages()) == 1u);
  BOOST_TEST(at(messages(), "0.to") == "api@mailchimp.com");
  BOOST_TEST(at(messages(), "0.title") == "(광고) 봄");
  BOOST_TEST(title("POST", campaign + "/actions/send") == "Bad Request");
  BOOST_TEST(size_of(messages()) == 1u);
  BOOST_TEST(at(ask("GET", "/campaigns?since_create_time=2026-03-01T00%3A00%3A00Z"), "campaigns.0.settings.title") ==
             "봄 #k");
}

BOOST_AUTO_TEST_CASE(batches_and_journeys_do_what_they_say) {
  const Value batch =
      ask("POST", "/batches",
          R"({"operations":[{"method":"PUT","path":"/lists/a1/members/6def22f266be37015519943ce0c3ae6b",)"
          R"("body":"{\"email_address\":\"api@mailchimp.com\",\"status_if_new\":\"subscribed\"}"},)"
          R"({"method":"GET","path":"/lists/missing/members"}]})");
  BOOST_TEST(at(batch, "status") == "pending");
  const Value finished = ask("GET", "/batches/" + at(batch, "id"));
  BOOST_TEST(at(finished, "status") == "finished");
  BOOST_TEST(at(finished, "errored_operations") == "1");
  BOOST_TEST(at(ask("GET", kMember), "status") == "subscribed");
  const std::string journey = "/customer-journeys/journeys/1/steps/2/actions/trigger";
  BOOST_TEST(call("POST", journey, R"({"email_address":"api@mailchimp.com"})").response.status == 204);
  BOOST_TEST(title("POST", journey, R"({"email_address":"nobody"})") == "Invalid Resource");
  BOOST_TEST(size_of(messages()) == 1u);
}

BOOST_AUTO_TEST_CASE(the_eleventh_call_at_once_is_too_many) {
  fault(R"({"vendor":"mailchimp","kind":"rate_limit","times":-1})");
  for (int i = 0; i < 10; ++i) BOOST_TEST(call("GET", "/ping").response.status == 200);
  BOOST_TEST(call("GET", "/ping").response.status == 429);
  clock.advance(kSecond);
  BOOST_TEST(call("GET", "/ping").response.status == 200);
}

BOOST_AUTO_TEST_SUITE_END()
