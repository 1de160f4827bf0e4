// Flight: one step under way, from its INTENT until its outcome is committed. Private to the worker.
#pragma once
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "runtime/exchange.hpp"
#include "runtime/worker.hpp"

namespace ieum::runtime {

struct Worker::Flight {
  OpenedRun opened;
  bool fate_unknown = false;
  bool renewed = false;      // its token was fetched anew once
  bool credentials = false;  // the last request was to carry some
  std::shared_ptr<const LiveConnection> connection;
  const host::Operation* operation = nullptr;
  const recipe::Use* use = nullptr;
  Value inputs;
  Value resources;               // what inputs chose from the vendor's lists
  List exchange;                 // attempts, the earlier ones of this step included
  host::Call reconciling;        // the look-up's conversation
  host::HttpEffect interrupted;  // what the look-up asks about
  KeyLocks::Ticket ticket = 0;
  std::string away_from;  // the host that sent it away

  [[nodiscard]] store::RunRow& run() { return opened.run; }
  [[nodiscard]] store::StepRow& step() { return opened.step; }
};

// The call that a step stands at: begin, or resume from its continuation. `body` backs the call's view of the answer.
host::Call call_of(const store::StepRow& step, const Value& inputs, const Value& config, Millis now_ms,
                   std::string& body);

// The recipe's time for retries runs from the first attempt: waiting before it, in a queue or held, takes nothing of it. After a
// hold it begins anew, with the attempt that was recorded last.
void begin_budget(List& exchange);
// Time that its host keeps the step away is none of it, and with `anew` neither is what was before. wait_ends tells how much
// the attempt that follows has waited so far: waited() notes it at that attempt.
void wait_begins(List& exchange, Millis now, bool anew);
Millis wait_ends(List& exchange, Millis now);
void waited(List& exchange, Millis waited_for);
// Nothing when there was no attempt yet.
std::optional<Millis> budget_begun(const List& exchange);

// The newest attempt, or one before it that a crash cut off, may have arrived: its answer says nothing about that.
void mark_unclear(List& exchange);
// Whether an attempt may have arrived and nothing came of it since: then the vendor may have acted.
bool may_have_arrived(const List& exchange);

// on_doubt: repeat, once: true when it was not used yet, and it is noted at the newest attempt that it is now.
bool repeats_in_doubt(List& exchange);

// Reason of a run that its host keeps away; then the origin and down, busy or repeats.
inline constexpr std::string_view kHost = "host: ";
inline constexpr std::string_view kFateUnknown = "fate_unknown";  // error code of a step whose answer was lost

}  // namespace ieum::runtime
