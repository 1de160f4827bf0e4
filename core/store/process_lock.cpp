#include "store/process_lock.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/statfs.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>

namespace ieum::store {
namespace {

std::string owner_of(int file) {
  std::array<char, 32> text{};
  const ssize_t size = ::pread(file, text.data(), text.size() - 1, 0);
  std::string owner(text.data(), size > 0 ? static_cast<std::size_t>(size) : 0);
  while (!owner.empty() && owner.back() == '\n') owner.pop_back();
  return owner;
}

// WAL needs memory shared between processes; network file systems have none (sqlite.org/wal.html).
bool on_network(int file) {
  struct statfs about {};
  if (::fstatfs(file, &about) != 0) return false;
  switch (static_cast<unsigned long>(about.f_type) & 0xffffffffUL) {
    case 0x6969UL:      // NFS
    case 0x517bUL:      // SMB
    case 0xff534d42UL:  // CIFS
    case 0xfe534d42UL:  // SMB2
      return true;
    default: return false;
  }
}

}  // namespace

Result<ProcessLock> ProcessLock::take(const std::string& store_path) {
  const std::string path = store_path + ".lock";
  ProcessLock lock;
  lock.file_ = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
  if (lock.file_ < 0)
    return Error(errno == ENOSPC ? "disk_full" : "store_unreadable",
                 std::string("the lock file cannot be opened: ") + std::strerror(errno),
                 "look at the folder, its owner and its rights", path);
  if (on_network(lock.file_))
    return Error("store_unreadable", "the folder is on a network file system, where the store cannot be kept safe",
                 "use a folder on a local disk", path);
  if (::flock(lock.file_, LOCK_EX | LOCK_NB) != 0)
    return Error("store_locked", "another hub has this store open, process " + owner_of(lock.file_),
                 "end that process, or name another data folder", store_path);
  const std::string text = std::to_string(::getpid()) + "\n";
  // The process id is for people: a full disk must not keep the hub from starting.
  if (::ftruncate(lock.file_, 0) == 0 && ::pwrite(lock.file_, text.data(), text.size(), 0) < 0) errno = 0;
  return lock;
}

ProcessLock::~ProcessLock() { release(); }

ProcessLock& ProcessLock::operator=(ProcessLock&& other) noexcept {
  std::swap(file_, other.file_);
  return *this;
}

void ProcessLock::release() {
  if (file_ >= 0) ::close(file_);
  file_ = -1;
}

}  // namespace ieum::store
