// The disk fails at every place that it can: nothing that was acknowledged is lost, nothing is there by half, and the
// file opens again without help.
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>
#include <future>

#include "store/committer.hpp"
#include "store/crash_vfs.hpp"
#include "store/fixture.hpp"
#include "store/opened_file.hpp"
#include "support/counts.hpp"

using namespace ieum;
using namespace ieum::store;
using namespace ieum::store::test;
namespace counts = ieum::test::counts;
using Kind = UnitOutcome::Kind;
namespace data = boost::unit_test::data;

namespace {

constexpr Id kRuns = 4;

// Each kind of failure once, and from then on.
constexpr FaultPlan kPlans[] = {
    {Operation::open, 0, false, false},
    {Operation::open, 0, true, false},
    {Operation::read, 0, false, false},
    {Operation::read, 0, true, false},
    {Operation::write, 0, false, false},
    {Operation::write, 0, true, false},
    {Operation::write, 0, false, true},
    {Operation::write, 0, true, true},
    {Operation::sync, 0, false, false},
    {Operation::sync, 0, true, false},
    {Operation::truncate, 0, false, false},
    {Operation::truncate, 0, true, false},
    {Operation::map, 0, false, false},
    {Operation::map, 0, true, false},
    {Operation::memory, 0, false, false},
    {Operation::memory, 0, true, false},
    // It is on disk, and is reported as failed.
    {Operation::sync, 0, false, false, true},
    {Operation::sync, 0, true, false, true},
};

StoreOptions faulty(const Folder& folder, Mode mode = Mode::inline_file) {
  StoreOptions made = options(folder.file(), mode);
  made.vfs = CrashVfs::kName;
  return made;
}

// The three units of a plain run.
Unit unit_of(Id id, int stage) {
  if (stage == 0) return {{accept(id, "key-" + std::to_string(id))}};
  if (stage == 1) return {{SettleEvent{id, EventState::fresh, EventState::routed, ""}, start(id), open_step(id, id)}};
  return {{close_step(id), move(id, 1, RunState::finished)}};
}

struct Story {
  int acknowledged[kRuns + 1] = {};  // how many of a run's units were answered with committed
  int broken_calls = 0;
  bool opened = false;
};

// Opens, commits batches with a checkpoint between them, ends. Whatever fails, it goes on.
Story live_through(const Folder& folder) {
  Story story;
  NullLog log;
  auto file = open_file(faulty(folder));
  if (file.has_error()) {
    BOOST_TEST(!file.error().code.empty());
    return story;
  }
  story.opened = true;
  Committer committer(file->database, log, [&](const Error&) { ++story.broken_calls; });
  for (Id first = 1; first <= kRuns; first += 2) {
    for (int stage = 0; stage < 3; ++stage) {
      std::vector<Pending> batch;
      for (Id id = first; id < first + 2; ++id) batch.push_back({unit_of(id, stage), {}, {}});
      const bool was_broken = story.broken_calls > 0;
      committer.commit(batch);
      for (std::size_t at = 0; at < 2; ++at) {
        const UnitOutcome& outcome = batch[at].outcome;
        if (outcome.kind == Kind::committed && !was_broken) story.acknowledged[first + static_cast<Id>(at)] = stage + 1;
        if (was_broken) BOOST_TEST((outcome.kind == Kind::failed && outcome.error->code == "store_broken"));
      }
    }
    if (first == 1) committer.checkpoint();
  }
  committer.finish();
  return story;
}

// Memory is asked for thousands of times: some of these are tried, and the next form's are others.
int step_of(const FaultPlan& plan) {
  static const int asked = [] {
    Folder folder;
    CrashVfs::arm({Operation::memory, 0, false, false});
    live_through(folder);
    return CrashVfs::seen();
  }();
  return plan.operation == Operation::memory ? std::max(1, asked / counts::kMemoryFailures.now()) : 1;
}

std::int64_t count(Database& database, const std::string& sql) { return got(database.integer(sql.c_str())); }

void look_at(const Folder& folder, const Story& story) {
  BOOST_TEST(story.broken_calls <= 1);
  {
    const auto store = open_or_fail(options(folder.file(), Mode::thread));
    const auto reader = store->reader();
    for (Id id = 1; id <= kRuns; ++id) {
      const int stage = story.acknowledged[id];
      const auto event = got(reader->event(id));
      const auto run = got(reader->run(id));
      if (stage >= 1) BOOST_TEST(event.has_value());
      if (stage >= 2) BOOST_TEST(run.has_value());
      if (stage >= 3) BOOST_TEST((run && run->state == RunState::finished));
      // Units that were not acknowledged may be there, but wholly.
      BOOST_TEST(run.has_value() == (event && event->event.state == EventState::routed));
      BOOST_TEST(got(reader->steps(id)).size() == (run ? 1u : 0u));
      BOOST_TEST((run && run->state == RunState::acting) == got(reader->open_step(id)).has_value());
      if (event) {
        const UnitOutcome again =
            store->submit_and_wait(Queue::accept, {{accept(100 + id, "key-" + std::to_string(id))}});
        BOOST_TEST((again.kind == Kind::duplicate && again.first_event == id));
      }
    }
    BOOST_TEST((store->submit_and_wait(Queue::accept, {{accept(200)}}).kind == Kind::committed));
  }
  const auto database = got(Database::open(folder.file(), "", Database::Role::reader));
  BOOST_TEST(count(*database, "SELECT count(*) FROM event") == count(*database, "SELECT count(*) FROM payload"));
  BOOST_TEST(faults_of(folder.file()) == "");
}

}  // namespace

BOOST_AUTO_TEST_SUITE(store_faults)

BOOST_DATA_TEST_CASE(STO_01_every_nth_failure_leaves_a_sound_store, data::make(kPlans), plan) {
  int touched = 0;
  for (int at = 1;; at += step_of(plan)) {
    BOOST_TEST_CONTEXT("failure number " << at) {
      Folder folder;
      FaultPlan now = plan;
      now.at = at;
      CrashVfs::arm(now);
      const Story story = live_through(folder);
      const bool reached = CrashVfs::seen() >= at;
      CrashVfs::disarm();
      look_at(folder, story);
      if (!reached) {
        for (Id id = 1; id <= kRuns; ++id) BOOST_TEST(story.acknowledged[id] == 3);
        BOOST_TEST(story.broken_calls == 0);
        break;
      }
      if (plan.full) BOOST_TEST(story.broken_calls == 0);
      ++touched;
    }
  }
  BOOST_TEST(touched > 0);
}

BOOST_DATA_TEST_CASE(STO_02_a_failed_fsync_breaks_the_store_for_good, data::make({Mode::thread, Mode::inline_file}),
                     mode) {
  Folder folder;
  CrashVfs::disarm();
  int broken_calls = 0;
  StoreOptions made = faulty(folder, mode);
  made.on_broken = [&](const Error& error) {
    ++broken_calls;
    BOOST_TEST(error.code == "store_broken");
    BOOST_TEST(!error.mend.empty());
  };
  auto store = open_or_fail(made);
  BOOST_TEST((store->submit_and_wait(Queue::accept, {{accept(1)}}).kind == Kind::committed));
  CrashVfs::arm({Operation::sync, 1, false, false});  // once: the next fsync would succeed
  for (Id id = 2; id <= 4; ++id) {
    const UnitOutcome outcome = store->submit_and_wait(Queue::accept, {{accept(id)}});
    BOOST_TEST((outcome.kind == Kind::failed));
    BOOST_TEST(outcome.error->code == "store_broken");
  }
  BOOST_TEST(CrashVfs::seen() == 1);  // the commit was not tried again
  store->close();
  BOOST_TEST(broken_calls == 1);
  store = open_or_fail(options(folder.file(), mode));
  BOOST_TEST(!store->ended_cleanly());
  BOOST_TEST(got(store->reader()->event(1)).has_value());
  BOOST_TEST(!got(store->reader()->event(3)).has_value());
  store.reset();
  BOOST_TEST(faults_of(folder.file()) == "");
}

BOOST_DATA_TEST_CASE(a_full_disk_fails_units_until_there_is_room, data::make({Mode::thread, Mode::inline_file}), mode) {
  Folder folder;
  CrashVfs::disarm();
  StoreOptions made = faulty(folder, mode);
  made.on_broken = [](const Error&) { BOOST_ERROR("a full disk does not break the store"); };
  auto store = open_or_fail(made);
  BOOST_TEST((store->submit_and_wait(Queue::accept, {{accept(1, "a")}}).kind == Kind::committed));
  CrashVfs::arm({Operation::write, 1, true, true});
  for (Id id = 2; id <= 5; ++id) {
    const UnitOutcome outcome = store->submit_and_wait(Queue::accept, {{accept(id, "b")}});
    BOOST_TEST((outcome.kind == Kind::failed));
    BOOST_TEST(outcome.error->code == "disk_full");
  }
  BOOST_TEST(got(store->reader()->event(1)).has_value());  // reading goes on
  CrashVfs::disarm();
  BOOST_TEST((store->submit_and_wait(Queue::accept, {{accept(6, "b")}}).kind == Kind::committed));
  BOOST_TEST((store->submit_and_wait(Queue::accept, {{accept(7, "a")}}).first_event == 1));
  store->close();
  BOOST_TEST(faults_of(folder.file()) == "");
}

BOOST_AUTO_TEST_CASE(a_lost_commit_fails_all_units_of_its_batch) {
  Folder folder;
  CrashVfs::disarm();
  NullLog log;
  OpenedFile file = got(open_file(faulty(folder)));
  Committer committer(file.database, log, {});
  std::vector<Pending> batch;
  for (Id id = 1; id <= 5; ++id) batch.push_back({{{accept(id, "k")}}, {}, {}});
  CrashVfs::arm({Operation::write, 1, true, true});
  committer.commit(batch);
  // The duplicates too: the event that they repeat is not on disk.
  for (const Pending& pending : batch) BOOST_TEST((pending.outcome.kind == Kind::failed));
  CrashVfs::disarm();
  committer.commit(batch);
  BOOST_TEST((batch[0].outcome.kind == Kind::committed));
  BOOST_TEST((batch[4].outcome.kind == Kind::duplicate));
}

BOOST_AUTO_TEST_CASE(a_reader_that_cannot_read_says_so_and_reads_later) {
  Folder folder;
  CrashVfs::disarm();
  auto store = open_or_fail(faulty(folder, Mode::thread));
  const auto reader = store->reader();
  CrashVfs::arm({Operation::open, 1, true, false});
  BOOST_TEST(reader->event(1).has_error());
  CrashVfs::arm({Operation::read, 1, true, false});
  BOOST_TEST(reader->event(1).has_error());
  CrashVfs::disarm();
  BOOST_TEST(!got(reader->event(1)));
}

BOOST_AUTO_TEST_SUITE_END()
