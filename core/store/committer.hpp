// Committer: the writer's one connection. Puts a batch of units into one transaction, answers them after the commit,
// checkpoints the write-ahead log, and knows when the disk may no longer be trusted.
// One thread at a time; whoever owns it (the writer thread, or the caller when inline) sees to that.
#pragma once
#include <atomic>
#include <functional>
#include <memory>
#include <optional>
#include <span>

#include "base/log.hpp"
#include "store/applier.hpp"
#include "store/unit.hpp"

namespace ieum::store {

struct Pending {
  Unit unit;
  UnitDone done;
  UnitOutcome outcome;
};

class Committer {
 public:
  Committer(std::shared_ptr<Database> database, Log& log, std::function<void(const Error&)> on_broken);
  Committer(const Committer&) = delete;
  Committer& operator=(const Committer&) = delete;

  // Fills the outcome of each unit, in order, and returns when what is good is on disk. Calls no done().
  void commit(std::span<Pending> batch);
  // Whether the log has grown so far, or holds what must not be found any more, that it should be checkpointed although
  // somebody waits.
  [[nodiscard]] bool log_is_long() const;
  // Whether a checkpoint would find anything to do, or may by now: a reader that stood in its way tells nobody that it left.
  [[nodiscard]] bool log_has_news() const { return erased_ || log_held_ || log_pages_ != copied_pages_; }
  // Whether a reader kept the last checkpoint from copying all of the log. [any-thread]
  [[nodiscard]] bool log_is_held() const { return log_held_; }
  // Copies the log into the file as far as readers allow; never waits for one.
  void checkpoint();
  // Marks a clean end and empties the log. Nothing may be committed after it.
  void finish();

 private:
  enum class Attempt { committed, again_with_care, lost };
  Attempt attempt(std::span<Pending> batch, bool with_care);
  // One unit; false when the transaction is lost (code_ says why) or must be tried again with care.
  bool apply_bare(Pending& pending, Tally& tally);
  bool apply_in_savepoint(Pending& pending, Tally& tally, bool in_order);
  int run(const char* sql);
  void roll_back();
  void answer(Pending& pending, const Verdict& verdict) const;
  void fail_all(std::span<Pending> batch, const Error& error) const;
  // Judges the error that ended a transaction or checkpoint; breaks the store when the disk lied.
  Error judge(int code, bool at_commit);
  void break_with(const Error& error);

  std::shared_ptr<Database> database_;
  Log& log_;
  std::function<void(const Error&)> on_broken_;
  Applier applier_;
  std::optional<Error> broken_;
  int code_ = SQLITE_OK;
  Error lost_;  // why the last transaction was lost
  bool full_ = false;
  bool erased_ = false;   // secrets were deleted, and the log may still hold them
  int log_pages_ = 0;     // frames in the write-ahead log after the last commit
  int copied_pages_ = 0;  // of these, frames that a checkpoint has copied
  std::atomic<bool> log_held_ = false;
};

}  // namespace ieum::store
