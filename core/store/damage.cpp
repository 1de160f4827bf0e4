#include "store/damage.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <filesystem>

#include "store/rows_watch.hpp"
#include "store/sqlite.hpp"

namespace ieum::store {
namespace {

std::string note_of(const std::string& path) { return path + ".damaged"; }

// What a pragma says that tells of faults in rows; "" when it says nothing, or "ok".
Result<std::string> told_by(Database& database, const char* sql) {
  auto statement = database.prepare(sql);
  if (!statement) return database.error(database.code());
  const int code = statement->step();
  if (code == SQLITE_DONE) return std::string();
  if (code != SQLITE_ROW) return database.error(code);
  auto told = statement->columns().text();
  return told == "ok" ? std::string() : told;
}

}  // namespace

std::string mend_of_damage(const std::string& path) {
  const auto folder = std::filesystem::path(path).parent_path().string();
  return "restore a backup: ieum restore FILE --data " + (folder.empty() ? "." : folder) +
         " (the damaged file is kept); look at the disk and the kernel's log";
}

void note_damage(const std::string& path, const std::string& what) {
  if (path == ":memory:") return;
  const int file = ::open(note_of(path).c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
  if (file < 0) return;  // there is one; or the disk takes none, and the next start meets the damage as this one did
  const std::string text = what + "\n";
  if (::write(file, text.data(), text.size()) == static_cast<ssize_t>(text.size())) ::fsync(file);
  ::close(file);
}

Status check_file(const std::string& path, const std::string& vfs) {
  IEUM_TRY(const auto database, Database::open(path, vfs, Database::Role::reader));
  IEUM_TRY(std::string told, told_by(*database, "PRAGMA integrity_check(1)"));
  if (told.empty()) {
    IEUM_TRY(told, told_by(*database, "PRAGMA foreign_key_check"));
    if (!told.empty()) told = "rows of " + told + " refer to what is not there";
  }
  if (told.empty()) return {};
  return Error("store_damaged", "the store's file is damaged: " + told, mend_of_damage(path), path);
}

Result<bool> check_noted_damage(const std::string& path, const std::string& vfs) {
  if (::access(note_of(path).c_str(), F_OK) != 0) return false;
  std::error_code missing;
  if (std::filesystem::file_size(path, missing) == 0 || missing) {  // somebody begins anew
    forget_damage(path);
    return false;
  }
  IEUM_CHECK(check_file(path, vfs));
  return true;
}

void forget_damage(const std::string& path) { ::unlink(note_of(path).c_str()); }

Status clear_search(Database& database) {
  // Where its structure cannot be read, not even a table to be emptied is there: its rows of an empty one (sqlite.org/fts5.html,
  // "FTS5 Data Structures") come first.
  const std::string sql =
      "BEGIN IMMEDIATE;"
      "DELETE FROM search_text_config; INSERT INTO search_text_config (k, v) VALUES ('version', 4);"
      "DELETE FROM search_text_idx; DELETE FROM search_text_data;"
      "INSERT INTO search_text_data (id, block) VALUES (1, x''), (10, x'00000000000000');"
      "INSERT INTO search_text (search_text) VALUES ('delete-all');"
      "DELETE FROM search_doc; DELETE FROM search_field; DELETE FROM search_live;"
      "DELETE FROM meta WHERE name = '" +
      std::string(kSearchCursor) + "'; COMMIT;";
  sqlite3_db_config(database.handle(), SQLITE_DBCONFIG_DEFENSIVE, 0, nullptr);
  const int code = database.exec(sql.c_str());
  sqlite3_db_config(database.handle(), SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
  if (code == SQLITE_OK) return {};
  Error error = database.error(code);
  if (database.in_transaction()) database.exec("ROLLBACK");
  return error;
}

}  // namespace ieum::store
