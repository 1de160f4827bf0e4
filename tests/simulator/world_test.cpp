// Whole worlds: every seed keeps the promise, a seed is the same world each time, and a bug that is planted on purpose is found.
// A seed that fails is played alone with build/simulator --seed N --trace.
#include <stdlib.h>

#include <boost/test/unit_test.hpp>
#include <cstdlib>
#include <filesystem>
#include <string>

#include "simulation/world.hpp"
#include "support/counts.hpp"

using namespace ieum;
using namespace ieum::sim;

namespace {

struct Folder {
  Folder() {
    auto pattern = (std::filesystem::temp_directory_path() / "ieum-worlds-XXXXXX").string();
    BOOST_REQUIRE(::mkdtemp(pattern.data()) != nullptr);
    path = pattern;
  }
  ~Folder() {
    std::error_code ignored;
    std::filesystem::remove_all(path, ignored);
  }
  std::string path;
};

Played play_seed(const Folder& folder, std::uint64_t seed) {
  Options options;
  options.seed = seed;
  options.directory = folder.path;
  return play(options);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(worlds)

BOOST_AUTO_TEST_CASE(every_seed_keeps_the_promise) {
  const Folder folder;
  for (std::uint64_t seed = 1; seed <= static_cast<std::uint64_t>(test::counts::kSeeds.now()); ++seed) {
    const auto played = play_seed(folder, seed);
    for (const auto& problem : played.problems)
      BOOST_ERROR("seed " << seed << ": " << problem << "\nreplay: build/simulator --seed " << seed << " --trace");
  }
}

// A disk that was full at the start (the first three), a loop closed with its run in an ordered unit, a person who cancels while the
// answer is on its way, a repeated call that is refused, a hold whose end a full disk refuses (it never ended), a person who cancels
// at the instant at which the call begins.
BOOST_AUTO_TEST_CASE(seeds_that_found_something_hold) {
  const Folder folder;
  for (const std::uint64_t seed : {1591, 2723, 3041, 4156, 4689, 4808, 5587, 5631})
    BOOST_TEST(play_seed(folder, seed).problems.empty(), "replay: build/simulator --seed " << seed << " --trace");
}

BOOST_AUTO_TEST_CASE(the_same_seed_is_the_same_world) {
  const Folder folder;
  std::uint64_t other = 0;
  for (std::uint64_t seed = 1; seed <= static_cast<std::uint64_t>(test::counts::kSeedsTwice.now()); ++seed) {
    const auto first = play_seed(folder, seed);
    const auto second = play_seed(folder, seed);
    BOOST_TEST_CONTEXT("seed " << seed) {
      BOOST_TEST(first.hash == second.hash);
      BOOST_TEST(first.lines == second.lines);
      BOOST_TEST(first.hash != other);
    }
    other = first.hash;
  }
}

// In a process of its own: some end it.
BOOST_AUTO_TEST_CASE(a_planted_bug_is_found) {
  for (const auto& [bug, name] : kBugs) {
    const std::string command = std::string(IEUM_BUILD_DIR) + "/simulator --seeds " +
                                std::to_string(test::counts::kSeedsPerBug) + " --bug " + std::string(name) +
                                " >/dev/null 2>&1";
    const int status = std::system(command.c_str());
    BOOST_TEST_CONTEXT("bug " << name) { BOOST_TEST((WIFEXITED(status) && WEXITSTATUS(status) == 1)); }
  }
}

BOOST_AUTO_TEST_SUITE_END()
