#include <fcntl.h>
#include <unistd.h>

#include "store/damage.hpp"
#include "store/last_ids.hpp"
#include "store/opened_file.hpp"
#include "store/schema.hpp"

namespace ieum::store {
namespace {

// Customers' data: nobody but the owner reads the file. SQLite gives the log and its index the same rights. The handle is
// closed before SQLite opens the file, because closing it later would drop SQLite's locks (sqlite.org/howtocorrupt.html).
void create_private(const std::string& path) {
  const int file = ::open(path.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  if (file >= 0) ::close(file);
}

// Moves the epoch, so that the leases of the former process are free, and notes that this one has not ended yet.
Status move_epoch(OpenedFile& file) {
  Database& database = *file.database;
  const int code = database.exec(
      "BEGIN IMMEDIATE;"
      "INSERT INTO meta (name, value) VALUES ('store.epoch', '1')"
      " ON CONFLICT (name) DO UPDATE SET value = CAST(CAST(value AS INTEGER) + 1 AS TEXT);");
  if (code != SQLITE_OK) return database.error(code);
  IEUM_TRY(file.epoch, database.integer("SELECT CAST(value AS INTEGER) FROM meta WHERE name = 'store.epoch'"));
  IEUM_TRY(const std::int64_t unclean, database.integer("SELECT count(*) FROM meta WHERE name = 'store.clean_end'"
                                                        " AND value = '0'"));
  file.ended_cleanly = unclean == 0;
  const int marked = database.exec(
      "INSERT INTO meta (name, value) VALUES ('store.clean_end', '0')"
      " ON CONFLICT (name) DO UPDATE SET value = '0'; COMMIT;");
  if (marked != SQLITE_OK) return database.error(marked);
  return {};
}

// In the order of IdSpace. Tables whose rows may be removed one by one remember their highest id (AUTOINCREMENT); of runs and
// events that retention took, meta does.
constexpr std::array<const char*, kIdSpaces> kLastIds = {
    IEUM_LAST_ID("event"),
    IEUM_LAST_ID("run"),
    "SELECT max(id) FROM step",
    "SELECT max(id) FROM decision",
    "SELECT seq FROM sqlite_sequence WHERE name = 'customer'",
    "SELECT max(id) FROM history",
    "SELECT seq FROM sqlite_sequence WHERE name = 'connection'",
    "SELECT seq FROM sqlite_sequence WHERE name = 'recipe'",
    "SELECT seq FROM sqlite_sequence WHERE name = 'recipe_version'",
    "SELECT seq FROM sqlite_sequence WHERE name = 'absence'",
    "SELECT seq FROM sqlite_sequence WHERE name = 'person'",
    "SELECT seq FROM sqlite_sequence WHERE name = 'api_token'",
    "SELECT seq FROM sqlite_sequence WHERE name = 'saved_view'",
    "SELECT seq FROM sqlite_sequence WHERE name = 'merge'",
};

// Whoever finds first that the store cannot go on, the writer or a reader, tells it.
void tell_once(OpenedFile& file) {
  const auto told = std::make_shared<std::atomic<bool>>(false);
  file.options.on_broken = [told, call = file.options.on_broken](const Error& error) {
    if (call && !told->exchange(true)) call(error);
  };
  file.on_damage = [path = file.options.path, call = file.options.on_broken](const Error& error) {
    note_damage(path, error.what);
    if (error.code != "search_damaged") call(error);  // only what asks for it does without
  };
}

}  // namespace

Result<OpenedFile> open_file(StoreOptions options) {
  OpenedFile file;
  const bool memory = options.path == ":memory:";
  IEUM_ASSERT(!memory || options.inline_writer);
  bool noted_damage = false;
  if (!memory) {
    IEUM_TRY(file.lock, ProcessLock::take(options.path));
    IEUM_CHECK(refuse_foreign(options.path, options.vfs, migrations()));
    IEUM_TRY(noted_damage, check_noted_damage(options.path, options.vfs));
    create_private(options.path);
  }
  IEUM_TRY(file.database, Database::open(options.path, options.vfs, Database::Role::writer));
  IEUM_CHECK(migrate(*file.database, migrations()));
  if (noted_damage) {
    IEUM_CHECK(clear_search(*file.database));
    forget_damage(options.path);
    file.search_emptied = true;
  }
  IEUM_CHECK(move_epoch(file));
  for (std::size_t space = 0; space < kIdSpaces; ++space) {
    IEUM_TRY(file.last_ids[space], file.database->integer(kLastIds[space]));
  }
  file.options = std::move(options);
  tell_once(file);
  return file;
}

UnitOutcome closed_outcome(const std::string& path) {
  return {UnitOutcome::Kind::failed, 0, Error("store_closed", "the store is closed", "", path)};
}

Result<std::unique_ptr<Store>> open_store(StoreOptions options, Log& log) {
  // SQLite's account of its memory takes a lock with every allocation, and nobody reads it. This holds for the process and
  // is refused, without harm, when SQLite is in use already.
  sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
  const bool inline_writer = options.inline_writer;
  const std::string path = options.path;
  auto opened = open_file(std::move(options));
  if (opened.has_error()) {
    if (opened.error().code == "store_damaged") note_damage(path, opened.error().what);
    return std::move(opened.error());
  }
  OpenedFile file = std::move(*opened);
  if (!file.ended_cleanly)
    log.warning("store: the former process did not end cleanly", {{"epoch", std::to_string(file.epoch)}});
  if (file.search_emptied) log.warning("store: the search index was damaged; it is made anew behind what runs", {});
  file.on_damage = [note = std::move(file.on_damage), &log,
                    told = std::make_shared<std::atomic<bool>>(false)](const Error& error) {
    if (error.code == "search_damaged" && !told->exchange(true))
      log.error("store: the search index is damaged; start the hub again, it makes it anew", {{"detail", error.what}});
    note(error);
  };
  return inline_writer ? make_inline_store(std::move(file), log) : make_thread_store(std::move(file), log);
}

}  // namespace ieum::store
