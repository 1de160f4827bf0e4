// FairQueue: deficit round robin. What waits is kept by key, each key in its own order; the keys take turns, and one whose items
// cost much gets fewer of them. One that floods the queue makes nobody wait longer than a round.
#pragma once
#include <cstddef>
#include <deque>
#include <iterator>
#include <list>
#include <optional>
#include <unordered_map>
#include <utility>

namespace ieum::runtime {

template <class Key, class T>
class FairQueue {
 public:
  FairQueue() = default;
  explicit FairQueue(std::size_t quantum) : quantum_(quantum) {}

  void push(const Key& key, T item, std::size_t cost = 1) {
    auto known = flows_.find(key);
    if (known == flows_.end()) {
      turns_.push_back({key, {}, 0});
      known = flows_.emplace(key, std::prev(turns_.end())).first;
    }
    known->second->items.emplace_back(cost, std::move(item));
    ++size_;
  }

  std::optional<T> pop() {
    return pop([](const Key&) { return true; });
  }
  // Only of keys that `may`; the others keep their place in the round.
  template <class May>
  std::optional<T> pop(const May& may) {
    bool begun = begun_;  // by whom the search begins with
    for (std::size_t passed = 0; passed < turns_.size();) {
      auto flow = turns_.begin();
      if (!may(flow->key)) {
        ++passed;
        next_turn();
        continue;
      }
      if (!std::exchange(begun_, true)) flow->deficit += quantum_;
      auto& [cost, item] = flow->items.front();
      if (cost > flow->deficit) {
        passed = 0;  // it saves for its next turn
        next_turn();
        begun = false;
        continue;
      }
      flow->deficit -= cost;
      std::optional<T> taken(std::move(item));
      flow->items.pop_front();
      --size_;
      if (flow->items.empty()) {
        flows_.erase(flow->key);
        turns_.erase(flow);
        begun_ = false;
      }
      return taken;
    }
    begun_ = begun;  // all were passed: it is still the turn of the same one
    return std::nullopt;
  }

  [[nodiscard]] bool empty() const { return size_ == 0; }
  [[nodiscard]] std::size_t size() const { return size_; }
  [[nodiscard]] std::size_t size(const Key& key) const {
    const auto known = flows_.find(key);
    return known == flows_.end() ? 0 : known->second->items.size();
  }

 private:
  struct Flow {
    Key key;
    std::deque<std::pair<std::size_t, T>> items;
    std::size_t deficit;
  };
  void next_turn() {
    turns_.splice(turns_.end(), turns_, turns_.begin());
    begun_ = false;
  }

  std::size_t quantum_ = 1;
  std::list<Flow> turns_;
  std::unordered_map<Key, typename std::list<Flow>::iterator> flows_;
  std::size_t size_ = 0;
  bool begun_ = false;  // the first flow has got what a turn gives
};

}  // namespace ieum::runtime
