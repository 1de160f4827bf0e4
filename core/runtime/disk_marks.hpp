// Disk marks: how much room the store's disk must keep, and for how long it lasts. Rules over numbers; nothing is measured here.
//
// Below `low` people are told and retention hurries. Below `full` no delivery is taken, before the disk is really full: so that
// what is under way can still be written down. A write-ahead log that somebody keeps from being cut counts as a full disk, too.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "base/error.hpp"
#include "store/space.hpp"

namespace ieum::runtime {

inline constexpr std::int64_t kMB = 1'000'000;
inline constexpr std::int64_t kGB = 1'000 * kMB;

// A share of the disk, within bounds: five percent of a large disk is more than anybody waits for.
struct DiskMark {
  std::int64_t percent = 0;
  std::int64_t least = 0, most = 0;  // bytes
  [[nodiscard]] std::int64_t of(std::int64_t total_bytes) const;
};
// "2GB", "512 MB" (powers of 1000) or "5%". Error "bad_size".
Result<DiskMark> parse_disk_mark(const std::string& text);
// "20GB"; "0" is 0. Error "bad_size".
Result<std::int64_t> parse_bytes(const std::string& text);

struct DiskMarks {
  DiskMark low{5, 512 * kMB, 20 * kGB};
  DiskMark full{1, 64 * kMB, 2 * kGB};
  std::int64_t log_bytes_max = kGB;
};

enum class Room { enough, low, full };
const char* name_of(Room room);

// What there is room for now. A mark is left a tenth above it, so that nothing flaps.
Room room_of(Room before, const store::Space& space, const DiskMarks& marks);

struct DiskSample {
  Millis at_ms = 0;
  std::int64_t bytes = 0;  // that hold something
};

// How the store grew: a sample now and then, at most a hundred of the last seven days, the newer the closer.
class DiskHistory {
 public:
  bool add(DiskSample sample);  // false: too soon after the last one
  [[nodiscard]] std::string written() const;
  void read(const std::string& text);
  [[nodiscard]] const std::vector<DiskSample>& samples() const { return samples_; }

 private:
  std::vector<DiskSample> samples_;
  Millis apart_ = 0;
};

struct Forecast {
  std::optional<std::int64_t> bytes_per_day;  // none: too little is known
  std::optional<Millis> full_ms;              // none: not at this rate, or not within ten years
};
// `room_bytes`: what the store may still grow by.
Forecast forecast(const std::vector<DiskSample>& samples, DiskSample now, std::int64_t room_bytes);

}  // namespace ieum::runtime
