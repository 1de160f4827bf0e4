// Outbound: one request to a vendor for a connection; the runtime's only way to the wire. Waits while the connection has its
// cap of calls under way, puts the credentials in, sends, and lets the connection's quota learn from the answer.
// It asks the quota for no turn: who can wait does that before. Belongs to the engine.
#pragma once
#include <functional>
#include <memory>
#include <variant>

#include "runtime/context.hpp"

namespace ieum::runtime {

struct Outbound {
  std::shared_ptr<const LiveConnection> connection;
  host::HttpEffect effect;  // stays without credentials
  net::CallOrigin origin;
  Quota::Call quota;
};

// What came of it: an answer (its secrets taken out) or a failure of the wire, or why it was not sent (credentials).
struct Sent {
  std::variant<net::CallResult, host::FailEffect> outcome;
  std::shared_ptr<const LiveConnection>
      connection;  // whose credentials were in it: newer than asked with, when a token was fetched
};

// done is called once on the engine, perhaps inside this call.
void send_out(Context& context, Outbound out, std::function<void(Sent)> done);

// A call of this connection as its quota sees it. `operation`: without the connector's name.
Quota::Call quota_call(const LiveConnection& connection, const std::string& operation, const Value& inputs);

// {"status", "headers"} as connectors see them.
Value outcome_value(const HttpResponse& answer);

}  // namespace ieum::runtime
