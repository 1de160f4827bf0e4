// Flows over the wire in virtual time: hub and sandbox on clocks that are moved together, connections to its vendors, and
// looks at what reached whom.
#pragma once
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "end_to_end/shop_floor.hpp"

namespace ieum::test {

inline constexpr const char* kSheet = "1ieumSandboxSheet";

// The first map in a value, however deep, whose member `key` is `wanted`; null when there is none.
const Value* find_where(const Value& value, const std::string& key, const std::string& wanted);

class FlowFloor : public ShopFloor {
 public:
  // address: as FloorOptions::address.
  explicit FlowFloor(const std::string& address = {});

  void connect(const std::string& connector, std::vector<std::string> settings,
               const std::vector<std::pair<std::string, std::string>>& secrets);
  void connect_sheets(const std::string& watch, const std::string& sheet, List heads,
                      std::vector<std::string> settings = {});
  void connect_slack();
  void connect_shopify();
  void apply(const std::string& recipe);  // one that ships
  void apply_text(const std::string& recipe);

  void edit_sheet(const std::string& sheet, List row);  // a person adds a row
  List rows(const std::string& sheet);                  // below its heads
  void fault(Map fault);
  // A vendor tells the hub's own address, whether a webhook was made for it or not.
  void tell(const std::string& vendor, const std::string& topic, const std::string& secret, const Value& body = {});

  void clock(Millis to);
  [[nodiscard]] Millis now() const { return now_; }
  // Moves the clocks in such steps until it holds; requires that this happens.
  void pass_until(const std::string& what, const std::function<bool()>& reached, Millis step = 10 * kSecond);
  void restart();  // after a kill
  bool finished(int runs) { return totals().number("runs_finished") == runs; }

  // What reached somebody over a channel; no step key may have reached anybody twice.
  std::vector<Value> messages(const std::string& channel);
  // What a vendor was asked, oldest first: "operation effect", with "!" behind it where the answer was lost.
  std::vector<std::string> asked(const std::string& vendor);
  void click(const std::string& action);

 private:
  TempDirectory files_;
  Millis now_;
};

}  // namespace ieum::test
