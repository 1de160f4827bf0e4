// Which addresses the hub may connect to, over their spellings.
#include "net/egress.hpp"

#include <boost/test/unit_test.hpp>

namespace ieum::net {
namespace {

BOOST_AUTO_TEST_SUITE(egress)

BOOST_AUTO_TEST_CASE(OUT_01_every_special_range_is_refused_from_its_first_to_its_last_address) {
  struct Row {
    const char* address;
    const char* reason;
  };
  const Row rows[] = {
      {"0.0.0.0", "this_network"},
      {"0.255.255.255", "this_network"},
      {"10.0.0.0", "private"},
      {"10.255.255.255", "private"},
      {"100.64.0.0", "shared"},
      {"100.127.255.255", "shared"},
      {"127.0.0.1", "loopback"},
      {"127.255.255.255", "loopback"},
      {"169.254.0.0", "link_local"},
      {"169.254.169.254", "link_local"},
      {"169.254.255.255", "link_local"},
      {"172.16.0.0", "private"},
      {"172.31.255.255", "private"},
      {"192.0.0.0", "reserved"},
      {"192.0.0.255", "reserved"},
      {"192.0.2.1", "documentation"},
      {"192.88.99.1", "reserved"},
      {"192.168.0.0", "private"},
      {"192.168.255.255", "private"},
      {"198.18.0.0", "benchmark"},
      {"198.19.255.255", "benchmark"},
      {"198.51.100.7", "documentation"},
      {"203.0.113.255", "documentation"},
      {"224.0.0.1", "multicast"},
      {"239.255.255.255", "multicast"},
      {"240.0.0.0", "reserved"},
      {"255.255.255.255", "reserved"},
      {"::", "unspecified"},
      {"::1", "loopback"},
      {"0:0:0:0:0:0:0:1", "loopback"},
      {"fe80::1", "link_local"},
      {"febf:ffff::", "link_local"},
      {"fec0::1", "private"},
      {"fc00::", "private"},
      {"fdff:ffff::1", "private"},
      {"ff02::1", "multicast"},
      {"2001:db8::1", "documentation"},
      {"2001:db8:ffff::", "documentation"},
      {"3fff::1", "documentation"},
      {"3fff:fff::", "documentation"},
      {"2001:0:4136:e378:8000:63bf:3fff:fdd2", "tunnel"},
      {"100::1", "reserved"},
      {"5f00::1", "reserved"},
      {"64:ff9b:1::1", "reserved"},
      {"4000::1", "reserved"},
      {"::2", "this_network"},
      {"::ffff:127.0.0.1", "loopback"},
      {"::ffff:7f00:1", "loopback"},
      {"::ffff:a00:1", "private"},
      {"0:0:0:0:0:ffff:169.254.169.254", "link_local"},
      {"::127.0.0.1", "loopback"},
      {"::7f00:1", "loopback"},
      {"::10.0.0.1", "private"},
      {"::8.8.8.8", "reserved"},
      {"64:ff9b::7f00:1", "loopback"},
      {"64:ff9b::127.0.0.1", "loopback"},
      {"64:ff9b::c0a8:1", "private"},
      {"64:ff9b::8.8.8.8", "tunnel"},
      {"2002:7f00:1::", "loopback"},
      {"2002:c0a8:101::1", "private"},
      {"2002:808:808::", "tunnel"},
  };
  for (const Row& row : rows) {
    BOOST_TEST_CONTEXT(row.address) {
      const auto address = parse_address(row.address);
      BOOST_TEST_REQUIRE(address.has_value());
      BOOST_TEST(refused_reason(*address).value_or("public") == row.reason);
    }
  }
}

BOOST_AUTO_TEST_CASE(the_neighbours_of_the_ranges_are_public) {
  for (const char* text :
       {"1.0.0.0",         "9.255.255.255",   "11.0.0.0",     "100.63.255.255",  "100.128.0.0",     "126.255.255.255",
        "128.0.0.0",       "169.253.255.255", "169.255.0.0",  "172.15.255.255",  "172.32.0.0",      "192.0.1.0",
        "192.0.3.0",       "192.88.98.255",   "192.88.100.0", "192.167.255.255", "192.169.0.0",     "198.17.255.255",
        "198.20.0.0",      "198.51.99.255",   "198.51.101.0", "203.0.112.255",   "203.0.114.0",     "223.255.255.255",
        "2001:db7:ffff::", "2001:db9::",      "2001:1::1",    "2003::",          "2606:4700::1111", "3ffe::1",
        "3fff:1000::",     "::ffff:8.8.8.8"}) {
    BOOST_TEST_CONTEXT(text) {
      const auto address = parse_address(text);
      BOOST_TEST_REQUIRE(address.has_value());
      BOOST_TEST(refused_reason(*address).value_or("public") == "public");
    }
  }
}

BOOST_AUTO_TEST_CASE(OUT_01_only_plain_spellings_are_addresses) {
  for (const char* text : {"",
                           "0",
                           "127.1",
                           "127.0.1",
                           "2130706433",
                           "0x7f000001",
                           "0x7f.0.0.1",
                           "0177.0.0.1",
                           "127.0.0.01",
                           "127.0.0.001",
                           "127.0.0.1.",
                           "127.0.0.256",
                           " 127.0.0.1",
                           "127.0.0.1 ",
                           "1.2.3.4.5",
                           "1..2.3",
                           "[::1]",
                           "::1%lo",
                           "fe80::1%eth0",
                           "fe80::1%25eth0",
                           "::ffff:127.1",
                           "::ffff:0177.0.0.1",
                           ":::",
                           "1::2::3",
                           "12345::",
                           "1:2:3:4:5:6:7:8:9",
                           "g::",
                           "localhost",
                           "１２７.0.0.1",
                           "127。0。0。1",
                           "①②⑦.0.0.1"}) {
    BOOST_TEST_CONTEXT(text) { BOOST_TEST(!parse_address(text).has_value()); }
  }
  BOOST_TEST(!parse_address(std::string_view("127.0.0.1\0", 10)).has_value());
}

BOOST_AUTO_TEST_CASE(an_address_reads_back_as_its_text) {
  for (const char* text : {"127.0.0.1", "255.255.255.255", "::", "::1", "2001:db8::7f00:1", "fe80::1"}) {
    BOOST_TEST(address_text(parse_address(text).value()) == text);
  }
  BOOST_TEST(address_text(unmapped(parse_address("::ffff:10.1.2.3").value())) == "10.1.2.3");
  BOOST_TEST(address_text(unmapped(parse_address("2001:db8::1").value())) == "2001:db8::1");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace ieum::net
