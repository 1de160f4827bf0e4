// Deeds: what people decide about runs, recipes and connections, at any moment.
#include "simulation/connector.hpp"
#include "simulation/world.hpp"

namespace ieum::sim {
namespace {

constexpr const char* kPerson = "kim";

std::string outcome_of(const Status& status) { return status.has_error() ? status.error().code : "done"; }

}  // namespace

Id World::some_run() {
  const auto& runs = ledger_.runs();
  if (runs.empty()) return 0;
  // Of those that live, when there are any.
  std::vector<Id> live, all;
  for (const auto& [id, run] : runs) (store::is_terminal(run.state) ? all : live).push_back(id);
  if (!live.empty() && (all.empty() || dice_.percent(75))) return dice_.of(live);
  return dice_.of(all);
}

void World::some_deed() {
  using Kind = runtime::RunDeed::Kind;
  if (!process_ || dies_) return;
  const auto roll = dice_.below(100);
  const Id run = some_run();
  if (roll < 20 && run != 0) return repair(run, Kind::cancel);
  if (roll < 55 && run != 0)
    return repair(run, dice_.of<Kind>({Kind::retry, Kind::retry, Kind::resume, Kind::skip, Kind::fail, Kind::look_up}));
  if (roll < 68 && run != 0) return replay(run);
  if (roll < 85) return some_hold();
  some_recipe();
}

void World::repair(Id run, runtime::RunDeed::Kind kind) {
  runtime::RunDeed deed;
  deed.kind = kind;
  deed.by = kPerson;
  if (kind == runtime::RunDeed::Kind::resume) deed.output = Map{{"ok", true}};
  trace_.line(words("deed ", static_cast<int>(kind), " on run ", run));
  if (kind == runtime::RunDeed::Kind::retry) {
    // A person may let an act happen once more.
    for (const auto& [id, step] : ledger_.steps())
      if (step.run == run && step.state != store::StepState::done) ++allowed_[step.key];
  }
  const auto status = process_->hub().repair_run(run, deed);
  trace_.line("deed: " + outcome_of(status));
}

void World::replay(Id run) {
  const auto replays = process_->reader().replays(run);
  if (replays.has_error()) return;
  const auto begun = process_->hub().replay_run(run, store::next_replay(*replays), kPerson);
  trace_.line(words("replay of run ", run, ": ", begun.has_error() ? begun.error().code : words("run ", *begun)));
}

void World::some_hold() {
  const auto holds = process_->reader().holds();
  if (holds.has_error()) return;
  if (!holds->empty() && dice_.percent(50)) {
    const auto hold = dice_.of(*holds);
    const auto rate = dice_.of<std::int64_t>({0, 1, 20});
    const auto expire = dice_.percent(30) ? std::optional<Millis>(dice_.between(1, kHour)) : std::nullopt;
    const auto then = dice_.of({"", "skip", "cancel"});
    const auto status = process_->hub().release_hold(hold.id, rate, expire, then);
    return trace_.line(words("release of hold ", hold.id, " at ", rate, ": ", outcome_of(status)));
  }
  store::HoldRow hold;
  hold.kind = dice_.of({"recipe", "connection", "connector"});
  hold.name = hold.kind == "connector" ? dice_.of({"alpha", "beta", "gamma"}) : dice_.of({"a1", "a2", "b1", "c1"});
  if (hold.kind == "recipe") {
    if (recipes_.empty()) return;
    hold.name = dice_.of(recipes_).name;
  }
  hold.made_by = kPerson;
  if (dice_.percent(30)) hold.until_ms = timeline_.now() + dice_.between(kSecond, 3 * kHour);
  if (dice_.percent(30)) hold.expire_after_ms = dice_.between(kMinute, 3 * kHour);
  if (dice_.percent(30)) hold.expire_then = "cancel";
  const auto put = process_->hub().put_hold(hold);
  trace_.line(words("hold of ", hold.kind, " ", hold.name, ": ", put.has_error() ? put.error().code : words(*put)));
}

void World::some_recipe() {
  if (recipes_.empty()) return;
  auto& recipe = const_cast<DrawnRecipe&>(dice_.of(recipes_));
  auto& hub = process_->hub();
  if (!recipe.exact && dice_.percent(40)) {
    const bool on = off_.contains(recipe.name);
    const auto status = hub.enable_recipe(recipe.name, on);
    trace_.line(words("recipe ", recipe.name, on ? " on: " : " off: ", outcome_of(status)));
    if (status.has_error()) return;
    on ? static_cast<void>(off_.erase(recipe.name)) : static_cast<void>(off_.insert(recipe.name));
    return;
  }
  const int edition = ++editions_[recipe.name];
  const auto become = dice_.of<runtime::RunsBecome>(
      {runtime::RunsBecome::stay, runtime::RunsBecome::move, runtime::RunsBecome::cancel});
  const auto applied = hub.apply_recipes({{edited(recipe, edition), recipe::Format::yaml, recipe.name}}, become);
  trace_.line(words("edition ", edition, " of ", recipe.name, ", runs ", static_cast<int>(become), ": ",
                    applied.has_error() ? applied.error().code : "done"));
}

// A person enters the token that the vendor takes.
void World::mend(const std::string& connector) {
  if (!process_) return;
  for (const auto& door : kDoors) {
    if (connector != door.connector) continue;
    const auto status =
        process_->hub().rotate_secret(door.connection, "api_token", Secret(vendors_.token[connector]), true, 0);
    trace_.line(words("new token for ", door.connection, ": ", outcome_of(status)));
  }
}

void World::decide_doubts() {
  using Kind = runtime::RunDeed::Kind;
  if (!process_) return;
  for (const auto& [id, run] : std::map(ledger_.runs()))
    if (run.state == store::RunState::in_doubt && dice_.percent(60))
      repair(id, dice_.of<Kind>({Kind::retry, Kind::resume, Kind::skip, Kind::fail, Kind::look_up, Kind::cancel}));
}

}  // namespace ieum::sim
