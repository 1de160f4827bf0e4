#include "runtime/lanes.hpp"

#include <utility>

namespace ieum::runtime {

void Lanes::enter(const std::string& account, std::size_t cap, std::function<void()> work) {
  auto& lane = lanes_[account];
  if (lane.under_way >= cap) return lane.waiting.push_back(std::move(work));
  ++lane.under_way;
  work();
}

std::function<void()> Lanes::leave(const std::string& account) {
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

std::vector<std::function<void()>> Lanes::drain() {
  std::vector<std::function<void()>> all;
  for (auto& [account, lane] : lanes_) {
    lane.under_way += lane.waiting.size();
    for (auto& work : lane.waiting) all.push_back(std::move(work));
    lane.waiting.clear();
  }
  return all;
}

}  // namespace ieum::runtime
