// The test of the connection, and the audiences to choose from.
#include "answers.hpp"
#include "operations.hpp"

namespace mailchimp {

using ieum::Call;
using ieum::Effect;
namespace json = ieum::json;

Effect ping(const Call& call) { return ieum::http("GET", api_url(call, "/ping")).safe(); }

Effect pinged(const Call& call) {
  if (auto failed = failure(call)) return std::move(*failed);
  const std::string health = ieum::text_at(call.answer(), "health_status");
  if (health.empty()) return unreadable("health");
  return ieum::done({{"health", health}});
}

Effect list_audiences(const Call& call) {
  return ieum::http("GET", api_url(call, "/lists?count=1000&fields=lists.id,lists.name,total_items")).safe();
}

Effect listed_audiences(const Call& call) {
  if (auto failed = failure(call)) return std::move(*failed);
  const json::value* lists = ieum::find(call.answer(), "lists");
  if (lists == nullptr || !lists->is_array()) return unreadable("list of audiences");
  json::array items;
  for (const json::value& list : lists->get_array()) {
    const std::string id = ieum::text_at(list, "id");
    if (!id.empty()) items.push_back(json::object{{"key", id}, {"title", ieum::text_at(list, "name", id)}});
  }
  return ieum::done({{"items", std::move(items)}});
}

}  // namespace mailchimp
