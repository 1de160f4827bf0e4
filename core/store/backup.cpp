#include "store/backup.hpp"

#include <fcntl.h>
#include <sqlite3.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <memory>

#include "base/time_text.hpp"
#include "store/sqlite.hpp"

namespace ieum::store {
namespace {

constexpr int kPagesAtOnce = 2048;  // 8 MB

Error failed(const std::string& to, const std::string& why) {
  return {"backup_failed", "the backup could not be written: " + why, "look at the disk and at the folder's owner", to};
}

Error no_room(const std::string& to) {
  return {"disk_full", "there is no room for the backup", "make room and try again", to};
}

Error failed(const std::string& to, int code) {
  return (code & 0xff) == SQLITE_FULL ? no_room(to) : failed(to, sqlite3_errstr(code));
}

Error failed_call(const std::string& to) {
  return errno == ENOSPC || errno == EDQUOT ? no_room(to) : failed(to, std::strerror(errno));
}

// The name is on disk as well.
void sync_folder(const std::string& file) {
  const auto folder = std::filesystem::path(file).parent_path();
  const int opened = ::open(folder.empty() ? "." : folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (opened < 0) return;
  ::fsync(opened);
  ::close(opened);
}

Status check(sqlite3* copy, const char* sql, const char* good, const std::string& to) {
  std::string told;
  const auto note = [](void* into, int columns, char** values, char**) {
    if (columns > 0 && values[0] != nullptr && static_cast<std::string*>(into)->empty())
      *static_cast<std::string*>(into) = values[0];
    return 0;
  };
  const int code = sqlite3_exec(copy, sql, note, &told, nullptr);
  if (code != SQLITE_OK) return failed(to, code);
  if (told != good)
    return Error("store_unreadable", "the copy is not sound: " + told, "the store is damaged: restore an older backup",
                 to);
  return {};
}

Status copy(sqlite3* from, sqlite3* into, const std::string& to) {
  sqlite3_backup* backup = sqlite3_backup_init(into, "main", from, "main");
  if (backup == nullptr) return failed(to, sqlite3_errmsg(into));
  int code = SQLITE_OK;
  while (code == SQLITE_OK) code = sqlite3_backup_step(backup, kPagesAtOnce);
  sqlite3_backup_finish(backup);
  if (code != SQLITE_DONE) return failed(to, code);
  // One file, without a log beside it.
  code = sqlite3_exec(into, "PRAGMA journal_mode = DELETE", nullptr, nullptr, nullptr);
  if (code != SQLITE_OK) return failed(to, code);
  return {};
}

}  // namespace

std::string copy_name(const std::string& folder, const std::string& prefix, Millis now_ms) {
  std::string stamp = rfc3339_utc(now_ms).substr(0, 19);
  std::erase_if(stamp, [](char c) { return c == '-' || c == ':'; });
  const std::string stem = (std::filesystem::path(folder) / (prefix + "-" + stamp + "Z")).string();
  std::string name = stem + ".db";
  std::error_code unseen;
  for (int next = 2; std::filesystem::exists(name, unseen); ++next) name = stem + "-" + std::to_string(next) + ".db";
  return name;
}

Status backup_store(const std::string& path, const std::string& to, Millis now_ms) {
  std::error_code ignored;
  if (std::filesystem::exists(to, ignored))
    return Error("file_exists", "there is a file of that name already; it was left as it is", "choose another name",
                 to);
  const std::string part = to + ".part";
  const int made = ::open(part.c_str(), O_CREAT | O_TRUNC | O_WRONLY | O_CLOEXEC, 0600);
  if (made < 0) return failed_call(to);
  ::close(made);
  IEUM_TRY(const auto source, Database::open(path, "", Database::Role::reader));
  // A read transaction: the copy is of one moment, whatever the writer does meanwhile.
  if (source->exec("BEGIN; SELECT count(*) FROM meta") != SQLITE_OK) return source->error(source->code());
  sqlite3* opened = nullptr;
  const int code = sqlite3_open_v2(part.c_str(), &opened, SQLITE_OPEN_READWRITE, nullptr);
  const std::unique_ptr<sqlite3, int (*)(sqlite3*)> target(opened, &sqlite3_close_v2);
  Status copied =
      code == SQLITE_OK ? copy(source->handle(), target.get(), to) : Status(failed(to, "it cannot be opened"));
  source->exec("COMMIT");
  if (copied.has_value()) copied = check(target.get(), "PRAGMA integrity_check(1)", "ok", to);
  if (copied.has_value()) copied = check(target.get(), "PRAGMA foreign_key_check", "", to);
  const std::string stamp = std::string("INSERT OR REPLACE INTO meta (name, value) VALUES ('") + kBackupMade + "', '" +
                            std::to_string(now_ms) + "')";
  if (copied.has_value()) {
    const int stamped = sqlite3_exec(target.get(), stamp.c_str(), nullptr, nullptr, nullptr);
    if (stamped != SQLITE_OK) copied = failed(to, stamped);
  }
  if (copied.has_error()) {
    ::unlink(part.c_str());
    return copied;
  }
  const int file = ::open(part.c_str(), O_RDONLY | O_CLOEXEC);
  const bool on_disk = file >= 0 && ::fsync(file) == 0;
  if (file >= 0) ::close(file);
  if (!on_disk || ::rename(part.c_str(), to.c_str()) != 0) {
    const Error error = failed_call(to);
    ::unlink(part.c_str());
    return error;
  }
  sync_folder(to);
  return {};
}

}  // namespace ieum::store
