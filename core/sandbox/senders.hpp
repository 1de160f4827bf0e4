// Senders: the queue of what the vendors tell the hub. Pure: it says what is due and takes what came of it; sandbox.cpp
// does the sending. Bounded: the last 10,000 deliveries; 1,000 hooks typed in by hand; 100 addresses that lead elsewhere. Private to sandbox; one thread.
#pragma once
#include <deque>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/error.hpp"
#include "sandbox/hooks.hpp"
#include "sandbox/vendor.hpp"

namespace ieum::sandbox {

// One POST to make now.
struct DueDelivery {
  std::int64_t seq = 0;
  HttpRequest request;  // absolute URL
  Millis deadline_for = 0;
};

class Senders {
 public:
  // Hooks that a person typed into the vendor's console: Slack's request URL, NHN's and Solapi's webhook. POST /_sandbox/hooks
  // {vendor, url, secret?, topics?, id?, more?}; a second one with the same vendor and id takes its place. Error "bad_hook".
  Result<Hook> configure(const Value& json);
  // Where an address leads, as a reverse proxy at it would: what goes to `address`, an origin, goes to `at` instead, the path
  // behind that of `at`. An `at` that is empty: the address leads nowhere special again. Error "bad_reach".
  Status reach(const std::string& address, const std::string& at);
  void forget_reach() { reach_.clear(); }
  [[nodiscard]] const std::map<std::string, std::string>& reached() const { return reach_; }
  void clear();  // but for what is reached where
  void forget_hooks() { configured_.clear(); }

  // Puts a delivery into the queue for each hook that hears it; the number of them. `registered`: of the vendor itself.
  std::size_t tell(const std::string& vendor, const HookFormat* format, const Told& told,
                   const std::vector<Hook>& registered, Millis now);
  // One delivery to a hook that nobody registered: POST /_sandbox/send with "to". Its seq.
  std::int64_t send(const std::string& vendor, const HookFormat* format, const Told& told, Hook hook, Millis now);

  // Everything that is due; it is in flight from here on.
  std::vector<DueDelivery> due(Millis now);
  // When the next one is due; nothing when none waits.
  [[nodiscard]] std::optional<Millis> next_due() const;
  // What came of an attempt. failure: why there is no answer. Returns the delivery when the vendor gives up on its hook.
  const HookDelivery* answered(std::int64_t seq, const HttpResponse* answer, const std::string& failure, Millis now);

  [[nodiscard]] std::int64_t last() const { return last_; }  // seq of the newest delivery
  [[nodiscard]] const std::vector<std::pair<std::string, Hook>>& configured() const { return configured_; }
  // {"deliveries": [newest last], "total": N}; of a vendor, or of all.
  [[nodiscard]] Value deliveries(const std::string& vendor, std::size_t limit) const;

 private:
  struct Entry {
    HookDelivery delivery;
    const HookFormat* format = nullptr;
  };
  std::int64_t add(const std::string& vendor, const HookFormat* format, const Told& told, Hook hook, Millis now);

  [[nodiscard]] std::string target_of(const std::string& url) const;

  std::vector<std::pair<std::string, Hook>> configured_;  // vendor, hook
  std::map<std::string, std::string> reach_;              // origin: base it leads to
  std::deque<Entry> entries_;                             // by seq, oldest first
  std::int64_t last_ = 0;
};

// As GET /_sandbox/hooks shows it, without the secret.
Value hook_value(const std::string& vendor, const Hook& hook, std::string_view from);

}  // namespace ieum::sandbox
