#include "runtime/watchdog.hpp"

#include <fcntl.h>
#include <pthread.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <mutex>
#include <sstream>
#include <thread>

namespace ieum::runtime {
namespace {

class WatchingThread final : public Watchdog {
 public:
  explicit WatchingThread(WatchdogOptions options) : options_(std::move(options)) {
    fd_ = ::open(options_.note_file.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    thread_ = std::thread([this] { watch(); });
  }
  ~WatchingThread() override {
    {
      std::lock_guard lock(mutex_);
      stopping_ = true;
    }
    wake_.notify_one();
    thread_.join();
    if (fd_ >= 0) ::close(fd_);
  }

  void working_on(std::string unit) override {
    std::lock_guard lock(mutex_);
    unit_ = std::move(unit);
  }

  void entering(const std::string& connector, const char* phase) override {
    std::lock_guard lock(mutex_);
    const std::string text = "connector " + connector + ", phase " + phase + ", " + (unit_.empty() ? "no unit" : unit_);
    const std::size_t size = std::min(text.size(), sizeof(note_) - 1);
    std::memcpy(note_, text.data(), size);
    note_[size] = '\0';
    entered_ = std::chrono::steady_clock::now();
    inside_.store(true, std::memory_order_release);
  }

  void left() override { inside_.store(false, std::memory_order_release); }

  // Called from a signal handler of the thread that is inside the module, or by the watching thread: no locks here.
  void note_from_signal(const char* cause) noexcept override {
    if (!inside_.load(std::memory_order_acquire) || fd_ < 0) return;
    [[maybe_unused]] auto written = ::write(fd_, note_, ::strnlen(note_, sizeof(note_)));
    written = ::write(fd_, ": ", 2);
    written = ::write(fd_, cause, std::strlen(cause));
    written = ::write(fd_, "\n", 1);
  }

 private:
  void watch() {
    pthread_setname_np(pthread_self(), "watchdog");
    const auto limit = std::chrono::milliseconds(options_.call_for_max);
    std::unique_lock lock(mutex_);
    while (!wake_.wait_for(lock, limit / 4 + std::chrono::milliseconds(1), [this] { return stopping_; })) {
      if (!inside_.load(std::memory_order_acquire) || std::chrono::steady_clock::now() - entered_ < limit) continue;
      const std::string cause = "did not return in " + std::to_string(options_.call_for_max) + " ms";
      note_from_signal(cause.c_str());
      inside_.store(false);  // the note is written; the abort handler adds nothing
      std::abort();
    }
  }

  WatchdogOptions options_;
  std::mutex mutex_;
  std::condition_variable wake_;
  bool stopping_ = false;
  std::string unit_;
  char note_[512] = {};
  std::chrono::steady_clock::time_point entered_;
  std::atomic<bool> inside_{false};
  int fd_ = -1;
  std::thread thread_;
};

}  // namespace

std::unique_ptr<Watchdog> make_watchdog(WatchdogOptions options) {
  return std::make_unique<WatchingThread>(std::move(options));
}

std::string read_note(const std::string& note_file) {
  std::ifstream file(note_file);
  std::string line;
  std::getline(file, line);
  return line;
}

}  // namespace ieum::runtime
