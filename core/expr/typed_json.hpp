// Values with their CEL type spelled out, as the conformance cases and `ieum eval --typed` write them:
// {"int":"1"} {"uint":"1"} {"double":1.5 | "NaN" | "Infinity" | "-Infinity"} {"string":"x"} {"bytes":"<base64>"}
// {"bool":true} {"null":null} {"list":[...]} {"map":[[key,value]...]} {"type":"int"} {"timestamp":["seconds","nanos"]}
// {"duration":["seconds","nanos"]} {"optional":value | null}. A Decimal is written {"decimal":"1.50"}.
// Pure.
#pragma once
#include "base/error.hpp"
#include "base/value.hpp"

namespace ieum::expr {

Value to_typed(const Value& value);
// Error "bad_typed_value".
Result<Value> from_typed(const Value& typed);

}  // namespace ieum::expr
