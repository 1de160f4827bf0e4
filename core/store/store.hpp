// Store: the hub's memory, one SQLite file behind an interface in the domain's words.
//
// One writer takes units from two queues (accept first, with a guaranteed share for work), commits what is there, up to
// limits::kCommitUnitsMax of them, together, and answers all of them after the commit, in order. It never waits for more
// to come: what arrives during a commit is the next batch. A unit that is stale or breaks a rule is taken out alone. The
// writer alone checkpoints; every other connection is query_only. A failed COMMIT fails all of its units. A failed fsync
// breaks the store: every later unit fails with "store_broken", on_broken is called once, and the process must end and
// recover; the commit is never tried again on the same handle. A full disk fails the batch with "disk_full" and the store
// goes on when there is room.
// After a crash: every unit whose done() was called with committed is there, wholly; leases of the former process are
// free at once, because open() moves the process epoch.
#pragma once
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/error.hpp"
#include "base/log.hpp"
#include "store/reader.hpp"
#include "store/unit.hpp"

namespace ieum::store {

enum class Queue { accept, work };
enum class IdSpace {
  event,
  run,
  step,
  decision,
  customer,
  history,
  connection,
  recipe,
  recipe_version,
  absence,
  person,
  api_token,
  saved_view,
  merge
};

class Store {
 public:
  virtual ~Store() = default;
  // Takes the unit over; done is called once, after the commit, on the writer (the writer thread, or the caller when inline).
  // done must be short and must not submit-and-wait. [any-thread]
  virtual void submit(Queue queue, Unit unit, UnitDone done) = 0;
  // Submits and waits for the answer. Not from the writer or from done(). [any-thread]
  virtual UnitOutcome submit_and_wait(Queue queue, Unit unit) = 0;
  virtual Id next_id(IdSpace space) = 0;                 // [any-thread]
  virtual std::unique_ptr<Reader> reader() = 0;          // one per thread
  [[nodiscard]] virtual std::int64_t epoch() const = 0;  // of this process, 1 and up
  [[nodiscard]] virtual bool ended_cleanly() const = 0;  // whether the former process closed the store itself
  [[nodiscard]] virtual std::size_t queued(Queue queue) const = 0;
  [[nodiscard]] virtual const std::string& path() const = 0;  // of the file
  // Whether the last checkpoint found somebody reading who keeps the write-ahead log from being emptied. [any-thread]
  [[nodiscard]] virtual bool log_is_held() const = 0;
  // Answers what is queued, marks a clean end, checkpoints. Later units fail. Idempotent. A store that is destroyed without
  // close() answers what is queued too, but the next start takes it for a crash and recovers.
  virtual void close() = 0;
};

struct StoreOptions {
  std::string path;            // file; its folder must exist. ":memory:" only with inline_writer
  bool inline_writer = false;  // true: units run on the caller and commit at once (trial, simulator, tests)
  std::string vfs;             // name of a registered SQLite VFS; "" is the default one (fault tests)
  std::function<void(const Error&)> on_broken;  // called once, by whoever meets it: the writer or a reader
};

// Opens or creates, migrates, takes the lock, moves the process epoch. Errors: "store_locked" (another hub has it, with
// its process id), "store_newer" (made by a newer hub), "store_draft" (made before the
// first release), "store_damaged" (a page is not as it was written; damage.hpp), "store_unreadable", "disk_full"; each with place and mend.
Result<std::unique_ptr<Store>> open_store(StoreOptions options, Log& log);

}  // namespace ieum::store
