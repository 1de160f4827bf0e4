// What one evaluation may cost, and the zone rules that it may read. Values only.
#pragma once
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace ieum {
class ZoneSource;
}  // namespace ieum

namespace ieum::expr {

struct Limits {
  // One unit for each evaluated node and each compared or copied element; text costs one unit for every 64 bytes made.
  // A node takes some 20 to 50 ns, so the default ends a hostile expression within 50 ms. Error "fuel".
  std::uint64_t fuel = 1'000'000;
  // Nesting of evaluation and of compared values. Error "depth".
  std::size_t depth = 100;
  // Largest text, and largest sum of text made by one evaluation. Error "output_too_large".
  std::size_t output_bytes = 4u << 20;
  // For getHours('Asia/Seoul') and format_date. Without it only "UTC" and "+09:00" are known. Error "unknown_zone".
  // Not owned; lives longer than the evaluation.
  ZoneSource* zones = nullptr;
  // The recipe's zone, for format_date without one. CEL's own getters mean UTC unless told otherwise.
  std::string_view default_zone = "UTC";
};

}  // namespace ieum::expr
