// A small catalog and helpers for the tests of the checker.
#pragma once
#include <boost/test/unit_test.hpp>
#include <map>

#include "recipe/checker.hpp"
#include "recipe/reading.hpp"

namespace ieum::recipe_test {

using namespace recipe;

class SmallCatalog final : public Catalog {
 public:
  bool online = true;

  std::vector<std::string> connectors() const override { return {"http", "kakao", "shopify", "slack", "webhook"}; }
  bool knows_connections() const override { return online; }
  std::optional<std::string> connection(const std::string& name) const override {
    static const std::map<std::string, std::string> kConnections = {
        {"kakao", "kakao"}, {"team", "slack"}, {"slack", "slack"}, {"shop", "shopify"}, {"http", "http"}};
    const auto found = kConnections.find(name);
    return found == kConnections.end() ? std::nullopt : std::optional(found->second);
  }
  std::vector<std::string> connections() const override { return {"http", "kakao", "shop", "slack", "team"}; }
  std::vector<std::string> operations(const std::string& connector) const override {
    if (connector == "slack") return {"message.post", "file.upload"};
    if (connector == "kakao") return {"alimtalk.send", "brand_message.send"};
    if (connector == "http") return {"request"};
    return {};
  }
  std::optional<OperationFacts> operation(const std::string& connector, const std::string& name) const override {
    OperationFacts facts;
    if (connector == "slack" && name == "message.post") {
      facts.inputs = {"channel", "text", "blocks", "thread_ts"};
      facts.required_inputs = {"channel", "text"};
      facts.outputs = {{"ts", expr::StaticType::string}};
      facts.causes = {{{"slack/message"}, "", "", {}, "from_bot"}};
      facts.unsafe_without_reconcile = true;
    } else if (connector == "kakao" && name == "alimtalk.send") {
      facts.inputs = {"to", "template", "variables"};
      facts.required_inputs = {"to", "template"};
      facts.reaches_customer = true;
      facts.channel = "kakao_alimtalk";
      facts.classes = {"info", "ad"};
    } else if (connector == "kakao" && name == "brand_message.send") {
      facts.open_inputs = true;
      facts.reaches_customer = true;
      facts.classes = {"ad"};
      facts.channel = "kakao_brand_message";
    } else if (connector == "http" && name == "request") {
      facts.inputs = {"method", "url"};
      facts.required_inputs = {"method", "url"};
      facts.open_inputs = true;
      facts.unsafe_without_reconcile = true;
    } else if (connector == "shopify" && name == "tags.add") {
      facts.open_inputs = true;
      facts.causes = {{{"shopify/orders/updated"}, "kind", "order", "order", ""},
                      {{"shopify/customers/update"}, "kind", "customer", "order", ""}};
    } else {
      return {};
    }
    return facts;
  }
  std::vector<std::string> events() const override {
    return {"order_created",         "checkout_started",         "order_paid",
            "shopify/orders/create", "shopify/checkouts/create", "shopify/orders/updated",
            "slack/message",         "shopify/customers/update"};
  }
  std::optional<EventFacts> event(const std::string& name) const override {
    using Type = expr::StaticType;
    if (name != "order_paid") return {};
    return EventFacts{{{"order_id", Type::integer}, {"total", Type::decimal}, {"at", Type::timestamp}}, false};
  }
  bool open_topics(const std::string& connector) const override { return connector == "webhook"; }
  bool knows_zone(const std::string& name) const override { return name == "Asia/Seoul"; }
};

inline std::vector<Finding> checked(const std::string& text, bool online = true) {
  const ReadOutcome outcome = yaml(text);
  BOOST_REQUIRE_MESSAGE(outcome.recipe, text << full(outcome.findings));
  SmallCatalog catalog;
  catalog.online = online;
  return check_recipe(*outcome.recipe, catalog);
}

struct Sample {
  std::string text;
  const char* expected;
};

inline void check(const Sample& c) {
  const auto findings = checked(c.text);
  BOOST_CHECK_MESSAGE(brief(findings) == c.expected, c.text << "\nexpected\n"
                                                            << c.expected << "found\n"
                                                            << full(findings));
  for (const Finding& finding : findings) BOOST_CHECK_MESSAGE(!finding.mend.empty(), finding.code << " has no mend");
}

// A recipe about somebody; its steps begin on line 5.
inline std::string about(std::string_view steps) {
  return "recipe: r\nabout: {phone: event.phone}\ntrigger: {event: order_created}\nsteps:\n" + std::string(steps);
}
inline const std::string kPost = "- use: slack.message.post\n  with: {channel: '#a', text: ";

}  // namespace ieum::recipe_test
