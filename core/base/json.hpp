// JSON in and out of Value. Strict RFC 8259: UTF-8 checked, duplicate keys, NUL and lone surrogates refused, depth
// bounded.
#pragma once
#include <cstddef>
#include <functional>
#include <string>
#include <string_view>

#include "base/error.hpp"
#include "base/limits.hpp"
#include "base/value.hpp"

namespace ieum {

struct JsonLimits {
  std::size_t depth_max = limits::kJsonDepth;  // containers inside containers
  std::size_t size_max = 32u << 20;            // bytes of text
  bool allow_nul = false;  // in strings; for typed values of the expression language, never for data from outside
};

// Errors: code "bad_json", place "offset N" (bytes), what says what was wrong.
Result<Value> parse_json(std::string_view text, JsonLimits limits = {});

// The texts and whole numbers of a JSON text in their order, names left out, without making a Value of it. take: false ends it. What
// is damaged ends it where the damage stands.
void each_json_leaf(std::string_view text, const std::function<bool(std::string_view)>& take);

// Doubles have their shortest round-trip text, no exponent between 1e-6 and 1e21; decimals their digits; bytes are
// base64, timestamps RFC 3339, durations "3.5s". Map keys that are no strings are written as their text. NaN and
// infinities become null, bytes that are no UTF-8 become U+FFFD. Asserts on Type and Optional.
// Null, flags, strings, integers and decimals with a point read back as the same Value. JSON has one kind of number, so
// the decimal 12 and the double 3.0 read back as integers, the double 0.1 as a decimal; the number itself is kept.
// Output is deterministic and never contains a raw control byte, U+2028 or U+2029.
std::string write_json(const Value& value);
// The same behind what is there already.
void append_json(std::string& out, const Value& value);
// The same with keys sorted by bytes at every level: the form that content hashes are taken over.
std::string write_canonical_json(const Value& value);
// Two-space indentation, for people.
std::string write_pretty_json(const Value& value);

// Shortest decimal text of a double by the rule above.
std::string double_text(double value);

}  // namespace ieum
