// Schedules: fires the recipes that begin at times of the clock. A firing is an event of the hub's own, accepted and routed
// like any other; its dedupe key and the mark that is stored with it make it happen once. Belongs to the engine.
// After a crash or a pause the mark says what was missed: the newest missed firing, or all of them, are made up for where
// the recipe says so, the others are recorded as `missed`.
#pragma once
#include <atomic>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "runtime/context.hpp"

namespace ieum::runtime {

class Schedules {
 public:
  // delivered: an accepted firing, to be routed. refused: a firing could not be stored; look again in a while.
  Schedules(Context& context, std::function<void(store::EventWithPayload)> delivered, std::function<void()> refused)
      : context_(context), delivered_(std::move(delivered)), refused_(std::move(refused)) {}

  // Fires what is due at or before `until`, which is not after now.
  void pass(Millis until);
  // When the next firing is due; nothing when no recipe has a schedule. As of the last pass. [any-thread]
  [[nodiscard]] std::optional<Millis> next() const;
  [[nodiscard]] bool idle() const { return under_way_ == 0; }

 private:
  // Until when the firings of a recipe are dealt with.
  struct Mark {
    Millis until_ms = 0;
    bool stored = false;
    std::string schedule;  // its times as text: another schedule begins anew
  };
  std::optional<Millis> fire(const LiveRecipe& recipe, Mark& mark, Millis until);
  void switch_off(const LiveRecipe& recipe);
  // Null: the store cannot be read just now.
  Mark* mark_of(const LiveRecipe& recipe, Millis now);
  void accept(const LiveRecipe& recipe, const std::vector<Millis>& firings, bool missed);

  static constexpr Millis kNone = INT64_MAX;
  Context& context_;
  std::function<void(store::EventWithPayload)> delivered_;
  std::function<void()> refused_;
  std::map<Id, Mark> marks_;  // by recipe, while it is on
  std::set<Id> off_;          // recipes that are known to be off
  std::size_t under_way_ = 0;
  std::atomic<Millis> next_{kNone};
};

}  // namespace ieum::runtime
