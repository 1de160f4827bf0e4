// Plain text: what a key may be made of. Private to engine.
#pragma once
#include <optional>
#include <string>

#include "base/encoding.hpp"
#include "base/value.hpp"
#include "expr/template.hpp"

namespace ieum::engine {

inline constexpr std::size_t kKeyBytes = 512;

// A text or number as text, without blanks around it; nothing for everything else.
inline std::optional<std::string> plain_text(const Value& value) {
  switch (value.kind()) {
    case Value::Kind::string:
    case Value::Kind::integer:
    case Value::Kind::unsigned_integer:
    case Value::Kind::decimal:
    case Value::Kind::floating: return std::string(trim(expr::text_of(value)));
    default: return {};
  }
}

}  // namespace ieum::engine
