// What the fuzz targets share: a check that ends the process, names with values of every kind, small limits.
#pragma once
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>

#include "base/json.hpp"
#include "expr/limits.hpp"
#include "expr/scope.hpp"

namespace ieum::fuzz {

inline constexpr std::string_view kCanary = "canary";

inline void expect(bool holds, const char* rule) {
  if (holds) return;
  std::fprintf(stderr, "does not hold: %s\n", rule);
  std::abort();
}

inline const expr::Scope& names() {
  static const expr::MapScope scope = [] {
    expr::MapScope made;
    made.set("event", *parse_json(R"({"total": 62000.50, "count": 3, "id": 12345678901234567890, "name": "홍길동",
      "phone": "010-1234-5678", "items": [{"sku": "A", "price": 0.1, "qty": 2}, {"sku": "B", "price": 0.2, "qty": 1}],
      "nothing": null, "ok": true, "empty": "", "at": "2026-03-02T09:00:00+09:00"})"));
    made.set("trigger", *parse_json(R"({"n": -1, "list": [3, 1, 2], "deep": [[[[[[1]]]]]]})"));
    made.set("x", Value(1));
    made.set("d", Value(0.1));
    made.set("u", Value(std::uint64_t{UINT64_MAX}));
    made.set("b", Value(Bytes{"\xff\x00이"}));
    made.set("t", Value(Timestamp{1'772'000'000, 5}));
    made.set("span", Value(Duration{-5, -500'000'000}));
    made.set("com.shop.x", Value("in the container"));
    made.set("evil", Value("{{ canary }} ${canary} canary"));
    made.set(std::string(kCanary), Value("sang"));
    return made;
  }();
  return scope;
}

inline expr::Limits limits() { return {.fuel = 20'000, .output_bytes = 64 * 1024}; }

}  // namespace ieum::fuzz
