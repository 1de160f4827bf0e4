// HttpClient: the hub's one way out. HTTP/1.1 over TCP or TLS (system CAs and extra ones), keep-alive pool, whole-call
// deadline, response caps, egress guard on the resolved address. Follows no redirects: a 3xx is an answer. Decompresses nothing
// and asks for nothing compressed (an Accept-Encoding other than identity is "invalid_header").
#pragma once
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <variant>
#include <vector>

#include "base/clock.hpp"
#include "base/error.hpp"
#include "base/http.hpp"
#include "base/limits.hpp"
#include "net/egress.hpp"
#include "net/io.hpp"

namespace ieum::net {

// Whose call it is, for who stands in for the network (trials). Never sent.
struct CallOrigin {
  std::int64_t run = 0;   // 0: no run's
  std::string step;       // id in the recipe
  std::string operation;  // "kakao.alimtalk.send"
  std::string key;        // the step's idempotency key
  bool looks_up = false;  // asks what became of an earlier call; `operation` is then the one that asks
};

struct OutboundCall {
  HttpRequest request;                            // absolute URL in target; credentials already in place
  Millis deadline_for = limits::kCallDeadlineMs;  // from send() to the last byte of the answer
  std::size_t response_bytes_max = limits::kResponseBodyBytes;
  // Private or loopback literal addresses ("127.0.0.1", "10.0.0.7") that the owner entered for this connection.
  std::vector<std::string> private_addresses_allowed;
  bool own_name_allowed = false;  // the owner entered the hub's public address for this connection
  CallOrigin origin = {};
};

// Why there is no answer. `sent` is what decides whether repeating can act twice.
struct CallFailure {
  enum class Sent {
    nothing,  // no byte of the request left: safe to repeat
    maybe,    // bytes left and no whole answer came: the vendor may have acted
  };
  Sent sent = Sent::nothing;
  // Codes: egress_refused, resolve_failed, connect_failed, tls_failed, call_timeout, connection_lost, answer_too_large, bad_answer,
  // invalid_header, bad_url. The place is the origin.
  Error error;
};

using CallResult = std::variant<HttpResponse, CallFailure>;

// Destroyed before its Io. Calls in flight are then abandoned, as after a crash: their done is not called.
class HttpClient {
 public:
  virtual ~HttpClient() = default;
  // done is called once, on the client's thread. Waits in a queue while the host has its cap of calls in flight. [any-thread]
  virtual void send(OutboundCall call, std::function<void(CallResult)> done) = 0;
};

struct ClientOptions {
  std::string extra_ca_file;  // PEM; "" is none
  std::size_t connections_per_host = limits::kConnectionsPerHost;
  Millis idle_for = 30'000;  // a pooled connection older than this is closed
  std::string user_agent = "ieum";
  // "ip:port" that the hub listens on ("0.0.0.0:80": on every interface): always refused, also where the address is allowed.
  std::vector<std::string> own_addresses;
  // The name by which the world reaches the hub, and its port: refused unless the call allows it. "" is not known.
  std::string own_name = {};
  std::uint16_t own_port = 443;
  // Instead of the system's resolver; called on a thread of the client, may block.
  std::function<Result<std::vector<Address>>(const std::string& host)> resolve;
};

// A call on a pooled connection that the server closed before a byte of the answer is tried once more on a fresh one when no byte
// of it left, or the method is GET or HEAD; otherwise it is reported with Sent::maybe.
// Errors: "ca_file" with place; "bad_address" for an own address that cannot be read.
Result<std::unique_ptr<HttpClient>> make_http_client(Io& io, ClientOptions options);

}  // namespace ieum::net
