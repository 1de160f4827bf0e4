// Counts: how often the suites that go round and round do so: short ones in `make test`, long ones with IEUM_LONG=1.
#pragma once
#include <cstdlib>

namespace ieum::test {

struct Count {
  int quick, full;
  [[nodiscard]] int now() const { return std::getenv("IEUM_LONG") != nullptr ? full : quick; }
};

namespace counts {

// Simulator: seeds; seeds that are played twice, to see that they come out the same.
inline constexpr Count kSeeds{500, 10'000};
inline constexpr Count kSeedsTwice{20, 200};
// Within how many seeds a bug that was planted must be found.
inline constexpr int kSeedsPerBug = 100;
// Runs that are cancelled at the instant at which their timer fires.
inline constexpr Count kCancelRaces{10'000, 100'000};
// Clients that drip at the public door at once; deliveries beside a console that pages (the full ones at 200 a second); how many are
// accepted before the hub is asked to end.
inline constexpr Count kDripping{150, 2'000};
inline constexpr Count kBesideAConsole{200, 12'000};
inline constexpr Count kBeforeTheEnd{500, 10'000};

// Rounds in which the binary is killed under load.
inline constexpr Count kKillRounds{20, 1'000};
// Power cuts: images of the disk at each sync, of each fate that has chance in it.
inline constexpr Count kPowerCutSeeds{1, 50};
// Flipped bits and zeroed pages.
inline constexpr Count kDamageSeeds{150, 4'000};
// Places of a story where memory runs out; all of them when there are fewer.
inline constexpr Count kMemoryFailures{40, 1'000};
// Runs among which the claim of the next one costs the same as among a thousand.
inline constexpr Count kClaimRuns{50'000, 1'000'000};

// Seconds at half load, in which nothing may grow.
inline constexpr Count kSoakSeconds{18, 600};

// Runs of which retention takes 95 of a hundred; how far apart the writes are from which on a disk is full.
inline constexpr Count kPrunedRuns{6'000, 1'000'000};
inline constexpr Count kFullDiskApart{13, 1};

}  // namespace counts
}  // namespace ieum::test
