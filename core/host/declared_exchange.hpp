// The two halves of a declared exchange: a request out of templates, and what the vendor's answer means. Pure.
// For this room only.
#pragma once
#include <variant>

#include "base/http.hpp"
#include "host/connector.hpp"
#include "host/declared.hpp"

namespace ieum::host {

// Path segments and query values are percent-encoded, headers checked, bodies written from values. A value can leave its
// hole nowhere: "../x" in a path is one segment, or an error. Errors: "bad_value", "render_missing", "bad_address",
// "invalid_header", "request_too_large", and those of expressions.
Result<HttpRequest> make_request(const Declared& declared, const DeclaredRequest& request, const expr::Scope& scope);

// The request as an effect with its credentials named, or why it cannot be made: trying again would not help.
Effect ask(const Manifest& manifest, const Declared& declared, const DeclaredRequest& request, const expr::Scope& scope,
           const Value& config, Safety safety, Value state);

// A request that reads is safe, whatever the operation does besides.
Safety safety_of(const DeclaredRequest& request, Safety operation);

// The text, or "" when something in it cannot be had.
std::string rendered(const expr::Template& text, const expr::Scope& scope);

// The answer to a request of ours, as expressions see it.
struct DeclaredAnswer {
  int status = 0;
  Value headers;
  Value body;               // JSON, or the text; null when it is none
  bool unreadable = false;  // there is a body, and it is not what was expected
};
// Nothing when the call brings no answer.
std::optional<DeclaredAnswer> read_answer(const DeclaredResponse& response, const Call& call);

// What the answer means: nothing for success, else why not. `safety` is that of the request.
std::optional<FailEffect> judge_answer(const Manifest& manifest, const Declared& declared, const Exchange& exchange,
                                       const DeclaredAnswer& answer, Safety safety, const Call& call,
                                       const expr::Scope& scope);

// Each output whose expression gives something.
Map read_outputs(const Outputs& outputs, const expr::Scope& scope);

}  // namespace ieum::host
