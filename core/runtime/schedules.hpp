// Schedules: fires the recipes that begin at times of the clock. A firing is an event of the hub's own, accepted and routed
// like any other; its dedupe key and the mark that is stored with it make it happen once. Belongs to the engine.
// After a crash or a pause the mark says what was missed: the newest missed firing is made up for where the recipe says
// so, the others are recorded as `missed`.
#pragma once
#include <atomic>
#include <functional>
#include <map>
#include <optional>

#include "runtime/context.hpp"

namespace ieum::runtime {

class Schedules {
 public:
  // delivered: an accepted firing, to be routed.
  Schedules(Context& context, std::function<void(store::EventWithPayload)> delivered)
      : context_(context), delivered_(std::move(delivered)) {}

  // Fires what is due now.
  void pass();
  // When the next firing is due; nothing when no recipe has a schedule. As of the last pass. [any-thread]
  [[nodiscard]] std::optional<Millis> next() const;
  [[nodiscard]] bool idle() const { return under_way_ == 0; }

 private:
  // Until when the firings of a recipe are dealt with.
  struct Mark {
    Millis until_ms = 0;
    bool stored = false;
    std::string schedule;  // hash of its recipe: another one begins anew
  };
  std::optional<Millis> fire(const LiveRecipe& recipe, Mark& mark, Millis now);
  void store_mark(const LiveRecipe& recipe, Millis until_ms, bool on);
  Mark& mark_of(const LiveRecipe& recipe, Millis now);
  void accept(const LiveRecipe& recipe, Millis scheduled_ms, bool missed, Millis now);

  static constexpr Millis kNone = INT64_MAX;
  Context& context_;
  std::function<void(store::EventWithPayload)> delivered_;
  std::map<Id, Mark> marks_;  // by recipe
  std::size_t under_way_ = 0;
  std::atomic<Millis> next_{kNone};
};

}  // namespace ieum::runtime
