#include "runtime/executor.hpp"

#include <pthread.h>

#include <condition_variable>
#include <deque>
#include <mutex>
#include <thread>

namespace ieum::runtime {
namespace {

class QueueThread final : public ThreadExecutor {
 public:
  explicit QueueThread(std::string name) : thread_([this, name = std::move(name)] { run(name); }) {}
  ~QueueThread() override { stop(); }

  void post(std::function<void()> work) override { put(queue_, std::move(work)); }
  void post_behind(std::function<void()> work) override { put(behind_, std::move(work)); }

  void stop() override {
    {
      std::lock_guard lock(mutex_);
      stopping_ = true;
    }
    ready_.notify_one();
    if (thread_.joinable()) thread_.join();
  }

 private:
  using Queue = std::deque<std::function<void()>>;

  void put(Queue& queue, std::function<void()> work) {
    bool wake = false;
    {
      std::lock_guard lock(mutex_);
      wake = queue_.empty() && behind_.empty();
      queue.push_back(std::move(work));
    }
    if (wake) ready_.notify_one();
  }

  // Takes turns between all that is in the queue and one piece of what is behind it.
  void run(const std::string& name) {
    pthread_setname_np(pthread_self(), name.substr(0, 15).c_str());
    Queue batch;
    for (;;) {
      {
        std::unique_lock lock(mutex_);
        ready_.wait(lock, [this] { return stopping_ || !queue_.empty() || !behind_.empty(); });
        if (queue_.empty() && behind_.empty()) return;
        batch.swap(queue_);
        if (!behind_.empty()) {
          batch.push_back(std::move(behind_.front()));
          behind_.pop_front();
        }
      }
      for (auto& work : batch) work();
      batch.clear();
    }
  }

  std::mutex mutex_;
  std::condition_variable ready_;
  Queue queue_, behind_;
  bool stopping_ = false;
  std::thread thread_;
};

}  // namespace

std::unique_ptr<ThreadExecutor> make_thread_executor(std::string name) {
  return std::make_unique<QueueThread>(std::move(name));
}

struct ManualExecutor::Queue {
  std::mutex mutex;
  std::deque<std::function<void()>> work;
};

ManualExecutor::ManualExecutor() : queue_(std::make_unique<Queue>()) {}
ManualExecutor::~ManualExecutor() = default;

void ManualExecutor::post(std::function<void()> work) {
  std::lock_guard lock(queue_->mutex);
  queue_->work.push_back(std::move(work));
}

bool ManualExecutor::run_one() {
  std::function<void()> work;
  {
    std::lock_guard lock(queue_->mutex);
    if (queue_->work.empty()) return false;
    work = std::move(queue_->work.front());
    queue_->work.pop_front();
  }
  work();
  return true;
}

void ManualExecutor::run_all() {
  while (run_one()) {}
}

}  // namespace ieum::runtime
