// The real binary under 64 connections of signed deliveries, killed at random instants: what senders, receiver and store say
// afterwards agrees (history.hpp), and the hub answers again within five seconds of its start.
#include <sqlite3.h>

#include <boost/test/unit_test.hpp>
#include <filesystem>

#include "crash/kill_floor.hpp"
#include "support/counts.hpp"

using namespace ieum;
using namespace ieum::test;

namespace {

constexpr int kAcceptedMost = 1'500;  // in a round; the kill falls somewhere below it

// What the checker must find: each is done to a copy of the store, or told as a call.
struct Planted {
  const char* sql;
  const char* found;
};
constexpr Planted kPlanted[] = {
    {"DELETE FROM event WHERE id = 9; DELETE FROM payload WHERE event = 9", "was answered with 2xx and is not there"},
    {"INSERT INTO event VALUES (900000, 1, 'order.paid', 1, 1, ''); INSERT INTO payload VALUES (900000, '', '', '{}', "
     "CAST('{\"delivery\":9000000}' AS BLOB))",
     "was never sent"},
    {"UPDATE payload SET body = CAST(replace(CAST(body AS TEXT), '62000', '62001') AS BLOB) WHERE event = 9",
     "was never sent"},
    {"INSERT INTO run SELECT 900000, recipe, version, customer, key, state, rev, lease_epoch, at_step, due_ms, "
     "trigger_event, "
     "trigger_item, started_ms, ended_ms, reason, NULL FROM run WHERE id = 9",
     "has two runs"},
    {"UPDATE run SET state = 14 WHERE id = 9", "is not as it ended"},
    {"UPDATE run SET state = 2 WHERE id = 9", "should be in state"},
    {"UPDATE step SET key = 'another' WHERE run = 9", "under a key that is not its step's"},
    {"UPDATE step SET state = 0 WHERE run = 9", "a step that is not over"},
    {"INSERT INTO step SELECT 900000, run, step, 2, state, attempt, key, connection, operation, decision, "
     "reaches_customer, inputs, "
     "continuation, exchange, output, error_code, error_text, opened_ms, closed_ms FROM step WHERE run = 9",
     "has 2 steps"},
    {"DELETE FROM run WHERE id = 9", "has no run"},
};

void plant(const std::string& from, const std::string& to, const char* sql) {
  std::filesystem::copy_file(from, to, std::filesystem::copy_options::overwrite_existing);
  sqlite3* database = nullptr;
  BOOST_REQUIRE(sqlite3_open(to.c_str(), &database) == SQLITE_OK);
  char* message = nullptr;
  BOOST_REQUIRE_MESSAGE(sqlite3_exec(database, sql, nullptr, nullptr, &message) == SQLITE_OK, message);
  sqlite3_close(database);
}

void expect_that_the_checker_sees(const KillFloor& floor) {
  const std::string copy = floor.files.file("copy.db");
  const auto faults = [&](const History& history, const std::string& store) {
    return joined(history.all_faults(store, floor.senders.sent()));
  };
  for (const Planted& planted : kPlanted) {
    plant(floor.store(), copy, planted.sql);
    BOOST_TEST(faults(floor.history, copy).find(planted.found) != std::string::npos, planted.sql);
  }
  const auto after = [&](const Call& call) {
    History told = floor.history;
    told.add({call});
    return faults(told, floor.store());
  };
  constexpr long long kCalled = 9;  // neither refused nor lost
  const Call last = floor.history.last_call(kCalled);
  BOOST_TEST(after(last).find("was called again although") != std::string::npos);
  Call other = last;
  other.life += 1;
  BOOST_TEST(after(other) == "");  // after a kill it may
  other.key = "another";
  BOOST_TEST(after(other).find("under two keys") != std::string::npos);
  other = last;
  other.delivery = kCalled + 1;
  BOOST_TEST(after(other).find("carries") != std::string::npos);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(kill_loop)

BOOST_AUTO_TEST_CASE(ING_01_killed_under_64_connections_each_accepted_event_is_there_once_and_its_run_ended_once) {
  KillFloor kill(1);
  SeededRandom random(20'261'122);
  for (int round = 0; round < counts::kKillRounds.now(); ++round) {
    BOOST_TEST_CONTEXT("round " << round) {
      kill.senders.send_until_accepted(1 + static_cast<int>(random.next() % kAcceptedMost));
      kill.floor.hub().kill_now();
      kill.note_end();
      BOOST_REQUIRE_MESSAGE(kill.start(), kill.floor.hub().printed());
      const std::string faults = kill.faults_now();
      BOOST_REQUIRE_MESSAGE(faults.empty(), faults);
    }
  }
  kill.senders.send_the_rest();
  BOOST_TEST(kill.faults_now() == "");
  BOOST_TEST(joined(kill.senders.surprises()) == "");
  BOOST_TEST(joined(kill.history.all_faults(kill.store(), kill.senders.sent())) == "");
  BOOST_TEST(kill.history.settled() == kill.senders.sent().size());
  BOOST_TEST_MESSAGE(kill.senders.sent().size() << " deliveries");
  kill.senders.hang_up();
  kill.floor.hub().end();
  expect_that_the_checker_sees(kill);
}

BOOST_AUTO_TEST_SUITE_END()
