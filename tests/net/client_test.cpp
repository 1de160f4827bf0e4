// The client's conversations with servers that behave and that do not, and what each failure says about repeating.
#include "net/client.hpp"

#include <sys/socket.h>

#include <boost/test/unit_test.hpp>

#include "net/calling.hpp"

namespace ieum::net {
namespace {

using namespace testing;

const std::string kOk = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

// Answers every request of every connection with the same bytes.
ScriptedServer::Script always(const std::string& answer) {
  return [answer](Peer& peer, int) {
    while (!peer.read_message().empty() && peer.send(answer)) {}
  };
}

// Reads one request, sends the bytes, closes.
ScriptedServer::Script once(const std::string& answer) {
  return [answer](Peer& peer, int) {
    peer.read_message();
    peer.send(answer);
  };
}

BOOST_AUTO_TEST_SUITE(client)

BOOST_AUTO_TEST_CASE(OUT_05_a_request_goes_out_with_exactly_these_bytes) {
  Awaited<std::string> seen;
  ScriptedServer server([&](Peer& peer, int) {
    seen.give(peer.read_message());
    peer.send(kOk);
  });
  Calling caller;
  OutboundCall call = call_to(server.url("/v1/%EC%9D%B4?a=b"), "POST", "{\"이름\":1}");
  call.request.headers = {{"Content-Type", "application/json"}, {"Idempotency-Key", "k-1"}};
  BOOST_TEST(caller.told(call) == "200 ok");
  BOOST_TEST(seen.get() == "POST /v1/%EC%9D%B4?a=b HTTP/1.1\r\nHost: 127.0.0.1:" + std::to_string(server.port()) +
                               "\r\nContent-Type: application/json\r\nIdempotency-Key: k-1\r\nUser-Agent: "
                               "ieum\r\nAccept: */*\r\nContent-Length: 12\r\n\r\n{\"이름\":1}");
}

BOOST_AUTO_TEST_CASE(OUT_05_headers_that_a_recipe_must_not_set_fail_before_anything_is_sent) {
  ScriptedServer server(always(kOk));
  Calling caller;
  const std::pair<std::string, std::string> rows[] = {
      {"X-A", "b\r\nEvil: 1"},
      {"X-A", "b\r\n\r\nGET / HTTP/1.1"},
      {"X-A", "b\nc"},
      {"X-A", std::string("b\0c", 3)},
      {"X\r\nEvil", "b"},
      {"X A", "b"},
      {"", "b"},
      {"Host", "other"},
      {"content-length", "1"},
      {"Transfer-Encoding", "chunked"},
      {"TE", "trailers"},
      {"Connection", "close"},
      {"Accept-Encoding", "gzip"},
      {"Keep-Alive", "timeout=5"},
      {"Upgrade", "h2c"},
      {"Trailer", "X-A"},
      {"Proxy-Connection", "close"},
      {"X-A", "b\rc"},
      {"X-A", "\x7f"},
      {"X-A", "\x1b[2J"},
      {"X:A", "b"},
      {"X\tA", "b"},
      {"헤더", "b"},
  };
  for (const auto& [name, value] : rows) {
    OutboundCall call = call_to(server.url());
    call.request.headers.add(name, value);
    BOOST_TEST_CONTEXT(name) { BOOST_TEST(caller.told(call) == "invalid_header nothing"); }
  }
  BOOST_TEST(caller.told(call_to(server.url(), "GET / HTTP/1.1\r\nX:")) == "invalid_header nothing");
  BOOST_TEST(caller.told(call_to("ftp://127.0.0.1/")) == "bad_url nothing");
  BOOST_TEST(caller.told(call_to("http://user:pass@127.0.0.1/")) == "bad_url nothing");
  BOOST_TEST(server.connections() == 0);
}

BOOST_AUTO_TEST_CASE(every_kind_of_whole_answer_is_taken) {
  const std::pair<std::string, std::string> rows[] = {
      {"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", "200 "},
      {"HTTP/1.1 204 No Content\r\n\r\n", "204 "},
      {"HTTP/1.1 301 Moved\r\nLocation: http://169.254.169.254/\r\nContent-Length: 1\r\n\r\nx", "301 x"},
      {"HTTP/1.1 302 Found\r\nLocation: /again\r\nContent-Length: 0\r\n\r\n", "302 "},
      {"HTTP/1.1 500 \r\nTransfer-Encoding: chunked\r\n\r\n3;x=y\r\n나\r\n2\r\nab\r\n0\r\nT: 1\r\n\r\n", "500 나ab"},
      {"HTTP/1.1 103 Early Hints\r\nLink: a\r\n\r\nHTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: "
       "1\r\n\r\na",
       "200 a"},
      {"HTTP/1.1 200 OK\r\n\r\nto the end", "200 to the end"},
      {"HTTP/1.0 200 OK\r\nContent-Length: 3\r\n\r\nold", "200 old"},
      {"HTTP/1.1 200 OK\r\nContent-Length: 70000\r\n\r\n" + std::string(70000, 'x'), "200 " + std::string(70000, 'x')},
  };
  for (const auto& [answer, told] : rows) {
    ScriptedServer server(once(answer));
    Calling caller;
    BOOST_TEST_CONTEXT(answer.substr(0, 40)) {
      BOOST_TEST(caller.told(call_to(server.url(), "POST", "x")) == told);
      BOOST_TEST(server.connections() == 1);
    }
  }
}

BOOST_AUTO_TEST_CASE(an_answer_is_the_same_wherever_its_bytes_are_cut) {
  const std::string answer =
      "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nTransfer-Encoding: "
      "chunked\r\n\r\n4\r\nhell\r\n1\r\no\r\n0\r\n\r\n";
  std::atomic<std::size_t> cut = 0;
  ScriptedServer server([&](Peer& peer, int) {
    while (!peer.read_message().empty()) {
      const std::size_t at = cut;
      peer.send(std::string_view(answer).substr(0, at));
      peer.send(std::string_view(answer).substr(at));
    }
  });
  Calling caller;
  for (; cut <= answer.size(); ++cut) BOOST_TEST(caller.told(call_to(server.url())) == "200 hello");
  BOOST_TEST(server.connections() == 1);
}

BOOST_AUTO_TEST_CASE(the_answer_to_head_has_no_body) {
  ScriptedServer server(always("HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n"));
  Calling caller;
  BOOST_TEST(caller.told(call_to(server.url(), "HEAD")) == "200 ");
  BOOST_TEST(caller.told(call_to(server.url(), "HEAD")) == "200 ");
  BOOST_TEST(server.connections() == 1);
}

BOOST_AUTO_TEST_CASE(RET_04_a_server_that_breaks_off_leaves_it_open_whether_it_acted) {
  const std::pair<std::string, std::string> rows[] = {
      {"", "connection_lost maybe"},
      {"HTTP/1.1 20", "connection_lost maybe"},
      {"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n", "connection_lost maybe"},
      {"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhell", "connection_lost maybe"},
      {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nhell\r\n", "connection_lost maybe"},
      {"HTTP/1.1 100 Continue\r\n\r\n", "connection_lost maybe"},
  };
  for (const auto& [answer, told] : rows) {
    ScriptedServer server(once(answer));
    Calling caller;
    BOOST_TEST_CONTEXT(answer) {
      BOOST_TEST(caller.told(call_to(server.url(), "POST", "x")) == told);
      BOOST_TEST(caller.told(call_to(server.url(), "GET")) == told);  // a fresh connection: no second try
      BOOST_TEST(server.connections() == 2);
    }
  }
}

BOOST_AUTO_TEST_CASE(an_answer_that_is_not_clear_is_refused) {
  for (const std::string answer :
       {"nonsense\r\n\r\n", "HTTP/1.1 200 OK\nContent-Length: 0\n\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\nabc",
        "HTTP/1.1 200 OK\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n-2\r\n",
        "HTTP/1.1 101 Switching Protocols\r\nUpgrade: h2c\r\n\r\n", "HTTP/1.1 999 Odd\r\n\r\n", "\x15\x03\x01"}) {
    ScriptedServer server(once(answer));
    Calling caller;
    BOOST_TEST_CONTEXT(answer) { BOOST_TEST(caller.told(call_to(server.url(), "POST", "x")) == "bad_answer maybe"); }
  }
}

BOOST_AUTO_TEST_CASE(answers_are_capped_while_they_are_read) {
  const std::pair<std::string, std::string> rows[] = {
      {"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello", "200 hello"},
      {"HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\n", "answer_too_large maybe"},
      {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n", "200 hello"},
      {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n1\r\n", "answer_too_large maybe"},
      {"HTTP/1.1 200 OK\r\n\r\nhello!", "answer_too_large maybe"},
      {"HTTP/1.1 200 OK\r\nX: " + std::string(70'000, 'x'), "answer_too_large maybe"},
  };
  for (const auto& [answer, told] : rows) {
    ScriptedServer server(once(answer));
    Calling caller;
    OutboundCall call = call_to(server.url(), "POST", "x");
    call.response_bytes_max = 5;
    BOOST_TEST_CONTEXT(answer.substr(0, 80)) { BOOST_TEST(caller.told(call) == told); }
  }
}

BOOST_AUTO_TEST_CASE(the_deadline_covers_the_whole_call) {
  ScriptedServer silent([](Peer& peer, int) { peer.read_to_end(); });
  ScriptedServer half([](Peer& peer, int) {
    peer.read_message();
    peer.send("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhe");
    peer.read_to_end();
  });
  // Each byte is an answer of its own to the client's patience; only the whole counts.
  ScriptedServer dripping([](Peer& peer, int) {
    peer.read_message();
    peer.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
    while (peer.send("1\r\nx\r\n")) {}
  });
  for (ScriptedServer* server : {&silent, &half, &dripping}) {
    Calling caller;
    OutboundCall call = call_to(server->url(), "POST", "x");
    call.deadline_for = 300;
    call.response_bytes_max = SIZE_MAX;
    BOOST_TEST(caller.told(call) == "call_timeout maybe");
  }
}

BOOST_AUTO_TEST_CASE(a_call_that_was_still_waiting_at_its_deadline_was_not_sent) {
  ScriptedServer silent([](Peer& peer, int) { peer.read_to_end(); });
  ClientOptions options;
  options.connections_per_host = 1;
  Calling caller(options);
  OutboundCall call = call_to(silent.url(), "POST", "x");
  call.deadline_for = 600;
  const auto first = caller.begin(call);
  call.deadline_for = 50;
  BOOST_TEST(caller.told(call) == "call_timeout nothing");
  BOOST_TEST(Calling::text(first->get()) == "call_timeout maybe");
  BOOST_TEST(silent.connections() == 1);
}

BOOST_AUTO_TEST_CASE(a_closed_port_and_an_unknown_name_mean_nothing_was_sent) {
  std::uint16_t port = 0;
  {
    ScriptedServer gone(always(kOk));
    port = gone.port();
  }
  Calling caller;
  BOOST_TEST(caller.told(call_to("http://127.0.0.1:" + std::to_string(port) + "/", "POST", "x")) ==
             "connect_failed nothing");
  ClientOptions options;
  options.resolve = [](const std::string& host) -> Result<std::vector<Address>> {
    return Error("resolve_failed", "no such host " + host);
  };
  Calling lost(options);
  const CallResult result = lost.send(call_to("https://nowhere.example/", "POST", "x"));
  BOOST_TEST(Calling::text(result) == "resolve_failed nothing");
  BOOST_TEST(std::get<CallFailure>(result).error.place == "https://nowhere.example");
}

BOOST_AUTO_TEST_CASE(connections_are_kept_and_used_again) {
  ScriptedServer server(always(kOk));
  Calling caller;
  for (int i = 0; i < 20; ++i)
    BOOST_TEST(caller.told(call_to(server.url(), i % 2 == 0 ? "POST" : "GET", i % 2 == 0 ? "x" : "")) == "200 ok");
  BOOST_TEST(server.connections() == 1);
}

BOOST_AUTO_TEST_CASE(connections_that_may_not_be_kept_are_not) {
  for (const std::string answer :
       {"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nok",
        "HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\nok", "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nokEXTRA",
        "HTTP/1.1 200 OK\r\nKeep-Alive: timeout=1\r\nContent-Length: 2\r\n\r\nok"}) {
    ScriptedServer server(always(answer));
    Calling caller;
    BOOST_TEST_CONTEXT(answer) {
      for (int i = 0; i < 3; ++i) BOOST_TEST(caller.told(call_to(server.url())) == "200 ok");
      BOOST_TEST(server.connections() == 3);
    }
  }
}

BOOST_AUTO_TEST_CASE(a_resting_connection_is_closed_when_its_time_is_over) {
  Awaited<bool> ended;
  ScriptedServer server([&](Peer& peer, int) {
    peer.read_message();
    peer.send(kOk);
    ended.give(peer.ended());
  });
  ClientOptions options;
  options.idle_for = 20;
  Calling caller(options);
  BOOST_TEST(caller.told(call_to(server.url())) == "200 ok");
  BOOST_TEST(ended.get());
}

// The server reads the second request of a kept connection and closes without a word.
ScriptedServer::Script closes_at_second(bool reads) {
  return [reads](Peer& peer, int index) {
    peer.read_message();
    peer.send(kOk);
    if (index > 0) return;
    if (reads)
      peer.read_message();
    else
      peer.read_until("\r\n");
  };
}

BOOST_AUTO_TEST_CASE(a_kept_connection_that_closes_is_tried_once_more_only_where_that_cannot_act_twice) {
  for (const bool reads : {true, false}) {
    for (const auto& [method, told, connections] :
         {std::tuple("GET", "200 ok", 2), std::tuple("HEAD", "200 ", 2), std::tuple("POST", "connection_lost maybe", 1),
          std::tuple("PUT", "connection_lost maybe", 1), std::tuple("DELETE", "connection_lost maybe", 1)}) {
      ScriptedServer server(closes_at_second(reads));
      Calling caller;
      BOOST_TEST(caller.told(call_to(server.url())) == "200 ok");
      const std::string body = std::string(method) == "POST" ? "x" : "";
      BOOST_TEST_CONTEXT(method) {
        const std::string got = caller.told(call_to(server.url(), method, body));
        BOOST_TEST(got.substr(0, std::string(told).size()) == told);
        BOOST_TEST(server.connections() == connections);
      }
    }
  }
}

BOOST_AUTO_TEST_CASE(a_kept_connection_that_has_closed_is_seen_before_a_post_is_put_on_it) {
  ScriptedServer server([](Peer& peer, int) {
    peer.read_message();
    peer.send(kOk);
    peer.finish();
    peer.read_to_end();  // ends when the client has seen the end
  });
  Calling caller;
  for (int i = 0; i < 20; ++i) {
    const CallResult result = caller.send(call_to(server.url(), "POST", "x"));
    // Where the end arrives after the answer was read and before the next call, that call goes out on a fresh connection.
    const std::string told = Calling::text(result);
    BOOST_TEST((told == "200 ok" || told == "connection_lost maybe"));
  }
  BOOST_TEST(server.connections() >= 10);
}

BOOST_AUTO_TEST_CASE(the_second_try_is_the_last) {
  ScriptedServer server([](Peer& peer, int index) {
    peer.read_message();
    if (index == 0) peer.send(kOk);
    if (index == 0) peer.read_message();
  });
  Calling caller;
  BOOST_TEST(caller.told(call_to(server.url())) == "200 ok");
  BOOST_TEST(caller.told(call_to(server.url())) == "connection_lost maybe");
  BOOST_TEST(server.connections() == 2);
}

BOOST_AUTO_TEST_CASE(an_answer_before_the_request_was_read_is_an_answer) {
  ScriptedServer server([](Peer& peer, int) {
    peer.read_until("\r\n\r\n");
    peer.send("HTTP/1.1 413 Content Too Large\r\nContent-Length: 3\r\n\r\nbig");
    peer.finish();
    peer.read_to_end();
  });
  Calling caller;
  BOOST_TEST(caller.told(call_to(server.url(), "POST", std::string(8u << 20, 'x'))) == "413 big");
}

BOOST_AUTO_TEST_CASE(a_host_gets_no_more_connections_than_its_cap_and_calls_wait_in_order) {
  std::mutex mutex;
  std::vector<std::string> order;
  std::atomic<int> open = 0, most = 0;
  ScriptedServer server([&](Peer& peer, int) {
    for (;;) {
      const std::string request = peer.read_message();
      if (request.empty()) return;
      const int now = ++open;
      int before = most;
      while (before < now && !most.compare_exchange_weak(before, now)) {}
      {
        std::lock_guard lock(mutex);
        order.push_back(request.substr(0, request.find(" HTTP")));
      }
      --open;
      peer.send(kOk);
    }
  });
  ClientOptions options;
  options.connections_per_host = 1;
  Calling caller(options);
  std::vector<std::shared_ptr<Awaited<CallResult>>> calls;
  std::vector<std::string> wanted;
  for (int i = 0; i < 40; ++i) {
    calls.push_back(caller.begin(call_to(server.url("/" + std::to_string(i)))));
    wanted.push_back("GET /" + std::to_string(i));
  }
  for (const auto& call : calls) BOOST_TEST(Calling::text(call->get()) == "200 ok");
  BOOST_TEST(order == wanted, boost::test_tools::per_element());
  BOOST_TEST(most == 1);
  BOOST_TEST(server.connections() == 1);
}

BOOST_AUTO_TEST_CASE(one_host_that_hangs_does_not_hold_up_another) {
  ScriptedServer silent([](Peer& peer, int) { peer.read_to_end(); });
  ScriptedServer good(always(kOk));
  ClientOptions options;
  options.connections_per_host = 3;
  Calling caller(options);
  std::vector<std::shared_ptr<Awaited<CallResult>>> stuck;
  for (int i = 0; i < 200; ++i) {
    OutboundCall call = call_to(silent.url(), "POST", "x");
    call.deadline_for = 400;
    stuck.push_back(caller.begin(std::move(call)));
  }
  for (int i = 0; i < 50; ++i) BOOST_TEST(caller.told(call_to(good.url())) == "200 ok");
  for (const auto& call : stuck) BOOST_TEST(Calling::text(call->get()).starts_with("call_timeout "));
}

BOOST_AUTO_TEST_CASE(a_client_that_ends_abandons_its_calls) {
  ScriptedServer silent([](Peer& peer, int) { peer.read_to_end(); });
  std::atomic<int> told = 0;
  {
    Calling caller;
    for (int i = 0; i < 20; ++i) caller.client->send(call_to(silent.url()), [&](CallResult) { ++told; });
    caller.client.reset();
  }
  BOOST_TEST(told == 0);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace ieum::net
