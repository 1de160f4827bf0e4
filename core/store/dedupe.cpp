#include "store/dedupe.hpp"

#include <algorithm>
#include <vector>

#include "base/digest.hpp"
#include "base/limits.hpp"

namespace ieum::store {
namespace {

constexpr std::string_view kPrefix = "dedupe_";

std::int64_t day_of(Millis at) { return at >= 0 ? at / kDay : (at - kDay + 1) / kDay; }

std::string table_of(std::int64_t day) {
  // A day before 1970 comes only from a strange clock; its name must still be one.
  return std::string(kPrefix) + (day < 0 ? "m" + std::to_string(-day) : std::to_string(day));
}

std::int64_t day_of_table(std::string_view name) {
  name.remove_prefix(kPrefix.size());
  const bool negative = name.starts_with('m');
  if (negative) name.remove_prefix(1);
  std::int64_t day = 0;
  for (const char digit : name) day = day * 10 + (digit - '0');
  return negative ? -day : day;
}

}  // namespace

Dedupe::Key Dedupe::key(Id connection, const std::string& text) {
  const std::string digest = sha256(std::to_string(connection) + '\n' + text);
  Key key{};
  std::copy_n(digest.begin(), key.size(), key.begin());
  return key;
}

int Dedupe::find(const Key& key, Millis received_ms, Id& first) {
  first = 0;
  if (!loaded_) {
    if (const int code = load(); code != SQLITE_OK) return code;
  }
  const std::int64_t today = day_of(received_ms);
  const Millis since = received_ms - limits::kDedupeDays * kDay;
  // One day ahead too: the clock may have stepped back over midnight.
  for (auto at = days_.lower_bound(today + 1); at != days_.end() && at->first >= today - limits::kDedupeDays; ++at) {
    Statement& statement = *at->second.find;
    statement.bind(Blob{{key.data(), key.size()}}, since);
    const int code = statement.step();
    if (code == SQLITE_ROW) first = statement.columns().integer();
    statement.reset();
    if (code != SQLITE_ROW && code != SQLITE_DONE) return code;
    if (first != 0) return SQLITE_OK;
  }
  return SQLITE_OK;
}

int Dedupe::add(const Key& key, Millis received_ms, Id event) {
  if (!loaded_) {
    if (const int code = load(); code != SQLITE_OK) return code;
  }
  const std::int64_t day = day_of(received_ms);
  auto at = days_.find(day);
  if (at == days_.end()) {
    if (const int code = make(day); code != SQLITE_OK) return code;
    at = days_.find(day);
  }
  at->second.add->bind(Blob{{key.data(), key.size()}}, event, received_ms);
  return at->second.add->run();
}

int Dedupe::renew(const Key& key, Millis received_ms, Id event) {
  const auto today = days_.find(day_of(received_ms));
  if (today != days_.end()) {
    Statement& statement = *today->second.find;
    statement.bind(Blob{{key.data(), key.size()}}, std::int64_t{INT64_MIN});
    const int code = statement.step();
    statement.reset();
    if (code != SQLITE_DONE) return code == SQLITE_ROW ? SQLITE_OK : code;
  }
  return add(key, received_ms, event);
}

void Dedupe::forget() {
  days_.clear();
  loaded_ = false;
}

int Dedupe::load() {
  std::vector<std::int64_t> days;
  {
    auto names = database_.prepare("SELECT name FROM sqlite_schema WHERE type = 'table' AND name GLOB 'dedupe_*'");
    if (!names) return database_.code();
    int code = SQLITE_OK;
    while ((code = names->step()) == SQLITE_ROW) days.push_back(day_of_table(names->columns().text()));
    if (code != SQLITE_DONE) return code;
  }
  for (const std::int64_t day : days) {
    if (const int code = prepare(day, days_[day]); code != SQLITE_OK) {
      forget();
      return code;
    }
  }
  loaded_ = true;
  return SQLITE_OK;
}

int Dedupe::prepare(std::int64_t day, Day& statements) {
  const std::string table = table_of(day);
  statements.find = database_.prepare("SELECT event FROM " + table + " WHERE key = ?1 AND received_ms >= ?2");
  if (!statements.find) return database_.code();
  statements.add = database_.prepare("INSERT INTO " + table + " (key, event, received_ms) VALUES (?1, ?2, ?3)");
  return statements.add ? SQLITE_OK : database_.code();
}

int Dedupe::make(std::int64_t day) {
  std::string sql;
  for (const auto& [old, statements] : days_) {
    if (old < day - limits::kDedupeDays) sql += "DROP TABLE " + table_of(old) + ";";
  }
  sql += "CREATE TABLE " + table_of(day) +
         " (key BLOB PRIMARY KEY, event INTEGER NOT NULL, received_ms INTEGER NOT NULL) STRICT, WITHOUT ROWID;";
  if (const int code = database_.exec(sql.c_str()); code != SQLITE_OK) return code;
  std::erase_if(days_, [day](const auto& entry) { return entry.first < day - limits::kDedupeDays; });
  return prepare(day, days_[day]);
}

}  // namespace ieum::store
