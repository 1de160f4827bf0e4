#include "simulation/trace.hpp"

#include <cstdio>

namespace ieum::sim {
namespace {
constexpr std::uint64_t kPrime = 1'099'511'628'211U;
constexpr std::size_t kProblemsMax = 50;
}  // namespace

void Trace::line(std::string_view what) {
  ++lines_;
  const Millis now = clock == nullptr ? 0 : clock->now();
  const auto mix = [&](unsigned char byte) { hash_ = (hash_ ^ byte) * kPrime; };
  for (int shift = 0; shift < 64; shift += 8) mix(static_cast<unsigned char>(static_cast<std::uint64_t>(now) >> shift));
  for (const char c : what) mix(static_cast<unsigned char>(c));
  if (!prints_) return;
  const Millis day = now % kDay;
  std::printf("%6zu d%lld %02d:%02d:%02d.%03d  %.*s\n", lines_, static_cast<long long>(now / kDay % 1000),
              static_cast<int>(day / kHour), static_cast<int>(day % kHour / kMinute),
              static_cast<int>(day % kMinute / kSecond), static_cast<int>(day % kSecond), static_cast<int>(what.size()),
              what.data());
}

void Trace::problem(std::string what) {
  line("PROBLEM " + what);
  if (problems_.size() < kProblemsMax) problems_.push_back(std::move(what));
}

}  // namespace ieum::sim
