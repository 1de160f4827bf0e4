// The only face of sqlite3.h in the tree: a connection with the hub's settings, and statements that are prepared once.
//
// Not a general wrapper. Result codes are SQLite's extended codes as int; whoever owns the transaction judges them,
// because the same code means another thing in a statement than in a COMMIT.
// A Database and its statements belong to one thread at a time.
#pragma once
#include <sqlite3.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <unordered_map>

#include "base/error.hpp"

namespace ieum::store {

inline constexpr int kBusyMs = 5000;  // how long to wait for another program's lock; the hub's own parts never meet one

// Whether the code says that a page is not as it was written.
inline bool is_damage(int code) { return (code & 0xff) == SQLITE_CORRUPT || (code & 0xff) == SQLITE_NOTADB; }

// Whether it is the search index alone that is not as it was written: the one virtual table there is.
inline bool is_search_damage(int code) { return code == SQLITE_CORRUPT_VTAB; }
// The search index writes rows of its own, also where a savepoint or transaction begins or ends. They stand in its way only when it
// is damaged, and its statements are the hub's own: nothing else makes them fail so.
inline int code_at_border(int code) { return (code & 0xff) == SQLITE_CONSTRAINT ? SQLITE_CORRUPT_VTAB : code; }
inline int code_of_index(int code) { return code == SQLITE_ERROR ? SQLITE_CORRUPT_VTAB : code_at_border(code); }

// Columns of the row that a statement stands on, read in order from the left.
class Columns {
 public:
  explicit Columns(sqlite3_stmt* statement) : statement_(statement) {}
  std::int64_t integer() { return sqlite3_column_int64(statement_, next_++); }
  int small() { return sqlite3_column_int(statement_, next_++); }
  bool truth() { return small() != 0; }
  std::string text();  // TEXT and BLOB alike; "" for NULL
  std::optional<std::int64_t> optional_integer();
  template <class State>
  State state() {
    return static_cast<State>(small());
  }

 private:
  sqlite3_stmt* statement_;
  int next_ = 0;
};

struct Blob {
  std::string_view bytes;
};

// A prepared statement. Values are bound without a copy: they must outlive the steps that follow.
class Statement {
 public:
  explicit Statement(sqlite3_stmt* statement) : statement_(statement, &sqlite3_finalize) {}
  template <class... Values>
  void bind(const Values&... values) {
    int at = 0;
    refused_ = SQLITE_OK;
    (note(bind_one(++at, values)), ...);
  }
  // SQLITE_ROW, SQLITE_DONE or an error; also the error of a value that could not be bound.
  int step() { return refused_ != SQLITE_OK ? refused_ : sqlite3_step(statement_.get()); }
  void reset() { sqlite3_reset(statement_.get()); }
  // Steps a statement that gives no rows, and resets it: SQLITE_OK or an error.
  int run() {
    const int code = step();
    reset();
    return code == SQLITE_DONE ? SQLITE_OK : code;
  }
  [[nodiscard]] Columns columns() const { return Columns(statement_.get()); }

 private:
  int bind_one(int at, std::int64_t value) { return sqlite3_bind_int64(statement_.get(), at, value); }
  int bind_one(int at, int value) { return sqlite3_bind_int(statement_.get(), at, value); }
  int bind_one(int at, bool value) { return sqlite3_bind_int(statement_.get(), at, value ? 1 : 0); }
  int bind_one(int at, std::string_view value);
  int bind_one(int at, const std::string& value) { return bind_one(at, std::string_view(value)); }
  int bind_one(int at, const char* value) { return bind_one(at, std::string_view(value)); }
  int bind_one(int at, Blob value);
  int bind_one(int at, std::nullptr_t) { return sqlite3_bind_null(statement_.get(), at); }
  template <class T>
  int bind_one(int at, const std::optional<T>& value) {
    return value ? bind_one(at, *value) : bind_one(at, nullptr);
  }
  template <class T>
  requires std::is_enum_v<T>
  int bind_one(int at, T value) { return bind_one(at, static_cast<int>(value)); }

  void note(int code) {
    if (code != SQLITE_OK) refused_ = code;
  }

  std::unique_ptr<sqlite3_stmt, int (*)(sqlite3_stmt*)> statement_;
  int refused_ = SQLITE_OK;
};

// Resets a statement when a question is answered, so that its read transaction ends.
class ResetAfter {
 public:
  explicit ResetAfter(Statement& statement) : statement_(statement) {}
  ~ResetAfter() { statement_.reset(); }
  ResetAfter(const ResetAfter&) = delete;
  ResetAfter& operator=(const ResetAfter&) = delete;

 private:
  Statement& statement_;
};

class Database {
 public:
  enum class Role { writer, reader };
  // Opens `path` with the settings of its role. A writer creates the file; a reader is query_only and never checkpoints.
  static Result<std::unique_ptr<Database>> open(const std::string& path, const std::string& vfs, Role role);
  ~Database();
  Database(const Database&) = delete;
  Database& operator=(const Database&) = delete;

  // Runs one or more statements without values. SQLITE_OK or an error.
  int exec(const char* sql);
  // The statement for `sql`, prepared at the first call. `sql` must be a literal: its address is the key.
  // Null when it cannot be prepared; then code() says why.
  Statement* cached(const char* sql);
  // A statement that is not kept. Null when it cannot be prepared.
  std::optional<Statement> prepare(std::string_view sql);
  // First column of the first row, for settings and counts.
  Result<std::int64_t> integer(const char* sql);

  [[nodiscard]] int code() const { return sqlite3_extended_errcode(handle_); }
  [[nodiscard]] bool in_transaction() const { return sqlite3_get_autocommit(handle_) == 0; }
  [[nodiscard]] int changes() const { return sqlite3_changes(handle_); }
  [[nodiscard]] sqlite3* handle() const { return handle_; }
  // The error that `code` stands for, with the file as its place.
  [[nodiscard]] Error error(int code) const;
  // After this the handle's end leaves the write-ahead log as it is.
  void leave_log_on_close();

 private:
  Database(sqlite3* handle, std::string path) : handle_(handle), path_(std::move(path)) {}
  Status set_up(Role role);

  sqlite3* handle_;
  std::string path_;
  std::unordered_map<const char*, Statement> cache_;
};

}  // namespace ieum::store
