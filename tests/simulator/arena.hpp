// Arena: a simulated hub whose story a test tells: time, clock and vendors are the test's, chance orders what is queued.
#pragma once
#include <map>
#include <memory>
#include <string>

#include "simulation/process.hpp"

namespace ieum::sim {

class Arena {
 public:
  explicit Arena(std::uint64_t seed);
  ~Arena();

  void start();
  void crash() { process.reset(); }
  void apply(const std::string& yaml);
  // To connection a1; settled when `settles`.
  void deliver(const std::string& topic, const std::string& body, bool settles = true);
  // Until nothing is queued; time does not pass.
  void settle();
  // Time passes, event by event, as long as nothing is queued.
  void run_until(Millis world_ms);
  [[nodiscard]] runtime::Hub& hub() { return process->hub(); }

  Dice dice;
  SeededRandom random;
  Trace trace{false};
  Timeline timeline;
  Ledger ledger{trace};
  Vendors vendors{timeline, dice, trace};
  Disk disk;
  std::unique_ptr<Process> process;
  std::map<Id, int> times_done;  // what vendors did, by run

 private:
  NullLog log_;
  std::string directory_;
  std::unique_ptr<host::Registry> connectors_;
  std::unique_ptr<ZoneSource> zones_;
  std::unique_ptr<vault::Vault> vault_;
};

}  // namespace ieum::sim
