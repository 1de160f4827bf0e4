// The store's one thread: takes units from two queues, commits them together, answers them.
//
// Nobody waits for company: what is there is committed at once, and what comes during that commit is the next batch. So
// a lone unit pays one commit, and under load a batch grows to what the disk takes in one go.
#include <chrono>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <thread>

#include "base/limits.hpp"
#include "store/committer.hpp"
#include "store/opened_file.hpp"
#include "store/sqlite_reader.hpp"

namespace ieum::store {
namespace {

// Of a full batch, units of the work queue that go with it however long the accept queue is.
constexpr std::size_t kWorkShare = limits::kCommitUnitsMax / 4;
// How long nothing must come before the log is copied into the file.
constexpr std::chrono::milliseconds kIdle{500};

class ThreadStore final : public Store {
 public:
  ThreadStore(OpenedFile file, Log& log)
      : lock_(std::move(file.lock)),
        path_(file.options.path),
        vfs_(file.options.vfs),
        on_damage_(file.on_damage),
        epoch_(file.epoch),
        ended_cleanly_(file.ended_cleanly),
        ids_(file.last_ids),
        committer_(std::make_unique<Committer>(std::move(file.database), log, file.options.on_broken)),
        thread_([this] { write(); }) {}
  ~ThreadStore() override { end(false); }

  void submit(Queue queue, Unit unit, UnitDone done) override {
    bool wake = false;
    {
      std::unique_lock guard(mutex_);
      if (closing_) {
        guard.unlock();
        if (done) done(closed_outcome(path_));
        return;
      }
      queue_of(queue).push_back({std::move(unit), std::move(done), {}});
      wake = sleeping_;
    }
    if (wake) come_.notify_one();
  }

  UnitOutcome submit_and_wait(Queue queue, Unit unit) override {
    IEUM_ASSERT(std::this_thread::get_id() != thread_.get_id());  // not from done()
    struct Answer {
      std::mutex mutex;
      std::condition_variable came;
      std::optional<UnitOutcome> outcome;
    } answer;
    submit(queue, std::move(unit), [&answer](const UnitOutcome& outcome) {
      const std::lock_guard guard(answer.mutex);
      answer.outcome = outcome;
      answer.came.notify_one();
    });
    std::unique_lock guard(answer.mutex);
    answer.came.wait(guard, [&] { return answer.outcome.has_value(); });
    return *answer.outcome;
  }

  Id next_id(IdSpace space) override { return ids_.next(space); }
  std::unique_ptr<Reader> reader() override { return std::make_unique<SqliteReader>(path_, vfs_, on_damage_); }
  std::int64_t epoch() const override { return epoch_; }
  bool ended_cleanly() const override { return ended_cleanly_; }
  const std::string& path() const override { return path_; }
  bool log_is_held() const override {
    const std::lock_guard guard(mutex_);
    return committer_ != nullptr && committer_->log_is_held();
  }
  std::size_t queued(Queue queue) const override {
    const std::lock_guard guard(mutex_);
    return queue == Queue::accept ? accept_.size() : work_.size();
  }

  void close() override { end(true); }

 private:
  // `cleanly`: the owner has closed the store itself. A store that is only destroyed leaves the mark of an unclean end.
  void end(bool cleanly) {
    {
      const std::lock_guard guard(mutex_);
      closing_ = true;
      mark_clean_ = mark_clean_ || cleanly;
    }
    come_.notify_one();
    const std::lock_guard guard(close_mutex_);
    if (!thread_.joinable()) return;
    IEUM_ASSERT(std::this_thread::get_id() != thread_.get_id());  // not from done()
    thread_.join();
    std::unique_ptr<Committer> done;
    {
      const std::lock_guard asked(mutex_);
      done = std::move(committer_);
    }
    done.reset();
    lock_.release();
  }

  std::deque<Pending>& queue_of(Queue queue) { return queue == Queue::accept ? accept_ : work_; }

  void write() {
    std::vector<Pending> batch;
    while (take(batch)) {
      committer_->commit(batch);
      for (Pending& pending : batch) {
        if (pending.done) pending.done(pending.outcome);
      }
      batch.clear();
      if (committer_->log_is_long()) committer_->checkpoint();
    }
    bool clean = false;
    {
      const std::lock_guard guard(mutex_);
      clean = mark_clean_;
    }
    if (clean) committer_->finish();
  }

  // Waits for units and moves the next batch out; false when the store closes and all are answered.
  bool take(std::vector<Pending>& batch) {
    std::unique_lock guard(mutex_);
    const auto something = [this] { return closing_ || !accept_.empty() || !work_.empty(); };
    while (!something()) {
      sleeping_ = true;
      if (committer_->log_has_news()) {
        const bool came = come_.wait_for(guard, kIdle, something);
        sleeping_ = false;
        if (came) break;
        guard.unlock();
        committer_->checkpoint();
        guard.lock();
      } else {
        come_.wait(guard, something);
        sleeping_ = false;
      }
    }
    const std::size_t work = std::min(work_.size(), kWorkShare);
    move_some(accept_, batch, limits::kCommitUnitsMax - work);
    move_some(work_, batch, limits::kCommitUnitsMax - batch.size());
    return !batch.empty();
  }

  static void move_some(std::deque<Pending>& from, std::vector<Pending>& to, std::size_t most) {
    for (; most > 0 && !from.empty(); --most) {
      to.push_back(std::move(from.front()));
      from.pop_front();
    }
  }

  ProcessLock lock_;
  const std::string path_;
  const std::string vfs_;
  const std::function<void(const Error&)> on_damage_;
  const std::int64_t epoch_;
  const bool ended_cleanly_;
  IdSource ids_;
  std::unique_ptr<Committer> committer_;  // the writer thread's; once that is joined, let go with mutex_
  mutable std::mutex mutex_;              // what follows
  std::condition_variable come_;
  std::deque<Pending> accept_;
  std::deque<Pending> work_;
  bool sleeping_ = false;
  bool closing_ = false;
  bool mark_clean_ = false;
  std::mutex close_mutex_;
  std::thread thread_;  // last: it uses all of the above
};

}  // namespace

std::unique_ptr<Store> make_thread_store(OpenedFile file, Log& log) {
  return std::make_unique<ThreadStore>(std::move(file), log);
}

}  // namespace ieum::store
