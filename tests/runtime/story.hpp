// Story: what senders do to a hub in a few hours (deliveries, repeats, orders that end runs, vendors that lose answers, crashes,
// graceful ends, secrets that change), and what must be true of any hub that takes up what such a hub left behind.
#pragma once
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "runtime/test_hub.hpp"

namespace ieum::test {

class Story {
 public:
  // Recipes of the story, which the hub must have before it is told.
  static void prepare(TestHub& hub);
  // Tells it to the hub. A hub whose store has stopped is started again, as its supervisor would; where nothing goes on for long,
  // `mend` takes away what is in its way.
  void tell(
      TestHub& hub, std::function<void()> mend = [] {});

  // Takes up the hub's data where the story stands: all senders send again what they sent, a day passes. Then each delivery that was
  // answered is there under its receipt, nothing is there that was not sent, each run has ended once, and each message went out
  // once. `vendor` is the hub's, as it stood when the data was left.
  void judge(TestHub& after, const FakeVendor& vendor) const;

 private:
  struct Delivery {
    std::string topic, body, id;
    std::string receipt;  // "" not answered yet
  };
  bool ask(TestHub& hub, Delivery& delivery);
  void send(TestHub& hub, const std::string& topic, const std::string& body, const std::string& id);
  void pass(TestHub& hub, Millis to);
  void revive(TestHub& hub);
  // What went to the vendor in the end for what was sent, sorted.
  [[nodiscard]] std::vector<std::string> expected() const;

  std::vector<Delivery> sent_;
  std::function<void()> mend_;
};

}  // namespace ieum::test
