// ProcessLock: one hub at a time on one file. An flock on FILE.lock, which holds the process id of its owner.
// The kernel frees it when the process ends in any way, so a crash leaves nothing to clean up; the lock file stays.
#pragma once
#include <string>

#include "base/error.hpp"

namespace ieum::store {

class ProcessLock {
 public:
  // Never waits. Errors: "store_locked" with the owner's process id, "store_unreadable" (folder missing, no rights,
  // network file system).
  static Result<ProcessLock> take(const std::string& store_path);
  ProcessLock() = default;
  ~ProcessLock();
  ProcessLock(ProcessLock&& other) noexcept : file_(other.file_) { other.file_ = -1; }
  ProcessLock& operator=(ProcessLock&& other) noexcept;
  void release();

 private:
  int file_ = -1;
};

}  // namespace ieum::store
