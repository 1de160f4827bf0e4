// Bulk: one deed for many runs: planned (what would happen is shown), then begun by its plan, in slices, at a rate when one is wanted.
// What moved since it was planned is left alone and said so. A plan outlives the session that it was begun in, but not the role of
// who began it.
// Plans live in memory: a restart forgets them, and what was done stays done. Owner: Api. [any-thread, but for preview()]
#pragma once
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "base/error.hpp"
#include "base/value.hpp"
#include "runtime/hub.hpp"
#include "server/caller.hpp"
#include "server/effects.hpp"
#include "store/reader.hpp"

namespace ieum::server {

class Bulk : public std::enable_shared_from_this<Bulk> {
 public:
  static constexpr std::size_t kRunsMax = 10'000;
  static constexpr std::size_t kPagesMax =
      50;  // of the search, each of at most 500 runs found and some 20,000 looked at; then a plan is capped
  static constexpr std::size_t kPlansMax =
      16;  // the oldest that was not begun gives way, then the oldest that does not run
  static constexpr Millis kPlanFor = 10 * kMinute;

  explicit Bulk(Api& api) : api_(api) {}

  struct Wanted {
    std::string action;  // retry, skip, fail, cancel, replay
    std::string q;       // as it was asked, for people
    store::RunFilter filter;
    std::vector<Id> runs;  // instead of the filter
  };
  // Errors "bad_body"; "too_busy" when kPlansMax of them run. [commands]
  Result<Value> preview(store::Reader& reader, const Wanted& wanted);
  // per_minute 0: as fast as it goes. Errors "unknown_plan", "plan_used".
  Result<Value> begin(const std::string& plan, std::int64_t per_minute, const Caller& caller);
  Result<Value> view(const std::string& plan);
  Result<Value> stop(const std::string& plan);
  // Those that were begun, the newest first.
  [[nodiscard]] List list();
  // What a plan is, in a few words: action, total, q.
  [[nodiscard]] Map told(const std::string& plan);
  void end();  // nothing more is begun

 private:
  struct Item {
    Id run = 0;
    std::int64_t rev = 0, nth = 0;
  };
  struct Plan {
    std::string id, action, q;
    Caller by;  // who began it
    Millis made_ms = 0;
    std::vector<Item> items;
    bool capped = false;
    enum class State { planned, running, stopped, done } state = State::planned;
    std::int64_t per_minute = 0;
    std::size_t next = 0;
    std::int64_t done = 0, failed = 0;
    List problems;  // the first of them
  };
  using PlanPtr = std::shared_ptr<Plan>;

  void slice(const PlanPtr& plan);
  void act_on(Plan& plan, const std::vector<Item>& items);
  Result<PlanPtr> find(const std::string& plan);
  static Value plan_view(const Plan& plan);

  Api& api_;
  std::mutex mutex_;  // of plans_ and what is in them
  std::map<std::string, PlanPtr> plans_;
  bool ended_ = false;
};

}  // namespace ieum::server
