// `ieum eval` as people and suites use it: one expression, many from a pipe, the place of an error, the batch format.
#include <boost/test/unit_test.hpp>

#include "end_to_end/process.hpp"

using namespace ieum::test;

BOOST_AUTO_TEST_SUITE(eval_command)

BOOST_AUTO_TEST_CASE(one_expression_prints_json_and_an_error_points_at_its_place) {
  TempDirectory files;
  write_file(files.file("vars.json"), R"({"trigger": {"id": 12345678901234567890, "total": 62000.0, "name": "민지"}})");
  const auto eval = [&](const std::string& source, const std::vector<std::string>& more = {}) {
    std::vector<std::string> words = {binary(), "eval", "--vars", files.file("vars.json"), source};
    words.insert(words.end(), more.begin(), more.end());
    return run(words);
  };
  BOOST_TEST(eval("[trigger.id, trigger.total]").out == "[\n  12345678901234567890,\n  62000.0\n]\n");
  BOOST_TEST(eval("trigger.total", {"--typed"}).out == "{\"decimal\":\"62000.0\"}\n");
  BOOST_TEST(eval("josa(trigger.name, '은/는')").out == "\"민지는\"\n");
  const Finished wrong = eval("'한글' + trigger.nobody");
  BOOST_TEST(wrong.code == 1);
  BOOST_TEST(wrong.out.empty());
  // Hangul takes two cells: the caret stands under the name.
  BOOST_TEST(wrong.err.find("  '한글' + trigger.nobody\n                   ^\n") != std::string::npos, wrong.err);
  const Finished second_line = eval("1 +\n nope(2)");
  BOOST_TEST(second_line.err.find("2:  nope(2)\n      ^\n") != std::string::npos, second_line.err);
  BOOST_TEST(run({binary(), "eval", "1", "--batch", "x"}).code == 2);
  write_file(files.file("list.json"), "[1]");
  BOOST_TEST(run({binary(), "eval", "1", "--vars", files.file("list.json")}).err.find("no JSON object") !=
             std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_pipe_is_answered_line_by_line) {
  const Finished good = run({binary(), "eval"}, "1 + 2\n\n'a' + 'b'\n");
  BOOST_TEST(good.code == 0);
  BOOST_TEST(good.out == "3\n\"ab\"\n");
  const Finished mixed = run({binary(), "eval"}, "1 +\n2\n:help\n:quit\n3\n");
  BOOST_TEST(mixed.code == 1);
  BOOST_TEST(mixed.out.starts_with("2\nOne expression a line"));
  BOOST_TEST(mixed.err.find('^') != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_batch_is_plain_cel_one_answer_a_line) {
  const Finished batch = run({binary(), "eval", "--batch", "-"},
                             "{\"expr\":\"x + 1\",\"bindings\":{\"x\":{\"int\":\"2\"}}}\n"
                             "{\"expr\":\"y\",\"bindings\":{\"a.y\":{\"uint\":\"7\"}},\"container\":\"a.b\"}\n"
                             "{\"expr\":\"1 / 0\"}\n{\"expr\":\"dec('1')\"}\nnonsense\n"
                             "{\"expr\":\"{1: [b'a', duration('1.5s')]}\"}\n");
  BOOST_TEST(batch.code == 0);
  std::vector<std::string> lines;
  for (std::size_t at = 0; at < batch.out.size();) {
    const std::size_t end = batch.out.find('\n', at);
    lines.push_back(batch.out.substr(at, end - at));
    at = end + 1;
  }
  BOOST_REQUIRE_EQUAL(lines.size(), 6u);
  BOOST_TEST(lines[0] == R"({"value":{"int":"3"}})");
  BOOST_TEST(lines[1] == R"({"value":{"uint":"7"}})");
  for (const std::size_t failed : {2, 3, 4}) BOOST_TEST(lines[failed].starts_with("{\"error\":\""), lines[failed]);
  BOOST_TEST(lines[5] ==
             R"({"value":{"map":[[{"int":"1"},{"list":[{"bytes":"YQ=="},{"duration":["1","500000000"]}]}]]}})");
}

BOOST_AUTO_TEST_SUITE_END()
