// Vendors' answers: what is read, what is refused, and that it does not matter how the bytes were cut.
#include "net/answer_reader.hpp"

#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <cstdio>

#include "base/limits.hpp"
#include "net/damage.hpp"

namespace ieum::net {
namespace {

using State = AnswerReader::State;

struct Read {
  State state = State::more;
  bool ended = false;  // by the end of the connection
  HttpResponse answer;
  bool keep_alive = false;
  std::string error;
  std::string rest;
};

// Reads one answer as a connection does, the bytes given in pieces that end at `cuts`; then the connection ends.
Read read_cut(std::string_view bytes, const std::vector<std::size_t>& cuts, std::string_view method = "GET",
              std::size_t body_max = 100) {
  AnswerReader reader;
  reader.begin(method, body_max);
  Read out;
  std::size_t taken = 0;
  for (const std::size_t cut : cuts) {
    std::size_t used = 0;
    const std::string unread(bytes.substr(taken, cut - taken));  // its own memory: reading past it is found by ASan
    out.state = reader.feed(unread, used);
    BOOST_TEST_REQUIRE(used <= unread.size());
    taken += used;
    if (out.state != State::more) break;
    BOOST_TEST_REQUIRE(unread.size() - used < limits::kResponseHeaderBytes);
  }
  if (out.state == State::more) {
    out.ended = true;
    out.state = reader.end();
  }
  out.error = reader.error();
  if (out.state != State::whole) return out;
  out.keep_alive = reader.keep_alive();
  out.answer = reader.take();
  out.rest = bytes.substr(taken);
  return out;
}

Read read(std::string_view bytes, std::string_view method = "GET", std::size_t body_max = 100) {
  return read_cut(bytes, {bytes.size()}, method, body_max);
}

std::vector<std::size_t> cuts_of(std::size_t size, std::size_t piece) {
  std::vector<std::size_t> cuts;
  for (std::size_t at = piece; at < size; at += piece) cuts.push_back(at);
  cuts.push_back(size);
  return cuts;
}

bool is_clean(std::string_view text) {
  return std::none_of(text.begin(), text.end(), [](unsigned char c) { return (c < 0x20 && c != '\t') || c == 0x7f; });
}

std::string tell(const Read& read) {
  if (read.state != State::whole)
    return (read.state == State::bad ? "bad: " : "too large: ") + read.error + (read.ended ? " (end)" : "");
  std::string told = std::to_string(read.answer.status) + (read.keep_alive ? "+" : "-") + (read.ended ? "end" : "");
  for (const auto& [name, value] : read.answer.headers.fields()) {
    BOOST_TEST_REQUIRE((!name.empty() && is_clean(name) && is_clean(value)));
    told += "|" + name + "=" + value;
  }
  return told + "|" + read.answer.body + "|" + read.rest;
}

// The same at every cut in two, and byte by byte.
void check_cuts(const std::string& bytes, const std::string& whole, std::string_view method = "GET") {
  for (std::size_t cut = 1; cut < bytes.size(); ++cut)
    BOOST_TEST_REQUIRE(tell(read_cut(bytes, {cut, bytes.size()}, method)) == whole, "cut at " << cut);
  BOOST_TEST_REQUIRE(tell(read_cut(bytes, cuts_of(bytes.size(), 1), method)) == whole);
}

std::string with(const std::string& lines) { return "HTTP/1.1 200 OK\r\n" + lines + "\r\n"; }
std::string chunked(const std::string& body) { return with("Transfer-Encoding: chunked\r\n") + body; }

BOOST_AUTO_TEST_SUITE(answer_reader)

BOOST_AUTO_TEST_CASE(answers_are_read_by_the_rules_of_their_status_and_method_however_they_were_cut) {
  struct Row {
    const char* name;
    std::string bytes;
    const char* told;
    const char* method = "GET";
  };
  const Row rows[] = {
      {"length", with("X-A:  b \t\r\nContent-Length: 5\r\n") + "hello", "200+|X-A=b|Content-Length=5|hello|"},
      {"more after it", with("Content-Length: 1\r\n") + "aHTTP", "200+|Content-Length=1|a|HTTP"},
      {"no body", with("Content-Length: 0\r\n"), "200+|Content-Length=0||"},
      {"Hangul", "HTTP/1.1 404 찾을 수 없음\r\nX: 이음\r\nContent-Length: 3\r\n\r\n끝",
       "404+|X=이음|Content-Length=3|끝|"},
      {"empty reason", "HTTP/1.1 200 \r\nContent-Length: 1\r\n\r\na", "200+|Content-Length=1|a|"},
      {"folded line", with("X: a\r\n\t b\r\n \r\nContent-Length: 1\r\n") + "c", "200+|X=a b|Content-Length=1|c|"},
      {"empty value", with("X:\r\nContent-Length: 0\r\n"), "200+|X=|Content-Length=0||"},
      {"cookies keep their order", with("Set-Cookie: a\r\nContent-Length: 0\r\nset-cookie: b\r\n"),
       "200+|Set-Cookie=a|set-cookie=b|Content-Length=0||"},
      {"to the end", with("X: a\r\n") + "until the end", "200-end|X=a|until the end|"},
      {"nothing to the end", with(""), "200-end||"},
      {"1.0 to the end", "HTTP/1.0 200 OK\r\nConnection: keep-alive\r\n\r\na", "200-end|Connection=keep-alive|a|"},
      {"1.0 with a length", "HTTP/1.0 200 OK\r\nContent-Length: 1\r\n\r\na", "200-|Content-Length=1|a|"},
      {"1.0 that keeps", "HTTP/1.0 200 OK\r\nConnection: keep-alive\r\nContent-Length: 1\r\n\r\na",
       "200+|Connection=keep-alive|Content-Length=1|a|"},
      {"close", with("Connection: Close\r\nContent-Length: 1\r\n") + "a", "200-|Connection=Close|Content-Length=1|a|"},
      {"204", "HTTP/1.1 204 No Content\r\n\r\n", "204+||"},
      {"304", "HTTP/1.1 304 Not Modified\r\nContent-Length: 9\r\n\r\n", "304+|Content-Length=9||"},
      {"HEAD", with("Content-Length: 9\r\n"), "200+|Content-Length=9||", "HEAD"},
      {"HEAD, no length", with(""), "200+||", "HEAD"},
      {"HEAD after 103", "HTTP/1.1 103 Early Hints\r\n\r\n" + with("Content-Length: 9\r\n"), "200+|Content-Length=9||",
       "HEAD"},
      {"interim answers",
       "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n" + with("Content-Length: 1\r\n") + "a",
       "200+|Content-Length=1|a|"},
      {"chunks", chunked("5\r\nhello\r\n1;name=v ; w\r\n!\r\n00A\r\n0123456789\r\n0\r\n\r\nHTTP"),
       "200+|Transfer-Encoding=chunked|hello!0123456789|HTTP"},
      {"no chunk", chunked("0\r\n\r\n"), "200+|Transfer-Encoding=chunked||"},
      {"no chunk, many zeros", chunked("0000;a\r\n\r\n"), "200+|Transfer-Encoding=chunked||"},
      {"line ends in chunks", chunked("4\r\n\r\n\r\n\r\n0\r\n\r\n"), "200+|Transfer-Encoding=chunked|\r\n\r\n|"},
      {"trailers are dropped", chunked("1\r\na\r\n0\r\nRetry-After: 9\r\nConnection: close\r\nX:\r\n y\r\n\r\n"),
       "200+|Transfer-Encoding=chunked|a|"},
      {"trailers after no chunk", chunked("0\r\nX: y\r\n\r\n"), "200+|Transfer-Encoding=chunked||"},
      {"chunked in capitals", with("TRANSFER-ENCODING: Chunked\r\n") + "0\r\n\r\n", "200+|TRANSFER-ENCODING=Chunked||"},
      // Beast takes these; both can be read in one way alone (RFC 9110, 8.6).
      {"the same length twice", with("Content-Length: 1\r\nContent-Length: 1\r\n") + "a",
       "200+|Content-Length=1|Content-Length=1|a|"},
      {"a list of one length", with("Content-Length: 1, 1\r\n") + "a", "200+|Content-Length=1, 1|a|"},
  };
  for (const Row& row : rows) {
    BOOST_TEST_CONTEXT(row.name) {
      const std::string told = tell(read(row.bytes, row.method));
      BOOST_TEST(told == row.told);
      check_cuts(row.bytes, told, row.method);
    }
  }
}

BOOST_AUTO_TEST_CASE(what_could_be_read_in_two_ways_is_refused_however_it_was_cut) {
  const std::pair<const char*, std::string> rows[] = {
      {"two lengths", with("Content-Length: 3\r\nContent-Length: 4\r\n")},
      {"a zero and a length", with("Content-Length: 0\r\nContent-Length: 3\r\n")},
      {"list of two lengths", with("Content-Length: 3, 4\r\n")},
      {"signed length", with("Content-Length: +5\r\n")},
      {"negative length", with("Content-Length: -5\r\n")},
      {"hex length", with("Content-Length: 0x5\r\n")},
      {"empty length", with("Content-Length:\r\n")},
      {"length of commas", with("Content-Length: ,\r\n")},
      {"length with a blank", with("Content-Length: 1 2\r\n")},
      {"length 2^64", with("Content-Length: 18446744073709551616\r\n")},
      {"length and encoding", with("Content-Length: 3\r\nTransfer-Encoding: chunked\r\n")},
      {"encoding and length", with("Transfer-Encoding: chunked\r\nContent-Length: 3\r\n")},
      {"length and unknown encoding", with("Content-Length: 3\r\nTransfer-Encoding: gzip\r\n")},
      {"gzip", with("Transfer-Encoding: gzip\r\n")},
      {"gzip, chunked", with("Transfer-Encoding: gzip, chunked\r\n")},
      {"chunked, gzip", with("Transfer-Encoding: chunked, gzip\r\n")},
      {"chunked, chunked", with("Transfer-Encoding: chunked, chunked\r\n")},
      {"gzip and chunked", with("Transfer-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n")},
      {"chunked twice", with("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n")},
      {"chunkedx", with("Transfer-Encoding: chunkedx\r\n")},
      {"quoted chunked", with("Transfer-Encoding: \"chunked\"\r\n")},
      {"vertical tab and chunked", with("Transfer-Encoding: \x0b"
                                        "chunked\r\n")},
      {"empty encoding", with("Transfer-Encoding:\r\n")},
      {"encoding of 1.0", "HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"},
      {"conflict in an interim answer", "HTTP/1.1 100 C\r\nTransfer-Encoding: gzip\r\n\r\n" + with("")},
      {"blank before the colon", with("X : b\r\n")},
      {"first line folded", with(" folded: b\r\n")},
      {"bare line feed in a field", with("X: a\nY: b\r\n")},
      {"bare line feeds alone", "HTTP/1.1 200 OK\nX: a\n\n"},
      {"bare line feed after the status", "HTTP/1.1 200 OK\nX: a\r\n\r\n"},
      {"bare return in a value", with("X: a\rb\r\n")},
      {"return, return, feed", with("X: a\r\r\n")},
      {"zero byte in a value", with(std::string("X: a\0b\r\n", 8))},
      {"zero byte in a folded line", with(std::string("X: a\r\n \0b\r\n", 11))},
      {"zero byte in a name", with(std::string("X\0: a\r\n", 7))},
      {"escape in a value", with("X: \x1b[31m\r\n")},
      {"delete byte in a value", with("X: \x7f\r\n")},
      {"control byte in the reason", "HTTP/1.1 200 O\x01K\r\n\r\n"},
      {"no colon", with("X\r\n")},
      {"empty name", with(": b\r\n")},
      {"name in Hangul", with("이름: b\r\n")},
      {"protocol change", "HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\n"},
      {"HTTP/2", "HTTP/2 200 OK\r\n\r\n"},
      {"HTTP/1.2", "HTTP/1.2 200 OK\r\n\r\n"},
      {"no blank after the status", "HTTP/1.1 200\r\n\r\n"},
      {"status of two digits", "HTTP/1.1 20 OK\r\n\r\n"},
      {"status of four digits", "HTTP/1.1 2000 OK\r\n\r\n"},
      {"status 000", "HTTP/1.1 000 OK\r\n\r\n"},
      {"status 099", "HTTP/1.1 099 OK\r\nContent-Length: 1\r\n\r\na"},
      {"status 600", "HTTP/1.1 600 OK\r\n\r\n"},
      {"shout", "ICY 200 OK\r\n\r\n"},
      {"empty line before", "\r\n" + with("")},
      {"SSH", "SSH-2.0-x\r\n"},
      {"TLS", "\x15\x03\x01\x02"},
  };
  for (const auto& [name, bytes] : rows) {
    BOOST_TEST_CONTEXT(name) {
      const Read got = read(bytes);
      BOOST_TEST((got.state == State::bad));
      BOOST_TEST(!got.ended);
      BOOST_TEST(is_clean(got.error));
      check_cuts(bytes, tell(got));
    }
  }
}

BOOST_AUTO_TEST_CASE(broken_chunks_are_refused_however_they_were_cut) {
  for (const char* body :
       {"\r\n\r\n\r\n", "-2\r\n\r\n", "+1\r\na\r\n", "0x1\r\na\r\n\r\n", " 1\r\na\r\n", "1\na\r\n", "1\r\nab\r\n\r\n",
        "1\r\na\n0\r\n\r\n", "1\r\na0\r\n\r\n", "1\r\naXYZ\r\n", "g\r\na\r\n", "10000000000000000\r\na", "1;a\nb\r\n",
        "1;\x01\r\na\r\n", "1\ra\r\n", "0\r\nA: b\n\r\n\r\n", "0\r\nA: \x01\r\n\r\n", "0\r\nA b\r\n\r\n",
        "0\r\nContent-Length: 1\r\n\r\n", "0\r\nTransfer-Encoding: chunked\r\n\r\n",
        // A quoted extension hides where its line ends.
        "1;a=\"b\"\r\nc\r\n0\r\n\r\n", "1;a=\"\r\nc\r\n0\r\n\r\n", "1;a=\"\r\nc\r\n0;\"\r\n\r\n", "0;a=\"b\"\r\n\r\n",
        "2\r\nab\r\n1;a=\"\r\nc\r\n0\r\n\r\n", "0;a=\"\r\n\r\n\"",
        // Beast takes no blanks after a size, though some old servers wrote them.
        "1  \r\na\r\n0\r\n\r\n"}) {
    BOOST_TEST_CONTEXT(body) {
      const std::string bytes = chunked(body);
      const Read got = read(bytes);
      BOOST_TEST((got.state == State::bad));
      BOOST_TEST(!got.ended);
      check_cuts(bytes, tell(got));
    }
  }
}

BOOST_AUTO_TEST_CASE(an_answer_that_ends_too_early_is_no_answer) {
  const std::string interim = "HTTP/1.1 100 Continue\r\n\r\n";
  for (const std::string& whole : {with("Content-Length: 5\r\n") + "hello", chunked("1\r\na\r\n0\r\nX: y\r\n\r\n"),
                                   chunked("0\r\n\r\n"), interim + with("Content-Length: 1\r\n") + "a"}) {
    BOOST_TEST_REQUIRE((read(whole).state == State::whole));
    for (std::size_t size = 0; size < whole.size(); ++size) {
      const std::string bytes = whole.substr(0, size);
      const Read got = read(bytes);
      BOOST_TEST((got.state == State::bad));
      BOOST_TEST(got.ended);
      if (size > 0) check_cuts(bytes, tell(got));
    }
  }
}

BOOST_AUTO_TEST_CASE(the_head_cap_holds_to_the_byte_and_before_the_head_has_ended) {
  constexpr std::size_t kMax = limits::kResponseHeaderBytes;
  const auto head = [](std::size_t size) {
    const std::string rest = with("Content-Length: 0\r\nX: \r\n");
    return with("Content-Length: 0\r\nX: " + std::string(size - rest.size(), 'a') + "\r\n");
  };
  for (const std::size_t piece : {kMax * 2, std::size_t{4096}, std::size_t{1460}}) {
    const auto state = [&](const std::string& bytes) { return read_cut(bytes, cuts_of(bytes.size(), piece)).state; };
    BOOST_TEST((state(head(kMax)) == State::whole));
    BOOST_TEST((state(head(kMax + 1)) == State::too_large));
    BOOST_TEST((state("HTTP/1.1 200 " + std::string(kMax, 'a')) == State::too_large));
    BOOST_TEST((state("HTTP/1.1 200 OK\r\nX" + std::string(kMax, 'a')) == State::too_large));
    std::string lines;
    while (lines.size() < kMax) lines += "X: " + std::string(1000, 'a') + "\r\n";
    BOOST_TEST((state(with(lines)) == State::too_large));
    BOOST_TEST((state(with("X: a\r\n " + std::string(5000, 'b') + "\r\n")) == State::too_large));
  }
  const auto lines = [](std::size_t count) {
    std::string text = "Content-Length: 0\r\n";
    for (std::size_t i = 1; i < count; ++i) text += "a:\r\n";
    return with(text);
  };
  BOOST_TEST((read(lines(256)).state == State::whole));
  BOOST_TEST((read(lines(257)).state == State::too_large));
}

BOOST_AUTO_TEST_CASE(the_body_cap_holds_to_the_byte_and_before_bytes_are_kept) {
  const auto state = [](const std::string& bytes) {
    const State whole = read(bytes, "GET", 5).state;
    BOOST_TEST((read_cut(bytes, cuts_of(bytes.size(), 1), "GET", 5).state == whole));
    return whole;
  };
  BOOST_TEST((state(with("Content-Length: 5\r\n") + "hello") == State::whole));
  BOOST_TEST((state(with("Content-Length: 6\r\n")) == State::too_large));
  BOOST_TEST((state(with("Content-Length: 18446744073709551615\r\n")) == State::too_large));
  BOOST_TEST((state(with("") + "hello") == State::whole));
  BOOST_TEST((state(with("") + "hello!") == State::too_large));
  BOOST_TEST((state(chunked("5\r\nhello\r\n0\r\n\r\n")) == State::whole));
  BOOST_TEST((state(chunked("5\r\nhello\r\n1\r\n!")) == State::too_large));
  BOOST_TEST((state(chunked("ffffffffffffffff\r\n")) == State::too_large));
  BOOST_TEST((read(with("Content-Length: 0\r\n"), "GET", 0).state == State::whole));
}

BOOST_AUTO_TEST_CASE(what_is_written_around_chunks_is_not_kept_without_end) {
  const std::string many(20'000, 'x');
  for (const std::string& body : {"1;" + many, "1" + many, std::string(20'000, '0'), "1\r\na\r\n1;a=\"\r\n" + many,
                                  "0\r\nX: " + many + "\r\n\r\n", "1\r\na\r\n0\r\nX: " + many}) {
    const std::string bytes = chunked(body);
    for (const std::size_t piece : {std::size_t{100'000}, std::size_t{1460}, std::size_t{3}}) {
      const Read got = read_cut(bytes, cuts_of(bytes.size(), piece));
      BOOST_TEST((got.state == State::bad));
      BOOST_TEST(!got.ended);
    }
  }
}

BOOST_AUTO_TEST_CASE(a_large_body_comes_whole_in_all_pieces) {
  std::string body, bytes = with("Transfer-Encoding: chunked\r\n");
  for (int i = 0; i < 40; ++i) {
    const std::string chunk(static_cast<std::size_t>(i) * 100 + 1, static_cast<char>('a' + i % 26));
    char size[16];
    std::snprintf(size, sizeof size, "%zx\r\n", chunk.size());
    body += chunk;
    bytes += size + chunk + "\r\n";
  }
  bytes += "0\r\n\r\n";
  for (const std::size_t piece : {bytes.size(), std::size_t{16'384}, std::size_t{1460}, std::size_t{7}}) {
    const Read got = read_cut(bytes, cuts_of(bytes.size(), piece), "GET", body.size());
    BOOST_TEST((got.state == State::whole));
    BOOST_TEST((got.answer.body == body));
  }
}

BOOST_AUTO_TEST_CASE(a_reader_reads_one_answer_after_another) {
  AnswerReader reader;
  for (const char* method : {"HEAD", "GET", "HEAD", "GET"}) {
    const std::string bytes = with("Content-Length: 1\r\n") + (method == std::string_view("HEAD") ? "" : "a");
    reader.begin(method, 1);
    std::size_t used = 0;
    BOOST_TEST((reader.feed(bytes, used) == State::whole));
    BOOST_TEST(used == bytes.size());
    BOOST_TEST(reader.take().headers.fields().size() == 1u);
  }
  reader.begin("GET", 1);
  std::size_t used = 0;
  BOOST_TEST((reader.feed("nonsense", used) == State::bad));
  reader.begin("GET", 1);
  BOOST_TEST((reader.feed(with("Content-Length: 0\r\n"), used) == State::whole));
  BOOST_TEST(reader.error().empty());
}

BOOST_AUTO_TEST_CASE(damaged_answers_are_read_the_same_in_all_pieces) {
  const std::string messages[] = {
      "HTTP/1.1 100 Continue\r\n\r\n" + with("Content-Length: 5\r\nKeep-Alive: timeout=5\r\n") + "hello",
      with("Transfer-Encoding: chunked\r\nX: a\r\n b\r\n") + "5;x=\"y\"\r\nhello\r\n0\r\n\r\nHTTP/1.1 304 \r\n\r\n",
      chunked("5\r\nhello\r\nA;x=y\r\n0123456789\r\n0\r\nT: 1\r\n\r\n"), chunked("0\r\n\r\n"),
      "HTTP/1.0 200 OK\r\nServer: x\r\n\r\nuntil the end"};
  SeededRandom random(20'260'301);
  int accepted = 0, refused = 0;
  for (std::size_t round = 0; round < 5'000; ++round) {
    const std::string bytes = damage(messages[round % std::size(messages)], random);
    const Read whole = read(bytes, "GET", 64);
    const std::string told = tell(whole);
    BOOST_TEST_REQUIRE(whole.answer.body.size() <= 64u);
    for (const std::size_t piece : {std::size_t{1}, std::size_t{2} + random.next() % 40}) {
      if (tell(read_cut(bytes, cuts_of(bytes.size(), piece), "GET", 64)) != told)
        BOOST_FAIL("another result in pieces of " << piece << ": " << bytes);
    }
    ++(whole.state == State::whole ? accepted : refused);
  }
  BOOST_TEST(accepted > 500);
  BOOST_TEST(refused > 500);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace ieum::net
