// What an author reads when an expression is wrong: code, sentence, mend and place.
#include "expr/support.hpp"

using namespace ieum;
using namespace ieum::expr;
using namespace ieum::expr::test;

namespace {

struct Wrong {
  const char* source;
  const char* place;
  const char* what;
  const char* mend;
};

}  // namespace

BOOST_AUTO_TEST_SUITE(errors)

BOOST_AUTO_TEST_CASE(a_broken_expression_says_where_and_what) {
  const Wrong cases[] = {
      {"", "1:1", "the expression ends where a value was expected", ""},
      {"1 +", "1:4", "the expression ends where a value was expected", ""},
      {"event.total >= ", "1:16", "the expression ends where a value was expected", ""},
      {"a = 1", "1:3", "a single '=' means nothing here; equality is '=='", ""},
      {"a & b", "1:3", "a single '&' means nothing here; 'and' is '&&'", ""},
      {"'고객' + '끝", "1:8", "this string has no end", ""},
      {"'고객'\n  + )", "2:5", "')' stands where a value was expected", ""},
      {"f(1", "1:4", "the expression ends where ',' or ')' was expected", ""},
      {"[1, 2", "1:6", "the expression ends where ',' or ']' was expected", ""},
      {"{'a' 1}", "1:6", "'1' stands where ':' between key and value was expected", ""},
      {"a b", "1:3", "'b' stands where the end of the expression was expected", ""},
      {"for", "1:1", "'for' is a reserved word and cannot be a name", ""},
      {"a.in", "1:3", "'in' is a reserved word", "write ['in']"},
      {"1 ? 2", "1:6", "the expression ends where ':' of 'condition ? yes : no' was expected", ""},
      {"9223372036854775808", "1:1", "the number 9223372036854775808 does not fit into 64 bits",
       "write it as dec('9223372036854775808')"},
      {"12abc", "1:1", "'12abc' is no number", ""},
      {"'\\q'", "1:2", "there is no escape \\q; a backslash itself is \\\\", ""},
      {"'\\ud800'", "1:2", "this escape is no Unicode character", ""},
      {"sise(x)", "1:1", "there is no function sise", "did you mean size?"},
      {"x.lowerAsci()", "1:3", "there is no function lowerAsci", "did you mean lowerAscii?"},
      {"x.dec()", "1:3", "dec is a function and not a method", "write dec(x) or x | dec"},
      {"trim(x)", "1:1", "trim is a method", "write x.trim(...)"},
      {"dec()", "1:1", "dec takes 1 arguments, not 0", ""},
      {"x.substring()", "1:3", "substring takes 1 to 2 arguments, not 0", ""},
      {"x.map(1, 2)", "1:7", "the variable of a macro must be a plain name", ""},
      {"x.all(y)", "1:3", "the macro all is not written like this", "items.all(item, ...)"},
      {"x.all(a, a, true)", "1:10", "the two variables of a macro need two names", ""},
      {"has(x)", "1:1", "has() takes a member", "has(event.customer), or 'key' in event for a key of a map"},
      {"Point{x: 1}", "1:6", "messages of named types are not part of this language", "write a map: {'name': value}"},
      {"x | 5", "1:5", "'5' stands where the name of a function after '|' was expected", ""},
      {"or(x)", "1:1", "or takes one default: x | or('text')", ""},
      {"$x", "1:1", "'$' means nothing here", ""},
      {"event.고객명 == 1", "1:7", "'고객명' is no name; plain names are ASCII letters, digits and _",
       "event['이름'] for a member, '이름' for text"},
      {"event.x == “고객”", "1:12", "text stands in straight quotes", "'text' or \"text\""},
      {"\xff", "1:1", "the expression is not valid UTF-8", ""},
  };
  for (const Wrong& wrong : cases) {
    const Result<Expression> result = Expression::parse(wrong.source);
    BOOST_REQUIRE_MESSAGE(!result, wrong.source);
    BOOST_TEST(result.error().code == "bad_expression");
    BOOST_TEST(result.error().place == wrong.place, wrong.source << " at " << result.error().place);
    BOOST_TEST(result.error().what == wrong.what, wrong.source << ": " << result.error().what);
    BOOST_TEST(result.error().mend == wrong.mend, wrong.source << ": " << result.error().mend);
  }
}

BOOST_AUTO_TEST_CASE(an_evaluation_names_what_it_missed) {
  const Value names = json(R"({"event": {"customer": {"name": "이음"}, "list": [1], "gone": null}})");
  const auto error = [&](const char* source) {
    const Result<Value> result = run(source, names);
    BOOST_REQUIRE_MESSAGE(!result, source);
    return result.error().place + " " + result.error().code + " " + result.error().what;
  };
  BOOST_TEST(error("event.customer.email") == "1:16 no_such_field event.customer has no member 'email'");
  BOOST_TEST(error("event.gone.x") == "1:12 no_such_field event.gone is null, it has no member 'x'");
  BOOST_TEST(error("event.customer.name.first") ==
             "1:21 no_such_overload event.customer.name is no map but string, it has no member 'first'");
  BOOST_TEST(error("event.list[3]") == "1:11 no_such_field there is no event.list[3]");
  BOOST_TEST(error("evnt.x") == "1:1 unknown_name there is no 'evnt' here");
  BOOST_TEST(error("event.list[0] ? 1 : 2") == "1:11 no_such_overload a condition must be true or false, not int");
}

BOOST_AUTO_TEST_CASE(logic_absorbs_failures_but_not_a_spent_budget) {
  BOOST_TEST(show("x.y || true", Value(Map{})) == R"({"bool":true})");
  BOOST_TEST(show("false && x.y", Value(Map{})) == R"({"bool":false})");
  BOOST_TEST(show("x.y || false", Value(Map{})) == "error:unknown_name");
  const Limits small{.fuel = 50};
  BOOST_TEST(show("lists.range(n).all(i, i >= 0) || true", Value(Map{{"n", Value(1000)}}), small) == "error:fuel");
  BOOST_TEST(show("lists.range(n).size() | or(1)", Value(Map{{"n", Value(1000)}}), small) == "error:fuel");
}

BOOST_AUTO_TEST_SUITE_END()
