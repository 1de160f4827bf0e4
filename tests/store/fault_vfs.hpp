// A SQLite VFS over the default one that fails on demand. One in the process, under the name "ieum-fault".
// A write that fails has written its first half, as a torn write does.
#pragma once
#include <ostream>

namespace ieum::store::test {

enum class Operation { open, read, write, sync, truncate, map };
struct FaultPlan {
  Operation operation = Operation::write;
  int at = 0;              // which of them fails, from 1; 0: none
  bool from_then = false;  // all that follow fail too
  bool full = false;       // as on a full disk; else as on a broken one
};
std::ostream& operator<<(std::ostream& out, const FaultPlan& plan);

class FaultVfs {
 public:
  static constexpr const char* kName = "ieum-fault";
  // Registers the VFS at the first call. Counting begins anew.
  static void arm(const FaultPlan& plan);
  static void disarm() { arm({}); }
  // How many operations of the plan's kind there were.
  static int seen();
};

}  // namespace ieum::store::test
