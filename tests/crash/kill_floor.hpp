// Kill floor: a hub as a process, 64 connections that send to it, a receiver, and the history of all of them.
#pragma once
#include "crash/history.hpp"
#include "end_to_end/shop_floor.hpp"

namespace ieum::test {

class KillFloor {
 public:
  explicit KillFloor(std::uint64_t seed);

  // Starts the hub; false when it does not answer within five seconds.
  bool start();
  // It ended: what was under way is read to its end.
  void note_end();
  // Waits until the hub has nothing left to do; what is wrong then, "" nothing.
  std::string faults_now();

  [[nodiscard]] std::string store() const { return floor.data() + "/hub.db"; }

  TempDirectory files;
  Receiver receiver;
  ShopFloor floor;
  Senders senders;
  History history;

 private:
  KillFloor(std::uint64_t seed, std::uint16_t receiver_port);
};

std::string joined(const std::vector<std::string>& lines);

}  // namespace ieum::test
