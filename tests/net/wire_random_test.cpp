// The listener's framing under damaged bytes: requests are damaged from a seed, and what is read must not depend on where the
// bytes were cut.
#include <boost/test/unit_test.hpp>

#include "base/random.hpp"
#include "net/damage.hpp"
#include "net/wire_reader.hpp"

namespace ieum::net {
namespace {

constexpr HeadCaps kCaps{200, 400, 8};
constexpr std::size_t kBodyMax = 64;

void check_all(const std::vector<std::string>& messages) {
  SeededRandom random(20'260'301);
  int accepted = 0, refused = 0;
  for (int round = 0; round < 3'000; ++round) {
    const std::string& original = messages[static_cast<std::size_t>(round) % messages.size()];
    const std::string bytes = round < static_cast<int>(messages.size()) ? original : damage(original, random);
    const std::string whole = read_in_pieces(bytes, std::string::npos, kCaps, kBodyMax);
    BOOST_TEST_CONTEXT(bytes) {
      BOOST_TEST_REQUIRE(read_in_pieces(bytes, 1, kCaps, kBodyMax) == whole);
      BOOST_TEST_REQUIRE(read_in_pieces(bytes, 1 + random.next() % 40, kCaps, kBodyMax) == whole);
    }
    ++(whole.ends_with("|cut") || whole.find("|4") == std::string::npos ? accepted : refused);
  }
  BOOST_TEST(accepted > 100);
  BOOST_TEST(refused > 100);
}

BOOST_AUTO_TEST_SUITE(wire_random)

BOOST_AUTO_TEST_CASE(damaged_requests_are_read_the_same_in_all_pieces) {
  check_all(
      {"POST /hooks/a?b=c HTTP/1.1\r\nHost: hub.example\r\nContent-Type: application/json\r\nContent-Length: "
       "9\r\n\r\n{\"a\": 1}\nGET / HTTP/1.1\r\nHost: a\r\n\r\n",
       "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\nA;x=y\r\n0123456789\r\n0\r\nT: "
       "1\r\n\r\nGET /n HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n",
       "\r\nGET /훅 HTTP/1.0\r\nConnection: keep-alive\r\nX-A: b\r\n\r\nHEAD http://a/ HTTP/1.1\r\nHost: a\r\nExpect: "
       "100-continue\r\n\r\n"});
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace ieum::net
