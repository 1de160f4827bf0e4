// Executor: where a part's work runs, one piece after the other. The runtime's own logic is single-threaded on one of these.
#pragma once
#include <functional>
#include <memory>
#include <string>

namespace ieum::runtime {

class Executor {
 public:
  virtual ~Executor() = default;
  // Runs work later, never inside this call, in the order of posting. [any-thread]
  virtual void post(std::function<void()> work) = 0;
  // The same for work that begins something new: what is under way goes before it, but never for good. [any-thread]
  virtual void post_behind(std::function<void()> work) { post(std::move(work)); }
  // For who is about to wait for posted work: an executor without a thread of its own runs what is queued, on the caller.
  virtual void lend_hand() {}
};

// One named thread with a queue. stop() finishes what is queued, then joins.
class ThreadExecutor : public Executor {
 public:
  virtual void stop() = 0;
};
std::unique_ptr<ThreadExecutor> make_thread_executor(std::string name);

// A queue that its owner drains on its own thread: tests, trials, the simulator.
class ManualExecutor final : public Executor {
 public:
  ManualExecutor();
  ~ManualExecutor() override;
  void post(std::function<void()> work) override;
  bool run_one();  // false when nothing was queued
  void run_all();  // until nothing is queued
  void lend_hand() override { run_all(); }

 private:
  struct Queue;
  std::unique_ptr<Queue> queue_;
};

}  // namespace ieum::runtime
