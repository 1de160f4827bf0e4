// Lanes: how many requests one account (LiveConnection::account) has under way. Work beyond its cap waits its turn in memory,
// in order; a run whose request waits here is acting, as one whose request is on the wire. Belongs to the engine.
#pragma once
#include <cstddef>
#include <deque>
#include <functional>
#include <string>
#include <unordered_map>
#include <vector>

namespace ieum::runtime {

class Lanes {
 public:
  // Calls work now, or when a lane of the account is free. Each entry is left once.
  void enter(const std::string& account, std::size_t cap, std::function<void()> work) {
    auto& lane = lanes_[account];
    if (lane.under_way >= cap) return lane.waiting.push_back(std::move(work));
    ++lane.under_way;
    work();
  }
  // What may begin now, for the caller to begin when its own work is done; null when nobody waits.
  [[nodiscard]] std::function<void()> leave(const std::string& account) {
    const auto found = lanes_.find(account);
    if (found == lanes_.end()) return {};
    auto& lane = found->second;
    if (!lane.waiting.empty()) {
      auto work = std::move(lane.waiting.front());
      lane.waiting.pop_front();
      return work;
    }
    if (--lane.under_way == 0) lanes_.erase(found);
    return {};
  }

  // All that waits, to be begun whatever the cap: at the end of the hub, when nothing of it is sent any more.
  [[nodiscard]] std::vector<std::function<void()>> drain() {
    std::vector<std::function<void()>> all;
    for (auto& [account, lane] : lanes_) {
      lane.under_way += lane.waiting.size();
      for (auto& work : lane.waiting) all.push_back(std::move(work));
      lane.waiting.clear();
    }
    return all;
  }

 private:
  struct Lane {
    std::size_t under_way = 0;
    std::deque<std::function<void()>> waiting;
  };
  std::unordered_map<std::string, Lane> lanes_;
};

}  // namespace ieum::runtime
