// A SQLite VFS over the default one, for crashes and failures. One in the process, under the name "ieum-crash".
//
// Failures: the n-th operation of a kind fails, once or from then on; memory too. A write that fails has written its first half, as
// a torn write does. A sync may be done and be reported as failed all the same.
// Power cuts: while files are watched, what was written to each since its last sync is kept apart, and an image of the folder can be
// made that holds what a disk may hold after a power cut now. `-shm` is in no image: it is memory.
#pragma once
#include <cstdint>
#include <functional>
#include <ostream>
#include <string>

namespace ieum::store::test {

enum class Operation { open, read, write, sync, truncate, map, memory };
struct FaultPlan {
  Operation operation = Operation::write;
  int at = 0;              // which of them fails, from 1; 0: none
  bool from_then = false;  // all that follow fail too
  bool full = false;       // as on a full disk; else as on a broken one
  bool done = false;       // sync: it is done, and reported as failed
};
std::ostream& operator<<(std::ostream& out, const FaultPlan& plan);

// What becomes of writes that were not synced.
enum class Fate {
  kept,       // all of them are there
  dropped,    // none is
  torn,       // those up to one are, and of that one some sectors
  reordered,  // each sector of each is or is not, or holds something else, whatever came after it
};
std::ostream& operator<<(std::ostream& out, Fate fate);

class CrashVfs {
 public:
  static constexpr const char* kName = "ieum-crash";
  // Registers the VFS at the first call. Counting begins anew.
  static void arm(const FaultPlan& plan);
  static void disarm() { arm({}); }
  // How many operations of the plan's kind there were.
  static int seen();

  // Files that are opened from now on are watched; what they hold then counts as synced. `at_sync` is called before each sync of one
  // of them, on its thread.
  static void watch(std::function<void()> at_sync);
  static void at_sync(std::function<void()> call);  // instead, from now on
  static void unwatch();
  // Writes into `folder` what the disk may hold of each watched file. The same seed makes the same image.
  static void image(const std::string& folder, Fate fate, std::uint64_t seed);
};

}  // namespace ieum::store::test
