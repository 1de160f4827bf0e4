// Trace: what happened in a simulation, line by line. Every line moves the hash, so that two plays of one seed can be
// compared; it is printed only when somebody reads along.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"

namespace ieum::sim {

class Trace {
 public:
  explicit Trace(bool prints) : prints_(prints) {}
  void line(std::string_view what);
  // An invariant that does not hold.
  void problem(std::string what);

  [[nodiscard]] std::uint64_t hash() const { return hash_; }
  [[nodiscard]] std::size_t lines() const { return lines_; }
  [[nodiscard]] const std::vector<std::string>& problems() const { return problems_; }
  [[nodiscard]] bool prints() const { return prints_; }

  const Clock* clock = nullptr;  // stamps the lines

 private:
  bool prints_;
  std::uint64_t hash_ = 14'695'981'039'346'656'037U;  // FNV-1a
  std::size_t lines_ = 0;
  std::vector<std::string> problems_;
};

// Parts of a line: texts and numbers, one after the other.
template <class... Parts>
std::string words(const Parts&... parts) {
  std::string text;
  const auto add = [&](const auto& part) {
    if constexpr (std::is_arithmetic_v<std::decay_t<decltype(part)>>) {
      text += std::to_string(part);
    } else {
      text += part;
    }
  };
  (add(parts), ...);
  return text;
}

}  // namespace ieum::sim
