// The only reader of zone files.
#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <mutex>

#include "base/zone.hpp"

namespace ieum {
namespace {

constexpr std::size_t kNameBytesMax = 64;
constexpr std::uintmax_t kFileBytesMax = 256 * 1024;  // the largest of tzdata has some 4 KiB

bool is_zone_name(std::string_view name) {
  if (name.empty() || name.size() > kNameBytesMax) return false;
  const auto allowed = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-' ||
           c == '+' || c == '/';
  };
  return std::all_of(name.begin(), name.end(), allowed) && name.front() != '/' && name.back() != '/' &&
         name.find("//") == std::string_view::npos;
}

class ZoneFiles final : public ZoneSource {
 public:
  explicit ZoneFiles(std::string directory) : directory_(std::move(directory)) {}

  Result<const Zone*> find(std::string_view name) override {
    const Error unknown("unknown_zone", "there is no time zone of this name",
                        "write it as in the IANA list, such as Asia/Seoul");
    if (!is_zone_name(name)) return unknown;
    const std::lock_guard lock(mutex_);
    if (const auto held = zones_.find(name); held != zones_.end()) return &held->second;
    Result<Zone> zone = read(std::string(name));
    if (!zone)
      return zone.error().code == "bad_zone_file" ? Error("unknown_zone", zone.error().what, zone.error().mend)
                                                  : unknown;
    return &zones_.emplace(std::string(name), *std::move(zone)).first->second;
  }

 private:
  Result<Zone> read(std::string name) const {
    const std::filesystem::path path = std::filesystem::path(directory_) / name;
    std::error_code failure;
    const bool regular = std::filesystem::is_regular_file(path, failure);
    const std::uintmax_t size = regular ? std::filesystem::file_size(path, failure) : 0;
    if (!regular || failure || size > kFileBytesMax) return built_in(std::move(name));
    std::ifstream file(path, std::ios::binary);
    const std::string bytes((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
    return Zone::from_tzif(std::move(name), bytes);
  }

  // Korea has stood at +09:00 since 1988.
  static Result<Zone> built_in(std::string name) {
    if (name == "Asia/Seoul") return Zone::fixed(std::move(name), 9 * 3'600);
    if (name == "UTC" || name == "Etc/UTC") return Zone::fixed(std::move(name), 0);
    return Error("unknown_zone", "no such file");
  }

  const std::string directory_;
  std::mutex mutex_;
  std::map<std::string, Zone, std::less<>> zones_;  // nodes stay where they are
};

}  // namespace

std::unique_ptr<ZoneSource> system_zones(std::string directory) {
  return std::make_unique<ZoneFiles>(std::move(directory));
}

}  // namespace ieum
