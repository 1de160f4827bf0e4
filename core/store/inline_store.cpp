// The store without a thread: a unit runs on the caller and is committed at once, one commit each. For trials, the
// simulator and tests. A unit that done() submits runs when that done() has returned, as it would with a thread.
#include <condition_variable>
#include <deque>
#include <mutex>
#include <thread>

#include "store/committer.hpp"
#include "store/opened_file.hpp"
#include "store/sqlite_reader.hpp"

namespace ieum::store {
namespace {

class InlineStore final : public Store {
 public:
  InlineStore(OpenedFile file, Log& log)
      : lock_(std::move(file.lock)),
        path_(file.options.path),
        vfs_(file.options.vfs),
        on_damage_(file.on_damage),
        epoch_(file.epoch),
        ended_cleanly_(file.ended_cleanly),
        ids_(file.last_ids),
        database_(file.database),
        committer_(std::make_unique<Committer>(std::move(file.database), log, file.options.on_broken)) {}
  ~InlineStore() override { end(false); }

  void submit(Queue, Unit unit, UnitDone done) override {
    {
      std::unique_lock guard(mutex_);
      if (closed_) {
        guard.unlock();
        if (done) done(closed_outcome(path_));
        return;
      }
      pending_.push_back({std::move(unit), std::move(done), {}});
      if (draining_) return;  // the one below us on the stack, or on another thread, will take it
      draining_ = true;
      drainer_ = std::this_thread::get_id();
    }
    drain();
  }

  UnitOutcome submit_and_wait(Queue queue, Unit unit) override {
    struct Answer {
      std::mutex mutex;
      std::condition_variable came;
      std::optional<UnitOutcome> outcome;
    } answer;
    {
      const std::lock_guard guard(mutex_);
      IEUM_ASSERT(!draining_ || drainer_ != std::this_thread::get_id());  // not from done()
    }
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
  std::unique_ptr<Reader> reader() override {
    if (path_ == ":memory:") return std::make_unique<SqliteReader>(database_, turn_);
    return std::make_unique<SqliteReader>(path_, vfs_, on_damage_);
  }
  std::int64_t epoch() const override { return epoch_; }
  bool ended_cleanly() const override { return ended_cleanly_; }
  const std::string& path() const override { return path_; }
  bool log_is_held() const override { return committer_ != nullptr && committer_->log_is_held(); }
  std::size_t queued(Queue) const override {
    const std::lock_guard guard(mutex_);
    return pending_.size();
  }

  void close() override { end(true); }

 private:
  // `cleanly`: the owner has closed the store itself. A store that is only destroyed leaves the mark of an unclean end.
  void end(bool cleanly) {
    {
      const std::lock_guard guard(mutex_);
      if (closed_) return;
      IEUM_ASSERT(!draining_);  // not from done()
      closed_ = true;
    }
    const std::lock_guard turn(*turn_);
    if (cleanly) committer_->finish();
    if (path_ == ":memory:") return;  // its readers may still ask
    committer_.reset();
    database_.reset();
    lock_.release();
  }

  void drain() {
    for (;;) {
      Pending next;
      {
        const std::lock_guard guard(mutex_);
        if (pending_.empty()) {
          draining_ = false;
          drainer_ = {};
          return;
        }
        next = std::move(pending_.front());
        pending_.pop_front();
      }
      {
        const std::lock_guard turn(*turn_);
        committer_->commit({&next, 1});
        if (committer_->log_is_long() || committer_->log_is_held()) committer_->checkpoint();
      }
      if (next.done) next.done(next.outcome);
    }
  }

  ProcessLock lock_;
  const std::string path_;
  const std::string vfs_;
  const std::function<void(const Error&)> on_damage_;
  const std::int64_t epoch_;
  const bool ended_cleanly_;
  IdSource ids_;
  std::shared_ptr<Database> database_;
  std::unique_ptr<Committer> committer_;
  std::shared_ptr<std::mutex> turn_ = std::make_shared<std::mutex>();  // the connection
  mutable std::mutex mutex_;                                           // what follows
  std::deque<Pending> pending_;
  std::thread::id drainer_;
  bool draining_ = false;
  bool closed_ = false;
};

}  // namespace

std::unique_ptr<Store> make_inline_store(OpenedFile file, Log& log) {
  return std::make_unique<InlineStore>(std::move(file), log);
}

}  // namespace ieum::store
