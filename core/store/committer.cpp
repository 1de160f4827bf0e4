#include "store/committer.hpp"

#include <algorithm>

#include "store/damage.hpp"

namespace ieum::store {
namespace {

constexpr int kCheckpointPages = 4'000;  // 16 MB of 4 KB pages: a checkpoint of this length is some 20 ms on an SSD
constexpr int kTruncatePages = 16'384;   // 64 MB, the journal_size_limit

// Whether the error is about this unit and not about the transaction.
bool about_the_unit(int code) {
  switch (code & 0xff) {
    case SQLITE_CONSTRAINT:
    case SQLITE_TOOBIG:
    case SQLITE_MISMATCH: return true;
    default: return false;
  }
}

// The log's index could not grow: on Linux that is a full disk.
bool is_full(int code) {
  return (code & 0xff) == SQLITE_FULL || code == SQLITE_IOERR_SHMSIZE || code == SQLITE_IOERR_SHMMAP;
}

// After one of these nobody knows what is on disk. A failed fsync may have thrown the dirty pages away, and a second
// one that succeeds proves nothing (lwn.net/Articles/752063).
bool breaks(int code, bool at_commit) {
  if (is_full(code)) return false;
  switch (code & 0xff) {
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB: return true;
    case SQLITE_IOERR:
      return at_commit || code == SQLITE_IOERR_FSYNC || code == SQLITE_IOERR_DIR_FSYNC || code == SQLITE_IOERR_WRITE ||
             code == SQLITE_IOERR_TRUNCATE;
    case SQLITE_BUSY:
    case SQLITE_NOMEM: return false;
    default: return at_commit;
  }
}

// Whether secrets go: then nothing of them may be left on a page that is free, nor in the log.
bool erases(std::span<const Pending> batch) {
  return std::any_of(batch.begin(), batch.end(), [](const Pending& pending) {
    return std::any_of(pending.unit.writes.begin(), pending.unit.writes.end(), [](const Write& write) {
      return write.as<RemoveConnection>() != nullptr || write.as<DropSecrets>() != nullptr ||
             write.as<RetireSecrets>() != nullptr;
    });
  });
}

int count_pages(void* pages, sqlite3*, const char*, int count) {
  *static_cast<int*>(pages) = count;
  return SQLITE_OK;
}

}  // namespace

Committer::Committer(std::shared_ptr<Database> database, Log& log, std::function<void(const Error&)> on_broken)
    : database_(std::move(database)), log_(log), on_broken_(std::move(on_broken)), applier_(*database_) {
  sqlite3_wal_hook(database_->handle(), &count_pages, &log_pages_);
}

void Committer::commit(std::span<Pending> batch) {
  if (broken_) return fail_all(batch, *broken_);
  const bool erasing = erases(batch);
  if (erasing) database_->exec("PRAGMA secure_delete = ON");
  Attempt result = attempt(batch, false);
  if (result == Attempt::again_with_care) result = attempt(batch, true);
  if (erasing) database_->exec("PRAGMA secure_delete = FAST");
  erased_ = erased_ || erasing;
  if (result == Attempt::committed) {
    if (full_) log_.info("store: there is room on the disk again");
    full_ = false;
    if (log_pages_ < copied_pages_) copied_pages_ = 0;  // the log began anew
    return;
  }
  fail_all(batch, broken_ ? *broken_ : lost_);
}

Committer::Attempt Committer::attempt(std::span<Pending> batch, bool with_care) {
  Tally tally;
  code_ = run("BEGIN IMMEDIATE");
  bool at_commit = false;
  if (code_ == SQLITE_OK) {
    for (Pending& pending : batch) {
      pending.outcome = UnitOutcome{};
      const bool in_order = Applier::ordered(pending.unit);
      const bool applied =
          with_care || in_order ? apply_in_savepoint(pending, tally, in_order) : apply_bare(pending, tally);
      if (applied) continue;
      if (with_care || !about_the_unit(code_)) break;
      // Its first rows are in the transaction and no savepoint takes them out: begin again, each unit in its own.
      roll_back();
      return Attempt::again_with_care;
    }
  }
  if (code_ == SQLITE_OK) code_ = tally.write(*database_);
  if (code_ == SQLITE_OK) {
    at_commit = true;
    code_ = code_at_border(run("COMMIT"));
  }
  if (code_ == SQLITE_OK) return Attempt::committed;
  lost_ = judge(code_, at_commit);
  roll_back();
  if (breaks(code_, at_commit)) break_with(lost_);
  return Attempt::lost;
}

bool Committer::apply_bare(Pending& pending, Tally& tally) {
  const Verdict verdict = applier_.apply(pending.unit, tally);
  if (verdict.kind == Verdict::Kind::error) {
    code_ = verdict.code;
    return false;
  }
  answer(pending, verdict);
  return true;
}

bool Committer::apply_in_savepoint(Pending& pending, Tally& tally, bool in_order) {
  code_ = code_at_border(run("SAVEPOINT unit"));
  if (code_ != SQLITE_OK) return false;
  Tally own;
  const Verdict verdict = in_order ? applier_.apply_in_order(pending.unit, own) : applier_.apply(pending.unit, own);
  if (verdict.kind == Verdict::Kind::error && !about_the_unit(verdict.code)) {
    code_ = verdict.code;
    return false;
  }
  answer(pending, verdict);
  if (verdict.good()) {
    tally.add(own);
  } else {
    code_ = run("ROLLBACK TO unit");
    applier_.rolled_back();
    if (code_ != SQLITE_OK) return false;
  }
  code_ = code_at_border(run("RELEASE unit"));
  return code_ == SQLITE_OK;
}

int Committer::run(const char* sql) {
  Statement* statement = database_->cached(sql);
  return statement == nullptr ? database_->code() : statement->run();
}

void Committer::roll_back() {
  // Some errors end the transaction by themselves.
  if (database_->in_transaction()) run("ROLLBACK");
  applier_.rolled_back();
}

void Committer::answer(Pending& pending, const Verdict& verdict) const {
  switch (verdict.kind) {
    case Verdict::Kind::good:
      pending.outcome.kind = UnitOutcome::Kind::committed;
      pending.outcome.passed_over = verdict.passed_over;
      break;
    case Verdict::Kind::stale: pending.outcome.kind = UnitOutcome::Kind::stale; break;
    case Verdict::Kind::duplicate:
      pending.outcome.kind = UnitOutcome::Kind::duplicate;
      pending.outcome.first_event = verdict.first_event;
      pending.outcome.known_facts = verdict.known_facts;
      break;
    case Verdict::Kind::error:
      pending.outcome.kind = UnitOutcome::Kind::failed;
      pending.outcome.error = database_->error(verdict.code);
      break;
  }
}

void Committer::fail_all(std::span<Pending> batch, const Error& error) const {
  for (Pending& pending : batch) {
    pending.outcome = UnitOutcome{UnitOutcome::Kind::failed, 0, error};
  }
}

Error Committer::judge(int code, bool at_commit) {
  Error error = database_->error(code);
  if (is_full(code)) {
    if (!full_)
      log_.error("store: the disk is full; nothing is accepted until there is room", {{"detail", error.what}});
    full_ = true;
    error.code = "disk_full";
  } else if (!breaks(code, at_commit)) {
    log_.error("store: a transaction was lost", {{"code", error.code}, {"detail", error.what}});
  }
  return error;
}

void Committer::break_with(const Error& error) {
  const bool damaged = is_damage(code_);
  if (damaged) note_damage(error.place, error.what);
  broken_ =
      Error(is_search_damage(code_) ? "search_damaged" : "store_broken",
            (is_search_damage(code_) ? "the store has stopped: " : "the disk failed and the store has stopped: ") +
                error.what,
            damaged ? error.mend : "look at the disk and the kernel's log, then start the hub again", error.place);
  database_->leave_log_on_close();
  log_.error("store: broken", {{"detail", error.what}});
  if (on_broken_) on_broken_(*broken_);
}

bool Committer::log_is_long() const { return erased_ || log_pages_ - copied_pages_ >= kCheckpointPages; }

void Committer::checkpoint() {
  if (broken_) return;
  int pages = 0;
  int copied = 0;
  int code = sqlite3_wal_checkpoint_v2(database_->handle(), nullptr, SQLITE_CHECKPOINT_PASSIVE, &pages, &copied);
  if (code == SQLITE_OK && (erased_ || pages > kTruncatePages) && copied == pages) {
    // All of it is copied. Where no reader stands in the log it is cut now; otherwise it is tried next time.
    sqlite3_busy_timeout(database_->handle(), 0);
    code = sqlite3_wal_checkpoint_v2(database_->handle(), nullptr, SQLITE_CHECKPOINT_TRUNCATE, &pages, &copied);
    sqlite3_busy_timeout(database_->handle(), kBusyMs);
    if (code == SQLITE_OK) erased_ = false;
  }
  if (code == SQLITE_OK || code == SQLITE_BUSY) {
    log_held_ = copied < pages || code == SQLITE_BUSY;
    log_pages_ = pages;
    // A part that a reader holds back is tried again after as many pages more, not after every commit.
    copied_pages_ = pages;
    return;
  }
  code_ = code;
  const Error error = judge(code, false);
  copied_pages_ = log_pages_;
  if (breaks(code, false)) break_with(error);
}

void Committer::finish() {
  if (broken_) return;
  code_ =
      run("INSERT INTO meta (name, value) VALUES ('store.clean_end', '1')"
          " ON CONFLICT (name) DO UPDATE SET value = '1'");
  if (code_ != SQLITE_OK) {
    log_.warning("store: the clean end could not be marked", {{"detail", database_->error(code_).what}});
    return;
  }
  sqlite3_busy_timeout(database_->handle(), 0);
  sqlite3_wal_checkpoint_v2(database_->handle(), nullptr, SQLITE_CHECKPOINT_TRUNCATE, nullptr, nullptr);
}

}  // namespace ieum::store
