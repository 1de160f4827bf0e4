// TLS on both sides: which certificates the client takes, and what the listener says of its files.
#include <openssl/ssl.h>

#include <boost/test/unit_test.hpp>

#include "net/authority.hpp"
#include "net/calling.hpp"
#include "net/listening.hpp"
#include "net/loop.hpp"
#include "net/socket.hpp"
#include "net/stream.hpp"

namespace ieum::net {
namespace {

using namespace testing;

ListenerOptions with_tls(const CertFiles& files) {
  ListenerOptions options;
  options.tls_cert_file = files.cert;
  options.tls_key_file = files.key;
  return options;
}

ClientOptions trusting(const Authority& authority) {
  ClientOptions options;
  options.extra_ca_file = authority.ca_file();
  return options;
}

std::string tls_url(const Listening& hub, const std::string& path = "/") {
  return "https://127.0.0.1:" + std::to_string(hub.listener->port()) + path;
}

BOOST_AUTO_TEST_SUITE(tls)

BOOST_AUTO_TEST_CASE(a_good_certificate_is_taken_and_the_connection_kept) {
  Authority authority;
  Listening hub(with_tls(authority.issue({})));
  Calling caller(trusting(authority));
  for (int i = 0; i < 3; ++i)
    BOOST_TEST(caller.told(call_to(tls_url(hub, "/a"), "POST", "이음")) == "200 POST /a 이음");
  hub.handler.act = [](IncomingRequest request, std::shared_ptr<Responder> responder) {
    HttpResponse response;
    response.body = std::move(request.http.body);
    responder->send(std::move(response));
  };
  hub.handler.verdict = [](const HttpRequest&) { return RequestHandler::HeadVerdict{8u << 20, nullptr}; };
  const std::string large(5u << 20, 'x');
  BOOST_TEST((caller.told(call_to(tls_url(hub), "POST", large)) == "200 " + large));
}

BOOST_AUTO_TEST_CASE(a_stream_goes_over_TLS) {
  Authority authority;
  Listening hub(with_tls(authority.issue({})));
  hub.handler.act = [](IncomingRequest, std::shared_ptr<Responder> responder) {
    const auto stream = responder->stream({});
    for (int i = 0; i < 100; ++i) stream->write(std::string(1000, 'x'));
  };
  Calling caller(trusting(authority));
  BOOST_TEST(caller.told(call_to(tls_url(hub))) == "200 " + std::string(100'000, 'x'));
}

BOOST_AUTO_TEST_CASE(OUT_08_certificates_that_prove_nothing_are_refused_before_a_byte_of_the_request) {
  Authority authority, other;
  const std::pair<const char*, CertFiles> rows[] = {
      {"expired", authority.issue({.valid_from_s = -7200, .valid_to_s = -60})},
      {"not valid yet", authority.issue({.valid_from_s = 3600, .valid_to_s = 7200})},
      {"of another address", authority.issue({.names = "IP:127.0.0.2"})},
      {"of a name, reached by address", authority.issue({.names = "DNS:127.0.0.1"})},
      {"self-signed", authority.issue({.self_signed = true})},
      {"of an unknown authority", other.issue({})},
      {"of a branch for other names", authority.issue({.permits = "permitted;IP:10.0.0.0/255.0.0.0"})},
      {"of a branch that may not name this", authority.issue({.permits = "excluded;IP:127.0.0.0/255.0.0.0"})},
  };
  for (const auto& [name, files] : rows) {
    Listening hub(with_tls(files));
    Calling caller(trusting(authority));
    BOOST_TEST_CONTEXT(name) {
      const CallResult result = caller.send(call_to(tls_url(hub), "POST", "x"));
      BOOST_TEST(Calling::text(result) == "tls_failed nothing");
      BOOST_TEST(hub.handler.heads == 0);
    }
  }
  // The same roads with nothing wrong on them are taken.
  for (const CertFiles& files : {authority.issue({.names = "IP:127.0.0.1,DNS:other.example"}),
                                 authority.issue({.permits = "permitted;IP:127.0.0.0/255.0.0.0"})}) {
    Listening hub(with_tls(files));
    Calling caller(trusting(authority));
    BOOST_TEST(caller.told(call_to(tls_url(hub), "POST", "x")) == "200 POST / x");
  }
  Listening hub(with_tls(authority.issue({})));
  Calling without;
  BOOST_TEST(without.told(call_to(tls_url(hub))) == "tls_failed nothing");
}

BOOST_AUTO_TEST_CASE(the_failure_says_what_is_wrong_with_the_certificate) {
  Authority authority;
  Listening hub(with_tls(authority.issue({.valid_from_s = -7200, .valid_to_s = -60})));
  Calling caller(trusting(authority));
  const CallResult result = caller.send(call_to(tls_url(hub)));
  const Error error = std::get<CallFailure>(result).error;
  BOOST_TEST(error.what.find("expired") != std::string::npos);
  BOOST_TEST(error.place == "https://127.0.0.1:" + std::to_string(hub.listener->port()));
}

// The client's stream alone, so that a name can be asked for at a loopback address, which calls never do.
struct NamedHandshake final : Waiter, std::enable_shared_from_this<NamedHandshake> {
  std::unique_ptr<Stream> stream;
  Awaited<std::string> result;
  void step() {
    switch (stream->handshake()) {
      case Stream::Handshake::done: return end("done");
      case Stream::Handshake::failed: return end(stream->failure());
      case Stream::Handshake::read_first: return stream->wait(Direction::read, shared_from_this());
      case Stream::Handshake::write_first: return stream->wait(Direction::write, shared_from_this());
    }
  }
  void end(const std::string& text) {
    stream->close();
    result.give(text);
  }
  void on_ready(Direction) override { step(); }
};

std::string shake_hands(Listening& hub, const Authority& authority, const std::string& host) {
  const auto context = make_client_tls(authority.ca_file()).value();
  const auto handshake = std::make_shared<NamedHandshake>();
  hub.io.post([&] {
    const int fd = begin_connect({parse_address("127.0.0.1").value(), hub.listener->port()});
    handshake->stream = tls_client_stream(hub.io.impl().watch(fd), *context, host);
    handshake->step();
  });
  return handshake->result.get();
}

BOOST_AUTO_TEST_CASE(OUT_08_names_are_matched_as_names) {
  Authority authority;
  Listening hub(with_tls(authority.issue({.names = "DNS:hub.example,DNS:*.wild.example"})));
  BOOST_TEST(shake_hands(hub, authority, "hub.example") == "done");
  BOOST_TEST(shake_hands(hub, authority, "a.wild.example") == "done");
  for (const char* host :
       {"other.example", "wild.example", "a.b.wild.example", "hub.example.evil.example", "test server"}) {
    BOOST_TEST_CONTEXT(host) { BOOST_TEST(shake_hands(hub, authority, host).find("certificate") != std::string::npos); }
  }
}

// A TLS server straight from OpenSSL, for what our own listener never does.
void serve_tls(Peer& peer, const CertFiles& files, int newest, const std::string& answer, bool says_goodbye) {
  SSL_CTX* context = SSL_CTX_new(TLS_server_method());
  SSL_CTX_set_min_proto_version(context, TLS1_VERSION);
  SSL_CTX_set_max_proto_version(context, newest);
  SSL_CTX_set_cipher_list(context, "ALL:@SECLEVEL=0");
  SSL_CTX_use_certificate_chain_file(context, files.cert.c_str());
  SSL_CTX_use_PrivateKey_file(context, files.key.c_str(), SSL_FILETYPE_PEM);
  SSL* ssl = SSL_new(context);
  SSL_set_fd(ssl, peer.fd());
  if (SSL_accept(ssl) == 1) {
    char buffer[4096];
    SSL_read(ssl, buffer, sizeof buffer);
    SSL_write(ssl, answer.data(), static_cast<int>(answer.size()));
    if (says_goodbye) SSL_shutdown(ssl);
  }
  SSL_free(ssl);
  SSL_CTX_free(context);
}

BOOST_AUTO_TEST_CASE(OUT_08_old_versions_of_TLS_are_refused) {
  Authority authority;
  const CertFiles files = authority.issue({});
  for (const auto& [newest, told] :
       {std::pair(TLS1_VERSION, "tls_failed nothing"), std::pair(TLS1_1_VERSION, "tls_failed nothing"),
        std::pair(TLS1_2_VERSION, "200 x"), std::pair(TLS1_3_VERSION, "200 x")}) {
    ScriptedServer server([&, version = newest](Peer& peer, int) {
      serve_tls(peer, files, version, "HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nx", true);
    });
    Calling caller(trusting(authority));
    BOOST_TEST(caller.told(call_to("https://127.0.0.1:" + std::to_string(server.port()) + "/", "POST", "x")) == told);
  }
}

BOOST_AUTO_TEST_CASE(OUT_08_a_signature_over_SHA_1_proves_nothing) {
  Authority authority;
  for (const bool sha1 : {true, false}) {
    const CertFiles files = authority.issue({.sha1 = sha1});
    ScriptedServer server([&](Peer& peer, int) {
      serve_tls(peer, files, TLS1_2_VERSION, "HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nx", true);
    });
    Calling caller(trusting(authority));
    BOOST_TEST(caller.told(call_to("https://127.0.0.1:" + std::to_string(server.port()) + "/", "POST", "x")) ==
               (sha1 ? "tls_failed nothing" : "200 x"));
  }
}

BOOST_AUTO_TEST_CASE(a_body_that_ends_with_the_connection_is_whole_only_when_the_server_said_goodbye) {
  Authority authority;
  const CertFiles files = authority.issue({});
  for (const bool goodbye : {true, false}) {
    ScriptedServer server(
        [&](Peer& peer, int) { serve_tls(peer, files, TLS1_3_VERSION, "HTTP/1.1 200 OK\r\n\r\npart", goodbye); });
    Calling caller(trusting(authority));
    BOOST_TEST(caller.told(call_to("https://127.0.0.1:" + std::to_string(server.port()) + "/")) ==
               (goodbye ? "200 part" : "connection_lost maybe"));
  }
}

BOOST_AUTO_TEST_CASE(a_server_without_TLS_and_one_that_hangs_up_fail_the_handshake) {
  Authority authority;
  Calling caller(trusting(authority));
  ScriptedServer plain([](Peer& peer, int) {
    peer.send("HTTP/1.1 400 Bad Request\r\n\r\n");
    peer.read_to_end();
  });
  ScriptedServer closes([](Peer&, int) {});
  ScriptedServer hangs([](Peer& peer, int) { peer.read_to_end(); });
  BOOST_TEST(caller.told(call_to("https://127.0.0.1:" + std::to_string(plain.port()) + "/", "POST", "x")) ==
             "tls_failed nothing");
  BOOST_TEST(caller.told(call_to("https://127.0.0.1:" + std::to_string(closes.port()) + "/", "POST", "x")) ==
             "tls_failed nothing");
  OutboundCall call = call_to("https://127.0.0.1:" + std::to_string(hangs.port()) + "/", "POST", "x");
  call.deadline_for = 50;
  BOOST_TEST(caller.told(call) == "call_timeout nothing");
}

BOOST_AUTO_TEST_CASE(the_listener_closes_what_does_not_speak_TLS) {
  Authority authority;
  ListenerOptions options = with_tls(authority.issue({}));
  options.patience.header_for = 100;
  Listening hub(options);
  BOOST_TEST(hub.exchange("GET / HTTP/1.1\r\nHost: a\r\n\r\n").find("HTTP/1.1 200") == std::string::npos);
  Peer silent = hub.connect();
  BOOST_TEST(silent.ended());
  BOOST_TEST(hub.handler.heads == 0);
}

BOOST_AUTO_TEST_CASE(files_that_cannot_be_used_are_named) {
  Authority authority;
  Io io;
  TestHandler handler;
  const CertFiles good = authority.issue({}), other = authority.issue({});
  const std::string empty = authority.write("empty.pem", "");
  const std::tuple<std::string, std::string, std::string> rows[] = {
      {"/nonexistent/cert.pem", good.key, "/nonexistent/cert.pem"},
      {good.cert, "/nonexistent/key.pem", "/nonexistent/key.pem"},
      {empty, good.key, empty},
      {good.cert, other.key, other.key},
      {good.cert, "", ""},
      {"", good.key, ""},
  };
  for (const auto& [cert, key, place] : rows) {
    ListenerOptions options;
    options.tls_cert_file = cert;
    options.tls_key_file = key;
    const auto made = listen(io, options, handler);
    BOOST_TEST_REQUIRE(made.has_error());
    BOOST_TEST(made.error().code == "tls_file");
    BOOST_TEST(made.error().place == place);
    BOOST_TEST(!made.error().mend.empty());
  }
  ClientOptions options;
  options.extra_ca_file = empty;
  const auto client = make_http_client(io, options);
  BOOST_TEST_REQUIRE(client.has_error());
  BOOST_TEST(client.error().code == "ca_file");
  BOOST_TEST(client.error().place == empty);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace ieum::net
