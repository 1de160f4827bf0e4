// Restore: a backup becomes the store again. It is looked at and changed as a copy beside the store; only a copy that is sound takes
// the store's place, in one rename, and the store that was there is kept under another name.
//
// The hub begins held: a hold of kind "hub" is in the copy before it takes the place, so that nothing goes out before a person has
// looked. Runs keep their idempotency keys. No hub may run on the store when it is replaced; for a plan one may.
#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "base/error.hpp"
#include "store/rows_watch.hpp"

namespace ieum::store {

// What a backup would do when a hub begins with it now.
struct RestorePlan {
  struct Lot {
    std::string name;  // of a recipe, or "recipe / step / operation"
    std::int64_t count = 0;
    Millis oldest_ms = 0;
  };
  struct Source {  // of events
    std::string connection;
    Millis last_ms = 0;
    bool polled = false;
  };
  std::optional<Millis> made_ms;  // when the backup was made; none: it is an older one, or a plain copy
  std::int64_t events = 0, runs = 0;
  Millis last_event_ms = 0;
  std::vector<Lot> overdue;    // waits whose time is over, by recipe
  std::vector<Lot> absences;   // the same of absences
  std::vector<Lot> at_once;    // actions that are due now
  std::vector<Lot> under_way;  // actions that had begun and had no answer: they may have been sent meanwhile
  std::vector<Lot> in_doubt;
  std::vector<Lot> held;
  std::vector<Source> sources;
  // What the store that is there now has beyond the backup; none when it cannot be read.
  struct Since {
    std::int64_t events = 0, runs = 0, steps = 0;
  };
  std::optional<Since> since;
};

// The last run of the backup, in the meta of a store that was restored: whoever made the hold `made_by` "restore" may have done
// meanwhile what runs up to it are about to do.
inline constexpr const char* kRestoredRun = "restored.last_run";
inline constexpr const char* kRestoredBy = "restore";

class Restore {
 public:
  // Copies `backup` beside the store at `path` and checks the copy. Errors: "no_backup", "backup_not_whole" (a log lies beside it),
  // "disk_full", "store_unreadable", "store_newer", "store_draft", "backup_failed".
  static Result<Restore> prepare(const std::string& backup, const std::string& path);
  ~Restore();  // removes the copy when it has not taken the place
  Restore(Restore&& other) noexcept;
  Restore& operator=(Restore&&) = delete;

  [[nodiscard]] Result<RestorePlan> plan(Millis now_ms) const;
  // A value of the backup's meta.
  [[nodiscard]] Result<std::optional<std::string>> meta(const std::string& name) const;
  // Takes the place, with `hold` in it. What was open in the backup may have gone out since: its steps get the error code
  // `fate_unknown`. Ids go on above those that the store that is there has given out, and far above when it cannot be read: an id
  // that came again would give a new call the idempotency key of another. The name under which the store that was there is kept; "" when there was none. Errors: "store_locked",
  // "restore_failed".
  Result<std::string> commit(const HoldRow& hold, std::string_view fate_unknown, const std::string& kept_as);

 private:
  Restore(std::string copy, std::string path) : copy_(std::move(copy)), path_(std::move(path)) {}
  std::string copy_;  // "" when it is gone
  std::string path_;
};

}  // namespace ieum::store
