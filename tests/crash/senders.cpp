#include "crash/senders.hpp"

#include <algorithm>
#include <cerrno>

#include "base/digest.hpp"
#include "base/encoding.hpp"
#include "bench/http_text.hpp"
#include "bench/sockets.hpp"

namespace ieum::test {

Senders::Senders(std::uint16_t port, std::string secret, int connections, std::uint64_t seed)
    : port_(port),
      secret_(std::move(secret)),
      random_(seed),
      poll_(::epoll_create1(EPOLL_CLOEXEC)),
      connections_(static_cast<std::size_t>(connections)) {}

Senders::~Senders() {
  hang_up();
  ::close(poll_);
}

void Senders::hang_up() {
  for (auto& connection : connections_) ended(connection);
}

std::string Senders::body(std::size_t delivery) {
  const std::string number = std::to_string(delivery);
  return R"({"type":")" + std::string(waits(delivery) ? "order.later" : "order.paid") + R"(","delivery":)" + number +
         R"(,"total":62000,"note":")" + std::string(20 + delivery % 700, 'x') + "\"}";
}

bool Senders::connect() {
  for (std::size_t i = 0; i < connections_.size(); ++i) {
    auto& connection = connections_[i];
    if (connection.fd >= 0) continue;
    connection.fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    const auto address = bench::loopback(port_);
    if (::connect(connection.fd, reinterpret_cast<const sockaddr*>(&address), sizeof(address)) != 0) {
      ::close(connection.fd);
      connection.fd = -1;
      return false;
    }
    bench::no_delay(connection.fd);
    bench::watch(poll_, connection.fd, EPOLLIN, i);
  }
  return true;
}

// Mostly a new one; what got no 2xx first; now and then one that was accepted long ago, as senders do that lost the answer.
std::size_t Senders::next_delivery() {
  if (!again_.empty()) {
    const std::size_t next = again_.front();
    again_.pop_front();
    return next;
  }
  if (!sent_.empty() && random_.next() % 20 == 0) return random_.next() % sent_.size();
  sent_.emplace_back();
  return sent_.size() - 1;
}

void Senders::send_next(Connection& connection) {
  if (connection.fd < 0 || connection.delivery >= 0 || !goes_on_ || (rest_only_ && again_.empty())) return;
  const std::size_t delivery = next_delivery();
  const std::string text = body(delivery);
  connection.delivery = static_cast<std::int64_t>(delivery);
  ++sent_[delivery].requests;
  const std::string request =
      "POST /hooks/shop HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nX-Event-Id: d-" +
      std::to_string(delivery) + "\r\nX-Signature: " + base64_encode(hmac_sha256(secret_, text)) +
      "\r\nContent-Length: " + std::to_string(text.size()) + "\r\n\r\n" + text;
  if (::send(connection.fd, request.data(), request.size(), MSG_NOSIGNAL) != static_cast<ssize_t>(request.size()))
    ended(connection);
}

void Senders::ended(Connection& connection) {
  if (connection.fd >= 0) ::close(connection.fd);
  if (connection.delivery >= 0) {
    const auto delivery = static_cast<std::size_t>(connection.delivery);
    if (sent_[delivery].accepted == 0) again_.push_back(delivery);
  }
  connection = Connection();
}

void Senders::read(Connection& connection) {
  char block[8192];
  const ssize_t got = ::recv(connection.fd, block, sizeof block, MSG_DONTWAIT);
  if (got < 0 && (errno == EAGAIN || errno == EINTR)) return;
  if (got <= 0) return ended(connection);
  connection.in.append(block, static_cast<std::size_t>(got));
  const auto answer = bench::whole_message(connection.in);
  if (!answer) return;
  auto& sent = sent_[static_cast<std::size_t>(connection.delivery)];
  if (answer->first_line.substr(9, 1) == "2") {
    const auto at = answer->body.find("rcp_");
    if (at != std::string_view::npos) sent.receipts.emplace(answer->body.substr(at, answer->body.find('"', at) - at));
    if (sent.accepted++ == 0) ++accepted_;
  } else {
    surprises_.emplace_back(std::string(answer->first_line) + " " + std::string(answer->body));
    if (sent.accepted == 0) again_.push_back(static_cast<std::size_t>(connection.delivery));
  }
  connection.delivery = -1;
  connection.in.erase(0, answer->bytes);
  send_next(connection);
}

void Senders::take_turn() {
  std::vector<epoll_event> events(connections_.size());
  const int ready = ::epoll_wait(poll_, events.data(), static_cast<int>(events.size()), 30'000);
  if (ready == 0) {
    surprises_.emplace_back("nothing came for half a minute");
    hang_up();
  }
  for (int i = 0; i < ready; ++i) {
    auto& connection = connections_[events[static_cast<std::size_t>(i)].data.u64];
    if (connection.fd >= 0) read(connection);
  }
}

bool Senders::under_way() const {
  return std::any_of(connections_.begin(), connections_.end(), [](const auto& one) { return one.delivery >= 0; });
}

void Senders::send_until_accepted(int more) {
  const int wanted = accepted_ + more;
  goes_on_ = true;
  for (auto& connection : connections_) send_next(connection);
  while (accepted_ < wanted && under_way()) take_turn();
}

void Senders::read_to_the_end() {
  goes_on_ = false;
  while (under_way()) take_turn();
}

void Senders::send_the_rest() {
  goes_on_ = rest_only_ = true;
  for (auto& connection : connections_) send_next(connection);
  while (under_way()) take_turn();
  goes_on_ = rest_only_ = false;
}

}  // namespace ieum::test
