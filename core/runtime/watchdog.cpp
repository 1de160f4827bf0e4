#include "runtime/watchdog.hpp"

#include <fcntl.h>
#include <pthread.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <charconv>
#include <chrono>
#include <condition_variable>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <map>
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
    units_[std::this_thread::get_id()] = std::move(unit);
  }

  void entering(const std::string& connector, const char* phase) override {
    std::lock_guard lock(mutex_);
    Call* call = slot_of([](const Call& one) { return !one.inside.load(); });
    if (call == nullptr) return;  // more threads at once than the hub has
    const std::string& unit = units_[std::this_thread::get_id()];
    const std::string text = "connector " + connector + ", phase " + phase + ", " + (unit.empty() ? "no unit" : unit);
    const std::size_t size = std::min(text.size(), sizeof(call->note) - 1);
    std::memcpy(call->note, text.data(), size);
    call->note[size] = '\0';
    call->thread = ::pthread_self();
    call->entered = std::chrono::steady_clock::now();
    call->inside.store(true, std::memory_order_release);
  }

  void left() override {
    std::lock_guard lock(mutex_);
    if (Call* call = own_call()) call->inside.store(false, std::memory_order_release);
  }

  // Called from a signal handler of the thread that is inside the module: no locks here.
  void note_from_signal(const char* cause) noexcept override {
    if (noted_.load()) return;
    if (const Call* call = own_call()) write_note(*call, cause);
  }

 private:
  struct Call {
    std::atomic<bool> inside{false};
    pthread_t thread{};
    std::chrono::steady_clock::time_point entered;
    char note[512] = {};
  };
  template <class Fits>
  Call* slot_of(const Fits& fits) noexcept {
    const auto found = std::find_if(calls_.begin(), calls_.end(), fits);
    return found == calls_.end() ? nullptr : &*found;
  }
  Call* own_call() noexcept {
    return slot_of([](const Call& one) {
      return one.inside.load(std::memory_order_acquire) && ::pthread_equal(one.thread, ::pthread_self()) != 0;
    });
  }
  void write_note(const Call& call, const char* cause) const noexcept {
    if (fd_ < 0) return;
    [[maybe_unused]] auto written = ::write(fd_, call.note, ::strnlen(call.note, sizeof(call.note)));
    written = ::write(fd_, ": ", 2);
    written = ::write(fd_, cause, std::strlen(cause));
    written = ::write(fd_, "\n", 1);
  }

  void watch() {
    pthread_setname_np(pthread_self(), "watchdog");
    const auto limit = std::chrono::milliseconds(options_.call_for_max);
    std::unique_lock lock(mutex_);
    while (!wake_.wait_for(lock, limit / 4 + std::chrono::milliseconds(1), [this] { return stopping_; })) {
      const auto now = std::chrono::steady_clock::now();
      const Call* late = slot_of([&](const Call& one) { return one.inside.load() && now - one.entered >= limit; });
      if (late == nullptr) continue;
      const std::string cause = "did not return in " + std::to_string(options_.call_for_max) + " ms";
      write_note(*late, cause.c_str());
      noted_.store(true);  // the abort handler adds nothing
      std::abort();
    }
  }

  WatchdogOptions options_;
  std::mutex mutex_;
  std::condition_variable wake_;
  bool stopping_ = false;
  std::map<std::thread::id, std::string> units_;
  std::array<Call, 16> calls_;  // one for each thread that is inside a module
  std::atomic<bool> noted_{false};
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

std::optional<Id> noted_unit(std::string_view note, std::string_view kind) {
  const std::string before = ", " + std::string(kind) + " ";
  const auto at = note.find(before);
  if (at == std::string_view::npos) return std::nullopt;
  Id id = 0;
  const auto number = note.substr(at + before.size());
  std::from_chars(number.data(), number.data() + number.size(), id);
  return id == 0 ? std::nullopt : std::optional(id);
}

}  // namespace ieum::runtime
