#include "simulation/world.hpp"

#include <algorithm>
#include <filesystem>

#include "simulation/connector.hpp"
#include "simulation/quick_vfs.hpp"
#include "store/crash_vfs.hpp"

namespace ieum::sim {

using store::test::CrashVfs;
using store::test::Fate;

namespace {

constexpr Millis kMonday = 1'767'571'200'000;  // 2026-01-05T00:00:00Z
constexpr std::uint64_t kPowerCutOnceIn = 20;  // seeds: a crash is one of the power
constexpr std::size_t kTurnsMax = 400'000;
constexpr int kCrashesMax = 8;  // an event that is there at ten ends of the process is set aside
constexpr Millis kRestFor = 60 * kDay;

// The same in every world, and not changed by any.
const host::Registry& connectors() {
  static const auto all = make_connectors();
  return *all;
}
ZoneSource& zones() {
  static const auto all = system_zones();
  return *all;
}

}  // namespace

struct World::TraceLog final : Log {
  explicit TraceLog(Trace& to) : trace(to) {}
  void write(Level level, std::string_view message, std::initializer_list<Field> fields) override {
    std::string line = words(level == Level::error ? "log error: " : "log: ", message);
    for (const auto& [name, value] : fields) line += words(" ", name, "=", value);
    trace.line(line);
  }
  Trace& trace;
};

Played play(const Options& options) { return World(options).play(); }

World::World(const Options& options)
    : options_(options),
      dice_(options.seed * 2 + 1),
      hub_random_(options.seed * 2),
      trace_(options.trace),
      timeline_(kMonday),
      ledger_(trace_),
      vendors_(timeline_, dice_, trace_),
      log_(std::make_unique<TraceLog>(trace_)),
      vault_(vault::passing_vault(hub_random_)) {
  trace_.clock = &timeline_;
  vendors_.bug = options.bug;
  disk_.file = options.directory + "/hub.db";
  disk_.vfs = quick_vfs();
  if (options.seed % kPowerCutOnceIn != 0) return;
  disk_.vfs = CrashVfs::kName;
  CrashVfs::watch({});
  disk_.image = [this](const std::string& folder) {
    const auto fate = static_cast<Fate>(dice_.below(4));
    trace_.line(words("the power goes too, fate ", static_cast<int>(fate)));
    CrashVfs::image(folder, fate, static_cast<std::uint64_t>(dice_.below(INT64_MAX)));
    CrashVfs::unwatch();
  };
}

World::~World() {
  process_.reset();
  if (disk_.image) CrashVfs::unwatch();
  for (const char* end : {"", "-wal", "-shm", ".lock"}) std::remove((disk_.file + end).c_str());
}

Played World::play() {
  set_up();
  make_plan();
  const Millis end = timeline_.world() + span_ + 1;
  // Also what a slow machine had not come to by then: what is planned comes before the faults are over.
  while ((timeline_.world() < end || timeline_.next_of_world() < end) && turns_ < kTurnsMax) turn();
  recover();
  if (settle("after all faults")) {
    decide_doubts();
    if (settle("after people decided") && forgets_) {
      second_wave();
      settle("after the second wave");
    }
    if (dice_.percent(30)) {
      crash("once more at the end");
      begin_process();
      settle("after the last start");
    }
  }
  judge();
  return {trace_.problems(), trace_.hash(), trace_.lines()};
}

// One move of anything that can move.
void World::turn() {
  ++turns_;
  if (dies_) {
    crash("the process ended itself");
    return plan(timeline_.world() + dice_.between(100, 5 * kSecond), false, [this] { begin_process(); });
  }
  // Time may pass while something is queued: the machine is slow.
  if (dice_.percent(10) && timeline_.happen(timeline_.world() + (dice_.once_in(4) ? 2 * kSecond : 0), false)) return;
  if (process_ && process_->step()) return;
  if (!advance()) timeline_.move_to(timeline_.world() + kMinute);
}

// Nothing is queued: time passes to the next event. A hub at rest is not woken each minute to see that nothing is due.
bool World::advance() {
  const Millis next = timeline_.next();
  if (next == INT64_MAX) return false;
  if (process_ && process_->idle() && timeline_.next_of_world() > next) {
    Millis due = INT64_MAX;
    if (const auto asked = process_->hub().next_due(); asked.has_value() && *asked)
      due = **asked - timeline_.now() + timeline_.world();
    const Millis target = std::min(due, timeline_.next_of_world());
    if (target != INT64_MAX && target > next) timeline_.move_to(target);
  }
  return timeline_.happen(std::max(next, timeline_.world()), false);
}

// A command waits for the engine: the rest of the world goes on meanwhile.
void World::lend_hand() {
  nested_ = true;
  for (;;) {
    ++turns_;
    if (dice_.percent(8)) timeline_.happen(timeline_.world() + (dice_.once_in(8) ? kSecond : 0), true);
    if (!process_->step()) break;
  }
  nested_ = false;
}

void World::begin_process() {
  if (process_) return;
  trace_.line("the hub starts");
  dies_ = false;
  if (disk_.image) CrashVfs::watch({});
  auto started =
      Process::start({disk_, connectors(), *vault_, zones(), timeline_, hub_random_, vendors_, ledger_, dice_, trace_,
                      *log_, options_.bug, options_.seed % 3 == 0, [this] { lend_hand(); }, [this] { dies_ = true; },
                      [this](std::string_view) {
                        if (dies_once_in_ > 0 && crashes_ < kCrashesMax && dice_.once_in(dies_once_in_)) dies_ = true;
                      }});
  if (started.has_error()) return trace_.problem("the hub does not start: " + started.error().text());
  process_ = std::move(*started);
  process_->store().disk_full = disk_full_;
}

void World::crash(const char* why) {
  if (!process_) return;
  trace_.line(words("CRASH: ", why));
  ++crashes_;
  // What is destroyed tidies up behind itself, and what is killed does not: the file is put back as it was.
  const std::filesystem::path file = disk_.file;
  const auto kept = file.parent_path() / "image";
  const std::string log = disk_.file + "-wal";
  std::filesystem::create_directory(kept);
  if (disk_.image) {
    disk_.image(kept.string());
  } else {
    std::filesystem::copy_file(file, kept / file.filename());
    if (std::filesystem::exists(log)) std::filesystem::copy_file(log, kept / (file.filename().string() + "-wal"));
  }
  process_.reset();
  for (const char* end : {"", "-wal", "-shm"}) std::filesystem::remove(disk_.file + end);
  for (const auto& entry : std::filesystem::directory_iterator(kept))
    std::filesystem::copy_file(entry.path(), file.parent_path() / entry.path().filename());
  std::filesystem::remove_all(kept);
  dies_ = false;
  for (auto& delivery : deliveries_) delivery.under_way = false;
}

void World::stop_gracefully() {
  if (!process_) return;
  trace_.line("the hub is stopped");
  bool stopped = false;
  process_->hub().stop(10 * kSecond, [&] { stopped = true; });
  for (int left = 100'000; !stopped && !dies_ && left > 0; --left) {
    if (!process_->step() && !timeline_.happen(INT64_MAX, true)) break;
  }
  if (!stopped && !dies_) trace_.problem("the hub does not stop within ten seconds");
  if (dies_) return;
  process_->store().close();
  process_.reset();
  for (auto& delivery : deliveries_) delivery.under_way = false;
}

bool World::at_rest() {
  if (!process_ || !process_->idle() || dies_) return false;
  for (const auto& delivery : deliveries_)
    if (delivery.under_way || (delivery.sent > 0 && delivery.taken == 0)) return false;
  if (timeline_.next_of_world() != INT64_MAX) return false;
  const auto totals = process_->reader().totals();
  if (totals.has_error()) return false;
  if (totals->runs_acting + totals->runs_waiting + totals->events_fresh > 0) return false;
  for (const auto& [id, name] : recipe_names_)
    if (const auto pending = process_->reader().absences_pending(id); pending.has_error() || *pending > 0) return false;
  return true;
}

// Time passes until nothing moves any more.
bool World::settle(const char* what) {
  const Millis until = timeline_.world() + kRestFor;
  for (;;) {
    if (process_ && !process_->busy() && at_rest()) return true;
    if (timeline_.world() > until || turns_ > kTurnsMax) break;
    turn();
  }
  trace_.problem(words("I5/I6: the world does not come to rest ", what));
  return false;
}

}  // namespace ieum::sim
