// Timers that race: with a person who cancels, with a clock that somebody sets, with a process that is thought dead.
#include <boost/test/unit_test.hpp>
#include <string>

#include "simulator/arena.hpp"
#include "support/counts.hpp"

using namespace ieum;
using namespace ieum::sim;
using store::RunState;

namespace {

std::string several(int items) {
  std::string body = R"({"uid":"u","several":[)";
  for (int i = 0; i < items; ++i) body += (i > 0 ? "," : "") + words(R"({"uid":"u)", i, R"(","n":)", i, "}");
  return body + "]}";
}

const std::string kWaits = R"(recipe: r
title: 시험
trigger: {event: alpha/note}
steps:
  - wait: 1m
  - {id: s, use: alpha.post, connection: a1, with: {text: hello}}
)";

void expect_no_problems(const Arena& arena) {
  for (const auto& problem : arena.trace.problems()) BOOST_ERROR(problem);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(races)

// The cancellation comes anywhere between the moment at which the timer fires and the vendor's answer.
BOOST_AUTO_TEST_CASE(TIM_07_a_cancellation_and_a_timer_that_fires_have_one_winner) {
  constexpr int kTogether = 8;
  Arena arena(7);
  arena.apply(kWaits);
  int cancelled = 0, finished = 0;
  for (int round = 0; round * kTogether < test::counts::kCancelRaces.now(); ++round) {
    const Id before = arena.ledger.runs().empty() ? 0 : arena.ledger.runs().rbegin()->first;
    arena.deliver("note", several(kTogether));
    const Millis due = arena.timeline.world() + kMinute;
    // Up to the moment at which it is due, and a random way on.
    while (arena.timeline.happen(due - 1, false)) arena.settle();
    for (auto left = arena.dice.below(60); left > 0; --left)
      if (!arena.process->step()) arena.timeline.happen(due + kSecond, false);
    std::vector<std::pair<Id, std::int64_t>> runs;
    for (auto at = arena.ledger.runs().upper_bound(before); at != arena.ledger.runs().end(); ++at)
      runs.emplace_back(at->first, 0);
    BOOST_REQUIRE(runs.size() == static_cast<std::size_t>(kTogether));
    runtime::RunDeed deed;
    deed.kind = runtime::RunDeed::Kind::cancel;
    const auto answers = arena.hub().repair_runs(runs, deed);
    arena.run_until(due + kMinute);
    for (std::size_t i = 0; i < runs.size(); ++i) {
      const Id run = runs[i].first;
      const auto state = arena.ledger.runs().at(run).state;
      BOOST_TEST_CONTEXT("round " << round << ", run " << run) {
        BOOST_TEST((state == (answers[i].has_value() ? RunState::cancelled : RunState::finished)));
        const int times = arena.times_done[run];
        BOOST_TEST(times <= 1);
        if (state == RunState::finished) BOOST_TEST(times == 1);
      }
      (state == RunState::cancelled ? cancelled : finished)++;
    }
  }
  expect_no_problems(arena);
  BOOST_TEST(cancelled > finished / 20);
  BOOST_TEST(finished > cancelled / 20);
}

// The hub's clock is set while timers are due: forwards, backwards, over them and back again.
BOOST_AUTO_TEST_CASE(TIM_08_a_clock_that_is_set_at_the_moment_of_a_timer_fires_it_once) {
  for (std::uint64_t seed = 1; seed <= 40; ++seed) {
    Arena arena(seed);
    arena.vendors.at_once = true;
    arena.apply(kWaits);
    arena.deliver("note", several(5));
    const Millis due = arena.timeline.world() + kMinute;
    arena.run_until(due - arena.dice.below(5));
    for (auto steps = arena.dice.between(1, 4); steps > 0; --steps) {
      arena.timeline.step_clock(arena.dice.of<Millis>({-kHour, -kMinute, -1, 1, kMinute, kHour, kDay}));
      for (auto left = arena.dice.below(25); left > 0; --left)
        if (!arena.process->step()) arena.timeline.happen(arena.timeline.world() + kSecond, false);
      if (arena.dice.once_in(3)) {
        arena.crash();
        arena.start();
      }
    }
    arena.run_until(arena.timeline.world() + 5 * kHour);
    BOOST_TEST_CONTEXT("seed " << seed) {
      for (const auto& [id, run] : arena.ledger.runs()) {
        BOOST_TEST((run.state == RunState::finished));
        BOOST_TEST(arena.times_done[id] == 1);
      }
      expect_no_problems(arena);
    }
  }
}

// A process is thought dead while units of its are on the way; another has taken over and gone on. What the first then writes about
// runs and steps changes no row.
BOOST_AUTO_TEST_CASE(TIM_08_what_a_process_that_was_thought_dead_still_writes_changes_nothing) {
  int written = 0;
  for (std::uint64_t seed = 1; seed <= 60; ++seed) {
    Arena arena(seed);
    arena.apply(kWaits);
    arena.deliver("note", several(5));
    const Millis due = arena.timeline.world() + kMinute;
    arena.run_until(due - 1);
    arena.timeline.happen(due, false);
    std::vector<store::Unit> late;
    for (auto left = arena.dice.between(1, 40); left > 0; --left) {
      if (!arena.process->step()) arena.timeline.happen(arena.timeline.world() + kSecond, false);
      late = arena.process->store().waiting();
      if (!late.empty() && arena.dice.once_in(4)) break;
    }
    arena.crash();
    arena.start();
    arena.run_until(arena.timeline.world() + kHour);
    const auto runs = arena.ledger.runs();
    for (auto& unit : late) {
      ++written;
      const auto outcome = arena.process->store().submit_and_wait(store::Queue::work, std::move(unit));
      BOOST_TEST((outcome.kind == store::UnitOutcome::Kind::stale));
    }
    BOOST_TEST_CONTEXT("seed " << seed) {
      for (const auto& [id, run] : runs) {
        const auto row = arena.process->reader().run(id);
        BOOST_REQUIRE((row.has_value() && *row));
        BOOST_TEST((*row)->rev == run.rev);
        BOOST_TEST(((*row)->state == RunState::finished));
        BOOST_TEST(arena.times_done[id] == 1);
      }
      expect_no_problems(arena);
    }
  }
  BOOST_TEST(written > 20);
}

BOOST_AUTO_TEST_SUITE_END()
