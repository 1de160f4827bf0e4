// Process: one life of the hub: the real engine, runtime and store, on queues that the world drains as chance wants it. It dies
// when the object goes, as after kill -9: what was queued is gone.
#pragma once
#include <deque>
#include <functional>
#include <memory>
#include <string>

#include "base/zone.hpp"
#include "runtime/hub.hpp"
#include "simulation/slow_store.hpp"
#include "simulation/timeline.hpp"
#include "simulation/vendors.hpp"
#include "vault/vault.hpp"

namespace ieum::sim {

class QueueExecutor final : public runtime::Executor {
 public:
  void post(std::function<void()> work) override { queue_.push_back(std::move(work)); }
  void lend_hand() override {
    if (on_lend) on_lend();
  }
  bool run_one() {
    if (queue_.empty()) return false;
    const auto work = std::move(queue_.front());
    queue_.pop_front();
    work();
    return true;
  }
  [[nodiscard]] bool empty() const { return queue_.empty(); }

  std::function<void()> on_lend;

 private:
  std::deque<std::function<void()>> queue_;
};

// The disk of a world: the file of the hub, and what a crash leaves of it.
struct Disk {
  std::string file;
  std::string vfs;  // a registered SQLite VFS
  // Puts what is left of the file and its log into the folder. Null: all that was written, as when the process alone is killed.
  std::function<void(const std::string& folder)> image;
};

// What outlives a process, and what the world wants of it.
struct Surroundings {
  Disk& disk;
  const host::Registry& connectors;
  vault::Vault& vault;
  ZoneSource& zones;
  Timeline& timeline;
  Random& random;  // the hub's own
  Vendors& vendors;
  Ledger& ledger;
  Dice& dice;
  Trace& trace;
  Log& log;
  Bug bug = Bug::none;
  bool indexes = false;
  std::function<void()> on_lend, on_broken;
  std::function<void(std::string_view)> passing;
};

class Process {
 public:
  // Error: the store cannot be opened, or the hub does not start.
  static Result<std::unique_ptr<Process>> start(const Surroundings& around);
  ~Process();

  // A move of something that is queued; false when nothing is.
  bool step();
  [[nodiscard]] bool busy() const { return !engine_.empty() || !behind_.empty() || store_->busy(); }
  [[nodiscard]] bool idle() const { return !busy() && hub_->idle(); }
  [[nodiscard]] runtime::Hub& hub() { return *hub_; }
  [[nodiscard]] SlowStore& store() { return *store_; }
  [[nodiscard]] store::Reader& reader() { return *reader_; }

 private:
  explicit Process(const Surroundings& around) : around_(around), way_out_(around.vendors) {}

  Surroundings around_;
  std::unique_ptr<SlowStore> store_;
  std::unique_ptr<store::Reader> reader_;
  WayOut way_out_;
  QueueExecutor engine_, behind_;
  std::unique_ptr<runtime::Hub> hub_;
};

}  // namespace ieum::sim
