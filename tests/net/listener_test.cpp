// The listener's conversations: answers, order, streams, stopping.
#include "net/listener.hpp"

#include <boost/test/unit_test.hpp>

#include "net/listening.hpp"

namespace ieum::net {
namespace {

using namespace testing;

BOOST_AUTO_TEST_SUITE(listener)

BOOST_AUTO_TEST_CASE(a_connection_is_kept_and_answers_one_request_after_the_other) {
  Listening hub;
  Peer peer = hub.connect();
  for (const std::string& body : {std::string("하나"), std::string(100'000, 'x'), std::string()}) {
    peer.send(post("/h?a=%20b", body));
    BOOST_TEST(peer.read_message() == ok("POST /h?a=%20b " + body));
  }
}

BOOST_AUTO_TEST_CASE(the_handler_learns_the_peer_and_the_headers_as_sent) {
  Listening hub;
  Awaited<IncomingRequest> seen;
  hub.handler.act = [&](IncomingRequest request, std::shared_ptr<Responder> responder) {
    seen.give(std::move(request));
    responder->send({});
  };
  Peer peer = hub.connect();
  peer.send(
      "DELETE /훅 HTTP/1.1\r\nHost: a\r\nX-Hub-Signature: sha256=00\r\nx-twice: 1\r\nX-Twice: 2\r\nTransfer-Encoding: "
      "chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n");
  const IncomingRequest request = seen.get();
  BOOST_TEST(request.peer_address == "127.0.0.1");
  BOOST_TEST(request.http.method == "DELETE");
  BOOST_TEST(request.http.target == "/훅");
  BOOST_TEST(request.http.body == "abc");
  BOOST_TEST(request.http.headers.count("X-TWICE") == 2u);
  BOOST_TEST(request.http.headers.get("x-hub-signature").value() == "sha256=00");
}

BOOST_AUTO_TEST_CASE(PAR_04_pipelined_requests_are_answered_in_order_wherever_the_bytes_are_cut) {
  Listening hub;
  const std::string bytes =
      post("/1", "one") + "GET /2 HTTP/1.1\r\nHost: a\r\n\r\n" +
      "POST /3 HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nth\r\r\n2\r\nee\r\n0\r\n\r\n";
  const std::string answers = ok("POST /1 one") + ok("GET /2 ") + ok("POST /3 th\ree");
  for (std::size_t cut = 0; cut <= bytes.size(); ++cut) {
    Peer peer = hub.connect();
    peer.send(std::string_view(bytes).substr(0, cut));
    peer.send(std::string_view(bytes).substr(cut));
    peer.finish();
    BOOST_TEST_CONTEXT(cut) { BOOST_TEST(peer.read_to_end() == answers); }
  }
}

BOOST_AUTO_TEST_CASE(PAR_04_a_hundred_pipelined_requests_in_one_segment_or_byte_by_byte_give_the_same) {
  Listening hub;
  std::string bytes, answers;
  for (int i = 0; i < 100; ++i) {
    bytes += post("/" + std::to_string(i), std::to_string(i * i));
    answers += ok("POST /" + std::to_string(i) + " " + std::to_string(i * i));
  }
  BOOST_TEST(hub.exchange(bytes) == answers);
  Peer peer = hub.connect();
  for (const char& c : bytes) peer.send({&c, 1});
  peer.finish();
  BOOST_TEST(peer.read_to_end() == answers);
}

BOOST_AUTO_TEST_CASE(answers_given_later_and_in_another_order_keep_the_order_of_the_requests) {
  Listening hub;
  std::mutex mutex;
  std::condition_variable changed;
  std::vector<std::pair<std::string, std::shared_ptr<Responder>>> held;
  hub.handler.act = [&](IncomingRequest request, std::shared_ptr<Responder> responder) {
    std::lock_guard lock(mutex);
    held.emplace_back(request.http.target, std::move(responder));
    changed.notify_all();
  };
  std::thread other([&] {
    for (int i = 0; i < 50; ++i) {
      std::unique_lock lock(mutex);
      changed.wait(lock, [&] { return !held.empty(); });
      const auto [target, responder] = std::move(held.back());
      held.pop_back();
      lock.unlock();
      HttpResponse response;
      response.body = target;
      responder->send(std::move(response));
    }
  });
  std::string bytes, answers;
  for (int i = 0; i < 50; ++i) {
    bytes += post("/" + std::to_string(i), "b");
    answers += ok("/" + std::to_string(i));
  }
  const std::string got = hub.exchange(bytes);
  other.join();
  BOOST_TEST(got == answers);
}

BOOST_AUTO_TEST_CASE(old_clients_and_those_that_ask_to_close_are_closed) {
  Listening hub;
  Peer old = hub.connect();
  old.send("GET /a HTTP/1.0\r\n\r\n");
  BOOST_TEST(old.read_to_end() == "HTTP/1.1 200 OK\r\nContent-Length: 7\r\nConnection: close\r\n\r\nGET /a ");
  Peer kept = hub.connect();
  kept.send("GET /a HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
  BOOST_TEST(kept.read_message() == "HTTP/1.1 200 OK\r\nContent-Length: 7\r\nConnection: keep-alive\r\n\r\nGET /a ");
  Peer asks = hub.connect();
  asks.send("GET /a HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\nGET /never HTTP/1.1\r\nHost: a\r\n\r\n");
  BOOST_TEST(asks.read_to_end() == "HTTP/1.1 200 OK\r\nContent-Length: 7\r\nConnection: close\r\n\r\nGET /a ");
  hub.handler.act = [](IncomingRequest, std::shared_ptr<Responder> responder) {
    HttpResponse response;
    response.headers.add("Connection", "close");
    responder->send(std::move(response));
  };
  Peer told = hub.connect();
  told.send("GET /a HTTP/1.1\r\nHost: a\r\n\r\n");
  BOOST_TEST(told.read_to_end() == "HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
}

BOOST_AUTO_TEST_CASE(head_requests_and_bodiless_statuses_have_no_body) {
  Listening hub;
  Peer peer = hub.connect();
  peer.send("HEAD /a HTTP/1.1\r\nHost: a\r\n\r\nGET /b HTTP/1.1\r\nHost: a\r\n\r\n");
  BOOST_TEST(peer.read_until("\r\n\r\n") == "HTTP/1.1 200 OK\r\nContent-Length: 8\r\n\r\n");
  BOOST_TEST(peer.read_message() == ok("GET /b "));
  hub.handler.act = [](IncomingRequest, std::shared_ptr<Responder> responder) {
    HttpResponse response;
    response.status = 204;
    response.body = "never";
    responder->send(std::move(response));
  };
  peer.send("GET /c HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
  BOOST_TEST(peer.read_to_end() == "HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n");
}

BOOST_AUTO_TEST_CASE(an_answer_with_a_line_end_in_a_header_is_not_sent) {
  Listening hub;
  hub.handler.act = [](IncomingRequest, std::shared_ptr<Responder> responder) {
    HttpResponse response;
    response.headers.add("X-Receipt", "a\r\nSet-Cookie: b");
    responder->send(std::move(response));
  };
  Peer peer = hub.connect();
  peer.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
  const std::string answer = peer.read_message();
  BOOST_TEST(answer.starts_with("HTTP/1.1 500 "));
  BOOST_TEST(answer.find("Set-Cookie") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_dropped_responder_closes_the_connection) {
  Listening hub;
  hub.handler.act = [](IncomingRequest, std::shared_ptr<Responder>) {};
  Peer peer = hub.connect();
  peer.send(post("/", "a"));
  BOOST_TEST(peer.ended());
}

BOOST_AUTO_TEST_CASE(a_waiting_client_is_told_to_go_on_and_a_refused_one_is_not) {
  Listening hub;
  Peer peer = hub.connect();
  peer.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nExpect: 100-continue\r\n\r\n");
  BOOST_TEST(peer.read_until("\r\n\r\n") == "HTTP/1.1 100 Continue\r\n\r\n");
  peer.send("abc");
  BOOST_TEST(peer.read_message() == ok("POST / abc"));
  peer.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nExpect: 100-continue\r\n\r\nabc");
  BOOST_TEST(peer.read_message() == ok("POST / abc"));
  hub.handler.verdict = [](const HttpRequest&) {
    RequestHandler::HeadVerdict verdict;
    verdict.refuse = std::make_unique<HttpResponse>();
    verdict.refuse->status = 401;
    return verdict;
  };
  peer.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nExpect: 100-continue\r\n\r\n");
  BOOST_TEST(peer.read_to_end() == "HTTP/1.1 401 Unauthorized\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
}

BOOST_AUTO_TEST_CASE(a_request_refused_at_its_head_never_reaches_the_handler_and_its_body_is_not_a_request) {
  Listening hub;
  hub.handler.verdict = [](const HttpRequest& head) {
    RequestHandler::HeadVerdict verdict;
    if (head.target == "/ok") return verdict;
    verdict.refuse = std::make_unique<HttpResponse>();
    verdict.refuse->status = 404;
    return verdict;
  };
  Peer peer = hub.connect();
  peer.send("GET /no HTTP/1.1\r\nHost: a\r\n\r\n" + post("/no", "GET /body HTTP/1.1\r\nHost: a\r\n\r\n") +
            post("/ok", "x"));
  BOOST_TEST(peer.read_message() == "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n");
  BOOST_TEST(peer.read_message() == "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n");
  BOOST_TEST(peer.read_message() == ok("POST /ok x"));
  BOOST_TEST(hub.handler.requests == 1);
  peer.send("POST /no HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n" +
            post("/ok", "x"));
  BOOST_TEST(peer.read_to_end() == "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
  BOOST_TEST(hub.handler.requests == 1);
}

BOOST_AUTO_TEST_CASE(a_stream_goes_on_in_chunks_from_any_thread_and_the_connection_lives_on) {
  Listening hub;
  Awaited<std::shared_ptr<ResponseStream>> given;
  hub.handler.act = [&](IncomingRequest, std::shared_ptr<Responder> responder) {
    HttpResponse head;
    head.headers.add("Content-Type", "text/event-stream");
    head.body = "first";
    given.give(responder->stream(std::move(head)));
  };
  Peer peer = hub.connect();
  peer.send("GET /live HTTP/1.1\r\nHost: a\r\n\r\n");
  const auto stream = given.get();
  BOOST_TEST(peer.read_until("\r\n\r\n") ==
             "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n");
  BOOST_TEST(peer.read_until("first\r\n") == "5\r\nfirst\r\n");
  stream->write("둘");
  BOOST_TEST(peer.read_until("둘\r\n") == "3\r\n둘\r\n");
  stream->write("");
  stream->close();
  BOOST_TEST(peer.read_until("0\r\n\r\n") == "0\r\n\r\n");
  hub.handler.act = nullptr;
  peer.send("GET /next HTTP/1.1\r\nHost: a\r\n\r\n");
  BOOST_TEST(peer.read_message() == ok("GET /next "));
  BOOST_TEST(stream->gone());
  stream->write("late");
}

BOOST_AUTO_TEST_CASE(a_stream_to_an_old_client_ends_with_the_connection) {
  Listening hub;
  hub.handler.act = [&](IncomingRequest, std::shared_ptr<Responder> responder) {
    const auto stream = responder->stream({});
    stream->write("a");
    stream->write("b");
  };
  Peer peer = hub.connect();
  peer.send("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
  BOOST_TEST(peer.read_to_end() == "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\nab");
}

BOOST_AUTO_TEST_CASE(a_stream_learns_that_its_client_has_gone) {
  Listening hub;
  Awaited<std::shared_ptr<ResponseStream>> given;
  hub.handler.act = [&](IncomingRequest, std::shared_ptr<Responder> responder) { given.give(responder->stream({})); };
  Peer peer = hub.connect();
  peer.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
  const auto stream = given.get();
  peer.read_until("\r\n\r\n");
  BOOST_TEST(!stream->gone());
  peer.reset();
  // The listener sees the end on its own thread; each post below comes after one more round of its loop.
  for (int i = 0; i < 100'000 && !stream->gone(); ++i) {
    Awaited<bool> round;
    hub.io.post([&] { round.give(true); });
    round.get();
  }
  BOOST_TEST(stream->gone());
}

BOOST_AUTO_TEST_CASE(a_stream_whose_client_does_not_read_is_cut_off_after_a_megabyte) {
  Listening hub;
  Awaited<std::shared_ptr<ResponseStream>> given;
  hub.handler.act = [&](IncomingRequest, std::shared_ptr<Responder> responder) { given.give(responder->stream({})); };
  Peer peer = hub.connect();
  peer.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
  const auto stream = given.get();
  int written = 0;
  for (; written < 1000 && !stream->gone(); ++written) {
    Awaited<bool> round;
    stream->write(std::string(64 * 1024, 'x'));
    hub.io.post([&] { round.give(true); });
    round.get();
  }
  BOOST_TEST(stream->gone());
  BOOST_TEST(written >= 16);
}

BOOST_AUTO_TEST_CASE(ING_13_stopping_answers_what_is_in_flight_and_takes_nothing_new) {
  Listening hub;
  Awaited<std::shared_ptr<Responder>> held;
  hub.handler.act = [&](IncomingRequest, std::shared_ptr<Responder> responder) { held.give(std::move(responder)); };
  Peer idle = hub.connect();
  Peer half = hub.connect();
  half.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Le");
  Peer busy = hub.connect();
  busy.send(post("/", "a") + post("/pipelined", "b"));
  const auto responder = held.get();
  Awaited<bool> drained;
  hub.listener->stop([&] { drained.give(true); });
  BOOST_TEST(idle.ended());
  BOOST_TEST(half.ended());
  BOOST_CHECK_THROW(hub.connect(), std::runtime_error);
  HttpResponse response;
  response.status = 202;
  responder->send(std::move(response));
  BOOST_TEST(busy.read_to_end() == "HTTP/1.1 202 Accepted\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
  busy.close();
  BOOST_TEST(drained.get());
  BOOST_TEST(hub.handler.requests == 1);
}

BOOST_AUTO_TEST_CASE(stopping_ends_streams) {
  Listening hub;
  std::shared_ptr<ResponseStream> stream;
  hub.handler.act = [&](IncomingRequest, std::shared_ptr<Responder> responder) { stream = responder->stream({}); };
  Peer peer = hub.connect();
  peer.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
  peer.read_until("\r\n\r\n");
  Awaited<bool> drained;
  hub.listener->stop([&] { drained.give(true); });
  BOOST_TEST(peer.read_to_end() == "0\r\n\r\n");
  peer.close();
  BOOST_TEST(drained.get());
  BOOST_TEST(stream->gone());
}

BOOST_AUTO_TEST_CASE(a_responder_may_outlive_its_listener_and_loop) {
  std::shared_ptr<Responder> late;
  std::shared_ptr<ResponseStream> late_stream;
  {
    Listening hub;
    Awaited<std::shared_ptr<Responder>> held;
    hub.handler.act = [&](IncomingRequest request, std::shared_ptr<Responder> responder) {
      if (request.http.target == "/stream")
        late_stream = responder->stream({});
      else
        held.give(std::move(responder));
    };
    Peer streaming = hub.connect();
    streaming.send("GET /stream HTTP/1.1\r\nHost: a\r\n\r\n");
    streaming.read_until("\r\n\r\n");
    Peer peer = hub.connect();
    peer.send(post("/", "a"));
    late = held.get();
    hub.listener.reset();
    BOOST_TEST(peer.ended());
  }
  BOOST_TEST(late_stream->gone());
  late_stream->write("x");
  late->send({});
}

BOOST_AUTO_TEST_CASE(a_port_in_use_and_a_bad_address_say_what_to_do) {
  Listening hub;
  ListenerOptions options;
  options.port = hub.listener->port();
  const auto second = listen(hub.io, options, hub.handler);
  BOOST_TEST_REQUIRE(second.has_error());
  BOOST_TEST(second.error().code == "port_in_use");
  BOOST_TEST(second.error().mend.find("--public") != std::string::npos);
  BOOST_TEST(second.error().place == "127.0.0.1:" + std::to_string(options.port));
  for (const char* host : {"hub.example", "127.1", "", "300.0.0.1"}) {
    options.host = host;
    const auto made = listen(hub.io, options, hub.handler);
    BOOST_TEST_REQUIRE(made.has_error());
    BOOST_TEST(made.error().code == "bad_address");
  }
  options.host = "192.0.2.1";
  BOOST_TEST(listen(hub.io, options, hub.handler).error().code == "bad_address");
}

BOOST_AUTO_TEST_CASE(a_port_can_be_taken_again_at_once) {
  std::uint16_t port = 0;
  {
    Listening hub;
    port = hub.listener->port();
    Peer peer = hub.connect();
    peer.send("GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
    peer.read_to_end();
  }
  ListenerOptions options;
  options.port = port;
  Listening again(options);
  BOOST_TEST(again.listener->port() == port);
}

BOOST_AUTO_TEST_CASE(IPv6_is_listened_on) {
  ListenerOptions options;
  options.host = "::1";
  Io io;
  TestHandler handler;
  auto made = listen(io, options, handler);
  // A machine without IPv6 says so and nothing else.
  if (made.has_error())
    BOOST_TEST(made.error().code == "bad_address");
  else
    BOOST_TEST((*made)->port() != 0);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace ieum::net
