// An HTTP client on a loop of its own, with calls that wait for their result.
#pragma once
#include <boost/test/unit_test.hpp>

#include "net/client.hpp"
#include "net/sockets.hpp"

namespace ieum::net::testing {

inline OutboundCall call_to(const std::string& url, const std::string& method = "GET", const std::string& body = {}) {
  OutboundCall call;
  call.request.method = method;
  call.request.target = url;
  call.request.body = body;
  call.deadline_for = 9'000;
  call.private_addresses_allowed = {"127.0.0.1"};
  return call;
}

struct Calling {
  explicit Calling(ClientOptions options = {}) {
    auto made = make_http_client(io, std::move(options));
    if (made.has_error()) throw std::runtime_error(made.error().text());
    client = std::move(*made);
    io.start();
  }
  std::shared_ptr<Awaited<CallResult>> begin(OutboundCall call) {
    auto awaited = std::make_shared<Awaited<CallResult>>();
    client->send(std::move(call), [awaited](CallResult result) { awaited->give(std::move(result)); });
    return awaited;
  }
  CallResult send(OutboundCall call) { return begin(std::move(call))->get(); }
  // "200 body", or "code nothing" and "code maybe" of a failure.
  std::string told(OutboundCall call) { return text(send(std::move(call))); }
  static std::string text(const CallResult& result) {
    if (const auto* response = std::get_if<HttpResponse>(&result))
      return std::to_string(response->status) + " " + response->body;
    const auto& failure = std::get<CallFailure>(result);
    return failure.error.code + (failure.sent == CallFailure::Sent::nothing ? " nothing" : " maybe");
  }

  Io io;
  std::unique_ptr<HttpClient> client;
};

}  // namespace ieum::net::testing
