// A hub that is killed at any instant has lost nothing that it acknowledged, and has nothing by half.
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <boost/test/unit_test.hpp>
#include <condition_variable>
#include <cstdlib>
#include <mutex>
#include <set>

#include "base/random.hpp"
#include "store/fixture.hpp"
#include "store/sqlite.hpp"

using namespace ieum;
using namespace ieum::store;
using namespace ieum::store::test;

namespace {

constexpr int kInFlight = 100;

// The child: submits units for ever, and writes the id of each to `acknowledge` when it is committed.
[[noreturn]] void live(const std::string& path, int acknowledge) {
  NullLog log;
  auto store = open_store(options(path, Mode::thread), log);
  if (store.has_error()) ::_exit(3);
  std::mutex mutex;
  std::condition_variable answered;
  int in_flight = 0;
  for (;;) {
    const Id id = (*store)->next_id(IdSpace::event);
    Unit unit{
        {accept(id, "주문-" + std::to_string(id)), start(id, 1, id % 7 + 1, std::to_string(id)), open_step(id, id)}};
    {
      std::unique_lock lock(mutex);
      answered.wait(lock, [&] { return in_flight < kInFlight; });
      ++in_flight;
    }
    (*store)->submit(id % 2 == 0 ? Queue::accept : Queue::work, std::move(unit), [&, id](const UnitOutcome& outcome) {
      if (outcome.kind != UnitOutcome::Kind::committed) ::_exit(4);
      if (::write(acknowledge, &id, sizeof id) != sizeof id) ::_exit(5);
      const std::lock_guard lock(mutex);
      --in_flight;
      answered.notify_one();
    });
  }
}

// Lets a child live until it has acknowledged `patience` units, kills it, and returns all that it acknowledged.
std::set<Id> live_and_kill(const std::string& path, std::size_t patience) {
  int ends[2];
  BOOST_REQUIRE(::pipe(ends) == 0);
  const pid_t child = ::fork();
  BOOST_REQUIRE(child >= 0);
  if (child == 0) {
    ::close(ends[0]);
    live(path, ends[1]);
  }
  ::close(ends[1]);
  std::set<Id> acknowledged;
  Id id = 0;
  if (patience == 0) ::kill(child, SIGKILL);
  while (::read(ends[0], &id, sizeof id) == sizeof id) {
    acknowledged.insert(id);
    if (acknowledged.size() == patience) ::kill(child, SIGKILL);
  }
  ::close(ends[0]);
  int status = 0;
  BOOST_REQUIRE(::waitpid(child, &status, 0) == child);
  BOOST_REQUIRE_MESSAGE(WIFSIGNALED(status), "the child ended by itself: " << WEXITSTATUS(status));
  return acknowledged;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(store_kills)

BOOST_AUTO_TEST_CASE(what_a_killed_hub_acknowledged_is_there) {
  Folder folder;
  const int loops = std::getenv("IEUM_LONG") != nullptr ? 200 : 20;
  SeededRandom random(20261121);
  std::set<Id> acknowledged;
  std::int64_t epoch = 0;
  for (int loop = 0; loop < loops; ++loop) {
    BOOST_TEST_CONTEXT("loop " << loop) {
      // Some are killed while they open the store, before their first answer.
      const std::size_t patience = loop % 5 == 4 ? 0 : random.next() % 400;
      acknowledged.merge(live_and_kill(folder.file(), patience));
      {
        const auto store = open_or_fail(options(folder.file(), Mode::thread));
        BOOST_TEST(store->epoch() > epoch);
        epoch = store->epoch();
        if (patience > 0) BOOST_TEST(!store->ended_cleanly());
        const auto reader = store->reader();
        for (const Id id : acknowledged) BOOST_REQUIRE(got(reader->event(id)).has_value());
        const Id next = store->next_id(IdSpace::event);
        BOOST_TEST((acknowledged.empty() || next > *acknowledged.rbegin()));
        store->close();
      }
      const auto database = got(Database::open(folder.file(), "", Database::Role::reader));
      const auto count = [&](const char* sql) { return got(database->integer(sql)); };
      const auto events = count("SELECT count(*) FROM event");
      BOOST_TEST(events >= static_cast<std::int64_t>(acknowledged.size()));
      BOOST_TEST(events <= static_cast<std::int64_t>(acknowledged.size()) + (loop + 1) * kInFlight);
      BOOST_TEST(count("SELECT count(*) FROM event JOIN run USING (id) JOIN step USING (id)") == events);
      BOOST_TEST(count("SELECT count(*) FROM run") == events);
      BOOST_TEST(count("SELECT count(*) FROM step") == events);
      BOOST_TEST(faults_of(folder.file()) == "");
    }
  }
  BOOST_TEST(acknowledged.size() > 0u);
}

BOOST_AUTO_TEST_SUITE_END()
