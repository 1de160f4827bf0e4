// Findings: collects what reader and checker have to say. Bounded, so that a hostile text cannot fill memory with
// complaints.
#pragma once
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "recipe/reader.hpp"

namespace ieum::recipe {

class Findings {
 public:
  static constexpr std::size_t kMax = 100;

  void error(Place place, std::string code, std::string what, std::string mend);
  void warning(Place place, std::string code, std::string what, std::string mend);
  [[nodiscard]] bool has_error() const { return errors_ > 0; }
  [[nodiscard]] std::size_t errors() const { return errors_; }
  // Whether more would be dropped: then nobody need look for good advice.
  [[nodiscard]] bool full() const { return list_.size() >= kMax; }
  // How often this code was found.
  [[nodiscard]] std::size_t count(std::string_view code) const;
  // In order of place.
  std::vector<Finding> take();

 private:
  void add(Finding finding);
  std::vector<Finding> list_;
  std::size_t errors_ = 0;
};

// Somebody's text inside a message: in quotes, cut to 60 characters, control characters escaped.
std::string quoted(std::string_view text);

// The candidate that a mistyped name most likely means; "" when none is near.
std::string nearest(std::string_view name, const std::vector<std::string>& candidates);
// "did you mean "x"?", else the fallback.
std::string did_you_mean(std::string_view name, const std::vector<std::string>& candidates, std::string fallback);
// "a, b, c"
std::string joined(const std::vector<std::string>& words);

}  // namespace ieum::recipe
