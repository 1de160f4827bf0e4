// Lanes: how many calls one connection has under way. Work beyond its cap waits its turn in memory, in order; a run whose call
// waits here is acting, as one whose call is on the wire. Belongs to the engine.
#pragma once
#include <cstddef>
#include <deque>
#include <functional>
#include <unordered_map>

#include "base/ids.hpp"

namespace ieum::runtime {

class Lanes {
 public:
  // Calls work now, or when a lane of the connection is free. Each entry is left once.
  void enter(Id connection, std::size_t cap, std::function<void()> work) {
    auto& lane = lanes_[connection];
    if (lane.under_way >= cap) return lane.waiting.push_back(std::move(work));
    ++lane.under_way;
    work();
  }
  void leave(Id connection) {
    const auto found = lanes_.find(connection);
    if (found == lanes_.end()) return;
    auto& lane = found->second;
    if (!lane.waiting.empty()) {
      auto work = std::move(lane.waiting.front());
      lane.waiting.pop_front();
      return work();
    }
    if (--lane.under_way == 0) lanes_.erase(found);
  }
  [[nodiscard]] std::size_t waiting(Id connection) const {
    const auto found = lanes_.find(connection);
    return found == lanes_.end() ? 0 : found->second.waiting.size();
  }

 private:
  struct Lane {
    std::size_t under_way = 0;
    std::deque<std::function<void()>> waiting;
  };
  std::unordered_map<Id, Lane> lanes_;
};

}  // namespace ieum::runtime
