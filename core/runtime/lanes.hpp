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
  void enter(const std::string& account, std::size_t cap, std::function<void()> work);
  // What may begin now, for the caller to begin when its own work is done; null when nobody waits.
  [[nodiscard]] std::function<void()> leave(const std::string& account);
  // All that waits, to be begun whatever the cap: at the end of the hub, when nothing of it is sent any more.
  [[nodiscard]] std::vector<std::function<void()>> drain();

 private:
  struct Lane {
    std::size_t under_way = 0;
    std::deque<std::function<void()>> waiting;
  };
  std::unordered_map<std::string, Lane> lanes_;
};

}  // namespace ieum::runtime
