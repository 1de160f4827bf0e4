// Fan-out: a schedule with an audience starts a run for each customer who is of it: a page of customers at a time, in order of their
// numbers, each page one unit, and behind what else is to be done. While hosts are crowded it waits, as the router does.
// Belongs to the engine. After a crash it goes on behind the last page: nobody is passed over, nobody starts twice.
#pragma once
#include <deque>
#include <functional>
#include <vector>

#include "runtime/router.hpp"
#include "runtime/starting.hpp"

namespace ieum::runtime {

class FanOut {
 public:
  struct Links {
    std::function<void(OpenedRun)> act;
    std::function<void(Millis)> due;
    std::function<void()> progressed;
  };
  FanOut(Context& context, Links links) : context_(context), links_(std::move(links)) {}

  // Takes up what a former process left. Errors: the store's.
  Status take_up();
  void begin(const store::FanOutRow& row);  // stored
  void pump();                              // there is room again
  [[nodiscard]] bool idle() const { return waiting_.empty() && !under_way_; }

  // Who would be of a recipe's audience now. The whole of them is counted, the first `shown` are named.
  struct Preview {
    std::int64_t looked = 0, met = 0;
    std::vector<Id> customers;
  };
  void preview(std::shared_ptr<const LiveRecipe> recipe, std::size_t shown, std::function<void(Result<Preview>)> done);

 private:
  struct Page;
  struct Looking;
  void next();
  void plan(const std::shared_ptr<Page>& page);
  Status plan_starts(Page& page);
  void later();
  void finish(std::string why);
  void look(const std::shared_ptr<Looking>& looking);
  // The event that a run of the audience begins with.
  [[nodiscard]] Result<TriggerFact> trigger_of(const store::FanOutRow& row) const;
  Context& context_;
  const Links links_;
  std::deque<store::FanOutRow> waiting_;  // the first one is worked on
  bool under_way_ = false;
  bool looks_again_ = false;
  int rounds_ = 0;
};

}  // namespace ieum::runtime
