// Gate: everything that reaches a customer passes here, decided with the INTENT and again at each retry. Pure rules
// over facts, in a fixed order; every outcome has an enumerated reason. Classes, night, windows, caps and labels come
// with the customers work; their places in the order are kept.
#pragma once
#include <string>
#include <vector>

#include "base/clock.hpp"

namespace ieum::audience {

struct OptOut {
  std::string topic;    // "" closes all topics
  std::string channel;  // "" closes all channels
};

struct Send {
  std::string topic;          // of the recipe
  std::string channel;        // of the operation
  std::string message_class;  // "info" | "ad"
  std::string address;        // rendered, as it would go out; "" is none
};

struct GateFacts {
  bool run_alive = true;
  bool exited = false;  // an exit_on event is in the history since the run began
  std::vector<OptOut> opt_outs;
};

struct Verdict {
  bool allowed = false;
  std::string
      reason;  // "run_ended" | "exit_on_already_true" | "unsubscribed" | "no_address" | "class_not_supported" | ""
  bool ends_run = false;
};

// Order: alive, exit, opt-out, address. Class `ad` is refused until its rules exist ("class_not_supported"); an opt-out
// closes `ad` and unnamed classes, an opt-out of everything ("" topic) closes `info` too only if it names the channel.
Verdict judge(const Send& send, const GateFacts& facts);

}  // namespace ieum::audience
