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
  [[nodiscard]] const Value* find(Id event, int item, const std::shared_ptr<const Live>& live);
  void put(Id event, int item, const Value& scope, std::size_t payload_bytes, const std::shared_ptr<const Live>& live);

 private:
  std::map<std::pair<Id, int>, Value> scopes_;
  std::deque<std::pair<Id, int>> order_;
  std::weak_ptr<const Live> read_with_;
};

}  // namespace ieum::runtime
