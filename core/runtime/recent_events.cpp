#include "runtime/recent_events.hpp"

namespace ieum::runtime {
namespace {
constexpr std::size_t kCountMax = 512;
constexpr std::size_t kPayloadBytesMax = 16 * 1024;
}  // namespace

const Value* RecentEvents::find(Id event, int item, const std::shared_ptr<const Live>& live) {
  if (read_with_.lock() != live) return nullptr;
  const auto found = scopes_.find({event, item});
  return found == scopes_.end() ? nullptr : &found->second;
}

void RecentEvents::put(Id event, int item, const Value& scope, std::size_t payload_bytes,
                       const std::shared_ptr<const Live>& live) {
  if (payload_bytes > kPayloadBytesMax) return;
  if (read_with_.lock() != live) {
    scopes_.clear();
    order_.clear();
    read_with_ = live;
  }
  if (!scopes_.emplace(std::pair(event, item), scope).second) return;
  order_.emplace_back(event, item);
  if (order_.size() <= kCountMax) return;
  scopes_.erase(order_.front());
  order_.pop_front();
}

}  // namespace ieum::runtime
