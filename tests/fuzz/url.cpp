// Fuzz target: any bytes as a URL, as an address and as a form. An address that may not be called is refused in every spelling, and in
// every address that holds it; the hub reads no literal that the system does not read as the same.
#include "base/url.hpp"

#include <arpa/inet.h>
#include <netdb.h>

#include <cstring>
#include <memory>

#include "base/encoding.hpp"
#include "fuzz/support.hpp"
#include "net/egress.hpp"

using namespace ieum;
using namespace ieum::net;

namespace {

// What the system reads a host as, without asking a name server.
std::optional<Address> system_reads(const std::string& host) {
  addrinfo hints{};
  hints.ai_flags = AI_NUMERICHOST;
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  if (host.find('\0') != std::string::npos || getaddrinfo(host.c_str(), nullptr, &hints, &found) != 0)
    return std::nullopt;
  const std::unique_ptr<addrinfo, void (*)(addrinfo*)> owner(found, freeaddrinfo);
  Address out;
  out.v6 = found->ai_family == AF_INET6;
  if (out.v6)
    std::memcpy(out.bytes.data(), &reinterpret_cast<const sockaddr_in6*>(found->ai_addr)->sin6_addr, 16);
  else
    std::memcpy(out.bytes.data(), &reinterpret_cast<const sockaddr_in*>(found->ai_addr)->sin_addr, 4);
  return out;
}

Address holding(std::initializer_list<std::uint8_t> head, const Address& v4, std::size_t at) {
  Address out;
  out.v6 = true;
  std::copy(head.begin(), head.end(), out.bytes.begin());
  std::copy_n(v4.bytes.begin(), 4, out.bytes.begin() + static_cast<std::ptrdiff_t>(at));
  return out;
}

void judge(const Address& address) {
  const auto reason = refused_reason(address);
  const auto back = parse_address(address_text(address));
  fuzz::expect(back && *back == address, "an address reads back as its text");
  fuzz::expect(!reason || !reason->empty(), "a refusal has a reason");
  fuzz::expect(refused_reason(unmapped(address)).has_value() == reason.has_value(),
               "a mapped address is what it holds");
  if (address.v6) return;
  fuzz::expect(refused_reason(holding({0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff}, address, 12)).has_value() ==
                   reason.has_value(),
               "mapped into IPv6 it is judged the same");
  fuzz::expect(refused_reason(holding({0, 0x64, 0xff, 0x9b}, address, 12)).has_value(),
               "through NAT64 nothing is called");
  fuzz::expect(refused_reason(holding({0x20, 0x02}, address, 2)).has_value(), "through 6to4 nothing is called");
  fuzz::expect(refused_reason(holding({}, address, 12)).has_value(), "an IPv4-compatible address is not called");
}

void judge_url(std::string_view text) {
  const Result<Url> url = parse_url(text);
  if (!url) {
    fuzz::expect(url.error().code == "bad_url" && !url.error().what.empty(), "an error says what is wrong");
    return;
  }
  fuzz::expect(url->scheme == "http" || url->scheme == "https", "the scheme is http or https");
  fuzz::expect(!url->host.empty() && to_lower_ascii(url->host) == url->host, "the host is there, in lower case");
  fuzz::expect(url->host.find_first_of("@/?#\\ %") == std::string::npos, "the host is nothing but a host");
  fuzz::expect(url->port != 0 && url->target.starts_with('/'), "port and target are there");
  for (const char c : url->target) fuzz::expect(c > 0x20 && c < 0x7f && c != '#', "the target fits a request line");
  const Result<Url> again = parse_url(url->origin() + url->target);
  fuzz::expect(again && again->host == url->host && again->port == url->port && again->target == url->target,
               "what was read is read the same again");
  // A literal is what the system takes it for; any other spelling that the system knows is no literal to the hub, and what it leads to
  // is judged when it was looked up.
  const auto literal = parse_address(url->host);
  const auto read = system_reads(url->host);
  if (literal) fuzz::expect(read && *read == *literal, "the system reads a literal as the same address");
  if (read) judge(*read);
}

void judge_form(std::string_view text) {
  const Result<QueryPairs> pairs = form_decode(text);
  if (!pairs) {
    fuzz::expect(pairs.error().code == "bad_form", "an error says that it is the form");
    return;
  }
  for (const auto& [name, value] : *pairs) fuzz::expect(utf8_valid(name) && utf8_valid(value), "a form is UTF-8");
  const Result<QueryPairs> again = form_decode(form_encode(*pairs));
  // A pair without name and value leaves nothing behind but "=".
  fuzz::expect(again && *again == *pairs, "a form that is written reads as the same");
}

}  // namespace

IEUM_FUZZ_TARGET(url, input) {
  judge_url(input);
  judge_url("http://" + std::string(input) + "/");
  judge_form(input);
  if (const auto address = parse_address(input)) judge(*address);
  if (const auto read = system_reads(std::string(input))) judge(*read);
  Address raw;
  raw.v6 = input.size() >= 16;
  if (input.size() >= 4) {
    std::memcpy(raw.bytes.data(), input.data(), raw.v6 ? 16 : 4);
    judge(raw);
  }
}
