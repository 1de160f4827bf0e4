#include "runtime/key_locks.hpp"

#include <algorithm>

#include "base/error.hpp"

namespace ieum::runtime {

void KeyLocks::acquire(std::vector<std::string> keys, std::function<void(Ticket)> work) {
  std::sort(keys.begin(), keys.end());
  keys.erase(std::unique(keys.begin(), keys.end()), keys.end());
  const Ticket ticket = ++last_;
  Holder holder{std::move(keys), 0, {}};
  for (const auto& key : holder.keys) {
    auto& queue = queues_[key];
    queue.push_back(ticket);
    if (queue.front() != ticket) ++holder.missing;
  }
  if (holder.missing > 0) {
    holder.work = std::move(work);
    holders_.emplace(ticket, std::move(holder));
    return;
  }
  holders_.emplace(ticket, std::move(holder));
  work(ticket);
}

void KeyLocks::release(Ticket ticket) {
  auto found = holders_.find(ticket);
  IEUM_ASSERT(found != holders_.end());
  Holder holder = std::move(found->second);
  holders_.erase(found);
  for (const auto& key : holder.keys) {
    auto queue = queues_.find(key);
    IEUM_ASSERT(queue != queues_.end() && queue->second.front() == ticket);
    queue->second.erase(queue->second.begin());
    if (queue->second.empty()) {
      queues_.erase(queue);
      continue;
    }
    const Ticket next = queue->second.front();
    auto& waiting = holders_.at(next);
    if (--waiting.missing == 0) {
      engine_.post([work = std::move(waiting.work), next] { work(next); });
    }
  }
}

}  // namespace ieum::runtime
