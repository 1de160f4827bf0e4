// Outbound: one request to a vendor for a connection; the runtime's only way to the wire. Waits while its host or its account has
// its cap of requests under way, puts the credentials in, sends, and lets the connection's quota and the host's circuit learn
// from the answer.
// It asks the quota for no turn: who can wait does that before. Belongs to the engine.
#pragma once
#include <functional>
#include <memory>
#include <string_view>
#include <variant>

#include "runtime/context.hpp"

namespace ieum::runtime {

// The code of a failure that means: the hub stops, and this was not sent.
inline constexpr std::string_view kStopping = "stopping";
// The code of a failure that means: the host does not answer of late, and this was not sent.
inline constexpr std::string_view kHostDown = "host_down";

struct Outbound {
  std::shared_ptr<const LiveConnection> connection;
  host::HttpEffect effect;  // stays without credentials
  net::CallOrigin origin;
  Quota::Call quota;
  Hosts::Caller caller = {};
  int hops = 0;  // of the run that calls
};

// What came of it: an answer (its secrets taken out) or a failure of the wire, or why it was not sent (credentials), or, of a
// caller that can leave, when it is to come again.
struct Sent {
  std::variant<net::CallResult, host::FailEffect, Hosts::Away> outcome;
  std::shared_ptr<const LiveConnection>
      connection;  // whose credentials were in it: newer than asked with, when a token was fetched
};

// done is called once on the engine, perhaps inside this call.
void send_out(Context& context, Outbound asked, std::function<void(Sent)> done);

// Of a run that its host sent away: it is down in the store now, and may be called back.
void sleeps(Context& context, const std::string& origin, Id run);

// A request of this connection as its quota sees it. `operation`: without the connector's name.
Quota::Call quota_call(const LiveConnection& connection, const std::string& operation, const Value& inputs,
                       const HttpRequest& request);

// {"status", "headers"} as connectors see them.
Value outcome_value(const HttpResponse& answer);

}  // namespace ieum::runtime
