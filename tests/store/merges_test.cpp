// Two customers who are one: all that was the one's is the other's, and finds back.
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include "store/fixture.hpp"

using namespace ieum;
using namespace ieum::store;
using namespace ieum::store::test;
using Kind = UnitOutcome::Kind;
namespace data = boost::unit_test::data;

namespace {

std::int64_t rev_of(const Opened& hub, Id customer) { return got(hub.reader->customer(customer))->rev; }

std::vector<Write> both(const Opened& hub, Id one, Id other, Write last) {
  return {TouchCustomer{one, rev_of(hub, one)}, TouchCustomer{other, rev_of(hub, other)}, std::move(last)};
}

void merge(const Opened& hub, Id id, Id survivor, Id loser) {
  hub.must(both(hub, survivor, loser, MergeCustomers{{id, survivor, loser, kNoon, 1, "email", "{}", {}}}));
}

// A customer with one of everything.
void add_whole(const Opened& hub, Id id) {
  const std::string name = std::to_string(id);
  PutDecision decision{{id, id, id, "a", kNoon, true, "", "sms", "ad"}};
  auto step = open_step(id, id);
  step.step.decision = id;
  step.step.reaches_customer = true;
  hub.must({add_customer(id), AddIdentity{{"user", name, id, kNoon}}, start(id, 1, id, "key " + name), decision, step,
            AddHistory{{id * 10, id, "order_created", kNoon, kNoon, 1, "order " + name, "{}"}},
            AddHistory{{id * 10 + 1, id, "order_created", kNoon, kNoon, 1, "told to all", "{}"}},
            AddConsent{{0, id, "ad", "", "granted", kNoon, kNoon, "form", "{}", 0}},
            AddOptOut{{id, "topic " + name, "", kNoon, "x"}}, AddOptOut{{id, "of all", "", kNoon, "x"}},
            PutAbsence{{id, 2, id, "key " + name, kNoon, 1, 0, kNoon}}});
}

// What a customer has, in a line.
std::string state_of(const Opened& hub, Id id) {
  auto& reader = *hub.reader;
  std::string text;
  for (const auto& row : got(reader.identities(id))) text += "user " + row.value + ", ";
  for (const auto& row : got(reader.live_runs_of(id))) text += row.key + ", ";
  text += std::to_string(got(reader.ads_sent(id, 0, 10)).size()) + " ads, ";
  text += std::to_string(got(reader.history(id, "order_created", 0, kNoon + 1, 10)).size()) + " orders, ";
  text += std::to_string(got(reader.consents(id)).size()) + " words, ";
  for (const auto& row : got(reader.opt_outs(id))) text += row.topic + ", ";
  text += std::to_string(got(reader.absences_of(id)).size()) + " absences";
  if (const Id into = got(reader.customer(id))->merged_into; into != 0) text += ", is " + std::to_string(into);
  return text;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(store_merges)

BOOST_DATA_TEST_CASE(all_that_was_theirs_moves_and_comes_back, data::make(kModes), mode) {
  Opened hub(mode);
  for (const Id id : {3, 4, 5}) add_whole(hub, id);
  const std::string three = state_of(hub, 3), four = state_of(hub, 4), five = state_of(hub, 5);
  BOOST_TEST(three == "user 3, key 3, 1 ads, 2 orders, 1 words, of all, topic 3, 1 absences");
  merge(hub, 1, 4, 5);
  // What both have of one name stays with each: an order counts once, and a refusal holds.
  BOOST_TEST(state_of(hub, 5) == "0 ads, 1 orders, 0 words, of all, 0 absences, is 4");
  const std::string four_and_five =
      "user 4, user 5, key 4, key 5, 2 ads, 3 orders, 2 words, of all, topic 4, topic 5, 2 absences";
  BOOST_TEST(state_of(hub, 4) == four_and_five);
  BOOST_TEST(got(hub.reader->run(5))->rev == 2);  // who decided on it decides again
  merge(hub, 2, 3, 4);
  BOOST_TEST(state_of(hub, 3) ==
             "user 3, user 4, user 5, key 3, key 4, key 5, 3 ads, 4 orders, 3 words, of all, topic 3, "
             "topic 4, topic 5, 3 absences");
  hub.must({AddIdentity{{"user", "9", 3, kNoon}}});  // while they are one
  // The last merge first.
  BOOST_TEST((hub.put(both(hub, 4, 5, SplitCustomers{1, 4, 5, kNoon})).kind == Kind::stale));
  hub.must(both(hub, 3, 4, SplitCustomers{2, 3, 4, kNoon}));
  BOOST_TEST(state_of(hub, 3) == "user 3, user 9, key 3, 1 ads, 2 orders, 1 words, of all, topic 3, 1 absences");
  BOOST_TEST(state_of(hub, 4) == four_and_five);
  hub.must(both(hub, 4, 5, SplitCustomers{1, 4, 5, kNoon}));
  BOOST_TEST(state_of(hub, 4) == four);
  BOOST_TEST(state_of(hub, 5) == five);
  BOOST_TEST((hub.put(both(hub, 4, 5, SplitCustomers{1, 4, 5, kNoon})).kind == Kind::stale));  // once
  BOOST_TEST(got(hub.reader->were_split(5, 4)));
  BOOST_TEST(!got(hub.reader->were_split(5, 3)));
  BOOST_TEST(got(hub.reader->merges_into(4)).front().undone_ms.has_value());
  // And one again, in another order.
  merge(hub, 3, 5, 4);
  hub.must(both(hub, 5, 4, SplitCustomers{3, 5, 4, kNoon}));
  BOOST_TEST(state_of(hub, 4) == four);
  BOOST_TEST(state_of(hub, 5) == five);
}

BOOST_DATA_TEST_CASE(words_that_the_merge_alone_said_go_with_it, data::make(kModes), mode) {
  Opened hub(mode);
  hub.must({add_customer(3), add_customer(4)});
  hub.must({TouchCustomer{3, 1}, TouchCustomer{4, 1},
            AddConsent{{0, 3, "ad", "", "refused", kNoon, kNoon, "merge:7", "{}", 1}},
            AddConsent{{0, 3, "ad", "", "refused", kNoon, kNoon, "merge:77", "{}", 1}},
            MergeCustomers{{7, 3, 4, kNoon, 1, "email", "{}", {}}}});
  hub.must(both(hub, 3, 4, SplitCustomers{7, 3, 4, kNoon}));
  const auto left = got(hub.reader->consents(3));
  BOOST_REQUIRE(left.size() == 1u);
  BOOST_TEST(left[0].source == "merge:77");
}

BOOST_DATA_TEST_CASE(who_was_decided_on_meanwhile_is_not_merged, data::make(kModes), mode) {
  Opened hub(mode);
  hub.must({add_customer(3), add_customer(4)});
  auto unit = both(hub, 3, 4, MergeCustomers{{1, 3, 4, kNoon, 1, "email", "{}", {}}});
  hub.must({TouchCustomer{4, 1}});
  BOOST_TEST((hub.put(unit).kind == Kind::stale));
  BOOST_TEST(got(hub.reader->merges_into(3)).empty());
}

BOOST_AUTO_TEST_SUITE_END()
