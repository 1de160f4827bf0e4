// A store that lost nearly all of its runs is small again, however many there were.
#include <sqlite3.h>

#include <boost/test/unit_test.hpp>
#include <filesystem>

#include "base/json.hpp"
#include "runtime/test_hub.hpp"
#include "support/counts.hpp"

using namespace ieum;
using namespace ieum::test;
using store::RunState;

namespace {

const std::string kOneStep =
    "recipe: r\ntitle: 시험\ntrigger: {event: acme/note}\nsteps:\n"
    "  - {id: send, use: acme.put, connection: shop, with: {text: \"{{ trigger.text }}\"}}\n";

// What a finished run of one call leaves, written as the hub does but for the number of commits.
void add_runs(TestHub& hub, std::int64_t count, Millis from, Millis apart) {
  const auto recipe = hub.reader->recipes()->front();
  const auto connection = hub.reader->connections()->front();
  store::Unit unit;
  for (std::int64_t n = 0; n < count; ++n) {
    const Millis at = from + n * apart;
    const Id event = hub.store->next_id(store::IdSpace::event), id = hub.store->next_id(store::IdSpace::run);
    const std::string number = std::to_string(id);
    store::AcceptItem item;
    item.event = {event, connection.id, "note", at, store::EventState::fresh, ""};
    item.payload = {"POST", "/hooks/shop", "{}",
                    "{\"text\":\"order " + number + "\",\"email\":\"p" + number + "@example.com\",\"note\":\"" +
                        std::string(1'400, static_cast<char>('a' + n % 26)) + "\"}"};
    store::StartRun start;
    start.run.id = id;
    start.run.recipe = recipe.id;
    start.run.version = recipe.current_version;
    start.run.lease_epoch = hub.store->epoch();
    start.run.at_step = "0";
    start.run.trigger_event = event;
    start.run.started_ms = at;
    store::OpenStep open;
    open.step.id = hub.store->next_id(store::IdSpace::step);
    open.step.run = id;
    open.step.step = "send";
    open.step.key = "0123456789abcdef0123456789abcdef";
    open.step.connection = connection.id;
    open.step.operation = "acme.put";
    open.step.inputs = "{\"text\":\"order " + number + "\"}";
    open.step.opened_ms = at;
    store::MoveStep close;
    close.step = open.step.id;
    close.to = store::StepState::done;
    close.attempt = 1;
    close.exchange = R"([{"at_ms":1,"request":{"method":"POST","url":"https://acme.example/messages","body":")" +
                     std::string(200, 'q') + R"("},"answer":{"status":200,"body":"{\"ok\":true}"}}])";
    close.output = R"({"ok":true})";
    close.closed_ms = at + 3;
    store::MoveRun end;
    end.run = id;
    end.expected_rev = 1;
    end.expected_epoch = end.lease_epoch = hub.store->epoch();
    end.state = RunState::finished;
    end.at_step = "1";
    end.ended_ms = at + 3;
    unit.writes.emplace_back(std::move(item));
    unit.writes.emplace_back(store::SettleEvent{event, store::EventState::fresh, store::EventState::routed, ""});
    unit.writes.emplace_back(std::move(start));
    unit.writes.emplace_back(std::move(open));
    unit.writes.emplace_back(std::move(close));
    unit.writes.emplace_back(std::move(end));
    if (n % 100 != 99 && n != count - 1) continue;
    const auto put = hub.store->submit_and_wait(store::Queue::work, std::exchange(unit, {}));
    BOOST_REQUIRE_MESSAGE(put.kind == store::UnitOutcome::Kind::committed, (put.error ? put.error->text() : "stale"));
  }
}

// The size of the same rows in a file that never held others.
std::int64_t live_bytes(const std::string& path) {
  const std::string copy = path + ".live";
  sqlite3* database = nullptr;
  BOOST_REQUIRE(sqlite3_open_v2(path.c_str(), &database, SQLITE_OPEN_READWRITE, nullptr) == SQLITE_OK);
  const std::string sql = "VACUUM INTO '" + copy + "'";
  BOOST_REQUIRE_MESSAGE(sqlite3_exec(database, sql.c_str(), nullptr, nullptr, nullptr) == SQLITE_OK,
                        sqlite3_errmsg(database));
  sqlite3_close(database);
  const auto bytes = static_cast<std::int64_t>(std::filesystem::file_size(copy));
  std::filesystem::remove(copy);
  return bytes;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(retention)

BOOST_AUTO_TEST_CASE(STO_06_a_store_that_lost_95_percent_of_its_runs_is_at_most_twice_its_live_data) {
  const std::int64_t runs = counts::kPrunedRuns.now();
  TestHub hub;
  hub.apply(kOneStep);
  add_runs(hub, runs / 100 * 95, kMonday - 200 * kDay, kDay * 90 / runs);
  add_runs(hub, runs / 100 * 5, kMonday - kDay, kMinute * 60 / runs);
  // The next start indexes them.
  hub.crash();
  hub.start();
  BOOST_TEST(*hub.hub->search_behind(*hub.reader) == 0);
  const auto full = hub.reader->pages()->all;
  hub.clock.set(kMonday + kHour);
  hub.engine->post([&] { hub.hub->tick(); });
  hub.settle();
  BOOST_TEST(hub.reader->totals()->runs_finished == runs / 100 * 5);
  BOOST_TEST(hub.reader->pages()->all < full / 5);
  // A day on, it goes on working.
  hub.clock.set(kMonday + kDay);
  BOOST_TEST(hub.deliver("note", R"({"text":"a"})").status == 200);
  const auto path = hub.store_path();
  hub.stop();
  const auto bytes = static_cast<std::int64_t>(std::filesystem::file_size(path));
  const auto live = live_bytes(path);
  BOOST_TEST_MESSAGE("file " << bytes << ", live " << live);
  BOOST_TEST(bytes <= 2 * live);
}

BOOST_AUTO_TEST_SUITE_END()
