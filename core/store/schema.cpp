#include "store/schema.hpp"

#include <array>
#include <filesystem>

namespace ieum::store {
namespace {

// core/store/schema.sql as a literal; CMakeLists.txt makes the file.
constexpr const char* kSchema =
#include "store/schema_sql.inc"
    ;

constexpr const char* kConsole =
#include "store/schema_console_sql.inc"
    ;

constexpr const char* kMadeByHub =
    "ALTER TABLE secret ADD COLUMN made_by_hub INTEGER NOT NULL DEFAULT 0 CHECK (made_by_hub IN (0, 1))";

// A hold of kind 'hub' makes all outward actions wait.
constexpr const char* kHubHolds =
    "CREATE TABLE hold_of_any_kind (id INTEGER PRIMARY KEY AUTOINCREMENT,"
    " kind TEXT NOT NULL CHECK (kind IN ('hub', 'recipe', 'connection', 'connector')), name TEXT NOT NULL,"
    " reason TEXT NOT NULL, made_by TEXT NOT NULL, since_ms INTEGER NOT NULL, until_ms INTEGER, per_minute INTEGER,"
    " expire_after_ms INTEGER, expire_then TEXT NOT NULL CHECK (expire_then IN ('skip', 'cancel')),"
    " UNIQUE (kind, name)) STRICT;"
    "INSERT INTO hold_of_any_kind SELECT id, kind, name, reason, made_by, since_ms, until_ms, per_minute,"
    " expire_after_ms, expire_then FROM hold;"
    "DROP TABLE hold;"
    "ALTER TABLE hold_of_any_kind RENAME TO hold;";

// Totals by version, too: which versions still have live runs is asked at each start and change of recipes.
constexpr const char* kVersionTallies =
    "ALTER TABLE recipe_tally RENAME TO recipe_tally_before;"
    "CREATE TABLE recipe_tally (recipe INTEGER NOT NULL, version INTEGER NOT NULL, acting INTEGER NOT NULL,"
    " waiting INTEGER NOT NULL, in_doubt INTEGER NOT NULL, failed INTEGER NOT NULL, ended INTEGER NOT NULL,"
    " last_started_ms INTEGER NOT NULL, PRIMARY KEY (recipe, version)) STRICT, WITHOUT ROWID;"
    "INSERT INTO recipe_tally SELECT recipe, version, sum(state = 1), sum(state = 2), sum(state = 3), sum(state = 13),"
    " sum(state >= 10), 0 FROM run GROUP BY recipe, version;"
    "INSERT OR IGNORE INTO recipe_tally SELECT before.recipe, recipe.current_version, 0, 0, 0, 0, 0, 0"
    " FROM recipe_tally_before AS before JOIN recipe ON recipe.id = before.recipe;"
    "UPDATE recipe_tally SET last_started_ms = coalesce((SELECT before.last_started_ms"
    " FROM recipe_tally_before AS before WHERE before.recipe = recipe_tally.recipe), 0);"
    "DROP TABLE recipe_tally_before;";

// What people said about advertising, and on what each decision rests. Ads of one customer are counted by an index of their own.
constexpr const char* kConsents =
    "CREATE TABLE consent (id INTEGER PRIMARY KEY AUTOINCREMENT,"
    " customer INTEGER NOT NULL REFERENCES customer (id) ON DELETE CASCADE,"
    " purpose TEXT NOT NULL CHECK (purpose IN ('ad', 'night')), channel TEXT NOT NULL,"
    " word TEXT NOT NULL CHECK (word IN ('granted', 'refused', 'confirmed')), at_ms INTEGER NOT NULL,"
    " received_ms INTEGER NOT NULL, source TEXT NOT NULL, evidence TEXT NOT NULL, event INTEGER NOT NULL) STRICT;"
    "CREATE INDEX consent_by_customer ON consent (customer);"
    "ALTER TABLE decision ADD COLUMN basis TEXT NOT NULL DEFAULT '';"
    "ALTER TABLE decision ADD COLUMN until_ms INTEGER;"
    "CREATE INDEX ad_by_customer ON decision (customer, at_ms)"
    " WHERE allowed = 1 AND message_class <> 'info' AND customer <> 0;";

// Two customers who are one. What was the other's moves and remembers whose it was, so that it can be moved back.
constexpr const char* kMerges =
    "CREATE TABLE merge (id INTEGER PRIMARY KEY AUTOINCREMENT, survivor INTEGER NOT NULL, loser INTEGER NOT NULL,"
    " at_ms INTEGER NOT NULL, event INTEGER NOT NULL, why TEXT NOT NULL, traits TEXT NOT NULL,"
    " undone_ms INTEGER) STRICT;"
    "CREATE INDEX merge_by_survivor ON merge (survivor);"
    "CREATE INDEX merge_by_loser ON merge (loser);"
    "ALTER TABLE customer ADD COLUMN merged_into INTEGER NOT NULL DEFAULT 0;"
    "ALTER TABLE identity ADD COLUMN origin INTEGER;"
    "ALTER TABLE history ADD COLUMN origin INTEGER;"
    "ALTER TABLE consent ADD COLUMN origin INTEGER;"
    "ALTER TABLE opt_out ADD COLUMN origin INTEGER;"
    "ALTER TABLE decision ADD COLUMN origin INTEGER;"
    "ALTER TABLE run ADD COLUMN origin INTEGER;"
    "ALTER TABLE absence ADD COLUMN origin INTEGER;";

// Who opened a message or clicked a link of it, programs among them.
constexpr const char* kTouches =
    "CREATE TABLE touch (event INTEGER PRIMARY KEY, customer INTEGER NOT NULL, run INTEGER NOT NULL,"
    " step INTEGER NOT NULL, recipe TEXT NOT NULL, step_name TEXT NOT NULL, kind TEXT NOT NULL, at_ms INTEGER NOT NULL,"
    " machine TEXT NOT NULL, link TEXT NOT NULL, url TEXT NOT NULL, origin INTEGER) STRICT;"
    "CREATE INDEX touch_by_customer ON touch (customer, at_ms);"
    "CREATE INDEX touch_by_step ON touch (step);";

// Schedules that are starting runs for the customers of an audience, a few at a time.
constexpr const char* kFanOuts =
    "CREATE TABLE fan_out (event INTEGER PRIMARY KEY, recipe INTEGER NOT NULL, at_ms INTEGER NOT NULL,"
    " behind INTEGER NOT NULL, looked INTEGER NOT NULL, met INTEGER NOT NULL, started INTEGER NOT NULL) STRICT;";

constexpr std::array kMigrations = {Migration{3, kSchema},   Migration{4, kMadeByHub},      Migration{5, kConsole},
                                    Migration{6, kHubHolds}, Migration{7, kVersionTallies}, Migration{8, kConsents},
                                    Migration{9, kMerges},   Migration{10, kTouches},       Migration{11, kFanOuts}};

}  // namespace

std::span<const Migration> migrations() { return kMigrations; }

Status refuse_foreign(const std::string& path, const std::string& vfs, std::span<const Migration> list) {
  std::error_code ignored;
  if (std::filesystem::file_size(path, ignored) == 0 || ignored) return {};
  IEUM_TRY(const auto database, Database::open(path, vfs, Database::Role::reader));
  IEUM_TRY(const std::int64_t version, database->integer("PRAGMA user_version"));
  IEUM_TRY(const std::int64_t application, database->integer("PRAGMA application_id"));
  IEUM_TRY(const std::int64_t tables, database->integer("SELECT count(*) FROM sqlite_schema"));
  if (tables > 0 && application != kApplicationId)
    return Error("store_unreadable", "the file is a database of another program", "name another file", path);
  // Versions before the first migration's were never released, and nothing leads on from them.
  if (tables > 0 && version > 0 && version < list.front().to)
    return Error("store_draft", "the file was made by an early draft of the hub, before its first release",
                 "begin with a new data directory", path);
  if (version > list.back().to)
    return Error("store_newer",
                 "the file was written by a newer hub (schema " + std::to_string(version) + "; this hub speaks " +
                     std::to_string(list.back().to) + ")",
                 "start the newer hub, or restore a backup from before the update", path);
  return {};
}

Status migrate(Database& database, std::span<const Migration> list) {
  IEUM_TRY(const std::int64_t version, database.integer("PRAGMA user_version"));
  for (const Migration& migration : list) {
    if (migration.to <= version) continue;
    const std::string stamp = "PRAGMA application_id = " + std::to_string(kApplicationId) +
                              "; PRAGMA user_version = " + std::to_string(migration.to) + "; COMMIT;";
    int code = database.exec("BEGIN IMMEDIATE");
    if (code == SQLITE_OK) code = database.exec(migration.sql);
    if (code == SQLITE_OK) code = database.exec(stamp.c_str());
    if (code != SQLITE_OK) {
      Error error = database.error(code);
      if (database.in_transaction()) database.exec("ROLLBACK");
      return error;
    }
  }
  return {};
}

}  // namespace ieum::store
