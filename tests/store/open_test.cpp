// Opening, closing and the file itself: migrations, refusals, the lock, the epoch, ids, settings.
#include <sys/stat.h>
#include <unistd.h>

#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>
#include <fstream>

#include "store/fixture.hpp"
#include "store/schema.hpp"

using namespace ieum;
using namespace ieum::store;
using namespace ieum::store::test;
using Kind = UnitOutcome::Kind;
namespace data = boost::unit_test::data;

namespace {

Error refusal(const std::string& path) {
  NullLog log;
  auto store = open_store(options(path, Mode::thread), log);
  BOOST_REQUIRE(store.has_error());
  BOOST_TEST(!store.error().mend.empty());
  BOOST_TEST(store.error().place.find(path) == 0u);
  return store.error();
}

std::string bytes_of(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

void run_sql(const std::string& path, const char* sql) {
  const auto database = got(Database::open(path, "", Database::Role::writer));
  BOOST_REQUIRE(database->exec(sql) == SQLITE_OK);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(store_opening)

BOOST_AUTO_TEST_CASE(a_new_file_has_the_settings_that_count_from_the_first_page) {
  Folder folder;
  open_or_fail(options(folder.file(), Mode::thread));
  BOOST_TEST(faults_of(folder.file()).empty());
  const auto database = got(Database::open(folder.file(), "", Database::Role::writer));
  BOOST_TEST(got(database->integer("PRAGMA auto_vacuum")) == 2);
  BOOST_TEST(got(database->integer("PRAGMA synchronous")) == 2);
  BOOST_TEST(got(database->integer("PRAGMA wal_autocheckpoint")) == 0);
  BOOST_TEST(got(database->integer("PRAGMA foreign_keys")) == 1);
  BOOST_TEST(got(database->integer("PRAGMA trusted_schema")) == 0);
  BOOST_TEST(got(database->integer("SELECT count(*) FROM pragma_journal_mode WHERE journal_mode = 'wal'")) == 1);
  BOOST_TEST(got(database->integer("PRAGMA user_version")) == migrations().back().to);
  BOOST_TEST(got(database->integer("PRAGMA application_id")) == kApplicationId);
  BOOST_TEST(got(database->integer("SELECT count(*) FROM pragma_table_list WHERE type = 'table' AND NOT strict"
                                   " AND name NOT LIKE 'sqlite%'")) == 0);
  struct stat about {};
  BOOST_REQUIRE(::stat(folder.file().c_str(), &about) == 0);
  BOOST_TEST((about.st_mode & 0777) == 0600u);
}

BOOST_AUTO_TEST_CASE(a_reader_cannot_write) {
  Folder folder;
  const auto store = open_or_fail(options(folder.file(), Mode::thread));
  const auto database = got(Database::open(folder.file(), "", Database::Role::reader));
  BOOST_TEST(database->exec("INSERT INTO meta VALUES ('a', 'b')") == SQLITE_READONLY);
}

BOOST_AUTO_TEST_CASE(an_empty_file_is_migrated) {
  Folder folder;
  std::ofstream(folder.file()).close();
  const auto store = open_or_fail(options(folder.file(), Mode::thread));
  BOOST_TEST((store->submit_and_wait(Queue::accept, {{accept(1)}}).kind == Kind::committed));
}

BOOST_AUTO_TEST_CASE(STO_10_a_migration_happens_wholly_or_not_at_all) {
  Folder folder;
  const auto database = got(Database::open(folder.file(), "", Database::Role::writer));
  const Migration good[] = {{1, "CREATE TABLE a (x)"}, {2, "CREATE TABLE b (x); INSERT INTO b VALUES (1)"}};
  const Migration bad[] = {good[0], good[1], {3, "CREATE TABLE c (x); INSERT INTO missing VALUES (1)"}};
  BOOST_TEST(migrate(*database, bad).has_error());
  BOOST_TEST(got(database->integer("PRAGMA user_version")) == 2);
  BOOST_TEST(got(database->integer("SELECT count(*) FROM sqlite_schema")) == 2);
  BOOST_TEST(!migrate(*database, good).has_error());  // nothing to do, and nothing done twice
  BOOST_TEST(got(database->integer("SELECT count(*) FROM b")) == 1);
  const Migration mended[] = {good[0], good[1], {3, "CREATE TABLE c (x)"}};
  BOOST_TEST(!migrate(*database, mended).has_error());
  BOOST_TEST(got(database->integer("PRAGMA user_version")) == 3);
}

BOOST_AUTO_TEST_CASE(STO_10_a_file_of_a_newer_hub_is_refused_and_left_as_it_is) {
  Folder folder;
  open_or_fail(options(folder.file(), Mode::thread));
  run_sql(folder.file(), "PRAGMA user_version = 99");
  const std::string before = bytes_of(folder.file());
  BOOST_TEST(refusal(folder.file()).code == "store_newer");
  BOOST_TEST((bytes_of(folder.file()) == before));
}

BOOST_AUTO_TEST_CASE(a_file_of_the_draft_is_refused_and_says_so) {
  Folder folder;
  open_or_fail(options(folder.file(), Mode::thread));
  for (const char* draft : {"PRAGMA user_version = 1", "PRAGMA user_version = 2"}) {
    run_sql(folder.file(), draft);
    BOOST_TEST(refusal(folder.file()).code == "store_draft");
  }
}

BOOST_AUTO_TEST_CASE(somebody_elses_file_is_refused) {
  Folder folder;
  run_sql(folder.file("other.db"), "CREATE TABLE theirs (x)");
  BOOST_TEST(refusal(folder.file("other.db")).code == "store_unreadable");
  std::ofstream(folder.file("text.db")) << std::string(5000, 'x');
  BOOST_TEST(refusal(folder.file("text.db")).code == "store_unreadable");
  BOOST_TEST((bytes_of(folder.file("text.db")) == std::string(5000, 'x')));
  BOOST_TEST(refusal(folder.file("없는 폴더/hub.db")).code == "store_unreadable");
}

BOOST_AUTO_TEST_CASE(STO_10_a_second_hub_is_refused_with_the_process_id_of_the_first) {
  Folder folder;
  auto store = open_or_fail(options(folder.file(), Mode::thread));
  const Error error = refusal(folder.file());
  BOOST_TEST(error.code == "store_locked");
  BOOST_TEST(error.what.find(std::to_string(::getpid())) != std::string::npos);
  store->close();
  open_or_fail(options(folder.file(), Mode::inline_file));
}

BOOST_AUTO_TEST_CASE(the_epoch_moves_with_every_start_and_the_end_is_noted) {
  Folder folder;
  for (std::int64_t epoch = 1; epoch <= 3; ++epoch) {
    const auto store = open_or_fail(options(folder.file(), epoch == 2 ? Mode::inline_file : Mode::thread));
    BOOST_TEST(store->epoch() == epoch);
    BOOST_TEST(store->ended_cleanly());
    store->close();
  }
}

BOOST_AUTO_TEST_CASE(a_store_that_nobody_closed_did_not_end_cleanly) {
  for (const Mode mode : {Mode::thread, Mode::inline_file}) {
    Folder folder;
    std::optional<UnitOutcome> outcome;
    {
      const auto store = open_or_fail(options(folder.file(), mode));
      store->submit(Queue::accept, {{accept(1)}}, [&](const UnitOutcome& answer) { outcome = answer; });
    }
    BOOST_REQUIRE(outcome);  // what was queued is answered all the same
    BOOST_TEST((outcome->kind == Kind::committed));
    const auto store = open_or_fail(options(folder.file(), mode));
    BOOST_TEST(!store->ended_cleanly());
    BOOST_TEST(store->epoch() == 2);
    BOOST_TEST(got(store->reader()->event(1)).has_value());
  }
}

BOOST_AUTO_TEST_CASE(ids_go_on_where_they_were_and_none_is_given_twice) {
  Folder folder;
  {
    const auto store = open_or_fail(options(folder.file(), Mode::thread));
    for (Id id = 1; id <= 3; ++id) BOOST_TEST(store->next_id(IdSpace::event) == id);
    BOOST_TEST(store->next_id(IdSpace::connection) == 1);
    BOOST_TEST(
        (store
             ->submit_and_wait(Queue::work, {{accept(3), start(7), add_customer(9),
                                              PutConnection{{1, "shop", "shopify", "{}", "[]", true, 1}},
                                              PutRecipe{{4, "r", true, 6}, RecipeVersionRow{6, 4, "h", "", "yaml", 1}},
                                              AddHistory{{8, 9, "n", 1, 1, 1, "", "{}"}}}})
             .kind == Kind::committed));
    BOOST_TEST((store->submit_and_wait(Queue::work, {{RemoveConnection{1}}}).kind == Kind::committed));
  }
  const auto store = open_or_fail(options(folder.file(), Mode::thread));
  BOOST_TEST(store->next_id(IdSpace::event) == 4);
  BOOST_TEST(store->next_id(IdSpace::run) == 8);
  BOOST_TEST(store->next_id(IdSpace::step) == 1);
  BOOST_TEST(store->next_id(IdSpace::decision) == 1);
  BOOST_TEST(store->next_id(IdSpace::customer) == 10);
  BOOST_TEST(store->next_id(IdSpace::history) == 9);
  BOOST_TEST(store->next_id(IdSpace::connection) == 2);  // the removed one's id stays its own
  BOOST_TEST(store->next_id(IdSpace::recipe) == 5);
  BOOST_TEST(store->next_id(IdSpace::recipe_version) == 7);
}

// Keys of steps and receipts are made from them: a vendor would take a new message for one that it knows.
BOOST_AUTO_TEST_CASE(an_id_is_not_given_out_again_when_retention_took_its_row) {
  Folder folder;
  {
    const auto store = open_or_fail(options(folder.file(), Mode::thread));
    const auto put = [&](std::vector<Write> writes) {
      BOOST_TEST((store->submit_and_wait(Queue::work, {std::move(writes)}).kind == Kind::committed));
    };
    put({accept(7)});
    put({SettleEvent{7, EventState::fresh, EventState::routed, ""}, start(5)});
    put({move(5, 1, RunState::cancelled)});
    put({DropRuns{{5}}});
    put({DropEvents{{7}}});
    put({accept(3)});
  }
  const auto store = open_or_fail(options(folder.file(), Mode::thread));
  BOOST_TEST(store->next_id(IdSpace::event) == 8);
  BOOST_TEST(store->next_id(IdSpace::run) == 6);
}

BOOST_DATA_TEST_CASE(a_closed_store_answers_later_units_with_an_error, data::make(kModes), mode) {
  const Opened hub(mode);
  hub.must({accept(1)});
  hub.store->close();
  hub.store->close();
  const UnitOutcome outcome = hub.put({accept(2)});
  BOOST_TEST((outcome.kind == Kind::failed));
  BOOST_TEST(outcome.error->code == "store_closed");
}

BOOST_AUTO_TEST_CASE(close_answers_what_is_queued) {
  Folder folder;
  auto store = open_or_fail(options(folder.file(), Mode::thread));
  int committed = 0;
  for (Id id = 1; id <= 500; ++id)
    store->submit(id % 3 == 0 ? Queue::accept : Queue::work, {{accept(id)}},
                  [&](const UnitOutcome& outcome) { committed += outcome.kind == Kind::committed ? 1 : 0; });
  store->close();
  BOOST_TEST(committed == 500);
  BOOST_TEST(faults_of(folder.file()).empty());
}

BOOST_AUTO_TEST_SUITE_END()
