// Senders: many connections that deliver signed events to a hub that may die at any time, as shops would: what got no 2xx is sent
// again under the same id. Every request and every answer is written down. One thread, the caller's.
#pragma once
#include <cstdint>
#include <deque>
#include <set>
#include <string>
#include <vector>

#include "base/random.hpp"

namespace ieum::test {

// A delivery by its number, the index in a list.
struct Sent {
  int requests = 0;                // how often it was sent
  int accepted = 0;                // answers with 2xx
  std::set<std::string> receipts;  // in these
};

class Senders {
 public:
  Senders(std::uint16_t port, std::string secret, int connections, std::uint64_t seed);
  ~Senders();
  Senders(const Senders&) = delete;
  Senders& operator=(const Senders&) = delete;

  // Connects; false while nobody listens.
  bool connect();
  // Sends on every connection until that many more deliveries were accepted; requests are under way when it returns.
  void send_until_accepted(int more);
  // Sends nothing new; reads what comes until every request is answered, or its connection has ended.
  void read_to_the_end();
  // Sends what got no 2xx, until all have.
  void send_the_rest();
  void hang_up();

  [[nodiscard]] const std::vector<Sent>& sent() const { return sent_; }
  [[nodiscard]] const std::vector<std::string>& surprises() const { return surprises_; }  // answers other than 2xx
  static std::string body(std::size_t delivery);
  static bool waits(std::size_t delivery) { return delivery % 8 == 5; }  // its run waits before it calls

 private:
  struct Connection {
    int fd = -1;
    std::int64_t delivery = -1;  // of the request under way
    std::string in;
  };
  std::size_t next_delivery();
  void send_next(Connection& connection);
  void read(Connection& connection);
  void ended(Connection& connection);
  void take_turn();  // waits for one thing to happen
  [[nodiscard]] bool under_way() const;

  const std::uint16_t port_;
  const std::string secret_;
  SeededRandom random_;
  int poll_;
  std::vector<Connection> connections_;
  std::vector<Sent> sent_;
  std::deque<std::size_t> again_;  // without 2xx
  int accepted_ = 0;               // deliveries, all in all
  bool goes_on_ = false, rest_only_ = false;
  std::vector<std::string> surprises_;
};

}  // namespace ieum::test
