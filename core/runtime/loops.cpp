#include "runtime/loops.hpp"

#include <charconv>

#include "base/digest.hpp"
#include "base/encoding.hpp"
#include "base/json.hpp"

namespace ieum::runtime {
namespace {

constexpr std::size_t kSealBytes = 8;
constexpr std::size_t kBurstsMax = 16'384;
constexpr std::string_view kVars = "{\"hops\":";  // a run that has hops begins with them

std::string seal(int hops, std::string_view key) {
  return hex_encode(hmac_sha256(key, "hops " + std::to_string(hops)).substr(0, kSealBytes));
}

int leading_number(std::string_view text) {
  int number = 0;
  std::from_chars(text.data(), text.data() + text.size(), number);
  return number;
}

}  // namespace

std::string hops_text(int hops, std::string_view key) { return std::to_string(hops) + "." + seal(hops, key); }

int read_hops(std::string_view text, std::string_view key) {
  const auto dot = text.find('.');
  if (dot > 6) return 0;  // none, or no number of ours
  const int hops = leading_number(text.substr(0, dot));
  return hops > 0 && constant_time_equal(text, hops_text(hops, key)) ? hops : 0;
}

int hops_in(const std::string& headers) {
  if (headers.find(kHops) == std::string::npos) return 0;
  const auto kept = parse_json(headers);
  return kept.has_value() ? static_cast<int>(kept->number(kHops)) : 0;
}

int hops_of(const std::string& vars) {
  return vars.starts_with(kVars) ? leading_number(std::string_view(vars).substr(kVars.size())) : 0;
}

std::string with_hops(std::string vars, int hops) {
  if (hops <= 0) return vars;
  const std::string begin = std::string(kVars) + std::to_string(hops);
  return vars.size() <= 2 ? begin + "}" : begin + "," + vars.substr(1);
}

std::string Loops::key_of(const store::RunRow& run) {
  if (run.customer == 0 && run.key.empty()) return {};
  return std::to_string(run.recipe) + ":" + std::to_string(run.customer) + ":" + run.key;
}

std::string Loops::judge(const store::RunRow& run, int hops, Millis now) const {
  if (hops >= kHopsMax)
    return "this event came of a call of a run, and that run of another's, " + std::to_string(hops) + " in a row";
  const auto burst = bursts_.find(key_of(run));
  if (burst == bursts_.end() || burst->second.from_ms + kStartsFor <= now || burst->second.starts < kStartsMax)
    return {};
  return "it began more than " + std::to_string(kStartsMax) + " times within a minute for the same customer or key";
}

void Loops::started(const store::RunRow& run, Millis now) {
  auto key = key_of(run);
  if (key.empty()) return;
  if (bursts_.size() >= kBurstsMax)
    std::erase_if(bursts_, [now](const auto& one) { return one.second.from_ms + kStartsFor <= now; });
  if (bursts_.size() >= kBurstsMax) bursts_.clear();  // so many customers at once are no loop
  auto& burst = bursts_[std::move(key)];
  if (burst.from_ms + kStartsFor <= now) burst = {now, 0};
  ++burst.starts;
}

}  // namespace ieum::runtime
