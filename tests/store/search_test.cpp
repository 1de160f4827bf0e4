// A run is found by what people know of it: parts of Korean words, marked fields, its cause of failure, its time.
#include "store/fixture.hpp"
#include "store/search_grams.hpp"

using namespace ieum;
using namespace ieum::store;
using namespace ieum::store::test;

namespace {

std::vector<Id> ids(const RunPage& page) {
  std::vector<Id> found;
  for (const auto& row : page.rows) found.push_back(row.id);
  return found;
}

RunFilter text(std::vector<std::string> texts) {
  RunFilter filter;
  filter.texts = std::move(texts);
  return filter;
}

using Ids = std::vector<Id>;

}  // namespace

BOOST_AUTO_TEST_SUITE(store_search)

BOOST_AUTO_TEST_CASE(a_word_is_found_by_any_piece_of_it) {
  BOOST_TEST(search_match("문") != "");
  BOOST_TEST(search_match(" ,.! ") == "");
  BOOST_TEST(search_fold("Ｏrder ABC É") == "order abc é");
  // Written in parts (jamo), as files from some systems are.
  BOOST_TEST(search_fold("\u1112\u1161\u11ab\u1100\u1173\u11af") == "한글");
  BOOST_TEST(search_grams("주문") == search_grams("주문 주문!"));
}

BOOST_AUTO_TEST_CASE(runs_are_found_by_text_and_by_marked_fields) {
  for (const Mode mode : kModes) {
    Opened hub(mode);
    hub.must({start(1), start(2), start(3), start(4)});
    hub.must({index_run(1, "장바구니가 기다려요\nminji@example.com", {{"order", "1042"}, {"name", "민지"}}, false),
              index_run(2, "주문번호 1042\n김민지", {{"order", "1042"}}, false),
              index_run(3, "주 문 그리고 1042번길", {{"order", "7"}}, true)});
    const auto found = [&](const RunFilter& filter) { return ids(got(hub.reader->runs(filter))); };
    BOOST_TEST(found(text({"주문"})) == (Ids{2}));
    BOOST_TEST(found(text({"문"})) == (Ids{3, 2}));
    BOOST_TEST(found(text({"민지"})) == (Ids{2}));
    BOOST_TEST(found(text({"장바구니가"})) == (Ids{1}));
    BOOST_TEST(found(text({"바구"})) == (Ids{1}));
    BOOST_TEST(found(text({"1042"})) == (Ids{3, 2}));
    BOOST_TEST(found(text({"1042", "김민지"})) == (Ids{2}));
    BOOST_TEST(found(text({"MINJI@example"})) == (Ids{1}));
    BOOST_TEST(found(text({"minji example"})).empty());  // all letters, and not next to each other
    RunFilter field;
    field.fields = {{"order", "1042"}};
    BOOST_TEST(found(field) == (Ids{2, 1}));
    field.fields.emplace_back("name", "민지");
    BOOST_TEST(found(field) == (Ids{1}));
    field.limit = 1;
    field.fields.pop_back();
    const auto page = got(hub.reader->runs(field));
    BOOST_TEST(ids(page) == (Ids{2}));
    BOOST_TEST(page.next == 2);

    // Indexed anew: the old text and the old fields find it no more.
    hub.must({index_run(1, "배송 완료", {{"order", "2000"}}, false)});
    BOOST_TEST(found(text({"장바구니"})).empty());
    BOOST_TEST(found(text({"배송"})) == (Ids{1}));
    BOOST_TEST(found(field) == (Ids{2}));
  }
}

BOOST_AUTO_TEST_CASE(what_was_indexed_while_it_lived_is_told_when_it_has_ended) {
  Opened hub(Mode::thread);
  hub.must({start(1), start(2)});
  hub.must({IndexRun{{1, "a", {}, true}}, IndexRun{{2, "b", {}, true}}});
  BOOST_TEST(got(hub.reader->ended_since_indexed(0, 10)).empty());
  hub.must({move(2, 1, RunState::finished)});
  BOOST_TEST(got(hub.reader->ended_since_indexed(0, 10)) == (Ids{2}));
  hub.must({IndexRun{{2, "b", {}, false}}});
  BOOST_TEST(got(hub.reader->ended_since_indexed(0, 10)).empty());
}

BOOST_AUTO_TEST_CASE(runs_are_found_by_the_time_they_started) {
  Opened hub(Mode::thread);
  for (Id id = 1; id <= 40; ++id) {
    auto run = start(id);
    run.run.started_ms = kNoon + (id / 2) * kMinute;  // two at each instant
    hub.must({run});
  }
  RunFilter filter;
  filter.from_ms = kNoon + 5 * kMinute;
  filter.until_ms = kNoon + 7 * kMinute;
  BOOST_TEST(ids(got(hub.reader->runs(filter))) == (Ids{13, 12, 11, 10}));
  filter.from_ms = kNoon + kDay;
  filter.until_ms.reset();
  BOOST_TEST(got(hub.reader->runs(filter)).rows.empty());
}

BOOST_AUTO_TEST_CASE(failures_of_one_cause_are_one_problem_that_is_opened_resolved_and_reopened) {
  for (const Mode mode : kModes) {
    Opened hub(mode);
    const auto fail = [&](Id run) {
      auto begin = start(run);
      begin.run.at_step = "s";
      hub.must({begin, open_step(run, run)});
      auto step = close_step(run, StepState::failed);
      step.error_code = "vendor_refused";
      step.error_text = "the vendor said no to run " + std::to_string(run);
      auto end = move(run, 1, RunState::failed);
      end.at_step = open_step(run, run).step.step;
      end.reason = "vendor_refused: no";
      end.ended_ms = kNoon + run;
      hub.must({step, end});
    };
    fail(1);
    fail(2);
    auto open = got(hub.reader->problems(false, 0, 0, 10));
    BOOST_REQUIRE(open.size() == 1u);
    BOOST_TEST(open[0].code == "vendor_refused");
    BOOST_TEST(open[0].seen == 2);
    BOOST_TEST(open[0].last_run == 2);
    BOOST_TEST(open[0].message == "the vendor said no to run 2");
    BOOST_TEST(open[0].last_ms == kNoon + 2);
    RunFilter filter;
    filter.problem = open[0].id;
    BOOST_TEST(ids(got(hub.reader->runs(filter))) == (Ids{2, 1}));

    hub.must({MoveProblem{open[0].id, true, "민지", kNoon + 9}});
    BOOST_TEST((hub.put({MoveProblem{open[0].id, true, "other", kNoon}}).kind == UnitOutcome::Kind::stale));
    BOOST_TEST(got(hub.reader->problems(false, 0, 0, 10)).empty());
    BOOST_TEST(got(hub.reader->problems(true, 0, 0, 10)).at(0).resolved_by == "민지");
    fail(3);
    open = got(hub.reader->problems(false, 0, 0, 10));
    BOOST_REQUIRE(open.size() == 1u);
    BOOST_TEST(open[0].seen == 3);
    BOOST_TEST(open[0].since_open == 1);
    BOOST_TEST(open[0].reopened == 1);

    // One that fails before anything is sent: its step is written behind its end, in the same unit.
    auto begin = start(4);
    begin.run.at_step = open_step(4, 4).step.step;
    begin.run.state = RunState::failed;
    begin.run.ended_ms = kNoon;
    begin.run.reason = "vendor_refused: no";
    auto step = open_step(4, 4);
    step.step.state = StepState::failed;
    hub.must({begin, step});
    open = got(hub.reader->problems(false, 0, 0, 10));
    BOOST_REQUIRE(open.size() == 1u);
    BOOST_TEST(open[0].seen == 4);
  }
}

BOOST_AUTO_TEST_CASE(RET_07_of_two_people_who_replay_a_run_at_once_one_is_told_so) {
  Opened hub(Mode::thread);
  hub.must({start(1)});
  hub.must({start(2), AddReplay{{2, 1, 1, "a", kNoon}}});
  BOOST_TEST((hub.put({start(3), AddReplay{{3, 1, 1, "b", kNoon}}}).kind == UnitOutcome::Kind::stale));
  BOOST_TEST(!got(hub.reader->run(3)).has_value());
  hub.must({start(3), AddReplay{{3, 1, 2, "b", kNoon}}});
  BOOST_TEST(got(hub.reader->replays(1)).size() == 2u);
  BOOST_TEST(got(hub.reader->replay_of(3))->made_by == "b");
}

BOOST_AUTO_TEST_CASE(a_failed_run_can_be_taken_up_again_and_a_finished_one_cannot) {
  Opened hub(Mode::thread);
  hub.must({start(1), start(2)});
  hub.must({move(1, 1, RunState::failed), move(2, 1, RunState::finished)});
  auto again = move(1, 2, RunState::acting);
  BOOST_TEST((hub.put({again}).kind == UnitOutcome::Kind::stale));
  again.reopens = true;
  hub.must({again});
  BOOST_TEST(got(hub.reader->totals()).runs_failed == 0);
  auto finished = move(2, 2, RunState::acting);
  finished.reopens = true;
  BOOST_TEST((hub.put({finished}).kind == UnitOutcome::Kind::stale));
}

BOOST_AUTO_TEST_CASE(what_goes_through_is_counted_by_the_minute) {
  Opened hub(Mode::thread);
  hub.must({accept(1, "", kNoon + 10), start(1), open_step(1, 1)});
  auto end = move(1, 1, RunState::failed);
  end.ended_ms = kNoon + kMinute + 5;
  hub.must({end});
  const auto minutes = got(hub.reader->minutes(kNoon - kHour, kNoon + kHour));
  std::int64_t events = 0, started = 0, failed = 0, steps = 0;
  for (const auto& minute : minutes) {
    events += minute.events;
    started += minute.started;
    failed += minute.failed;
    steps += minute.steps;
  }
  BOOST_TEST(events == 1);
  BOOST_TEST(started == 1);
  BOOST_TEST(steps == 1);
  BOOST_TEST(failed == 1);
  BOOST_TEST(minutes.back().at_ms == kNoon + kMinute);
}

BOOST_AUTO_TEST_SUITE_END()
