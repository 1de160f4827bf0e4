// The disk: what there is room for, how long it lasts, what stops when there is none and goes on when there is; and what
// retention takes away.
#include <sqlite3.h>

#include <boost/test/unit_test.hpp>

#include "base/json.hpp"
#include "runtime/disk_marks.hpp"
#include "runtime/retention.hpp"
#include "runtime/test_hub.hpp"
#include "store/crash_vfs.hpp"
#include "support/counts.hpp"

using namespace ieum;
using namespace ieum::runtime;
using namespace ieum::test;
using store::RunState;
using store::Space;
using store::test::CrashVfs;
using store::test::Operation;

namespace {

constexpr std::int64_t kDisk = 100 * kGB;

Space free_of(std::int64_t free_bytes, std::int64_t log_bytes = 0) { return {kMB, log_bytes, free_bytes, kDisk}; }

void look(TestHub& hub) {
  hub.engine->post([&] { hub.hub->tick(); });
  hub.settle();
}

std::string room(const TestHub& hub) { return hub.hub->disk().text("room"); }

const std::string kTwoSteps =
    "recipe: r\ntitle: 시험\ntrigger: {event: acme/note}\nsteps:\n"
    "  - {id: send, use: acme.put, connection: shop, with: {text: \"{{ trigger.text }}\"}}\n"
    "  - wait: 1h\n"
    "  - {id: after, use: acme.put, connection: shop, with: {text: after}}\n";
const std::string kOneStep =
    "recipe: r\ntitle: 시험\ntrigger: {event: acme/note}\nsteps:\n"
    "  - {id: send, use: acme.put, connection: shop, with: {text: \"{{ trigger.text }}\"}}\n";

void keep(TestHub& hub, const Keeping& keeping) {
  const auto put = hub.store->submit_and_wait(store::Queue::work, store::Unit{{Retention::written(keeping)}});
  BOOST_REQUIRE(!put.error);
}

std::int64_t used(TestHub& hub) { return hub.reader->pages()->used_bytes(); }

}  // namespace

BOOST_AUTO_TEST_SUITE(disk)

BOOST_AUTO_TEST_CASE(marks_are_a_share_of_the_disk_within_bounds_and_are_left_a_tenth_above) {
  const DiskMarks marks;
  BOOST_TEST(marks.low.of(kGB) == 512 * kMB);
  BOOST_TEST(marks.low.of(kDisk) == kDisk / 100 * 5);
  BOOST_TEST(marks.low.of(4'000 * kGB) == 20 * kGB);
  BOOST_TEST(marks.full.of(kGB) == 64 * kMB);
  BOOST_TEST(marks.full.of(4'000 * kGB) == 2 * kGB);
  const auto below_low = marks.low.of(kDisk), below_full = marks.full.of(kDisk);
  for (const auto& [before, free, now] : std::initializer_list<std::tuple<Room, std::int64_t, Room>>{
           {Room::enough, below_low, Room::enough},
           {Room::enough, below_low - 1, Room::low},
           {Room::low, below_low, Room::low},
           {Room::low, below_low + below_low / 10, Room::enough},
           {Room::low, below_full, Room::low},
           {Room::low, below_full - 1, Room::full},
           {Room::enough, 0, Room::full},
           {Room::full, below_full, Room::full},
           {Room::full, below_full + below_full / 10, Room::low},
           {Room::full, kDisk / 2, Room::enough},
           {Room::enough, -1, Room::enough},
           {Room::full, -1, Room::enough}})
    BOOST_TEST(name_of(room_of(before, free_of(free), marks)) == name_of(now), "free " << free);
  // A log that somebody keeps from being emptied.
  BOOST_TEST(name_of(room_of(Room::enough, free_of(kDisk / 2, kGB + 1), marks)) == "full");
  BOOST_TEST(name_of(room_of(Room::full, free_of(kDisk / 2, kGB), marks)) == "full");
  BOOST_TEST(name_of(room_of(Room::full, free_of(kDisk / 2, kGB / 2), marks)) == "enough");
}

BOOST_AUTO_TEST_CASE(a_size_is_read_as_people_write_it) {
  for (const auto& [text, bytes] : std::initializer_list<std::pair<const char*, std::int64_t>>{
           {"0", 0}, {"17", 17}, {"2GB", 2 * kGB}, {"512 MB", 512 * kMB}, {"1gb", kGB}, {"3TB", 3'000 * kGB}})
    BOOST_TEST(*parse_bytes(text) == bytes);
  for (const auto* text : {"", "GB", "-1", "1.5GB", "2 apples", "99999999999TB", "5%"})
    BOOST_TEST(parse_bytes(text).has_error(), text);
  BOOST_TEST(parse_disk_mark("5%")->of(1000) == 50);
  BOOST_TEST(parse_disk_mark("2GB")->of(kDisk) == 2 * kGB);
  for (const auto* text : {"%", "5%%", "91%", "x%"}) BOOST_TEST(parse_disk_mark(text).has_error(), text);
}

BOOST_AUTO_TEST_CASE(the_forecast_goes_by_the_last_day_and_says_nothing_of_too_short_a_past) {
  DiskHistory history;
  const auto told = [&](Millis at, std::int64_t bytes, std::int64_t left) {
    return forecast(history.samples(), {at, bytes}, left);
  };
  BOOST_TEST(!told(kMonday, 0, kGB).bytes_per_day.has_value());
  history.add({kMonday, 0});
  BOOST_TEST(!told(kMonday + kMinute, kMB, kGB).bytes_per_day.has_value());
  // A rush of three days, then 24 MB a day.
  for (int hour = 1; hour <= 72; ++hour) history.add({kMonday + hour * kHour, hour * kGB});
  for (int hour = 1; hour <= 48; ++hour) history.add({kMonday + (72 + hour) * kHour, 72 * kGB + hour * kMB});
  const Millis now = kMonday + 120 * kHour;
  const auto lasts = told(now, 72 * kGB + 48 * kMB, 240 * kMB);
  BOOST_TEST(lasts.bytes_per_day.value_or(0) == 24 * kMB);
  BOOST_TEST(lasts.full_ms.value_or(0) == now + 10 * kDay);
  const auto shrinks = told(now, kGB, kGB);
  BOOST_TEST(shrinks.bytes_per_day.value_or(0) < 0);
  BOOST_TEST(!shrinks.full_ms.has_value());
  // Written and read again it is the same, and it stays short.
  DiskHistory again;
  again.read(history.written());
  BOOST_TEST(again.written() == history.written());
  for (int minute = 0; minute < 60 * 24 * 60; ++minute) again.add({now + minute * kMinute, minute});
  BOOST_TEST(again.samples().size() <= 100u);
  BOOST_TEST(again.samples().front().at_ms >= again.samples().back().at_ms - 7 * kDay);
  again.read("{");
  BOOST_TEST(again.samples().empty());
}

BOOST_AUTO_TEST_CASE(STO_04_below_the_mark_senders_are_asked_to_come_again_and_what_runs_goes_on) {
  TestHub hub;
  hub.apply(kTwoSteps);
  hub.space = free_of(kDisk / 2);
  look(hub);
  BOOST_TEST(hub.deliver("note", R"({"text":"a"})", "1").status == 200);
  hub.space = free_of(kDisk / 50);
  look(hub);
  BOOST_TEST(room(hub) == "low");
  BOOST_TEST(hub.deliver("note", R"({"text":"b"})", "2").status == 200);
  hub.space = free_of(kDisk / 200);
  look(hub);
  BOOST_TEST(room(hub) == "full");
  const auto refused = hub.deliver("note", R"({"text":"c"})", "3");
  BOOST_TEST(refused.status == 503);
  BOOST_TEST(refused.headers.get("Retry-After").value_or("") == "30");
  const auto sent = hub.hub->send_event("shop", "note", Map{{"text", "d"}});
  BOOST_REQUIRE(sent.has_error());
  BOOST_TEST(sent.error().code == "disk_full");
  // Two runs wait for an hour; they end although nothing new is taken.
  hub.run_until(kMonday + 2 * kHour);
  BOOST_TEST(hub.vendor.messages.size() == 4u);
  for (const auto& run : hub.runs()) BOOST_TEST((run.state == RunState::finished));
  hub.space = free_of(kDisk / 2);
  look(hub);
  BOOST_TEST(room(hub) == "enough");
  BOOST_TEST(hub.deliver("note", R"({"text":"c"})", "3").status == 200);
  BOOST_TEST(hub.runs().size() == 3u);
}

// The disk is full from the n-th write on, for every n: in the middle of an intake, of routing, of a step. Then there is room, and the
// hub goes on by what it put off, without a restart.
BOOST_AUTO_TEST_CASE(STO_04_a_disk_that_fills_up_at_any_write_loses_nothing_and_the_hub_goes_on_by_itself) {
  int touched = 0;
  const int apart = counts::kFullDiskApart.now();
  for (int at = 1;; at += at < 8 ? 1 : apart) {
    BOOST_TEST_CONTEXT("full from write " << at) {
      Setup setup;
      setup.vfs = CrashVfs::kName;
      setup.alarms = true;
      CrashVfs::disarm();
      TestHub hub(std::move(setup));
      hub.apply(kOneStep);
      CrashVfs::arm({Operation::write, at, true, true});
      const auto first = hub.deliver("note", R"({"text":"a"})", "1");
      const auto second = hub.deliver("note", R"({"text":"b"})", "2");
      for (const auto* answer : {&first, &second}) {
        BOOST_TEST((answer->status == 200 || answer->status == 503));
        if (answer->status == 503) BOOST_TEST(answer->headers.get("Retry-After").has_value());
      }
      const bool reached = CrashVfs::seen() >= at;
      for (int second_of = 0; second_of < 3; ++second_of) hub.ring();
      CrashVfs::disarm();
      // Within ten seconds of real time: what is put off for a second at a time.
      for (int second_of = 0; second_of < 9; ++second_of) hub.ring();
      if (first.status != 200) BOOST_TEST(hub.deliver("note", R"({"text":"a"})", "1").status == 200);
      if (second.status != 200) BOOST_TEST(hub.deliver("note", R"({"text":"b"})", "2").status == 200);
      BOOST_TEST(hub.runs().size() == 2u);
      for (const auto& run : hub.runs()) BOOST_TEST((run.state == RunState::finished), run.reason);
      // Keyed calls may be repeated with their key; none is left out.
      std::set<std::string> keys(hub.vendor.keys_seen.begin(), hub.vendor.keys_seen.end());
      BOOST_TEST(keys.size() == 2u);
      if (!reached) break;
      ++touched;
    }
  }
  BOOST_TEST(touched > 10);
}

// Of what is written while somebody reads nothing leaves the log. It grows to its bound, and no further.
BOOST_AUTO_TEST_CASE(the_log_stays_below_its_bound_while_somebody_reads_and_deliveries_are_taken_when_he_is_gone) {
  TestHub hub;
  hub.apply(kOneStep);
  hub.crash();
  hub.disk_marks.log_bytes_max = 80 * kMB;
  hub.start();
  const auto measured = [&] {
    hub.space = store::measure(hub.store_path());
    hub.space.free_bytes = hub.space.total_bytes = kDisk;
    look(hub);
    return hub.space.log_bytes;
  };
  const std::string body = R"({"text":"a","note":")" + std::string(400'000, 'x') + "\"}";
  constexpr std::int64_t kOneMore = 2 * kMB;  // event, inputs and answer of one delivery
  sqlite3* somebody = nullptr;
  BOOST_REQUIRE(sqlite3_open_v2(hub.store_path().c_str(), &somebody, SQLITE_OPEN_READWRITE, nullptr) == SQLITE_OK);
  sqlite3_exec(somebody, "BEGIN; SELECT count(*) FROM event", nullptr, nullptr, nullptr);
  int taken = 0;
  while (taken < 1'000 && hub.deliver("note", body).status == 200) {
    ++taken;
    BOOST_REQUIRE(measured() < 80 * kMB + kOneMore);
  }
  BOOST_TEST(taken > 20);
  BOOST_TEST(taken < 1'000);
  for (int n = 0; n < 20; ++n) BOOST_TEST(hub.deliver("note", body).status == 503);
  BOOST_TEST(measured() < 80 * kMB + kOneMore);
  BOOST_TEST(hub.hub->disk().get("wal_held_since_ms")->if_int() != nullptr);
  sqlite3_close(somebody);
  keep(hub, {});  // any commit
  BOOST_TEST(measured() < 10 * kMB);
  BOOST_TEST(hub.deliver("note", body).status == 200);
}

BOOST_AUTO_TEST_CASE(a_large_store_loses_its_oldest_ended_runs_and_keeps_what_lives_or_failed_lately) {
  TestHub hub;
  hub.apply(kTwoSteps);
  hub.deliver("note", R"({"text":"first of all, and it waits"})");
  const std::string text = R"({"text":"a","note":")" + std::string(8'000, 'x') + "\"}";
  hub.apply(kOneStep);
  hub.vendor.fates = {FakeVendor::Fate::reject_400};
  hub.deliver("note", text);
  for (int n = 0; n < 300; ++n) hub.deliver("note", text);
  BOOST_TEST(hub.runs().size() == 302u);
  const auto before = used(hub);
  hub.clock.set(kMonday + 2 * kMinute);  // not in the first minute of a start
  keep(hub, {90, 30, before / 2});
  look(hub);
  look(hub);
  BOOST_TEST(used(hub) < before / 2);
  BOOST_TEST(used(hub) > before / 4);
  const auto left = hub.runs();
  BOOST_REQUIRE(left.size() > 50u);
  BOOST_TEST((left[0].state == RunState::waiting));
  BOOST_TEST((left[1].state == RunState::failed));
  BOOST_TEST(left.back().id == 302);
  // Between them the oldest went, and none of the newer; their events with them.
  BOOST_TEST(left[2].id == 302 - static_cast<Id>(left.size() - 3));
  BOOST_TEST(hub.events().size() == left.size());
  // Given back, but for a little.
  const auto pages = *hub.reader->pages();
  BOOST_TEST(pages.all * pages.page_bytes <= before / 2);
  // After a week the failed one is no better than the others.
  hub.clock.set(kMonday + 8 * kDay);
  keep(hub, {90, 30, used(hub) / 2});
  look(hub);
  look(hub);
  for (const auto& run : hub.runs()) BOOST_TEST((run.state != RunState::failed));
}

BOOST_AUTO_TEST_CASE(a_store_that_grows_on_is_kept_small_without_waiting_for_its_next_time) {
  TestHub hub;
  hub.apply(kOneStep);
  const std::string text = R"({"text":"a","note":")" + std::string(8'000, 'x') + "\"}";
  for (int n = 0; n < 200; ++n) hub.deliver("note", text);
  const auto limit = used(hub);
  hub.clock.set(kMonday + 2 * kMinute);  // not in the first minute of a start
  keep(hub, {90, 30, limit});
  for (int second = 0; second < 5; ++second) {
    for (int n = 0; n < 100; ++n) hub.deliver("note", text);
    look(hub);
    look(hub);
    BOOST_TEST(used(hub) <= limit);
  }
}

BOOST_AUTO_TEST_CASE(a_disk_with_little_room_hurries_retention) {
  TestHub hub;
  hub.apply(kOneStep);
  for (int n = 0; n < 50; ++n) hub.deliver("note", R"({"text":"a"})");
  keep(hub, {1, 7, 0});
  hub.clock.set(kMonday + 10 * kMinute);
  look(hub);  // its time: nothing is old enough, and the next one is hours away
  BOOST_TEST(hub.runs().size() == 50u);
  hub.clock.set(kMonday + kDay + kHour);
  hub.space = free_of(kDisk / 50);
  look(hub);
  look(hub);
  BOOST_TEST(hub.runs().size() == 0u);
}

BOOST_AUTO_TEST_SUITE_END()
