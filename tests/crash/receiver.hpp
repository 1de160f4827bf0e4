// Receiver: the service at the far end of a kill loop, in this process, on a thread of its own. It acts under the idempotency key,
// refuses some deliveries for good, loses some answers, and writes down every call.
#pragma once
#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace ieum::test {

struct Call {
  long long delivery = -1;
  std::string key;
  bool answered = false;  // else the answer was lost
  int life = 0;           // of the hub, from 0: how often it was killed before
};

class Receiver {
 public:
  explicit Receiver(std::uint16_t port);
  ~Receiver();
  Receiver(const Receiver&) = delete;
  Receiver& operator=(const Receiver&) = delete;

  // The hub was killed: what it had sent is read to its end, and what comes from now on is of its next life.
  void next_life();
  // Calls since the last time, in order.
  std::vector<Call> take();
  static bool refuses(long long delivery) { return delivery % 61 == 3; }

 private:
  static bool loses_answer(long long delivery) { return delivery % 53 == 7; }  // the first time
  void serve();
  bool answer(int fd, std::string& in);
  void accept_all();

  int door_, poll_, bell_;
  std::map<int, std::string> connections_;  // [thread]
  std::map<long long, int> seen_;           // calls with answers that can be lost [thread]
  std::mutex mutex_;                        // what follows
  std::condition_variable alone_;
  std::vector<Call> calls_;
  int life_ = 0;
  bool waits_until_alone_ = false, ends_ = false;
  std::thread thread_;
};

}  // namespace ieum::test
