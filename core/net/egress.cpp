// The deny list follows IANA's special-purpose address registries (IPv4 and IPv6), https://www.iana.org/assignments/.
#include "net/egress.hpp"

#include <arpa/inet.h>

#include <cstring>

namespace ieum::net {
namespace {

struct Prefix {
  std::array<std::uint8_t, 16> bytes;
  int bits;
  std::string_view reason;
};

constexpr Prefix kRefused4[] = {
    {{0}, 8, "this_network"},
    {{10}, 8, "private"},
    {{100, 64}, 10, "shared"},
    {{127}, 8, "loopback"},
    {{169, 254}, 16, "link_local"},
    {{172, 16}, 12, "private"},
    {{192, 0, 0}, 24, "reserved"},
    {{192, 0, 2}, 24, "documentation"},
    {{192, 88, 99}, 24, "reserved"},
    {{192, 168}, 16, "private"},
    {{198, 18}, 15, "benchmark"},
    {{198, 51, 100}, 24, "documentation"},
    {{203, 0, 113}, 24, "documentation"},
    {{224}, 4, "multicast"},
    {{240}, 4, "reserved"},
};

constexpr Prefix kRefused6[] = {
    {{}, 128, "unspecified"},
    {{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1}, 128, "loopback"},
    {{0xfe, 0x80}, 10, "link_local"},
    {{0xfe, 0xc0}, 10, "private"},
    {{0xfc}, 7, "private"},
    {{0xff}, 8, "multicast"},
    {{0x20, 0x01, 0x0d, 0xb8}, 32, "documentation"},
    {{0x3f, 0xff}, 20, "documentation"},
    {{0x20, 0x01, 0, 0}, 32, "tunnel"},
    {{0x20, 0x02}, 16, "tunnel"},
};

constexpr std::array<std::uint8_t, 16> kMapped{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};
constexpr std::array<std::uint8_t, 16> kNat64{0, 0x64, 0xff, 0x9b};
constexpr std::array<std::uint8_t, 16> k6to4{0x20, 0x02};

bool starts_with(const std::array<std::uint8_t, 16>& bytes, const std::array<std::uint8_t, 16>& prefix, int bits) {
  const int whole = bits / 8;
  if (std::memcmp(bytes.data(), prefix.data(), static_cast<std::size_t>(whole)) != 0) return false;
  const int rest = bits % 8;
  if (rest == 0) return true;
  const auto mask = static_cast<std::uint8_t>(0xff << (8 - rest));
  const auto at = static_cast<std::size_t>(whole);
  return (bytes[at] & mask) == (prefix[at] & mask);
}

template <std::size_t Count>
std::optional<std::string_view> find(const Prefix (&table)[Count], const Address& address) {
  for (const Prefix& prefix : table) {
    if (starts_with(address.bytes, prefix.bytes, prefix.bits)) return prefix.reason;
  }
  return std::nullopt;
}

Address embedded(const Address& address, std::size_t at) {
  Address inner;
  std::memcpy(inner.bytes.data(), address.bytes.data() + at, 4);
  return inner;
}

}  // namespace

std::optional<Address> parse_address(std::string_view text) {
  char buffer[INET6_ADDRSTRLEN + 1];
  if (text.empty() || text.size() >= sizeof buffer || text.find('\0') != std::string_view::npos) return std::nullopt;
  std::memcpy(buffer, text.data(), text.size());
  buffer[text.size()] = '\0';
  Address address;
  address.v6 = text.find(':') != std::string_view::npos;
  // glibc's inet_pton takes neither zones, nor leading zeros, nor hex, octal or short forms of IPv4.
  if (inet_pton(address.v6 ? AF_INET6 : AF_INET, buffer, address.bytes.data()) != 1) return std::nullopt;
  return address;
}

std::string address_text(const Address& address) {
  char buffer[INET6_ADDRSTRLEN];
  inet_ntop(address.v6 ? AF_INET6 : AF_INET, address.bytes.data(), buffer, sizeof buffer);
  return buffer;
}

Address unmapped(const Address& address) {
  return address.v6 && starts_with(address.bytes, kMapped, 96) ? embedded(address, 12) : address;
}

std::optional<std::string_view> refused_reason(const Address& address) {
  if (!address.v6) return find(kRefused4, address);
  if (starts_with(address.bytes, kMapped, 96)) return find(kRefused4, embedded(address, 12));
  // What is tunnelled tells more than the tunnel; but a tunnel to a public address is refused too.
  if (starts_with(address.bytes, kNat64, 96)) {
    return find(kRefused4, embedded(address, 12)).value_or("tunnel");
  }
  if (starts_with(address.bytes, k6to4, 16)) {
    return find(kRefused4, embedded(address, 2)).value_or("tunnel");
  }
  if (const auto reason = find(kRefused6, address)) return reason;
  if (starts_with(address.bytes, {}, 96)) return find(kRefused4, embedded(address, 12)).value_or("reserved");
  // Global unicast is 2000::/3; everything else is special or not given out yet (64:ff9b:1::/48, 100::/64, 5f00::/16).
  if ((address.bytes[0] & 0xe0) != 0x20) return "reserved";
  return std::nullopt;
}

}  // namespace ieum::net
