// Backup and restore: of a running hub through its admin API, of one that stands on its files.
#include <sys/stat.h>
#include <unistd.h>

#include <cstdio>
#include <filesystem>

#include "app/asking.hpp"
#include "app/data_dir.hpp"
#include "app/key_check.hpp"
#include "app/remote.hpp"
#include "app/repair_commands.hpp"
#include "app/terminal.hpp"
#include "base/json.hpp"
#include "base/time_text.hpp"
#include "runtime/flight.hpp"
#include "runtime/held.hpp"
#include "store/backup.hpp"
#include "store/process_lock.hpp"
#include "store/restore.hpp"

namespace ieum::app {
namespace {

namespace fs = std::filesystem;

constexpr int kPatienceS = 6 * 3600;  // a large store on a slow disk

// What this user makes, the hub's user must be able to read.
Status refuse_other_user(const DataDir& dir) {
  struct stat info {};
  if (::stat(dir.path.c_str(), &info) == 0 && info.st_uid != ::geteuid())
    return Error("wrong_user", "the data directory belongs to another user", "run this as that user, with sudo -u",
                 dir.path);
  return {};
}

// Of a hub that does not run. `lock` keeps it from starting meanwhile.
Result<std::string> back_up_files(const DataDir& dir, const store::ProcessLock&) {
  if (!fs::exists(dir.database()))
    return Error("no_store", "there is no hub's data here", "name its directory with --data", dir.path);
  IEUM_CHECK(refuse_other_user(dir));
  const fs::path folder = dir.file("backups");
  std::error_code failed;
  fs::create_directories(folder, failed);
  fs::permissions(folder, fs::perms::owner_all, failed);
  const Millis now = SystemClock().now();
  const auto file = store::copy_name(folder.string(), "hub", now);
  IEUM_CHECK(store::backup_store(dir.database(), file, now));
  return file;
}

Result<std::string> back_up(const Common& common) {
  const DataDir dir{common.data};
  if (fs::exists(dir.database())) {
    const auto lock = store::ProcessLock::take(dir.database());
    if (lock.has_value()) return back_up_files(dir, *lock);
    if (lock.error().code != "store_locked") return lock.error();
  }
  IEUM_TRY(const auto remote, Remote::to(common.data));
  IEUM_TRY(const auto made, remote.call("POST", "/api/v1/backups", Map{}, kPatienceS));
  return made.text("file");
}

std::string at(Millis time) { return time == 0 ? std::string() : local_time(time); }

Value lots_view(const std::vector<store::RestorePlan::Lot>& lots) {
  List list;
  for (const auto& lot : lots)
    list.push_back(Map{{"name", lot.name}, {"count", lot.count}, {"oldest_ms", lot.oldest_ms}});
  return list;
}

Value view_of(const store::RestorePlan& plan) {
  List sources;
  for (const auto& source : plan.sources)
    sources.push_back(Map{{"connection", source.connection},
                          {"last_event_ms", source.last_ms == 0 ? Value() : Value(source.last_ms)},
                          {"polled", source.polled}});
  Value since;
  if (plan.since) since = Map{{"events", plan.since->events}, {"runs", plan.since->runs}, {"steps", plan.since->steps}};
  return Map{{"made_ms", plan.made_ms ? Value(*plan.made_ms) : Value()},
             {"events", plan.events},
             {"runs", plan.runs},
             {"last_event_ms", plan.last_event_ms == 0 ? Value() : Value(plan.last_event_ms)},
             {"overdue", lots_view(plan.overdue)},
             {"overdue_absences", lots_view(plan.absences)},
             {"at_once", lots_view(plan.at_once)},
             {"under_way", lots_view(plan.under_way)},
             {"in_doubt", lots_view(plan.in_doubt)},
             {"held", lots_view(plan.held)},
             {"sources", std::move(sources)},
             {"since_backup", std::move(since)}};
}

void show_lots(const Terminal& terminal, const char* title, const char* none,
               const std::vector<store::RestorePlan::Lot>& lots) {
  std::int64_t sum = 0;
  std::vector<std::vector<std::string>> rows;
  for (const auto& lot : lots) {
    sum += lot.count;
    rows.push_back({"  " + std::to_string(lot.count), at(lot.oldest_ms), printable(lot.name)});
  }
  if (lots.empty()) return void(std::printf("%s\n", none));
  std::printf("%s: %lld\n%s", title, static_cast<long long>(sum),
              terminal.table({"  COUNT", "OLDEST", "WHAT"}, rows).c_str());
}

void show(const store::RestorePlan& plan, const Terminal& terminal) {
  std::printf("The backup%s%s holds %lld events and %lld runs; its last event came %s.\n",
              plan.made_ms ? " was made " : "", plan.made_ms ? (at(*plan.made_ms) + " and").c_str() : "",
              static_cast<long long>(plan.events), static_cast<long long>(plan.runs),
              plan.last_event_ms == 0 ? "never" : at(plan.last_event_ms).c_str());
  if (plan.since)
    std::printf(
        "The store that is here now has what the backup does not: %lld events, %lld runs, %lld steps done at "
        "vendors.\n",
        static_cast<long long>(plan.since->events), static_cast<long long>(plan.since->runs),
        static_cast<long long>(plan.since->steps));
  else
    std::printf("What came and went after it cannot be counted: there is no readable store here.\n");
  std::printf("\n");
  show_lots(terminal, "Waits that are over and go on at once", "No wait is over.", plan.overdue);
  show_lots(terminal, "Absences that are over and begin runs at once", "No absence is over.", plan.absences);
  show_lots(terminal, "Actions that are due now", "No action is due.", plan.at_once);
  show_lots(terminal, "Actions under way when it was made; they may have been sent",
            "No action was under way when it was made.", plan.under_way);
  show_lots(terminal, "Steps in doubt", "No step is in doubt.", plan.in_doubt);
  show_lots(terminal, "Actions that were on hold", "No action was on hold.", plan.held);
  std::vector<std::vector<std::string>> rows;
  for (const auto& source : plan.sources)
    rows.push_back({"  " + printable(source.connection), source.last_ms == 0 ? "never" : at(source.last_ms),
                    source.polled ? "asked again from there: what came since comes anew"
                                  : "what was acknowledged since is not sent again unless the vendor is asked to"});
  if (!rows.empty())
    std::printf("\nEvents after the backup are unknown to it, although they may have been worked on:\n%s",
                terminal.table({"  CONNECTION", "LAST EVENT", "WHAT COMES AGAIN"}, rows).c_str());
}

}  // namespace

int backup(const Common& common, const std::string& to) {
  std::error_code failed;
  if (!to.empty() && fs::exists(to, failed))
    return report(
        Error("file_exists", "there is a file of that name already; it was left as it is", "choose another name", to),
        common.json);
  auto made = back_up(common);
  if (made.has_error()) return report(made.error(), common.json);
  std::string file = *made;
  if (!to.empty()) {
    fs::copy_file(file, to, failed);
    if (failed)
      return report(Error("not_copied", "the backup lies at " + file + ", and could not be copied: " + failed.message(),
                          "copy it by hand", to),
                    common.json);
    fs::permissions(to, fs::perms::owner_read | fs::perms::owner_write, failed);
    fs::remove(file, failed);
    file = to;
  }
  const auto bytes = fs::file_size(file, failed);
  if (common.json)
    std::printf("%s\n", write_json(Map{{"file", file}, {"bytes", static_cast<std::int64_t>(bytes)}}).c_str());
  else
    std::printf("%s\nThe key of the vault is not in it: keep that apart.\n", file.c_str());
  return 0;
}

int restore(const Common& common, const std::string& file, bool plans) {
  const auto failed = [&](const Error& error) { return report(error, common.json); };
  const auto dir = open_data_dir(common.data);
  if (dir.has_error()) return failed(dir.error());
  if (const auto user = refuse_other_user(*dir); user.has_error()) return failed(user.error());
  if (!plans) {
    // Before the long part.
    const auto free = store::ProcessLock::take(dir->database());
    if (free.has_error()) return failed(free.error());
  }
  auto prepared = store::Restore::prepare(file, dir->database());
  if (prepared.has_error()) return failed(prepared.error());
  const Millis now = SystemClock().now();
  const auto plan = prepared->plan(now);
  if (plan.has_error()) return failed(plan.error());
  if (plans) {
    if (common.json)
      std::printf("%s\n", write_json(view_of(*plan)).c_str());
    else
      show(*plan, Terminal::standard_output());
    return 0;
  }
  const auto check = prepared->meta(kKeyCheck);
  if (check.has_error()) return failed(check.error());
  SystemRandom random;
  if (*check) {
    if (const auto vault = open_checked_vault(dir->key_file(), *check, random); vault.has_error())
      return failed(vault.error());
  }
  store::HoldRow hold;
  hold.kind = "hub";
  hold.name = runtime::kEverything;
  hold.reason = "restored from a backup" + (plan->made_ms ? " of " + rfc3339_utc(*plan->made_ms) : std::string());
  hold.made_by = store::kRestoredBy;
  hold.since_ms = now;
  const auto kept = prepared->commit(hold, runtime::kFateUnknown, store::copy_name(dir->path, "hub-before", now));
  if (kept.has_error()) return failed(kept.error());
  if (common.json) {
    std::printf("%s\n", write_json(Map{{"file", dir->database()}, {"kept", *kept}, {"plan", view_of(*plan)}}).c_str());
    return 0;
  }
  std::printf("The backup is in place.%s%s\n",
              kept->empty() ? "" : " The store that was here is kept: ", kept->c_str());
  std::printf(
      "The hub starts with all that goes out on hold. Look first (ieum restore %s --plan tells what waits), then:\n"
      "  ieum hold list\n  ieum hold release ID\n",
      file.c_str());
  return 0;
}

}  // namespace ieum::app
