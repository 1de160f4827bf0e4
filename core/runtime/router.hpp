// Router: ROUTE. Takes accepted deliveries in arrival order, reads their events, finds whom they are about, ends the runs
// that they end and starts the runs that they start, all in one unit a delivery. One customer's deliveries are routed one
// after the other, others beside them. Belongs to the engine.
// After a crash: a delivery is routed or it is still fresh; recovery enqueues the fresh ones again.
#pragma once
#include <deque>
#include <functional>
#include <memory>
#include <optional>

#include "runtime/advance.hpp"
#include "runtime/context.hpp"
#include "runtime/key_locks.hpp"

namespace ieum::runtime {

// What a run needs to be acted on at once, without reading it again.
struct OpenedRun {
  store::RunRow run;
  store::StepRow step;
  std::shared_ptr<const recipe::Program> program;
  bool again = false;  // not the first attempt of this step: the gate judges it again
};

class Router {
 public:
  // act: a committed INTENT to act on. due: a committed timer. settled: a delivery left the backlog.
  struct Links {
    std::function<void(OpenedRun)> act;
    std::function<void(Millis)> due;
    std::function<void()> settled;
    std::function<bool(Id run)> in_flight;
  };
  Router(Context& context, Links links) : context_(context), links_(std::move(links)) {}

  // `stored` is the delivery when it is at hand; else it is read. `received_ms` must be in context.arrivals.
  void enqueue(Id event, Millis received_ms, std::optional<store::EventWithPayload> stored,
               std::function<void()> done = {});
  // Sets a delivery aside without reading it.
  void bury(Id event, Millis received_ms, std::string reason, std::function<void()> done);
  [[nodiscard]] bool idle() const { return backlog_.empty() && under_way_ == 0; }

 private:
  struct Delivery;
  struct Plan;
  using DeliveryPtr = std::shared_ptr<Delivery>;

  void pump();
  void read(DeliveryPtr delivery);
  void find_people(DeliveryPtr delivery);
  void decide(DeliveryPtr delivery);
  Result<Plan> plan(Delivery& delivery);
  Status plan_exits(Delivery& delivery, Plan& plan);
  Status plan_starts(Delivery& delivery, Plan& plan);
  void again(DeliveryPtr delivery);
  void later(DeliveryPtr delivery);
  void settle(DeliveryPtr delivery, store::EventState state, std::string reason);
  void finish(DeliveryPtr delivery);

  Context& context_;
  Links links_;
  std::deque<DeliveryPtr> backlog_;
  std::size_t under_way_ = 0;
};

}  // namespace ieum::runtime
