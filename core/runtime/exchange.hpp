// Exchange: what went over the wire for a step, attempt by attempt, as its row keeps it and as people see it.
#pragma once
#include <string_view>

#include "base/value.hpp"
#include "net/client.hpp"
#include "store/rows.hpp"
#include "vault/redact.hpp"

namespace ieum::runtime {

// Adds an attempt to the list: request before credentials, answer cleaned, bodies cut. inputs: of the step, as JSON; a body that stands
// in them is kept as its place there.
void record_attempt(List& exchange, const HttpRequest& request, const net::CallResult& result, Millis at_ms,
                    const vault::Redactor& redactor, std::string_view purpose, std::string_view inputs);

// The attempts of a stored step with all bodies as texts: a list, null when there was none or they cannot be read.
Value exchange_of(const store::StepRow& step);

}  // namespace ieum::runtime
