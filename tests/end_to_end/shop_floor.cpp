#include "end_to_end/shop_floor.hpp"

#include <httplib.h>
#include <poll.h>

#include <boost/test/unit_test.hpp>
#include <chrono>
#include <cstdlib>
#include <fstream>

#include "base/encoding.hpp"
#include "base/json.hpp"
#include "base/url.hpp"

namespace ieum::test {
namespace {

// Waits for something outside this process: looks again after a moment, never assumes how long it takes.
template <class Look>
bool eventually(Look look, std::chrono::seconds at_most = std::chrono::seconds(90)) {
  const auto limit = std::chrono::steady_clock::now() + at_most;
  while (!look()) {
    if (std::chrono::steady_clock::now() > limit) return false;
    ::poll(nullptr, 0, 20);
  }
  return true;
}

constexpr const char* kRecipe = R"(recipe: rescue
title: 장바구니 알림
about: {email: event.email, phone: event.phone}
trigger: {event: checkout_started, where: 'dec(event.total) >= 50000'}
entry: {mode: after_exit, key: event.token}
steps:
  - id: remind
    use: kakao.alimtalk.send
    connection: kakao
    class: info
    with:
      to: "{{ trigger.phone }}"
      template: CART_REMIND
      variables: {고객명: "{{ trigger.first_name | or('고객') }}"}
  - id: tell
    use: slack.message.post
    connection: slack
    # Slack takes one message a second in a channel.
    with:
      channel: "{{ ['#general', '#cs', '#orders', '#marketing', '#ops'][int(run.id) % 5] }}"
      text: "{{ trigger.token }}"
)";

Value request(const std::string& base, const std::string& token, const std::string& method, const std::string& path,
              const Value& body) {
  httplib::Client client(base);
  client.set_read_timeout(60);
  httplib::Request call;
  call.method = method;
  call.path = path;
  if (!token.empty()) call.headers.emplace("Authorization", "Bearer " + token);
  if (method != "GET") {
    call.headers.emplace("Content-Type", "application/json");
    call.body = body.is_null() ? "{}" : write_json(body);
  }
  const auto answer = client.send(call);
  BOOST_REQUIRE_MESSAGE(answer, method + " " + path + ": nothing answered");
  BOOST_REQUIRE_MESSAGE(answer->status < 300,
                        method + " " + path + ": " + std::to_string(answer->status) + " " + answer->body);
  if (answer->body.empty()) return Map{};
  auto value = parse_json(answer->body);
  BOOST_REQUIRE(value.has_value());
  return std::move(*value);
}

}  // namespace

ShopFloor::ShopFloor(FloorOptions options)
    : options_(std::move(options)),
      data_(options_.data.empty() ? directory_.file("data") : options_.data),
      public_port_(free_port()),
      admin_port_(free_port()),
      sandbox_port_(free_port()),
      shop_(clock_) {
  start_sandbox();
  start_hub();
  if (!options_.connect) return;
  write_file(directory_.file("webhook"), "sandbox-webhook-secret");
  write_file(directory_.file("shpat"), "shpat_sandbox");
  write_file(directory_.file("solapi"), "sandbox-secret");
  write_file(directory_.file("slack"), "xoxb-sandbox");
  const std::string base = "base_url=" + sandbox_url();
  ieum({"connection", "add", "shopify", "--set", "shop=ieum-demo.myshopify.com", "--set", base, "--secret",
        "client_secret=" + directory_.file("webhook"), "--secret", "access_token=" + directory_.file("shpat")});
  ieum({"connection", "add", "kakao", "--set", "dealer=solapi", "--set", "api_key=sandbox-key", "--set",
        "pf_id=KA01PF0001", "--set", base, "--secret", "api_secret=" + directory_.file("solapi")});
  ieum({"connection", "add", "slack", "--set", base, "--secret", "bot_token=" + directory_.file("slack")});
  write_file(directory_.file("rescue.yaml"), kRecipe);
  ieum({"recipe", "apply", directory_.file("rescue.yaml")});
}

void ShopFloor::start_sandbox() {
  std::vector<std::string> words{binary(), "sandbox", "--listen", "127.0.0.1:" + std::to_string(sandbox_port_)};
  words.insert(words.end(), options_.sandbox.begin(), options_.sandbox.end());
  if (!options_.address.empty()) words.insert(words.end(), {"--reach", options_.address + "=" + public_url()});
  sandbox_ = std::make_unique<Background>(std::move(words));
  BOOST_REQUIRE_MESSAGE(sandbox_->wait_for("sandbox:"), sandbox_->printed());
}

void ShopFloor::start_hub(std::vector<std::string> extra) {
  BOOST_REQUIRE_MESSAGE(try_start_hub(std::move(extra)), hub_->printed());
}

bool ShopFloor::try_start_hub(std::vector<std::string> extra) {
  std::vector<std::string> words{binary(),   "serve",
                                 "--data",   data_,
                                 "--public", "127.0.0.1:" + std::to_string(public_port_),
                                 "--admin",  "127.0.0.1:" + std::to_string(admin_port_),
                                 "--log",    "json"};
  if (!options_.connectors.empty()) words.insert(words.end(), {"--connectors", options_.connectors});
  if (!options_.address.empty()) words.insert(words.end(), {"--public-url", options_.address});
  words.insert(words.end(), options_.extra.begin(), options_.extra.end());
  words.insert(words.end(), extra.begin(), extra.end());
  hub_.reset();
  hub_ = std::make_unique<Background>(std::move(words));
  return hub_->wait_for("the hub listens");
}

std::string ShopFloor::public_url() const { return "http://127.0.0.1:" + std::to_string(public_port_); }
std::string ShopFloor::hook() const { return public_url() + "/hooks/shopify"; }
std::string ShopFloor::sandbox_url() const { return "http://127.0.0.1:" + std::to_string(sandbox_port_); }

std::string ShopFloor::ieum(std::vector<std::string> words, int code, const std::string& input) {
  words.insert(words.begin(), binary());
  words.insert(words.end(), {"--data", data_});
  const auto finished = run(words, input);
  BOOST_REQUIRE_MESSAGE(finished.code == code,
                        words[1] + ": exit " + std::to_string(finished.code) + "\n" + finished.out + finished.err);
  return finished.out + finished.err;
}

Value ShopFloor::api(const std::string& method, const std::string& path, const Value& body) {
  std::ifstream file(data_ + "/admin.token");
  std::string token;
  std::getline(file, token);
  return request("http://127.0.0.1:" + std::to_string(admin_port_), token, method, path, body);
}

Value ShopFloor::sandbox(const std::string& method, const std::string& path, const Value& body) {
  return request(sandbox_url(), "", method, path, body);
}

HttpRequest ShopFloor::checkout(int n) {
  sandbox::Buyer buyer;
  buyer.id = 100'000 + n;
  buyer.email = "buyer" + std::to_string(n) + "@example.com";
  std::string digits = std::to_string(10'000'000 + n);
  buyer.phone = "+8210" + digits;
  return shop_.checkout(hook(), buyer, {"token-" + std::to_string(n), "62000"});
}

int ShopFloor::send(const HttpRequest& request, std::string* receipt) {
  const auto url = parse_url(request.target);
  httplib::Client client(url->origin());
  client.set_connection_timeout(2);
  client.set_read_timeout(10);
  httplib::Headers headers;
  for (const auto& [name, value] : request.headers.fields()) {
    if (!equals_ignoring_case(name, "Content-Type")) headers.emplace(name, value);
  }
  const auto answer = client.Post(url->target, headers, request.body, "application/json");
  if (!answer) return 0;
  if (receipt != nullptr) {
    if (const auto body = parse_json(answer->body); body.has_value()) *receipt = body->text("receipt");
  }
  return answer->status;
}

bool ShopFloor::stays_up() {
  bool up = false;
  eventually([&] {
    const auto status = run({binary(), "status", "--json", "--data", data_});
    if (status.code != 0) return !hub_->alive();
    const auto answer = parse_json(status.out);
    up =
        answer.has_value() && answer->get("totals") != nullptr && answer->get("totals")->number("events_accepted") == 0;
    return up;
  });
  if (!up) hub_->wait();
  return up;
}

Value ShopFloor::totals() { return *api("GET", "/api/v1/status").get("totals"); }

void ShopFloor::wait_until_done() {
  const auto all_done = [this] {
    const auto now = totals();
    return now.number("events_accepted") == 0 && now.number("runs_acting") == 0 && now.number("runs_waiting") == 0;
  };
  // Vendors' limits make many runs wait for their turns.
  const bool done = eventually(all_done, std::chrono::minutes(std::getenv("IEUM_LONG") != nullptr ? 30 : 3));
  BOOST_REQUIRE_MESSAGE(done, "work is left: " + write_json(totals()));
}

void ShopFloor::expect_exactly_once(int accepted) {
  wait_until_done();
  const auto now = totals();
  BOOST_TEST(now.number("runs") == accepted);
  BOOST_TEST(now.number("runs_finished") == accepted);
  BOOST_TEST(now.number("runs_in_doubt") == 0);
  BOOST_TEST(now.number("events_set_aside") == 0);
  const auto messages = sandbox("GET", "/_sandbox/messages");
  BOOST_TEST(messages.get("messages")->if_list()->size() == static_cast<std::size_t>(2 * accepted));
  BOOST_TEST(write_json(*messages.get("repeated_keys")) == "[]");
}

}  // namespace ieum::test
