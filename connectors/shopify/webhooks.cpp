// webhook.ensure: the subscriptions that enabled recipes need are there, each with our address; those of others are left alone.
// Shopify removes a subscription after eight failed deliveries, so this is asked again daily.
// https://shopify.dev/docs/api/admin-graphql/latest/mutations/webhookSubscriptionCreate
#include <algorithm>

#include "graphql.hpp"
#include "operations.hpp"

namespace shopify {

namespace {

using ieum::Call;
using ieum::Effect;
using ieum::json::array;
using ieum::json::object;

constexpr std::string_view kList =
    "query webhookSubscriptions($after: String) { webhookSubscriptions(first: 100, after: $after) "
    "{ nodes { id topic uri } pageInfo { hasNextPage endCursor } } }";
constexpr std::string_view kCreate =
    "mutation webhookSubscriptionCreate($topic: WebhookSubscriptionTopic!, $webhookSubscription: "
    "WebhookSubscriptionInput!) { webhookSubscriptionCreate(topic: $topic, webhookSubscription: $webhookSubscription) "
    "{ webhookSubscription { id } userErrors { field message } } }";
constexpr std::string_view kDelete =
    "mutation webhookSubscriptionDelete($id: ID!) { webhookSubscriptionDelete(id: $id) "
    "{ deletedWebhookSubscriptionId userErrors { field message } } }";

// Topics that no Admin API call subscribes to: the app's own settings do, or the hub polls for them.
bool is_elsewhere(std::string_view topic) {
  return topic == "customers/data_request" || topic == "customers/redact" || topic == "shop/redact" ||
         topic == "checkouts/abandoned";
}

// "orders/create" -> "ORDERS_CREATE"
std::string enum_of(std::string_view topic) {
  std::string out;
  for (const char c : topic) out += c == '/' || c == '.' ? '_' : static_cast<char>(c >= 'a' && c <= 'z' ? c - 32 : c);
  return out;
}

bool has(const array& list, std::string_view text) {
  return std::any_of(list.begin(), list.end(),
                     [&](const ieum::json::value& one) { return one.is_string() && one.get_string() == text; });
}

array list_at(const Call& call, std::string_view name) {
  const ieum::json::value* value = ieum::find(call.state(), name);
  return value != nullptr && value->is_array() ? value->get_array() : array{};
}

object with_refused(object state, array refused) {
  if (!refused.empty()) state["refused"] = std::move(refused);
  return state;
}

// What is still to be done, one call after the other: {"at", "have", "gone", "make", "refused"}.
Effect list(const Call& call, array have, array gone, const std::string& after) {
  object variables;
  if (!after.empty()) variables["after"] = after;
  return call_graphql(call, kList, std::move(variables), ieum::Safety::safe,
                      object{{"at", "list"}, {"have", std::move(have)}, {"gone", std::move(gone)}});
}

// refused: "TOPIC: what Shopify said", each of which is asked for again the next time.
Effect finished(const Call& call, std::size_t count, const array& refused) {
  if (count == 0 && !refused.empty())
    return ieum::fail(ieum::Kind::permanent, "all_refused",
                      "Shopify subscribes to nothing: " + std::string(refused.front().get_string()));
  std::string note = std::to_string(count) + " topics are subscribed at Shopify";
  for (const ieum::json::value& one : refused)
    note +=
        (&one == refused.data() ? "; refused, so that no event of them comes: " : "; ") + std::string(one.get_string());
  return ieum::done({{"state", object{{"hook_url", call.input("hook_url")}}}, {"note", note}});
}

Effect next(const Call& call, array gone, array make, std::size_t count, array refused) {
  if (!gone.empty()) {
    const ieum::json::value id = gone.back();
    gone.pop_back();
    return call_graphql(
        call, kDelete, {{"id", id}}, ieum::Safety::idempotent,
        with_refused({{"at", "delete"}, {"gone", std::move(gone)}, {"make", std::move(make)}, {"count", count}},
                     std::move(refused)));
  }
  if (make.empty()) return finished(call, count, refused);
  const ieum::json::value topic = make.front();
  make.erase(make.begin());
  return call_graphql(
      call, kCreate,
      {{"topic", topic}, {"webhookSubscription", object{{"uri", call.input("hook_url")}, {"format", "JSON"}}}},
      ieum::Safety::natural,
      with_refused({{"at", "create"}, {"topic", topic}, {"make", std::move(make)}, {"count", count + 1}},
                   std::move(refused)));
}

// Ours under this address: `have`, by topic. Under an address that was ours before: `gone`, by id.
void sort_page(const Call& call, array& have, array& gone, bool all_gone) {
  const std::string ours = call.input("hook_url");
  const std::string before = ieum::text_at(call.input_value("state"), "hook_url");
  const ieum::json::value* nodes = ieum::find(call.answer(), "data.webhookSubscriptions.nodes");
  if (nodes == nullptr || !nodes->is_array()) return;
  for (const ieum::json::value& node : nodes->get_array()) {
    const std::string uri = ieum::text_at(node, "uri");
    const std::string topic = ieum::text_at(node, "topic");
    const bool twice = uri == ours && has(have, topic);
    if ((uri == ours && (all_gone || twice)) || (!before.empty() && uri == before && before != ours))
      gone.emplace_back(ieum::text_at(node, "id"));
    else if (uri == ours)
      have.emplace_back(topic);
  }
}

Effect after_page(const Call& call, bool all_gone) {
  array have = list_at(call, "have"), gone = list_at(call, "gone");
  sort_page(call, have, gone, all_gone);
  const std::string cursor = ieum::text_at(call.answer(), "data.webhookSubscriptions.pageInfo.endCursor");
  if (ieum::flag_at(call.answer(), "data.webhookSubscriptions.pageInfo.hasNextPage") && !cursor.empty() &&
      have.size() + gone.size() < 1000)
    return list(call, std::move(have), std::move(gone), cursor);
  array make;
  if (!all_gone) {
    array wanted = texts_of(call.input_value("wanted"));
    wanted.emplace_back("app/uninstalled");
    for (const ieum::json::value& topic : wanted) {
      const std::string_view text(topic.get_string().data(), topic.get_string().size());
      const std::string word = enum_of(text);
      if (!is_elsewhere(text) && !has(have, word) && !has(make, word)) make.emplace_back(word);
    }
  }
  return next(call, std::move(gone), std::move(make), have.size(), {});
}

// Why this one topic was not subscribed to, for which the others need not wait; "" when it is, or nothing was said of it.
// What somebody else made in the meantime ("taken") is as wanted.
std::string denial(const Call& call) {
  constexpr std::size_t kShown = 200;
  if (const auto error = user_error(call, "webhookSubscriptionCreate")) {
    const std::string text = error->message.empty() ? "refused" : error->message.substr(0, kShown);
    return error->message.find("taken") == std::string::npos ? text : "";
  }
  const ieum::json::value* errors = call.succeeded() ? ieum::find(call.answer(), "errors") : nullptr;
  if (errors == nullptr || !errors->is_array() || errors->get_array().empty()) return {};
  const ieum::json::value& first = errors->get_array().front();
  if (ieum::text_at(first, "extensions.code") != "ACCESS_DENIED") return {};
  return "no access (" + ieum::text_at(first, "message").substr(0, kShown) + ")";
}

Effect go_on(const Call& call, bool all_gone) {
  const std::string at = ieum::text_at(call.state(), "at");
  auto failed = failure(call);
  const std::string denied = at == "create" ? denial(call) : "";
  if (failed && denied.empty()) return std::move(*failed);
  if (at == "list") return after_page(call, all_gone);
  auto count = ieum::int_at(call.state(), "count").value_or(0);
  array refused = list_at(call, "refused");
  if (!denied.empty()) {
    refused.emplace_back(ieum::text_at(call.state(), "topic") + ": " + denied);
    --count;
  }
  return next(call, list_at(call, "gone"), list_at(call, "make"),
              static_cast<std::size_t>(std::max<std::int64_t>(0, count)), std::move(refused));
}

Effect begin(const Call& call) {
  if (!call.input("hook_url").starts_with("http"))
    return ieum::fail(ieum::Kind::permanent, "no_hook_url", "the hub has no public address");
  return list(call, {}, {}, "");
}

}  // namespace

Effect ensure_webhooks(const Call& call) { return begin(call); }
Effect ensured_webhooks(const Call& call) { return go_on(call, false); }
Effect remove_webhooks(const Call& call) { return begin(call); }
Effect removed_webhooks(const Call& call) { return go_on(call, true); }

}  // namespace shopify
