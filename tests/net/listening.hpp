// A listener with a handler that a test steers, on a loop of its own.
#pragma once
#include <boost/test/unit_test.hpp>
#include <deque>

#include "net/listener.hpp"
#include "net/sockets.hpp"

namespace ieum::net::testing {

// Echoes method, target, body and peer, or does what `act` says. on_head allows what `verdict` says.
class TestHandler : public RequestHandler {
 public:
  std::function<HeadVerdict(const HttpRequest&)> verdict;
  std::function<void(IncomingRequest, std::shared_ptr<Responder>)> act;
  std::atomic<int> heads = 0;
  std::atomic<int> requests = 0;

  HeadVerdict on_head(const HttpRequest& head, const std::string&) override {
    ++heads;
    return verdict ? verdict(head) : HeadVerdict{};
  }
  void on_request(IncomingRequest request, std::shared_ptr<Responder> responder) override {
    ++requests;
    if (act) return act(std::move(request), std::move(responder));
    HttpResponse response;
    response.body = request.http.method + " " + request.http.target + " " + request.http.body;
    responder->send(std::move(response));
  }
};

struct Listening {
  explicit Listening(ListenerOptions options = {}) {
    auto made = listen(io, std::move(options), handler);
    if (made.has_error()) throw std::runtime_error(made.error().text());
    listener = std::move(*made);
    io.start();
  }
  [[nodiscard]] Peer connect() const { return connect_to(listener->port()); }
  // Sends all at once and reads what comes until the listener closes.
  std::string exchange(std::string_view bytes) const {
    Peer peer = connect();
    peer.send(bytes);
    peer.finish();
    return peer.read_to_end();
  }

  Io io;
  TestHandler handler;
  std::unique_ptr<Listener> listener;
};

inline std::string post(const std::string& path, const std::string& body) {
  return "POST " + path + " HTTP/1.1\r\nHost: a\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
}

inline std::string ok(const std::string& body) {
  return "HTTP/1.1 200 OK\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
}

}  // namespace ieum::net::testing
