// What the Admin API changes besides tags and discount codes: customers, consent, orders, refunds, products, metafields, draft
// orders, fulfilments, webhook subscriptions; and the checkouts that were abandoned. Private to sandbox; one thread.
// https://shopify.dev/docs/api/admin-graphql
#pragma once
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "sandbox/graphql.hpp"
#include "sandbox/hooks.hpp"

namespace ieum::sandbox {

// What a root field of a document did.
struct ShopDone {
  Value data;
  bool applied = false;  // something changed
  bool known = false;    // it was so already
  std::string problem;   // for errors[]; the whole call is refused
  std::string problem_code;
};

Value shop_user_error(List field, std::string_view message, Value code = {});
// {mutation_field: null, userErrors: [error]}; `errors`: another name of the list.
ShopDone shop_refused(std::string_view mutation_field, Value error, std::string_view errors = "userErrors");

class ShopAdmin {
 public:
  static bool is_mutation(std::string_view field);
  // The access scope that a root field needs, also of those that stand elsewhere; "" needs none.
  static std::string scope_of(const Field& field);
  // Nothing when the field is not among these.
  std::optional<ShopDone> root(const Field& field, Millis now);

  // What was subscribed to; secret and shop are the shop's.
  [[nodiscard]] std::vector<Hook> hooks(const std::string& secret, const std::string& shop) const;
  void lose(const std::string& id) { subscriptions_.erase(id); }
  // POST /_sandbox/send with topic "abandoned": a checkout that the poll will find.
  void abandon(const Value& checkout, Millis now);

 private:
  ShopDone set_customer(const Value& arguments, bool by_identifier);
  ShopDone consent(const Value& arguments, std::string_view name);
  ShopDone update(const Value& input, std::string_view kind, std::string_view field);
  ShopDone cancel(const Value& arguments, Millis now);
  ShopDone refund(const Field& field);
  ShopDone metafields(const Value& arguments);
  ShopDone draft(const Value& arguments);
  ShopDone drafts(const Value& arguments) const;
  ShopDone fulfill(const Value& arguments);
  ShopDone order(const Value& arguments) const;
  ShopDone subscribe(const Value& arguments);
  ShopDone unsubscribe(const Value& arguments);
  ShopDone subscriptions() const;
  ShopDone abandoned(const Value& arguments) const;

  struct Subscription {
    std::string topic, uri;
  };
  std::map<std::string, std::string> customers_;  // by e-mail or phone: global id
  std::map<std::string, std::string> cancelled_;  // orders by global id: when
  std::map<std::string, std::string> refunds_;    // by idempotency key: global id
  std::map<std::string, Value> metafields_;       // by owner, namespace, key
  std::map<std::string, Value> drafts_;           // by global id
  std::map<std::string, bool> fulfilled_;         // fulfilment orders that are closed
  std::map<std::string, Subscription> subscriptions_;
  std::vector<Value> abandoned_;
  std::int64_t last_ = 0;
};

}  // namespace ieum::sandbox
