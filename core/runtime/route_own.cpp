// Router: what the hub itself tells: who touched a message, and who wants no more of a topic.
#include <algorithm>

#include "engine/reasons.hpp"
#include "runtime/routing.hpp"

namespace ieum::runtime {

Status Router::plan_own(Delivery& delivery, Plan& plan) {
  if (delivery.connection != nullptr || delivery.items.empty()) return {};
  if (auto touch = touch_of(delivery.stored, delivery.items.back())) {
    // Whose it is now: two customers may have become one since.
    if (const Person* person = delivery.person_of(delivery.items.size() - 1); person != nullptr)
      touch->customer = person->customer.id;
    plan.writes.emplace_back(store::AddTouch{std::move(*touch)});
    return {};
  }
  const auto& item = delivery.items.front();
  const Person* person = delivery.person_of(0);
  if (item.means != engine::reasons::kUnsubscribed || person == nullptr) return {};
  const std::string topic = item.standard.text("topic");
  plan.writes.emplace_back(store::AddOptOut{{person->customer.id, topic, "", item.at_ms, "link"}});
  if (topic.empty()) return {};  // runs end at their next advertisement
  IEUM_TRY(const auto runs, context_.reader->live_runs_of(person->customer.id));
  for (const auto& run : runs) {
    const auto program = context_.program(run.recipe, run.version);
    if (program.has_error() || (*program)->recipe.topic != topic) continue;
    IEUM_CHECK(plan_end(delivery, run, std::string(engine::reasons::kUnsubscribed), "unsubscribed", plan));
  }
  return {};
}

}  // namespace ieum::runtime
