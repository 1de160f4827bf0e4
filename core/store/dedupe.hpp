// Dedupe: which delivery keys were seen within seven days. One table for each UTC day, dropped whole when it is too old,
// so that forgetting costs no random writes. A key is stored as 16 bytes of SHA-256 over connection and key.
// Part of the writer's transaction: after any rollback call forget().
#pragma once
#include <array>
#include <map>
#include <string>

#include "base/clock.hpp"
#include "base/ids.hpp"
#include "store/sqlite.hpp"

namespace ieum::store {

class Dedupe {
 public:
  using Key = std::array<char, 16>;
  explicit Dedupe(Database& database) : database_(database) {}

  static Key key(Id connection, const std::string& text);
  // The event that had the key within seven days before `received_ms`, 0 when there is none. SQLITE_OK or an error.
  int find(const Key& key, Millis received_ms, Id& first);
  // Makes the table of the day when there is none, and drops those that no look-up reaches any more.
  int add(const Key& key, Millis received_ms, Id event);
  // Remembers a key that was found for another seven days. `event`: the one that find() told.
  int renew(const Key& key, Millis received_ms, Id event);
  // What is known of the tables is read again at the next use.
  void forget();

 private:
  struct Day {
    std::optional<Statement> find;
    std::optional<Statement> add;
  };
  int load();
  int prepare(std::int64_t day, Day& statements);
  int make(std::int64_t day);

  Database& database_;
  bool loaded_ = false;
  std::map<std::int64_t, Day, std::greater<>> days_;  // newest first: a repeat comes soon after the first
};

}  // namespace ieum::store
