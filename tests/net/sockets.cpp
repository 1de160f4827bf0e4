#include "net/sockets.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstring>
#include <stdexcept>

namespace ieum::net::testing {
namespace {

sockaddr_in loopback(std::uint16_t port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return address;
}

constexpr int kPatienceMs = 10'000;

bool wait_for(int fd, short events) {
  pollfd watched{fd, events, 0};
  return poll(&watched, 1, kPatienceMs) == 1;
}

}  // namespace

bool Peer::send(std::string_view bytes) {
  while (!bytes.empty()) {
    if (!wait_for(fd_, POLLOUT)) throw std::runtime_error("the other side takes nothing");
    const ssize_t sent = ::send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
    if (sent < 0 && errno != EAGAIN) return false;
    if (sent > 0) bytes.remove_prefix(static_cast<std::size_t>(sent));
  }
  return true;
}

bool Peer::fill() {
  if (!wait_for(fd_, POLLIN)) throw std::runtime_error("the other side sends nothing and does not close");
  char buffer[64 * 1024];
  const ssize_t got = recv(fd_, buffer, sizeof buffer, 0);
  if (got <= 0) return false;
  unread_.append(buffer, static_cast<std::size_t>(got));
  return true;
}

std::string Peer::read_until(std::string_view mark) {
  std::size_t found = 0;
  while ((found = unread_.find(mark)) == std::string::npos) {
    if (!fill()) return std::exchange(unread_, {});
  }
  std::string out = unread_.substr(0, found + mark.size());
  unread_.erase(0, out.size());
  return out;
}

std::string Peer::read_exactly(std::size_t size) {
  while (unread_.size() < size && fill()) {}
  std::string out = unread_.substr(0, size);
  unread_.erase(0, out.size());
  return out;
}

std::string Peer::read_to_end() {
  while (fill()) {}
  return std::exchange(unread_, {});
}

std::string Peer::read_message() {
  std::string head = read_until("\r\n\r\n");
  const std::size_t length = head.find("Content-Length: ");
  if (length == std::string::npos) return head;
  return head + read_exactly(std::stoul(head.substr(length + 16)));
}

bool Peer::ended() { return unread_.empty() && !fill(); }
void Peer::finish() { shutdown(fd_, SHUT_WR); }

void Peer::reset() {
  const linger at_once{1, 0};
  setsockopt(fd_, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
  close();
}

void Peer::close() {
  if (fd_ >= 0) ::close(std::exchange(fd_, -1));
}

Peer connect_to(std::uint16_t port) {
  const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const sockaddr_in address = loopback(port);
  const int on = 1;
  setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  if (connect(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0)
    throw std::runtime_error("no connection to the listener");
  return Peer(fd);
}

ScriptedServer::ScriptedServer(Script script) : script_(std::move(script)) {
  listening_ = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address = loopback(0);
  if (bind(listening_, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0 || listen(listening_, 64) != 0)
    throw std::runtime_error("the scripted server cannot listen");
  socklen_t size = sizeof address;
  getsockname(listening_, reinterpret_cast<sockaddr*>(&address), &size);
  port_ = ntohs(address.sin_port);
  acceptor_ = std::thread([this] { serve(); });
}

ScriptedServer::~ScriptedServer() {
  ended_ = true;
  shutdown(listening_, SHUT_RDWR);
  acceptor_.join();
  for (std::thread& player : players_) player.join();
  close(listening_);
}

std::string ScriptedServer::url(const std::string& path) const {
  return "http://127.0.0.1:" + std::to_string(port_) + path;
}

void ScriptedServer::serve() {
  while (!ended_) {
    const int fd = accept4(listening_, nullptr, nullptr, SOCK_CLOEXEC);
    if (fd < 0) continue;
    const int on = 1;
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    const int index = connections_++;
    players_.emplace_back([this, fd, index] {
      Peer peer(fd);
      try {
        script_(peer, index);
      } catch (const std::runtime_error&) {
        // The client under test did not play its part; its own assertions say so.
      }
    });
  }
}

}  // namespace ieum::net::testing
