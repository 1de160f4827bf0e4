#include "server/store_space.hpp"

#include <filesystem>

namespace ieum::server {
namespace {

std::int64_t size_of(const std::string& path) {
  std::error_code failed;
  const auto size = std::filesystem::file_size(path, failed);
  return failed ? 0 : static_cast<std::int64_t>(size);
}

}  // namespace

StoreSpace store_space(const std::string& path) {
  std::error_code failed;
  const auto space = std::filesystem::space(std::filesystem::path(path).parent_path(), failed);
  return {size_of(path), size_of(path + "-wal"), failed ? -1 : static_cast<std::int64_t>(space.available)};
}

}  // namespace ieum::server
