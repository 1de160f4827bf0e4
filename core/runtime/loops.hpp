// Loops: finds a recipe that starts itself. Each call of a run carries how many runs came before it, each started by a call of the
// one before (`Ieum-Hops`, signed, so that nobody else can count for us); a delivery that carries it back has that many hops.
// A vendor that drops the header is found by how often a recipe starts for the same customer or key.
// It judges and counts; it stops nothing. Hops are in the rows of deliveries and runs and survive a crash; the counts do not.
#pragma once
#include <string>
#include <string_view>
#include <unordered_map>

#include "base/clock.hpp"
#include "store/rows.hpp"

namespace ieum::runtime {

inline constexpr const char* kHopsHeader = "Ieum-Hops";
inline constexpr const char* kHops = ":hops";  // of a stored delivery, beside its kept headers
inline constexpr int kHopsMax = 10;

// What a call of the hub says, and what a delivery that carries it says: 0 when it says nothing, or something that is not ours.
std::string hops_text(int hops, std::string_view key);
int read_hops(std::string_view text, std::string_view key);

// Of a stored delivery's headers.
int hops_in(const std::string& headers);
// Of a run; how it is written into the JSON of its variables.
int hops_of(const std::string& vars);
std::string with_hops(std::string vars, int hops);

class Loops {
 public:
  static constexpr int kStartsMax = 60;
  static constexpr Millis kStartsFor = kMinute;

  // Why the recipe of a run that starts now starts itself; "" when it does not.
  [[nodiscard]] std::string judge(const store::RunRow& run, int hops, Millis now) const;
  void started(const store::RunRow& run, Millis now);

 private:
  struct Burst {
    Millis from_ms = 0;
    int starts = 0;
  };
  static std::string key_of(const store::RunRow& run);  // "" when it is about nobody

  std::unordered_map<std::string, Burst> bursts_;
};

}  // namespace ieum::runtime
