// Dice: the chances of a simulation, from one seed.
#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "base/random.hpp"

namespace ieum::sim {

class Dice {
 public:
  explicit Dice(std::uint64_t seed) : random_(seed) {}
  // [0, below)
  std::int64_t below(std::int64_t below) {
    return below <= 1 ? 0 : static_cast<std::int64_t>(random_.next() % static_cast<std::uint64_t>(below));
  }
  // [from, to]
  std::int64_t between(std::int64_t from, std::int64_t to) { return from + below(to - from + 1); }
  bool once_in(std::int64_t n) { return below(n) == 0; }
  bool percent(int p) { return below(100) < p; }
  template <class T>
  const T& of(const std::vector<T>& all) {
    return all[static_cast<std::size_t>(below(static_cast<std::int64_t>(all.size())))];
  }
  std::string of(std::initializer_list<const char*> all) {
    return *(all.begin() + below(static_cast<std::int64_t>(all.size())));
  }

 private:
  SeededRandom random_;
};

}  // namespace ieum::sim
