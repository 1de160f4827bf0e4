#include "net/socket.hpp"

#include <arpa/inet.h>
#include <ifaddrs.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <cstring>

namespace ieum::net {
namespace {

constexpr int kBacklog = 4096;  // the kernel cuts it to net.core.somaxconn

struct Name {
  sockaddr_storage storage{};
  socklen_t size = sizeof(sockaddr_storage);
  [[nodiscard]] sockaddr* get() { return reinterpret_cast<sockaddr*>(&storage); }
};

Name name_of(const Endpoint& endpoint) {
  Name name;
  if (endpoint.address.v6) {
    sockaddr_in6 in{};
    in.sin6_family = AF_INET6;
    in.sin6_port = htons(endpoint.port);
    std::memcpy(&in.sin6_addr, endpoint.address.bytes.data(), 16);
    std::memcpy(&name.storage, &in, sizeof in);
    name.size = sizeof in;
  } else {
    sockaddr_in in{};
    in.sin_family = AF_INET;
    in.sin_port = htons(endpoint.port);
    std::memcpy(&in.sin_addr, endpoint.address.bytes.data(), 4);
    std::memcpy(&name.storage, &in, sizeof in);
    name.size = sizeof in;
  }
  return name;
}

std::optional<Endpoint> endpoint_of(const sockaddr* name) {
  Endpoint endpoint;
  if (name->sa_family == AF_INET6) {
    sockaddr_in6 in{};
    std::memcpy(&in, name, sizeof in);
    endpoint.address.v6 = true;
    std::memcpy(endpoint.address.bytes.data(), &in.sin6_addr, 16);
    endpoint.port = ntohs(in.sin6_port);
    return endpoint;
  }
  if (name->sa_family == AF_INET) {
    sockaddr_in in{};
    std::memcpy(&in, name, sizeof in);
    std::memcpy(endpoint.address.bytes.data(), &in.sin_addr, 4);
    endpoint.port = ntohs(in.sin_port);
    return endpoint;
  }
  return std::nullopt;
}

void set_no_delay(int fd) {
  const int on = 1;
  setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
}

}  // namespace

std::string endpoint_text(const Endpoint& endpoint) {
  const std::string address = address_text(endpoint.address);
  return (endpoint.address.v6 ? "[" + address + "]" : address) + ":" + std::to_string(endpoint.port);
}

std::optional<Endpoint> parse_endpoint(std::string_view text) {
  const std::size_t colon = text.rfind(':');
  if (colon == std::string_view::npos) return std::nullopt;
  std::string_view host = text.substr(0, colon);
  const std::string_view port = text.substr(colon + 1);
  const bool bracketed = host.size() > 2 && host.front() == '[' && host.back() == ']';
  if (bracketed) host = host.substr(1, host.size() - 2);
  const auto address = parse_address(host);
  Endpoint endpoint;
  const auto [end, failed] = std::from_chars(port.data(), port.data() + port.size(), endpoint.port);
  if (!address || address->v6 != bracketed || port.empty() || failed != std::errc() || end != port.data() + port.size())
    return std::nullopt;
  endpoint.address = *address;
  return endpoint;
}

Result<int> open_listening(const Endpoint& at) {
  const std::string place = endpoint_text(at);
  const int fd = socket(at.address.v6 ? AF_INET6 : AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (fd < 0) return Error("bad_address", std::string("no socket could be opened: ") + std::strerror(errno), {}, place);
  const int on = 1;
  setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  set_no_delay(fd);  // accepted sockets inherit it
  Name name = name_of(at);
  if (bind(fd, name.get(), name.size) == 0 && listen(fd, kBacklog) == 0) return fd;
  const int failure = errno;
  close(fd);
  if (failure == EADDRINUSE)
    return Error("port_in_use", "port " + std::to_string(at.port) + " is in use by another program",
                 "stop that program, or choose another port with --public HOST:PORT or --admin HOST:PORT", place);
  if (failure == EACCES)
    return Error("bad_address", "this user may not listen on port " + std::to_string(at.port),
                 "choose a port above 1023 with --public HOST:PORT or --admin HOST:PORT", place);
  return Error("bad_address", "this machine cannot listen on " + place + ": " + std::strerror(failure),
               "give an address of this machine, or 0.0.0.0 for all, with --public HOST:PORT or --admin HOST:PORT",
               place);
}

int accept_one(int listening, Endpoint& peer) {
  Name name;
  const int fd = accept4(listening, name.get(), &name.size, SOCK_NONBLOCK | SOCK_CLOEXEC);
  if (fd < 0) return fd;
  if (const auto endpoint = endpoint_of(name.get())) peer = {unmapped(endpoint->address), endpoint->port};
  return fd;
}

int begin_connect(const Endpoint& to) {
  const int fd = socket(to.address.v6 ? AF_INET6 : AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (fd < 0) return fd;
  set_no_delay(fd);
  Name name = name_of(to);
  if (connect(fd, name.get(), name.size) == 0 || errno == EINPROGRESS) return fd;
  const int failure = errno;
  close(fd);
  errno = failure;
  return -1;
}

int connect_error(int fd) {
  int failure = 0;
  socklen_t size = sizeof failure;
  return getsockopt(fd, SOL_SOCKET, SO_ERROR, &failure, &size) == 0 ? failure : errno;
}

std::optional<Endpoint> peer_of(int fd) {
  Name name;
  if (getpeername(fd, name.get(), &name.size) != 0) return std::nullopt;
  return endpoint_of(name.get());
}

std::optional<Endpoint> local_of(int fd) {
  Name name;
  if (getsockname(fd, name.get(), &name.size) != 0) return std::nullopt;
  return endpoint_of(name.get());
}

bool is_own_interface(const Address& address) {
  if (refused_reason(address) == "loopback") return true;
  ifaddrs* list = nullptr;
  if (getifaddrs(&list) != 0) return true;  // when that cannot be known, careful
  bool found = false;
  for (const ifaddrs* entry = list; entry != nullptr && !found; entry = entry->ifa_next) {
    if (entry->ifa_addr == nullptr) continue;
    const auto endpoint = endpoint_of(entry->ifa_addr);
    found = endpoint && endpoint->address == address;
  }
  freeifaddrs(list);
  return found;
}

}  // namespace ieum::net
