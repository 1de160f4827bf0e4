// Flight: one step under way, from its INTENT until its outcome is committed. Private to the worker.
#pragma once
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "runtime/worker.hpp"

namespace ieum::runtime {

struct Worker::Flight {
  OpenedRun opened;
  bool fate_unknown = false;
  bool repeated = false;     // on_doubt: repeat has been used
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

  [[nodiscard]] store::RunRow& run() { return opened.run; }
  [[nodiscard]] store::StepRow& step() { return opened.step; }
};

// The call that a step stands at: begin, or resume from its continuation. `body` backs the call's view of the answer.
host::Call call_of(const store::StepRow& step, const Value& inputs, const Value& config, Millis now_ms,
                   std::string& body);

// Adds an attempt to the exchange list: request before credentials, answer cleaned, bodies cut.
void record_attempt(List& exchange, const HttpRequest& request, const net::CallResult& result, Millis at_ms,
                    const vault::Redactor& redactor, std::string_view purpose);

// The recipe's time for retries runs from the first attempt: waiting before it, in a queue or held, takes nothing of it. After a
// hold it begins anew, with the attempt that was recorded last.
void begin_budget(List& exchange);
// Nothing when there was no attempt yet.
std::optional<Millis> budget_begun(const List& exchange);

// Whether the answer of an attempt was lost after bytes had left: then the vendor may have acted, whatever came later.
bool may_have_arrived(const List& exchange);

inline constexpr std::string_view kFateUnknown = "fate_unknown";  // error code of a step whose answer was lost

}  // namespace ieum::runtime
