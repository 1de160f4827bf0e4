// Every seed of every fuzz target once more as an ordinary test: what was found stays found, also where there is no libFuzzer, and under
// the sanitizers of `make test-all`. What a target found becomes a seed of its corpus.
#include <boost/test/unit_test.hpp>
#include <filesystem>
#include <fstream>

#include "fuzz/support.hpp"

namespace {

const std::filesystem::path kCorpus = std::string(IEUM_SOURCE_DIR) + "/tests/fuzz/corpus";

std::string read_file(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

}  // namespace

BOOST_AUTO_TEST_SUITE(fuzz_replay)

BOOST_AUTO_TEST_CASE(PAR_14_every_seed_holds_what_its_target_says) {
  for (const auto& [name, target] : ieum::fuzz::targets()) {
    int seeds = 0;
    for (const auto& file : std::filesystem::directory_iterator(kCorpus / name)) {
      BOOST_TEST_CONTEXT(file.path().string()) { BOOST_CHECK_NO_THROW(target(read_file(file.path()))); }
      ++seeds;
    }
    BOOST_TEST(seeds >= 3, name);
  }
}

BOOST_AUTO_TEST_CASE(PAR_14_each_corpus_has_its_target_and_each_target_its_corpus) {
  std::size_t folders = 0;
  for (const auto& folder : std::filesystem::directory_iterator(kCorpus)) {
    ++folders;
    BOOST_TEST(ieum::fuzz::targets().contains(folder.path().filename().string()), folder.path().string());
  }
  BOOST_TEST(folders == ieum::fuzz::targets().size());
  BOOST_TEST(folders == 9U);
}

// Cut and glued seeds: what a reader of damaged bytes meets first.
BOOST_AUTO_TEST_CASE(PAR_14_cut_and_glued_seeds_hold_as_well) {
  for (const auto& [name, target] : ieum::fuzz::targets()) {
    std::string before;
    for (const auto& file : std::filesystem::directory_iterator(kCorpus / name)) {
      const std::string text = read_file(file.path()).substr(0, 512);
      BOOST_TEST_CONTEXT(file.path().string()) {
        for (std::size_t cut = 0; cut <= text.size(); cut += 1 + text.size() / 16)
          BOOST_CHECK_NO_THROW(target(text.substr(0, cut)));
        BOOST_CHECK_NO_THROW(target(text + before));
      }
      before = text;
    }
  }
}

BOOST_AUTO_TEST_SUITE_END()
