// Faults: what is to go wrong, and when. Counters, no chance, unless a fault says `chance`; then from its own seed.
// Private to sandbox; one thread. POST /_sandbox/faults takes one such object:
//
//   vendor   "slack", "shopify", "solapi", "nhn", "google", "tally", "brevo", "airtable", "ga4",
//            "typeform", "mailchimp", "http"; "*" or left out: any
//   kind     status        answers {status, body?, headers?} without acting; with "acts": true it acts first, and lies
//            drop_before   closes the connection without acting
//            drop_after    acts, then closes without an answer
//            half          acts, sends half of the answer's body, then closes
//            delay         acts, and answers after `ms` milliseconds of real time
//            lookup_fails  as status (500 unless told), and only for look-ups
//            rate_limit    the vendor's own limit is on: Slack one message a second a channel, Shopify the cost bucket,
//                          Google 60 reads and 60 writes a minute, Typeform two calls a second, Mailchimp ten at once
//   times    how often; 1 unless told, -1 until deleted
//   match    {path, method, operation, key, to, nth}: path is part of path and query, the others are equal;
//            nth: from the nth call that matches on (1 is the first)
//   chance   0..1, with seed (1 unless told): each matching call is hit with that probability
//
// The first fault in order of arrival that fits is applied; one only.
#pragma once
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/error.hpp"
#include "base/http.hpp"
#include "base/random.hpp"
#include "base/value.hpp"
#include "sandbox/vendor.hpp"

namespace ieum::sandbox {

enum class FaultKind { status, drop_before, drop_after, half, delay, lookup_fails, rate_limit };

struct Fault {
  std::int64_t id = 0;
  std::string vendor;  // "" is any
  FaultKind kind = FaultKind::status;
  std::string path, method, operation, key, to;
  std::int64_t nth = 1;
  std::int64_t times = 1;
  std::int64_t seen = 0;
  std::int64_t hits = 0;
  bool acts = false;
  HttpResponse response;
  std::int64_t delay_ms = 0;
  double chance = 1;
  std::shared_ptr<SeededRandom> random;
};

std::string_view fault_name(FaultKind kind);

class Faults {
 public:
  // The id. Error "bad_fault" with the mend.
  Result<std::int64_t> add(const Value& json);
  void clear() { faults_.clear(); }
  [[nodiscard]] Value list() const;

  // The fault to apply to this call, counted; nothing when all is well.
  std::optional<Fault> next(std::string_view vendor, const Incoming& in, const Description& call);
  // Whether the vendor's own limit is on; and that it refused a call because of it.
  [[nodiscard]] bool limits(std::string_view vendor) const;
  void count_limited(std::string_view vendor);

 private:
  std::vector<Fault> faults_;
  std::int64_t last_id_ = 0;
};

}  // namespace ieum::sandbox
