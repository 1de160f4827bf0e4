// Subscriptions: webhooks that the hub makes at vendors and keeps alive. Each is looked after at the start, when its connection, the
// hub's address or the topics that recipes listen for changed, at an interval, and before it runs out; one whose element left the
// connection's list is removed at the vendor. What fails is tried again, less and less often, and shown; one of a dead connection
// sleeps, and is due at once when the connection is mended. One whose module ended the process rests as a poll does.
// `ensure` may be called any number of times: after a crash it is called again. Belongs to the engine, but for view() and next().
#pragma once
#include <atomic>
#include <functional>
#include <map>
#include <mutex>
#include <string>

#include "runtime/context.hpp"
#include "runtime/due_plan.hpp"

namespace ieum::runtime {

class Subscriptions {
 public:
  Subscriptions(Context& context, std::function<void(Millis)> due) : context_(context), due_(std::move(due)) {}

  // Connections or recipes changed. The first call reads what is known.
  void refresh();
  // Looks after what is due.
  void pass();
  // Removes all of a connection that is about to go; `done` when each was tried once. [engine]
  void remove_all(Id connection, std::function<void()> done);
  [[nodiscard]] std::optional<Millis> next() const;  // [any-thread]
  [[nodiscard]] bool idle() const { return plan_.idle(); }
  // [{"subscription", "item", "due_ms" (null while it sleeps), "last_ok_ms", "failures", "problem", "note"}] [any-thread]
  [[nodiscard]] List view(Id connection) const;

 private:
  struct Entry {
    store::SubscriptionRow row;
    Millis every_for = kDay;
    std::string wanted_for;              // what it is to be made with, as row.ensured_for says it
    bool leaving = false;                // its element is gone: removed at the vendor, then forgotten
    bool asleep = false;                 // its connection is dead, or nobody has logged in yet
    std::string_view hint;               // what would be better, where nothing is wrong
    std::map<std::string, int> secrets;  // versions that it was last tried with
  };

  [[nodiscard]] const host::Subscription* spec(const ChoreKey& key,
                                               std::shared_ptr<const LiveConnection>& connection) const;
  void begin(const ChoreKey& key);
  void call(const ChoreKey& key, const std::shared_ptr<const LiveConnection>& connection, const std::string& operation,
            std::function<void(host::Effect)> done);
  void ensured(const ChoreKey& key, const std::string& made_for, const host::Effect& effect);
  void removed(const ChoreKey& key, const host::Effect& effect);
  void failed(const ChoreKey& key, const host::FailEffect& fail);
  void set_aside();  // those that ended the former process
  void forget(const ChoreKey& key);
  void save(const Entry& entry);
  void put_due(const ChoreKey& key, Entry& entry, Millis due);
  void after();
  void show();

  static constexpr Millis kNone = INT64_MAX;
  Context& context_;
  std::function<void(Millis)> due_;
  std::map<ChoreKey, Entry> entries_;
  DuePlan plan_;
  bool loaded_ = false;
  std::atomic<Millis> next_{kNone};
  mutable std::mutex view_mutex_;
  std::map<Id, List> view_;
};

}  // namespace ieum::runtime
