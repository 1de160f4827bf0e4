// What can be known about the types of an expression before it runs. Gradual: what is not known is `any`, and `any` may
// go everywhere except into arithmetic and order, where text instead of a number would fail at night in front of a
// customer. There a conversion is wanted: dec(event.total) >= 50000. Pure.
#pragma once
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"
#include "expr/expression.hpp"

namespace ieum::expr {

enum class StaticType : std::uint8_t {
  any,
  null,
  boolean,
  integer,
  unsigned_integer,
  floating,
  decimal,
  number,  // one of the four
  string,
  bytes,
  list,
  map,
  timestamp,
  duration,
  type,
  optional,
};
[[nodiscard]] std::string_view static_type_name(StaticType type);

// The type of a member path from a root name, {"event", "total"}; `any` when it is not known.
using TypeOfPath = std::function<StaticType(const std::vector<std::string>& path)>;

struct TypeReport {
  StaticType type = StaticType::any;  // of the whole expression
  // Codes "needs_conversion" (the type may be any) and "no_such_overload" (it can only fail); place as in Expression.
  std::vector<Error> findings;
};

TypeReport check_types(const Expression& expression, const TypeOfPath& type_of = {});

}  // namespace ieum::expr
