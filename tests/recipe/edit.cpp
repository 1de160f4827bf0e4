// Edits of one step leave every other byte alone, in every layout: shown by example, and for every step of many recipes
// by taking it out and putting it back.
#include "recipe/edit.hpp"

#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <filesystem>

#include "recipe/document.hpp"
#include "recipe/editing.hpp"
#include "recipe/program.hpp"
#include "recipe/step_tree.hpp"

using namespace ieum;
using namespace ieum::recipe;
using namespace ieum::recipe_test;

namespace {

std::string done(const Edited& edited) {
  BOOST_REQUIRE_MESSAGE(edited.text, full(edited.findings));
  return *edited.text;
}

std::string refusal(const Edited& edited) {
  BOOST_CHECK(!edited.text);
  return edited.findings.empty() ? "" : edited.findings[0].code;
}

std::string without(std::string_view text, std::string_view id) { return done(delete_step(text, Format::yaml, id)); }
std::string with(std::string_view text, Spot spot, std::string_view step) {
  return done(insert_step(text, Format::yaml, spot, step));
}
std::string instead(std::string_view text, std::string_view id, std::string_view step) {
  return done(replace_step(text, Format::yaml, id, step));
}

Spot before(std::string id) { return {Spot::Kind::before, std::move(id), ""}; }
Spot after(std::string id) { return {Spot::Kind::after, std::move(id), ""}; }
Spot first(std::string id, std::string block) { return {Spot::Kind::first, std::move(id), std::move(block)}; }
Spot last(std::string id, std::string block) { return {Spot::Kind::last, std::move(id), std::move(block)}; }

const std::string kBlock = with_steps(
    "  # waits\n"
    "  # a little\n"
    "  - id: a  # first\n"
    "    wait: 1m\n"
    "    # with: {}\n"
    "\n"
    "  # stands alone\n"
    "\n"
    "  - id: b\n"
    "    if: 'true'   # always\n"
    "    then:  # nested\n"
    "      # inner\n"
    "      - {id: c, stop: x}\n"
    "  - id: d\n"
    "    stop: end\n"
    "# the end\n");

std::vector<std::string> ids_in(const std::string& text, Format format, const std::string& owner,
                                const std::string& name) {
  Findings findings;
  const auto root = format == Format::json ? parse_json_document(text, findings) : parse_yaml(text, findings);
  const auto blocks = step_tree(text, *root);
  std::vector<std::string> ids;
  each_step(blocks, [&](const StepNode& step, const StepBlock& block, const StepNode* around) {
    if ((around == nullptr ? "" : around->id) == owner && block.name == name) ids.push_back(step.id);
  });
  return ids;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(recipe_edit)

BOOST_AUTO_TEST_CASE(a_step_goes_with_its_comments_and_no_others) {
  BOOST_CHECK_EQUAL(without(kBlock, "a"), with_steps("  # stands alone\n"
                                                     "\n"
                                                     "  - id: b\n"
                                                     "    if: 'true'   # always\n"
                                                     "    then:  # nested\n"
                                                     "      # inner\n"
                                                     "      - {id: c, stop: x}\n"
                                                     "  - id: d\n"
                                                     "    stop: end\n"
                                                     "# the end\n"));
  BOOST_CHECK_EQUAL(delete_step(kBlock, Format::yaml, "a").taken,
                    "  # waits\n  # a little\n  - id: a  # first\n    wait: 1m\n    # with: {}\n\n");
  BOOST_CHECK_EQUAL(*step_bytes(kBlock, Format::yaml, "d"), "  - id: d\n    stop: end\n");
  BOOST_CHECK(without(kBlock, "d").ends_with("      - {id: c, stop: x}\n# the end\n"));
}

BOOST_AUTO_TEST_CASE(a_list_that_loses_its_last_step_is_empty_and_takes_one_again) {
  const std::string empty = without(kBlock, "c");
  BOOST_CHECK(empty.find("    then: []  # nested\n  - id: d\n") != std::string::npos);
  const std::string filled = with(empty, first("b", "then"), "use: a.b\nwith:\n  n: 1\n");
  BOOST_CHECK(filled.find("    then:  # nested\n      - use: a.b\n        with:\n          n: 1\n  - id: d\n") !=
              std::string::npos);
  const std::string in_flow = with_steps("  - {id: i, if: 'true', then: []}\n");
  BOOST_CHECK_EQUAL(with(in_flow, first("i", "then"), "- id: n   # why\n  wait: 1m\n"),
                    with_steps("  - {id: i, if: 'true', then: [{\"id\":\"n\",\"wait\":\"1m\"}]}\n"));
  // The recipe itself needs a step.
  BOOST_CHECK_EQUAL(refusal(delete_step(with_steps("  - {id: a, wait: 1m}\n"), Format::yaml, "a")), "no_steps");
}

BOOST_AUTO_TEST_CASE(a_new_step_is_indented_to_its_place) {
  const std::string two = with_steps("    - id: a\n      if: 'true'\n      then:\n      - {id: x, wait: 1m}\n");
  const std::string_view bare = "# says hello\nid: n\nuse: a.b\nwith:\n  text: |\n    one\n      two\n\n    three\n";
  const std::string dashed =
      "      # says hello\n      - id: n\n        use: a.b\n        with:\n          text: |\n"
      "            one\n              two\n\n            three\n";
  BOOST_CHECK_EQUAL(with(two, after("x"), bare), two + dashed);
  BOOST_CHECK_EQUAL(with(two, last("a", "then"), bare), two + dashed);
  BOOST_CHECK_EQUAL(with(two, before("x"), "       - id: n\n         wait: 2m"),
                    with_steps("    - id: a\n      if: 'true'\n      then:\n      - id: n\n        wait: 2m\n"
                               "      - {id: x, wait: 1m}\n"));
  BOOST_CHECK_EQUAL(with(two, first("", "steps"), "{id: n, wait: 2m}"),
                    with_steps("    - {id: n, wait: 2m}\n    - id: a\n      if: 'true'\n      then:\n"
                               "      - {id: x, wait: 1m}\n"));
}

BOOST_AUTO_TEST_CASE(replacing_keeps_the_comments_above_unless_new_ones_come) {
  const std::string text = with_steps("  # why\n  - id: a   # old\n    wait: 1m\n  - {id: b, stop: x}\n");
  BOOST_CHECK_EQUAL(instead(text, "a", "id: a\nwait: 2m"),
                    with_steps("  # why\n  - id: a\n    wait: 2m\n  - {id: b, stop: x}\n"));
  BOOST_CHECK_EQUAL(instead(text, "a", "# because\n- id: z\n  wait: 2m\n"),
                    with_steps("  # because\n  - id: z\n    wait: 2m\n  - {id: b, stop: x}\n"));
}

BOOST_AUTO_TEST_CASE(lists_in_brackets_keep_their_commas_and_comments) {
  const auto steps = [](const char* list) { return "recipe: r\ntrigger: {event: a_b}\nsteps: " + std::string(list); };
  const std::string three = steps("[{id: a, wait: 1m}, {id: b, wait: 2m}, {id: c, stop: x}]\n");
  BOOST_CHECK_EQUAL(without(three, "a"), steps("[{id: b, wait: 2m}, {id: c, stop: x}]\n"));
  BOOST_CHECK_EQUAL(without(three, "b"), steps("[{id: a, wait: 1m}, {id: c, stop: x}]\n"));
  BOOST_CHECK_EQUAL(without(three, "c"), steps("[{id: a, wait: 1m}, {id: b, wait: 2m}]\n"));
  BOOST_CHECK_EQUAL(with(three, after("c"), "{id: n, wait: 3m}"),
                    steps("[{id: a, wait: 1m}, {id: b, wait: 2m}, {id: c, stop: x}, {id: n, wait: 3m}]\n"));
  const std::string commented = steps(
      "[\n  # one\n  {id: a, wait: 1m},  # a\n  # two\n  {id: b, wait: 2m},\n  # three\n  {id: c, stop: x},\n]\n");
  BOOST_CHECK_EQUAL(without(commented, "a"),
                    steps("[\n  # one\n    # a\n  # two\n  {id: b, wait: 2m},\n  # three\n  {id: c, stop: x},\n]\n"));
  BOOST_CHECK_EQUAL(without(commented, "c"),
                    steps("[\n  # one\n  {id: a, wait: 1m},  # a\n  # two\n  {id: b, wait: 2m}\n  # three\n  ,\n]\n"));
}

BOOST_AUTO_TEST_CASE(json_stays_json) {
  const std::string text =
      "{\n  \"recipe\": \"r\",\n  \"trigger\": {\"event\": \"a_b\"},\n  \"steps\": [\n    {\n      \"id\": \"a\",\n"
      "      \"wait\": \"1m\"\n    },\n    {\n      \"id\": \"b\",\n      \"stop\": \"x\"\n    }\n  ]\n}\n";
  const Edited edited = insert_step(text, Format::json, after("a"), "{\n  \"id\": \"n\",\n  \"wait\": \"2m\"\n}");
  const std::string item = ",\n    {\n      \"id\": \"n\",\n      \"wait\": \"2m\"\n    }";
  std::string wanted = text;
  wanted.insert(text.find(",\n    {\n      \"id\": \"b\""), item);
  BOOST_CHECK_EQUAL(done(edited), wanted);
  BOOST_CHECK_EQUAL(done(delete_step(wanted, Format::json, "n")), text);
  BOOST_CHECK_EQUAL(refusal(insert_step(text, Format::json, after("a"), "wait: 2m")), "bad_json");
  BOOST_CHECK_EQUAL(refusal(insert_step(text, Format::json, after("a"), "[{\"wait\": \"2m\"}]")), "bad_step");
}

BOOST_AUTO_TEST_CASE(line_breaks_and_a_last_line_without_one_stay) {
  const std::string dos = crlf(kBlock);
  BOOST_CHECK_EQUAL(with(dos, before("d"), "id: n\nwait: 1m\n"), crlf(with(kBlock, before("d"), "id: n\nwait: 1m\n")));
  BOOST_CHECK_EQUAL(with(kBlock, before("d"), "id: n\r\nwait: 1m\r\n"), with(kBlock, before("d"), "id: n\nwait: 1m\n"));
  const std::string open = with_steps("  - {id: a, wait: 1m}\n  - {id: b, stop: x}");
  BOOST_CHECK_EQUAL(without(open, "b"), with_steps("  - {id: a, wait: 1m}"));
  BOOST_CHECK_EQUAL(with(open, after("b"), "{id: n, stop: y}\n"), open + "\n  - {id: n, stop: y}");
  BOOST_CHECK_EQUAL(instead(open, "b", "{id: n, stop: y}\n"),
                    with_steps("  - {id: a, wait: 1m}\n  - {id: n, stop: y}"));
}

BOOST_AUTO_TEST_CASE(what_would_not_be_that_recipe_is_refused) {
  BOOST_CHECK_EQUAL(refusal(delete_step(kBlock, Format::yaml, "zzz")), "unknown_step");
  BOOST_CHECK_EQUAL(refusal(insert_step(kBlock, Format::yaml, first("b", "else"), "wait: 1m")), "unknown_block");
  BOOST_CHECK_EQUAL(refusal(insert_step(kBlock, Format::yaml, first("zzz", "then"), "wait: 1m")), "unknown_step");
  BOOST_CHECK_EQUAL(refusal(insert_step(kBlock, Format::yaml, after("a"), "{id: d, wait: 1m}")), "duplicate_id");
  BOOST_CHECK_EQUAL(refusal(insert_step(kBlock, Format::yaml, after("a"), "wait: 1m\nwait: 2m")), "duplicate_key");
  BOOST_CHECK_EQUAL(refusal(insert_step(kBlock, Format::yaml, after("a"), "- wait: 1m\n- wait: 2m\n")), "bad_step");
  BOOST_CHECK_EQUAL(refusal(insert_step(kBlock, Format::yaml, after("a"), "just words")), "bad_step");
  BOOST_CHECK_EQUAL(refusal(insert_step(kBlock, Format::yaml, after("a"), "")), "empty");
  BOOST_CHECK_EQUAL(refusal(insert_step(kBlock, Format::yaml, after("a"), "wait: &x 1m")), "yaml_feature");
  BOOST_CHECK_EQUAL(refusal(replace_step(kBlock, Format::yaml, "a", "wait: soon")), "bad_duration");
  BOOST_CHECK_EQUAL(refusal(delete_step("recipe: [", Format::yaml, "a")), "bad_yaml");
  // A step that closes more than itself would be another recipe; alone it is no text at all.
  BOOST_CHECK_EQUAL(refusal(insert_step(kBlock, Format::yaml, after("c"), "- stop: x\ntopic: t\n")), "bad_yaml");
}

BOOST_AUTO_TEST_CASE(blank_lines_that_a_text_keeps_go_with_it) {
  const std::string text = with_steps(
      "  - id: a\n    set:\n      t: |+\n        one\n\n\n  - id: b\n    set:\n      t: |\n        two\n\n"
      "  - {id: c, stop: x}\n");
  BOOST_CHECK_EQUAL(*step_bytes(text, Format::yaml, "a"), "  - id: a\n    set:\n      t: |+\n        one\n\n\n");
  BOOST_CHECK_EQUAL(*step_bytes(text, Format::yaml, "b"), "  - id: b\n    set:\n      t: |\n        two\n");
  BOOST_CHECK_EQUAL(without(text, "b"),
                    with_steps("  - id: a\n    set:\n      t: |+\n        one\n\n\n  - {id: c, stop: x}\n"));
}

// Every step of every recipe, in every form: out and in again, and replaced by itself.
BOOST_AUTO_TEST_CASE(a_step_that_is_taken_out_and_put_back_leaves_no_trace) {
  std::size_t tried = 0;
  for (const SampleText& sample : samples()) {
    const std::string& text = sample.text;
    const ReadOutcome read = read_recipe(text, sample.format);
    BOOST_REQUIRE_MESSAGE(read.recipe, sample.name << "\n" << full(read.findings));
    Findings findings;
    const auto root = sample.format == Format::json ? parse_json_document(text, findings) : parse_yaml(text, findings);
    const auto blocks = step_tree(text, *root);
    each_step(blocks, [&](const StepNode& step, const StepBlock& block, const StepNode* around) {
      const std::string where = sample.name + ", step " + step.id;
      const auto own = step_bytes(text, sample.format, step.id);
      BOOST_REQUIRE_MESSAGE(own, where);
      const Edited same = replace_step(text, sample.format, step.id, *own);
      BOOST_CHECK_MESSAGE(same.text == text, where << "\n" << full(same.findings) << same.text.value_or(""));

      const Edited out = delete_step(text, sample.format, step.id);
      if (!out.text) {
        const bool only = block.name == "steps" && block.steps.size() == 1;
        const bool tested =
            !out.findings.empty() && std::all_of(out.findings.begin(), out.findings.end(), [](const Finding& finding) {
              return finding.code == "unknown_step" && finding.severity == Finding::Severity::error;
            });
        BOOST_CHECK_MESSAGE(only || !step.named || (tested && !read.recipe->tests.is_null()),
                            where << ": " << full(out.findings));
        return;
      }
      ++tried;
      const auto& [begin, end, put] = out.splice;
      BOOST_CHECK_MESSAGE(out.text->substr(0, begin) == text.substr(0, begin), where);
      BOOST_CHECK_MESSAGE(out.text->substr(begin + put.size()) == text.substr(end), where);
      std::string undone = *out.text;
      undone.replace(out.undo.begin, out.undo.end - out.undo.begin, out.undo.text);
      BOOST_CHECK_MESSAGE(undone == text, where);

      // The neighbours may have made-up ids, which have moved: ask for them in the new text.
      const std::size_t at = static_cast<std::size_t>(&step - block.steps.data());
      const auto owner = around == nullptr ? std::string() : around->id;
      const auto left = ids_in(*out.text, sample.format, owner, block.name);
      BOOST_REQUIRE_EQUAL(left.size() + 1, block.steps.size());
      const auto put_back = [&](const Spot& spot) { return insert_step(*out.text, sample.format, spot, out.taken); };
      // Behind the one before, or before the one behind: where something stands between, only one is its place.
      Edited in = at == 0 ? put_back(first(owner, block.name)) : put_back(after(left[at - 1]));
      if (in.text != text && at < left.size()) in = put_back(before(left[at]));
      BOOST_CHECK_MESSAGE(in.text == text, where << "\n"
                                                 << full(in.findings) << in.text.value_or("") << "|" << out.taken);
    });
  }
  BOOST_CHECK_GT(tried, 100u);
}

BOOST_AUTO_TEST_CASE(the_ids_of_a_text_are_those_that_the_reader_gives) {
  for (const SampleText& sample : samples()) {
    const ReadOutcome read = read_recipe(sample.text, sample.format);
    BOOST_REQUIRE_MESSAGE(read.recipe, sample.name << "\n" << full(read.findings));
    const auto program = compile(*read.recipe);
    Findings findings;
    const auto root =
        sample.format == Format::json ? parse_json_document(sample.text, findings) : parse_yaml(sample.text, findings);
    std::set<std::string> wanted, found;
    for (const Instruction& instruction : program->code)
      if (instruction.step != nullptr) wanted.insert(instruction.step->id + (instruction.step->named ? " named" : ""));
    const auto blocks = step_tree(sample.text, *root);
    each_step(blocks, [&](const StepNode& step, const StepBlock&, const StepNode*) {
      found.insert(step.id + (step.named ? " named" : ""));
    });
    BOOST_CHECK_EQUAL_COLLECTIONS(found.begin(), found.end(), wanted.begin(), wanted.end());
  }
}

BOOST_AUTO_TEST_SUITE_END()
