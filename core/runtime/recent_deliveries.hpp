// Recent deliveries: what came to each connection lately and what became of it, for a person who connects a sender. In memory,
// the last ones of each connection, never their bodies; headers by their names. [any-thread]
#pragma once
#include <deque>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "base/error.hpp"
#include "base/http.hpp"
#include "base/ids.hpp"
#include "base/value.hpp"
#include "host/delivery_words.hpp"

namespace ieum::runtime {

class RecentDeliveries {
 public:
  static constexpr std::size_t kKept = 100;  // of one connection

  struct Delivery {
    Millis at_ms = 0;
    std::string verdict;  // accepted, duplicate, quarantined, refused
    int status = 200;
    std::optional<Id> event;
    host::DeliveryWords words;  // of what was not accepted
    std::vector<std::string> headers;
  };
  void add(Id connection, Delivery delivery);
  // Newest first, those older than `before` (0: all): {id, at_ms, verdict, status, event, code, why, mend, headers}.
  [[nodiscard]] std::vector<Value> of(Id connection, Id before, std::size_t limit) const;

 private:
  mutable std::mutex mutex_;
  Id last_ = 0;
  std::map<Id, std::deque<std::pair<Id, Delivery>>> by_connection_;  // of connections that exist; few
};

class Hub;
// Those of a connection of a hub that make_hub made. Error "unknown_connection". [any-thread]
Result<std::vector<Value>> recent_deliveries(const Hub& hub, const std::string& connection, Id before,
                                             std::size_t limit);

std::vector<std::string> header_names(const HttpRequest& request);

}  // namespace ieum::runtime
