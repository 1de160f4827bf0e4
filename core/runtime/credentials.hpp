// Credentials of one request: tokens fetched, schemes applied, secrets put into the body, and secrets taken out of the answer.
// Belongs to the engine.
#pragma once
#include <functional>
#include <memory>
#include <string>
#include <variant>

#include "runtime/context.hpp"

namespace ieum::runtime {

// A request as it may leave, and the connection with the credentials that are in it (newer than the one asked with, when a
// token was fetched).
struct Ready {
  std::shared_ptr<const LiveConnection> connection;
  HttpRequest request;
};

// done is called once, perhaps inside this call: what may be sent, or why nothing may.
void put_credentials(Context& context, const std::shared_ptr<const LiveConnection>& connection,
                     const host::HttpEffect& effect, std::function<void(std::variant<Ready, host::FailEffect>)> done);
// Whether the effect is sent with any.
inline bool wants_credentials(const host::HttpEffect& effect) { return !effect.auth.empty() || !effect.fill.empty(); }

// Keeps the secret that the manifest says an answer of this operation holds, and hands the answer on without it. Where each
// element has a webhook of its own, each has its own secret ("field/element"), which only its own successor retires; all of
// them verify. done is called once, perhaps inside this call.
void take_credentials(Context& context, const std::shared_ptr<const LiveConnection>& connection,
                      const std::string& operation, const Value& inputs, HttpResponse answer,
                      std::function<void(HttpResponse)> done);

}  // namespace ieum::runtime
