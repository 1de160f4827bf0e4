// Typed config: the plain fields of a connection as their manifest types them. Pure.
#pragma once
#include "base/error.hpp"
#include "base/value.hpp"
#include "host/manifest.hpp"

namespace ieum::host {

// Texts become what their field is: "a, b" a list, "true" a boolean, "12" a number; other values stay. Empty texts stay
// texts: nothing is entered. Error "bad_config" names the field and what it takes; unknown fields are left as they are.
Result<Value> typed_config(const Manifest& manifest, const Value& config);

}  // namespace ieum::host
