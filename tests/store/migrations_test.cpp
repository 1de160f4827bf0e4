// Schema migrations under crashes: a power cut before any statement and at any sync of any migration leaves a file at the version
// before it or after it, and the next start brings it to the last one.
#include <sqlite3.h>

#include <algorithm>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>
#include <cstring>
#include <filesystem>

#include "store/crash_vfs.hpp"
#include "store/fixture.hpp"
#include "store/schema.hpp"
#include "support/counts.hpp"

using namespace ieum;
using namespace ieum::store;
using namespace ieum::store::test;
namespace counts = ieum::test::counts;
namespace data = boost::unit_test::data;

namespace {

std::vector<std::string> statements_of(const char* sql) {
  std::vector<std::string> found;
  for (const char* at = sql; *at != '\0';) {
    const char* from = at;
    do {
      at = std::strchr(at, ';');
      at = at == nullptr ? from + std::strlen(from) : at + 1;
    } while (*at != '\0' && sqlite3_complete(std::string(from, at).c_str()) == 0);
    found.emplace_back(from, at);
  }
  return found;
}

// A file at the version before the n-th migration, with rows in it.
std::unique_ptr<Database> before(std::size_t nth, const std::string& path) {
  auto database = got(Database::open(path, CrashVfs::kName, Database::Role::writer));
  BOOST_REQUIRE(!migrate(*database, migrations().first(nth)).has_error());
  if (nth > 0) {
    BOOST_REQUIRE(
        database->exec(
            "INSERT INTO connection VALUES (1, 'shop', 'shopify', '{}', '[]', 1, 1);"
            "INSERT INTO secret (connection, slot, version, sealed, created_ms) VALUES (1, 'token', 1, x'00', 1);"
            "INSERT INTO event VALUES (7, 1, 'orders/create', 1, 0, '');"
            "INSERT INTO payload VALUES (7, 'POST', '/', '{}', x'00');"
            "UPDATE tally SET events = 1, events_fresh = 1") == SQLITE_OK);
  }
  return database;
}

// Between which versions the file may be: before the n-th migration and after it.
struct Between {
  std::size_t nth = 0;
  bool any_later = false;  // all the migrations follow each other
  [[nodiscard]] bool allows(std::int64_t version) const {
    const auto list = migrations();
    if (version == (nth == 0 ? 0 : list[nth - 1].to)) return true;
    return std::any_of(list.begin() + static_cast<std::ptrdiff_t>(nth),
                       any_later ? list.end() : list.begin() + static_cast<std::ptrdiff_t>(nth) + 1,
                       [&](const Migration& one) { return one.to == version; });
  }
};

// Starts a hub's store on what a power cut leaves now: it is at an allowed version, and after the start at the last one.
void take_up(Fate fate, std::uint64_t seed, const Between& between) {
  const Folder image;
  CrashVfs::image(std::filesystem::path(image.file()).parent_path().string(), fate, seed);
  const bool has_rows = between.nth > 0;
  if (std::filesystem::exists(image.file())) {
    const auto database = got(Database::open(image.file(), "", Database::Role::reader));
    const auto version = got(database->integer("PRAGMA user_version"));
    BOOST_TEST(between.allows(version), "version " << version);
  }
  {
    const auto store = open_or_fail(options(image.file(), Mode::inline_file));
    BOOST_TEST(got(store->reader()->event(7)).has_value() == has_rows);
    BOOST_TEST(got(store->reader()->secrets(1)).size() == (has_rows ? 1u : 0u));
    BOOST_TEST((store->submit_and_wait(Queue::accept, {{accept(8, "k")}}).kind == UnitOutcome::Kind::committed));
    store->close();
  }
  BOOST_TEST(faults_of(image.file()) == "");
}

void take_up_each(const std::string& where, const Between& between) {
  for (const Fate fate : {Fate::kept, Fate::dropped, Fate::torn, Fate::reordered}) {
    const int seeds = fate == Fate::kept || fate == Fate::dropped ? 1 : counts::kPowerCutSeeds.now();
    for (int seed = 1; seed <= seeds; ++seed) {
      BOOST_TEST_CONTEXT(where << ", " << fate << ", seed " << seed) {
        take_up(fate, static_cast<std::uint64_t>(seed), between);
      }
    }
  }
}

}  // namespace

BOOST_AUTO_TEST_SUITE(store_migrations)

BOOST_AUTO_TEST_CASE(totals_of_recipes_are_counted_anew_by_version_and_keep_when_they_last_began) {
  const Folder folder;
  {
    const auto database = got(Database::open(folder.file(), "", Database::Role::writer));
    BOOST_REQUIRE(!migrate(*database, migrations().first(4)).has_error());
    BOOST_REQUIRE(
        database->exec("INSERT INTO recipe VALUES (1, 'r', 1, 3), (2, 'pruned', 1, 9);"
                       "INSERT INTO run SELECT value, 1, 2 + value % 2, 0, '', 1 + (value > 3) * 12, 1, 1, '', NULL, 1,"
                       " 0, 5, NULL, '' FROM json_each('[1,2,3,4]');"
                       "INSERT INTO recipe_tally VALUES (1, 3, 0, 0, 1, 1, 77), (2, 0, 0, 0, 0, 0, 88)") == SQLITE_OK);
  }
  const auto store = open_or_fail(options(folder.file(), Mode::inline_file));
  BOOST_TEST((got(store->reader()->live_versions()) == std::vector<RecipeOf>{{1, 3}, {1, 2}}));
  const auto tallies = got(store->reader()->recipe_tallies());
  BOOST_REQUIRE(tallies.size() == 2u);
  BOOST_TEST(tallies[0].acting == 3);
  BOOST_TEST(tallies[0].failed == 1);
  BOOST_TEST(tallies[0].ended == 1);
  BOOST_TEST(tallies[0].last_started_ms == 77);
  BOOST_TEST(tallies[1].last_started_ms == 88);
}

BOOST_DATA_TEST_CASE(STO_10_a_crash_at_any_statement_of_a_migration_leaves_it_undone_or_done,
                     data::xrange(migrations().size()), nth) {
  const Migration& migration = migrations()[nth];
  const auto statements = statements_of(migration.sql);
  BOOST_TEST(!statements.empty());
  {
    const Folder folder;
    CrashVfs::watch({});
    const auto database = before(nth, folder.file());
    BOOST_REQUIRE(database->exec("BEGIN IMMEDIATE") == SQLITE_OK);
    // Little of it fits into memory: what does not is written long before it is committed.
    BOOST_REQUIRE(database->exec("PRAGMA cache_size = 2; PRAGMA cache_spill = 2") == SQLITE_OK);
    for (std::size_t at = 0; at < statements.size(); ++at) {
      take_up_each("before statement " + std::to_string(at), {nth});
      BOOST_REQUIRE_MESSAGE(database->exec(statements[at].c_str()) == SQLITE_OK, statements[at]);
    }
    take_up_each("before the commit", {nth});
  }
  {
    const Folder folder;
    CrashVfs::watch({});
    auto database = before(nth, folder.file());
    int syncs = 0;
    CrashVfs::at_sync([&] { take_up_each("sync " + std::to_string(++syncs), {nth}); });
    BOOST_TEST(!migrate(*database, migrations().first(nth + 1)).has_error());
    take_up_each("after it", {nth});
    BOOST_TEST(syncs > 0);
  }
  CrashVfs::unwatch();
}

// The very first start, from nothing: its file, its log, its first rows.
BOOST_AUTO_TEST_CASE(STO_10_a_crash_at_any_sync_of_the_first_start_is_no_obstacle_to_the_second) {
  const Folder folder;
  int syncs = 0;
  CrashVfs::watch([&] { take_up_each("sync " + std::to_string(++syncs), {0, true}); });
  StoreOptions made = options(folder.file(), Mode::inline_file);
  made.vfs = CrashVfs::kName;
  open_or_fail(made)->close();
  CrashVfs::unwatch();
  BOOST_TEST(syncs > 4);
}

BOOST_AUTO_TEST_SUITE_END()
