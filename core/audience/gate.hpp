// Gate: everything that reaches a customer passes here, decided with the INTENT, again when a deferred message is released, and
// again at each retry. Pure rules over facts, in a fixed order; every outcome has an enumerated reason.
//
// What it is not: rendering and the advertisement's frame follow it (a message that cannot be composed is no matter of the gate),
// and reserving the slots of caps is the store's.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "audience/consent.hpp"
#include "audience/country.hpp"
#include "base/clock.hpp"

namespace ieum::audience {

struct OptOut {
  std::string topic;    // "" closes all topics
  std::string channel;  // "" closes all channels
};

// At most so many messages in a rolling span; one that went `per_for` ago to the millisecond counts no more.
struct Cap {
  std::string of;  // "step" | "recipe" | "channel" | "class" | "hub": whose messages are counted; for the log
  int most = 0;
  Millis per_for = 0;
  int counted = 0;  // a fact: of this customer within the span
};

struct Send {
  std::string topic;                   // of the recipe
  std::string channel;                 // of the operation
  std::string message_class;           // "info" | "ad"; another counts as an ad
  std::string address;                 // rendered, as it would go out; "" is none
  std::string goods;                   // kind of goods that the recipe is about; "" any
  std::optional<Millis> expires_ms;    // from then on it is not sent
  std::optional<Hours> channel_rests;  // both classes: the channel, or its dealer, takes nothing meanwhile
};

struct GateFacts {
  bool run_alive = true;
  bool exited = false;  // an exit_on event is in the history since the run began
  std::vector<OptOut> opt_outs;
  std::vector<Said> said;           // of purposes "ad" and "night"; only asked for an ad
  std::vector<Purchase> purchases;  // that may still count; only asked for an ad
  std::vector<Cap> caps;            // only asked for an ad
  Millis now_ms = 0;
};

struct Verdict {
  enum class Kind { allowed, skipped, deferred, ended } kind = Kind::skipped;  // ended: the run is over with it
  // "run_ended" | "exit_on_already_true" | "unsubscribed" | "no_address" | "no_ad_consent" | "consent_unconfirmed" |
  // "ad_quiet_hours" | "channel_window" | "expired" | "frequency_cap" | "" (allowed)
  std::string reason;
  Millis until_ms = 0;  // deferred: the whole of it is judged again then
  // Allowed, of an ad: "consent 17" or "existing_customer 42" (the purchase's event). frequency_cap: "hub 1 in 57600000 ms".
  std::string basis;
  [[nodiscard]] bool allowed() const { return kind == Kind::allowed; }
};

// Order: alive, exit, opt-out, address, consent, night, channel window, expiry, caps. An opt-out closes `ad` and unnamed classes; an
// opt-out of everything ("" topic) closes `info` too only if it names the channel. Consent, night and caps are asked of ads alone.
Verdict judge(const Send& send, const GateFacts& facts, const Country& country, const Zone& zone);

}  // namespace ieum::audience
