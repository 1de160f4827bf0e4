// Floor: one scenario played over the wire: the built hub on a virtual clock, vendors that stand on the hub's own time, and
// everything that comes in as its sender would send it.
#pragma once
#include <memory>
#include <string>
#include <vector>

#include "acceptance/translation.hpp"
#include "base/clock.hpp"
#include "base/value.hpp"
#include "end_to_end/process.hpp"
#include "net/io.hpp"
#include "sandbox/sandbox.hpp"

namespace ieum::acceptance {

// What somebody got. In the words of the scenarios.
struct Sent {
  std::string at;  // RFC 3339 at +09:00
  std::string channel, to, recipe, step, text;
  friend auto operator<=>(const Sent&, const Sent&) = default;
};
std::string line(const Sent& sent);

// Something that did not just go its way.
struct Logged {
  std::string at;  // "" where the log tells no time of its own: a trigger that starts nothing
  std::string recipe, who, step, status, reason;
};
std::string line(const Logged& logged);

class Floor {
 public:
  explicit Floor(const Value& scenario);  // requires that the hub takes all of it
  ~Floor();

  void play();                   // the timeline, to the end
  std::vector<Sent> outbound();  // in order of time
  std::vector<Logged> log();
  void move(const std::string& to);
  // The command line on this hub; requires that it goes well. What it prints.
  std::string ieum(std::vector<std::string> words);
  // The hub's API, as its owner.
  Value api(const std::string& method, const std::string& path, const Value& body = {});

 private:
  class HubClock;
  // What a vendor handed over, with the request that asked for it.
  struct Handed {
    Sent sent;
    std::string request;
  };
  std::vector<Handed> handed();
  std::vector<Value> runs();  // each with its steps
  void click(const Value& item);
  void unsubscribe(const Value& item);
  void connect();
  void set_audience();
  void load_people();
  void identify(const std::string& user, const Value& traits, const std::string& at);
  void tell(const Value& item);
  void post(const std::string& path, const std::vector<std::pair<std::string, std::string>>& headers,
            const std::string& body);

  const Value scenario_;
  test::TempDirectory directory_;
  std::uint16_t public_port_, admin_port_;
  std::string token_;
  std::unique_ptr<test::Background> hub_;
  std::unique_ptr<HubClock> clock_;
  net::Io io_;
  std::unique_ptr<sandbox::Sandbox> vendors_;
};

}  // namespace ieum::acceptance
