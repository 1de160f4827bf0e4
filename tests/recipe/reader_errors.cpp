// Every error of the reader, with its line and column (columns in characters, also behind Hangul) and its mend.
#include <boost/test/unit_test.hpp>

#include "base/json.hpp"
#include "recipe/reading.hpp"

using namespace ieum;
using namespace ieum::recipe;
using namespace ieum::recipe_test;

namespace {

struct Wrong {
  std::string text;
  const char* expected;  // brief()
};

void check(const Wrong& c) {
  const ReadOutcome outcome = yaml(c.text);
  BOOST_CHECK_MESSAGE(brief(outcome.findings) == c.expected, c.text << "\nexpected\n"
                                                                    << c.expected << "found\n"
                                                                    << full(outcome.findings));
  BOOST_CHECK(!outcome.recipe);
  for (const Finding& finding : outcome.findings)
    BOOST_CHECK_MESSAGE(!finding.mend.empty(), finding.code << " has no mend");
}

// The one finding of a text, whole.
std::string only(const std::string& text) {
  const ReadOutcome outcome = yaml(text);
  return outcome.findings.size() == 1 ? full(outcome.findings) : "not one finding:\n" + full(outcome.findings);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(recipe_reader_errors)

BOOST_AUTO_TEST_CASE(says_what_to_do) {
  BOOST_CHECK_EQUAL(only(with_head("titel: x\n")),
                    "r.yaml:4:1: error: a recipe has no key \"titel\"; did you mean \"title\"?\n");
  BOOST_CHECK_EQUAL(only(with_steps("- use: slack.message.post\n  conection: x\n")),
                    "r.yaml:5:3: error: a `use` step has no key \"conection\"; did you mean \"connection\"?\n");
  BOOST_CHECK_EQUAL(only(with_steps("- wait: 30\n")),
                    "r.yaml:4:9: error: `wait` is \"30\", which is no duration; add the unit: 30s, 30m, 5h, 7d\n");
  BOOST_CHECK_EQUAL(
      only(with_steps("- parallel: []\n")),
      "r.yaml:4:3: error: `parallel` is not available in this version; steps now are use, wait, wait_for, if, switch, "
      "for_each, repeat, split, set, stop\n");
  BOOST_CHECK_EQUAL(only(with_steps("- if: !has(customer.phone)\n  then: []\n")),
                    "r.yaml:4:7: error: YAML reads this expression as a tag (!has(customer.phone)); "
                    "quote this expression: '!has(customer.phone)'\n");
}

BOOST_AUTO_TEST_CASE(texts_that_no_parser_may_see) {
  const Wrong cases[] = {
      {"", "1:1 empty\n"},
      {"# nothing but a comment\n", "1:1 empty\n"},
      {std::string("\xEF\xBB\xBF") + std::string(kWhole), "1:1 byte_order_mark\n"},
      {std::string("\xFF\xFEr\0", 4), "1:1 byte_order_mark\n"},
      {"recipe: r\n이름: \xC0\xAF\n", "2:5 bad_utf8\n"},
      {"recipe: r\n# \xB0\xA1\n", "2:3 bad_utf8\n"},
      {std::string("recipe: r\ntitle: a\0b\n", 21), "2:9 bad_character\n"},
      {"recipe: r\n제목: a\x07\n", "2:6 bad_character\n"},
      {"recipe: r\ntitle: a\xC2\x85z\n", "2:9 bad_character\n"},
      {"recipe: r\ntitle: a\xE2\x80\xA8z\n", "2:9 bad_character\n"},
      {std::string(1u << 20, '#') + "\n", "1:1 too_big\n"},
  };
  for (const Wrong& c : cases) check(c);
}

BOOST_AUTO_TEST_CASE(yaml_that_is_refused) {
  const Wrong cases[] = {
      {with_head("title: &a x\n"), "4:8 yaml_feature\n"},
      {with_head("제목: *a\n"), "4:1 unknown_key\n4:5 yaml_feature\n"},
      {with_head("title: !!str x\n"), "4:8 yaml_feature\n"},
      {with_head("title: ! x\n"), "4:8 yaml_feature\n"},
      {with_head("tests: &a []\n"), "4:8 yaml_feature\n"},
      {with_head("<<: {title: x}\n"), "4:1 yaml_feature\n"},
      {with_head("title: a\ntitle: b\n"), "5:1 duplicate_key\n"},
      {with_head("title: a\n\"title\": b\n"), "5:1 duplicate_key\n"},
      {with_steps("- set: {a: {가: 1, 가: 2}}\n"), "4:19 duplicate_key\n"},
      {with_head("? [a]\n: x\n"), "4:3 bad_key\n"},
      {with_head(": x\n"), "4:1 bad_yaml\n"},
      {with_head("tests: [{: x}]\n"), "4:10 bad_yaml\n"},
      {with_head("?\n: x\n"), "4:2 bad_key\n"},
      {with_head("? ~\n: x\n"), "4:3 bad_key\n"},
      {"---\n" + with_head("---\nrecipe: b\n"), "5:1 several_documents\n"},
      {"%YAML 1.1\n---\n" + with_head(""), "1:1 yaml_feature\n"},
      {with_head("title: \"a\\0b\"\n"), "4:8 bad_character\n"},
      {with_head("\ttitle: x\n"), "4:1 bad_yaml\n"},
      {with_head("title: 'x\n"), "4:8 bad_yaml\n"},
      {with_head("title: \"\\q\"\n"), "4:8 bad_yaml\n"},
      {with_head(" title: x\n"), "4:2 bad_yaml\n"},
      {with_head("title: a: b\n"), "4:9 bad_yaml\n"},
      {with_head("tests: [a, b\n"), "5:1 bad_yaml\n"},
      {with_head("title: @x\n"), "4:8 bad_yaml\n"},
      {"- a\n", "1:1 wrong_kind\n"},
      {"just text\n", "1:1 wrong_kind\n"},
  };
  for (const Wrong& c : cases) check(c);
}

BOOST_AUTO_TEST_CASE(PAR_06_a_key_that_comes_twice_is_refused_however_it_is_written) {
  check({with_head("title: a\n\"t\\x69tle\": b\n"), "5:1 duplicate_key\n"});
  check({with_steps("- set: {a: {\"b\": 1, 'b': 2}}\n"), "4:21 duplicate_key\n"});
  const std::string head = R"({"recipe": "r", "trigger": {"event": "a"}, "steps": [)";
  for (const char* steps : {R"({"stop": "x", "stop": "y"}]})", R"({"stop": "x", "st\u006fp": "y"}]})",
                            R"({"set": {"a": {"b": 1, "\u0062": 2}}}]})", R"({"stop": "x"}], "recipe": "q"})"})
    BOOST_TEST(!json(head + steps).recipe, steps);
}

BOOST_AUTO_TEST_CASE(aliases_cannot_multiply) {
  std::string text = with_head("tests:\n- &a0 [x, x]\n");
  for (int i = 1; i < 20; ++i)
    text += "- &a" + std::to_string(i) + " [*a" + std::to_string(i - 1) + ", *a" + std::to_string(i - 1) + "]\n";
  const ReadOutcome outcome = yaml(text);
  BOOST_CHECK(!outcome.recipe);
  BOOST_CHECK_EQUAL(outcome.findings.front().place.line, 5);
  BOOST_CHECK_EQUAL(outcome.findings.front().code, "yaml_feature");
}

BOOST_AUTO_TEST_CASE(depth_and_number_of_parts_are_bounded) {
  const auto nested = [](std::size_t depth) {
    return with_steps("- set: {a: " + std::string(depth, '[') + std::string(depth, ']') + "}\n");
  };
  BOOST_CHECK(yaml(nested(28)).recipe);
  check({nested(29), "4:40 too_deep\n"});
  check({nested(100'000), "4:40 too_deep\n"});
  std::string many = "tests: [";
  for (int i = 0; i < 50'000; ++i) many += "a,";
  BOOST_CHECK_EQUAL(yaml(with_head(many + "]\n")).findings.at(0).code, "too_many_nodes");
  std::string holes;
  for (int i = 0; i <= 1000; ++i) holes += "{{ 1 }}";
  check({with_steps("- set: {a: '" + holes + "'}\n"), "4:12 too_many_holes\n"});
}

BOOST_AUTO_TEST_CASE(the_five_shapes_of_unquoted_expressions) {
  const Wrong cases[] = {
      // Cut at " #".
      {with_steps("- if: trigger.tag == \"a #b\"\n  then: []\n"), "4:7 unquoted_expression\n"},
      // Cut at a comma inside braces; the tail is not blamed a second time.
      {with_steps("- {if: size(f(a, b)) > 1, then: []}\n"), "4:8 unquoted_expression\n"},
      {with_head("about: {email: lower(event.a, event.b), phone: event.p}\n"), "4:16 unquoted_expression\n"},
      // A tag.
      {with_steps("- if: !has(trigger.a)\n  then: []\n"), "4:7 unquoted_expression\n"},
      {with_steps("- if: !(a == b)\n  then: []\n"), "4:7 unquoted_expression\n"},
      {with_steps("- if: !a[\"x\"]\n  then: []\n"), "4:7 unquoted_expression\n"},
      {with_head("entry: {key: !event.a}\n"), "4:14 unquoted_expression\n"},
      // A map, or what YAML takes for the beginning of one.
      {with_steps("- if: a ? b : c\n  then: []\n"), "4:7 unquoted_expression\n"},
      {with_steps("- if:\n    a ? b : c\n  then: []\n"), "5:5 unquoted_expression\n"},
      {with_steps("- {if: a ? b : c, then: []}\n"), "4:8 unquoted_expression\n"},
      // Leading characters that mean something.
      {with_steps("- if: [1, 2].exists(x, x == 1)\n  then: []\n"), "4:7 unquoted_expression\n"},
      {with_steps("- if: {'a': 1}.a == 1\n  then: []\n"), "4:7 unquoted_expression\n"},
      {with_steps("- if: {'a': 1}\n  then: []\n"), "4:7 unquoted_expression\n"},
      {with_steps("- if: [true]\n  then: []\n"), "4:7 unquoted_expression\n"},
      {with_steps("- if: *a\n  then: []\n"), "4:7 unquoted_expression\n"},
      {with_steps("- if: &a\n  then: []\n"), "4:7 unquoted_expression\n"},
      {with_steps("- if: \"a\" == trigger.b\n  then: []\n"), "4:7 unquoted_expression\n"},
      {with_steps("- if: 'a' in trigger.b\n  then: []\n"), "4:7 unquoted_expression\n"},
      {with_steps("- if: `a`\n  then: []\n"), "4:7 unquoted_expression\n"},
      {with_steps("- {if: trigger.items[0] == 1, then: []}\n"), "4:8 unquoted_expression\n"},
      {"recipe: r\nsteps: [{stop: x}]\ntrigger:\n  event: a\n  where: event.a == 'x: y'\n",
       "5:10 unquoted_expression\n"},
      {"recipe: r\nsteps: [{stop: x}]\ntrigger: {event: a, where: event.a == 'x', connection: y, }\nabout: {고객: "
       "event.a}\n",
       "4:9 bad_name\n"},
      // Braces, which templates have and expressions have not.
      {with_steps("- if: {{ trigger.a }}\n  then: []\n"), "4:7 unquoted_expression\n"},
      {with_steps("- if: '{{ trigger.a }}'\n  then: []\n"), "4:7 braces_in_expression\n"},
      {with_steps("- use: a.b\n  with: {text: {{ trigger.a }}}\n"), "5:16 unquoted_template\n"},
      {with_steps("- use: a.b\n  with:\n    text: {{ trigger.a }}님\n"), "6:11 unquoted_template\n"},
  };
  for (const Wrong& c : cases) check(c);
}

BOOST_AUTO_TEST_CASE(expressions_point_at_the_character) {
  const Wrong cases[] = {
      {with_steps("- if: 'trigger.a == '\n  then: []\n"), "4:21 bad_expression\n"},
      {with_steps("- if: '가 == 1'\n  then: []\n"), "4:8 bad_expression\n"},
      {with_steps("- if: trigger.a === 1\n  then: []\n"), "4:19 bad_expression\n"},
      {with_steps("- if: '''가'' == ) '\n  then: []\n"), "4:17 bad_expression\n"},
      {with_steps("- if: \"\\\"\\u00e9\\\" == ) \"\n  then: []\n"), "4:22 bad_expression\n"},
      {with_steps("- if: |\n    true &&\n      == 1\n  then: []\n"), "6:7 bad_expression\n"},
      {with_steps("- if: 'true &&\n    == 1'\n  then: []\n"), "5:5 bad_expression\n"},
      {with_steps("- if: ''\n  then: []\n"), "4:7 wrong_kind\n"},
      {with_steps("- if:\n  then: []\n"), "4:6 wrong_kind\n"},
      {with_steps("- use: a.b\n  with: {text: \"안녕 {{ 1 + }}\"}\n"), "5:26 bad_expression\n"},
      {with_steps("- use: a.b\n  with:\n    text: |\n      첫 줄\n      {{ 1 + }}\n"), "8:13 bad_expression\n"},
      {with_steps("- set: {a: '{{ nope( }}'}\n"), "4:21 bad_expression\n"},
  };
  for (const Wrong& c : cases) {
    const ReadOutcome outcome = yaml(c.text);
    BOOST_CHECK_MESSAGE(brief(outcome.findings) == c.expected, c.text << c.expected << full(outcome.findings));
  }
}

BOOST_AUTO_TEST_CASE(keys_and_kinds) {
  const Wrong cases[] = {
      {"title: x\n", "1:1 missing_key\n1:1 missing_key\n1:1 missing_key\n"},
      {"recipe: R\ntrigger: {event: a}\nsteps: [{stop: x}]\n", "1:9 bad_name\n"},
      {"recipe: 장바구니\ntrigger: {event: a}\nsteps: [{stop: x}]\n", "1:9 bad_name\n"},
      {"recipe: r\ntrigger: order_created\nsteps: [{stop: x}]\n", "2:10 wrong_kind\n"},
      {"recipe: r\ntrigger: {event: Order Created}\nsteps: [{stop: x}]\n", "2:18 bad_event\n"},
      {"recipe: r\ntrigger: {event: shopify/}\nsteps: [{stop: x}]\n", "2:18 bad_event\n"},
      {"recipe: r\ntrigger: {where: 'true'}\nsteps: [{stop: x}]\n", "2:10 missing_key\n"},
      {"recipe: r\ntrigger: {event: a, absent: {event: b}}\nsteps: [{stop: x}]\n", "2:29 missing_key\n"},
      {"recipe: r\ntrigger: {schedule: daily}\nsteps: [{stop: x}]\n", "2:21 wrong_kind\n"},
      {"recipe: r\ntrigger: {event: a}\nsteps: []\n", "3:8 no_steps\n"},
      {"recipe: r\ntrigger: {event: a}\nsteps: {stop: x}\n", "3:8 wrong_kind\n"},
      {with_head("title: 2026\n"), "4:8 wrong_kind\n"},
      {with_head("title:\n"), "4:7 wrong_kind\n"},
      {with_head("timezone: Asia/서울\n"), "4:11 bad_zone\n"},
      {with_head("timezone: /etc/passwd\n"), "4:11 bad_zone\n"},
      {with_head("goal: {event: a}\n"), "4:7 missing_key\n"},
      {with_head("digest: 1h\n"), "4:1 not_available\n"},
      {with_head("about: [email]\n"), "4:8 wrong_kind\n"},
      {with_head("about: {E-Mail: event.email}\n"), "4:9 bad_name\n"},
      {with_head("entry: {mode: sometimes}\n"), "4:15 unknown_choice\n"},
      {with_head("entry: {mode: always}\n"), "4:8 missing_key\n"},
      {with_head("entry: {cap: {max: 0, per: 7d}}\n"), "4:20 wrong_kind\n"},
      {with_head("entry: {cap: {max: 1}}\n"), "4:14 missing_key\n"},
      {with_head("entry: {cap: {max: 1, per: 0s}}\n"), "4:28 bad_duration\n"},
      {with_head("entry: {cap: {max: 1, per: 일주일}}\n"), "4:28 bad_duration\n"},
      {with_head("exit_on: {event: a}\n"), "4:10 wrong_kind\n"},
      {with_head("exit_on: [order_created]\n"), "4:11 wrong_kind\n"},
      {with_head("topic: 광고\n"), "4:8 bad_name\n"},
      {with_head("on_doubt: maybe\n"), "4:11 unknown_choice\n"},
      {with_head("tests: {}\n"), "4:8 wrong_kind\n"},
      {with_steps("- use slack\n"), "4:3 wrong_kind\n"},
      {with_steps("- id: x\n"), "4:3 no_verb\n"},
      {with_steps("- usse: slack.message.post\n"), "4:3 unknown_key\n"},
      {with_steps("- use: a.b\n  wait: 3m\n"), "4:3 two_verbs\n"},
      {with_steps("- use: slack\n"), "4:8 bad_operation\n"},
      {with_steps("- use: Slack.post\n"), "4:8 bad_operation\n"},
      {with_steps("- use: a.b\n  class: spam\n"), "5:10 unknown_choice\n"},
      {with_steps("- use: a.b\n  with: text\n"), "5:9 wrong_kind\n"},
      {with_steps("- use: a.b\n  expires: 0s\n"), "5:12 bad_duration\n"},
      {with_steps("- use: a.b\n  retry: 3\n"), "5:10 wrong_kind\n"},
      {with_steps("- use: a.b\n  retry: {max: 3}\n"), "5:11 not_available\n"},
      {with_steps("- use: a.b\n  retry: {first: 10ms}\n"), "5:10 bad_retry\n"},
      {with_steps("- use: a.b\n  retry: {first: 10m, cap: 1m}\n"), "5:10 bad_retry\n"},
      {with_steps("- use: a.b\n  on_error: retry\n"), "5:13 wrong_kind\n"},
      {with_steps("- use: a.b\n  reaches: nobody\n"), "5:12 unknown_choice\n"},
      {with_steps("- use: a.b\n  then: []\n"), "5:3 misplaced_key\n"},
      {with_steps("- wait: 1m\n  retry: {}\n"), "5:3 misplaced_key\n"},
      {with_steps("- wait: soon\n"), "4:9 bad_duration\n"},
      {with_steps("- wait: {}\n"), "4:9 bad_wait\n"},
      {with_steps("- wait: {for: 1m, days: 1}\n"), "4:9 bad_wait\n"},
      {with_steps("- wait: {days: 1, at: 24:00}\n"), "4:23 wrong_kind\n"},
      {with_steps("- wait: {days: 1, at: 9시}\n"), "4:23 wrong_kind\n"},
      {with_steps("- wait: {days: -1}\n"), "4:16 wrong_kind\n"},
      {with_steps("- wait: {window: {from: 1}}\n"), "4:25 wrong_kind\n"},
      {with_steps("- if: 'true'\n"), "4:3 missing_key\n"},
      {with_steps("- if: 'true'\n  then: {stop: x}\n"), "5:9 wrong_kind\n"},
      {with_steps("- set: {}\n"), "4:8 wrong_kind\n"},
      {with_steps("- set: {이름: 1}\n"), "4:9 bad_name\n"},
      {with_steps("- stop: [a]\n"), "4:9 wrong_kind\n"},
      {with_steps("- stop: {why: a}\n"), "4:10 unknown_key\n"},
      {with_steps("- {id: a, stop: x}\n- {id: a, stop: x}\n"), "5:8 duplicate_id\n"},
      {with_steps("- {id: step2, wait: 1m}\n- stop: x\n"), "5:3 duplicate_id\n"},
      {with_steps("- {id: 첫째, stop: x}\n"), "4:8 bad_name\n"},
      {with_steps("- parallel: []\n- call: x\n- digest: {}\n- throttle: {}\n- absent: {}\n"),
       "4:3 not_available\n5:3 not_available\n6:3 not_available\n7:3 not_available\n8:3 misplaced_key\n"},
  };
  for (const Wrong& c : cases) check(c);
}

BOOST_AUTO_TEST_CASE(collects_many_errors_in_one_pass) {
  check(
      {"recipe: R\ntimezone: /x\ntrigger: {evnt: a}\nsteps:\n  - wait: 30\n  - use: slack\n    with: {text: '{{ 1 + "
       "}}'}\n  - if: a ==\n    then: [{stop: [x]}]\n",
       "1:9 bad_name\n2:11 bad_zone\n3:10 missing_key\n3:11 unknown_key\n5:11 bad_duration\n6:10 bad_operation\n"
       "7:25 bad_expression\n8:13 bad_expression\n9:19 wrong_kind\n"});
}

BOOST_AUTO_TEST_CASE(findings_are_bounded) {
  std::string steps;
  for (int i = 0; i < 1000; ++i) steps += "- wait: soon\n";
  BOOST_CHECK_EQUAL(yaml(with_steps(steps)).findings.size(), 100u);
}

BOOST_AUTO_TEST_CASE(words_of_other_yaml_dialects_are_a_warning) {
  const ReadOutcome outcome =
      yaml(with_steps("- use: a.b\n  with: {a: yes, b: True, c: ~, d: 0x1F, e: 'no', f: 010}\n"));
  BOOST_CHECK(outcome.recipe);
  BOOST_CHECK_EQUAL(brief(outcome.findings),
                    "5:13 ambiguous_text\n5:21 ambiguous_text\n5:30 ambiguous_text\n5:36 ambiguous_text\n");
}

BOOST_AUTO_TEST_CASE(crlf_counts_as_one_line_break) {
  check({"recipe: r\r\ntrigger: {event: a}\r\n제목: x\r\nsteps:\r\n- wait: 곧\r\n",
         "3:1 unknown_key\n5:9 bad_duration\n"});
  check({"recipe: r\r\ntrigger: {event: a}\r\nsteps:\r\n- if: |\r\n    true &&\r\n    )\r\n  then: []\r\n",
         "6:5 bad_expression\n"});
}

BOOST_AUTO_TEST_CASE(json_errors_have_a_place_too) {
  const auto json_brief = [](std::string_view text) { return brief(json(text).findings); };
  BOOST_CHECK_EQUAL(json_brief("{\n  \"recipe\": \"r\",\n  \"제목\": 1,\n  \"trigger\": {\"event\": \"a\"},\n  "
                               "\"steps\": [{\"wait\": 30}]\n}"),
                    "3:3 unknown_key\n5:22 bad_duration\n");
  BOOST_CHECK_EQUAL(json_brief("{\"recipe\": \"r\", \"trigger\": {\"event\": \"a\"},\n \"steps\": [{\"if\": "
                               "\"\\\"가\\\" == )\", \"then\": []}]}"),
                    "2:29 bad_expression\n");
  BOOST_CHECK_EQUAL(json("{\"recipe\": \"r\",\n \"가\": }").findings.at(0).code, "bad_json");
  BOOST_CHECK_EQUAL(json("{\"recipe\": \"r\",\n \"가\": }").findings.at(0).place.line, 2);
  BOOST_CHECK_EQUAL(json("{\"a\": 1, \"a\": 2}").findings.at(0).code, "bad_json");
  BOOST_CHECK_EQUAL(json("").findings.at(0).code, "bad_json");
  BOOST_CHECK_EQUAL(json(std::string(100'000, '[')).findings.at(0).code, "bad_json");
  // Nobody can forget quotes in JSON.
  BOOST_CHECK_EQUAL(
      json_brief("{\"recipe\": \"r\", \"trigger\": {\"event\": \"a\"}, \"steps\": [{\"if\": [1], \"then\": []}]}"),
      "1:61 wrong_kind\n");
}

BOOST_AUTO_TEST_CASE(a_recipe_cut_anywhere_is_an_error_and_no_crash) {
  for (const std::string& text : {std::string(kWhole), std::string(kJourney)}) {
    for (std::size_t cut = 0; cut < text.size(); ++cut) {
      const ReadOutcome outcome = yaml(std::string_view(text).substr(0, cut));
      BOOST_REQUIRE(outcome.recipe.has_value() || !outcome.findings.empty());
      if (!outcome.recipe) BOOST_REQUIRE_GT(outcome.findings.at(0).place.line, 0);
      // One byte changed for another.
      constexpr std::string_view kOthers = "{'\n:*\t\xFF}\"#!-";
      std::string bent = text;
      bent[cut] = kOthers[cut % kOthers.size()];
      const ReadOutcome other = yaml(bent);
      BOOST_REQUIRE(other.recipe || !other.findings.empty());
    }
  }
}

BOOST_AUTO_TEST_CASE(a_json_recipe_cut_anywhere_is_an_error_and_no_crash) {
  const std::string text =
      R"({"recipe":"r","trigger":{"event":"a","where":"\uc2e4 == ) "},"steps":[{"wait":{"days":1,"at":"10:00"}}]})";
  for (std::size_t cut = 0; cut < text.size(); ++cut) {
    BOOST_REQUIRE(!json(std::string_view(text).substr(0, cut)).recipe);
    for (const char c : {'\0', '{', '"', '\\', '\xFF', ',', ']'}) {
      std::string bent = text;
      bent[cut] = c;
      (void)json(bent);
    }
  }
}

BOOST_AUTO_TEST_SUITE_END()
