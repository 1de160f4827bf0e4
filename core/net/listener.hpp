// Listener: the HTTP/1.1 server core. Reads with every limit of base/limits.hpp applied while reading, refuses smuggled and
// malformed framing with 400 and a closed connection, and hands whole requests to a handler. Knows no routes.
#pragma once
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "base/error.hpp"
#include "base/http.hpp"
#include "base/limits.hpp"
#include "net/io.hpp"

namespace ieum::net {

struct IncomingRequest {
  HttpRequest http;            // target is path and query exactly as sent; body are the raw bytes
  std::string peer_address;    // "127.0.0.1"
  std::shared_ptr<void> hold;  // of its HeadVerdict
};

// An answer that goes on: server-sent events. Safe after the client has gone (writes do nothing). A client that leaves more than
// a megabyte unread is gone. Dropping the stream closes it. [any-thread]
class ResponseStream {
 public:
  virtual ~ResponseStream() = default;
  virtual void write(std::string chunk) = 0;
  virtual void close() = 0;
  [[nodiscard]] virtual bool gone() const = 0;
};

// The way to answer one request; exactly one of the two is called, from any thread, also after the listener has ended (then
// nothing happens). Dropping it unanswered closes the connection.
// Content-Length, Transfer-Encoding and Connection are the listener's and left out, but "Connection: close" closes.
class Responder {
 public:
  virtual ~Responder() = default;
  virtual void send(HttpResponse response) = 0;
  virtual std::shared_ptr<ResponseStream> stream(HttpResponse head) = 0;
};

class RequestHandler {
 public:
  virtual ~RequestHandler() = default;
  // Before the body is read: the largest body to take, or a response to send instead of reading it (nothing was stored).
  struct HeadVerdict {
    std::size_t body_bytes_max = limits::kBodyBytes;
    std::unique_ptr<HttpResponse> refuse;
    std::shared_ptr<void> hold = {};  // kept while the body is read, and handed on with the request
  };
  virtual HeadVerdict on_head(const HttpRequest& head, const std::string& peer_address) = 0;   // [io thread]
  virtual void on_request(IncomingRequest request, std::shared_ptr<Responder> responder) = 0;  // [io thread]
};

// How long a peer may take. Real monotonic time.
struct ListenerPatience {
  Millis header_for =
      limits::kHeaderDeadlineMs;  // from the first byte of a request (or the connection) to its last header byte
  Millis request_for = limits::kRequestDeadlineMs;  // from the first byte to the last of the body
  Millis slow_after = 5'000;  // from then on at least bytes_per_second, counted from the first byte
  std::int64_t bytes_per_second = 1'024;
  Millis idle_for = 60'000;   // between two requests of a connection
  Millis write_for = 30'000;  // without a byte of an answer taken
  Millis linger_for = 1'000;  // after the last answer, until the peer closes
};

struct ListenerOptions {
  std::string host = "127.0.0.1";
  std::uint16_t port = 0;     // 0: any free one
  std::string tls_cert_file;  // PEM; both or none
  std::string tls_key_file;
  std::size_t connections_max = 4096;
  std::size_t connections_per_address = limits::kConnectionsPerAddress;  // loopback is not counted
  ListenerPatience patience;
};

// Destroyed before its Io and before its handler; that closes what is open, answered or not.
class Listener {
 public:
  virtual ~Listener() = default;
  [[nodiscard]] virtual std::string host() const = 0;
  [[nodiscard]] virtual std::uint16_t port() const = 0;
  // No new connections or requests; requests in flight are answered. Then `drained` is called on the io thread. [any-thread]
  virtual void stop(std::function<void()> drained) = 0;
};

// Errors: "port_in_use" (mend names --public/--admin), "bad_address", "tls_file" with place.
Result<std::unique_ptr<Listener>> listen(Io& io, ListenerOptions options, RequestHandler& handler);

}  // namespace ieum::net
