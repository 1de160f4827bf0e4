// Declared polls: where a round begins and ends, what is told and what is not, for each kind of cursor.
#include "host/connector.hpp"
#include "host/module_connector.hpp"
#include "support.hpp"

using namespace ieum;
using namespace ieum::host;

namespace {

constexpr Millis kNow = 1'772'409'600'000;  // 2026-03-02T00:00:00Z

std::string poll_of(const std::string& lines) {
  return host_test::acme(
      "base: https://api.acme.example\n"
      "events: {added: {samples: {a: {}}}, changed: {samples: {a: {}}}}\n"
      "polls:\n"
      "  rows:\n"
      "    title: {ko: 가, en: P}\n"
      "    help: {ko: 가, en: P}\n"
      "    events: [added, changed]\n" +
      lines);
}

const char* const kTime =
    "    request: {path: \"/f/{{ inputs.item }}\", query: {after: \"{{ since }}\", page: \"{{ page }}\"}}\n"
    "    items: body.rows\n"
    "    more: body.next\n"
    "    key: item.id\n"
    "    event: \"{{ item.new ? 'added' : 'changed' }}\"\n"
    "    data: \"{'id': item.id, 'in': inputs.item}\"\n"
    "    cursor: {kind: time, at: item.at, overlap: 2m}\n";

struct Polled {
  explicit Polled(const std::string& lines, Value config = Map())
      : connector(declarative_connector(host_test::manifest(poll_of(lines)), nullptr)), config_(std::move(config)) {}

  Call call(Millis now_ms) const {
    Call out;
    out.phase = Phase::poll;
    out.operation = "rows";
    out.inputs = Map{{"item", "a/b"}};
    out.connection = config_;
    out.state = cursor;
    out.now_ms = now_ms;
    return out;
  }

  Effect ask(Millis now_ms) const { return connector->step(call(now_ms)); }
  std::string target(Millis now_ms) const {
    const Effect effect = ask(now_ms);
    const auto* http = std::get_if<HttpEffect>(&effect);
    BOOST_REQUIRE(http != nullptr);
    BOOST_TEST((http->safety == Safety::safe));
    return http->request.target.substr(std::string("https://api.acme.example").size());
  }

  Effect answered(Millis now_ms, int status, std::string_view body) {
    const Effect effect = ask(now_ms);
    const auto* http = std::get_if<HttpEffect>(&effect);
    BOOST_REQUIRE(http != nullptr);
    Call next = call(now_ms);
    next.phase = Phase::resume;
    next.state = http->state;
    next.outcome = Map{{"status", status}, {"headers", Value(Map())}};
    next.body = body;
    return connector->step(next);
  }

  // Takes the page, and the cursor with it; its items as JSON.
  std::string page(Millis now_ms, std::string_view body) {
    const Effect effect = answered(now_ms, 200, body);
    const auto* fail = std::get_if<FailEffect>(&effect);
    const auto* events = std::get_if<EventsEffect>(&effect);
    BOOST_REQUIRE_MESSAGE(events != nullptr, (fail == nullptr ? "" : fail->message));
    return take(*events);
  }

  std::string take(const EventsEffect& events) {
    cursor = events.cursor;
    more = events.more;
    List out;
    for (const auto& item : events.items) out.push_back(List{item.name, item.key, item.data});
    return write_json(Value(std::move(out)));
  }

  std::unique_ptr<Connector> connector;
  Value cursor;
  bool more = false;

 private:
  Value config_;
};

}  // namespace

BOOST_AUTO_TEST_SUITE(declared_polls)

BOOST_AUTO_TEST_CASE(the_first_poll_of_a_time_asks_and_tells_nothing) {
  Polled poll(kTime);
  const Effect first = poll.ask(kNow);
  const auto* events = std::get_if<EventsEffect>(&first);
  BOOST_REQUIRE(events != nullptr);
  BOOST_TEST(poll.take(*events) == "[]");
  BOOST_TEST(!poll.more);
  // Never before the first poll, also not by the overlap.
  BOOST_TEST(poll.target(kNow + kMinute) == "/f/a%2Fb?after=2026-03-02T00%3A00%3A00Z");
}

BOOST_AUTO_TEST_CASE(a_time_moves_with_the_newest_item_and_looks_back) {
  Polled poll(kTime);
  const Effect first = poll.ask(kNow);
  poll.take(std::get<EventsEffect>(first));
  BOOST_TEST(
      poll.page(
          kNow + kHour,
          R"({"rows":[{"id":1,"new":true,"at":"2026-03-02T00:30:00Z"},{"id":2,"new":false,"at":"2026-03-02T00:20:00Z"}]})") ==
      R"([["added","1",{"id":1,"in":"a/b"}],["changed","2",{"id":2,"in":"a/b"}]])");
  BOOST_TEST(poll.target(kNow + kHour) == "/f/a%2Fb?after=2026-03-02T00%3A28%3A00Z");
  // Nothing new: it stays. Something older that came late: it does not go back.
  BOOST_TEST(poll.page(kNow + 2 * kHour, R"({"rows":[]})") == "[]");
  poll.page(kNow + 2 * kHour, R"({"rows":[{"id":3,"at":"2026-03-02T00:01:00Z"},{"id":4,"at":"no time"}]})");
  BOOST_TEST(poll.target(kNow + 2 * kHour) == "/f/a%2Fb?after=2026-03-02T00%3A28%3A00Z");
}

BOOST_AUTO_TEST_CASE(pages_are_taken_one_by_one_and_the_round_ends_with_the_last) {
  Polled poll(kTime);
  const Effect first = poll.ask(kNow);
  poll.take(std::get<EventsEffect>(first));
  poll.page(kNow + kHour, R"({"rows":[{"id":1,"at":"2026-03-02T00:40:00Z"}],"next":"p2"})");
  BOOST_TEST(poll.more);
  BOOST_TEST(poll.target(kNow + kHour) == "/f/a%2Fb?after=2026-03-02T00%3A00%3A00Z&page=p2");
  // A page that fails leaves the cursor; the same page is asked for again.
  const Effect failed = poll.answered(kNow + kHour, 500, "");
  BOOST_TEST(std::holds_alternative<FailEffect>(failed));
  BOOST_TEST(poll.target(kNow + kHour + kMinute) == "/f/a%2Fb?after=2026-03-02T00%3A00%3A00Z&page=p2");
  // A token of an hour ago may have died: the round begins again.
  BOOST_TEST(poll.target(kNow + 2 * kHour) == "/f/a%2Fb?after=2026-03-02T00%3A00%3A00Z");
  poll.page(kNow + kHour, R"({"rows":[{"id":2,"at":"2026-03-02T00:10:00Z"}],"next":""})");
  BOOST_TEST(!poll.more);
  BOOST_TEST(poll.target(kNow + kHour) == "/f/a%2Fb?after=2026-03-02T00%3A38%3A00Z");
  // The same page token again is no page.
  poll.page(kNow + kHour, R"({"rows":[],"next":"p9"})");
  poll.page(kNow + kHour, R"({"rows":[],"next":"p9"})");
  BOOST_TEST(!poll.more);
}

BOOST_AUTO_TEST_CASE(a_time_without_at_is_the_time_of_the_poll) {
  Polled poll(
      "    request: {path: /x, query: {after: \"{{ since }}\"}}\n    items: body\n    cursor: {kind: time, overlap: "
      "1m}\n");
  const Effect first = poll.ask(kNow);
  poll.take(std::get<EventsEffect>(first));
  BOOST_TEST(poll.page(kNow + kHour, R"([{"b":1,"a":2},7])").find(R"(["added","7",7])") != std::string::npos);
  BOOST_TEST(poll.target(kNow + kHour) == "/x?after=2026-03-02T00%3A59%3A00Z");
}

BOOST_AUTO_TEST_CASE(what_is_told_again_has_the_same_key) {
  const std::string lines =
      "    request: {path: /x}\n    items: body\n    key: \"[item.id, item.fields]\"\n    cursor: {kind: time}\n";
  Polled poll(lines);
  const Effect first = poll.ask(kNow);
  poll.take(std::get<EventsEffect>(first));
  const Effect one = poll.answered(
      kNow, 200,
      R"([{"id":1,"fields":{"a":1,"b":2}},{"id":1,"fields":{"b":2,"a":1},"x":0},{"id":1,"fields":{"a":2}}])");
  const auto& items = std::get<EventsEffect>(one).items;
  BOOST_TEST(items[0].key == items[1].key);
  BOOST_TEST(items[0].key != items[2].key);
  BOOST_TEST(items[0].key.size() == 64u);
}

BOOST_AUTO_TEST_CASE(an_id_grows_and_the_first_poll_takes_note_of_it) {
  Polled poll(
      "    request: {path: /x, query: {after: \"{{ since }}\", page: \"{{ page }}\"}}\n    items: body.rows\n    more: "
      "body.more\n    key: item.id\n    cursor: {kind: id, at: item.id}\n");
  BOOST_TEST(poll.target(kNow) == "/x");
  BOOST_TEST(poll.page(kNow, R"({"rows":[{"id":"9"},{"id":"10"}],"more":true})") == "[]");
  BOOST_TEST(poll.target(kNow) == "/x?page=2");
  BOOST_TEST(poll.page(kNow, R"({"rows":[{"id":"8"}],"more":false})") == "[]");
  BOOST_TEST(poll.target(kNow) == "/x?after=10");
  BOOST_TEST(poll.page(kNow, R"({"rows":[{"id":"11"}]})") == R"([["added","11",{"id":"11"}]])");
  BOOST_TEST(poll.target(kNow) == "/x?after=11");
}

BOOST_AUTO_TEST_CASE(a_token_is_the_vendors_to_give) {
  Polled poll(
      "    request: {path: /x, query: {cursor: \"{{ since }}\"}}\n    items: body.rows\n    more: body.more\n    key: "
      "item\n    cursor: {kind: token, next: body.cursor}\n");
  BOOST_TEST(poll.target(kNow) == "/x");
  BOOST_TEST(poll.page(kNow, R"({"rows":[1],"cursor":5,"more":true})") == "[]");
  BOOST_TEST(poll.more);
  BOOST_TEST(poll.target(kNow) == "/x?cursor=5");
  BOOST_TEST(poll.page(kNow, R"({"rows":[2],"cursor":6,"more":false})") == "[]");
  BOOST_TEST(poll.page(kNow, R"({"rows":[3],"cursor":7,"more":false})") == R"([["added","3",3]])");
  // A vendor that says "more" and gives no new token is not asked for ever.
  BOOST_TEST(poll.page(kNow, R"({"rows":[4],"cursor":7,"more":true})") == R"([["added","4",4]])");
  BOOST_TEST(!poll.more);
}

BOOST_AUTO_TEST_CASE(a_connection_may_begin_at_the_beginning) {
  Polled poll(kTime, Map{{"backfill", true}});
  BOOST_TEST(poll.target(kNow) == "/f/a%2Fb?after=1970-01-01T00%3A00%3A00Z");
  BOOST_TEST(poll.page(kNow, R"({"rows":[{"id":1,"new":true,"at":"2020-01-01T00:00:00Z"}]})") ==
             R"([["added","1",{"id":1,"in":"a/b"}]])");
  BOOST_TEST(poll.target(kNow) == "/f/a%2Fb?after=2019-12-31T23%3A58%3A00Z");
}

BOOST_AUTO_TEST_CASE(damaged_answers_move_nothing) {
  Polled poll(kTime);
  const Effect first = poll.ask(kNow);
  poll.take(std::get<EventsEffect>(first));
  const Value before = poll.cursor;
  std::string many = "{\"rows\":[0";
  for (int i = 0; i < 10'001; ++i) many += ",0";
  for (const std::string& body :
       {std::string("<html>"), std::string("{\"rows\":"), std::string(R"({"rows":7})"), many + "]}"}) {
    const Effect effect = poll.answered(kNow + kHour, 200, body);
    BOOST_TEST(std::holds_alternative<FailEffect>(effect), body.substr(0, 40));
  }
  BOOST_TEST(std::get<FailEffect>(poll.answered(kNow, 429, "")).code == "http_429");
  // A cursor of another version, or somebody's damage.
  for (const char* cursor :
       {R"({"since":"x","pages":-4,"page":{},"page_at":"y","start":[]})", R"({"since":99999999999999999})"}) {
    poll.cursor = host_test::json(cursor);
    poll.page(kNow, R"({"rows":[]})");
  }
}

BOOST_AUTO_TEST_SUITE_END()
