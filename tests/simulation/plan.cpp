// What happens when in a world: its connections and recipes, then a plan of deliveries, moods, deeds and faults.
#include <algorithm>

#include "simulation/connector.hpp"
#include "simulation/world.hpp"

namespace ieum::sim {
namespace {
constexpr const char* kUrlToken = "token-of-the-senders";
}  // namespace

void World::set_up() {
  begin_process();
  if (!process_) return;
  auto& hub = process_->hub();
  for (const char* connector : {"alpha", "beta", "gamma"}) {
    vendors_.token[connector] = "token-1";
    vendors_.moods[connector] = Mood::well;
  }
  for (const auto& door : kDoors) {
    runtime::NewConnection connection;
    connection.name = door.connection;
    connection.connector = door.connector;
    connection.config = Map{};
    connection.secrets.emplace_back("url_token", Secret(kUrlToken));
    connection.secrets.emplace_back("api_token", Secret("token-1"));
    const auto put = hub.put_connection(connection);
    if (put.has_error()) return trace_.problem("no connection: " + put.error().text());
    connection_names_[*put] = door.connection;
  }
  forgets_ = dice_.percent(12);
  if (const auto set = hub.set_retention(forgets_ ? 1 : 0, forgets_ ? 7 : 0, 0); set.has_error())
    trace_.problem("no retention: " + set.error().text());
  for (auto left = dice_.between(2, 6); left > 0; --left) {
    auto recipe = draw_recipe(dice_, static_cast<int>(recipes_.size()));
    trace_.line(recipe.source);
    const auto applied = hub.apply_recipe(recipe.source, recipe::Format::yaml, recipe.name + ".yaml");
    if (applied.has_error()) {
      std::string why = applied.error().text();
      trace_.problem("a drawn recipe is refused: " + why + "\n" + recipe.source);
      continue;
    }
    recipe_names_[applied->recipe] = recipe.name;
    recipes_.push_back(std::move(recipe));
  }
}

void World::plan(Millis at, bool nests, std::function<void()> work) {
  timeline_.at(at, {std::move(work), false, nests});
}

void World::make_plan() {
  const Millis start = timeline_.world();
  span_ = dice_.of<Millis>({20 * kMinute, 2 * kHour, 12 * kHour, 3 * kDay});
  for (const auto& recipe : recipes_)
    if (recipe.scheduled) span_ = std::min(span_, 12 * kHour);
  // Much of it comes together.
  const Millis storm = start + dice_.between(0, span_);
  const Millis lasts = dice_.of<Millis>({20 * kSecond, 3 * kMinute, 30 * kMinute});
  const bool stormy = dice_.percent(70);
  const auto any_time = [&] {
    const Millis at = stormy && dice_.percent(60) ? storm + dice_.between(0, lasts) : start + dice_.between(0, span_);
    return std::min(at, start + span_);
  };
  if (dice_.percent(20)) dies_once_in_ = static_cast<int>(dice_.of<std::int64_t>({5, 20, 60}));
  const bool stepped = dice_.percent(25);
  vendors_.at_once = stepped;
  vendors_.on_done = [this](const std::string& vendor, const std::string& key) {
    if (!dice_.percent(30)) return;
    plan(timeline_.world() + dice_.between(0, 30 * kMinute), true, [this, vendor, key] {
      const auto uid = words("answer", deliveries_.size());
      Delivery answer;
      answer.uid = answer.key = uid;
      for (const auto& door : kDoors)
        if (vendor == door.connector) answer.connection = door.connection;
      answer.topic = "answers";
      answer.body = words(R"({"uid":")", uid, R"(","n":1,"key":"k","list":[],"step_key":")", key, R"("})");
      deliveries_.push_back(std::move(answer));
      send(deliveries_.size() - 1);
    });
  };
  Millis at = any_time();
  for (auto left = dice_.between(3, 24); left > 0; --left) {
    if (!dice_.percent(40)) at = any_time();  // some come together
    plan_delivery(at);
  }
  for (auto left = dice_.between(0, 9); left > 0; --left) {
    const auto vendor = dice_.of({"alpha", "beta", "gamma"});
    const auto mood = static_cast<Mood>(dice_.below(kMoods));
    const Millis from = any_time();
    plan(from, true, [this, vendor, mood] {
      trace_.line(words(vendor, " is ", name_of(mood)));
      vendors_.moods[vendor] = mood;
    });
    if (dice_.percent(80))
      plan(from + dice_.between(kSecond, span_ / 2), true, [this, vendor] { vendors_.moods[vendor] = Mood::well; });
  }
  for (auto left = dice_.between(0, 16); left > 0; --left) plan(any_time(), false, [this] { some_deed(); });
  for (auto left = dice_.between(0, 5); left > 0; --left) {
    const bool gently = dice_.percent(25);
    const Millis down_for = dice_.percent(80) ? dice_.between(10, 5 * kSecond) : dice_.between(kMinute, span_ / 2);
    plan(any_time(), false, [this, gently, down_for] {
      if (!process_ || crashes_ >= 8) return;
      if (gently) stop_gracefully();
      if (process_) crash("killed");
      plan(timeline_.world() + down_for, false, [this] { begin_process(); });
    });
  }
  if (dice_.percent(25)) {
    const Millis from = any_time();
    plan(from, true, [this] {
      trace_.line("the disk is full");
      disk_full_ = true;
      if (process_) process_->store().disk_full = true;
    });
    plan(from + dice_.between(10, 2 * kMinute), true, [this] {
      trace_.line("there is room again");
      disk_full_ = false;
      if (process_) process_->store().disk_full = false;
    });
  }
  if (dice_.percent(15))
    plan(any_time(), true, [this] {
      if (process_) process_->store().breaks_next = true;
    });
  if (stepped) {
    for (auto left = dice_.between(1, 3); left > 0; --left) {
      const Millis by = dice_.of<Millis>({-kHour, -5 * kMinute, -kSecond, kSecond, 5 * kMinute, kHour, 2 * kDay});
      plan(any_time(), true, [this, by] {
        trace_.line(words("the clock is set by ", by));
        timeline_.step_clock(by);
      });
    }
  }
  if (dice_.percent(20)) {
    const auto vendor = dice_.of({"alpha", "beta", "gamma"});
    const Millis from = any_time();
    plan(from, true, [this, vendor] {
      trace_.line(words(vendor, " takes another token from now on"));
      vendors_.token[vendor] += "x";
    });
    if (dice_.percent(70)) plan(from + dice_.between(kMinute, span_), false, [this, vendor] { mend(vendor); });
  }
}

// When all that was has been forgotten, the hub starts anew and is told more.
void World::second_wave() {
  const Millis later = timeline_.world() + 3 * kDay;
  plan(later, false, [this] {
    crash("after a quiet time");
    begin_process();
  });
  for (auto left = dice_.between(1, 4); left > 0; --left) plan_delivery(later + dice_.between(kSecond, kHour));
}

// From here on nothing goes wrong any more, and who can mend something does.
void World::recover() {
  trace_.line("all faults are over");
  disk_full_ = false;
  dies_once_in_ = 0;
  if (dies_) crash("the process ended itself");
  begin_process();
  if (!process_) return;
  process_->store().disk_full = process_->store().breaks_next = false;
  for (auto& [vendor, mood] : vendors_.moods) mood = Mood::well;
  while (process_->step()) {}
  for (const auto& recipe : recipes_)
    if (recipe.scheduled) (void)process_->hub().enable_recipe(recipe.name, false);
  for (const char* connector : {"alpha", "beta", "gamma"}) mend(connector);
  const auto holds = process_->reader().holds();
  if (holds.has_error()) return;
  for (const auto& hold : *holds)
    if (const auto released = process_->hub().release_hold(hold.id, 0, {}, ""); released.has_error())
      trace_.line("a hold is not released: " + released.error().text());
}

}  // namespace ieum::sim
