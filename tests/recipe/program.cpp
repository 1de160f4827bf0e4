// The flat code of a recipe: jumps, on_error blocks, and the facts that each instruction lists.
#include "recipe/program.hpp"

#include <boost/test/unit_test.hpp>

#include "recipe/reading.hpp"

using namespace ieum::recipe;
using namespace ieum::recipe_test;

namespace {

std::shared_ptr<const Program> compiled(std::string_view text) {
  ReadOutcome outcome = yaml(text);
  BOOST_REQUIRE_MESSAGE(outcome.recipe, full(outcome.findings));
  return compile(std::move(*outcome.recipe));
}

// "0 step1 use ->1 !4 [trigger vars]" for each instruction.
std::string listing(const Program& program) {
  static constexpr const char* kKinds[] = {"use",  "wait", "wait_for", "branch", "split", "for_each", "repeat",
                                           "next", "set",  "stop",     "jump",   "fail",  "end"};
  std::string text;
  for (std::size_t i = 0; i < program.code.size(); ++i) {
    const Instruction& instruction = program.code[i];
    text += std::to_string(i) + " " + instruction.id + " " + kKinds[static_cast<int>(instruction.kind)];
    if (instruction.kind != Instruction::Kind::end) text += " ->" + std::to_string(instruction.next);
    if (instruction.otherwise != 0) text += " !" + std::to_string(instruction.otherwise);
    if (instruction.on_error != 0) text += " !" + std::to_string(instruction.on_error);
    for (const std::string& fact : instruction.facts) text += " " + fact;
    text += instruction.leaves_on_error ? " leaves\n" : "\n";
  }
  return text;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(recipe_program)

BOOST_AUTO_TEST_CASE(flattens_branches) {
  BOOST_CHECK_EQUAL(listing(*compiled(with_steps(
                        "- wait: 1m\n- if: 'trigger.a == 1'\n  then: [{stop: x}]\n  else: [{wait: 1m}]\n- stop: y\n"))),
                    "0 step1 wait ->1\n"
                    "1 step2 branch ->2 !4 trigger\n"
                    "2 step2_then1 stop ->3\n"
                    "3 step2:end jump ->5\n"
                    "4 step2_else1 wait ->5\n"
                    "5 step3 stop ->6\n"
                    "6 :end end\n");
}

BOOST_AUTO_TEST_CASE(an_if_without_else_goes_on_behind_it) {
  BOOST_CHECK_EQUAL(listing(*compiled(with_steps("- if: 'true'\n  then: [{wait: 1m}]\n"))),
                    "0 step1 branch ->1 !2\n1 step1_then1 wait ->2\n2 :end end\n");
  BOOST_CHECK_EQUAL(listing(*compiled(with_steps("- if: 'true'\n  then: []\n  else: []\n"))),
                    "0 step1 branch ->1 !1\n1 :end end\n");
}

BOOST_AUTO_TEST_CASE(on_error_blocks_come_behind_and_return) {
  BOOST_CHECK_EQUAL(
      listing(*compiled(with_steps("- id: a\n  use: x.y\n  on_error:\n  - id: b\n    use: x.y\n    with: {t: '{{ "
                                   "error.code }}'}\n    on_error: [{wait: 1m}]\n  - wait: 2m\n- wait: 3m\n"))),
      "0 a use ->1 !3\n"
      "1 step2 wait ->2\n"
      "2 :end end\n"
      "3 b use ->4 !6 error\n"
      "4 a_on_error2 wait ->5\n"
      "5 a:on_error_end jump ->1 leaves\n"
      "6 b_on_error1 wait ->7\n"
      "7 b:on_error_end jump ->4 leaves\n");
}

BOOST_AUTO_TEST_CASE(lists_the_facts_of_each_instruction) {
  const auto program = compiled(
      with_steps("- set: {n: '{{ trigger.a }}'}\n- use: x.y\n  with: {a: ['{{ vars.n }}', {b: '{{ customer.x | or(now) "
                 "}}'}], c: '{{ steps.step2.output }}', d: '{{ run.id }}'}\n- wait: {until: 'trigger.date'}\n"));
  const auto facts = [&](std::size_t at) { return program->code[at].facts; };
  BOOST_CHECK(facts(0) == (std::set<std::string>{"trigger", "vars"}));
  BOOST_CHECK(facts(1) == (std::set<std::string>{"customer", "now", "run", "steps", "vars"}));
  BOOST_CHECK(facts(2) == (std::set<std::string>{"customer", "trigger"}));
}

BOOST_AUTO_TEST_CASE(finds_instructions_by_id) {
  const auto program = compiled(with_steps("- wait: 1m\n- {id: here, wait: 1m}\n"));
  BOOST_CHECK_EQUAL(program->find("here"), 1u);
  BOOST_CHECK_EQUAL(program->find("nowhere"), program->code.size());
  BOOST_CHECK(program->code[1].step == &program->recipe.steps[1]);
}

BOOST_AUTO_TEST_SUITE_END()
