// Hooks: how vendors tell the hub of what happened: where to, in which form, signed how, and how often they try.
// Plain values and pure functions; senders.hpp keeps the queue. Private to sandbox.
//
// A vendor's stand-in takes part by overriding in vendor.hpp: hooks() (what was registered through its API), told() (what
// has happened), lose_hook() (it gives up on one), and hook_format() when formats below do not know it.
#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "base/http.hpp"
#include "base/value.hpp"

namespace ieum::sandbox {

// A place that a vendor was told to tell things to.
struct Hook {
  std::string id;                   // the vendor's own; unique within the vendor
  std::string url;                  // absolute
  std::string secret;               // what it signs with or shows; "" sends unsigned
  std::vector<std::string> topics;  // in the vendor's words; empty: all
  bool enabled = true;
  // What the format says besides: Shopify {shop, api_version}, Google {resource_id, resource_uri, expiration (ms)},
  // Slack {team, app}. Any header below "headers" is sent as it is.
  Map more;
};

// One thing that happened at a vendor.
struct Told {
  std::string topic;  // "orders/create", "form_response", "block_actions", "unsubscribe" ...
  Value body;         // of the event; null: the format's sample. A text is sent as these very bytes
  std::string only;   // id of the one hook that hears it; "": every enabled one that wants the topic
  std::string id;     // the vendor's id of the delivery or event; "": made from time and number
  Map more;           // laid over Hook::more
};

// One thing told to one hook, until the hook has it or the vendor gives up.
struct HookDelivery {
  enum class State { waiting, in_flight, delivered, given_up };
  struct Attempt {
    Millis at = 0;
    int status = 0;      // 0: no answer
    std::string answer;  // body, cut to 4 KiB; or why there was none
  };
  std::int64_t seq = 0;
  std::string vendor;
  Hook hook;  // as it was when this was told
  Told told;
  Millis first_at = 0;  // when it happened
  Millis due_at = 0;    // of the next attempt
  State state = State::waiting;
  bool hook_lost = false;
  std::vector<Attempt> attempts;
};

// What a vendor does after an attempt.
struct NextTry {
  enum class Kind { delivered, again, give_up, lose_hook };  // lose_hook: gives up, and disables or deletes the hook
  Kind kind = Kind::give_up;
  Millis in_ms = 0;  // again: from the answer on
};

struct HookFormat {
  std::string_view vendor;
  Millis deadline_for;  // how long the vendor waits for an answer
  // The request of the next attempt; signatures with a time are made anew for each. now: the sandbox's clock.
  HttpRequest (*make)(const HookDelivery& delivery, Millis now);
  // After the last of delivery.attempts. headers: of the answer, empty when there was none.
  NextTry (*after)(const HookDelivery& delivery, const Headers& headers, Millis now);
};

// The format of a vendor by name: shopify, typeform, google (Drive push), mailchimp, slack, solapi, nhn; plain JSON with
// no second try for any other.
const HookFormat& hook_format(std::string_view vendor);

// Whether a vendor takes this as the address of a webhook: https, or plain http on this very machine, where no vendor would
// reach it but a hub beside the sandbox stands.
bool is_hook_address(const std::string& url);
// The time of a Slack message: the same for the same instant.
std::string slack_ts(Millis at);
// A UUID that is the same for the same text.
std::string uuid_of(std::string_view text);
// The bytes of a told body: a text as it is, anything else as JSON.
std::string json_bytes(const Value& body);
// {"type": "x", "data": {"merges": {"FNAME": "y"}}} -> type=x&data[merges][FNAME]=y, percent-encoded.
std::string bracketed_form(const Value& body);

}  // namespace ieum::sandbox
