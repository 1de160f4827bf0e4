// Context: what the engine-side parts of the runtime share. Everything in it belongs to the engine executor, but for `live`,
// `arrivals` and the parts that say any-thread themselves.
#pragma once
#include <atomic>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "audience/policy.hpp"
#include "audience/tracking.hpp"
#include "runtime/arrivals.hpp"
#include "runtime/hosts.hpp"
#include "runtime/hub.hpp"
#include "runtime/intake_budget.hpp"
#include "runtime/key_locks.hpp"
#include "runtime/live.hpp"
#include "runtime/quota.hpp"
#include "runtime/recent_events.hpp"

namespace ieum::runtime {

class Tokens;

class Context {
 public:
  explicit Context(HubParts hub_parts);
  ~Context();

  HubParts parts;
  std::unique_ptr<store::Reader> reader;
  std::shared_ptr<IntakeBudget> intake;
  KeyLocks locks;
  Arrivals arrivals;
  Quota quota;
  Hosts hosts;
  Secret receipt_key;
  Secret touch_key;       // signs the addresses in messages
  std::string first_hop;  // hops_text of 1, which nearly every call says
  std::string hub_id;     // part of every step key, so that two hubs never share one
  Millis started_ms = 0;
  Id restored_run = 0;  // runs up to this one are of a backup that was restored; 0: none was
  std::atomic<bool> stopping{false};
  std::atomic<bool> intake_closed{false};    // the disk has no room: no delivery is taken, nothing is polled
  std::atomic<std::uint64_t> deliveries{0};  // that came in so far

  // Names of events that something has listened for by key since the hub began, or did then: others are not looked up. [engine]
  std::unordered_set<std::string> listened;
  Status read_listened();

  // What the owner decided for all messages to customers: as parts say it, or as it was stored. [engine]
  audience::Policy policy;
  Status read_policy();

  // Events read a moment ago: a run that goes from step to step reads its trigger again and again. [engine]
  RecentEvents recent;

  [[nodiscard]] std::shared_ptr<const Live> live() const;
  void set_live(std::shared_ptr<const Live> live);

  // The compiled program of a version: a current one from `live`, an older one read from the store and kept.
  Result<std::shared_ptr<const recipe::Program>> program(Id recipe, Id version);

  // Submits a unit; `done` runs on the engine after the commit.
  void commit(store::Unit unit, std::function<void(const store::UnitOutcome&)> done);
  [[nodiscard]] std::size_t commits_pending() const { return commits_pending_; }

  // Reads everything (then: one connection) anew and puts it in force. Whoever comes last has read last. `reader` is the
  // caller's own. [any-thread]
  Status reload(store::Reader& of_caller);
  Status reload_connection(Id connection);  // [engine]
  Status reload_holds();                    // [engine]
  // A connection died or was mended. [engine]
  std::function<void()> health_changed;

  Tokens* tokens = nullptr;  // set before anything is sent
  // Somebody must mend the connection; its steps are held from now on. [engine]
  std::function<void(Id connection, const std::string& problem)> connection_died;
  // What its deliveries say otherwise than the connection; "" when they say the same. [engine]
  std::function<void(Id connection, const std::string& drift)> deliveries_drift;
  // Held runs whose connection is alive, or gone, go on. [engine]
  std::function<void()> wake_held;

  // A run that its host had sent away may come now; false when it sleeps no more. [engine]
  std::function<bool(Id run)> wake_away;

  // Whether what is not begun yet had better wait for eased, or for an alarm of its own.
  [[nodiscard]] bool crowded() const { return parts.alarm && hosts.crowded(now()); }
  // Hosts are crowded no more. [engine]
  std::function<void()> eased;

  // Called on the engine whenever something that was under way has ended.
  std::function<void()> progressed;

  // Tells subscribers of live views. [engine]
  std::function<void(const RunNews&)> tell;
  void tell_run(const store::RunRow& run) const;

  [[nodiscard]] Millis now() const { return parts.clock.now(); }
  void passing(std::string_view point) const {
    if (parts.passing) parts.passing(point);
  }
  void working_on(const std::string& unit) const {
    if (parts.watchdog != nullptr) parts.watchdog->working_on(unit);
  }

 private:
  std::mutex loading_;
  std::shared_ptr<const Live> live_;  // never null
  std::unordered_map<Id, std::shared_ptr<const recipe::Program>> older_;
  std::size_t commits_pending_ = 0;
};

// Where the audience's setting is kept.
inline constexpr const char* kAudienceSetting = "settings.audience";

// The lock key under which a run's transitions happen.
std::string run_lock(const store::RunRow& run);

}  // namespace ieum::runtime
