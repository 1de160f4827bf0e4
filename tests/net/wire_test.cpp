// The listener's HTTP/1.1 framing over bytes: what is read, what is refused, and that it does not matter how the bytes were cut.
#include "net/wire.hpp"

#include <boost/test/unit_test.hpp>

namespace ieum::net {
namespace {

constexpr HeadCaps kCaps{64, 256, 4};

struct Read {
  std::optional<WireError> error;
  RequestHead head;
};

Read read_request(const std::string& text, HeadCaps caps = {8192, 16384, 64}) {
  Read out;
  HeadScan scan(caps);
  const auto state = scan.feed(text);
  if (state == HeadScan::State::bad) {
    out.error = scan.error();
  } else if (state == HeadScan::State::more) {
    out.error = WireError{0, "more is wanted"};
  } else {
    out.error = read_request_head(scan.text(text), out.head);
  }
  return out;
}

int refusal_of(const std::string& text, HeadCaps caps = {8192, 16384, 64}) {
  const Read read = read_request(text, caps);
  return read.error ? read.error->status : 200;
}

std::string with(const std::string& lines) { return "POST /h HTTP/1.1\r\nHost: a\r\n" + lines + "\r\n"; }

struct Body {
  BodyReader::State state;
  std::string text;
  std::size_t used;
};

Body read_body(const std::string& bytes, std::size_t max = 100, std::size_t piece = std::string::npos) {
  BodyReader reader(Framing::chunked, 0, max);
  std::size_t total = 0;
  auto state = BodyReader::State::more;
  for (std::size_t at = 0; at < bytes.size() && state == BodyReader::State::more; at += piece) {
    std::size_t used = 0;
    state = reader.feed(std::string_view(bytes).substr(at, piece), used);
    total += used;
    if (piece == std::string::npos) break;
  }
  return {state, reader.take(), total};
}

BOOST_AUTO_TEST_SUITE(wire)

BOOST_AUTO_TEST_CASE(a_plain_request_is_read) {
  const Read read = read_request(
      "POST /hooks/%EC%9D%B4%EC%9D%8C?a=1 HTTP/1.1\r\nHost: hub.example:8080\r\nX-One:  a b \t\r\nx-name: "
      "이음\r\nEmpty:\r\nContent-Length: 5\r\n\r\n");
  BOOST_TEST_REQUIRE(!read.error.has_value());
  BOOST_TEST(read.head.http.method == "POST");
  BOOST_TEST(read.head.http.target == "/hooks/%EC%9D%B4%EC%9D%8C?a=1");
  BOOST_TEST(read.head.http.headers.get("x-one").value() == "a b");
  BOOST_TEST(read.head.http.headers.get("X-Name").value() == "이음");
  BOOST_TEST(read.head.http.headers.get("empty").value() == "");
  BOOST_TEST((read.head.framing == Framing::length));
  BOOST_TEST(read.head.length == 5u);
  BOOST_TEST(read.head.keep_alive);
}

BOOST_AUTO_TEST_CASE(PAR_01_what_could_be_read_in_two_ways_is_refused) {
  const std::pair<const char*, std::string> rows[] = {
      {"length and encoding", with("Content-Length: 3\r\nTransfer-Encoding: chunked\r\n")},
      {"encoding and length", with("Transfer-Encoding: chunked\r\nContent-Length: 3\r\n")},
      {"two lengths", with("Content-Length: 3\r\nContent-Length: 4\r\n")},
      {"two equal lengths", with("Content-Length: 3\r\nContent-Length: 3\r\n")},
      {"a zero and a length", with("Content-Length: 0\r\nContent-Length: 3\r\n")},
      {"signed length", with("Content-Length: +5\r\n")},
      {"negative length", with("Content-Length: -5\r\n")},
      {"length list", with("Content-Length: 5,5\r\n")},
      {"length list with blank", with("Content-Length: 5, 5\r\n")},
      {"length with more blanks", with("Content-Length:  5\r\n")},
      {"length after a tab", with("Content-Length:\t5\r\n")},
      {"length before a blank", with("Content-Length: 5 \r\n")},
      {"hex length", with("Content-Length: 0x5\r\n")},
      {"empty length", with("Content-Length:\r\n")},
      {"decimal length", with("Content-Length: 5.0\r\n")},
      {"length 2^64", with("Content-Length: 18446744073709551616\r\n")},
      {"length 2^63", with("Content-Length: 9223372036854775808\r\n")},
      {"length in other digits", with("Content-Length: ５\r\n")},
      {"chunkedx", with("Transfer-Encoding: chunkedx\r\n")},
      {"xchunked", with("Transfer-Encoding: xchunked\r\n")},
      {"chunked, identity", with("Transfer-Encoding: chunked, identity\r\n")},
      {"identity, chunked", with("Transfer-Encoding: identity, chunked\r\n")},
      {"gzip, chunked", with("Transfer-Encoding: gzip, chunked\r\n")},
      {"chunked twice", with("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n")},
      {"quoted chunked", with("Transfer-Encoding: \"chunked\"\r\n")},
      {"chunked after two blanks", with("Transfer-Encoding:  chunked\r\n")},
      {"chunked with vertical tab", with("Transfer-Encoding: \x0b"
                                         "chunked\r\n")},
      {"empty encoding", with("Transfer-Encoding:\r\n")},
      {"blank before the colon", with("Transfer-Encoding : chunked\r\n")},
      {"tab before the colon", with("X-A\t: b\r\n")},
      {"folded line", with("X-A: b\r\n c\r\n")},
      {"first field begins with a blank", "GET / HTTP/1.1\r\n Host: a\r\n\r\n"},
      {"encoding of 1.0", "POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n"},
      {"bare line feed in a field", "GET / HTTP/1.1\r\nHost: a\nX: b\r\n\r\n"},
      {"bare line feed of the first line", "GET / HTTP/1.1\nHost: a\r\n\r\n"},
      {"bare line feed at the end", "GET / HTTP/1.1\r\nHost: a\r\n\n"},
      {"bare return in a value", with("X-A: b\rc\r\n")},
      {"return, return, feed", with("X-A: b\r\r\n")},
      {"zero byte in a value", with(std::string("X-A: b\0c\r\n", 10))},
      {"delete byte in a value", with("X-A: b\x7f\r\n")},
      {"no colon", with("X-A\r\n")},
      {"empty name", with(": b\r\n")},
      {"name with a slash", with("X/A: b\r\n")},
      {"name in Hangul", with("이름: b\r\n")},
      {"no host", "GET / HTTP/1.1\r\n\r\n"},
      {"empty host", "GET / HTTP/1.1\r\nHost:\r\n\r\n"},
      {"two hosts", "GET / HTTP/1.1\r\nHost: a\r\nHost: a\r\n\r\n"},
      {"host with a path", "GET / HTTP/1.1\r\nHost: a/b\r\n\r\n"},
      {"host with a user", "GET / HTTP/1.1\r\nHost: u@a\r\n\r\n"},
      {"host list", "GET / HTTP/1.1\r\nHost: a, b\r\n\r\n"},
      {"target of another host", "GET http://b/ HTTP/1.1\r\nHost: a\r\n\r\n"},
      {"two blanks in the first line", "GET  / HTTP/1.1\r\nHost: a\r\n\r\n"},
      {"blank in the target", "GET /a b HTTP/1.1\r\nHost: a\r\n\r\n"},
      {"tab in the first line", "GET\t/ HTTP/1.1\r\nHost: a\r\n\r\n"},
      {"no version", "GET /\r\nHost: a\r\n\r\n"},
      {"no target", "GET HTTP/1.1\r\nHost: a\r\n\r\n"},
      {"blank at the end of the first line", "GET / HTTP/1.1 \r\nHost: a\r\n\r\n"},
      {"lower case version", "GET / http/1.1\r\nHost: a\r\n\r\n"},
      {"version 1.10", "GET / HTTP/1.10\r\nHost: a\r\n\r\n"},
      {"fragment", "GET /#a HTTP/1.1\r\nHost: a\r\n\r\n"},
      {"target without a slash", "GET a HTTP/1.1\r\nHost: a\r\n\r\n"},
      {"target not UTF-8", "GET /\xff HTTP/1.1\r\nHost: a\r\n\r\n"},
      {"CONNECT", "CONNECT a:443 HTTP/1.1\r\nHost: a\r\n\r\n"},
      {"method with a bracket", "G[T / HTTP/1.1\r\nHost: a\r\n\r\n"},
      {"two empty lines before", "\r\n\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n"},
      {"TLS", "\x16\x03\x01\x02"},
  };
  for (const auto& [name, text] : rows) {
    BOOST_TEST_CONTEXT(name) { BOOST_TEST(refusal_of(text) == 400); }
  }
}

BOOST_AUTO_TEST_CASE(what_is_clear_is_taken) {
  const std::pair<const char*, std::string> rows[] = {
      {"1.0 without a host", "GET / HTTP/1.0\r\n\r\n"},
      {"an empty line before", "\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n"},
      {"no blank after the colon", with("Content-Length:5\r\n")},
      {"chunked in capitals", with("TRANSFER-ENCODING: Chunked\r\n")},
      {"target in raw UTF-8", "GET /훅 HTTP/1.1\r\nHost: a\r\n\r\n"},
      {"OPTIONS *", "OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n"},
      {"IPv6 host", "GET / HTTP/1.1\r\nHost: [::1]:8080\r\n\r\n"},
      {"identity", with("Content-Encoding: identity\r\n")},
  };
  for (const auto& [name, text] : rows) {
    BOOST_TEST_CONTEXT(name) { BOOST_TEST(refusal_of(text) == 200); }
  }
  const Read absolute = read_request("GET http://A/b?c=d HTTP/1.1\r\nHost: a\r\n\r\n");
  BOOST_TEST_REQUIRE(!absolute.error.has_value());
  BOOST_TEST(absolute.head.http.target == "/b?c=d");
}

BOOST_AUTO_TEST_CASE(other_refusals_have_their_own_status) {
  BOOST_TEST(refusal_of("GET / HTTP/2.0\r\nHost: a\r\n\r\n") == 505);
  BOOST_TEST(refusal_of(with("Content-Encoding: gzip\r\n")) == 415);
  BOOST_TEST(refusal_of(with("Content-Encoding: gzip, gzip\r\n")) == 415);
  BOOST_TEST(refusal_of(with("Content-Encoding: br\r\n")) == 415);
  BOOST_TEST(refusal_of(with("Expect: a-miracle\r\n")) == 417);
}

BOOST_AUTO_TEST_CASE(caps_hold_to_the_byte_and_before_the_line_has_ended) {
  const auto first_line = [](std::size_t size) { return "GET /" + std::string(size - 14, 'a') + " HTTP/1.1"; };
  BOOST_TEST(refusal_of(first_line(64) + "\r\nHost: a\r\n\r\n", kCaps) == 200);
  BOOST_TEST(refusal_of(first_line(65) + "\r\nHost: a\r\n\r\n", kCaps) == 414);
  BOOST_TEST(refusal_of("GET /" + std::string(70, 'a'), kCaps) == 414);
  const std::string request = "GET / HTTP/1.1\r\n";
  const auto fields = [](std::size_t size) { return "Host: a\r\nX: " + std::string(size - 14, 'b') + "\r\n"; };
  BOOST_TEST(fields(256).size() == 256u);
  BOOST_TEST(refusal_of(request + fields(256) + "\r\n", kCaps) == 200);
  BOOST_TEST(refusal_of(request + fields(257) + "\r\n", kCaps) == 431);
  BOOST_TEST(refusal_of(request + "X: " + std::string(300, 'b'), kCaps) == 431);
  BOOST_TEST(refusal_of(request + "Host: a\r\nA: 1\r\nB: 1\r\nC: 1\r\n\r\n", kCaps) == 200);
  BOOST_TEST(refusal_of(request + "Host: a\r\nA: 1\r\nB: 1\r\nC: 1\r\nD: 1\r\n", kCaps) == 431);
}

BOOST_AUTO_TEST_CASE(keep_alive_follows_version_and_connection) {
  const auto keeps = [](const std::string& text) { return read_request(text).head.keep_alive; };
  BOOST_TEST(keeps(with("")));
  BOOST_TEST(!keeps(with("Connection: close\r\n")));
  BOOST_TEST(!keeps(with("Connection: Upgrade, Close\r\n")));
  BOOST_TEST(!keeps("GET / HTTP/1.0\r\n\r\n"));
  BOOST_TEST(keeps("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n"));
}

BOOST_AUTO_TEST_CASE(PAR_04_a_head_is_found_however_it_was_cut) {
  const std::string text = with("X-A: b\r\nContent-Length: 5\r\n") + "hello";
  for (std::size_t cut = 0; cut <= text.size(); ++cut) {
    HeadScan scan({8192, 16384, 64});
    auto state = scan.feed(std::string_view(text).substr(0, cut));
    if (state == HeadScan::State::more) state = scan.feed(text);
    BOOST_TEST_CONTEXT(cut) {
      BOOST_TEST((state == HeadScan::State::whole));
      BOOST_TEST(text.substr(scan.size()) == "hello");
    }
  }
}

BOOST_AUTO_TEST_CASE(a_refusal_does_not_depend_on_the_cut) {
  for (const std::string& text : {with("X-A: b\nY: c\r\n"), std::string("GET / HTTP/1.1\r\nHost: a\r\n\n"),
                                  with("A: 1\r\nB: 1\r\nC: 1\r\nD: 1\r\n"), "\x01" + std::string(100, 'a')}) {
    HeadScan whole(kCaps);
    BOOST_TEST_REQUIRE((whole.feed(text) == HeadScan::State::bad));
    for (std::size_t cut = 0; cut < text.size(); ++cut) {
      HeadScan scan(kCaps);
      auto state = scan.feed(std::string_view(text).substr(0, cut));
      if (state == HeadScan::State::more) state = scan.feed(text);
      BOOST_TEST((state == HeadScan::State::bad));
      BOOST_TEST(scan.error().status == whole.error().status);
    }
  }
}

BOOST_AUTO_TEST_CASE(chunks_are_joined_however_they_were_cut) {
  const std::string bytes = "5\r\nhello\r\n1;name=\"v; w\"\r\n!\r\n00A\r\n0123456789\r\n0\r\nTrailer: x\r\nB:\r\n\r\n";
  for (std::size_t piece = 1; piece <= bytes.size(); ++piece) {
    const Body body = read_body(bytes, 100, piece);
    BOOST_TEST((body.state == BodyReader::State::whole));
    BOOST_TEST(body.text == "hello!0123456789");
    BOOST_TEST(body.used == bytes.size());
  }
  const Body more = read_body("0\r\n\r\nGET /");
  BOOST_TEST((more.state == BodyReader::State::whole));
  BOOST_TEST(more.used == 5u);
}

BOOST_AUTO_TEST_CASE(broken_chunks_are_refused) {
  for (const std::string& bytes : {std::string("\r\n"),
                                   std::string("-2\r\n"),
                                   std::string("+1\r\na\r\n"),
                                   std::string("0x1\r\na\r\n"),
                                   std::string("1 \r\na\r\n"),
                                   std::string(" 1\r\na\r\n"),
                                   std::string("1\na\r\n"),
                                   std::string("1\r\nab\r\n"),
                                   std::string("1\r\na\n0\r\n\r\n"),
                                   std::string("1\r\na0\r\n\r\n"),
                                   std::string("g\r\n"),
                                   std::string("10000000000000000\r\n"),
                                   std::string("ffffffffffffffff\r\n"),
                                   std::string("0000000000000001\r\na"),
                                   std::string("1;a\nb\r\n"),
                                   std::string("1;\x01\r\na"),
                                   std::string("0\r\n folded\r\n\r\n"),
                                   std::string("0\r\nA: b\n\r\n"),
                                   std::string("0\r\n\n"),
                                   std::string("0\r\nA: \x01\r\n\r\n"),
                                   "1;" + std::string(20'000, 'x'),
                                   "0\r\n" + [] {
                                     std::string lines;
                                     for (int i = 0; i < 20'000; ++i) lines += "a\r\n";
                                     return lines;
                                   }()}) {
    BOOST_TEST_CONTEXT(bytes.substr(0, 20)) {
      BOOST_TEST((read_body(bytes, SIZE_MAX).state == BodyReader::State::bad));
      BOOST_TEST((read_body(bytes, SIZE_MAX, 1).state == BodyReader::State::bad));
    }
  }
}

BOOST_AUTO_TEST_CASE(ING_07_the_body_cap_holds_to_the_byte_and_before_bytes_are_kept) {
  BOOST_TEST((read_body("5\r\nhello\r\n0\r\n\r\n", 5).state == BodyReader::State::whole));
  BOOST_TEST((read_body("5\r\nhello\r\n1\r\n!\r\n0\r\n\r\n", 5).state == BodyReader::State::too_large));
  BOOST_TEST((read_body("fffffffffffffff\r\n", 5).state == BodyReader::State::too_large));
  std::size_t used = 0;
  BOOST_TEST((BodyReader(Framing::length, 5, 5).feed("hello", used) == BodyReader::State::whole));
  BOOST_TEST((BodyReader(Framing::length, 6, 5).feed("", used) == BodyReader::State::too_large));
}

BOOST_AUTO_TEST_CASE(an_answer_is_written_with_the_framing_of_the_connection) {
  HttpResponse response;
  response.status = 202;
  response.headers = {{"Content-Type", "text/plain"},
                      {"content-length", "99"},
                      {"Transfer-Encoding", "gzip"},
                      {"Connection", "upgrade"}};
  std::string out;
  append_response_head(out, response, {false, true, false, 3});
  BOOST_TEST(out == "HTTP/1.1 202 Accepted\r\nContent-Type: text/plain\r\nContent-Length: 3\r\n\r\n");
  out.clear();
  append_response_head(out, {}, {false, false, true, {}});
  append_chunk(out, "0123456789abcdef0");
  append_chunk(out, "");
  BOOST_TEST(out ==
             "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n11\r\n0123456789abcdef0\r\n");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace ieum::net
