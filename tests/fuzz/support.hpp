// What the fuzz targets share: how one is named, a check that ends the process, names with values of every kind, small limits.
// A target is a function over bytes: libFuzzer's entry in the preset `fuzz`, and in test_fuzz one of targets(), which replays the seeds.
#pragma once
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <map>
#include <stdexcept>
#include <string>
#include <string_view>

#include "base/json.hpp"
#include "expr/limits.hpp"
#include "expr/scope.hpp"

namespace ieum::fuzz {

inline constexpr std::string_view kCanary = "canary";

inline void expect(bool holds, const char* rule) {
  if (holds) return;
#ifdef IEUM_FUZZ_REPLAY
  throw std::logic_error(std::string("does not hold: ") + rule);
#else
  std::fprintf(stderr, "does not hold: %s\n", rule);
  std::abort();
#endif
}

using Target = void (*)(std::string_view input);
inline std::map<std::string, Target>& targets() {
  static std::map<std::string, Target> all;
  return all;
}
struct Registered {
  Registered(const char* name, Target target) { targets().emplace(name, target); }
};

#ifdef IEUM_FUZZ_REPLAY
#define IEUM_FUZZ_TARGET(name, input) \
  static void name##_target(std::string_view input); \
  static const ieum::fuzz::Registered name##_registered(#name, name##_target); \
  static void name##_target(std::string_view input)
#else
#define IEUM_FUZZ_TARGET(name, input) \
  static void name##_target(std::string_view input); \
  extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) { \
    name##_target(std::string_view(reinterpret_cast<const char*>(data), size)); \
    return 0; \
  } \
  static void name##_target(std::string_view input)
#endif

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
