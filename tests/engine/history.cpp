// What a recipe's questions over a customer's past events answer.
#include "engine/history.hpp"

#include "engine/walking.hpp"

using namespace ieum;
using namespace ieum::engine;
using namespace ieum::engine_test;

namespace {

const Millis kNow = at("2026-04-08T00:00:00Z");

recipe::HistoryQuery query(const std::string& lines) {
  return read(
             "recipe: r\nabout: {email: event.email}\ntrigger: {event: a}\nsteps: [{stop: x}]\nhistory: [{name: q, "
             "event: "
             "order_created, " +
             lines + "}]")
      .history.at(0);
}

std::string answer(const std::string& lines, std::vector<PastEvent> past, const char* trigger = "{}") {
  std::reverse(past.begin(), past.end());  // written oldest first
  return write_json(history_answer(query(lines), past, value(trigger), nullptr));
}

}  // namespace

BOOST_AUTO_TEST_SUITE(engine_history)

BOOST_AUTO_TEST_CASE(counts_adds_up_and_tells_values_apart) {
  const std::vector<PastEvent> past = {{kNow - 3000, value(R"({"total":"400000","product_id":"8001","type":"의류"})")},
                                       {kNow - 2000, value(R"({"total":250000.5,"product_id":"8002","type":"가방"})")},
                                       {kNow - 1000, value(R"({"product_id":"8001","type":"의류"})")}};
  BOOST_TEST(answer("within: 7d", past) ==
             R"({"count":3,"first":"2026-04-07T23:59:57Z","last":"2026-04-07T23:59:59Z","history_capped":false})");
  BOOST_TEST(answer("where: 'event.type == \"가방\"'", past) ==
             R"({"count":1,"first":"2026-04-07T23:59:58Z","last":"2026-04-07T23:59:58Z","history_capped":false})");
  // What has no number adds nothing, and what has no value is no other one.
  BOOST_TEST(answer("sum: event.total, distinct: event.product_id", past).find(R"("sum":650000.5,"distinct":2)") !=
             std::string::npos);
  BOOST_TEST(answer("distinct: event.total", past).find(R"("distinct":2)") != std::string::npos);
  BOOST_TEST(answer("sum: event.total", {}) ==
             R"({"count":0,"first":null,"last":null,"history_capped":false,"sum":0})");
}

BOOST_AUTO_TEST_CASE(joins_by_what_the_trigger_has) {
  const std::vector<PastEvent> past = {{1, value(R"({"product_id":"8001"})")},
                                       {2, value(R"({"product_id":8001})")},
                                       {3, value(R"({"product_id":"8002"})")},
                                       {4, value("{}")}};
  const char* match = "match: {event.product_id: trigger.product_id}";
  BOOST_TEST(answer(match, past, R"({"product_id":"8001"})").starts_with(R"({"count":2,)"));
  BOOST_TEST(answer(match, past, R"({"product_id":"9"})").starts_with(R"({"count":0,)"));
  BOOST_TEST(answer(match, past).starts_with(R"({"count":0,)"));  // a trigger without it meets nothing
  BOOST_TEST(answer("where: 'event.product_id == trigger.product_id'", past, R"({"product_id":"8002"})")
                 .starts_with(R"({"count":1,)"));
  BOOST_TEST(answer("where: 'event.product_id'", past).starts_with(R"({"count":0,)"));
}

BOOST_AUTO_TEST_CASE(a_window_is_half_open) {
  BOOST_TEST(history_from(query("within: 7d"), 5, kNow) == kNow - 7 * kDay + 1);
  BOOST_TEST(history_from(query("since: entry"), 5, kNow) == 6);
  BOOST_TEST(history_from(query("where: 'true'"), 5, kNow) == 0);
}

BOOST_AUTO_TEST_CASE(beyond_ten_thousand_the_answer_says_so) {
  const std::vector<PastEvent> all(kHistoryMax, PastEvent{7, value("{}")});
  auto more = all;
  more.push_back({1, value("{}")});
  const auto query_of_all = query("where: 'true'");
  const Value whole = history_answer(query_of_all, all, Map{}, nullptr),
              part = history_answer(query_of_all, more, Map{}, nullptr);
  BOOST_TEST(whole.number("count") == kHistoryMax);
  BOOST_TEST(!*whole.get("history_capped")->if_bool());
  BOOST_TEST(part.number("count") == kHistoryMax);
  BOOST_TEST(*part.get("history_capped")->if_bool());
}

BOOST_AUTO_TEST_SUITE_END()
