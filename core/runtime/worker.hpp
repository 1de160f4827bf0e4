// Worker: ACT and OUTCOME. Asks the connector for the request of a committed INTENT, adds credentials, sends, and commits
// what came back together with the run's next step. Belongs to the engine; a call under way is known in memory only.
//
// After a crash an INTENT may or may not have been sent. Safe, idempotent, keyed and natural requests are sent again with the
// same key; an unsafe one is looked up first (reconcile) and is sent only when the vendor does not know it. Where the
// look-up fails for good the step is in doubt. The same holds for an answer that was lost while the process lived.
#pragma once
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>

#include "runtime/advance.hpp"
#include "runtime/context.hpp"
#include "runtime/resources.hpp"
#include "runtime/router.hpp"

namespace ieum::runtime {

class Worker {
 public:
  struct Links {
    std::function<void(OpenedRun)> act;  // another step of the same run was opened
    std::function<void(Millis)> due;
  };
  Worker(Context& context, Links links) : context_(context), links_(std::move(links)), resources_(context) {}

  // `fate_unknown`: the request may have been sent before.
  void act(OpenedRun opened, bool fate_unknown);
  [[nodiscard]] bool in_flight(Id run) const { return flights_.contains(run); }
  [[nodiscard]] bool idle() const { return flights_.empty(); }
  [[nodiscard]] Resources& resources() { return resources_; }

 private:
  struct Flight;
  using FlightPtr = std::shared_ptr<Flight>;

  // act.cpp: from INTENT to an answer
  void choose(FlightPtr flight);
  void compute(FlightPtr flight);
  void handle(FlightPtr flight, host::Effect effect, bool journaled);
  void send(const FlightPtr& flight, host::HttpEffect effect, bool reconciling);
  void answered(FlightPtr flight, const host::HttpEffect& effect, net::CallResult result);
  void reconcile(FlightPtr flight, const host::HttpEffect& interrupted);
  void handle_reconcile(FlightPtr flight, host::Effect effect);
  void still_unknown(FlightPtr flight, const host::FailEffect& fail);
  void journal(const FlightPtr& flight, host::HttpEffect effect);

  // outcome.cpp: from an answer to rows; turns.cpp: what waits without an answer
  void done(FlightPtr flight, const Value& output);
  void failed(FlightPtr flight, const host::FailEffect& fail);
  void try_later(FlightPtr flight, const host::FailEffect& fail, bool fate_unknown);
  // A person must mend the connection first.
  void hold(FlightPtr flight, const host::FailEffect& fail, bool fate_unknown);
  // The run waits until somebody lets it go; the reason says who.
  void park(FlightPtr flight, std::string reason, std::string code, std::string message, bool fate_unknown);
  // The vendor refused a token that the hub can fetch anew: once, then the same request again.
  bool renewed(const FlightPtr& flight, const host::HttpEffect& effect, const host::FailEffect& fail, int status,
               bool reconciling);
  void sleep(FlightPtr flight, Millis until_ms, Value state);
  // True when the call must wait for its turn at the vendor: its run is due then, and that is no attempt.
  bool waits_for_quota(FlightPtr flight, const Quota::Call& call);
  // The host sends it away: its run is due later, and that is no attempt.
  void stay_away(FlightPtr flight, const Hosts::Away& away, std::string_view origin);
  // What is due later as it is, with this reason.
  void come_again(FlightPtr flight, Millis due, std::string reason);
  void doubt(FlightPtr flight, const host::FailEffect& fail);
  void repeat(FlightPtr flight);
  void stand(FlightPtr flight, const host::FailEffect& fail);
  void put_off(FlightPtr flight);
  void conclude(FlightPtr flight, store::StepState state, std::string code, std::string message, const Value& output,
                engine::Input input, std::vector<store::Write> extra = {});
  void commit_outcome(FlightPtr flight, std::function<Result<std::vector<store::Write>>(const store::RunRow&)> decide,
                      store::MoveStep move);
  void leave(FlightPtr flight);
  void held(const store::RunRow& run, Id connection);
  // The store refused: runs work in a second, with the run as it is stored then.
  void again_later(FlightPtr flight, std::function<void()> work);
  // Before another attempt: keep_while and the gate. True when the attempt is not made; the outcome is committed then.
  bool given_up(FlightPtr flight);
  bool gate_closed(FlightPtr flight);

  Context& context_;
  Links links_;
  Resources resources_;
  std::unordered_map<Id, FlightPtr> flights_;  // by run
};

}  // namespace ieum::runtime
