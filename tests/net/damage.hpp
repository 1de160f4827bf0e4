// Damaged bytes for readers of HTTP, from a seed.
#pragma once
#include <string>
#include <string_view>

#include "base/random.hpp"

namespace ieum::net {

// One to four damages: a byte changed, lost, doubled or swapped for one that framing minds, or a piece repeated.
inline std::string damage(std::string bytes, SeededRandom& random) {
  static constexpr char kText[] = "\r\n \t:;,0123456789abcdefxABCDEF+-\0\x7f\xff";
  static constexpr std::string_view kSharp(kText, sizeof kText - 1);
  const auto below = [&](std::size_t limit) { return static_cast<std::size_t>(random.next() % limit); };
  for (std::size_t left = 1 + below(4); left > 0 && !bytes.empty(); --left) {
    const std::size_t at = below(bytes.size());
    switch (below(5)) {
      case 0: bytes[at] = kSharp[below(kSharp.size())]; break;
      case 1: bytes.erase(at, 1); break;
      case 2: bytes.insert(at, 1, kSharp[below(kSharp.size())]); break;
      case 3: bytes.insert(at, bytes.substr(below(bytes.size()), 1 + below(20))); break;
      default: bytes.erase(at, 1 + below(8)); break;
    }
  }
  return bytes;
}

}  // namespace ieum::net
