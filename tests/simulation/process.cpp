#include "simulation/process.hpp"

namespace ieum::sim {

Result<std::unique_ptr<Process>> Process::start(const Surroundings& around) {
  std::unique_ptr<Process> process(new Process(around));
  store::StoreOptions options;
  options.path = around.disk.file;
  options.inline_writer = true;
  options.vfs = around.disk.vfs;
  IEUM_TRY(auto real, store::open_store(std::move(options), around.log));
  process->store_ = std::make_unique<SlowStore>(std::move(real), around.dice, around.trace, around.ledger, around.bug);
  process->store_->on_broken = around.on_broken;
  process->reader_ = process->store_->reader();
  process->engine_.on_lend = around.on_lend;
  runtime::HubParts parts{*process->store_,
                          around.connectors,
                          process->way_out_,
                          around.vault,
                          around.zones,
                          around.timeline,
                          around.random,
                          around.log,
                          process->engine_,
                          nullptr,
                          {},
                          nullptr,
                          nullptr,
                          nullptr};
  parts.alarm = [around](Millis delay_for, std::function<void()> work) {
    if (around.bug == Bug::forgets_timers && around.dice.once_in(15)) return;
    around.timeline.at(around.timeline.world() + delay_for, {std::move(work), true, true});
  };
  parts.passing = around.passing;
  if (around.indexes) parts.behind = &process->behind_;
  process->hub_ = runtime::make_hub(std::move(parts));
  IEUM_CHECK(process->hub_->start());
  return process;
}

Process::~Process() {
  hub_.reset();
  around_.timeline.drop_process();
}

bool Process::step() {
  const auto roll = around_.dice.below(10);
  if (roll < 5 && engine_.run_one()) return true;
  if (roll < 9 && store_->step()) return true;
  return behind_.run_one() || engine_.run_one() || store_->step();
}

}  // namespace ieum::sim
