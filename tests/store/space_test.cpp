// The store's file and its log stay small: free pages are given back, and a reader that stands is noticed.
#include <sqlite3.h>

#include <boost/test/unit_test.hpp>
#include <filesystem>

#include "store/committer.hpp"
#include "store/crash_vfs.hpp"
#include "store/fixture.hpp"
#include "store/opened_file.hpp"
#include "store/space.hpp"

using namespace ieum;
using namespace ieum::store;
using namespace ieum::store::test;
using Kind = UnitOutcome::Kind;

namespace {

AcceptEvent large(Id id) {
  auto write = accept(id);
  write.event.state = EventState::routed;
  write.payload.body = std::string(40'000, 'x');
  return write;
}

void fill(Store& store, Id from, Id to) {
  for (Id id = from; id <= to; ++id)
    BOOST_REQUIRE((store.submit_and_wait(Queue::accept, {{large(id)}}).kind == Kind::committed));
}

// Totals count what there ever was: here events were dropped.
std::string faults_but_totals(const std::string& path) {
  const auto faults = faults_of(path);
  return faults == "totals differ " ? std::string() : faults;
}

// Somebody who has the file open and reads, and does not end.
class StandingReader {
 public:
  explicit StandingReader(const std::string& path) {
    BOOST_REQUIRE(sqlite3_open_v2(path.c_str(), &database_, SQLITE_OPEN_READWRITE, nullptr) == SQLITE_OK);
    sqlite3_exec(database_, "BEGIN; SELECT count(*) FROM event", nullptr, nullptr, nullptr);
  }
  ~StandingReader() {
    sqlite3_db_config(database_, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, nullptr);
    sqlite3_close(database_);
  }
  StandingReader(const StandingReader&) = delete;
  StandingReader& operator=(const StandingReader&) = delete;

 private:
  sqlite3* database_ = nullptr;
};

}  // namespace

BOOST_AUTO_TEST_SUITE(store_space)

BOOST_AUTO_TEST_CASE(free_pages_are_given_back_in_slices) {
  Folder folder;
  auto store = open_or_fail(options(folder.file(), Mode::inline_file));
  fill(*store, 1, 200);
  const auto reader = store->reader();
  std::vector<Id> most;
  for (Id id = 1; id <= 180; ++id) most.push_back(id);
  BOOST_REQUIRE((store->submit_and_wait(Queue::work, {{DropEvents{most}}}).kind == Kind::committed));
  auto pages = got(reader->pages());
  const auto all = pages.all;
  BOOST_TEST(pages.free > 1700);
  BOOST_TEST(pages.used_bytes() < 2'000'000);
  int slices = 0;
  for (; pages.free > 0; ++slices) {
    const auto before = pages;
    BOOST_REQUIRE((store->submit_and_wait(Queue::work, {{Vacuum{}}}).kind == Kind::committed));
    pages = got(reader->pages());
    BOOST_TEST(pages.all < before.all);
    BOOST_TEST(before.all - pages.all <= 260);
  }
  BOOST_TEST(slices >= 7);
  BOOST_TEST(pages.all < all / 5);
  for (Id id = 181; id <= 200; ++id) BOOST_TEST(got(reader->event(id))->payload.body.size() == 40'000u);
  store->close();
  BOOST_TEST(measure(folder.file()).bytes == pages.all * pages.page_bytes);
  BOOST_TEST(faults_but_totals(folder.file()) == "");
}

BOOST_AUTO_TEST_CASE(STO_04_a_vacuum_that_finds_no_room_changes_nothing_and_goes_on_later) {
  for (int at = 1;; ++at) {
    Folder folder;
    CrashVfs::disarm();
    auto made = options(folder.file(), Mode::inline_file);
    made.vfs = CrashVfs::kName;
    made.on_broken = [](const Error&) { BOOST_ERROR("a full disk does not break the store"); };
    auto store = open_or_fail(made);
    fill(*store, 1, 20);
    BOOST_REQUIRE(
        (store->submit_and_wait(Queue::work, {{DropEvents{{1, 2, 3, 4, 5, 6, 7, 8, 9, 10}}}}).kind == Kind::committed));
    CrashVfs::arm({Operation::write, at, true, true});
    const auto outcome = store->submit_and_wait(Queue::work, {{Vacuum{}}});
    const bool reached = CrashVfs::seen() >= at;
    CrashVfs::disarm();
    BOOST_TEST((outcome.kind == (reached ? Kind::failed : Kind::committed)));
    if (reached) BOOST_TEST(outcome.error->code == "disk_full");
    BOOST_TEST((store->submit_and_wait(Queue::work, {{Vacuum{}}}).kind == Kind::committed));
    BOOST_TEST(got(store->reader()->pages()).free == 0);
    for (Id id = 11; id <= 20; ++id) BOOST_TEST(got(store->reader()->event(id)).has_value());
    store->close();
    BOOST_TEST(faults_but_totals(folder.file()) == "");
    if (!reached || at > 40) break;
  }
}

// The hub's own readers end with their question. The log goes around at some 16 MB, whatever is written.
BOOST_AUTO_TEST_CASE(the_log_goes_around_although_the_hub_reads_all_the_while) {
  Folder folder;
  auto store = open_or_fail(options(folder.file(), Mode::thread));
  const auto reader = store->reader();
  for (Id id = 1; id <= 2'000; ++id) {
    BOOST_REQUIRE((store->submit_and_wait(Queue::accept, {{large(id)}}).kind == Kind::committed));
    if (id % 10 == 0) got(reader->event(id));
  }
  BOOST_TEST(measure(folder.file()).log_bytes < (64 << 20));
  BOOST_TEST(measure(folder.file()).bytes > (60 << 20));
  BOOST_TEST(!store->log_is_held());
}

BOOST_AUTO_TEST_CASE(a_reader_that_stands_is_noticed_and_the_log_is_cut_when_it_is_gone) {
  Folder folder;
  NullLog log;
  OpenedFile file = got(open_file(options(folder.file(), Mode::inline_file)));
  Committer committer(file.database, log, {});
  const auto put = [&](Id id) {
    std::vector<Pending> batch;
    batch.push_back({{{large(id)}}, {}, {}});
    committer.commit(batch);
    if (committer.log_is_long()) committer.checkpoint();
    return batch[0].outcome.kind == Kind::committed;
  };
  BOOST_REQUIRE(put(1));
  {
    const StandingReader somebody(folder.file());
    for (Id id = 2; id <= 2'000; ++id) BOOST_REQUIRE(put(id));
    BOOST_TEST(committer.log_is_held());
    BOOST_TEST(measure(folder.file()).log_bytes > (70 << 20));
  }
  committer.checkpoint();
  BOOST_TEST(!committer.log_is_held());
  BOOST_TEST(measure(folder.file()).log_bytes == 0);
  BOOST_TEST(measure(folder.file()).bytes > (70 << 20));
}

BOOST_AUTO_TEST_SUITE_END()
