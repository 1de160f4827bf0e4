#include "crash/kill_floor.hpp"

#include <boost/test/unit_test.hpp>
#include <chrono>

namespace ieum::test {
namespace {

constexpr int kConnections = 64;
constexpr auto kAnswersWithin = std::chrono::seconds(5);
constexpr const char* kSecret = "secret-of-the-shop";

constexpr const char* kAtOnce = R"(recipe: at-once
trigger: {event: webhook/order.paid, where: 'dec(event.total) >= 50000'}
steps:
  - use: http.request
    connection: sink
    reaches: system
    with: {method: POST, url: /orders, json: "{{ trigger }}", safety: keyed}
    retry: {for: 1h, first: 1s}
)";
constexpr const char* kLater = R"(recipe: later
trigger: {event: webhook/order.later}
steps:
  - wait: 1s
  - use: http.request
    connection: sink
    reaches: system
    with: {method: POST, url: /orders, json: "{{ trigger }}", safety: keyed}
    retry: {for: 1h, first: 1s}
)";

std::uint16_t port_of(const std::string& url) {
  return static_cast<std::uint16_t>(std::stoi(url.substr(url.rfind(':') + 1)));
}

}  // namespace

std::string joined(const std::vector<std::string>& lines) {
  std::string text;
  for (const auto& line : lines) text += line + "\n";
  return text;
}

KillFloor::KillFloor(std::uint64_t seed) : KillFloor(seed, free_port()) {}

KillFloor::KillFloor(std::uint64_t seed, std::uint16_t receiver_port)
    : receiver(receiver_port),
      floor({{}, {}, false, {}, {}, {}}),
      senders(port_of(floor.public_url()), kSecret, kConnections, seed) {
  write_file(files.file("secret"), kSecret);
  write_file(files.file("at-once.yaml"), kAtOnce);
  write_file(files.file("later.yaml"), kLater);
  floor.ieum({"connection", "add", "shop", "--connector", "webhook", "--set", "scheme=hmac", "--set", "encoding=base64",
              "--set", "dedupe_header=X-Event-Id", "--secret", "secret=" + files.file("secret")});
  floor.ieum({"connection", "add", "sink", "--connector", "http", "--set",
              "base_url=http://127.0.0.1:" + std::to_string(receiver_port)});
  floor.ieum({"recipe", "apply", files.file("at-once.yaml")});
  floor.ieum({"recipe", "apply", files.file("later.yaml")});
  BOOST_REQUIRE(senders.connect());
}

bool KillFloor::start() {
  const auto limit = std::chrono::steady_clock::now() + kAnswersWithin;
  return floor.try_start_hub() && senders.connect() && std::chrono::steady_clock::now() <= limit;
}

void KillFloor::note_end() {
  senders.read_to_the_end();
  receiver.next_life();
}

std::string KillFloor::faults_now() {
  floor.wait_until_done();
  history.add(receiver.take());
  return joined(history.faults(store(), senders.sent()));
}

}  // namespace ieum::test
