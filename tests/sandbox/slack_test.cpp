// The stand-in of Slack answers as the Web API does: successes, refusals in 200, look-ups by metadata, its own limit.
#include "sandbox/visitor.hpp"

using namespace ieum;
using namespace ieum::sandbox;

namespace {

const std::string kPost =
    R"({"channel":"#cs","text":"주문 #1042 들어왔어요","metadata":{"event_type":"ieum_step","event_payload":{"hub_step":"k1"}}})";

}  // namespace

BOOST_FIXTURE_TEST_SUITE(slack, Visitor)

BOOST_AUTO_TEST_CASE(a_post_reaches_its_channel_with_its_step_key) {
  const Value answer = slack("chat.postMessage", kPost);
  BOOST_TEST(at(answer, "ok") == "true");
  BOOST_TEST(at(answer, "channel").front() == 'C');
  BOOST_TEST(at(answer, "ts") == "1772409600.000001");
  BOOST_TEST(at(answer, "message.text") == "주문 #1042 들어왔어요");
  const Value reached = messages();
  BOOST_REQUIRE(size_of(reached) == 1u);
  BOOST_TEST(at(reached, "0.channel") == "slack");
  BOOST_TEST(at(reached, "0.to") == "#cs");
  BOOST_TEST(at(reached, "0.text") == "주문 #1042 들어왔어요");
  BOOST_TEST(at(reached, "0.key") == "k1");
  const Value recorded = calls("?vendor=slack&key=k1");
  BOOST_REQUIRE(size_of(recorded) == 1u);
  BOOST_TEST(at(recorded, "0.effect") == "applied");
  BOOST_TEST(at(recorded, "0.operation") == "chat.postMessage");
  BOOST_TEST(at(recorded, "0.message.to") == "#cs");
  BOOST_TEST(at(recorded, "0.request_body") == kPost);
  BOOST_TEST(at(recorded, "0.request_headers.authorization") == "(hidden)");
}

BOOST_AUTO_TEST_CASE(forms_are_read_as_json_is) {
  const Value answer =
      read(reply("POST", "/api/chat.postMessage",
                 {{"Authorization", "Bearer xoxb-sandbox"}, {"Content-Type", "application/x-www-form-urlencoded"}},
                 form_encode({{"channel", "#orders"},
                              {"text", "안녕하세요"},
                              {"metadata", R"({"event_type":"t","event_payload":{"hub_step":"k2"}})"}})));
  BOOST_TEST(at(answer, "ok") == "true");
  BOOST_TEST(at(messages(), "0.key") == "k2");
  BOOST_TEST(at(messages(), "0.text") == "안녕하세요");
}

BOOST_AUTO_TEST_CASE(tokens_are_checked_exactly) {
  const auto with = [&](const std::string& token) {
    Headers headers{{"Content-Type", "application/json; charset=utf-8"}};
    if (!token.empty()) headers.add("Authorization", token);
    return at(read(reply("POST", "/api/auth.test", headers, "{}")), "error");
  };
  BOOST_TEST(with("") == "not_authed");
  BOOST_TEST(with("Bearer xoxb-other") == "invalid_auth");
  BOOST_TEST(with("Bearer xoxb-sandboxx") == "invalid_auth");
  BOOST_TEST(with("Bearer xoxb-sandbox") == "");
  BOOST_TEST(size_of(messages()) == 0u);
}

BOOST_AUTO_TEST_CASE(refusals_come_with_200_and_act_on_nothing) {
  const auto error = [&](const std::string& body) { return at(slack("chat.postMessage", body), "error"); };
  BOOST_TEST(error(R"({"channel":"#missing","text":"a"})") == "channel_not_found");
  BOOST_TEST(error(R"({"channel":"#archived","text":"a"})") == "is_archived");
  BOOST_TEST(error(R"({"channel":"#private","text":"a"})") == "not_in_channel");
  BOOST_TEST(error(R"({"channel":"Big Name","text":"a"})") == "channel_not_found");
  BOOST_TEST(error(R"({"channel":"#cs"})") == "no_text");
  BOOST_TEST(error(R"({"channel":"#cs","text":"a","markdown_text":"b"})") == "markdown_text_conflict");
  BOOST_TEST(error(R"({"channel":"#cs","markdown_text":")" + std::string(12'001, 'a') + "\"}") == "msg_too_long");
  BOOST_TEST(error(R"({"channel":"#cs","text":"a","blocks":[]})") == "invalid_blocks");
  BOOST_TEST(error(R"({"channel":"#cs","text":"a","metadata":{"event_type":""}})") == "invalid_metadata_format");
  BOOST_TEST(error("{") == "invalid_json");
  BOOST_TEST(at(slack("chat.fly", "{}"), "error") == "unknown_method");
  BOOST_TEST(size_of(messages()) == 0u);
  BOOST_TEST(at(calls(), "0.effect") == "refused");
}

BOOST_AUTO_TEST_CASE(json_without_a_charset_is_warned_about) {
  const Value answer =
      read(reply("POST", "/api/auth.test",
                 {{"Authorization", "Bearer xoxb-sandbox"}, {"Content-Type", "application/json"}}, "{}"));
  BOOST_TEST(at(answer, "ok") == "true");
  BOOST_TEST(at(answer, "warning") == "missing_charset");
}

BOOST_AUTO_TEST_CASE(a_message_is_found_again_by_its_metadata) {
  const std::string channel = at(slack("chat.postMessage", kPost), "channel");
  slack("chat.postMessage", R"({"channel":"#cs","text":"둘"})");
  const Value bare = slack_get("conversations.history?channel=" + channel);
  BOOST_REQUIRE(size_of(bare, "messages") == 2u);
  BOOST_TEST(at(bare, "messages.0.text") == "둘");  // newest first
  BOOST_TEST(at(bare, "messages.1.metadata.event_type") == "");
  const Value full = slack_get("conversations.history?include_all_metadata=true&channel=" + channel);
  BOOST_TEST(at(full, "messages.1.metadata.event_payload.hub_step") == "k1");
  BOOST_TEST(at(calls("?effect=read"), "0.operation") == "conversations.history");
  BOOST_TEST(at(slack_get("conversations.history?channel=%23cs"), "error") == "channel_not_found");  // ids only
}

BOOST_AUTO_TEST_CASE(history_pages_and_minds_its_bounds) {
  std::string channel;
  for (int i = 1; i <= 5; ++i) {
    channel = at(slack("chat.postMessage", R"({"channel":"#ops","text":")" + std::to_string(i) + "\"}"), "channel");
    clock.advance(kMinute);
  }
  const Value first = slack_get("conversations.history?limit=2&channel=" + channel);
  BOOST_TEST(at(first, "messages.0.text") == "5");
  BOOST_TEST(at(first, "has_more") == "true");
  const Value second = slack_get("conversations.history?limit=2&channel=" + channel +
                                 "&cursor=" + at(first, "response_metadata.next_cursor"));
  BOOST_TEST(at(second, "messages.0.text") == "3");
  const Value last = slack_get("conversations.history?limit=2&channel=" + channel +
                               "&cursor=" + at(second, "response_metadata.next_cursor"));
  BOOST_TEST(size_of(last, "messages") == 1u);
  BOOST_TEST(at(last, "has_more") == "false");
  BOOST_TEST(at(last, "response_metadata.next_cursor") == "");
  const std::string oldest = std::to_string(kMonday / 1000 + 120) + ".000001";  // of the third
  BOOST_TEST(size_of(slack_get("conversations.history?channel=" + channel + "&oldest=" + oldest), "messages") == 2u);
  BOOST_TEST(size_of(slack_get("conversations.history?inclusive=true&channel=" + channel + "&oldest=" + oldest),
                     "messages") == 3u);
}

BOOST_AUTO_TEST_CASE(replies_stay_in_their_thread) {
  const Value first = slack("chat.postMessage", R"({"channel":"#cs","text":"질문"})");
  const std::string ts = at(first, "ts"), channel = at(first, "channel");
  slack("chat.postMessage", R"({"channel":"#cs","text":"답","thread_ts":")" + ts + "\"}");
  BOOST_TEST(size_of(slack_get("conversations.history?channel=" + channel), "messages") == 1u);
  const Value thread = slack_get("conversations.replies?channel=" + channel + "&ts=" + ts);
  BOOST_REQUIRE(size_of(thread, "messages") == 2u);
  BOOST_TEST(at(thread, "messages.1.text") == "답");
}

BOOST_AUTO_TEST_CASE(names_and_people_lead_to_one_channel) {
  const std::string by_name = at(slack("chat.postMessage", R"({"channel":"marketing","text":"a"})"), "channel");
  const Value list = slack_get("conversations.list?limit=200");
  bool found = false;
  for (const Value& channel : *list.get("channels")->if_list())
    found = found || (channel.text("name") == "marketing" && channel.text("id") == by_name);
  BOOST_TEST(found);
  const std::string user = at(slack_get("users.lookupByEmail?email=minji.kim%40example.com"), "user.id");
  const std::string direct = at(slack("conversations.open", R"({"users":")" + user + "\"}"), "channel.id");
  BOOST_TEST(direct.front() == 'D');
  BOOST_TEST(at(slack("chat.postMessage", R"({"channel":")" + user + R"(","text":"a"})"), "channel") == direct);
  BOOST_TEST(at(slack_get("users.lookupByEmail?email=nobody%40example.com"), "error") == "users_not_found");
}

BOOST_AUTO_TEST_CASE(the_limit_is_one_message_a_second_a_channel_when_it_is_asked_for) {
  slack("chat.postMessage", R"({"channel":"#cs","text":"1"})");
  BOOST_TEST(at(slack("chat.postMessage", R"({"channel":"#cs","text":"2"})"), "ok") == "true");  // off by default
  fault(R"({"vendor":"slack","kind":"rate_limit"})");
  const Reply limited = slack_reply("chat.postMessage", R"({"channel":"#cs","text":"3"})");
  BOOST_TEST(limited.response.status == 429);
  BOOST_TEST(limited.response.headers.get("Retry-After").value() == "1");
  BOOST_TEST(at(read(limited), "error") == "ratelimited");
  BOOST_TEST(at(slack("chat.postMessage", R"({"channel":"#ops","text":"4"})"), "ok") == "true");
  clock.advance(kSecond);
  BOOST_TEST(at(slack("chat.postMessage", R"({"channel":"#cs","text":"5"})"), "ok") == "true");
  BOOST_TEST(size_of(messages()) == 4u);
}

BOOST_AUTO_TEST_CASE(an_update_changes_the_text_that_history_shows) {
  const Value posted = slack("chat.postMessage", R"({"channel":"#cs","text":"처음"})");
  const std::string channel = at(posted, "channel");
  slack("chat.update", R"({"channel":")" + channel + R"(","ts":")" + at(posted, "ts") + R"(","text":"다음"})");
  BOOST_TEST(at(slack_get("conversations.history?channel=" + channel), "messages.0.text") == "다음");
  BOOST_TEST(at(slack("chat.update", R"({"channel":"#cs","ts":"1.1","text":"a"})"), "error") == "message_not_found");
}

BOOST_AUTO_TEST_SUITE_END()
