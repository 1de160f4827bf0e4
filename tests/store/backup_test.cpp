// A backup is whole, made beside the writer, and holds what was there before it began; a restore takes the place in one piece.
#include <sqlite3.h>

#include <atomic>
#include <boost/test/unit_test.hpp>
#include <filesystem>
#include <fstream>
#include <mutex>
#include <thread>

#include "store/backup.hpp"
#include "store/crash_vfs.hpp"
#include "store/fixture.hpp"
#include "store/process_lock.hpp"
#include "store/restore.hpp"

using namespace ieum;
using namespace ieum::store;
using namespace ieum::store::test;
using Kind = UnitOutcome::Kind;

namespace {

// The VFS that fails on demand is what SQLite takes when nobody names another.
class FaultyByDefault {
 public:
  FaultyByDefault() : before_(sqlite3_vfs_find(nullptr)) {
    CrashVfs::disarm();
    sqlite3_vfs_register(sqlite3_vfs_find(CrashVfs::kName), 1);
  }
  ~FaultyByDefault() {
    CrashVfs::disarm();
    sqlite3_vfs_register(before_, 1);
  }
  FaultyByDefault(const FaultyByDefault&) = delete;
  FaultyByDefault& operator=(const FaultyByDefault&) = delete;

 private:
  sqlite3_vfs* before_;
};

HoldRow everything() {
  HoldRow hold;
  hold.kind = "hub";
  hold.name = "everything";
  hold.reason = "restored";
  hold.made_by = "restore";
  hold.since_ms = kNoon;
  return hold;
}

template <class T>
std::string code_of(const Result<T>& result) {
  return result.has_error() ? result.error().code : std::string();
}

// A run of recipe 1 whose step is open, or that waits.
void begin(Store& store, Id id, RunState state, std::optional<Millis> due) {
  Unit unit{{accept(id)}};
  BOOST_REQUIRE((store.submit_and_wait(Queue::accept, unit).kind == Kind::committed));
  auto started = start(id);
  started.run.trigger_event = id;
  started.run.state = state;
  started.run.due_ms = due;
  unit = {{SettleEvent{id, EventState::fresh, EventState::routed, ""}, started}};
  if (state != RunState::waiting) unit.writes.emplace_back(open_step(id, id));
  BOOST_REQUIRE((store.submit_and_wait(Queue::work, unit).kind == Kind::committed));
}

std::unique_ptr<Store> filled(const std::string& path) {
  auto store = open_or_fail(options(path, Mode::thread));
  const Unit made{{PutMeta{"hub_id", "this hub"}, PutConnection{{1, "shop", "shopify", "{}", "[]", true, kNoon}},
                   PutRecipe{{1, "cart", true, 1}, RecipeVersionRow{1, 1, "hash", "recipe: cart", "yaml", kNoon}}}};
  BOOST_REQUIRE((store->submit_and_wait(Queue::work, made).kind == Kind::committed));
  begin(*store, 1, RunState::waiting, kNoon - kHour);   // over
  begin(*store, 2, RunState::waiting, kNoon + kDay);    // not yet
  begin(*store, 3, RunState::acting, kNoon - kMinute);  // due
  begin(*store, 4, RunState::acting, std::nullopt);     // under way
  begin(*store, 5, RunState::acting, kHeldDue);         // held
  begin(*store, 6, RunState::acting, std::nullopt);
  auto doubt = close_step(6, StepState::in_doubt);
  doubt.closed_ms.reset();
  BOOST_REQUIRE(
      (store->submit_and_wait(Queue::work, {{doubt, move(6, 1, RunState::in_doubt)}}).kind == Kind::committed));
  return store;
}

std::int64_t sum(const std::vector<RestorePlan::Lot>& lots) {
  std::int64_t count = 0;
  for (const auto& lot : lots) count += lot.count;
  return count;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(store_backup)

// Four senders and one backup after the other: each holds every event that was acknowledged before it began.
BOOST_AUTO_TEST_CASE(STO_09_a_backup_under_load_is_sound_and_holds_what_was_accepted_before_it) {
  Folder folder;
  auto store = open_or_fail(options(folder.file(), Mode::thread));
  std::atomic<bool> over = false;
  std::atomic<Id> last = 0;
  std::mutex mutex;
  std::vector<Id> acknowledged;
  std::vector<std::thread> senders;
  for (int sender = 0; sender < 4; ++sender)
    senders.emplace_back([&] {
      while (!over) {
        const Id id = store->next_id(IdSpace::event);
        const auto outcome = store->submit_and_wait(Queue::accept, {{accept(id, "key-" + std::to_string(id))}});
        if (outcome.kind != Kind::committed) continue;
        const std::lock_guard lock(mutex);
        acknowledged.push_back(id);
        last = id;
      }
    });
  for (int n = 1; n <= 5; ++n) {
    const Id seen = last;
    while (last < seen + 200) std::this_thread::yield();
    std::vector<Id> before;
    {
      const std::lock_guard lock(mutex);
      before = acknowledged;
    }
    const auto copy = folder.file("backup-" + std::to_string(n) + ".db");
    const auto made = backup_store(folder.file(), copy, kNoon);
    BOOST_REQUIRE_MESSAGE(made.has_value(), (made.has_error() ? made.error().text() : ""));
    BOOST_TEST(faults_of(copy) == "");
    BOOST_TEST(!std::filesystem::exists(copy + "-wal"));
    const auto opened = open_or_fail(options(copy, Mode::inline_file));
    const auto reader = opened->reader();
    for (const Id id : before) BOOST_REQUIRE(got(reader->event(id)).has_value());
  }
  over = true;
  for (auto& sender : senders) sender.join();
}

BOOST_AUTO_TEST_CASE(STO_04_a_backup_that_finds_no_room_leaves_nothing_behind_and_the_store_as_it_was) {
  Folder folder;
  auto store = filled(folder.file());
  const auto copy = folder.file("backup.db");
  const FaultyByDefault faulty;
  for (int at = 1;; ++at) {
    CrashVfs::arm({Operation::write, at, true, true});
    const auto made = backup_store(folder.file(), copy, kNoon);
    const bool reached = CrashVfs::seen() >= at;
    CrashVfs::disarm();
    BOOST_TEST(!std::filesystem::exists(copy + ".part"));
    if (!reached) {
      BOOST_TEST(made.has_value());
      break;
    }
    BOOST_TEST(code_of(made) == "disk_full");
    BOOST_TEST(!std::filesystem::exists(copy));
    BOOST_REQUIRE((store->submit_and_wait(Queue::accept, {{accept(1000 + at)}}).kind == Kind::committed));
  }
  BOOST_TEST(faults_of(copy) == "");
  store->close();
  BOOST_TEST(faults_of(folder.file()) == "");
}

BOOST_AUTO_TEST_CASE(a_plan_says_what_would_go_on_and_changes_nothing) {
  Folder folder;
  auto store = filled(folder.file());
  const auto copy = folder.file("backup.db");
  BOOST_REQUIRE(backup_store(folder.file(), copy, kNoon).has_value());
  begin(*store, 7, RunState::acting, std::nullopt);
  BOOST_REQUIRE(
      (store->submit_and_wait(Queue::work, {{close_step(7), move(7, 1, RunState::finished)}}).kind == Kind::committed));
  const auto before = std::filesystem::last_write_time(copy);
  {
    auto prepared = Restore::prepare(copy, folder.file());
    BOOST_REQUIRE_MESSAGE(prepared.has_value(), (prepared.has_error() ? prepared.error().text() : ""));
    const auto plan = got(prepared->plan(kNoon));
    BOOST_TEST(plan.made_ms.value_or(0) == kNoon);
    BOOST_TEST(plan.events == 6);
    BOOST_REQUIRE(plan.overdue.size() == 1u);
    BOOST_TEST(plan.overdue[0].name == "cart");
    BOOST_TEST(plan.overdue[0].oldest_ms == kNoon - kHour);
    BOOST_TEST(sum(plan.overdue) == 1);
    BOOST_TEST(sum(plan.at_once) == 1);
    BOOST_TEST(sum(plan.under_way) == 1);
    BOOST_TEST(plan.under_way[0].name == "cart / push / slack.message.post");
    BOOST_TEST(sum(plan.held) == 1);
    BOOST_TEST(sum(plan.in_doubt) == 1);
    BOOST_REQUIRE(plan.sources.size() == 1u);
    BOOST_TEST(plan.sources[0].connection == "shop");
    BOOST_REQUIRE(plan.since.has_value());
    BOOST_TEST(plan.since->events == 1);
    BOOST_TEST(plan.since->runs == 1);
    // The store runs: it is not replaced below it.
    BOOST_TEST(code_of(prepared->commit(everything(), "fate_unknown", folder.file("kept.db"))) == "store_locked");
  }
  BOOST_TEST(!std::filesystem::exists(folder.file() + ".restore"));
  BOOST_TEST((std::filesystem::last_write_time(copy) == before));
  BOOST_TEST(got(store->reader()->event(7)).has_value());
}

BOOST_AUTO_TEST_CASE(STO_09_a_restored_store_begins_held_keeps_the_other_and_gives_no_id_twice) {
  Folder folder;
  auto store = filled(folder.file());
  const auto copy = folder.file("backup.db");
  BOOST_REQUIRE(backup_store(folder.file(), copy, kNoon).has_value());
  for (Id id = 7; id <= 9; ++id) begin(*store, id, RunState::acting, std::nullopt);
  store.reset();  // not closed: as after a crash, with its log
  const auto kept = [&] {
    auto prepared = Restore::prepare(copy, folder.file());
    BOOST_REQUIRE(prepared.has_value());
    return got(prepared->commit(everything(), "fate_unknown", folder.file("kept.db")));
  }();
  BOOST_TEST(kept == folder.file("kept.db"));
  BOOST_TEST(faults_of(folder.file()) == "");
  {
    const auto before = open_or_fail(options(kept, Mode::inline_file));
    BOOST_TEST(got(before->reader()->run(9)).has_value());
  }
  store = open_or_fail(options(folder.file(), Mode::thread));
  BOOST_TEST(!store->ended_cleanly());
  const auto reader = store->reader();
  BOOST_TEST(!got(reader->run(7)).has_value());
  const auto holds = got(reader->holds());
  BOOST_REQUIRE(holds.size() == 1u);
  BOOST_TEST(holds[0].of_hub());
  for (const Id id : {3, 4, 5}) BOOST_TEST(got(reader->open_step(id))->error_code == "fate_unknown");
  BOOST_TEST(store->next_id(IdSpace::event) == 10);
  BOOST_TEST(store->next_id(IdSpace::run) == 10);
}

BOOST_AUTO_TEST_CASE(without_the_lost_store_ids_go_on_far_above_what_it_may_have_given_out) {
  Folder folder;
  const auto copy = folder.file("backup.db");
  {
    const auto store = filled(folder.file("lost.db"));
    BOOST_REQUIRE(backup_store(folder.file("lost.db"), copy, kNoon).has_value());
  }
  {
    auto prepared = Restore::prepare(copy, folder.file());
    BOOST_REQUIRE(prepared.has_value());
    BOOST_TEST(!got(prepared->plan(kNoon)).since.has_value());
    BOOST_TEST(got(prepared->commit(everything(), "fate_unknown", folder.file("kept.db"))) == "");
  }
  const auto store = open_or_fail(options(folder.file(), Mode::thread));
  BOOST_TEST(store->next_id(IdSpace::run) > 1'000'000'000);
}

BOOST_AUTO_TEST_CASE(what_is_no_whole_backup_is_refused) {
  Folder folder;
  auto store = filled(folder.file());
  // The file of a hub that runs: what it lacks is in its log.
  BOOST_TEST(code_of(Restore::prepare(folder.file(), folder.file("new.db"))) == "backup_not_whole");
  BOOST_TEST(code_of(Restore::prepare(folder.file("none.db"), folder.file())) == "no_backup");
  const auto copy = folder.file("backup.db");
  BOOST_REQUIRE(backup_store(folder.file(), copy, kNoon).has_value());
  std::filesystem::resize_file(copy, std::filesystem::file_size(copy) / 2);
  const auto damaged = Restore::prepare(copy, folder.file());
  BOOST_TEST(damaged.has_error());
  BOOST_TEST(!std::filesystem::exists(folder.file() + ".restore"));
}

BOOST_AUTO_TEST_CASE(two_copies_of_one_second_have_names_of_their_own) {
  Folder folder;
  const auto directory = std::filesystem::path(folder.file()).parent_path().string();
  const Millis now = 1'772'410'500'000;
  const auto first = copy_name(directory, "hub", now);
  BOOST_TEST(first == folder.file("hub-20260302T001500Z.db"));
  std::ofstream(first) << "a copy";
  const auto second = copy_name(directory, "hub", now);
  BOOST_TEST(second == folder.file("hub-20260302T001500Z-2.db"));
  std::ofstream(second) << "a copy";
  BOOST_TEST(copy_name(directory, "hub", now) == folder.file("hub-20260302T001500Z-3.db"));
}

BOOST_AUTO_TEST_SUITE_END()
