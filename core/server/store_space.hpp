// Store space: how large the store's files are, and what room is left beside them.
#pragma once
#include <cstdint>
#include <string>

namespace ieum::server {

struct StoreSpace {
  std::int64_t bytes = 0, log_bytes = 0;
  std::int64_t free_bytes = -1;  // -1: unknown
};
StoreSpace store_space(const std::string& path);

}  // namespace ieum::server
