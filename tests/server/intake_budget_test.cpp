// Many large bodies at once, through real sockets: what is read and waits stays below the hub's budget, the rest is told to come
// again before a byte of its body is read.
#include <arpa/inet.h>
#include <sys/socket.h>
#include <unistd.h>

#include <map>
#include <vector>

#include "server/fixture.hpp"

using namespace ieum;
using namespace ieum::server::testing;

namespace {

constexpr std::size_t kBody = 5'000'000;

class Sender {
 public:
  explicit Sender(std::uint16_t port) : socket_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    BOOST_REQUIRE(::connect(socket_, reinterpret_cast<const sockaddr*>(&address), sizeof(address)) == 0);
  }
  ~Sender() { ::close(socket_); }
  Sender(const Sender&) = delete;
  Sender& operator=(const Sender&) = delete;

  // Asks for the go-ahead, so that each is answered before any body is sent.
  void announce(int number) {
    write(
        "POST /hooks/shop/secret-of-the-shop HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nX-Paper-Topic: "
        "orders/create\r\nX-Paper-Delivery: d" +
        std::to_string(number) + "\r\nExpect: 100-continue\r\nContent-Length: " + std::to_string(kBody) + "\r\n\r\n");
  }
  void send_body(int number) {
    std::string body = R"({"id":")" + std::to_string(number) + R"(","total":"1","filler":")";
    body.append(kBody - body.size() - 2, 'x');
    write(body + "\"}");
  }
  // Up to the end of a head; its status.
  int status() {
    std::string head;
    while (!head.ends_with("\r\n\r\n")) {
      char byte = 0;
      if (::recv(socket_, &byte, 1, 0) != 1) return 0;
      head += byte;
    }
    again = head.find("Retry-After") != std::string::npos;
    return std::stoi(head.substr(9, 3));
  }
  bool again = false;  // it was told when to come again

 private:
  void write(std::string_view text) {
    while (!text.empty()) {
      const ssize_t sent = ::send(socket_, text.data(), text.size(), MSG_NOSIGNAL);
      if (sent <= 0) return;
      text.remove_prefix(static_cast<std::size_t>(sent));
    }
  }
  int socket_;
};

}  // namespace

BOOST_AUTO_TEST_SUITE(intake_budget)

BOOST_AUTO_TEST_CASE(BPR_05_two_hundred_large_bodies_at_once_take_no_more_than_the_budget) {
  RunningHub hub;
  hub.connect_all();
  std::vector<std::unique_ptr<Sender>> senders;
  for (int at = 0; at < 200; ++at) senders.push_back(std::make_unique<Sender>(hub.server->public_port()));
  for (int at = 0; at < 200; ++at) senders[at]->announce(at);
  std::map<int, int> answers;
  std::vector<int> let;
  for (int at = 0; at < 200; ++at) {
    const int status = senders[at]->status();
    ++answers[status];
    if (status == 100) let.push_back(at);
    if (status == 429) BOOST_TEST(senders[at]->again);
  }
  BOOST_TEST(answers[100] == static_cast<int>((32u << 20) / kBody));  // half of the budget, for one connection
  BOOST_TEST(answers[429] == 200 - answers[100]);
  // Small deliveries to another connection are taken beside them.
  const auto beside = hub.public_client().Post("/hooks/inbox/secret-of-the-inbox", "{\"a\":1}", kJson);
  BOOST_TEST((beside && beside->status == 200));
  for (const int at : let) senders[at]->send_body(at);
  for (const int at : let) BOOST_TEST(senders[at]->status() == 200);
  hub.settle();
  BOOST_TEST(hub.hub->intake().bytes_peak <= 64u << 20);
  BOOST_TEST(hub.hub->intake().bytes == 0u);
  BOOST_TEST(hub.get("/api/v1/status").get("totals")->number("events") == answers[100] + 1);
  hub.deliver("{\"id\":\"1\",\"total\":\"1\"}");  // and there is room again
}

BOOST_AUTO_TEST_CASE(a_body_that_is_broken_off_gives_its_room_back) {
  RunningHub hub;
  hub.connect_all();
  for (int round = 0; round < 5; ++round) {
    std::vector<std::unique_ptr<Sender>> senders;
    int let = 0;
    for (int at = 0; at < 6; ++at) {
      senders.push_back(std::make_unique<Sender>(hub.server->public_port()));
      senders.back()->announce(at);
      let += senders.back()->status() == 100 ? 1 : 0;
    }
    BOOST_TEST(let == 6);
    senders.clear();
    // The server sees each of them go.
    while (hub.hub->intake().rows > 0) static_cast<void>(hub.get("/api/v1/status"));
  }
}

BOOST_AUTO_TEST_SUITE_END()
