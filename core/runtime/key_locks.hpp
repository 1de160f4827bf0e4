// KeyLocks: transitions of one key run one after another. A key is a customer, a run, or an identity that may become a
// customer. In memory only: after a crash nothing is under way. Belongs to the engine.
#pragma once
#include <cstdint>
#include <functional>
#include <string>
#include <unordered_map>
#include <vector>

#include "runtime/executor.hpp"

namespace ieum::runtime {

class KeyLocks {
 public:
  using Ticket = std::uint64_t;
  explicit KeyLocks(Executor& engine) : engine_(engine) {}

  // Calls work when all keys are this ticket's, in order of asking; at once when they are free. A ticket asks for all
  // that it wants of one kind in one call, so that two can never wait for each other.
  void acquire(std::vector<std::string> keys, std::function<void(Ticket)> work);
  void release(Ticket ticket);
  [[nodiscard]] bool empty() const { return holders_.empty(); }

 private:
  struct Holder {
    std::vector<std::string> keys;
    std::size_t missing = 0;
    std::function<void(Ticket)> work;
  };
  Executor& engine_;
  Ticket last_ = 0;
  std::unordered_map<Ticket, Holder> holders_;
  std::unordered_map<std::string, std::vector<Ticket>> queues_;
};

}  // namespace ieum::runtime
