#include "base/random.hpp"

#include <algorithm>
#include <cstring>

namespace ieum {

std::uint64_t Random::next() {
  std::uint64_t bits = 0;
  fill(&bits, sizeof bits);
  return bits;
}

double Random::unit() { return static_cast<double>(next() >> 11) * 0x1.0p-53; }

std::string Random::bytes(std::size_t size) {
  std::string out(size, '\0');
  fill(out.data(), out.size());
  return out;
}

// SplitMix64 (Steele, Lea, Flood 2014): every seed is good, the state is one word.
void SeededRandom::fill(void* out, std::size_t size) {
  auto* at = static_cast<unsigned char*>(out);
  while (size > 0) {
    state_ += 0x9E3779B97F4A7C15u;
    std::uint64_t word = state_;
    word = (word ^ (word >> 30)) * 0xBF58476D1CE4E5B9u;
    word = (word ^ (word >> 27)) * 0x94D049BB133111EBu;
    word ^= word >> 31;
    const std::size_t part = std::min(size, sizeof word);
    std::memcpy(at, &word, part);
    at += part;
    size -= part;
  }
}

}  // namespace ieum
