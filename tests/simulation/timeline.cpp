#include "simulation/timeline.hpp"

#include <algorithm>

namespace ieum::sim {

bool Timeline::happen(Millis until, bool only_nesting) {
  const auto found = std::find_if(events_.begin(), events_.end(),
                                  [&](const auto& entry) { return !only_nesting || entry.second.nests; });
  if (found == events_.end() || found->first.first > until) return false;
  move_to(found->first.first);
  const auto work = std::move(found->second.work);
  events_.erase(found);
  work();
  return true;
}

Millis Timeline::next_of_world() const {
  const auto found = std::find_if(events_.begin(), events_.end(), [](const auto& e) { return !e.second.of_process; });
  return found == events_.end() ? INT64_MAX : found->first.first;
}

Millis Timeline::next() const { return events_.empty() ? INT64_MAX : events_.begin()->first.first; }

void Timeline::drop_process() {
  // What is dropped may hold what drops more.
  std::erase_if(events_, [](const auto& entry) { return entry.second.of_process; });
}

}  // namespace ieum::sim
