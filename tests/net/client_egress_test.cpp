// Where calls may go: a canary listens on loopback and must see no connection, whatever the spelling of its address.
#include <boost/test/unit_test.hpp>

#include "net/calling.hpp"

namespace ieum::net {
namespace {

using namespace testing;

const std::string kOk = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

void answer_all(Peer& peer, int) {
  while (!peer.read_message().empty() && peer.send(kOk)) {}
}

OutboundCall plain_call(const std::string& url) {
  OutboundCall call = call_to(url);
  call.private_addresses_allowed.clear();
  return call;
}

// PORT is the canary's.
const char* const kSpellings[] = {
    // The address itself, and all of 127/8.
    "http://127.0.0.1:PORT/",
    "http://127.0.0.2:PORT/",
    "http://127.1.2.3:PORT/",
    "http://127.255.255.255:PORT/",
    "http://127.0.0.1:PORT",
    "HTTP://127.0.0.1:PORT/",
    "http://127.0.0.1:0PORT/",
    "http://127.0.0.1:PORT/?a=b",
    "http://127.0.0.1:PORT/#a",
    "http://127.0.0.1:PORT/../..",
    // Trailing dots.
    "http://127.0.0.1.:PORT/",
    "http://127.0.0.1..:PORT/",
    "http://localhost.:PORT/",
    "http://127.1.:PORT/",
    "http://.127.0.0.1:PORT/",
    // Short, decimal, octal, hex and mixed forms.
    "http://127.1:PORT/",
    "http://127.0.1:PORT/",
    "http://127:PORT/",
    "http://0:PORT/",
    "http://00:PORT/",
    "http://0x0:PORT/",
    "http://0.0:PORT/",
    "http://0.0.0:PORT/",
    "http://0.0.0.0:PORT/",
    "http://2130706433:PORT/",
    "http://02130706433:PORT/",
    "http://2130706434:PORT/",
    "http://4294967295:PORT/",
    "http://6425673729:PORT/",
    "http://017700000001:PORT/",
    "http://0177.0.0.1:PORT/",
    "http://0177.0.0.01:PORT/",
    "http://00177.0.0.1:PORT/",
    "http://0177.1:PORT/",
    "http://0177.0.1:PORT/",
    "http://0x7f000001:PORT/",
    "http://0x7F000001:PORT/",
    "http://0X7F000001:PORT/",
    "http://0x7f.0.0.1:PORT/",
    "http://0x7f.0x0.0x0.0x1:PORT/",
    "http://0x7f.1:PORT/",
    "http://0x7f.0.1:PORT/",
    "http://127.0x1:PORT/",
    "http://127.0.0x1:PORT/",
    "http://127.0.0.0x1:PORT/",
    "http://127.0.0.01:PORT/",
    "http://127.00.00.01:PORT/",
    "http://127.000.000.001:PORT/",
    "http://0x0000007f.0.0.1:PORT/",
    "http://0x:PORT/",
    "http://127.0.0.1.0x1:PORT/",
    "http://1.127.0.0.1:PORT/",
    "http://127.0.0.256:PORT/",
    "http://256.256.256.256:PORT/",
    // Names.
    "http://localhost:PORT/",
    "http://LOCALHOST:PORT/",
    "http://LocalHost:PORT/",
    "http://loopback.test:PORT/",
    "http://private.test:PORT/",
    "http://metadata.test:PORT/",
    "http://mixed.test:PORT/",
    "http://mixed-last.test:PORT/",
    "http://six.test:PORT/",
    "http://mapped.test:PORT/",
    "http://zero.test:PORT/",
    // IPv6: loopback, unspecified, local, and IPv4 inside.
    "http://[::1]:PORT/",
    "http://[0:0:0:0:0:0:0:1]:PORT/",
    "http://[0000:0000:0000:0000:0000:0000:0000:0001]:PORT/",
    "http://[::0001]:PORT/",
    "http://[::]:PORT/",
    "http://[0::0]:PORT/",
    "http://[0:0:0:0:0:0:0:0]:PORT/",
    "http://[::ffff:127.0.0.1]:PORT/",
    "http://[::FFFF:127.0.0.1]:PORT/",
    "http://[::ffff:7f00:1]:PORT/",
    "http://[::ffff:7F00:0001]:PORT/",
    "http://[0:0:0:0:0:ffff:127.0.0.1]:PORT/",
    "http://[0:0:0:0:0:ffff:7f00:1]:PORT/",
    "http://[::ffff:0.0.0.0]:PORT/",
    "http://[::ffff:10.0.0.1]:PORT/",
    "http://[::ffff:169.254.169.254]:PORT/",
    "http://[::127.0.0.1]:PORT/",
    "http://[::7f00:1]:PORT/",
    "http://[::10.0.0.1]:PORT/",
    "http://[64:ff9b::7f00:1]:PORT/",
    "http://[64:ff9b::127.0.0.1]:PORT/",
    "http://[64:ff9b::a9fe:a9fe]:PORT/",
    "http://[64:ff9b:1::7f00:1]:PORT/",
    "http://[2002:7f00:1::]:PORT/",
    "http://[2002:7f00:0001::1]:PORT/",
    "http://[2002:a00:1::]:PORT/",
    "http://[2002:c0a8:1::]:PORT/",
    "http://[2001:0:7f00:1::]:PORT/",
    "http://[2001:db8::1]:PORT/",
    "http://[fe80::1]:PORT/",
    "http://[fe80::1%25lo]:PORT/",
    "http://[fe80::1%lo]:PORT/",
    "http://[::1%25lo]:PORT/",
    "http://[::1%251]:PORT/",
    "http://[::1%lo]:PORT/",
    "http://[fc00::1]:PORT/",
    "http://[fd00:ec2::254]:PORT/",
    "http://[fec0::1]:PORT/",
    "http://[ff02::1]:PORT/",
    "http://[100::1]:PORT/",
    "http://[5f00::1]:PORT/",
    "http://[3fff::1]:PORT/",
    "http://[::ffff:127.1]:PORT/",
    "http://[::ffff:0177.0.0.1]:PORT/",
    "http://[v1.127]:PORT/",
    "http://[127.0.0.1]:PORT/",
    "http://::1:PORT/",
    // Other ranges.
    "http://10.0.0.1:PORT/",
    "http://100.64.0.1:PORT/",
    "http://169.254.169.254:PORT/latest/meta-data/",
    "http://172.16.0.1:PORT/",
    "http://172.31.255.255:PORT/",
    "http://192.0.0.1:PORT/",
    "http://192.0.2.1:PORT/",
    "http://192.88.99.1:PORT/",
    "http://192.168.0.1:PORT/",
    "http://198.18.0.1:PORT/",
    "http://198.51.100.1:PORT/",
    "http://203.0.113.1:PORT/",
    "http://224.0.0.1:PORT/",
    "http://240.0.0.1:PORT/",
    "http://255.255.255.255:PORT/",
    // Other digits, escapes, users and tricks of reading.
    "http://１２７.０.０.１:PORT/",
    "http://①②⑦.⓪.⓪.①:PORT/",
    "http://127。0。0。1:PORT/",
    "http://ⓛocalhost:PORT/",
    "http://%31%32%37.0.0.1:PORT/",
    "http://127%2e0.0.1:PORT/",
    "http://loc%61lhost:PORT/",
    "http://user@127.0.0.1:PORT/",
    "http://user:pass@127.0.0.1:PORT/",
    "http://8.8.8.8@127.0.0.1:PORT/",
    "http://8.8.8.8:80@127.0.0.1:PORT/",
    "http://example.com@127.0.0.1:PORT/",
    "http://127.0.0.1:PORT@example.com/",
    "http://127.0.0.1\\@example.com/",
    "http://example.com\\@127.0.0.1:PORT/",
    "http:\\\\127.0.0.1:PORT/",
    "http:///127.0.0.1:PORT/",
    "http:127.0.0.1:PORT/",
    "//127.0.0.1:PORT/",
    "127.0.0.1:PORT",
    "http://127.0.0.1 :PORT/",
    " http://127.0.0.1:PORT/",
    "http://127.0.0.1\t:PORT/",
    "http://127.0.0.1\r\n:PORT/",
    "http://127.0.0.1\xc2\xad:PORT/",
    "http://*:PORT/",
    "http://:PORT/",
    "http://127.0.0.1:PORT:80/",
    "https://127.0.0.1:PORT/",
    "gopher://127.0.0.1:PORT/",
    "file:///etc/passwd",
    "ws://127.0.0.1:PORT/",
    "unix:/run/ieum.sock",
};

Result<std::vector<Address>> test_names(const std::string& host) {
  const std::pair<const char*, std::vector<const char*>> names[] = {
      {"loopback.test", {"127.0.0.1"}},
      {"private.test", {"192.168.1.1"}},
      {"metadata.test", {"169.254.169.254"}},
      {"mixed.test", {"127.0.0.1", "8.8.8.8"}},
      {"mixed-last.test", {"8.8.8.8", "2606:4700::1111", "::1"}},
      {"six.test", {"::1"}},
      {"mapped.test", {"::ffff:127.0.0.1"}},
      {"zero.test", {"0.0.0.0"}},
      {"localhost", {"127.0.0.1"}},
      {"localhost.", {"127.0.0.1"}},
  };
  std::vector<Address> addresses;
  for (const auto& [name, texts] : names) {
    if (name != host) continue;
    for (const char* text : texts) addresses.push_back(parse_address(text).value());
  }
  if (addresses.empty()) return Error("resolve_failed", "no such name");
  return addresses;
}

std::string with_port(std::string text, std::uint16_t port) {
  const std::size_t at = text.find("PORT");
  return at == std::string::npos ? text : text.replace(at, 4, std::to_string(port));
}

BOOST_AUTO_TEST_SUITE(client_egress)

BOOST_AUTO_TEST_CASE(OUT_01_no_spelling_of_an_inner_address_is_connected_to) {
  static_assert(std::size(kSpellings) >= 120);
  ScriptedServer canary(answer_all);
  ClientOptions options;
  options.resolve = test_names;
  Calling caller(options);
  for (const char* spelling : kSpellings) {
    const std::string url = with_port(spelling, canary.port());
    BOOST_TEST_CONTEXT(url) {
      const CallResult result = caller.send(plain_call(url));
      BOOST_TEST_REQUIRE(std::holds_alternative<CallFailure>(result));
      const auto& failure = std::get<CallFailure>(result);
      BOOST_TEST((failure.error.code == "egress_refused" || failure.error.code == "bad_url"), failure.error.text());
      BOOST_TEST((failure.sent == CallFailure::Sent::nothing));
    }
  }
  BOOST_TEST(canary.connections() == 0);
}

BOOST_AUTO_TEST_CASE(OUT_01_the_systems_own_names_for_loopback_are_refused) {
  ScriptedServer canary(answer_all);
  Calling caller;
  OutboundCall call = plain_call("http://localhost:" + std::to_string(canary.port()) + "/");
  BOOST_TEST(caller.told(call) == "egress_refused nothing");
  BOOST_TEST(canary.connections() == 0);
}

BOOST_AUTO_TEST_CASE(a_literal_that_the_owner_entered_is_allowed_as_that_literal_only) {
  ScriptedServer canary(answer_all);
  ClientOptions options;
  options.resolve = test_names;
  Calling caller(options);
  const std::string port = std::to_string(canary.port());
  const auto told = [&](const std::string& host, std::vector<std::string> allowed) {
    OutboundCall call = plain_call("http://" + host + ":" + port + "/");
    call.private_addresses_allowed = std::move(allowed);
    return caller.told(call);
  };
  BOOST_TEST(told("127.0.0.1", {"10.0.0.7", "127.0.0.1"}) == "200 ok");
  BOOST_TEST(told("127.0.0.1", {}) == "egress_refused nothing");  // the kept connection of the other is not lent
  BOOST_TEST(told("127.0.0.2", {"127.0.0.1"}) == "egress_refused nothing");
  BOOST_TEST(told("loopback.test", {"127.0.0.1"}) == "egress_refused nothing");
  BOOST_TEST(told("loopback.test", {"loopback.test"}) == "egress_refused nothing");
  BOOST_TEST(told("127.1", {"127.0.0.1", "127.1"}) == "egress_refused nothing");
  BOOST_TEST(told("[::ffff:127.0.0.1]", {"127.0.0.1"}) == "egress_refused nothing");
  BOOST_TEST(told("127.0.0.1", {"127.0.0.0/8", "*", "localhost"}) == "egress_refused nothing");
  BOOST_TEST(canary.connections() == 1);
}

BOOST_AUTO_TEST_CASE(OUT_04_the_hub_never_calls_its_own_listeners) {
  ScriptedServer hub(answer_all);
  ScriptedServer sandbox(answer_all);
  const std::string port = std::to_string(hub.port());
  for (const std::string& own :
       {"127.0.0.1:" + port, "0.0.0.0:" + port, "[::]:" + port, "[::ffff:127.0.0.1]:" + port}) {
    ClientOptions options;
    options.own_addresses = {"10.9.9.9:1", own};
    Calling caller(options);
    OutboundCall call = call_to(hub.url());
    call.private_addresses_allowed = {"127.0.0.1", "0.0.0.0", "::ffff:127.0.0.1"};
    BOOST_TEST_CONTEXT(own) {
      BOOST_TEST(caller.told(call) == "egress_refused nothing");
      call.request.target = "http://0.0.0.0:" + port + "/";
      BOOST_TEST(caller.told(call) == "egress_refused nothing");
      call.request.target = "http://[::ffff:127.0.0.1]:" + port + "/";
      BOOST_TEST(caller.told(call) == "egress_refused nothing");
      BOOST_TEST(caller.told(call_to(sandbox.url())) == "200 ok");
    }
  }
  BOOST_TEST(hub.connections() == 0);
}

BOOST_AUTO_TEST_CASE(OUT_04_the_hub_does_not_call_its_public_name_unless_the_owner_entered_it) {
  ScriptedServer proxy(answer_all);  // in front of the hub, at a public address
  int asked = 0;
  ClientOptions options;
  options.own_name = "hub.example";
  options.own_port = 443;
  options.resolve = [&](const std::string&) -> Result<std::vector<Address>> {
    ++asked;
    return Error("resolve_failed", "no such name");
  };
  Calling caller(options);
  const auto told = [&](const std::string& url, bool allowed = false) {
    OutboundCall call = call_to(url);
    call.own_name_allowed = allowed;
    return caller.told(call);
  };
  for (const char* url :
       {"https://hub.example/hooks/shop", "https://HUB.Example/", "https://hub.example:443/", "https://hub.example./",
        "http://hub.example/", "http://hub.example:80/", "https://hub.example:80/"})
    BOOST_TEST(told(url) == "egress_refused nothing", url);
  BOOST_TEST(asked == 0);
  // Entered for the connection, it is called like another; and so is what only looks like it.
  BOOST_TEST(told("https://hub.example/hooks/shop", true) == "resolve_failed nothing");
  for (const char* url :
       {"https://hub.example:8443/", "https://sub.hub.example/", "https://hub.example.org/", "https://myhub.example/"})
    BOOST_TEST(told(url) == "resolve_failed nothing", url);
  // No leave for the listeners themselves.
  options.own_addresses = {"127.0.0.1:" + std::to_string(proxy.port())};
  Calling guarded(options);
  OutboundCall call = call_to(proxy.url());
  call.own_name_allowed = true;
  BOOST_TEST(guarded.told(call) == "egress_refused nothing");
  for (const char* url : {"unix:/run/ieum.sock", "http+unix://%2Frun%2Fieum.sock/", "http://unix:/run/ieum.sock"})
    BOOST_TEST(caller.told(call_to(url)).ends_with(" nothing"), url);
  BOOST_TEST(proxy.connections() == 0);
}

BOOST_AUTO_TEST_CASE(an_own_address_that_cannot_be_read_is_an_error) {
  Io io;
  for (const char* text : {"127.0.0.1", "localhost:80", "127.0.0.1:", "127.0.0.1:99999", "::1:80", ""}) {
    ClientOptions options;
    options.own_addresses = {text};
    const auto made = make_http_client(io, options);
    BOOST_TEST_REQUIRE(made.has_error());
    BOOST_TEST(made.error().code == "bad_address");
  }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace ieum::net
