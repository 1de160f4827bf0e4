// The control side: what was recorded, what goes wrong on request, templates, the clock, the page's head.
#include "sandbox/visitor.hpp"

using namespace ieum;
using namespace ieum::sandbox;

namespace {

const std::string kPost =
    R"({"channel":"#cs","text":"안녕","metadata":{"event_type":"t","event_payload":{"hub_step":"k1"}}})";
using Delivery = Reply::Delivery;

}  // namespace

BOOST_FIXTURE_TEST_SUITE(control, Visitor)

BOOST_AUTO_TEST_CASE(calls_are_filtered_and_counted) {
  slack("chat.postMessage", kPost);
  Visitor::shopify("{ shop { name } }");
  reply("POST", "/sink/orders?x=1", {{"Idempotency-Key", "k2"}}, R"({"a":1})");
  reply("GET", "/nobody/home");
  const Value all = get("/_sandbox/calls");
  BOOST_TEST(size_of(all, "calls") == 4u);
  BOOST_TEST(at(all, "total") == "4");
  BOOST_TEST(at(all, "calls.0.seq") == "1");
  BOOST_TEST(at(all, "calls.0.at") == "2026-03-02T00:00:00Z");
  BOOST_TEST(at(all, "calls.2.vendor") == "http");
  BOOST_TEST(at(all, "calls.2.path") == "/sink/orders?x=1");
  BOOST_TEST(at(all, "calls.3.vendor") == "");
  BOOST_TEST(at(all, "calls.3.status") == "404");
  BOOST_TEST(size_of(calls("?vendor=shopify")) == 1u);
  BOOST_TEST(at(calls("?key=k2"), "0.message.text") == R"({"a":1})");
  BOOST_TEST(at(calls("?after=2"), "0.seq") == "3");
  const Value newest = get("/_sandbox/calls?limit=1");
  BOOST_TEST(at(newest, "calls.0.seq") == "4");
  BOOST_TEST(at(newest, "left_out") == "3");
}

BOOST_AUTO_TEST_CASE(deleting_calls_forgets_records_but_not_what_vendors_know) {
  const std::string channel = at(slack("chat.postMessage", kPost), "channel");
  BOOST_TEST(reply("DELETE", "/_sandbox/calls").response.status == 204);
  BOOST_TEST(size_of(calls()) == 0u);
  BOOST_TEST(size_of(messages()) == 0u);
  BOOST_TEST(size_of(slack_get("conversations.history?channel=" + channel), "messages") == 1u);
  BOOST_TEST(at(calls(), "0.seq") == "2");
  fault(R"({"kind":"drop_before","times":-1})");
  BOOST_TEST(reply("DELETE", "/_sandbox/state").response.status == 204);
  BOOST_TEST(size_of(slack_get("conversations.history?channel=" + channel), "messages") == 0u);
}

BOOST_AUTO_TEST_CASE(bodies_are_cut_between_characters) {
  reply("POST", "/sink/big", {}, "x" + std::string(70'000, 'y'));
  std::string hangul;
  while (hangul.size() < 70'000) hangul += "가";
  reply("POST", "/sink/big", {}, hangul);
  BOOST_TEST(at(calls(), "0.request_body").size() == 65'536u);
  const std::string kept = at(calls(), "1.request_body");
  BOOST_TEST(kept.size() == 65'535u);
  BOOST_TEST(utf8_valid(kept));
}

BOOST_AUTO_TEST_CASE(a_status_fault_answers_without_acting_for_as_often_as_it_was_told) {
  fault(
      R"({"vendor":"slack","kind":"status","status":503,"times":2,"headers":{"Retry-After":"2"},"body":{"ok":false}})");
  for (int i = 0; i < 2; ++i) {
    const Reply failed = slack_reply("chat.postMessage", kPost);
    BOOST_TEST(failed.response.status == 503);
    BOOST_TEST(failed.response.headers.get("Retry-After").value() == "2");
    BOOST_TEST(failed.response.body == R"({"ok":false})");
  }
  BOOST_TEST(slack_reply("chat.postMessage", kPost).response.status == 200);
  BOOST_TEST(size_of(messages()) == 1u);
  BOOST_TEST(at(calls(), "0.effect") == "refused");
  BOOST_TEST(at(calls(), "0.fault") == "status");
  BOOST_TEST(at(calls(), "0.message.text") == "안녕");  // known although it was not sent
  BOOST_TEST(at(get("/_sandbox/faults"), "faults.0.hits") == "2");
}

BOOST_AUTO_TEST_CASE(an_error_may_lie) {
  fault(R"({"vendor":"slack","kind":"status","status":500,"acts":true})");
  BOOST_TEST(slack_reply("chat.postMessage", kPost).response.status == 500);
  BOOST_TEST(size_of(messages("?key=k1")) == 1u);
  BOOST_TEST(at(calls(), "0.effect") == "applied");
}

BOOST_AUTO_TEST_CASE(drops_before_and_after_differ_in_what_happened) {
  fault(R"({"vendor":"slack","kind":"drop_before"})");
  BOOST_TEST((slack_reply("chat.postMessage", kPost).delivery == Delivery::none));
  BOOST_TEST(size_of(messages()) == 0u);
  fault(R"({"vendor":"slack","kind":"drop_after"})");
  BOOST_TEST((slack_reply("chat.postMessage", kPost).delivery == Delivery::none));
  BOOST_TEST(size_of(messages()) == 1u);
  BOOST_TEST(at(calls(), "0.status") == "0");
  BOOST_TEST(at(calls(), "0.effect") == "refused");
  BOOST_TEST(at(calls(), "1.effect") == "applied");
}

BOOST_AUTO_TEST_CASE(half_and_delay_act_and_say_how_to_answer) {
  fault(R"({"kind":"half"})");
  BOOST_TEST((slack_reply("chat.postMessage", kPost).delivery == Delivery::half));
  fault(R"({"kind":"delay","ms":1500})");
  const Reply late = slack_reply("chat.postMessage", kPost);
  BOOST_TEST(late.delay_for == 1500);
  BOOST_TEST((late.delivery == Delivery::whole));
  BOOST_TEST(size_of(messages()) == 2u);
}

BOOST_AUTO_TEST_CASE(a_fault_matches_what_it_was_told_to) {
  fault(R"({"vendor":"slack","kind":"status","status":500,"times":-1,"match":{"key":"other"}})");
  fault(R"({"vendor":"slack","kind":"status","status":501,"times":-1,"match":{"operation":"auth.test"}})");
  fault(R"({"vendor":"slack","kind":"status","status":502,"times":-1,"match":{"to":"#ops"}})");
  fault(R"({"vendor":"http","kind":"status","status":503,"times":-1,"match":{"path":"/slow","method":"post"}})");
  BOOST_TEST(slack_reply("chat.postMessage", kPost).response.status == 200);
  BOOST_TEST(slack_reply("auth.test", "{}").response.status == 501);
  BOOST_TEST(slack_reply("chat.postMessage", R"({"channel":"#ops","text":"a"})").response.status == 502);
  BOOST_TEST(reply("POST", "/sink/slow?a").response.status == 503);
  BOOST_TEST(reply("GET", "/sink/slow?a").response.status == 200);
}

BOOST_AUTO_TEST_CASE(nth_waits_for_its_turn) {
  fault(R"({"vendor":"http","kind":"status","status":500,"match":{"nth":3}})");
  for (const int expected : {200, 200, 500, 200}) BOOST_TEST(reply("POST", "/sink/a").response.status == expected);
}

BOOST_AUTO_TEST_CASE(look_ups_alone_can_fail) {
  const std::string channel = at(slack("chat.postMessage", kPost), "channel");
  fault(R"({"vendor":"slack","kind":"lookup_fails","times":-1})");
  BOOST_TEST(slack_reply("chat.postMessage", kPost).response.status == 200);
  BOOST_TEST(reply("GET", "/api/conversations.history?channel=" + channel, {{"Authorization", "Bearer xoxb-sandbox"}})
                 .response.status == 500);
  reply("DELETE", "/_sandbox/faults");
  BOOST_TEST(at(slack_get("conversations.history?channel=" + channel), "ok") == "true");
}

BOOST_AUTO_TEST_CASE(chance_comes_from_a_seed) {
  const auto pattern = [](Visitor& visitor) {
    visitor.fault(R"({"vendor":"http","kind":"status","status":500,"times":-1,"chance":0.5,"seed":7})");
    std::string out;
    for (int i = 0; i < 64; ++i) out += visitor.reply("POST", "/sink/a").response.status == 200 ? '.' : 'x';
    return out;
  };
  Visitor again;
  const std::string first = pattern(*this);
  BOOST_TEST(first == pattern(again));
  BOOST_TEST(first.find('x') != std::string::npos);
  BOOST_TEST(first.find('.') != std::string::npos);
}

BOOST_AUTO_TEST_CASE(wrong_faults_are_refused_with_a_mend) {
  for (const char* body :
       {"[]", "{}", R"({"kind":"explode"})", R"({"kind":"status"})", R"({"kind":"status","status":99})",
        R"({"kind":"delay"})", R"({"kind":"half","vendor":"myspace"})", R"({"kind":"half","colour":"red"})",
        R"({"kind":"half","match":{"nth":0}})", R"({"kind":"half","match":{"what":1}})",
        R"({"kind":"half","chance":2})", R"({"kind":"status","status":500,"headers":{"A":"b\r\nC: d"}})"}) {
    const Reply refused = control("/_sandbox/faults", body);
    BOOST_TEST(refused.response.status == 400, body);
    BOOST_TEST(at(read(refused), "error.what") != "", body);
  }
  BOOST_TEST(control("/_sandbox/faults", "{").response.status == 400);
}

BOOST_AUTO_TEST_CASE(templates_of_an_author_work_for_both_dealers) {
  BOOST_TEST(
      control(
          "/_sandbox/templates",
          R"({"code":"HELLO","text":"#{이름}님 반가워요","buttons":[{"name":"보기","url":"https://example.com/#{번호}"}]})")
          .response.status == 201);
  Visitor::nhn(
      "POST", "/messages",
      R"({"senderKey":"s","templateCode":"HELLO","recipientList":[{"recipientNo":"01011110001","templateParameter":{"이름":"도윤","번호":"7"}}]})");
  BOOST_TEST(at(messages(), "0.text") == "도윤님 반가워요");
  BOOST_TEST(at(messages(), "0.buttons.0.url") == "https://example.com/7");
  BOOST_TEST(at(get("/_sandbox/templates"), "templates.3.variables.1") == "번호");
  BOOST_TEST(control("/_sandbox/templates", R"({"code":"HELLO"})").response.status == 400);
}

BOOST_AUTO_TEST_CASE(a_text_is_of_a_template_or_not) {
  const auto fits = [](const std::string& of, const std::string& text) {
    return matches(Template{"T", "", of, {}, true}, text);
  };
  BOOST_TEST(fits("같은 글", "같은 글"));
  BOOST_TEST(!fits("같은 글", "같은 글 "));
  BOOST_TEST(fits("#{a}", "무엇이든"));
  BOOST_TEST(!fits("#{a}", ""));
  BOOST_TEST(fits("A#{x}B", "A1B2B"));
  BOOST_TEST(!fits("A#{x}B", "AB"));
  BOOST_TEST(fits("#{a}#{b}님", "김민지님"));
  BOOST_TEST(fits("#{a}-#{b}", "1-2-3"));
  BOOST_TEST(!fits("#{a}-#{b}", "1-"));
  BOOST_TEST(fits("끝이 #{없는", "끝이 #{없는"));
}

BOOST_AUTO_TEST_CASE(the_sink_acts_once_a_key_where_it_was_asked_to) {
  const auto post = [&](const std::string& path) { return reply("POST", path, {{"Idempotency-Key", "k1"}}, "{}"); };
  const std::string first = post("/sink/keyed/orders").response.body;
  const Reply again = post("/sink/keyed/orders");
  BOOST_TEST(again.response.body == first);
  BOOST_TEST(again.response.headers.get("Idempotent-Replayed").value() == "true");
  BOOST_TEST(size_of(messages()) == 1u);
  BOOST_TEST(at(calls(), "1.effect") == "repeated");
  post("/sink/orders");
  post("/sink/orders");
  BOOST_TEST(size_of(messages()) == 3u);
  BOOST_TEST(post("/sink/status/503").response.status == 503);
  BOOST_TEST(size_of(messages()) == 3u);
  BOOST_TEST(at(read(reply("GET", "/sink/x")), "ok") == "true");
  BOOST_TEST(at(calls(), "5.effect") == "read");
}

BOOST_AUTO_TEST_CASE(the_clock_moves_only_where_it_is_virtual) {
  BOOST_TEST(at(read(control("/_sandbox/clock", R"({"to":"2026-03-02T10:00:00+09:00"})")), "now") ==
             "2026-03-02T01:00:00Z");
  BOOST_TEST(clock.now() == kMonday + kHour);
  BOOST_TEST(at(read(control("/_sandbox/clock", R"({"to":1772409600000})")), "now_ms") == "1772409600000");
  BOOST_TEST(control("/_sandbox/clock", R"({"to":"soon"})").response.status == 400);
  World real(clock, nullptr, {});
  BOOST_TEST(real.handle({"POST", "/_sandbox/clock", {}, R"({"to":0})"}).response.status == 409);
}

BOOST_AUTO_TEST_CASE(a_foreign_page_steers_nothing) {
  const auto from = [&](const std::string& origin) {
    return reply("DELETE", "/_sandbox/calls", {{"Host", "127.0.0.1:9000"}, {"Origin", origin}}).response.status;
  };
  BOOST_TEST(from("https://evil.example") == 403);
  BOOST_TEST(from("null") == 403);
  BOOST_TEST(from("http://127.0.0.1:9000") == 204);
}

// The page knows each channel by the name that its vendor gives it, in both languages; a name that it does not know would be
// drawn as a text message.
BOOST_AUTO_TEST_CASE(the_page_has_words_for_each_channel) {
  slack("chat.postMessage", R"({"channel":"#cs","text":"a"})");
  reply(
      "POST", "/v3/smtp/email", {{"api-key", "xkeysib-sandbox"}},
      R"({"sender":{"email":"s@example.com"},"to":[{"email":"m@example.com"}],"subject":"a","htmlContent":"<b>x</b>"})");
  reply("POST", "/sink/x", {}, "a");
  reply("POST", "/v4/spreadsheets/s1/values/A1:append?valueInputOption=RAW", {{"Authorization", "Bearer ya29.sandbox"}},
        R"({"values":[["a"]]})");
  const Value arrived = messages();
  BOOST_REQUIRE(size_of(arrived) == 4u);
  const std::string page = reply("GET", "/_sandbox/").response.body;
  for (std::size_t i = 0; i < 4; ++i) {
    const std::string word = " " + at(arrived, std::to_string(i) + ".channel") + ": '";
    const auto first = page.find(word);
    BOOST_TEST((first != std::string::npos && page.find(word, first + 1) != std::string::npos), word);
  }
}

BOOST_AUTO_TEST_CASE(the_page_runs_its_own_script_and_nothing_else) {
  const Reply page = reply("GET", "/_sandbox/");
  const std::string policy(page.response.headers.get("Content-Security-Policy").value());
  BOOST_TEST(policy.starts_with("default-src 'none'"));
  const std::string scripts = policy.substr(policy.find("script-src"));
  BOOST_TEST(scripts.find("unsafe") == std::string::npos);
  BOOST_TEST(policy.find("unsafe-eval") == std::string::npos);
  const auto between = [&](const std::string& start, const std::string& end) {
    const std::size_t from = page.response.body.find(start) + start.size();
    return page.response.body.substr(from, page.response.body.find(end, from) - from);
  };
  const std::string script = between("<script>", "</script>");
  BOOST_TEST(script.size() > 100u);
  BOOST_TEST(scripts.find("sha256-" + base64_encode(sha256(script))) != std::string::npos);
  // What is shown was written by others: only ever as text, or in a frame that runs nothing.
  BOOST_TEST(script.find("innerHTML") == std::string::npos);
  BOOST_TEST(script.find("setAttribute('sandbox', '')") != std::string::npos);
  BOOST_TEST(reply("GET", "/").response.headers.get("Location").value() == "/_sandbox/");
  BOOST_TEST(reply("GET", "/_sandbox/nothing").response.status == 404);
  BOOST_TEST(reply("PUT", "/_sandbox/calls").response.status == 405);
}

BOOST_AUTO_TEST_SUITE_END()
