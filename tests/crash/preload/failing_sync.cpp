// Preloaded into the hub: when the file named by IEUM_FAIL_SYNC is there, the next sync of the file named by IEUM_FAIL_SYNC_OF fails,
// once, as a disk's does (EIO). The first then says "failed", and "again" for each sync of the second that the process tries after it.
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <cstdlib>
#include <cstring>

namespace {

std::atomic<bool> g_failed{false};

bool is_log(int file) {
  const char* log = std::getenv("IEUM_FAIL_SYNC_OF");
  struct stat wanted {
  }, about{};
  return log != nullptr && ::stat(log, &wanted) == 0 && ::fstat(file, &about) == 0 && wanted.st_ino == about.st_ino &&
         wanted.st_dev == about.st_dev;
}

void say(const char* wish, const char* word) {
  const int file = ::open(wish, O_WRONLY | O_APPEND | O_CLOEXEC);
  if (file < 0) return;
  if (::write(file, word, std::strlen(word)) < 0) std::abort();
  ::close(file);
}

bool fails(int file) {
  const char* wish = std::getenv("IEUM_FAIL_SYNC");
  if (wish == nullptr || ::access(wish, W_OK) != 0 || !is_log(file)) return false;
  if (g_failed.exchange(true)) {
    say(wish, "again ");
    return false;
  }
  say(wish, "failed ");
  errno = EIO;
  return true;
}

}  // namespace

extern "C" __attribute__((visibility("default"))) int fsync(int file) {
  return fails(file) ? -1 : static_cast<int>(::syscall(SYS_fsync, file));
}

extern "C" __attribute__((visibility("default"))) int fdatasync(int file) {
  return fails(file) ? -1 : static_cast<int>(::syscall(SYS_fdatasync, file));
}
