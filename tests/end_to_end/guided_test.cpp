// A person adds connections at a real terminal: asked for what the chosen way needs and nothing else, in the reader's language,
// told at once what cannot be right, with secrets that nobody sees on the screen.
#include <httplib.h>

#include <boost/test/unit_test.hpp>

#include "base/json.hpp"
#include "base/url.hpp"
#include "end_to_end/shop_floor.hpp"

using namespace ieum;
using namespace ieum::test;

namespace {

bool holds(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

class GuidedFloor : public ShopFloor {
 public:
  GuidedFloor() : ShopFloor({{}, {}, false, {}}) {
    hub().end();
    start_hub({"--public-url", public_url()});
  }
  std::vector<std::string> adding(const std::string& name, std::vector<std::string> fields = {"base_url"}) {
    std::vector<std::string> words{binary(), "connection", "add", name, "--data", data()};
    for (const auto& field : fields) words.insert(words.end(), {"--set", field + "=" + sandbox_url()});
    return words;
  }
  Value connection(const std::string& name) {
    const auto all = api("GET", "/api/v1/connections");
    for (const auto& connection : *all.get("connections")->if_list())
      if (connection.text("name") == name) return connection;
    return {};
  }
};

const std::vector<std::string> kGoogle{"base_url", "drive_url", "token_url", "login_url"};

}  // namespace

BOOST_AUTO_TEST_SUITE(guided)

BOOST_AUTO_TEST_CASE(slack_is_asked_for_its_token_which_nobody_sees) {
  GuidedFloor floor;
  AtTerminal person(floor.adding("slack"));
  person.wait_for("Way to log in");
  person.answer("login [token]:", "telepathy");
  person.wait_for("choose one of those above");
  person.answer("login [token]:", "1");
  person.wait_for("Begins with xoxb-");
  person.answer("bot_token (not shown)", "not-a-bots-token");
  person.wait_for("this cannot be right");
  person.answer("bot_token (not shown)", "xoxb-sandbox");
  person.answer("signing_secret (not shown)", "");
  person.wait_for("team_id - Workspace id");
  person.answer("name of what to set (Enter to go on):", "team_id");
  person.answer("team_id (Enter to leave it out):", "T0SANDBOX");
  person.answer("name of what to set (Enter to go on):", "");
  person.wait_for("Enter this as the webhook's address at the vendor:");
  person.wait_for(floor.public_url() + "/hooks/slack");
  person.answer("Try it now? [Y/n]", "");
  person.wait_for("answers");
  BOOST_TEST(person.wait() == 0);
  for (const char* secret : {"not-a-bots-token", "xoxb-sandbox"}) BOOST_TEST(!holds(person.shown(), secret));
  // What belongs to the other way to log in is not asked for.
  BOOST_TEST(!holds(person.shown(), "client_id"));
  BOOST_TEST(!holds(person.shown(), "슬랙"));
  BOOST_TEST(floor.connection("slack").at_path("config.team_id") != nullptr);
}

BOOST_AUTO_TEST_CASE(sheets_takes_its_key_as_a_file_or_pasted_and_shows_the_script_to_paste) {
  GuidedFloor floor;
  TempDirectory files;
  const auto key = write_pretty_json(floor.sandbox("GET", "/_sandbox/google/key.json"));
  write_file(files.file("key.json"), key);
  write_file(files.file("other.json"), R"({"type": "authorized_user"})");
  std::string secret;
  {
    AtTerminal person(floor.adding("sheets", kGoogle), "ko_KR.UTF-8");
    person.wait_for("로그인 방법");
    person.answer("login [service_account]:", "");
    person.wait_for("서비스 계정 키(JSON)");
    person.answer("service_account (보이지 않음)", files.file("missing.json"));
    person.wait_for("cannot be read");
    person.answer("service_account (보이지 않음)", "@" + files.file("other.json"));
    person.wait_for("서비스 계정 키가 아닙니다");
    person.answer("service_account (보이지 않음)", files.file("key.json"));
    person.answer("watch (비워 두려면 Enter):", "");
    person.answer("정할 것의 이름 (끝내려면 Enter):", "poll_every");
    person.answer("poll_every (비워 두려면 Enter):", "now and then");
    person.wait_for("이 칸에 맞는 값이 아닙니다");
    person.answer("poll_every (비워 두려면 Enter):", "30s");
    person.answer("정할 것의 이름 (끝내려면 Enter):", "");
    person.wait_for("--reveal script_secret");
    person.answer("지금 시험해 볼까요? [Y/n]", "");
    person.wait_for("응답함");
    BOOST_TEST(person.wait() == 0);
    BOOST_TEST(!holds(person.shown(), "client_email:"));  // the hub reads it from the key
    const auto connection = floor.connection("sheets");
    BOOST_TEST(connection.at_path("config.client_email")->if_string()->ends_with("gserviceaccount.com"));
    const auto revealed = floor.api("POST", "/api/v1/connections/sheets/reveal", Map{{"slot", "script_secret"}});
    secret = revealed.text("value");
    BOOST_TEST(secret.size() == 64u);
    BOOST_TEST(holds(person.shown(), secret));
  }
  const auto script = floor.ieum({"connection", "show", "sheets", "--reveal", "script_secret"});
  BOOST_TEST(holds(script, "'" + floor.public_url() + "/hooks/sheets', SECRET = '" + secret + "'"), script);
  BOOST_TEST(holds(script, "function hubSend(e)"), script);
  // Only what the hub made, and in no log.
  for (const char* slot : {"service_account", "nothing", "service.access_token"})
    BOOST_TEST(holds(run({binary(), "connection", "show", "sheets", "--reveal", slot, "--data", floor.data()}).err,
                     "only secrets that it made itself"));
  const auto shown = floor.ieum({"connection", "show", "sheets"});
  BOOST_TEST(!holds(shown, secret), shown);
  BOOST_TEST(holds(shown, "script_secret, made by the hub"), shown);
  {
    AtTerminal person(floor.adding("pasted", kGoogle));
    person.wait_for("there is no connector \"pasted\"");
    BOOST_TEST(person.wait() == 1);
    auto words = floor.adding("pasted", kGoogle);
    words.insert(words.end(), {"--connector", "sheets"});
    AtTerminal again(words);
    again.answer("login [service_account]:", "");
    again.answer("service_account (not shown)", key);
    again.answer("watch (Enter to leave it out):", "");
    again.answer("(Enter to go on):", "");
    again.answer("Try it now? [Y/n]", "n");
    BOOST_TEST(again.wait() == 0);
    BOOST_TEST(!holds(again.shown(), "PRIVATE KEY"));
  }
  floor.ieum({"connection", "test", "pasted"});
  floor.hub().end();
  BOOST_TEST(!holds(floor.hub().printed(), secret));
}

BOOST_AUTO_TEST_CASE(shopify_asks_for_what_each_way_to_log_in_needs) {
  GuidedFloor floor;
  {
    AtTerminal person(floor.adding("shopify"));
    person.answer("login [token]:", "token");
    person.answer("shop:", "ieum-demo.example.com");
    person.wait_for("this cannot be right");
    person.answer("shop:", "ieum-demo.myshopify.com");
    person.answer("access_token (not shown)", "shpat_sandbox");
    person.answer("client_secret (not shown)", "sandbox-webhook-secret");  // signs its webhooks
    person.answer("(Enter to go on):", "");
    person.wait_for("The hub makes the webhook at the vendor itself");
    person.answer("Try it now?", "y");
    person.wait_for("answers");
    BOOST_TEST(person.wait() == 0);
    BOOST_TEST(!holds(person.shown(), "client_id"));
  }
  for (const char* way : {"client", "oauth"}) {
    auto words = floor.adding(std::string("shop-") + way);
    words.insert(words.end(), {"--connector", "shopify", "--set", "shop=ieum-demo.myshopify.com"});
    AtTerminal person(words);
    person.answer("login [token]:", way);
    if (way == std::string("oauth")) person.wait_for(floor.public_url() + "/oauth/callback");
    person.answer("client_id:", "");
    person.wait_for("this is needed");
    person.answer("client_id:", "app-1");
    person.answer("client_secret (not shown):", "app-secret");
    person.answer("(Enter to go on):", "");
    if (way == std::string("oauth")) {
      person.wait_for("https://ieum-demo.myshopify.com/admin/oauth/authorize?");
      person.wait_for("waiting ...");
    } else {
      person.answer("Try it now?", "n");
      BOOST_TEST(person.wait() == 0);
    }
    BOOST_TEST(!holds(person.shown(), "access_token"));
    BOOST_TEST(!holds(person.shown(), "app-secret"));
  }
}

BOOST_AUTO_TEST_CASE(mailchimp_by_its_key_and_by_a_login_that_the_terminal_waits_for) {
  GuidedFloor floor;
  {
    AtTerminal person(floor.adding("mailchimp"));
    person.answer("login [key]:", "");
    person.answer("api_key (not shown)", "sandbox-key");
    person.wait_for("this cannot be right");
    person.answer("api_key (not shown)", "sandbox-key-us21");
    person.answer("(Enter to go on):", "");
    person.answer("Try it now?", "");
    person.wait_for("answers");
    BOOST_TEST(person.wait() == 0);
  }
  auto words = floor.adding("mail", {"base_url", "login_url"});
  words.insert(words.end(), {"--connector", "mailchimp"});
  AtTerminal person(words);
  person.answer("login [key]:", "2");
  person.answer("client_id:", "sandbox-client");
  person.answer("client_secret (not shown):", "sandbox-client-secret");
  person.answer("(Enter to go on):", "");
  person.wait_for("waiting ...");
  const auto from = person.shown().find(floor.sandbox_url() + "/oauth2/authorize?");
  BOOST_REQUIRE(from != std::string::npos);
  const auto address = parse_url(person.shown().substr(from, person.shown().find_first_of("\r\n\x1b", from) - from));
  BOOST_REQUIRE(address.has_value());
  const auto page = httplib::Client(address->origin()).Get(address->target);
  BOOST_REQUIRE(page);
  const auto back = parse_url(page->get_header_value("Location"));
  BOOST_REQUIRE(back.has_value());
  BOOST_REQUIRE(httplib::Client(back->origin()).Get(back->target));
  person.wait_for("logged in");
  person.answer("Try it now?", "");
  person.wait_for("answers");
  BOOST_TEST(person.wait() == 0);
  BOOST_TEST(floor.connection("mail").at_path("config.dc") != nullptr);
}

BOOST_AUTO_TEST_CASE(kakao_asks_for_the_keys_of_the_dealer_that_is_chosen) {
  GuidedFloor floor;
  {
    AtTerminal person(floor.adding("kakao"), "ko_KR.UTF-8");
    person.wait_for("알림톡을 보내 주는 회사입니다");
    person.answer("dealer [solapi]:", "");
    person.answer("api_key:", "sandbox-key");
    person.answer("api_secret (보이지 않음):", "sandbox-secret");
    person.answer("pf_id (비워 두려면 Enter):", "KA01PF0001");
    person.answer("webhook_secret (보이지 않음)", "");
    person.answer("(끝내려면 Enter):", "");
    person.answer("지금 시험해 볼까요?", "");
    person.wait_for("응답함");
    BOOST_TEST(person.wait() == 0);
    for (const char* other : {"appkey", "aligo_user", "sender_key"}) BOOST_TEST(!holds(person.shown(), other));
  }
  auto words = floor.adding("nhn");
  words.insert(words.end(), {"--connector", "kakao"});
  AtTerminal nhn(words);
  nhn.answer("dealer [solapi]:", "2");
  nhn.answer("appkey:", "sandbox-app");
  nhn.answer("secret_key (not shown):", "sandbox-secret-key");
  nhn.wait_for("sender_key");
  BOOST_TEST(!holds(nhn.shown(), "api_key:"));
  // Whoever gives up has stored nothing.
  nhn.answer("sender_key", "\x04");
  BOOST_TEST(floor.connection("nhn").is_null());
}

BOOST_AUTO_TEST_SUITE_END()
