// What the listener refuses and what it does not wait for. Its patience is an option, so that no test waits long.
#include <poll.h>
#include <sys/resource.h>

#include <boost/test/unit_test.hpp>
#include <cstdlib>

#include "net/listening.hpp"
#include "support/counts.hpp"

namespace ieum::net {
namespace {

using namespace testing;

ListenerOptions impatient() {
  ListenerOptions options;
  options.patience = {.header_for = 300,
                      .request_for = 400,
                      .slow_after = 50,
                      .bytes_per_second = 0,
                      .idle_for = 300,
                      .write_for = 200,
                      .linger_for = 50};
  return options;
}

std::string chunked(const std::string& chunks) {
  return "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n" + chunks;
}

BOOST_AUTO_TEST_SUITE(listener_limits)

BOOST_AUTO_TEST_CASE(PAR_01_smuggled_and_malformed_framing_gets_400_and_nothing_after_it_is_a_request) {
  Listening hub;
  const std::string next = "GET /smuggled HTTP/1.1\r\nHost: a\r\n\r\n";
  for (const std::string& bytes : {
           "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nContent-Length: 4\r\n\r\n0\r\n\r\n" + next,
           "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\nContent-Length: 0\r\n\r\n" + next,
           "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\nContent-Length: 0\r\n\r\n" + next,
           "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: +0\r\n\r\n" + next,
           "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 0,0\r\n\r\n" + next,
           "POST / HTTP/1.1\r\nHost: a\r\nContent-Length:  5\r\n\r\n" + next,
           "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 0x0\r\n\r\n" + next,
           "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 18446744073709551616\r\n\r\n" + next,
           "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunkedx\r\n\r\n0\r\n\r\n" + next,
           "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n" + next,
           "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding : chunked\r\n\r\n0\r\n\r\n" + next,
           "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: identity\r\n\r\n0\r\n\r\n" + next,
           "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: \tchunked\r\n\r\n0\r\n\r\n" + next,
           "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" +
               next,
           "POST / HTTP/1.1\r\nHost: a\r\nContent-Length : 0\r\n\r\n" + next,
           "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\n\r\n" + next,
           "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 9223372036854775808\r\n\r\n" + next,
           "POST / HTTP/1.1\r\nHost: a\r\nContent-Length:\r\n\r\n" + next,
           "POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + next,
           "GET / HTTP/1.1\r\nHost: a\r\nX: b\r\n folded\r\n\r\n" + next,
           "GET / HTTP/1.1\nHost: a\n\n" + next,
           chunked("-2\r\n") + next,
           chunked("1 \r\na\r\n0\r\n\r\n") + next,
           chunked("1\r\nab\r\n0\r\n\r\n") + next,
       }) {
    BOOST_TEST_CONTEXT(bytes) {
      Peer peer = hub.connect();
      peer.send(bytes);
      const std::string answer = peer.read_to_end();
      BOOST_TEST(answer.starts_with("HTTP/1.1 400 Bad Request\r\n"));
      BOOST_TEST(answer.find("Connection: close\r\n") != std::string::npos);
      BOOST_TEST(answer.find("HTTP/1.1", 1) == std::string::npos);
    }
  }
  BOOST_TEST(hub.handler.requests == 0);
}

// Nothing is ever unpacked, so nothing can grow: an encoded body is refused by its head, whatever it would have been.
BOOST_AUTO_TEST_CASE(ING_12_encoded_bodies_are_refused_by_their_heads) {
  Listening hub;
  const std::string packed(10'000, '\x1f');
  for (const char* encoding : {"gzip", "GZIP", "x-gzip", "deflate", "br", "zstd", "compress", "gzip, gzip", "gzip,br",
                               "identity, gzip", "gzip, identity", "none", ""}) {
    const std::string head = "POST / HTTP/1.1\r\nHost: a\r\nContent-Encoding: " + std::string(encoding) + "\r\n";
    BOOST_TEST_CONTEXT(encoding) {
      for (const std::string& bytes : {head + "Content-Length: 10000\r\n\r\n" + packed,
                                       head + "Transfer-Encoding: chunked\r\n\r\n2710\r\n" + packed + "\r\n0\r\n\r\n",
                                       head + "Content-Encoding: identity\r\nContent-Length: 10000\r\n\r\n" + packed}) {
        Peer peer = hub.connect();
        peer.send(bytes);
        const std::string answer = peer.read_to_end();
        BOOST_TEST(answer.starts_with("HTTP/1.1 415 "));
        BOOST_TEST(answer.find("Connection: close\r\n") != std::string::npos);
        BOOST_TEST(answer.find("HTTP/1.1", 1) == std::string::npos);
      }
    }
  }
  BOOST_TEST(hub.handler.heads == 0);
  BOOST_TEST(hub.exchange("POST / HTTP/1.1\r\nHost: a\r\nContent-Encoding: identity\r\nContent-Length: 1\r\n\r\nx")
                 .starts_with("HTTP/1.1 200 "));
}

BOOST_AUTO_TEST_CASE(unknown_expectations_are_refused) {
  Listening hub;
  BOOST_TEST(hub.exchange("POST / HTTP/1.1\r\nHost: a\r\nExpect: more\r\nContent-Length: 1\r\n\r\nx")
                 .starts_with("HTTP/1.1 417 "));
  BOOST_TEST(hub.handler.heads == 0);
}

BOOST_AUTO_TEST_CASE(ING_07_the_body_cap_holds_to_the_byte) {
  Listening hub;
  constexpr std::size_t kMax = 100'000;
  hub.handler.verdict = [](const HttpRequest&) { return RequestHandler::HeadVerdict{kMax, nullptr}; };
  hub.handler.act = [](IncomingRequest request, std::shared_ptr<Responder> responder) {
    HttpResponse response;
    response.body = std::to_string(request.http.body.size());
    responder->send(std::move(response));
  };
  const auto in_chunks = [](std::size_t size) {
    std::string bytes;
    for (std::size_t at = 0; at < size; at += 50'000) {
      const std::size_t part = std::min<std::size_t>(50'000, size - at);
      char line[32];
      std::snprintf(line, sizeof line, "%zx\r\n", part);
      bytes += line + std::string(part, 'x') + "\r\n";
    }
    return chunked(bytes + "0\r\n\r\n");
  };
  Peer peer = hub.connect();
  peer.send(post("/", std::string(kMax, 'x')));
  BOOST_TEST(peer.read_message() == ok("100000"));
  peer.send(in_chunks(kMax));
  BOOST_TEST(peer.read_message() == ok("100000"));
  for (const std::string& bytes :
       {post("/", std::string(kMax + 1, 'x')), in_chunks(kMax + 1), chunked("fffffff\r\n")}) {
    Peer larger = hub.connect();
    larger.send(bytes);
    const std::string answer = larger.read_to_end();
    BOOST_TEST(answer.starts_with("HTTP/1.1 413 "));
    BOOST_TEST(answer.find("Connection: close\r\n") != std::string::npos);
  }
  BOOST_TEST(hub.handler.requests == 2);
}

BOOST_AUTO_TEST_CASE(ING_07_an_endless_chunked_body_is_read_no_further_than_the_cap_and_some) {
  Listening hub;
  hub.handler.verdict = [](const HttpRequest&) { return RequestHandler::HeadVerdict{100'000, nullptr}; };
  Peer peer = hub.connect();
  peer.send(chunked(""));
  const std::string chunk = "1000\r\n" + std::string(0x1000, 'x') + "\r\n";
  std::size_t taken = 0;
  while (taken < 64u << 20 && peer.send(chunk)) taken += chunk.size();
  BOOST_TEST(taken < 64u << 20);
  BOOST_TEST(hub.handler.requests == 0);
}

BOOST_AUTO_TEST_CASE(heads_are_capped) {
  Listening hub;
  BOOST_TEST(
      hub.exchange("GET /" + std::string(9'000, 'a') + " HTTP/1.1\r\nHost: a\r\n\r\n").starts_with("HTTP/1.1 414 "));
  BOOST_TEST(hub.exchange("GET /" + std::string(9'000, 'a')).starts_with("HTTP/1.1 414 "));
  BOOST_TEST(hub.exchange("GET / HTTP/1.1\r\nHost: a\r\nX: " + std::string(17'000, 'a')).starts_with("HTTP/1.1 431 "));
  std::string many = "GET / HTTP/1.1\r\nHost: a\r\n";
  for (int i = 0; i < 64; ++i) many += "X: 1\r\n";
  BOOST_TEST(hub.exchange(many + "\r\n").starts_with("HTTP/1.1 431 "));
  BOOST_TEST(hub.handler.heads == 0);
}

BOOST_AUTO_TEST_CASE(ING_08_a_client_that_does_not_finish_its_request_is_closed) {
  Listening hub(impatient());
  Peer silent = hub.connect();
  Peer head = hub.connect();
  head.send("POST / HTTP/1.1\r\nHo");
  Peer body = hub.connect();
  body.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\nabc");
  Peer chunks = hub.connect();
  chunks.send(chunked("3\r\nabc\r\n"));
  BOOST_TEST(silent.read_to_end() == "");
  for (Peer* peer : {&head, &body, &chunks}) {
    const std::string answer = peer->read_to_end();
    BOOST_TEST(answer.starts_with("HTTP/1.1 408 "));
    BOOST_TEST(answer.find("Connection: close\r\n") != std::string::npos);
  }
  BOOST_TEST(hub.handler.requests == 0);
}

// Many clients that send a byte now and then, in their heads and in their bodies: each is closed when its time is over, however often
// it sent something, and who asks properly is answered meanwhile. The long form has as many as the listener takes, and its real times.
BOOST_AUTO_TEST_CASE(ING_08_clients_that_drip_are_closed_and_hold_up_nobody) {
  const bool whole = std::getenv("IEUM_LONG") != nullptr;
  const auto kDripping = static_cast<std::size_t>(test::counts::kDripping.now());
  rlimit files{};
  BOOST_REQUIRE(getrlimit(RLIMIT_NOFILE, &files) == 0);
  files.rlim_cur = files.rlim_max;
  setrlimit(RLIMIT_NOFILE, &files);
  ListenerOptions options = whole ? ListenerOptions() : impatient();
  if (!whole) options.patience.header_for = 1'000;
  if (!whole) options.patience.request_for = 1'500;
  options.patience.bytes_per_second = 1'024;
  Listening hub(options);
  std::vector<Peer> peers;
  for (std::size_t i = 0; i < kDripping; ++i) {
    peers.push_back(hub.connect());
    BOOST_REQUIRE(peers.back().send(i % 2 == 0 ? "POST / HTTP/1.1\r\nX: "
                                               : "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 99999\r\n\r\n"));
  }
  std::size_t open = kDripping;
  std::vector<bool> ended(kDripping, false);
  while (open > 0) {
    BOOST_TEST_REQUIRE(hub.exchange("GET / HTTP/1.1\r\nHost: a\r\n\r\n").starts_with("HTTP/1.1 200 "));
    for (std::size_t i = 0; i < kDripping; ++i) {
      if (ended[i]) continue;
      peers[i].send("x");
      pollfd answer{peers[i].fd(), POLLIN, 0};
      if (::poll(&answer, 1, 0) == 0) continue;
      const std::string told = peers[i].read_to_end();  // nothing where it met the byte that came too late
      BOOST_TEST((told.empty() || told.starts_with("HTTP/1.1 408 ")));
      ended[i] = true;
      --open;
    }
    ::poll(nullptr, 0, whole ? 1'000 : 20);  // they send now and then
  }
}

BOOST_AUTO_TEST_CASE(ING_08_a_client_that_drips_its_body_is_closed_for_its_rate) {
  ListenerOptions options = impatient();
  options.patience.request_for = 60'000;
  options.patience.bytes_per_second = 1'000'000;
  Listening hub(options);
  Peer peer = hub.connect();
  peer.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 100000\r\n\r\n");
  peer.send("a");
  BOOST_TEST(peer.read_to_end().starts_with("HTTP/1.1 408 "));
}

BOOST_AUTO_TEST_CASE(an_idle_connection_is_closed_without_a_word) {
  Listening hub(impatient());
  Peer peer = hub.connect();
  peer.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
  BOOST_TEST(peer.read_message() == ok("GET / "));
  BOOST_TEST(peer.ended());
}

BOOST_AUTO_TEST_CASE(a_client_that_does_not_read_its_answer_is_closed) {
  Listening hub(impatient());
  hub.handler.act = [](IncomingRequest, std::shared_ptr<Responder> responder) {
    HttpResponse response;
    response.body.assign(32u << 20, 'x');
    responder->send(std::move(response));
  };
  Peer peer = hub.connect();
  peer.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
  Awaited<bool> drained;
  hub.listener->stop([&] { drained.give(true); });
  BOOST_TEST(drained.get());
  BOOST_TEST(peer.read_to_end().size() < 32u << 20);
}

BOOST_AUTO_TEST_CASE(a_slow_handler_is_waited_for) {
  Listening hub(impatient());
  Awaited<std::shared_ptr<Responder>> held;
  hub.handler.act = [&](IncomingRequest, std::shared_ptr<Responder> responder) { held.give(std::move(responder)); };
  Peer peer = hub.connect();
  peer.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
  const auto responder = held.get();
  Peer other = hub.connect();
  BOOST_TEST(other.ended());  // its header deadline has passed, so the first one's would have too
  responder->send({});
  BOOST_TEST(peer.read_message() == ok(""));
}

BOOST_AUTO_TEST_CASE(connections_beyond_the_limit_are_closed) {
  ListenerOptions options;
  options.connections_max = 2;
  Listening hub(options);
  Peer first = hub.connect();
  Peer second = hub.connect();
  for (Peer* peer : {&first, &second}) {
    peer->send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
    BOOST_TEST(peer->read_message() == ok("GET / "));
  }
  Peer third = hub.connect();
  BOOST_TEST(third.ended());
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace ieum::net
