// Sockets as descriptors: opening, addresses, nothing that waits. Private to net. Any thread.
#pragma once
#include <cstdint>
#include <optional>
#include <string>

#include "base/error.hpp"
#include "net/egress.hpp"

namespace ieum::net {

struct Endpoint {
  Address address;
  std::uint16_t port = 0;
  bool operator==(const Endpoint&) const = default;
};

std::string endpoint_text(const Endpoint& endpoint);            // "127.0.0.1:80", "[::1]:80"
std::optional<Endpoint> parse_endpoint(std::string_view text);  // the same forms

// All descriptors are non-blocking and close-on-exec.
Result<int> open_listening(const Endpoint& at);  // "port_in_use", "bad_address"
int accept_one(int listening, Endpoint& peer);   // -1 with errno
// Begins to connect. The descriptor, or -1 with errno when that is refused at once.
int begin_connect(const Endpoint& to);
int connect_error(int fd);  // errno of the finished attempt, 0 when connected
std::optional<Endpoint> peer_of(int fd);
std::optional<Endpoint> local_of(int fd);
bool is_own_interface(const Address& address);  // an address of this machine

}  // namespace ieum::net
