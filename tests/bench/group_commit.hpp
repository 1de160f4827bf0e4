// GroupCommit: one SQLite file and the one thread that writes to it. All rows that wait go into one transaction
// (WAL, synchronous=FULL); their callbacks run on the I/O thread after the commit, in order. The bare server's store, and
// nothing more: no duplicates are recognised, nothing is ever read.
#pragma once
#include <sqlite3.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <condition_variable>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace ieum::bench {

struct Row {
  std::string body;
  sqlite3_int64 event = 0;  // 0: a new event; else the outcome of that one
  std::function<void(std::string body, sqlite3_int64 event)> stored;
};

class GroupCommit {
 public:
  GroupCommit(boost::asio::io_context& io, const std::string& file) : io_(io) {
    require(sqlite3_open(file.c_str(), &database_));
    execute("PRAGMA journal_mode=WAL");
    execute("PRAGMA synchronous=FULL");
    execute("CREATE TABLE event(id INTEGER PRIMARY KEY, body BLOB NOT NULL) STRICT");
    execute("CREATE TABLE outcome(event INTEGER PRIMARY KEY, body BLOB NOT NULL) STRICT");
    require(sqlite3_prepare_v2(database_, "INSERT INTO event(body) VALUES(?2)", -1, &event_, nullptr));
    require(sqlite3_prepare_v2(database_, "INSERT OR REPLACE INTO outcome(event, body) VALUES(?1, ?2)", -1, &outcome_,
                               nullptr));
    thread_ = std::thread([this] { work(); });
  }
  ~GroupCommit() {
    {
      const std::lock_guard lock(mutex_);
      ending_ = true;
    }
    wake_.notify_one();
    thread_.join();
    sqlite3_finalize(event_);
    sqlite3_finalize(outcome_);
    sqlite3_close(database_);
  }
  GroupCommit(const GroupCommit&) = delete;
  GroupCommit& operator=(const GroupCommit&) = delete;

  void put(Row row) {
    {
      const std::lock_guard lock(mutex_);
      waiting_.push_back(std::move(row));
    }
    wake_.notify_one();
  }

 private:
  void require(int code) {
    if (code == SQLITE_OK || code == SQLITE_DONE) return;
    std::fprintf(stderr, "bench_bare: sqlite: %s\n", sqlite3_errmsg(database_));
    std::exit(1);
  }
  void execute(const char* sql) { require(sqlite3_exec(database_, sql, nullptr, nullptr, nullptr)); }

  void work() {
    for (;;) {
      std::vector<Row> rows;
      {
        std::unique_lock lock(mutex_);
        wake_.wait(lock, [this] { return !waiting_.empty() || ending_; });
        if (waiting_.empty()) return;
        rows.swap(waiting_);
      }
      execute("BEGIN IMMEDIATE");
      for (auto& row : rows) insert(row);
      execute("COMMIT");
      boost::asio::post(io_, [rows = std::move(rows)]() mutable {
        for (auto& row : rows) row.stored(std::move(row.body), row.event);
      });
    }
  }

  void insert(Row& row) {
    auto* statement = row.event == 0 ? event_ : outcome_;
    if (row.event != 0) require(sqlite3_bind_int64(statement, 1, row.event));
    require(sqlite3_bind_blob64(statement, 2, row.body.data(), row.body.size(), SQLITE_STATIC));
    require(sqlite3_step(statement));
    sqlite3_reset(statement);
    if (row.event == 0) row.event = sqlite3_last_insert_rowid(database_);
  }

  boost::asio::io_context& io_;
  sqlite3* database_ = nullptr;
  sqlite3_stmt* event_ = nullptr;
  sqlite3_stmt* outcome_ = nullptr;
  std::mutex mutex_;
  std::condition_variable wake_;
  std::vector<Row> waiting_;
  bool ending_ = false;
  std::thread thread_;
};

}  // namespace ieum::bench
