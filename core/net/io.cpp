// Io over Asio: the only file that sees Asio's types. The thread of the loop is made here.
#include "net/io.hpp"

#include <atomic>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <condition_variable>
#include <csignal>
#include <map>
#include <mutex>
#include <thread>
#include <unordered_map>
#include <vector>

#include "base/error.hpp"
#include "net/loop.hpp"

namespace ieum::net {

namespace asio = boost::asio;
using Instant = std::chrono::steady_clock::time_point;

struct Io::Impl::Core {
  asio::io_context context{1};
  asio::executor_work_guard<asio::io_context::executor_type> guard{context.get_executor()};
  asio::steady_timer alarm{context};
  Instant armed_for = Instant::max();  // io thread only

  std::mutex mutex;
  std::condition_variable changed;
  std::vector<std::function<void()>> posted;
  bool drain_queued = false;
  bool running = false;
  std::map<std::pair<Instant, std::uint64_t>, std::function<void()>> timers;
  std::unordered_map<std::uint64_t, Instant> timer_times;
  std::uint64_t last_timer = 0;

  std::atomic<std::thread::id> owner{};
  std::thread thread;

  [[nodiscard]] bool on_thread() const { return owner.load(std::memory_order_relaxed) == std::this_thread::get_id(); }

  void post(std::function<void()> work) {
    bool first = false;
    {
      std::lock_guard lock(mutex);
      posted.push_back(std::move(work));
      first = !std::exchange(drain_queued, true);
    }
    if (first) asio::post(context, [this] { drain(); });
  }

  // One wake-up of the loop runs everything that was posted until then.
  void drain() {
    std::vector<std::function<void()>> batch;
    {
      std::lock_guard lock(mutex);
      batch.swap(posted);
      drain_queued = false;
    }
    for (auto& work : batch) {
      work();
      work = nullptr;
    }
  }

  std::uint64_t after(Millis delay_for, std::function<void()> work) {
    const Instant when = std::chrono::steady_clock::now() + std::chrono::milliseconds(delay_for > 0 ? delay_for : 0);
    std::uint64_t handle = 0;
    bool earliest = false;
    {
      std::lock_guard lock(mutex);
      handle = ++last_timer;
      const auto place = timers.emplace(std::pair(when, handle), std::move(work)).first;
      timer_times.emplace(handle, when);
      earliest = place == timers.begin();
    }
    if (earliest) {
      if (on_thread()) {
        arm();
      } else {
        post([this] { arm(); });
      }
    }
    return handle;
  }

  void cancel(std::uint64_t handle) {
    std::function<void()> dropped;  // destroyed outside the lock
    std::lock_guard lock(mutex);
    const auto time = timer_times.find(handle);
    if (time == timer_times.end()) return;
    const auto timer = timers.find(std::pair(time->second, handle));
    dropped = std::move(timer->second);
    timers.erase(timer);
    timer_times.erase(time);
  }

  void arm() {
    Instant next = Instant::max();
    {
      std::lock_guard lock(mutex);
      if (!timers.empty()) next = timers.begin()->first.first;
    }
    if (next >= armed_for) return;
    armed_for = next;
    alarm.expires_at(next);
    alarm.async_wait([this](const boost::system::error_code& failed) {
      if (failed) return;
      armed_for = Instant::max();
      run_due();
      arm();
    });
  }

  void run_due() {
    const Instant now = std::chrono::steady_clock::now();
    for (;;) {
      std::function<void()> work;
      {
        std::lock_guard lock(mutex);
        if (timers.empty() || timers.begin()->first.first > now) return;
        work = std::move(timers.begin()->second);
        timer_times.erase(timers.begin()->first.second);
        timers.erase(timers.begin());
      }
      work();
    }
  }

  void set_running() {
    std::lock_guard lock(mutex);
    IEUM_ASSERT(!running);
    running = true;
  }

  void loop() {
    owner.store(std::this_thread::get_id());
    context.run();
    owner.store(std::thread::id{});
    std::lock_guard lock(mutex);
    running = false;
    changed.notify_all();
  }
};

namespace {

class DescriptorWatch final : public Watch {
 public:
  DescriptorWatch(asio::io_context& context, int fd) : descriptor_(context, fd) {}
  int fd() const override { return const_cast<asio::posix::stream_descriptor&>(descriptor_).native_handle(); }

  void wait(Direction direction, std::shared_ptr<Waiter> waiter) override {
    const auto kind = direction == Direction::read ? asio::posix::descriptor_base::wait_read
                                                   : asio::posix::descriptor_base::wait_write;
    descriptor_.async_wait(kind, [waiter = std::move(waiter), direction](const boost::system::error_code& failed) {
      if (failed != asio::error::operation_aborted) waiter->on_ready(direction);
    });
  }

  void close() override {
    boost::system::error_code ignored;
    descriptor_.close(ignored);
  }

 private:
  asio::posix::stream_descriptor descriptor_;
};

}  // namespace

Io::Impl::Impl() : core(std::make_unique<Core>()) {}
Io::Impl::~Impl() = default;
bool Io::Impl::on_thread() const { return core->on_thread(); }
std::unique_ptr<Watch> Io::Impl::watch(int fd) { return std::make_unique<DescriptorWatch>(core->context, fd); }

void Io::Impl::run_and_wait(const std::function<void()>& work) {
  enum class Stage { waiting, begun, over };
  auto stage = std::make_shared<Stage>(Stage::waiting);
  if (!core->on_thread()) {
    std::unique_lock lock(core->mutex);
    if (core->running) {
      lock.unlock();
      core->post([stage, &work, this] {
        {
          std::lock_guard inner(core->mutex);
          if (*stage != Stage::waiting) return;  // the caller saw the loop end and did it itself
          *stage = Stage::begun;
        }
        work();
        std::lock_guard inner(core->mutex);
        *stage = Stage::over;
        core->changed.notify_all();
      });
      lock.lock();
      core->changed.wait(lock, [&] { return *stage == Stage::over || (*stage == Stage::waiting && !core->running); });
      if (*stage == Stage::over) return;
      *stage = Stage::over;
    }
  }
  work();
}

Io::Io() : impl_(std::make_unique<Impl>()) {
  // A peer that closed must be an error of the write, not the end of the process. OpenSSL writes without MSG_NOSIGNAL.
  std::signal(SIGPIPE, SIG_IGN);
}

Io::~Io() {
  stop();
  if (impl_->core->thread.joinable()) impl_->core->thread.join();
}

void Io::post(std::function<void()> work) { impl_->core->post(std::move(work)); }
std::uint64_t Io::after(Millis delay_for, std::function<void()> work) {
  return impl_->core->after(delay_for, std::move(work));
}
void Io::cancel(std::uint64_t handle) { impl_->core->cancel(handle); }

void Io::start() {
  impl_->core->set_running();
  impl_->core->thread = std::thread([core = impl_->core.get()] { core->loop(); });
}

void Io::run_here() {
  impl_->core->set_running();
  impl_->core->loop();
}

void Io::stop() { impl_->core->context.stop(); }

}  // namespace ieum::net
