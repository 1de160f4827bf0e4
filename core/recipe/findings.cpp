#include "recipe/findings.hpp"

#include <algorithm>
#include <numeric>

#include "base/encoding.hpp"
#include "base/json.hpp"

namespace ieum::recipe {

namespace {

// Edit distance in bytes, with a swap of neighbours as one edit.
std::size_t distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> before(b.size() + 1), last(b.size() + 1), row(b.size() + 1);
  std::iota(last.begin(), last.end(), std::size_t{0});
  for (std::size_t i = 1; i <= a.size(); ++i) {
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      row[j] = std::min({last[j] + 1, row[j - 1] + 1, last[j - 1] + (a[i - 1] == b[j - 1] ? 0u : 1u)});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) row[j] = std::min(row[j], before[j - 2] + 1);
    }
    before = std::exchange(last, row);
  }
  return last[b.size()];
}

}  // namespace

void Findings::error(Place place, std::string code, std::string what, std::string mend) {
  ++errors_;
  add({Finding::Severity::error, std::move(code), std::move(what), std::move(mend), place});
}

void Findings::warning(Place place, std::string code, std::string what, std::string mend) {
  add({Finding::Severity::warning, std::move(code), std::move(what), std::move(mend), place});
}

void Findings::add(Finding finding) {
  if (list_.size() < kMax) list_.push_back(std::move(finding));
  // An error must never be lost behind a hundred warnings: the recipe would look good.
  else if (finding.severity == Finding::Severity::error && list_.back().severity != Finding::Severity::error)
    list_.back() = std::move(finding);
}

std::size_t Findings::count(std::string_view code) const {
  return static_cast<std::size_t>(
      std::count_if(list_.begin(), list_.end(), [&](const Finding& finding) { return finding.code == code; }));
}

std::vector<Finding> Findings::take() {
  std::stable_sort(list_.begin(), list_.end(), [](const Finding& a, const Finding& b) {
    return std::pair(a.place.line, a.place.column) < std::pair(b.place.line, b.place.column);
  });
  errors_ = 0;
  return std::exchange(list_, {});
}

std::string quoted(std::string_view text) {
  constexpr std::size_t kCut = 60;
  if (!utf8_valid(text)) return "\"?\"";
  const std::size_t end = utf8_offset(text, kCut);
  return write_json(Value(std::string(text.substr(0, end)) + (end < text.size() ? "..." : "")));
}

std::string nearest(std::string_view name, const std::vector<std::string>& candidates) {
  if (name.empty() || name.size() > 200) return "";
  const std::string wanted = to_lower_ascii(name);
  std::string best;
  std::size_t best_distance = std::max<std::size_t>(1, std::min<std::size_t>(3, name.size() / 3)) + 1;
  for (const std::string& candidate : candidates) {
    if (candidate.size() > wanted.size() + 3 || wanted.size() > candidate.size() + 3) continue;
    const std::size_t here = distance(wanted, to_lower_ascii(candidate));
    if (here >= best_distance) continue;
    best_distance = here;
    best = candidate;
  }
  return best;
}

std::string did_you_mean(std::string_view name, const std::vector<std::string>& candidates, std::string fallback) {
  const std::string guess = nearest(name, candidates);
  if (guess.empty()) return fallback;
  return "did you mean " + quoted(guess) + "?";
}

std::string joined(const std::vector<std::string>& words) {
  std::string text;
  for (const std::string& word : words) text += (text.empty() ? "" : ", ") + word;
  return text;
}

}  // namespace ieum::recipe
