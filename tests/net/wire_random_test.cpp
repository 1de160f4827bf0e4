// The listener's framing under damaged bytes: requests are damaged from a seed, and what is read must not depend on where the
// bytes were cut.
#include <boost/test/unit_test.hpp>

#include "base/random.hpp"
#include "net/damage.hpp"
#include "net/wire.hpp"

namespace ieum::net {
namespace {

constexpr HeadCaps kCaps{200, 400, 8};
constexpr std::size_t kBodyMax = 64;

// Reads messages off a stream as a connection does, with the bytes given in pieces; tells all that was read.
class Reader {
 public:
  void feed(std::string_view bytes) {
    unread_.append(bytes);
    while (!over_ && step()) {}
  }
  void end() {
    if (!over_) told_ += "|cut";
  }
  [[nodiscard]] const std::string& told() const { return told_; }

 private:
  bool stop(const std::string& why) {
    told_ += "|" + why;
    over_ = true;
    return false;
  }

  bool step() {
    if (in_body_) {
      std::size_t used = 0;
      const auto state = body_.feed(unread_, used);
      BOOST_TEST_REQUIRE(used <= unread_.size());
      unread_.erase(0, used);
      if (state == BodyReader::State::more) return false;
      if (state != BodyReader::State::whole) return stop(state == BodyReader::State::bad ? "bad body" : "too large");
      const std::string body = body_.take();
      BOOST_TEST_REQUIRE(body.size() <= kBodyMax);
      told_ += "|" + body;
      in_body_ = false;
      return true;
    }
    const auto state = scan_.feed(unread_);
    if (state == HeadScan::State::more) return false;
    if (state == HeadScan::State::bad) return stop(std::to_string(scan_.error().status));
    BOOST_TEST_REQUIRE(scan_.size() <= unread_.size());
    const auto error = take_request();
    unread_.erase(0, scan_.size());
    scan_ = HeadScan(kCaps);
    if (error) return stop(std::to_string(error->status) + std::string(error->what));
    in_body_ = true;
    return true;
  }

  std::optional<WireError> take_request() {
    RequestHead head;
    if (auto error = read_request_head(scan_.text(unread_), head)) return error;
    told_ += "|" + head.http.method + " " + head.http.target + (head.keep_alive ? "+" : "-");
    tell(head.http.headers);
    body_ = BodyReader(head.framing, head.length, kBodyMax);
    return std::nullopt;
  }
  void tell(const Headers& headers) {
    for (const auto& [name, value] : headers.fields()) {
      BOOST_TEST_REQUIRE((is_token(name) && is_field_value(value)));
      told_ += "|" + name + "=" + value;
    }
  }

  std::string unread_;
  std::string told_;
  bool in_body_ = false;
  bool over_ = false;
  HeadScan scan_{kCaps};
  BodyReader body_;
};

std::string read_in_pieces(const std::string& bytes, std::size_t piece) {
  Reader reader;
  for (std::size_t at = 0; at < bytes.size(); at += piece) reader.feed(std::string_view(bytes).substr(at, piece));
  reader.end();
  return reader.told();
}

void check_all(const std::vector<std::string>& messages) {
  SeededRandom random(20'260'301);
  int accepted = 0, refused = 0;
  for (int round = 0; round < 3'000; ++round) {
    const std::string& original = messages[static_cast<std::size_t>(round) % messages.size()];
    const std::string bytes = round < static_cast<int>(messages.size()) ? original : damage(original, random);
    const std::string whole = read_in_pieces(bytes, std::string::npos);
    BOOST_TEST_CONTEXT(bytes) {
      BOOST_TEST_REQUIRE(read_in_pieces(bytes, 1) == whole);
      BOOST_TEST_REQUIRE(read_in_pieces(bytes, 1 + random.next() % 40) == whole);
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
