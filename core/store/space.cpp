#include "store/space.hpp"

#include <filesystem>

namespace ieum::store {
namespace {

std::int64_t size_of(const std::string& path) {
  std::error_code failed;
  const auto size = std::filesystem::file_size(path, failed);
  return failed ? 0 : static_cast<std::int64_t>(size);
}

}  // namespace

Space measure(const std::string& path) {
  Space space{size_of(path), size_of(path + "-wal")};
  std::error_code failed;
  const auto disk = std::filesystem::space(std::filesystem::path(path).parent_path(), failed);
  if (failed) return space;
  space.free_bytes = static_cast<std::int64_t>(disk.available);
  space.total_bytes = static_cast<std::int64_t>(disk.capacity);
  return space;
}

}  // namespace ieum::store
