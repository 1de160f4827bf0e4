// The addresses in messages, over real sockets: a click leads on and is told, a program's is told apart, and who wants no more gets
// no more.
#include "server/sources.hpp"

using namespace ieum;
using namespace ieum::server;
using namespace ieum::server::testing;

namespace {

const httplib::Headers kPerson{{"User-Agent", "Mozilla/5.0 (Linux; Android 14) Chrome/124.0.0.0 Mobile Safari/537.36"}};
const std::string kForm = "application/x-www-form-urlencoded";

const std::string kLetter = R"yaml(recipe: letter
title: 소식
topic: newsletter
about: {user: event.user_id}
trigger: {event: segment/Joined}
steps:
  - id: mail
    use: brevo.email.send
    class: info
    connection: mail
    with:
      to: "{{ customer.email }}"
      sender: shop@example.com
      subject: 안녕하세요
      html: '<p>안녕하세요 <a href="https://shop.example.com/review?a=1&amp;b=2" data-link="review">후기</a></p>'
  - id: wait
    wait_for: {event: link_clicked, step: mail, where: "event.link == 'review'"}
    timeout: 3d
    then: [{stop: clicked}]
    on_timeout: [{stop: silent}]
)yaml";

struct Read : Sources {
  explicit Read(const std::string& more = {}) {
    hub.post("/api/v1/connections", Map{{"name", "mail"},
                                        {"connector", "brevo"},
                                        {"config", Map{}},
                                        {"secrets", Map{{"api_key", "xkeysib-of-this-test"},
                                                        {"webhook_token", "token-of-this-test"}}}});
    hub.apply(kLetter);
    if (!more.empty()) hub.apply(more);
    server("identify", Map{{"userId", "7001"}, {"traits", Map{{"email", "minji@example.com"}, {"name", "민지"}}}});
    server("track", Map{{"userId", "7001"}, {"event", "Joined"}, {"messageId", "m1"}});
    hub.settle();
    hub.clock.advance(kMinute);
    minji = who("user:7001");
    const auto run = hub.get("/api/v1/runs/1");
    const auto* inputs = run.at_path("steps.0.inputs");
    BOOST_REQUIRE_MESSAGE(inputs != nullptr, write_json(run));
    html = inputs->text("html");
    way_out = path(inputs->text("unsubscribe_url"));
    link = path(html.substr(html.find("https://hub.example/t/c/")));
    picture = path(html.substr(html.find("https://hub.example/t/o/")));
  }
  // "/t/c/..." of an address, up to its end.
  static std::string path(const std::string& address) {
    const std::string host = "https://hub.example";
    BOOST_REQUIRE_MESSAGE(address.starts_with(host), address);
    return address.substr(host.size(), address.find('"') - host.size());
  }
  httplib::Result look(const std::string& at, httplib::Headers headers = kPerson) {
    auto answer = hub.public_client().Get(at, headers);
    hub.settle();
    return answer;
  }
  httplib::Result press(const std::string& body) {
    auto answer = hub.public_client().Post(way_out, body, kForm);
    hub.settle();
    return answer;
  }
  std::string state() {
    const auto run = hub.get("/api/v1/runs/1");
    return run.text("state") + " " + run.text("reason");
  }
  // "click review ; open  known_bot; ", oldest first.
  std::string touches() {
    std::string text;
    const auto shown = customer(minji);
    for (const auto& touch : *shown.get("touches")->if_list())
      text = touch.text("kind") + " " + touch.text("link") + " " + touch.text("machine") + "; " + text;
    return text;
  }

  Id minji = 0;
  std::string html, link, picture, way_out;
};

}  // namespace

BOOST_AUTO_TEST_SUITE(touches)

BOOST_AUTO_TEST_CASE(a_click_leads_on_and_ends_the_wait_of_the_run_that_sent_it) {
  Read read;
  BOOST_TEST(read.html.find("shop.example.com") == std::string::npos);
  BOOST_TEST(read.html.find("data-link") == std::string::npos);
  const auto answer = read.look(read.link);
  BOOST_TEST(answer->status == 302);
  BOOST_TEST(answer->get_header_value("Location") == "https://shop.example.com/review?a=1&b=2");
  BOOST_TEST(answer->get_header_value("Cache-Control") == "no-store");
  BOOST_TEST(read.state() == "stopped clicked");
  BOOST_TEST(read.touches() == "click review ; ");
  BOOST_TEST(read.told(read.minji, "link_clicked") == 1u);
  BOOST_TEST(read.told(read.minji, "email_opened") == 1u);  // who clicks has opened
  read.hub.clock.advance(kMinute);
  read.look(read.picture);
  read.look(read.link);
  BOOST_TEST(read.touches() == "click review ; open  ; click review ; ");
  BOOST_TEST(read.told(read.minji, "link_clicked") == 2u);
  BOOST_TEST(read.told(read.minji, "email_opened") == 2u);
}

BOOST_AUTO_TEST_CASE(a_program_is_led_on_too_and_counts_for_nothing) {
  Read read;
  BOOST_TEST(read.look(read.link, {{"User-Agent", "Barracuda Sentinel"}})->status == 302);
  BOOST_TEST(read.look(read.picture, {{"User-Agent", "Mozilla/5.0"}})->status == 200);
  BOOST_TEST(read.hub.public_client().Head(read.link, kPerson)->status == 302);
  read.hub.settle();
  BOOST_TEST(read.touches() == "click review known_bot; open  privacy_proxy; click review only_looked; ");
  BOOST_TEST(read.told(read.minji, "link_clicked") == 0u);
  BOOST_TEST(read.told(read.minji, "email_opened") == 0u);
  BOOST_TEST(read.state() == "waiting ");
  read.hub.clock.advance(3 * kDay);
  read.hub.settle();
  BOOST_TEST(read.state() == "stopped silent");
}

BOOST_AUTO_TEST_CASE(a_picture_is_a_picture_and_tells_once_a_second) {
  Read read;
  for (int i = 0; i < 3; ++i) {
    const auto answer = read.look(read.picture);
    BOOST_TEST(answer->status == 200);
    BOOST_TEST(answer->get_header_value("Content-Type") == "image/gif");
    BOOST_TEST(answer->body.starts_with("GIF89a"));
    BOOST_TEST(answer->body.size() == 43u);
  }
  BOOST_TEST(read.touches() == "open  ; ");
  read.hub.clock.advance(kSecond);
  read.look(read.picture);
  BOOST_TEST(read.touches() == "open  ; open  ; ");
}

BOOST_AUTO_TEST_CASE(OUT_13_no_address_leads_where_the_hub_did_not_write_it) {
  Read read;
  const std::string ticket = read.link.substr(5), bytes = *base64url_decode(ticket);
  const std::string said = bytes.substr(0, bytes.size() - 16), start = said.substr(0, said.rfind('\n') + 1);
  std::vector<std::string> bad{"/t/c/", "/t/c/x", read.link + "x", "/t/o/" + ticket, "/u/" + ticket,
                               "/t/c/" + read.way_out.substr(3)};
  for (const char* target : {"https://evil.example", "//evil.example", "javascript:alert(1)"}) {
    bad.push_back("/t/c/" + base64url_encode(start + target + bytes.substr(bytes.size() - 16)));
    bad.push_back("/t/c/" + base64url_encode(start + target));
  }
  for (const auto& address : bad) {
    const auto answer = read.look(address);
    BOOST_TEST(answer->status == 404, address);
    BOOST_TEST(answer->get_header_value("Location") == "", address);
  }
  BOOST_TEST(read.look(read.link + "?url=https://evil.example")->get_header_value("Location") ==
             "https://shop.example.com/review?a=1&b=2");
  read.hub.clock.advance(731 * kDay);
  BOOST_TEST(read.look(read.link)->status == 404);
}

BOOST_AUTO_TEST_CASE(looking_changes_nothing_and_one_click_ends_the_topic_at_once) {
  Read read;
  for (const char* agent : {"Barracuda Sentinel", "Mozilla/5.0 (Linux; Android 14) Chrome/124.0.0.0"})
    BOOST_TEST(read.look(read.way_out, {{"User-Agent", agent}})->status == 200);
  BOOST_TEST(read.state() == "waiting ");
  BOOST_TEST(read.customer(read.minji).get("opt_outs")->if_list()->empty());
  BOOST_TEST(read.press("List-Unsubscribe=One-Click")->status == 200);
  BOOST_TEST(read.state() == "exited unsubscribed");
  const auto shown = read.customer(read.minji);
  BOOST_TEST(shown.at_path("opt_outs.0.topic")->if_string()->compare("newsletter") == 0);
  BOOST_TEST(shown.get("consents")->if_list()->empty());  // only this topic
  BOOST_TEST(read.told(read.minji, "unsubscribed") == 1u);
  BOOST_TEST(read.press("List-Unsubscribe=One-Click")->status == 200);  // again changes nothing more
  BOOST_TEST(read.customer(read.minji).get("opt_outs")->if_list()->size() == 1u);
}

// Who leaves by the vendor's own link gets no more advertising by mail; what informs still comes.
BOOST_AUTO_TEST_CASE(a_vendor_who_tells_of_a_refusal_is_believed) {
  Read read;
  const auto tell = [&](const std::string& email) {
    const Map event{{"event", "unsubscribed"}, {"email", email}, {"id", 1}, {"ts_event", read.hub.clock.now() / 1000},
                    {"message-id", "<1@relay>"}};
    const auto answer = read.hub.public_client().Post("/hooks/mail", {{"Authorization", "Bearer token-of-this-test"}},
                                                      write_json(event), kJson);
    BOOST_TEST(answer->status == 200);
    read.hub.settle();
  };
  tell("minji@example.com");
  const auto shown = read.customer(read.minji);
  BOOST_REQUIRE(shown.get("consents")->if_list()->size() == 1u);
  BOOST_TEST(shown.at_path("consents.0.word")->if_string()->compare("refused") == 0);
  BOOST_TEST(shown.at_path("consents.0.channel")->if_string()->compare("email") == 0);
  BOOST_TEST(shown.at_path("consents.0.source")->if_string()->compare("brevo") == 0);
  BOOST_TEST(shown.get("opt_outs")->if_list()->empty());
  BOOST_TEST(read.state() == "waiting ");
}

BOOST_AUTO_TEST_CASE(the_page_says_what_holds_in_both_languages_and_has_no_script) {
  Read read;
  read.hub.post("/api/v1/audience", Map{{"sender", Map{{"name", "<b>허브상점</b>"}, {"contact", "02-123-4567"}}}});
  const auto korean = read.look(read.way_out);
  BOOST_TEST(korean->get_header_value("Content-Language") == "ko");
  BOOST_TEST(korean->body.find("이 소식 그만 받기") != std::string::npos);
  BOOST_TEST(korean->body.find("&lt;b&gt;허브상점&lt;/b&gt;") != std::string::npos);
  BOOST_TEST(korean->body.find("<b>") == std::string::npos);
  BOOST_TEST(korean->body.find("<script") == std::string::npos);
  BOOST_TEST(korean->get_header_value("Content-Security-Policy").starts_with("default-src 'none'"));
  BOOST_TEST(read.look(read.way_out + "?lang=en")->body.find("No more of this topic") != std::string::npos);
  BOOST_TEST(read.look(read.way_out, {{"Accept-Language", "en-US,en;q=0.9"}})->body.find("No more advertising") !=
             std::string::npos);
  const auto all = read.press("scope=all");
  BOOST_TEST(all->status == 200);
  BOOST_TEST(all->body.find("<form") == std::string::npos);  // nothing is left to refuse
  const auto shown = read.customer(read.minji);
  BOOST_TEST(shown.at_path("consents.0.word")->if_string()->compare("refused") == 0);
  BOOST_TEST(shown.at_path("opt_outs.0.topic")->if_string()->empty());
  BOOST_TEST(read.look(read.way_out)->body.find("<form") == std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()
