// Town: a hub with many connections, each at a host of its own that answers, fails or swallows calls, in virtual time. A delivery to
// the connection `h3` starts the recipe `h3`, which calls https://h3.example once.
#pragma once
#include <functional>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "runtime/test_hub.hpp"

namespace ieum::test {

class Town final : public net::HttpClient {
 public:
  enum class Fate { answer, fail, swallow };
  struct House {
    Millis takes = 100;          // until the answer
    std::function<Fate()> fate;  // null: answers
    std::size_t under_way = 0, most_under_way = 0;
    int calls = 0, answers = 0;                // answers: that the vendor did it
    std::vector<Millis> begun;                 // of every call
    std::set<std::string> done;                // texts
    std::map<std::string, Millis> first_call;  // by text
  };
  struct Given {
    Millis at_ms = 0;
    std::string connection, text;
  };

  // alarms: as of TestHub.
  explicit Town(const std::vector<std::string>& connections, bool alarms = false);
  void send(net::OutboundCall call, std::function<void(net::CallResult)> done) override;
  // Deliveries in their order, the answers, and what is due, each at its time.
  void run(const std::vector<Given>& given, Millis to);
  void deliver(const std::string& connection, const std::string& text, const std::string& hops = {});
  // Called when a house has answered, after the hub has heard of it.
  std::function<void(const std::string& house, const HttpRequest& request)> on_call;

  std::map<std::string, House> houses;  // by connection
  TestHub hub;

 private:
  std::multimap<Millis, std::function<void()>> answers_;
};

}  // namespace ieum::test
