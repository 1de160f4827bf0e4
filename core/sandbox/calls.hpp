// Calls: what the vendors were asked and what reached people, in order, bounded. Read by tests and by the page.
// Private to sandbox; one thread.
#pragma once
#include <deque>
#include <optional>
#include <set>
#include <string>
#include <unordered_map>

#include "base/clock.hpp"
#include "base/value.hpp"
#include "sandbox/incoming.hpp"
#include "sandbox/vendor.hpp"

namespace ieum::sandbox {

struct CallRecord {
  std::int64_t seq = 0;
  Millis at = 0;
  std::string vendor;  // "" when the path belongs to none
  std::string method;
  std::string target;  // path and query as sent
  std::string operation;
  int status = 0;  // 0: no answer was given
  std::string key;
  std::string effect;
  std::string fault;  // kind of the fault that was applied
  std::optional<Message> message;
  Headers headers;     // without values of credentials
  std::string body;    // cut to 64 KiB
  std::string answer;  // cut to 4 KiB
};

struct MessageRecord {
  std::int64_t seq = 0;
  std::int64_t call = 0;
  Millis at = 0;
  std::string vendor;
  Message message;
};

struct CallFilter {
  std::string vendor, key, effect;
  std::int64_t after = 0;
  std::size_t limit = 10'000;  // the newest ones that fit
};
CallFilter read_filter(const Incoming& in);

class Calls {
 public:
  // seq is given here. Returns it.
  std::int64_t add(CallRecord record);
  void reached(std::int64_t call, Millis at, const std::string& vendor, Message message);
  void clear();

  // {"calls": [...], "total": N, "left_out": how many that fit are older than the limit, "dropped": N}
  [[nodiscard]] Value calls(const CallFilter& filter) const;
  // {"messages": [...], "total", "left_out", "repeated_keys": [...]}
  [[nodiscard]] Value messages(const CallFilter& filter) const;

 private:
  std::deque<CallRecord> calls_;  // oldest first
  std::deque<MessageRecord> messages_;
  std::unordered_map<std::string, int> times_;  // messages of a step key
  std::set<std::string> repeated_;              // keys with more than one
  std::int64_t last_call_ = 0;                  // goes on after clear(), so that ?after= stays good
  std::int64_t last_message_ = 0;
  std::int64_t dropped_ = 0;
  std::size_t call_bytes_ = 0;
  std::size_t message_bytes_ = 0;
};

// Values of Authorization, cookies and whatever is named after a token, secret or key become "(hidden)".
Headers without_credentials(const Headers& headers);

}  // namespace ieum::sandbox
