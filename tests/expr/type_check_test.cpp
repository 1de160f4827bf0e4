// The gradual type pass: unknown fields want a conversion in arithmetic and order, and nowhere else.
#include "expr/type_check.hpp"
#include "expr/support.hpp"

using namespace ieum;
using namespace ieum::expr;
using namespace ieum::expr::test;

namespace {

StaticType known(const std::vector<std::string>& path) {
  if (path == std::vector<std::string>{"event", "count"}) return StaticType::integer;
  if (path == std::vector<std::string>{"event", "name"}) return StaticType::string;
  if (path == std::vector<std::string>{"event", "at"}) return StaticType::timestamp;
  return StaticType::any;
}

TypeReport check(std::string_view source) {
  const Result<Expression> expression = Expression::parse(source);
  BOOST_REQUIRE_MESSAGE(expression, source << ": " << expression.error().text());
  return check_types(*expression, known);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(type_check)

BOOST_AUTO_TEST_CASE(an_unknown_field_needs_a_conversion_in_arithmetic_and_order) {
  for (const char* source : {"event.total > 5", "5 <= event.total", "event.total + 1", "event.total * event.rate",
                             "event.items.exists(i, i.qty > 1)", "(event.total | or(0)) > 5", "'a' + event.code",
                             "event.a < event.b", "event['total'] > 1"}) {
    const TypeReport report = check(source);
    BOOST_REQUIRE_MESSAGE(report.findings.size() == 1, source << ": " << report.findings.size());
    BOOST_TEST(report.findings[0].code == "needs_conversion", source);
  }
  const TypeReport report = check("event.count > 1 && event.total >= 50000");
  BOOST_REQUIRE(report.findings.size() == 1u);
  BOOST_TEST(report.findings[0].what == "event.total may be of any type, and '>=' must know which");
  BOOST_TEST(report.findings[0].mend == "dec(event.total)");
  BOOST_TEST(check("event.a < event.b").findings[0].mend ==
             "dec(event.a) for a number, string(event.a) for text, timestamp(event.a) for a time");
  BOOST_TEST(report.findings[0].place == "1:32");
  BOOST_TEST(check("'주문 ' + event.code").findings[0].mend == "string(event.code)");
}

BOOST_AUTO_TEST_CASE(what_is_known_or_converted_is_fine) {
  for (const char* source : {"dec(event.total) >= 50000", "dec(event.total) * 0.9", "(dec(event.total) | or(0)) > 5",
                             "event.count + 1 > 2", "event.name + '님'", "event.total == 5", "event.code in ['a', 'b']",
                             "event.flag && !event.other", "event.at + duration('1h') < timestamp(event.until)",
                             "event.at - event.at > duration('1d')", "size(event.items) > 2", "event.items.size() >= 1",
                             "event.items.exists(i, int(i.qty) > 1)", "event.x ? 1 : 2", "event.name | or('고객')",
                             "event.count + dec('1.5')", "cel.bind(n, event.count, n + 1) > 0", "event.list.map(x, x)"})
    BOOST_TEST(check(source).findings.empty(),
               source << ": " << (check(source).findings.empty() ? "" : check(source).findings[0].text()));
}

BOOST_AUTO_TEST_CASE(what_can_only_fail_is_found) {
  for (const char* source : {"event.name > 5", "event.name + 1", "event.count + 1.5", "event.count % dec('2')",
                             "event.at > 5", "!event.name", "event.count && true", "event.count ? 1 : 2",
                             "event.list.filter(x, 'y')", "event.at + event.at"}) {
    const TypeReport report = check(source);
    BOOST_REQUIRE_MESSAGE(report.findings.size() == 1, source << ": " << report.findings.size());
    BOOST_TEST(report.findings[0].code == "no_such_overload", source);
  }
}

BOOST_AUTO_TEST_CASE(the_type_of_the_whole) {
  BOOST_TEST((check("event.count > 1").type == StaticType::boolean));
  BOOST_TEST((check("dec(event.x) | or(0)").type == StaticType::number));
  BOOST_TEST((check("event.x ? 'a' : 'b'").type == StaticType::string));
  BOOST_TEST((check("event.x ? 'a' : 1").type == StaticType::any));
  BOOST_TEST((check("event.?x").type == StaticType::optional));
  BOOST_TEST((check("format_money(event.total, 'KRW')").type == StaticType::string));
}

BOOST_AUTO_TEST_SUITE_END()
