// Bulk: one deed for many runs: planned (what would happen is shown), then begun by its plan, in slices, at a rate when one is wanted.
// What moved since it was planned is left alone and said so.
// Plans live in memory: a restart forgets them, and what was done stays done. Owner: Api. [commands thread, but for view()]
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
#include "server/effects.hpp"
#include "store/reader.hpp"

namespace ieum::server {

class Bulk : public std::enable_shared_from_this<Bulk> {
 public:
  static constexpr std::size_t kRunsMax = 10'000;
  static constexpr std::size_t kPlansMax = 16;  // the oldest gives way
  static constexpr Millis kPlanFor = 10 * kMinute;

  explicit Bulk(Api& api) : api_(api) {}

  // action: retry, skip, fail, cancel, replay. Either the runs, or those that meet the filter. Error "bad_body".
  Result<Value> preview(store::Reader& reader, const std::string& action, const store::RunFilter& filter,
                        const std::vector<Id>& runs, const std::string& by);
  // per_minute 0: as fast as it goes. Errors "unknown_plan", "plan_used".
  Result<Value> begin(const std::string& plan, std::int64_t per_minute);
  Result<Value> view(const std::string& plan);
  Result<Value> stop(const std::string& plan);
  void end();  // nothing more is begun

 private:
  struct Item {
    Id run = 0;
    std::int64_t rev = 0, nth = 0;
  };
  struct Plan {
    std::string id, action, by;
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
