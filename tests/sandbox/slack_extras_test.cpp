// The stand-in of Slack beyond messages: files in three steps, schedules, reactions, incoming webhooks, tiers.
#include "sandbox/visitor.hpp"

using namespace ieum;
using namespace ieum::sandbox;

BOOST_FIXTURE_TEST_SUITE(slack_extras, Visitor)

BOOST_AUTO_TEST_CASE(a_file_goes_up_in_three_steps_and_its_length_is_exact) {
  const std::string channel = at(slack("chat.postMessage", R"({"channel":"#cs","text":"a"})"), "channel");
  const Value reserved = slack_get("files.getUploadURLExternal?filename=a.csv&length=5");
  const std::string id = at(reserved, "file_id"), url = at(reserved, "upload_url");
  const std::string path = url.substr(url.find("/upload/"));
  const std::string share = R"({"files":[{"id":")" + id + R"("}],"channel_id":")" + channel + R"("})";
  BOOST_TEST(at(slack("files.completeUploadExternal", share), "error") == "file_not_found");  // no bytes yet
  BOOST_TEST(reply("POST", path, {}, "1234").response.status == 400);
  const Headers multipart{{"Content-Type", "multipart/form-data; boundary=b1"}};
  BOOST_TEST(reply("POST", path, multipart, "--b1\r\nX: y\r\n\r\n1234\r\n--b1--\r\n").response.status == 400);
  BOOST_TEST(reply("POST", path, multipart, "--b1\r\nX: y\r\n\r\n12345\r\n--b1--\r\n").response.status == 200);
  BOOST_TEST(reply("POST", path, {}, "12345").response.status == 200);
  BOOST_TEST(at(slack("files.completeUploadExternal", share), "ok") == "true");
  BOOST_TEST(at(slack("files.completeUploadExternal", share), "error") == "file_already_completed");
  BOOST_TEST(at(slack_get("files.info?file=" + id), "file.channels.0") == channel);
  BOOST_TEST(at(messages(), "1.text") == "📎 a.csv");
  const Value alone = slack_get("files.getUploadURLExternal?filename=b.csv&length=1");
  const std::string own = at(alone, "file_id");
  BOOST_TEST(reply("POST", "/upload/v1/" + own, {}, "1").response.status == 200);
  const std::string keep = R"({"files":[{"id":")" + own + R"("}]})";
  BOOST_TEST(at(slack("files.completeUploadExternal", keep), "ok") == "true");
  BOOST_TEST(at(slack("files.completeUploadExternal", keep), "error") == "file_already_completed");
  BOOST_TEST(size_of(slack_get("files.info?file=" + own), "file.channels") == 0u);
}

BOOST_AUTO_TEST_CASE(schedules_mind_their_bounds_and_are_listed) {
  const std::string channel = at(slack("chat.postMessage", R"({"channel":"#cs","text":"a"})"), "channel");
  const auto schedule = [&](Millis when) {
    return slack("chat.scheduleMessage",
                 R"({"channel":")" + channel + R"(","text":"b","post_at":)" + std::to_string(when / kSecond) + "}");
  };
  BOOST_TEST(at(schedule(clock.now()), "error") == "time_in_past");
  BOOST_TEST(at(schedule(clock.now() + 121 * kDay), "error") == "time_too_far");
  BOOST_TEST(at(schedule(clock.now() + kDay), "ok") == "true");
  const std::string elsewhere = at(slack("chat.postMessage", R"({"channel":"#ops","text":"a"})"), "channel");
  const Value list = slack_get("chat.scheduledMessages.list?channel=" + channel);
  BOOST_TEST(size_of(slack_get("chat.scheduledMessages.list?channel=" + elsewhere), "scheduled_messages") == 0u);
  // A method that reads looks at no JSON: here it lists every channel's.
  const Value unread = slack("chat.scheduledMessages.list", R"({"channel":")" + elsewhere + "\"}");
  BOOST_TEST(size_of(unread, "scheduled_messages") == 1u);
  BOOST_REQUIRE(size_of(list, "scheduled_messages") == 1u);
  BOOST_TEST(at(list, "scheduled_messages.0.text") == "b");
  for (int i = 0; i < 29; ++i) schedule(clock.now() + kDay);
  BOOST_TEST(at(schedule(clock.now() + kDay), "error") == "restricted_too_many");
}

BOOST_AUTO_TEST_CASE(a_reaction_is_there_once) {
  const Value posted = slack("chat.postMessage", R"({"channel":"#cs","text":"a"})");
  const std::string body = R"({"channel":")" + at(posted, "channel") + R"(","timestamp":")" + at(posted, "ts") +
                           R"(","name":"white_check_mark"})";
  BOOST_TEST(at(slack("reactions.add", body), "ok") == "true");
  BOOST_TEST(at(slack("reactions.add", body), "error") == "already_reacted");
}

// Of messages that were posted here, and of those that people wrote: their ts is in the event that tells of them.
BOOST_AUTO_TEST_CASE(a_reaction_is_to_a_message_that_is_there) {
  const auto react = [&](const std::string& channel, const std::string& ts) {
    return at(slack("reactions.add", R"({"channel":")" + channel + R"(","timestamp":")" + ts + R"(","name":"eyes"})"),
              "error");
  };
  const Value posted = slack("chat.postMessage", R"({"channel":"#cs","text":"a"})");
  BOOST_TEST(react(at(posted, "channel"), "1700000000.000100") == "message_not_found");
  BOOST_TEST(react("C0SANDBOX1", at(posted, "ts")) == "message_not_found");
  BOOST_TEST(react(at(posted, "channel"), "") == "no_item_specified");
  BOOST_REQUIRE(
      control("/_sandbox/send", R"({"vendor":"slack","topic":"app_mention","to":"http://127.0.0.1:9/h","secret":"s"})")
          .response.status == 202);
  const auto due = world.due();
  BOOST_REQUIRE(due.size() == 1u);
  const Value told = *parse_json(due[0].request.body);
  BOOST_TEST(react(at(told, "event.channel"), at(told, "event.ts")) == "");
  BOOST_REQUIRE(control("/_sandbox/send",
                        R"({"vendor":"slack","topic":"message","to":"http://127.0.0.1:9/h","secret":"s",)"
                        R"("body":{"channel":"C0ORDERS99","ts":"1772409600.000900","text":"왔어요?"}})")
                    .response.status == 202);
  BOOST_TEST(react("C0ORDERS99", "1772409600.000900") == "");
}

BOOST_AUTO_TEST_CASE(messages_are_deleted_once_and_changed_with_their_blocks) {
  const Value posted = slack("chat.postMessage", R"({"channel":"#cs","text":"a"})");
  const std::string place = R"("channel":")" + at(posted, "channel") + R"(","ts":")" + at(posted, "ts") + "\"";
  BOOST_TEST(at(slack("chat.update", "{" + place + R"(,"text":"b","blocks":[]})"), "text") == "b");
  BOOST_TEST(at(slack("chat.delete", "{" + place + "}"), "ok") == "true");
  BOOST_TEST(at(slack("chat.delete", "{" + place + "}"), "error") == "message_not_found");
}

BOOST_AUTO_TEST_CASE(an_incoming_webhook_answers_in_plain_text) {
  const auto post = [&](const std::string& path, const std::string& body) {
    return reply("POST", path, {{"Content-Type", "application/json"}}, body).response;
  };
  BOOST_TEST(post("/services/T1/B1/abc", R"({"text":"안녕하세요"})").body == "ok");
  BOOST_TEST(post("/services/T1/B1/abc", "{").body == "invalid_payload");
  BOOST_TEST(post("/services/T1/B1/abc", "{}").body == "no_text");
  BOOST_TEST(post("/services/T1/B1/revoked", R"({"text":"a"})").status == 404);
  BOOST_TEST(post("/services/T1/B1/archived", R"({"text":"a"})").status == 410);
  for (int i = 0; i < 5; ++i) BOOST_TEST(post("/actions/T1/1/abc", R"({"text":"a"})").status == 200);
  BOOST_TEST(post("/actions/T1/1/abc", R"({"text":"a"})").status == 404);
}

BOOST_AUTO_TEST_CASE(a_tier_is_so_many_calls_a_minute) {
  fault(R"({"vendor":"slack","kind":"rate_limit"})");
  for (int i = 0; i < 20; ++i) BOOST_TEST(at(slack_get("conversations.list"), "ok") == "true");
  const Reply limited = reply("GET", "/api/conversations.list", {{"Authorization", "Bearer xoxb-sandbox"}});
  BOOST_TEST(limited.response.status == 429);
  BOOST_TEST(limited.response.headers.get("Retry-After").value_or("") == "60");
  clock.advance(kMinute);
  BOOST_TEST(at(slack_get("conversations.list"), "ok") == "true");
}

BOOST_AUTO_TEST_SUITE_END()
