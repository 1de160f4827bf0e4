#include "runtime/disk_marks.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>
#include <limits>
#include <utility>

#include "base/json.hpp"

namespace ieum::runtime {
namespace {

constexpr Millis kApartLeast = 5 * kMinute;
constexpr Millis kKept = 7 * kDay;
constexpr std::size_t kSamplesMost = 100;
constexpr Millis kKnownLeast = 10 * kMinute;  // a shorter past says nothing
constexpr Millis kFarOff = 3'650 * kDay;

Error bad_size(const std::string& text) {
  return {"bad_size", "\"" + text + "\" is no size", "write 2GB, 512MB or, of a mark of the disk, 5%"};
}

}  // namespace

std::int64_t DiskMark::of(std::int64_t total_bytes) const {
  return std::clamp(total_bytes / 100 * percent, least, most);
}

Result<std::int64_t> parse_bytes(const std::string& text) {
  static constexpr std::array<std::pair<std::string_view, std::int64_t>, 6> kUnits = {
      {{"", 1}, {"B", 1}, {"KB", 1'000}, {"MB", kMB}, {"GB", kGB}, {"TB", 1'000 * kGB}}};
  std::int64_t number = 0;
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (failed != std::errc() || number < 0) return bad_size(text);
  std::string unit(end, text.data() + text.size());
  std::erase(unit, ' ');
  for (char& c : unit) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  for (const auto& [name, bytes] : kUnits)
    if (unit == name && number <= std::numeric_limits<std::int64_t>::max() / bytes) return number * bytes;
  return bad_size(text);
}

Result<DiskMark> parse_disk_mark(const std::string& text) {
  if (!text.ends_with('%')) {
    IEUM_TRY(const auto bytes, parse_bytes(text));
    return DiskMark{0, bytes, bytes};
  }
  int percent = 0;
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), percent);
  if (failed != std::errc() || end + 1 != text.data() + text.size() || percent < 0 || percent > 90)
    return bad_size(text);
  return DiskMark{percent, 0, std::numeric_limits<std::int64_t>::max()};
}

const char* name_of(Room room) {
  switch (room) {
    case Room::enough: return "enough";
    case Room::low: return "low";
    case Room::full: return "full";
  }
  return "";
}

Room room_of(Room before, const store::Space& space, const DiskMarks& marks) {
  const auto below = [&](Room room, const DiskMark& mark) {
    if (space.free_bytes < 0) return false;  // unknown: the store itself says when a write fails
    const std::int64_t at = mark.of(space.total_bytes);
    return space.free_bytes < (before >= room ? at + at / 10 : at);
  };
  const std::int64_t log_most =
      before == Room::full ? marks.log_bytes_max - marks.log_bytes_max / 10 : marks.log_bytes_max;
  if (below(Room::full, marks.full) || space.log_bytes > log_most) return Room::full;
  return below(Room::low, marks.low) ? Room::low : Room::enough;
}

bool DiskHistory::add(DiskSample sample) {
  // A clock that was set back begins anew.
  if (!samples_.empty() && sample.at_ms < samples_.back().at_ms) samples_.clear();
  if (!samples_.empty() && sample.at_ms - samples_.back().at_ms < std::max(apart_, kApartLeast)) return false;
  samples_.push_back(sample);
  std::erase_if(samples_, [&](const DiskSample& old) { return old.at_ms < sample.at_ms - kKept; });
  if (samples_.size() < kSamplesMost) return true;
  // Of the older ones every second goes.
  std::vector<DiskSample> kept;
  for (std::size_t i = 0; i < samples_.size(); ++i)
    if (i % 2 == 0 || i > kSamplesMost / 2) kept.push_back(samples_[i]);
  samples_ = std::move(kept);
  apart_ = std::min(2 * std::max(apart_, kApartLeast), 2 * kHour);
  return true;
}

std::string DiskHistory::written() const {
  List list;
  for (const auto& sample : samples_) list.push_back(List{sample.at_ms, sample.bytes});
  return write_json(Map{{"apart_ms", apart_}, {"samples", std::move(list)}});
}

void DiskHistory::read(const std::string& text) {
  samples_.clear();
  apart_ = 0;
  const auto stored = parse_json(text);
  if (stored.has_error()) return;
  apart_ = stored->number("apart_ms");
  const auto* list = stored->get("samples");
  if (list == nullptr || !list->is_list()) return;
  for (const auto& entry : *list->if_list()) {
    const auto* pair = entry.if_list();
    const auto* at = pair == nullptr || pair->size() != 2 ? nullptr : (*pair)[0].if_int();
    const auto* bytes = at == nullptr ? nullptr : (*pair)[1].if_int();
    if (bytes != nullptr) samples_.push_back({*at, *bytes});
  }
}

Forecast forecast(const std::vector<DiskSample>& samples, DiskSample now, std::int64_t room_bytes) {
  // Over a day where that is known: yesterday's rush is over, and the night counts as well.
  const DiskSample* since = nullptr;
  for (const auto& sample : samples)
    if (since == nullptr || sample.at_ms <= now.at_ms - kDay) since = &sample;
  Forecast told;
  if (since == nullptr || now.at_ms - since->at_ms < kKnownLeast) return told;
  const double per_ms = static_cast<double>(now.bytes - since->bytes) / static_cast<double>(now.at_ms - since->at_ms);
  told.bytes_per_day = static_cast<std::int64_t>(per_ms * static_cast<double>(kDay));
  if (per_ms <= 0) return told;
  const double lasts_for = static_cast<double>(std::max<std::int64_t>(room_bytes, 0)) / per_ms;
  if (lasts_for < static_cast<double>(kFarOff)) told.full_ms = now.at_ms + static_cast<Millis>(lasts_for);
  return told;
}

}  // namespace ieum::runtime
