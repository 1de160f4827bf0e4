// A login from the command line to the vendor's page and back, over real sockets; then what becomes of its tokens: renewed over a
// restart, and taken back by the person, when steps are held until somebody logs in again.
#include <httplib.h>
#include <poll.h>

#include <boost/test/unit_test.hpp>
#include <chrono>

#include "base/json.hpp"
#include "base/url.hpp"
#include "end_to_end/shop_floor.hpp"

using namespace ieum;
using namespace ieum::test;

namespace {

constexpr const char* kRecipe = R"yaml(recipe: keep
title: 쪽지를 시트에
trigger: {event: webhook/note}
steps:
  - id: row
    use: sheets.row.append
    connection: sheets
    with: {sheet: book/쪽지, row: {글: "{{ trigger.text }}"}}
)yaml";

class LoginFloor : public ShopFloor {
 public:
  LoginFloor() : ShopFloor({{}, {}, false, {}}) {
    hub().end();
    start_with_address();
    seed();
    TempDirectory files;
    write_file(files.file("client"), "sandbox-client-secret");
    write_file(files.file("inbox"), "secret-of-the-inbox");
    write_file(files.file("keep.yaml"), kRecipe);
    std::vector<std::string> words{
        "connection", "add", "sheets", "--set", "login=oauth", "--set", "client_id=sandbox-client"};
    for (const char* field : {"base_url", "drive_url", "token_url", "login_url"})
      words.insert(words.end(), {"--set", std::string(field) + "=" + sandbox_url()});
    words.insert(words.end(), {"--secret", "client_secret=" + files.file("client")});
    const auto added = ieum(words);
    BOOST_TEST(added.find("log in: ieum connection login sheets") != std::string::npos, added);
    ieum({"connection", "add", "webhook", "--set", "scheme=url_token", "--secret", "secret=" + files.file("inbox")});
    ieum({"recipe", "apply", files.file("keep.yaml")});
  }
  void start_with_address() { start_hub({"--public-url", public_url()}); }
  void restart() {
    hub().end();
    start_with_address();
  }
  void seed() {
    sandbox("POST", "/_sandbox/sheets", Map{{"spreadsheet", "book"}, {"sheet", "쪽지"}, {"rows", List{List{"글"}}}});
  }
  // As the person's browser goes: to the vendor, which sends it back to the hub. The page that it ends on.
  std::string log_in(const std::string& name = "sheets", const std::string& page = "/o/oauth2/v2/auth?") {
    const auto printed = ieum({"connection", "login", name});
    BOOST_REQUIRE_MESSAGE(printed.starts_with(sandbox_url() + page), printed);
    const auto there = go(printed.substr(0, printed.find('\n')));
    BOOST_REQUIRE_EQUAL(there->status, 302);
    const auto location = there->get_header_value("Location");
    BOOST_REQUIRE_MESSAGE(location.starts_with(public_url() + "/oauth/callback?"), location);
    return go(location)->body;
  }
  void note(const std::string& text) {
    api("POST", "/api/v1/events", Map{{"connection", "webhook"}, {"topic", "note"}, {"data", Map{{"text", text}}}});
  }
  // Waits until `ieum WORDS` prints the text.
  std::string shows(const std::vector<std::string>& words, const std::string& text) {
    const auto limit = std::chrono::steady_clock::now() + std::chrono::seconds(60);
    for (;;) {
      auto command = words;
      command.insert(command.begin(), binary());
      command.insert(command.end(), {"--data", data()});
      const auto printed = run(command).out;
      if (printed.find(text) != std::string::npos) return printed;
      BOOST_REQUIRE_MESSAGE(std::chrono::steady_clock::now() < limit, "\"" + text + "\" is not shown:\n" + printed);
      ::poll(nullptr, 0, 20);
    }
  }
  std::size_t token_calls() {
    std::size_t count = 0;
    const auto calls = sandbox("GET", "/_sandbox/calls");
    for (const auto& call : *calls.get("calls")->if_list()) count += call.text("operation") == "token" ? 1 : 0;
    return count;
  }
  std::string sheet() { return write_json(sandbox("GET", "/_sandbox/sheets")); }

 private:
  static httplib::Result go(const std::string& address) {
    const auto url = parse_url(address);
    BOOST_REQUIRE_MESSAGE(url.has_value(), address);
    auto answer = httplib::Client(url->origin()).Get(url->target);
    BOOST_REQUIRE_MESSAGE(answer, address + ": nothing answered");
    return answer;
  }
};

bool holds(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

}  // namespace

BOOST_AUTO_TEST_SUITE(login)

BOOST_AUTO_TEST_CASE(a_person_logs_in_and_the_login_lives_until_it_is_taken_back) {
  LoginFloor floor;
  BOOST_TEST(holds(floor.ieum({"connection", "list"}), "log in first"));
  floor.note("영번째 쪽지");  // waits for the login
  BOOST_TEST(holds(floor.shows({"run", "list"}, "held: connection sheets"), "nobody has logged in yet"));
  const auto unused = floor.ieum({"connection", "list"});
  BOOST_TEST(holds(unused, "log in first"), unused);
  BOOST_TEST(!holds(unused, "dead"), unused);
  BOOST_TEST(holds(floor.ieum({"doctor"}, 1), "do: ieum connection login sheets"));
  const auto page = floor.log_in();
  BOOST_TEST(holds(page, "연결되었습니다"), page);
  BOOST_TEST(holds(page, "<b>sheets</b>"), page);
  BOOST_TEST(holds(floor.ieum({"connection", "test", "sheets"}), "answers"));
  BOOST_TEST(holds(floor.ieum({"doctor"}), "connection sheets works"));
  floor.note("첫 쪽지");
  floor.wait_until_done();
  BOOST_TEST(holds(floor.sheet(), "첫 쪽지"));

  // Another process renews with what the first one stored.
  const auto asked = floor.token_calls();
  floor.restart();
  floor.sandbox("POST", "/_sandbox/faults",
                Map{{"vendor", "google"},
                    {"kind", "status"},
                    {"status", 401},
                    {"body", Map{{"error", Map{{"code", 401}, {"status", "UNAUTHENTICATED"}}}}},
                    {"match", Map{{"path", "/v4/"}}}});
  floor.note("둘째 쪽지");
  floor.wait_until_done();
  BOOST_TEST(holds(floor.sheet(), "둘째 쪽지"));
  BOOST_TEST(floor.token_calls() == asked + 1);

  // The person takes the access back: every token is unknown at the vendor.
  floor.sandbox("DELETE", "/_sandbox/state");
  floor.seed();
  floor.note("셋째 쪽지");
  const auto held = floor.shows({"run", "list"}, "held: connection sheets");
  BOOST_TEST(holds(held, "connection login sheets"), held);
  const auto listed = floor.ieum({"connection", "list"});
  BOOST_TEST(holds(listed, "dead"), listed);
  const auto doctor = floor.ieum({"doctor"}, 1);
  BOOST_TEST(holds(doctor, "the hub holds its steps"), doctor);
  BOOST_TEST(holds(doctor, "do: ieum connection login sheets"), doctor);
  floor.restart();
  BOOST_TEST(holds(floor.ieum({"connection", "test", "sheets"}, 1), "log in again"));
  BOOST_TEST(holds(floor.ieum({"run", "list"}), "held: connection sheets"));
  BOOST_TEST(!holds(floor.sheet(), "셋째 쪽지"));

  BOOST_TEST(holds(floor.log_in(), "연결되었습니다"));
  floor.wait_until_done();
  BOOST_TEST(holds(floor.sheet(), "셋째 쪽지"));
  BOOST_TEST(floor.totals().number("runs_finished") == 4);
  BOOST_TEST(holds(floor.ieum({"doctor"}), "connection sheets works"));
}

// Mailchimp does not say in its token where the account lives, and its tokens do not end.
BOOST_AUTO_TEST_CASE(what_a_login_does_not_tell_is_asked_after_it) {
  LoginFloor floor;
  TempDirectory files;
  write_file(files.file("client"), "sandbox-client-secret");
  floor.ieum({"connection", "add", "mailchimp", "--set", "login=oauth", "--set", "client_id=sandbox-client", "--set",
              "base_url=" + floor.sandbox_url(), "--set", "login_url=" + floor.sandbox_url(), "--secret",
              "client_secret=" + files.file("client")});
  const auto shown = [&](const char* path) {
    const auto all = floor.api("GET", "/api/v1/connections");
    for (const auto& connection : *all.get("connections")->if_list())
      if (connection.text("name") == "mailchimp" && connection.at_path(path) != nullptr)
        return write_json(*connection.at_path(path));
    return std::string("none");
  };
  BOOST_TEST(shown("config.dc") == "none");
  // It lets the hub in and is down when it is asked where: the person hears of it, and logs in again.
  const auto fault = Map{{"vendor", "mailchimp"},
                         {"kind", "status"},
                         {"status", 503},
                         {"times", -1},
                         {"match", Map{{"path", "/oauth2/metadata"}}}};
  floor.sandbox("POST", "/_sandbox/faults", fault);
  const auto failed = floor.log_in("mailchimp", "/oauth2/authorize?");
  BOOST_TEST(holds(failed, "did not say what it was asked"), failed);
  floor.sandbox("DELETE", "/_sandbox/faults");
  const auto page = floor.log_in("mailchimp", "/oauth2/authorize?");
  BOOST_TEST(holds(page, "연결되었습니다"), page);
  BOOST_TEST(shown("config.dc") == "\"us21\"");
  BOOST_TEST(shown("tokens.0.expires_at") == "none");
  BOOST_TEST(holds(floor.ieum({"connection", "test", "mailchimp"}), "answers"));
  floor.restart();
  BOOST_TEST(shown("config.dc") == "\"us21\"");
  BOOST_TEST(holds(floor.ieum({"connection", "test", "mailchimp"}), "answers"));
  floor.ieum({"connection", "add", "mailchimp", "--set", "login=oauth", "--set", "client_id=sandbox-client", "--set",
              "base_url=" + floor.sandbox_url(), "--set", "login_url=" + floor.sandbox_url(), "--set", "list_id=a6b5"});
  BOOST_TEST(shown("config.dc") == "\"us21\"");  // settings entered anew keep what the hub found out
  BOOST_TEST(holds(floor.ieum({"connection", "test", "mailchimp"}), "answers"));
}

BOOST_AUTO_TEST_SUITE_END()
