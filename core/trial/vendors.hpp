// Vendors: who answers the calls of a trial instead of the world. Trial knows recorded samples (samples.hpp); app may bind
// the sandbox. Owner: the caller of the trial; one thread.
#pragma once
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/http.hpp"
#include "base/value.hpp"
#include "net/client.hpp"

namespace ieum::trial {

// How a connection to such a vendor is made up.
struct Account {
  Value config;                                              // map of fields
  std::vector<std::pair<std::string, std::string>> secrets;  // slot, value
};

class Vendors {
 public:
  virtual ~Vendors() = default;
  // What this vendor accepts from connections of the connector; nothing when it does not play it.
  virtual std::optional<Account> account(const std::string& connector) = 0;
  // Asked only for connectors that it plays. The request has an absolute URL and credentials.
  virtual net::CallResult answer(const net::CallOrigin& origin, const HttpRequest& request) = 0;
};

}  // namespace ieum::trial
