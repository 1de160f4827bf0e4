// The sandbox over real sockets: a client gets the answers, and the ways in which answers fail to come.
#include <httplib.h>

#include <chrono>
#include <thread>

#include "net/io.hpp"
#include "sandbox/sandbox.hpp"
#include "sandbox/visitor.hpp"

using namespace ieum;
using namespace ieum::sandbox;

namespace {

struct OnSockets {
  OnSockets() {
    io.start();
    SandboxOptions options;
    options.clock = &clock;
    options.virtual_clock = &clock;
    auto made = make_sandbox(io, options);
    BOOST_REQUIRE(made.has_value());
    sandbox = std::move(*made);
    client = std::make_unique<httplib::Client>("127.0.0.1", sandbox->port());
    client->set_keep_alive(true);
  }

  httplib::Result post(const std::string& text) {
    return client->Post("/api/chat.postMessage", {{"Authorization", "Bearer xoxb-sandbox"}},
                        R"({"channel":"#cs","text":")" + text + "\"}", "application/json; charset=utf-8");
  }
  void fault(const std::string& body) {
    const auto made = client->Post("/_sandbox/faults", body, "application/json");
    BOOST_REQUIRE(made);
    BOOST_REQUIRE(made->status == 201);
  }
  Value messages() {
    const auto answer = client->Get("/_sandbox/messages");
    BOOST_REQUIRE(answer);
    return *parse_json(answer->body)->get("messages");
  }

  ManualClock clock{kMonday};
  net::Io io;
  std::unique_ptr<Sandbox> sandbox;
  std::unique_ptr<httplib::Client> client;
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(sockets, OnSockets)

BOOST_AUTO_TEST_CASE(a_call_is_answered_and_recorded) {
  const auto answer = post("안녕하세요");
  BOOST_REQUIRE(answer);
  BOOST_TEST(answer->status == 200);
  BOOST_TEST(at(*parse_json(answer->body), "message.text") == "안녕하세요");
  BOOST_TEST(at(messages(), "0.text") == "안녕하세요");
}

BOOST_AUTO_TEST_CASE(dropped_answers_are_not_answers) {
  fault(R"({"vendor":"slack","kind":"drop_before"})");
  BOOST_TEST(!post("하나"));
  BOOST_TEST(size_of(messages()) == 0u);
  fault(R"({"vendor":"slack","kind":"drop_after"})");
  BOOST_TEST(!post("둘"));
  BOOST_TEST(size_of(messages()) == 1u);
}

BOOST_AUTO_TEST_CASE(half_an_answer_ends_in_the_middle) {
  fault(R"({"vendor":"slack","kind":"half"})");
  BOOST_TEST(!post("반쪽"));
  BOOST_TEST(size_of(messages()) == 1u);
}

BOOST_AUTO_TEST_CASE(a_late_answer_comes_and_others_do_not_wait_for_it) {
  fault(R"({"vendor":"http","kind":"delay","ms":300,"match":{"path":"slow"}})");
  int late_status = 0;  // asked for after the join: one thread at a time may speak to the test
  std::thread late([&, port = sandbox->port()] {
    const auto answer = httplib::Client("127.0.0.1", port).Post("/sink/slow", "{}", "application/json");
    if (answer) late_status = answer->status;
  });
  const auto first = post("먼저");
  late.join();
  BOOST_REQUIRE(first);
  BOOST_TEST(first->status == 200);
  BOOST_TEST(late_status == 200);
  BOOST_TEST(size_of(messages()) == 2u);
}

BOOST_AUTO_TEST_CASE(a_status_fault_carries_its_headers) {
  fault(
      R"({"vendor":"slack","kind":"status","status":429,"headers":{"Retry-After":"3"},"body":{"ok":false,"error":"ratelimited"}})");
  const auto answer = post("천천히");
  BOOST_REQUIRE(answer);
  BOOST_TEST(answer->status == 429);
  BOOST_TEST(answer->get_header_value("Retry-After") == "3");
}

BOOST_AUTO_TEST_CASE(a_taken_port_is_an_error_and_a_stopped_sandbox_is_gone) {
  SandboxOptions options;
  options.clock = &clock;
  options.port = sandbox->port();
  const auto second = make_sandbox(io, options);
  BOOST_REQUIRE(second.has_error());
  BOOST_TEST(second.error().code == "port_in_use");
  sandbox->stop();
  BOOST_TEST(!httplib::Client("127.0.0.1", options.port).Get("/_sandbox/calls"));
}

// The postman speaks real HTTP: here to a second sandbox, whose sink answers 503 once and then takes it.
BOOST_AUTO_TEST_CASE(a_vendor_tells_a_hook_until_it_is_taken) {
  SandboxOptions options;
  options.clock = &clock;
  auto hub = make_sandbox(io, options);
  BOOST_REQUIRE(hub.has_value());
  httplib::Client at_hub("127.0.0.1", (*hub)->port());
  BOOST_REQUIRE(
      at_hub.Post("/_sandbox/faults", R"({"vendor":"http","kind":"status","status":503})", "application/json"));
  const std::string to = "http://127.0.0.1:" + std::to_string((*hub)->port()) + "/sink/hook";
  const auto sent =
      client->Post("/_sandbox/send", R"({"vendor":"slack","topic":"app_mention","secret":"s","to":")" + to + "\"}",
                   "application/json");
  BOOST_REQUIRE(sent);
  BOOST_TEST(sent->status == 202);
  Value delivery;
  const auto until = std::chrono::steady_clock::now() + std::chrono::seconds(20);
  while (at(delivery, "state") != "delivered" && std::chrono::steady_clock::now() < until) {
    const auto answer = client->Get("/_sandbox/deliveries");
    BOOST_REQUIRE(answer);
    delivery = *parse_json(answer->body)->at_path("deliveries.0");
  }
  BOOST_TEST(at(delivery, "state") == "delivered");
  BOOST_TEST(at(delivery, "attempts.0.status") == "503");
  BOOST_TEST(at(delivery, "attempts.1.status") == "200");
  const auto seen = parse_json(at_hub.Get("/_sandbox/calls")->body);
  BOOST_TEST(at(*seen, "calls.1.request_headers.x-slack-retry-num") == "1");
  (*hub)->stop();
}

BOOST_AUTO_TEST_SUITE_END()
