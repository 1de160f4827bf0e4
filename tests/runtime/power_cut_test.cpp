// Power cuts under a whole hub: at each sync of its store, whatever became of the writes that were not synced, the next hub takes up
// what is there and finishes it, and no sender or receiver could tell. And failures in the middle of a claim.
#include <stdlib.h>

#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>
#include <filesystem>

#include "runtime/story.hpp"
#include "store/crash_vfs.hpp"
#include "store/soundness.hpp"
#include "support/counts.hpp"

using namespace ieum;
using namespace ieum::test;
using store::test::CrashVfs;
using store::test::Fate;
using store::test::FaultPlan;
using store::test::Operation;
namespace data = boost::unit_test::data;

namespace {

Setup on_crash_vfs() {
  CrashVfs::disarm();
  Setup setup;
  setup.vfs = CrashVfs::kName;
  setup.in_memory = true;
  setup.alarms = true;
  setup.watches_disk = false;
  return setup;
}

// A folder in memory where there is one: an image is read once.
class ImageFolder {
 public:
  explicit ImageFolder(const std::string& key_of) {
    const bool has_memory = std::filesystem::is_directory("/dev/shm");
    auto pattern = (has_memory ? "/dev/shm" : std::filesystem::temp_directory_path().string()) + "/ieum-image-XXXXXX";
    BOOST_REQUIRE(::mkdtemp(pattern.data()) != nullptr);
    path_ = pattern;
    std::filesystem::copy_file(key_of + "/key", path_ + "/key");
  }
  ~ImageFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  ImageFolder(const ImageFolder&) = delete;
  ImageFolder& operator=(const ImageFolder&) = delete;
  [[nodiscard]] const std::string& path() const { return path_; }

 private:
  std::string path_;
};

// Calls `look` with an image of every fate, at each sync from now on, numbered.
void at_each_sync(const std::function<void(Fate fate, std::uint64_t seed)>& look) {
  CrashVfs::watch([look, at = 0]() mutable {
    ++at;
    for (const Fate fate : {Fate::kept, Fate::dropped, Fate::torn, Fate::reordered}) {
      const int seeds = fate == Fate::kept || fate == Fate::dropped ? 1 : counts::kPowerCutSeeds.now();
      for (int seed = 1; seed <= seeds; ++seed) {
        BOOST_TEST_CONTEXT("sync " << at << ", " << fate << ", seed " << seed) {
          look(fate, static_cast<std::uint64_t>(at * 1'000 + seed));
        }
      }
    }
  });
}

}  // namespace

BOOST_AUTO_TEST_SUITE(power_cut)

BOOST_AUTO_TEST_CASE(STO_01_a_power_cut_at_any_sync_loses_nothing_that_was_answered_and_doubles_nothing) {
  TestHub* hub = nullptr;
  Story story;
  int images = 0;
  at_each_sync([&](Fate fate, std::uint64_t seed) {
    if (hub == nullptr) return;
    const ImageFolder folder(hub->directory());
    CrashVfs::image(folder.path(), fate, seed);
    {
      FakeVendor vendor;
      vendor.messages = hub->vendor.messages;
      Setup setup;
      setup.http = &vendor;
      setup.directory = folder.path();
      setup.alarms = true;
      setup.watches_disk = false;
      TestHub after(std::move(setup));
      after.clock.set(hub->clock.now());
      after.start();
      story.judge(after, vendor);
    }
    BOOST_TEST(store::test::faults_of(folder.path() + "/hub.db") == "");
    ++images;
  });
  TestHub first(on_crash_vfs());
  Story::prepare(first);
  hub = &first;
  story.tell(first);
  CrashVfs::unwatch();
  story.judge(first, first.vendor);
  BOOST_TEST(images > 250);
  BOOST_TEST_MESSAGE(images << " images");
}

// The store cannot be read, or memory runs out, once anywhere in the claim of a call that is due: the call is made later.
BOOST_DATA_TEST_CASE(STO_01_a_claim_that_meets_a_failure_once_fails_no_run,
                     data::make({FaultPlan{Operation::memory, 0}, FaultPlan{Operation::read, 0}}), kind) {
  TestHub hub(on_crash_vfs());
  Story::prepare(hub);
  FaultPlan plan = kind;
  bool reached = true;
  for (plan.at = 1; reached; plan.at += 1 + plan.at / 40) {
    hub.vendor.fates = {FakeVendor::Fate::refuse_503, FakeVendor::Fate::refuse_503};
    hub.deliver("note", R"({"text":"a"})");
    hub.clock.advance(kHour);
    CrashVfs::arm(plan);
    hub.engine->post([&] { hub.hub->tick(); });
    hub.settle();
    reached = CrashVfs::seen() >= plan.at;
    CrashVfs::disarm();
    if (hub.broken) {
      hub.crash();
      hub.start();
    }
    hub.clock.advance(kHour);
    hub.engine->post([&] { hub.hub->tick(); });
    hub.settle();
    hub.wake();
  }
  hub.run_until(hub.clock.now() + kDay);
  const auto totals = *hub.reader->totals();
  BOOST_TEST(totals.runs > 2);
  BOOST_TEST(totals.runs_finished == totals.runs);
}

BOOST_AUTO_TEST_SUITE_END()
