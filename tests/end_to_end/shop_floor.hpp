// Shop floor: a hub and a sandbox as processes of their own, connected, with a recipe, and a shop that sends signed checkouts.
// The sandbox stays while the hub is killed and started again on the same data.
#pragma once
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "base/error.hpp"
#include "base/value.hpp"
#include "end_to_end/process.hpp"
#include "sandbox/shop.hpp"

namespace ieum::test {

struct FloorOptions {
  std::string connectors;            // "" the build's own
  std::vector<std::string> extra;    // further words for serve
  bool connect = true;               // make the connections and apply the recipe
  std::string data;                  // "" in a directory of its own
  std::vector<std::string> sandbox;  // further words for the sandbox
  std::string address;               // the hub's --public-url; the sandbox is told that it leads to the hub
};

class ShopFloor {
 public:
  explicit ShopFloor(FloorOptions options = {});

  FloorOptions& options() { return options_; }              // of the next start
  void start_hub(std::vector<std::string> extra = {});      // requires that it answers
  bool try_start_hub(std::vector<std::string> extra = {});  // false when it ended before it answered
  void start_sandbox();
  [[nodiscard]] Background& hub() { return *hub_; }
  [[nodiscard]] std::string hook() const;  // http://.../hooks/shopify
  [[nodiscard]] std::string public_url() const;
  [[nodiscard]] std::string sandbox_url() const;
  [[nodiscard]] const std::string& data() const { return data_; }

  // The command line on this hub; requires exit code 0 unless told.
  std::string ieum(std::vector<std::string> words, int code = 0, const std::string& input = {});
  Value api(const std::string& method, const std::string& path, const Value& body = {});
  Value sandbox(const std::string& method, const std::string& path, const Value& body = {});

  // A signed checkout of buyer number n, as a value that can be sent several times.
  HttpRequest checkout(int n);
  // Sends; the status, 0 when nothing answered; the receipt goes to `receipt`.
  static int send(const HttpRequest& request, std::string* receipt = nullptr);

  // Waits until every event is routed; false when the hub ended before.
  bool stays_up();
  // Waits until no event is unrouted and no run is acting or waiting; requires that this happens.
  void wait_until_done();
  Value totals();
  // What must hold whatever was killed: one finished run for each of `accepted` checkouts, two messages a run, no step key
  // twice, nothing in doubt.
  void expect_exactly_once(int accepted);

 private:
  FloorOptions options_;
  TempDirectory directory_;
  std::string data_;
  std::uint16_t public_port_, admin_port_, sandbox_port_;
  SystemClock clock_;
  sandbox::Shop shop_;
  std::unique_ptr<Background> hub_, sandbox_;
};

}  // namespace ieum::test
