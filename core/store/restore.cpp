#include "store/restore.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <memory>

#include "base/log.hpp"
#include "store/backup.hpp"
#include "store/damage.hpp"
#include "store/last_ids.hpp"
#include "store/peek.hpp"
#include "store/process_lock.hpp"
#include "store/schema.hpp"
#include "store/sqlite.hpp"
#include "store/store.hpp"

namespace ieum::store {
namespace {

namespace fs = std::filesystem;

Error failed(const std::string& why, const std::string& place) {
  return {"restore_failed", "the backup could not be put in place: " + why,
          "nothing is lost: the store that was there lies as it was, or under its kept name beside it", place};
}

void remove_all(const std::string& path) {
  for (const char* end : {"", "-wal", "-shm", "-journal", ".lock", ".damaged"}) ::unlink((path + end).c_str());
}

bool is_there(const std::string& path) {
  std::error_code none;
  return fs::exists(path, none);
}

template <class Take>
Status each(Database& database, std::string_view sql, Take take) {
  auto statement = database.prepare(sql);
  if (!statement) return database.error(database.code());
  for (;;) {
    const int code = statement->step();
    if (code == SQLITE_DONE) return {};
    if (code != SQLITE_ROW) return database.error(code);
    take(statement->columns());
  }
}

Result<std::vector<RestorePlan::Lot>> lots(Database& database, const std::string& sql) {
  std::vector<RestorePlan::Lot> found;
  IEUM_CHECK(each(database, sql, [&](Columns columns) {
    RestorePlan::Lot lot;
    lot.name = columns.text();
    lot.count = columns.integer();
    lot.oldest_ms = columns.integer();
    found.push_back(std::move(lot));
  }));
  return found;
}

// Ids are given out in order of time and never twice: what is above the backup's last came after it.
std::optional<RestorePlan::Since> since(const std::string& path, Database& copy) {
  if (!is_there(path)) return {};
  const auto now = Database::open(path, {}, Database::Role::reader);
  if (now.has_error()) return {};
  RestorePlan::Since found;
  const auto count = [&](const char* last, const std::string& beyond, std::int64_t& into) {
    const auto after = copy.integer(last);
    if (after.has_error()) return false;
    const auto counted = (*now)->integer((beyond + std::to_string(*after)).c_str());
    if (counted.has_value()) into = *counted;
    return counted.has_value();
  };
  const bool read =
      count("SELECT max(id) FROM event", "SELECT count(*) FROM event WHERE id > ", found.events) &&
      count("SELECT max(id) FROM run", "SELECT count(*) FROM run WHERE id > ", found.runs) &&
      count("SELECT max(closed_ms) FROM step",
            "SELECT count(*) FROM step WHERE state = 1 AND operation <> '' AND closed_ms > ", found.steps);
  return read ? std::optional(found) : std::nullopt;
}

// Opened as a hub does, so that one of an older hub is brought to this one's schema; not closed as a hub does, because what was
// under way when the backup was made did not end.
Status open_once(const std::string& path, Unit unit) {
  NullLog log;
  StoreOptions options;
  options.path = path;
  options.inline_writer = true;
  IEUM_TRY(const auto opened, open_store(std::move(options), log));
  const auto put = opened->submit_and_wait(Queue::work, std::move(unit));
  if (put.error) return *put.error;
  return {};
}

constexpr std::int64_t kFarAbove = 10'000'000'000;

// Where new ids begin, and which steps may have been sent.
Status mark(const std::string& path, const std::string& before, std::string_view fate_unknown) {
  IEUM_TRY(const auto copy, Database::open(path, {}, Database::Role::writer));
  auto steps = copy->prepare("UPDATE step SET error_code = ?1 WHERE state = 0");
  if (!steps) return copy->error(copy->code());
  steps->bind(fate_unknown);
  if (const int code = steps->run(); code != SQLITE_OK) return copy->error(code);
  const auto there = is_there(before) ? Database::open(before, {}, Database::Role::reader)
                                      : Result<std::unique_ptr<Database>>(Error("no_store", ""));
  if (const int code = copy->exec("INSERT OR REPLACE INTO meta (name, value)"
                                  " SELECT 'restored.last_run', CAST(coalesce(max(id), 0) AS TEXT) FROM run");
      code != SQLITE_OK)
    return copy->error(code);
  // The same hub's, not one that was begun anew in its place.
  static const auto hub_of = [](Database& database) {
    std::string hub;
    const auto read =
        each(database, "SELECT value FROM meta WHERE name = 'hub_id'", [&](Columns columns) { hub = columns.text(); });
    return read.has_value() ? hub : std::string();
  };
  const bool same = there.has_value() && hub_of(**there) == hub_of(*copy);
  static constexpr std::pair<const char*, const char*> kTables[] = {{"event", IEUM_LAST_ID("event")},
                                                                    {"run", IEUM_LAST_ID("run")}};
  for (const auto& [table, sql] : kTables) {
    IEUM_TRY(std::int64_t last, copy->integer(sql));
    const auto given = same ? (*there)->integer(sql) : Result<std::int64_t>(Error("no_store", ""));
    last = given.has_value() && *given >= last ? *given : last + kFarAbove;
    auto put =
        copy->prepare("INSERT OR REPLACE INTO meta (name, value) VALUES ('store.last_' || ?1, CAST(?2 AS TEXT))");
    if (!put) return copy->error(copy->code());
    put->bind(table, last);
    if (const int code = put->run(); code != SQLITE_OK) return copy->error(code);
  }
  return {};
}

}  // namespace

Restore::Restore(Restore&& other) noexcept : copy_(std::exchange(other.copy_, {})), path_(std::move(other.path_)) {}

Restore::~Restore() {
  if (!copy_.empty()) remove_all(copy_);
}

Result<Restore> Restore::prepare(const std::string& backup, const std::string& path) {
  std::error_code why;
  if (!fs::is_regular_file(backup, why)) return Error("no_backup", "there is no such file", "see: ieum backup", backup);
  // A log beside it holds what the file lacks, and nobody knows whether it belongs to it.
  if (const auto size = fs::file_size(backup + "-wal", why); !why && size > 0)
    return Error("backup_not_whole",
                 "a write-ahead log lies beside the file: it is the file of a hub that runs or crashed",
                 "start that hub and make a backup with: ieum backup", backup);
  IEUM_CHECK(refuse_foreign(backup, {}, migrations()));
  Restore restore(path + ".restore", path);
  remove_all(restore.copy_);
  fs::copy_file(backup, restore.copy_, why);
  if (why)
    return Error(why == std::errc::no_space_on_device ? "disk_full" : "backup_failed",
                 "the backup could not be copied beside the store: " + why.message(),
                 "there must be room for the backup once more", restore.copy_);
  fs::permissions(restore.copy_, fs::perms::owner_read | fs::perms::owner_write, why);
  IEUM_CHECK(open_once(restore.copy_, {}));
  if (const auto sound = check_file(restore.copy_, {}); sound.has_error())
    return Error("store_unreadable", "the backup cannot be used: " + sound.error().what, "take another backup", backup);
  return restore;
}

Result<std::optional<std::string>> Restore::meta(const std::string& name) const { return peek_meta(copy_, name); }

Result<RestorePlan> Restore::plan(Millis now_ms) const {
  RestorePlan plan;
  IEUM_TRY(const auto made, meta(kBackupMade));
  if (made) plan.made_ms = std::strtoll(made->c_str(), nullptr, 10);
  IEUM_TRY(const auto opened, Database::open(copy_, {}, Database::Role::reader));
  Database& copy = *opened;
  IEUM_TRY(plan.events, copy.integer("SELECT count(*) FROM event"));
  IEUM_TRY(plan.runs, copy.integer("SELECT count(*) FROM run"));
  IEUM_TRY(plan.last_event_ms, copy.integer("SELECT coalesce(max(received_ms), 0) FROM event"));
  const std::string now = std::to_string(now_ms);
  const std::string held = std::to_string(kHeldDue);
  const auto by_recipe = [&](const std::string& time, const std::string& from) {
    return lots(
        copy, "SELECT coalesce(recipe.name, '?'), count(*), min(" + time + ") FROM " + from + " GROUP BY 1 ORDER BY 3");
  };
  static const std::string kRuns = "run LEFT JOIN recipe ON recipe.id = run.recipe WHERE run.state = ";
  IEUM_TRY(plan.overdue, by_recipe("due_ms", kRuns + "2 AND due_ms <= " + now));
  IEUM_TRY(plan.absences,
           by_recipe("due_ms", "absence LEFT JOIN recipe ON recipe.id = absence.recipe WHERE due_ms <= " + now));
  IEUM_TRY(plan.at_once, by_recipe("due_ms", kRuns + "1 AND due_ms <= " + now));
  IEUM_TRY(plan.held, by_recipe("started_ms", kRuns + "1 AND due_ms = " + held));
  static const std::string kSteps =
      "SELECT coalesce(recipe.name, '?') || ' / ' || step.step || ' / ' || step.operation, count(*), min(opened_ms) "
      "FROM"
      " step JOIN run ON run.id = step.run LEFT JOIN recipe ON recipe.id = run.recipe WHERE ";
  IEUM_TRY(plan.under_way,
           lots(copy, kSteps + "step.state = 0 AND run.state = 1 AND run.due_ms IS NULL GROUP BY 1 ORDER BY 3"));
  IEUM_TRY(plan.in_doubt, lots(copy, kSteps + "step.state = 3 AND run.state = 3 GROUP BY 1 ORDER BY 3"));
  IEUM_CHECK(each(copy,
                  "SELECT name, coalesce((SELECT received_ms FROM event WHERE connection = connection.id ORDER BY"
                  " event.id DESC LIMIT 1), 0), EXISTS (SELECT 1 FROM poll WHERE poll.connection = connection.id)"
                  " FROM connection ORDER BY name",
                  [&](Columns columns) {
                    RestorePlan::Source source;
                    source.connection = columns.text();
                    source.last_ms = columns.integer();
                    source.polled = columns.truth();
                    plan.sources.push_back(std::move(source));
                  }));
  plan.since = since(path_, copy);
  return plan;
}

Result<std::string> Restore::commit(const HoldRow& hold, std::string_view fate_unknown, const std::string& kept_as) {
  IEUM_TRY(const auto lock, ProcessLock::take(path_));
  IEUM_CHECK(open_once(copy_, Unit{{PutHold{hold}}}));
  IEUM_CHECK(mark(copy_, path_, fate_unknown));
  const int file = ::open(copy_.c_str(), O_RDONLY | O_CLOEXEC);
  const bool on_disk = file >= 0 && ::fsync(file) == 0;
  if (file >= 0) ::close(file);
  if (!on_disk || is_there(copy_ + "-wal")) return failed("it could not be written whole", copy_);
  std::string kept;
  if (is_there(path_)) {
    // Its log goes with it: a log beside another file would be read into that one.
    kept = kept_as;
    if (::link(path_.c_str(), kept.c_str()) != 0) return failed(std::strerror(errno), kept);
    if (is_there(path_ + "-wal") && ::rename((path_ + "-wal").c_str(), (kept + "-wal").c_str()) != 0)
      return failed(std::strerror(errno), kept);
  }
  ::unlink((path_ + "-shm").c_str());
  if (::rename(copy_.c_str(), path_.c_str()) != 0) return failed(std::strerror(errno), path_);
  forget_damage(path_);  // it was of the file before; the copy was looked at
  remove_all(copy_);
  copy_.clear();
  const auto folder = fs::path(path_).parent_path();
  const int opened = ::open(folder.empty() ? "." : folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (opened >= 0) {
    ::fsync(opened);
    ::close(opened);
  }
  return kept;
}

}  // namespace ieum::store
