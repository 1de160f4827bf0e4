// Router: ROUTE. Takes accepted deliveries, each connection's in arrival order and the connections by turns, reads their events
// and finds whom they are about. An event ends the runs that it is an exit of, goes on with the waits that it was awaited by,
// reaches goals, calls off pending absences and begins or restarts others, and starts runs: all in one unit a delivery. One
// customer's deliveries are routed one after the other, others beside them. While hosts are crowded nothing new is taken.
// Belongs to the engine.
// After a crash: a delivery is routed or it is still fresh; recovery enqueues the fresh ones again.
#pragma once
#include <functional>
#include <memory>
#include <optional>

#include "runtime/advance.hpp"
#include "runtime/context.hpp"
#include "runtime/fair_queue.hpp"
#include "runtime/key_locks.hpp"
#include "runtime/loops.hpp"
#include "runtime/people.hpp"

namespace ieum::runtime {

// What a run needs to be acted on at once, without reading it again.
struct OpenedRun {
  store::RunRow run;
  store::StepRow step;
  std::shared_ptr<const recipe::Program> program;
  bool again = false;  // not the first attempt of this step: the gate judges it again
  Millis turn_ms = 0;  // of one that waited: until when, as this process said; 0 when another did
  Value inputs;        // of the step, when they are at hand; null: read them from its row
};

// A delivery that is in the store. There may be very many of them: what is not at hand is read when its turn comes.
struct Arrival {
  struct AtHand {
    store::EventWithPayload stored;
    Value read;  // its body, when accepting it read it
  };
  explicit Arrival(const store::EventRow& row)
      : event(row.id), connection_id(row.connection), received_ms(row.received_ms) {}
  Arrival(store::EventWithPayload stored, Value read) : Arrival(stored.event) {
    at_hand = std::make_unique<AtHand>(AtHand{std::move(stored), std::move(read)});
  }

  // Nothing of it stays at hand.
  void leave_to_the_store() {
    at_hand.reset();
    if (share) share->shrink(0);
  }

  Id event = 0;
  Id connection_id = 0;
  Millis received_ms = 0;  // must be in context.arrivals
  std::unique_ptr<AtHand> at_hand;
  std::shared_ptr<IntakeBudget::Share> share;  // null: of the hub's own making, or of an earlier process
  std::function<void()> done;                  // when it is routed, or set aside
  int tries = 0;
};

class Router {
 public:
  // act: a committed INTENT to act on. due: a committed timer. settled: a delivery left the backlog.
  struct Links {
    std::function<void(OpenedRun)> act;
    std::function<void(Millis)> due;
    std::function<void()> settled;
    std::function<bool(Id run)> in_flight;
    std::function<void()> held;                            // a recipe was put on hold
    std::function<void(const store::FanOutRow&)> fan_out;  // a schedule with an audience has fired
  };
  Router(Context& context, Links links) : context_(context), links_(std::move(links)) {}

  void enqueue(Arrival arrival);
  // Sets a delivery aside without reading it.
  void bury(Arrival arrival, std::string reason);
  // Takes what waits, as far as there is room.
  void pump();
  [[nodiscard]] bool idle() const { return backlog_.empty() && under_way_ == 0; }

 private:
  struct Delivery;
  struct Plan;
  using DeliveryPtr = std::shared_ptr<Delivery>;

  void look_again_later();
  void read(DeliveryPtr delivery);
  void release(Delivery& delivery);
  void decide(DeliveryPtr delivery);
  Result<Plan> plan(Delivery& delivery);
  Status plan_consents(Delivery& delivery, Plan& plan);
  Status plan_own(Delivery& delivery, Plan& plan);  // route_own.cpp
  static void note_facts(Delivery& delivery, Plan& plan);
  void pass_over(DeliveryPtr delivery, const store::UnitOutcome& outcome);
  // route_people.cpp: whom it is about
  [[nodiscard]] std::vector<IdentityKey> believed(const host::HubEvent& item,
                                                  const std::vector<std::pair<std::string, std::string>>& raw) const;
  std::vector<IdentityKey> item_keys(const Delivery& delivery, std::size_t item, const std::vector<std::string>& names);
  void find_people(DeliveryPtr delivery);
  Status find_who_is_met(Delivery& delivery, std::vector<std::string>& locks);
  void merge(DeliveryPtr delivery);
  Result<Plan> plan_merge(Delivery& delivery, const Sameness& same);
  Status plan_shared_runs(Delivery& delivery, const store::MergeRow& merge, Plan& plan);
  Status plan_shared_absences(const store::MergeRow& merge, Plan& plan);
  void find_starts(Delivery& delivery, std::size_t item, const std::vector<std::string>& names,
                   std::vector<std::string>& locks);
  // route_open_runs.cpp: what an event does to what is there
  struct Found;
  Status find_listeners(Delivery& delivery, std::size_t item);
  Result<std::vector<Found>> find_open_runs(Delivery& delivery, std::size_t item);
  Status plan_open_runs(Delivery& delivery, std::size_t item, Plan& plan);
  Status plan_open_run(Delivery& delivery, std::size_t item, const Found& found, Plan& plan);
  static std::vector<store::ToldRow> told_rows(const Delivery& delivery, std::size_t item, Id run);
  static void keep_told(const Delivery& delivery, std::size_t item, const Found& found, Plan& plan);
  Status plan_end(const Delivery& delivery, const store::RunRow& run, std::string reason, std::string code, Plan& plan);
  Status plan_goals(Delivery& delivery, std::size_t item, Plan& plan);
  // route_starts.cpp: what an event begins, and absences that it ends
  Status plan_absences(Delivery& delivery, std::size_t item, Plan& plan);
  // It starts itself: what it does outward waits for a person.
  void hold_recipe(const LiveRecipe& recipe, const std::string& why, Plan& plan) const;
  Status plan_start(Delivery& delivery, std::size_t start, Plan& plan);
  Status plan_absence(Delivery& delivery, std::size_t start, Plan& plan);
  void again(DeliveryPtr delivery);
  void later(DeliveryPtr delivery);
  void settle(DeliveryPtr delivery, store::EventState state, std::string reason);
  void finish(DeliveryPtr delivery);

  Context& context_;
  Links links_;
  FairQueue<Id, Arrival> backlog_;  // by connection
  std::size_t payload_bytes_ = 0;   // of the backlog's deliveries that are at hand
  bool takes_ = false;              // its turn comes
  bool looks_again_ = false;        // an alarm is set
  std::size_t under_way_ = 0;
  Loops loops_;
};

}  // namespace ieum::runtime
