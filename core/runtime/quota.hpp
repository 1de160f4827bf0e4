// Quota: when a call to a vendor may go, by the buckets of the connector's manifest. Pure: times and facts come in, turns go
// out; nothing waits in here and no clock is read.
//
// A bucket lets `rate` requests begin in any span of `per_for`; with `by`, one bucket for each value. Vendors count by the
// one who asks, so connections with one credential share their buckets. A call that must wait is
// told its turn, and the place is kept for it: who comes back names the buckets in which it has a place. Vendors teach it:
// an answer that says what is left, and a refusal that says when to come again, hold a bucket back as a whole.
// Not kept over a restart: the vendor's own refusals teach it anew. [any-thread]
#pragma once
#include <deque>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <tuple>
#include <vector>

#include "base/clock.hpp"
#include "host/manifest.hpp"

namespace ieum::runtime {

class Quota {
 public:
  // A call as buckets see it.
  struct Call {
    std::string account;                         // whose limits they are: LiveConnection::account
    std::shared_ptr<const host::Limits> limits;  // LiveConnection::limits; null: nothing is asked of the call
    std::string operation;                       // "message.post", or the name of a poll
    Value inputs, config;
    Value request;  // {"method", "host", "path"}; null: buckets with `when` are left out
  };
  struct Turn {
    Millis at_ms = 0;    // not after now: it may go
    std::string bucket;  // what it waits for; "" when it may go
  };
  // A place in every bucket of the call, or the time to come again: then a place is kept in the bucket that it names.
  // `places`: buckets in which one was kept before, for `turn_ms`. When the vendor has held such a bucket back since, those who had
  // a place go behind the hold as far apart as they were.
  Turn ask(const Call& call, const std::vector<std::string>& places, Millis turn_ms, Millis now);
  // One that goes whatever the buckets say: a later request of a conversation.
  void count(const Call& call, Millis now);
  // Learns from an answer. `body`: null when it is no JSON.
  void answered(const Call& call, std::int64_t status, const Value& headers, const Value& body, Millis now);
  // The vendor wants nothing of this kind for a while.
  void refused(const Call& call, Millis retry_after_for, Millis now);

  struct Waiting {
    std::string bucket, key;  // key "": the bucket has no `by`
    Millis until_ms = 0;
  };
  struct Level {
    std::string bucket, key;
    std::size_t rate = 0,
                used = 0;  // requests that a span may have, and has; rate 0: the bucket is only ever held back
    Millis per_for = 0;
    std::optional<Millis> until_ms;  // nothing goes through before
  };
  // The buckets of an account that let nothing through now.
  [[nodiscard]] std::vector<Waiting> waiting(const std::string& account, Millis now) const;
  // How full they are; those that nobody used for a while are not among them.
  [[nodiscard]] std::vector<Level> levels(const std::string& account, Millis now) const;

 private:
  struct Bucket {
    std::size_t rate = 0;  // 0: only ever held back
    Millis per_for = 0;
    std::deque<Millis> begun;  // the last `rate` turns given
    Millis held_from = 0, held_until = 0;

    [[nodiscard]] Millis free_at() const;
    [[nodiscard]] Millis free_for(Millis turn_ms) const;  // who has a place for then
    void take(Millis at);
    [[nodiscard]] bool idle(Millis now) const {
      return free_at() <= now && (begun.empty() || begun.back() + per_for <= now);
    }
  };
  using Key = std::tuple<std::string, std::string, std::string>;  // account, bucket, value of `by`
  struct Chosen {
    const std::string* name = nullptr;
    Bucket* bucket = nullptr;
    int narrow = 0;  // by > when > operations > all
  };
  std::vector<Chosen> choose(const Call& call, Millis now);
  void hold(const Call& call, Millis until, Millis now);
  void forget_idle(Millis now);

  mutable std::mutex mutex_;
  std::map<Key, Bucket> buckets_;
};

}  // namespace ieum::runtime
