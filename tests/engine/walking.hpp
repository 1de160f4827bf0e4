// Helpers of the engine tests: a recipe as text, decisions as short text.
#pragma once
#include <boost/test/unit_test.hpp>
#include <memory>
#include <string>
#include <string_view>

#include "base/json.hpp"
#include "base/time_text.hpp"
#include "engine/decide.hpp"
#include "recipe/reader.hpp"

namespace ieum::engine_test {

inline recipe::Recipe read(std::string_view text) {
  recipe::ReadOutcome outcome = recipe::read_recipe(text, recipe::Format::yaml);
  std::string problems;
  for (const recipe::Finding& finding : outcome.findings) problems += recipe::finding_text("r.yaml", finding) + "\n";
  BOOST_REQUIRE_MESSAGE(outcome.recipe, text << "\n" << problems);
  return std::move(*outcome.recipe);
}

// Steps begin on line 4.
inline std::shared_ptr<const recipe::Program> program(std::string_view steps, std::string_view head = "") {
  return recipe::compile(
      read("recipe: r\ntrigger: {event: order_created}\nsteps:\n" + std::string(steps) + std::string(head)));
}

inline Millis at(std::string_view text) {
  const auto time = parse_rfc3339(text);
  BOOST_REQUIRE(time);
  return *time;
}

inline Value value(std::string_view json) {
  auto parsed = parse_json(json);
  BOOST_REQUIRE_MESSAGE(parsed, json);
  return std::move(*parsed);
}

// "act step {inputs}", "sleep TIME", "listen until TIME for KEYS", "finished", "stopped reason", "exited reason", "failed reason: message"; behind it vars and error.
inline std::string brief(const engine::Transition& transition) {
  std::string text;
  if (const auto* act = std::get_if<engine::Act>(&transition.next)) {
    text = "act " + act->step->id + " " + write_json(act->inputs);
  } else if (const auto* sleep = std::get_if<engine::Sleep>(&transition.next)) {
    text = "sleep " + rfc3339_utc(sleep->until_ms);
  } else if (const auto* listen = std::get_if<engine::Listen>(&transition.next)) {
    text = "listen until " + rfc3339_utc(listen->until_ms);
    for (const engine::ListenKey& key : listen->keys) text += " for " + key.event + " " + key.key.shape + key.key.value;
  } else {
    const auto& end = std::get<engine::End>(transition.next);
    text = end.how == engine::End::How::finished  ? "finished"
           : end.how == engine::End::How::stopped ? "stopped " + end.reason
           : end.how == engine::End::How::exited  ? "exited " + end.reason
                                                  : "failed " + end.reason + ": " + end.message;
  }
  return text;
}

// A run that is walked input by input.
struct Walker {
  std::shared_ptr<const recipe::Program> code;
  engine::Facts facts;
  engine::RunPoint point;
  Millis now = at("2026-03-02T00:00:00Z");
  Map results;  // steps

  explicit Walker(std::shared_ptr<const recipe::Program> program, Value trigger = Value(Map()))
      : code(std::move(program)) {
    facts.trigger = [trigger = std::move(trigger)] { return trigger; };
    facts.run = value(R"({"id":7,"recipe":"r","started_at":"2026-03-02T00:00:00Z"})");
    facts.steps = [this](const engine::Facts::Visible&) { return Value(results); };
  }
  Walker(const Walker&) = delete;
  Walker& operator=(const Walker&) = delete;

  std::string feed(const engine::Input& input) {
    const engine::Transition transition = engine::decide(*code, point, facts, input, now);
    // Pure: the same question has the same answer.
    const engine::Transition again = engine::decide(*code, point, facts, input, now);
    BOOST_CHECK_EQUAL(brief(again), brief(transition));
    BOOST_CHECK(again.point.vars == transition.point.vars && again.point.error == transition.point.error);
    point = transition.point;
    if (const auto* sleep = std::get_if<engine::Sleep>(&transition.next)) now = sleep->until_ms;
    return brief(transition);
  }
  std::string begin() { return feed(engine::Begin{}); }
  std::string timer() { return feed(engine::TimerFired{}); }
  std::string done(std::string_view output = "{}") {
    results.set(point.at_step, value(R"({"status":"done","output":)" + std::string(output) + "}"));
    return feed(engine::StepDone{});
  }
  std::string failed(std::string code = "permanent", std::string message = "no") {
    results.set(point.at_step, value(R"({"status":"failed","error":{"code":")" + code + "\"}}"));
    return feed(engine::StepFailed{std::move(code), std::move(message)});
  }
};

}  // namespace ieum::engine_test
