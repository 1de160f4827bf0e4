#include "store/sqlite.hpp"

#include "base/limits.hpp"
#include "store/damage.hpp"

namespace ieum::store {
namespace {

constexpr int kLengthMax = 32 * 1024 * 1024;  // above limits::kBodyBytesMax
static_assert(kLengthMax > static_cast<int>(limits::kBodyBytesMax));

// auto_vacuum and page_size count only before the first page is written, and the change to WAL writes it.
// wal_autocheckpoint 0: the writer checkpoints when it is not in somebody's way. secure_delete FAST: what is freed is
// overwritten where that costs no extra page (Debian's default, on, writes every page of a dropped table again); where secrets
// go, the committer turns it on.
constexpr const char* kWriterSettings =
    "PRAGMA page_size = 4096;"
    "PRAGMA auto_vacuum = INCREMENTAL;"
    "PRAGMA journal_mode = WAL;"
    "PRAGMA synchronous = FULL;"
    "PRAGMA wal_autocheckpoint = 0;"
    "PRAGMA journal_size_limit = 67108864;"
    "PRAGMA foreign_keys = ON;"
    "PRAGMA cell_size_check = ON;"
    "PRAGMA mmap_size = 0;"
    "PRAGMA temp_store = MEMORY;"
    "PRAGMA secure_delete = FAST;"
    "PRAGMA cache_size = -32768;";
constexpr const char* kReaderSettings =
    "PRAGMA query_only = ON;"
    "PRAGMA wal_autocheckpoint = 0;"
    "PRAGMA cell_size_check = ON;"
    "PRAGMA mmap_size = 0;"
    "PRAGMA temp_store = MEMORY;"
    "PRAGMA cache_size = -8192;";

struct Meaning {
  const char* code;
  const char* what;
  const char* mend;
};

Meaning meaning(int code) {
  if (is_search_damage(code))
    return {"search_damaged", "the search index is damaged", "start the hub again: it makes the index anew"};
  switch (code & 0xff) {
    case SQLITE_FULL: return {"disk_full", "the disk is full", "free some space; the store goes on by itself"};
    case SQLITE_CONSTRAINT: return {"constraint", "a rule of the schema forbids the write", ""};
    case SQLITE_TOOBIG: return {"too_big", "a value is larger than the store takes", ""};
    case SQLITE_BUSY: return {"store_locked", "another program holds the file", "end that program"};
    case SQLITE_CORRUPT: return {"store_damaged", "the store's file is damaged", ""};
    case SQLITE_NOTADB: return {"store_unreadable", "the file is damaged or no store", ""};
    case SQLITE_CANTOPEN:
    case SQLITE_PERM:
    case SQLITE_AUTH:
    case SQLITE_READONLY:
      return {"store_unreadable", "the file cannot be opened for writing",
              "look at the folder, its owner and its rights"};
    case SQLITE_IOERR: return {"store_io", "the disk reports an error", "look at the disk and the kernel's log"};
    case SQLITE_NOMEM: return {"out_of_memory", "there is no memory left", ""};
    default: return {"store_error", "the database refuses", ""};
  }
}

}  // namespace

std::string Columns::text() {
  const auto* data = static_cast<const char*>(sqlite3_column_blob(statement_, next_));
  const auto size = static_cast<std::size_t>(sqlite3_column_bytes(statement_, next_));
  ++next_;
  return data == nullptr ? std::string() : std::string(data, size);
}

std::optional<std::int64_t> Columns::optional_integer() {
  if (sqlite3_column_type(statement_, next_) == SQLITE_NULL) {
    ++next_;
    return std::nullopt;
  }
  return integer();
}

int Statement::bind_one(int at, std::string_view value) {
  // A null pointer would bind NULL.
  const char* data = value.data() == nullptr ? "" : value.data();
  return sqlite3_bind_text64(statement_.get(), at, data, value.size(), SQLITE_STATIC, SQLITE_UTF8);
}

int Statement::bind_one(int at, Blob value) {
  const char* data = value.bytes.data() == nullptr ? "" : value.bytes.data();
  return sqlite3_bind_blob64(statement_.get(), at, data, value.bytes.size(), SQLITE_STATIC);
}

Result<std::unique_ptr<Database>> Database::open(const std::string& path, const std::string& vfs, Role role) {
  // NOMUTEX: a handle belongs to one thread at a time, the owner sees to it.
  const int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE |
                    (role == Role::writer ? SQLITE_OPEN_CREATE : 0);
  sqlite3* handle = nullptr;
  const int code = sqlite3_open_v2(path.c_str(), &handle, flags, vfs.empty() ? nullptr : vfs.c_str());
  if (handle == nullptr) return Error("out_of_memory", "the store cannot be opened", "", path);
  std::unique_ptr<Database> database(new Database(handle, path));
  if (code != SQLITE_OK) return database->error(code);
  IEUM_CHECK(database->set_up(role));
  return database;
}

Status Database::set_up(Role role) {
  sqlite3_busy_timeout(handle_, kBusyMs);
  sqlite3_limit(handle_, SQLITE_LIMIT_LENGTH, kLengthMax);
  sqlite3_limit(handle_, SQLITE_LIMIT_SQL_LENGTH, 100'000);
  sqlite3_limit(handle_, SQLITE_LIMIT_EXPR_DEPTH, 100);
  sqlite3_limit(handle_, SQLITE_LIMIT_ATTACHED, 0);
  sqlite3_limit(handle_, SQLITE_LIMIT_VDBE_OP, 25'000);
  sqlite3_db_config(handle_, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
  sqlite3_db_config(handle_, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, nullptr);
  // A plan stays as it was made: without this SQLite looks at bound values and plans a statement anew with each of them.
  sqlite3_db_config(handle_, SQLITE_DBCONFIG_ENABLE_QPSG, 1, nullptr);
  sqlite3_db_config(handle_, SQLITE_DBCONFIG_DQS_DML, 0, nullptr);
  sqlite3_db_config(handle_, SQLITE_DBCONFIG_DQS_DDL, 0, nullptr);
  if (role == Role::reader) leave_log_on_close();
  const int code = exec(role == Role::writer ? kWriterSettings : kReaderSettings);
  if (code != SQLITE_OK) return error(code);
  return {};
}

Database::~Database() {
  cache_.clear();
  sqlite3_close_v2(handle_);
}

int Database::exec(const char* sql) { return sqlite3_exec(handle_, sql, nullptr, nullptr, nullptr); }

Statement* Database::cached(const char* sql) {
  const auto found = cache_.find(sql);
  if (found != cache_.end()) return &found->second;
  sqlite3_stmt* statement = nullptr;
  if (sqlite3_prepare_v3(handle_, sql, -1, SQLITE_PREPARE_PERSISTENT, &statement, nullptr) != SQLITE_OK) return nullptr;
  return &cache_.emplace(sql, Statement(statement)).first->second;
}

std::optional<Statement> Database::prepare(std::string_view sql) {
  sqlite3_stmt* statement = nullptr;
  if (sqlite3_prepare_v3(handle_, sql.data(), static_cast<int>(sql.size()), SQLITE_PREPARE_PERSISTENT, &statement,
                         nullptr) != SQLITE_OK)
    return std::nullopt;
  return Statement(statement);
}

Result<std::int64_t> Database::integer(const char* sql) {
  auto statement = prepare(sql);
  if (!statement) return error(code());
  const int code = statement->step();
  if (code == SQLITE_ROW) return statement->columns().integer();
  if (code == SQLITE_DONE) return std::int64_t{0};
  return error(code);
}

Error Database::error(int code) const {
  const auto [name, what, mend] = meaning(code);
  std::string text = what;
  // SQLite's message names tables, columns and constraints, never values.
  text += " (";
  text += code == sqlite3_extended_errcode(handle_) ? sqlite3_errmsg(handle_) : sqlite3_errstr(code);
  text += ", code " + std::to_string(code) + ")";
  return {name, std::move(text), is_damage(code) && !is_search_damage(code) ? mend_of_damage(path_) : mend, path_};
}

void Database::leave_log_on_close() { sqlite3_db_config(handle_, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, nullptr); }

}  // namespace ieum::store
