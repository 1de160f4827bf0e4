// The simulator by hand: build/simulator --seed 4711 [--trace], or --seeds 500 [--from 1]; --bug NAME plants one. Exit 0 when all
// holds, 1 when something does not; a process that an assertion ends says which seed it was.
#include <stdlib.h>

#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <string>

#include "simulation/world.hpp"

namespace {

std::uint64_t g_seed = 0;
const char* g_bug = "";

extern "C" void on_abort(int) {
  std::fprintf(stderr, "the hub ended itself\nreplay: build/simulator --seed %llu%s%s --trace\n",
               static_cast<unsigned long long>(g_seed), *g_bug == 0 ? "" : " --bug ", g_bug);
  std::_Exit(1);
}

}  // namespace

int main(int count, char** words) {
  using namespace ieum::sim;
  Options options;
  std::uint64_t from = 1, seeds = 1;
  bool hashes = false;
  for (int i = 1; i < count; ++i) {
    const std::string word = words[i];
    const char* next = i + 1 < count ? words[i + 1] : "";
    if (word == "--trace") {
      options.trace = true;
    } else if (word == "--hash") {
      hashes = true;
    } else if (word == "--seed" || word == "--from") {
      from = std::strtoull(words[++i], nullptr, 10);
    } else if (word == "--seeds") {
      seeds = std::strtoull(words[++i], nullptr, 10);
    } else if (word == "--bug" && bug_of(next)) {
      options.bug = *bug_of(words[++i]);
      g_bug = words[i];
    } else {
      std::fprintf(stderr, "usage: simulator [--seed N | --from N] [--seeds N] [--trace] [--hash] [--bug NAME]\n");
      return 2;
    }
  }
  auto pattern = (std::filesystem::temp_directory_path() / "ieum-simulator-XXXXXX").string();
  if (::mkdtemp(pattern.data()) == nullptr) return 2;
  options.directory = pattern;
  std::signal(SIGABRT, on_abort);
  int failed = 0;
  for (g_seed = from; g_seed < from + seeds; ++g_seed) {
    options.seed = g_seed;
    const auto played = play(options);
    if (const auto done = g_seed - from + 1; done % 500 == 0)
      std::fprintf(stderr, "%llu of %llu seeds played, %d failed\n", static_cast<unsigned long long>(done),
                   static_cast<unsigned long long>(seeds), failed);
    if (hashes)
      std::printf("seed %llu: %016llx, %zu lines\n", static_cast<unsigned long long>(g_seed),
                  static_cast<unsigned long long>(played.hash), played.lines);
    if (played.problems.empty()) continue;
    ++failed;
    for (const auto& problem : played.problems)
      std::printf("seed %llu: %s\n", static_cast<unsigned long long>(g_seed), problem.c_str());
    std::printf("replay: build/simulator --seed %llu%s%s --trace\n", static_cast<unsigned long long>(g_seed),
                *g_bug == 0 ? "" : " --bug ", g_bug);
    std::fflush(stdout);
    if (options.bug != Bug::none) break;  // found
  }
  std::filesystem::remove_all(pattern);
  return failed == 0 ? 0 : 1;
}
