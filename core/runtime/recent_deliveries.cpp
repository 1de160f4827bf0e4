#include "runtime/recent_deliveries.hpp"

#include <algorithm>

#include "base/encoding.hpp"

namespace ieum::runtime {
namespace {

constexpr std::size_t kHeadersMax = 40, kNameBytes = 64;

Value text_view(const host::LocalText& text) { return Map{{"ko", text.ko}, {"en", text.en}}; }

Value view_of(Id id, const RecentDeliveries::Delivery& delivery) {
  List headers;
  for (const auto& name : delivery.headers) headers.push_back(name);
  return Map{{"id", id},
             {"at_ms", delivery.at_ms},
             {"verdict", delivery.verdict},
             {"status", delivery.status},
             {"event", delivery.event ? Value(*delivery.event) : Value()},
             {"code", delivery.words.code},
             {"why", text_view(delivery.words.why)},
             {"mend", text_view(delivery.words.mend)},
             {"headers", std::move(headers)}};
}

}  // namespace

void RecentDeliveries::add(Id connection, Delivery delivery) {
  const std::lock_guard lock(mutex_);
  auto& list = by_connection_[connection];
  list.emplace_front(++last_, std::move(delivery));
  if (list.size() > kKept) list.pop_back();
}

std::vector<Value> RecentDeliveries::of(Id connection, Id before, std::size_t limit) const {
  const std::lock_guard lock(mutex_);
  std::vector<Value> views;
  const auto found = by_connection_.find(connection);
  if (found == by_connection_.end()) return views;
  for (const auto& [id, delivery] : found->second) {
    if (before != 0 && id >= before) continue;
    if (views.size() == limit) break;
    views.push_back(view_of(id, delivery));
  }
  return views;
}

std::vector<std::string> header_names(const HttpRequest& request) {
  std::vector<std::string> names;
  for (const auto& [name, value] : request.headers.fields()) {
    const auto lower = to_lower_ascii(name).substr(0, kNameBytes);
    if (names.size() < kHeadersMax && std::find(names.begin(), names.end(), lower) == names.end())
      names.push_back(lower);
  }
  return names;
}

}  // namespace ieum::runtime
