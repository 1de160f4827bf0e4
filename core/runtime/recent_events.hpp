// Recent events: what expressions see of events that were read a moment ago, so that they are not parsed again for each
// step. A cache and no more: bounded by number and by the size of a payload, emptied when connections change. Belongs to
// the engine.
#pragma once
#include <deque>
#include <map>
#include <memory>
#include <utility>

#include "base/ids.hpp"
#include "base/value.hpp"

namespace ieum::runtime {

struct Live;

class RecentEvents {
 public:
  // The scope of an item of an event, or null. `live`: what it would be read with now.
  [[nodiscard]] const Value* find(Id event, int item, const std::shared_ptr<const Live>& live) {
    if (read_with_.lock() != live) return nullptr;
    const auto found = scopes_.find({event, item});
    return found == scopes_.end() ? nullptr : &found->second;
  }
  void put(Id event, int item, const Value& scope, std::size_t payload_bytes, const std::shared_ptr<const Live>& live) {
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

 private:
  static constexpr std::size_t kCountMax = 512;
  static constexpr std::size_t kPayloadBytesMax = 16 * 1024;
  std::map<std::pair<Id, int>, Value> scopes_;
  std::deque<std::pair<Id, int>> order_;
  std::weak_ptr<const Live> read_with_;
};

}  // namespace ieum::runtime
