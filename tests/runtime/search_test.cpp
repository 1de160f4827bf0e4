// A run is found by whom and what it is about as soon as it has begun, and by what became of it when it has ended.
#include <boost/test/unit_test.hpp>

#include "runtime/search_index.hpp"
#include "runtime/test_hub.hpp"
#include "store/damage.hpp"
#include "store/sqlite.hpp"

using namespace ieum;
using namespace ieum::test;
using store::RunState;
using Fate = FakeVendor::Fate;

namespace {

const std::string kRecipe =
    "recipe: r\ntitle: 시험\nabout: {email: 'event.email'}\nsearch: {order: 'event.number'}\ntrigger: {event: "
    "acme/note}\n"
    "steps:\n  - id: nap\n    wait: {days: 1}\n  - id: send\n    use: acme.put\n    connection: shop\n"
    "    with: {text: \"{{ trigger.text }}\"}\n    retry: {for: 0s}\n";

std::vector<Id> found(TestHub& hub, const store::RunFilter& filter) {
  std::vector<Id> ids;
  const auto page = hub.reader->runs(filter);
  for (const auto& row : page->rows) ids.push_back(row.id);
  return ids;
}

std::size_t by_text(TestHub& hub, const std::string& text) {
  store::RunFilter filter;
  filter.texts = {text};
  return found(hub, filter).size();
}

std::size_t by_field(TestHub& hub, const std::string& name, const std::string& value) {
  store::RunFilter filter;
  filter.fields = {{name, value}};
  return found(hub, filter).size();
}

}  // namespace

BOOST_AUTO_TEST_SUITE(search)

BOOST_AUTO_TEST_CASE(a_run_is_found_by_person_order_and_text_while_it_lives_and_by_its_failure_when_it_ended) {
  TestHub hub;
  hub.apply(kRecipe);
  hub.deliver("note", R"({"email":"Minji@Example.com","number":1042,"text":"장바구니가 기다려요"})");
  BOOST_TEST(by_field(hub, "order", "1042") == 1u);
  BOOST_TEST(by_field(hub, "email", "minji@example.com") == 1u);
  BOOST_TEST(by_text(hub, "바구니") == 1u);
  BOOST_TEST(by_text(hub, "없는말") == 0u);
  BOOST_TEST(*hub.hub->search_behind(*hub.reader) == 0);
  BOOST_TEST(hub.hub->search_names().contains("order"));

  hub.vendor.fates = {Fate::reject_400};
  hub.run_until(kMonday + 2 * kDay);
  BOOST_TEST((hub.only_run().state == RunState::failed));
  store::RunFilter failed;
  failed.fields = {{"order", "1042"}};
  failed.state = RunState::failed;
  BOOST_TEST(found(hub, failed).size() == 1u);
  BOOST_TEST(by_text(hub, hub.only_run().reason.substr(0, hub.only_run().reason.find(':'))) == 1u);
}

BOOST_AUTO_TEST_CASE(after_a_crash_the_index_goes_on_where_it_was) {
  TestHub hub;
  hub.apply(kRecipe);
  for (int i = 0; i < 250; ++i)
    hub.deliver("note", "{\"email\":\"a" + std::to_string(i) + "@example.com\",\"number\":" + std::to_string(i) +
                            ",\"text\":\"x\"}");
  hub.crash();
  hub.start();
  BOOST_TEST(by_field(hub, "order", "249") == 1u);
  hub.run_until(kMonday + kDay + kHour);
  BOOST_TEST(*hub.hub->search_behind(*hub.reader) == 0);
  BOOST_TEST(hub.reader->ended_since_indexed(0, 10)->empty());
}

BOOST_AUTO_TEST_CASE(an_event_that_ended_the_process_when_it_was_indexed_is_left_out_and_does_not_end_the_next_one) {
  TestHub hub;
  hub.apply(kRecipe);
  hub.deliver("note", R"({"email":"minji@example.com","number":1042,"text":"기다려요"})");
  BOOST_TEST(by_field(hub, "order", "1042") == 1u);
  hub.crash();
  {
    auto database = store::Database::open(hub.store_path(), "", store::Database::Role::writer);
    BOOST_REQUIRE(store::clear_search(**database).has_value());
  }
  hub.crash_cause = "connector acme, phase webhook, event 1, for the search index: signal 11";
  hub.start();
  BOOST_TEST(by_field(hub, "order", "1042") == 0u);
  BOOST_TEST(by_field(hub, "email", "minji@example.com") == 1u);
  hub.crash_cause.clear();
}

// Each start reads them in one slice: were only the last one left out, two would end the hub by turns for ever.
BOOST_AUTO_TEST_CASE(all_events_that_ended_the_process_when_they_were_indexed_stay_left_out) {
  TestHub hub;
  hub.apply(kRecipe);
  for (const char* number : {"1", "2", "3"})
    hub.deliver("note",
                R"({"email":"a)" + std::string(number) + R"(@example.com","text":"x","number":)" + number + "}");
  const auto clear = [&] {
    hub.crash();
    auto database = store::Database::open(hub.store_path(), "", store::Database::Role::writer);
    BOOST_REQUIRE(store::clear_search(**database).has_value());
  };
  for (const char* event : {"1", "2"}) {
    clear();
    hub.crash_cause =
        "connector acme, phase webhook, event " + std::string(event) + ", for the search index: signal 11";
    hub.start();
  }
  clear();
  hub.crash_cause.clear();  // an end of another kind forgets neither
  hub.start();
  BOOST_TEST(by_field(hub, "order", "1") == 0u);
  BOOST_TEST(by_field(hub, "order", "2") == 0u);
  BOOST_TEST(by_field(hub, "order", "3") == 1u);
}

BOOST_AUTO_TEST_SUITE_END()
