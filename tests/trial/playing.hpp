// Helpers of the trial's tests: the connectors of this build, recorded samples, and one test of a recipe played.
#pragma once
#include <boost/test/unit_test.hpp>
#include <string>

#include "base/json.hpp"
#include "trial/run_test.hpp"

namespace ieum::trial_test {

inline const host::Registry& registry() {
  static const std::unique_ptr<host::Registry> loaded = [] {
    NullLog log;
    host::LoadOptions options;
    options.directory = std::string(IEUM_BUILD_DIR) + "/connectors";
    options.check_ownership = false;
    auto result = host::load_connectors(options, log);
    BOOST_REQUIRE_MESSAGE(result.has_value(), (result.has_error() ? result.error().text() : ""));
    return std::move(*result);
  }();
  return *loaded;
}

inline const trial::Samples& samples() {
  static const trial::Samples loaded = trial::Samples::load(std::string(IEUM_BUILD_DIR) + "/connectors", registry());
  return loaded;
}

inline ZoneSource& zones() {
  static const std::unique_ptr<ZoneSource> source = system_zones();
  return *source;
}

inline trial::StageParts parts() { return {registry(), samples(), zones(), {}}; }

struct Game {
  recipe::TestCase test;
  trial::Played played;
  trial::Verdict verdict;
};

// Plays the first test of the recipe; requires that it can be played.
inline std::unique_ptr<Game> play(const std::string& source, trial::Coverage* coverage = nullptr) {
  const auto read = recipe::read_recipe(source, recipe::Format::yaml);
  std::string findings;
  for (const auto& finding : read.findings) findings += recipe::finding_text("r.yaml", finding) + "\n";
  BOOST_REQUIRE_MESSAGE(read.recipe, findings);
  auto game = std::make_unique<Game>();
  auto tests = recipe::tests_of(source, recipe::Format::yaml);
  BOOST_REQUIRE(!tests.empty());
  game->test = std::move(tests.front());
  auto played = trial::play(parts(), {source, recipe::Format::yaml, "r.yaml", read.recipe->name, read.recipe->zone},
                            game->test, coverage);
  BOOST_REQUIRE_MESSAGE(played.has_value(), (played.has_error() ? played.error().text() : ""));
  game->played = std::move(*played);
  game->verdict = trial::judge(game->test, game->played);
  return game;
}

// "step at +30m -> to" of every message, one a line.
inline std::string sent(const Game& game) {
  std::string text;
  for (const auto& sent : game.played.sent)
    text += sent.step + " " + std::to_string((sent.at_ms - game.played.start_ms) / kSecond) + "s " + sent.to + "\n";
  return text;
}

}  // namespace ieum::trial_test
