// Vendors: who is called in a simulated world. Each keeps what it has really done, by the key that came with it; answers well,
// slowly, wrongly or not at all, as its mood is; and forgets nothing when the hub dies. One thread.
#pragma once
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "net/client.hpp"
#include "simulation/bugs.hpp"
#include "simulation/dice.hpp"
#include "simulation/ledger.hpp"
#include "simulation/timeline.hpp"
#include "simulation/trace.hpp"

namespace ieum::sim {

enum class Mood { well, slow, lossy, flapping, limited, unavailable, failing, refusing, down, black_hole };
inline constexpr int kMoods = 10;
const char* name_of(Mood mood);

class Vendors {
 public:
  Vendors(Timeline& timeline, Dice& dice, Trace& trace) : timeline_(timeline), dice_(dice), trace_(trace) {}

  struct Done {
    std::string operation, vendor;
    int times = 0;
    bool denied = false;  // it was answered with a failure all the same
  };
  // What was done, by idempotency key.
  [[nodiscard]] const std::map<std::string, Done>& done() const { return done_; }

  std::map<std::string, Mood> moods;         // by vendor
  std::map<std::string, std::string> token;  // the one that a vendor takes
  bool at_once = false;  // requests arrive when they are sent: the hub's clock is stepped in this world
  Bug bug = Bug::none;
  // Something was done under this key at the vendor.
  std::function<void(const std::string& vendor, const std::string& key)> on_done;

  // A request leaves the hub. `answer` is called at its time; when the process is gone by then, it is not.
  void send(const net::OutboundCall& call, std::function<void(net::CallResult)> answer);

 private:
  enum class Fate {
    well,
    slow,
    not_connected,
    lost_request,
    lost_answer,
    status_503,
    status_429,
    status_500,
    status_502,
    garbage,
    status_400
  };
  struct Request {
    std::string vendor, path, query, key, operation;
    bool changes = false;
  };
  Fate fate_of(Mood mood);
  net::CallResult serve(const Request& request, Fate fate);
  std::string act(const Request& request, int& status);

  Timeline& timeline_;
  Dice& dice_;
  Trace& trace_;
  std::map<std::string, Done> done_;
  std::map<std::string, std::string> bodies_;  // of the first request, by key and path
  std::map<std::string, int> sent_;            // by key and path
};

// The hub's way out into such a world; one for each process.
class WayOut final : public net::HttpClient {
 public:
  explicit WayOut(Vendors& vendors) : vendors_(vendors) {}
  void send(net::OutboundCall call, std::function<void(net::CallResult)> done) override {
    vendors_.send(call, std::move(done));
  }

 private:
  Vendors& vendors_;
};

}  // namespace ieum::sim
