// Tokens and held steps: a token is fetched once, kept before it is used, and renewed before it is needed; where a person must
// mend a connection its steps wait, across restarts, and go on when it is mended.
#include <boost/test/unit_test.hpp>

#include "runtime/login_floor.hpp"

using namespace ieum;
using namespace ieum::test;
using store::RunState;

namespace {

struct LoggedIn : LoginFloor {
  LoggedIn() {
    connect();
    const auto told = log_in();
    BOOST_REQUIRE_MESSAGE(told.has_value(), (told.has_error() ? told.error().text() : ""));
    apply();
  }
};

std::string health(LoginFloor& floor) {
  const Value shown = floor.connection();
  return *shown.at_path("health.state")->if_string();
}

}  // namespace

BOOST_AUTO_TEST_SUITE(credentials)

BOOST_FIXTURE_TEST_CASE(a_login_is_bound_to_its_state_and_used_once, LoginFloor) {
  connect();
  BOOST_TEST(health(*this) == "login");  // nobody has logged in yet
  const auto begun = hub->begin_login("books").value();
  const std::string url = begun.text("url");
  BOOST_TEST(
      url.starts_with("https://login.example/authorize?response_type=code&client_id=hub-1&redirect_uri="
                      "https%3A%2F%2Fhub.example%2Foauth%2Fcallback&scope=entries&state="));
  const auto query = form_decode(url.substr(url.find('?') + 1)).value();
  std::string state;
  for (const auto& [name, value] : query)
    if (name == "state") state = value;
  std::string told;
  const auto finish = [&](QueryPairs pairs) {
    hub->finish_login(std::move(pairs),
                      [&](Result<std::string> result) { told = result.has_error() ? result.error().code : *result; });
    settle();
    return told;
  };
  BOOST_TEST(finish({{"code", "code-1"}}) == "unknown_login");
  BOOST_TEST(finish({{"code", "code-1"}, {"state", ""}}) == "unknown_login");
  BOOST_TEST(finish({{"code", "code-1"}, {"state", state + "x"}}) == "unknown_login");
  BOOST_TEST(vendor.token_calls.empty());
  BOOST_TEST(finish({{"code", "code-1"}, {"state", state}}) == "books");
  BOOST_TEST(!vendor.verifier.empty());
  BOOST_TEST(health(*this) == "ok");
  BOOST_TEST(finish({{"code", "code-1"}, {"state", state}}) == "unknown_login");
  BOOST_TEST(vendor.token_calls.size() == 1U);
  // What people see names no token.
  const Value shown = connection();
  BOOST_TEST(*shown.at_path("tokens.0.scheme")->if_string() == "oauth");
  for (const auto& secret : *shown.get("secrets")->if_list()) BOOST_TEST(secret.text("slot") == "client_secret");

  // One that took too long is over.
  const auto late = hub->begin_login("books").value().text("url");
  clock.set(clock.now() + 10 * kMinute);
  const auto late_query = form_decode(late.substr(late.find('?') + 1)).value();
  for (const auto& [name, value] : late_query)
    if (name == "state") state = value;
  BOOST_TEST(finish({{"code", "code-1"}, {"state", state}}) == "unknown_login");
}

BOOST_FIXTURE_TEST_CASE(before_the_first_login_steps_wait_and_nobody_calls_the_connection_dead, LoginFloor) {
  connect();
  apply();
  event("early");
  BOOST_TEST(runs().back().reason.find("nobody has logged in yet") != std::string::npos);
  BOOST_TEST(health(*this) == "login");
  BOOST_TEST(vendor.token_calls.empty());
  crash();
  start();
  BOOST_TEST(health(*this) == "login");
  BOOST_REQUIRE(log_in().has_value());
  settle();
  BOOST_TEST(vendor.entries.size() == 1U);
  BOOST_TEST(health(*this) == "ok");
}

BOOST_FIXTURE_TEST_CASE(a_new_key_brings_the_field_that_derives_from_it, LoginFloor) {
  connect("token");
  const auto region = [&] { return *connection().at_path("config.region")->if_string(); };
  BOOST_TEST(region() == "1");
  BOOST_REQUIRE(hub->rotate_secret("books", "client_secret", Secret("another-9"), false, 0).has_value());
  BOOST_TEST(region() == "1");
  BOOST_REQUIRE(hub->rotate_secret("books", "api_token", Secret("entered-us21"), false, 0).has_value());
  BOOST_TEST(region() == "us21");
  connect("token");  // entered again, from the old key
  BOOST_TEST(region() == "1");
}

BOOST_FIXTURE_TEST_CASE(a_token_is_renewed_early_and_the_new_pair_is_kept, LoggedIn) {
  event("one");
  BOOST_TEST(vendor.entries.size() == 1U);
  clock.set(clock.now() + 3600 * kSecond - 61 * kSecond);
  event("two");
  BOOST_TEST(vendor.token_calls.size() == 1U);  // still good for more than a minute
  clock.set(clock.now() + 2 * kSecond);
  event("three");
  BOOST_TEST(vendor.token_calls.size() == 2U);
  BOOST_TEST(vendor.token_calls.back() == "refresh_token");
  BOOST_TEST(vendor.refused == 0);
  crash();
  start();
  clock.set(clock.now() + kHour);
  event("four");
  BOOST_TEST(vendor.token_calls.size() == 3U);  // with the rotated refresh token, from the store
  BOOST_TEST(vendor.entries.size() == 4U);
  BOOST_TEST(health(*this) == "ok");
}

BOOST_FIXTURE_TEST_CASE(a_vendor_that_gives_no_new_refresh_token_keeps_the_old_one, LoginFloor) {
  vendor.rotates = false;
  connect();
  BOOST_REQUIRE(log_in().has_value());
  apply();
  for (int i = 0; i < 3; ++i) {
    clock.set(clock.now() + kHour);
    event("again");
  }
  BOOST_TEST(vendor.entries.size() == 3U);
  BOOST_TEST(vendor.token_calls.size() == 4U);
}

BOOST_FIXTURE_TEST_CASE(steps_side_by_side_renew_once, LoggedIn) {
  apply(5);
  clock.set(clock.now() + kHour);
  vendor.hold = true;
  event("together");
  BOOST_TEST(vendor.token_calls.empty() == false);
  vendor.release();
  settle();
  BOOST_TEST(vendor.entries.size() == 5U);
  BOOST_TEST(vendor.token_calls.size() == 2U);
  BOOST_TEST(vendor.refused == 0);
}

BOOST_FIXTURE_TEST_CASE(a_refused_token_is_renewed_once_and_the_request_repeated, LoggedIn) {
  vendor.access_tokens.clear();  // revoked before its time
  event("one");
  BOOST_TEST(vendor.refused == 1);
  BOOST_TEST(vendor.entries.size() == 1U);
  BOOST_TEST((runs().at(0).state == RunState::finished));
  BOOST_TEST(health(*this) == "ok");
}

BOOST_FIXTURE_TEST_CASE(steps_of_a_dead_connection_are_held_and_go_on_when_it_is_mended, LoggedIn) {
  vendor.access_tokens.clear();
  vendor.refresh_tokens.clear();  // the person took the access back
  event("one");
  BOOST_TEST(health(*this) == "dead");
  event("two");
  BOOST_TEST(vendor.refused == 1);  // nobody asks a vendor that has said no
  for (const auto& run : runs()) {
    BOOST_TEST((run.state == RunState::acting));
    BOOST_TEST(run.due_ms.value() == store::kHeldDue);
    BOOST_TEST(run.reason.starts_with("held: connection books: "), run.reason);
    BOOST_TEST((steps(run.id).at(0).state == store::StepState::intent));
  }
  BOOST_TEST(!hub->next_due().value().has_value());
  crash();
  start();
  run_until(clock.now() + 3 * kDay);
  BOOST_TEST(health(*this) == "dead");
  BOOST_TEST(vendor.entries.empty());
  const auto test = hub->test_connection("books");
  BOOST_TEST(test.has_error());
  BOOST_REQUIRE(log_in().has_value());
  run_until(clock.now() + kMinute);
  BOOST_TEST(vendor.entries.size() == 2U);
  for (const auto& run : runs()) {
    BOOST_TEST((run.state == RunState::finished));
    BOOST_TEST(run.reason.empty());
  }
  BOOST_TEST(health(*this) == "ok");
}

BOOST_FIXTURE_TEST_CASE(an_entered_token_is_mended_by_rotating_it_or_by_a_test_that_succeeds, LoginFloor) {
  connect("token");
  apply();
  BOOST_REQUIRE(hub->rotate_secret("books", "api_token", Secret("entered-0"), false, kDay).has_value());
  event("one");
  BOOST_TEST(health(*this) == "dead");
  BOOST_TEST(hub->test_connection("books").has_error());
  BOOST_TEST((runs().at(0).state == RunState::acting));
  BOOST_REQUIRE(hub->rotate_secret("books", "api_token", Secret("entered-1"), false, kDay).has_value());
  run_until(clock.now() + kMinute);
  BOOST_TEST((runs().at(0).state == RunState::finished));
  // Dropped at once, or after the overlap.
  BOOST_REQUIRE(hub->rotate_secret("books", "api_token", Secret(), true, 0).has_value());
  const Value shown = connection();
  for (const auto& secret : *shown.get("secrets")->if_list())
    BOOST_TEST((secret.text("slot") != "api_token" || secret.number("versions") == 1));
  BOOST_TEST(hub->rotate_secret("books", "nope", Secret("123456"), false, 0).error().code == "unknown_secret");
  BOOST_TEST(hub->rotate_secret("books", "api_token", Secret("1"), false, 0).error().code == "secret_too_short");
}

// What refuses the old token says nothing about the new one.
BOOST_FIXTURE_TEST_CASE(a_token_that_was_replaced_while_a_call_was_under_way_kills_no_connection, LoginFloor) {
  connect("token");
  apply();
  BOOST_REQUIRE(hub->rotate_secret("books", "api_token", Secret("entered-0"), false, kDay).has_value());
  vendor.hold = true;
  event("one");
  BOOST_REQUIRE(hub->rotate_secret("books", "api_token", Secret("entered-1"), true, 0).has_value());
  vendor.release();
  settle();
  run_until(clock.now() + kMinute);
  BOOST_TEST(vendor.refused == 1);
  BOOST_TEST(vendor.entries.size() == 1U);
  BOOST_TEST((runs().at(0).state == RunState::finished));
  BOOST_TEST(health(*this) == "ok");
}

BOOST_FIXTURE_TEST_CASE(a_token_endpoint_that_is_down_holds_nothing, LoggedIn) {
  clock.set(clock.now() + 3600 * kSecond - 30 * kSecond);
  vendor.token_error = "server_error";
  event("early");  // the token at hand is good for half a minute more
  BOOST_TEST(vendor.entries.size() == 1U);
  clock.set(clock.now() + kMinute);
  event("late");
  BOOST_TEST(health(*this) == "ok");
  BOOST_TEST((runs().at(1).state == RunState::acting));
  BOOST_TEST(runs().at(1).due_ms.value() != store::kHeldDue);
  vendor.token_error = "";
  run_until(clock.now() + kHour);
  BOOST_TEST(vendor.entries.size() == 2U);
}

BOOST_FIXTURE_TEST_CASE(wrong_client_credentials_say_what_to_enter, LoggedIn) {
  vendor.token_error = "invalid_client";
  clock.set(clock.now() + kHour);
  event("one");
  BOOST_TEST(health(*this) == "dead");
  const Value shown = connection();
  BOOST_TEST(shown.at_path("health.problem")->if_string()->find("rotate books") != std::string::npos);
}

BOOST_FIXTURE_TEST_CASE(a_crash_between_the_answer_and_its_commit_is_survived_where_the_vendor_lets_it, LoggedIn) {
  for (const bool forgiving : {true, false}) {
    clock.set(clock.now() + kHour);
    const auto before = vendor.refresh_tokens;
    passing = [&](std::string_view point) {
      if (point == "token_answered") throw std::runtime_error("killed");
    };
    const auto sent = hub->send_event("books", "note", Map{{"text", forgiving ? "one" : "two"}});
    BOOST_REQUIRE(sent.has_value());
    BOOST_CHECK_THROW(settle(), std::runtime_error);
    passing = nullptr;
    if (forgiving) vendor.refresh_tokens.insert(before.begin(), before.end());  // good until its successor is used
    crash();
    start();
    run_until(clock.now() + kHour);
    BOOST_TEST(health(*this) == (forgiving ? "ok" : "dead"));
    BOOST_TEST((runs().back().state == (forgiving ? RunState::finished : RunState::acting)));
  }
  BOOST_REQUIRE(log_in().has_value());
  run_until(clock.now() + kMinute);
  BOOST_TEST((runs().back().state == RunState::finished));
  BOOST_TEST(vendor.entries.size() == 2U);
}

BOOST_FIXTURE_TEST_CASE(a_new_address_of_the_token_endpoint_clears_the_secrets, LoggedIn) {
  runtime::NewConnection books;
  books.name = books.connector = "books";
  books.config = Map{{"login_url", "https://evil.test"}};
  BOOST_REQUIRE(hub->put_connection(books).has_value());
  const Value shown = connection();
  BOOST_TEST(shown.get("secrets")->if_list()->empty());
  BOOST_TEST(shown.get("tokens") == nullptr);
}

BOOST_FIXTURE_TEST_CASE(a_token_fetched_for_an_address_is_not_given_to_another, LoggedIn) {
  clock.set(clock.now() + kHour);
  vendor.hold = true;
  event("one");  // its token is on the way
  runtime::NewConnection books;
  books.name = books.connector = "books";
  books.config = Map{{"login_url", "https://evil.test"}};
  BOOST_REQUIRE(hub->put_connection(books).has_value());
  vendor.release();
  settle();
  const Value shown = connection();
  BOOST_TEST(shown.get("secrets")->if_list()->empty());
  BOOST_TEST(shown.get("tokens") == nullptr);
  BOOST_TEST(vendor.entries.empty());
  BOOST_TEST((runs().at(0).state == RunState::acting));
  BOOST_TEST(runs().at(0).due_ms.value() == store::kHeldDue);
}

BOOST_FIXTURE_TEST_CASE(a_refusal_of_what_was_entered_before_harms_nobody, LoggedIn) {
  BOOST_REQUIRE(hub->rotate_secret("books", "client_secret", Secret("cs-wrong-1"), true, 0).has_value());
  clock.set(clock.now() + kHour);
  vendor.hold = true;
  event("one");  // asks with the wrong secret
  BOOST_REQUIRE(hub->rotate_secret("books", "client_secret", Secret("cs-123456"), true, 0).has_value());
  vendor.release();
  settle();
  BOOST_TEST(health(*this) == "ok");
  BOOST_TEST(vendor.entries.size() == 1U);
}

BOOST_FIXTURE_TEST_CASE(a_login_while_a_token_is_renewed_is_the_one_that_counts, LoggedIn) {
  clock.set(clock.now() + kHour);
  vendor.hold = true;
  event("one");
  vendor.hold = false;
  BOOST_REQUIRE(log_in().has_value());
  const std::size_t asked = vendor.token_calls.size();
  vendor.release();
  settle();
  BOOST_TEST(vendor.token_calls.size() == asked + 1);  // the one on the way; nobody asks for a third
  BOOST_TEST(vendor.entries.size() == 1U);
  BOOST_TEST(vendor.refused == 0);
  BOOST_TEST(health(*this) == "ok");
}

BOOST_FIXTURE_TEST_CASE(secrets_go_into_bodies_and_come_out_of_answers_unseen, LoggedIn) {
  BOOST_REQUIRE(hub->rotate_secret("books", "hook_secret", Secret("whsec-mine"), false, 0).has_value());
  event("subscribe");
  BOOST_TEST(vendor.bodies.back() == R"({"text":"subscribe","secret":"whsec-mine"})");
  const auto step = steps(runs().back().id).at(0);
  BOOST_TEST((step.state == store::StepState::done));
  BOOST_TEST(step.output == R"({"hook":{"secret":"[redacted]"}})");
  BOOST_TEST(step.exchange.find("whsec") == std::string::npos);
  event("subscribe");  // the vendor's own is the secret now
  BOOST_TEST(vendor.bodies.back() == R"({"text":"subscribe","secret":"whsec-told-once"})");
}

// A connection may serve without the credential that its test would need: asking kills nothing.
BOOST_FIXTURE_TEST_CASE(a_test_without_the_credential_says_so_and_leaves_the_connection_alive, LoginFloor) {
  connect("token", false);
  const auto test = hub->test_connection("books");
  BOOST_REQUIRE(test.has_error());
  BOOST_TEST(test.error().code == "missing_credential");
  settle();
  BOOST_TEST(connection().at_path("health.state")->if_string()->c_str() != "dead");
}

BOOST_AUTO_TEST_SUITE_END()
