// Egress guard: which addresses the hub may connect to. Pure classification over address bytes, whatever their spelling.
#pragma once
#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace ieum::net {

struct Address {
  bool v6 = false;
  std::array<std::uint8_t, 16> bytes{};  // first four for IPv4
  bool operator==(const Address&) const = default;
};

// Only canonical spellings: dotted quad, or RFC 4291 text without zone. Octal, hex, short and decimal forms give nothing.
std::optional<Address> parse_address(std::string_view text);
std::string address_text(const Address& address);
Address unmapped(const Address& address);  // ::ffff:a.b.c.d as the IPv4 address it is; others as they are

// Nothing when the address is public unicast; otherwise why it is refused ("loopback", "private", "link_local", ...).
// IPv4-mapped, IPv4-compatible, 6to4 and NAT64 forms are unwrapped first.
std::optional<std::string_view> refused_reason(const Address& address);

}  // namespace ieum::net
