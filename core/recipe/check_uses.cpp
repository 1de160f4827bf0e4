#include "recipe/check_uses.hpp"

#include <algorithm>

#include "recipe/walk.hpp"

namespace ieum::recipe {

namespace {

bool contains(const std::vector<std::string>& list, const std::string& word) {
  return std::find(list.begin(), list.end(), word) != list.end();
}

class UseChecker {
 public:
  UseChecker(const Recipe& recipe, const Catalog& catalog, Findings& findings)
      : recipe_(recipe), catalog_(catalog), findings_(findings) {}

  void check_use(const Use& use) {
    const std::string name = use.connector + "." + use.operation;
    if (!contains(catalog_.connectors(), use.connector)) {
      findings_.error(use.use_place, "unknown_connector", "there is no connector " + quoted(use.connector),
                      did_you_mean(use.connector, catalog_.connectors(), "`ieum connector list` shows all"));
      return;
    }
    check_connection(use.connection, use.connector, use.connection_place, catalog_, findings_);
    const auto facts = catalog_.operation(use.connector, use.operation);
    if (!facts) {
      const std::vector<std::string> operations = catalog_.operations(use.connector);
      findings_.error(use.use_place, "unknown_operation", use.connector + " has no operation " + quoted(use.operation),
                      did_you_mean(use.operation, operations, "it has " + joined(operations)));
      return;
    }
    inputs(name, use, *facts);
    audience(name, use, *facts);
    const bool repeats = use.retry_given && use.retry.budget_for > 0;
    const bool unsafe = facts->unsafe_without_reconcile && !says_safe(use);
    if (unsafe && repeats)
      findings_.warning(use.retry_place, "unsafe_retry",
                        name + " cannot be repeated safely: after a lost answer it stays in doubt instead",
                        "say with `on_doubt` what happens then: wait, skip, fail or repeat");
    const auto in_doubt = use.on_doubt ? use.on_doubt : recipe_.on_doubt;
    if (unsafe && in_doubt == InDoubt::repeat)
      findings_.warning(use.on_doubt ? use.on_doubt_place : use.use_place, "may_act_twice",
                        name + " may happen twice with `on_doubt: repeat`", "write `on_doubt: wait` to decide by hand");
  }

 private:
  // http.request alone learns from its inputs whether it may be repeated.
  static bool says_safe(const Use& use) {
    if (use.connector != "http") return false;
    const bool given =
        std::any_of(use.inputs.begin(), use.inputs.end(), [](const auto& input) { return input.first == "safety"; });
    const auto literal = [&](const char* input) {
      const auto found = use.literals.find(input);
      return found == use.literals.end() ? std::string() : found->second;
    };
    if (given) return literal("safety") != "unsafe";
    const std::string method = literal("method");
    return method == "GET" || method == "HEAD" || method == "PUT" || method == "DELETE";
  }

  void inputs(const std::string& name, const Use& use, const OperationFacts& facts) {
    for (const auto& [input, place] : use.inputs)
      if (!facts.open_inputs && !contains(facts.inputs, input))
        findings_.error(place, "unknown_input", name + " has no input " + quoted(input),
                        did_you_mean(input, facts.inputs, "its inputs are " + joined(facts.inputs)));
    for (const std::string& needed : facts.required_inputs) {
      const bool given =
          std::any_of(use.inputs.begin(), use.inputs.end(), [&](const auto& input) { return input.first == needed; });
      if (!given)
        findings_.error(use.with_place, "missing_input", name + " needs the input " + quoted(needed),
                        "add it to `with`");
    }
  }

  void audience(const std::string& name, const Use& use, const OperationFacts& facts) {
    if (!use.reaches.empty() && name != "http.request")
      findings_.error(use.reaches_place, "misplaced_key",
                      "`reaches` is for http.request; " + name + " knows whom it reaches", "leave `reaches` out");
    if (!facts.reaches_customer && use.reaches != "customer") {
      if (use.expires_for)
        findings_.warning(use.use_place, "expires_unused",
                          name + " reaches no customer: nothing holds it back, so it cannot expire",
                          "leave `expires` out");
      if (!use.message_class.empty())
        findings_.warning(use.class_place, "class_unused", name + " reaches no customer: `class` says nothing here",
                          "leave `class` out");
      return;
    }
    if (!recipe_.has_customers())
      findings_.error(use.use_place, "customer_without_about",
                      name + " reaches a customer, but the recipe has no `about`",
                      recipe_.schedule ? "a schedule is about nobody: send from a recipe that an event starts"
                                       : "add `about: {phone: event.phone}`, so that opt-outs of that person count");
    if (use.message_class.empty())
      findings_.error(use.use_place, "missing_class", name + " reaches a customer and needs a `class`",
                      facts.classes.size() == 1
                          ? "add `class: " + facts.classes.front() + "`, which is all it carries"
                          : "add `class: info` for a message about an order or account, `class: ad` "
                            "for anything that promotes");
    else if (!facts.classes.empty() && !contains(facts.classes, use.message_class))
      findings_.error(use.class_place, "class_not_supported", name + " cannot carry the class " + use.message_class,
                      "it carries " + joined(facts.classes));
    else if (use.message_class == "ad" && facts.channel == "kakao_alimtalk")
      findings_.warning(
          use.class_place, "ad_on_alimtalk",
          "Kakao carries hardly any advertising over alimtalk and blocks senders who try; without (광고) in the "
          "approved template it is not sent",
          "send it with kakao.brand_message.send, or write `class: info` when it only informs");
    else if (use.message_class == "ad" && facts.channel.empty())
      findings_.warning(use.class_place, "ad_without_frame",
                        "the hub cannot put the label, the sender and the way to refuse into what " + name + " sends",
                        "write them into the message, or send it with a connector for the channel");
  }

  const Recipe& recipe_;
  const Catalog& catalog_;
  Findings& findings_;
};

}  // namespace

void check_uses(const Recipe& recipe, const Catalog& catalog, Findings& findings) {
  UseChecker checker(recipe, catalog, findings);
  each_step(recipe, [&](const Step& step) {
    if (const auto* use = std::get_if<Use>(&step.verb)) checker.check_use(*use);
  });
}

bool reaches_customer(const Use& use, const Catalog& catalog) {
  if (use.reaches == "customer") return true;
  const auto facts = catalog.operation(use.connector, use.operation);
  return facts && facts->reaches_customer;
}

bool reaches_customer(const Recipe& recipe, const Catalog& catalog) {
  bool found = false;
  each_step(recipe, [&](const Step& step) {
    if (const auto* use = std::get_if<Use>(&step.verb)) found = found || reaches_customer(*use, catalog);
  });
  return found;
}

void check_connection(const std::string& name, const std::string& connector, Place place, const Catalog& catalog,
                      Findings& findings) {
  if (!catalog.knows_connections()) return;
  const auto owner = catalog.connection(name);
  if (!owner)
    findings.error(place, "unknown_connection", "there is no connection " + quoted(name),
                   did_you_mean(name, catalog.connections(),
                                "add it: ieum connection add " +
                                    (connector.empty() ? "CONNECTOR " + name : connector + " " + name)));
  else if (!connector.empty() && *owner != connector)
    findings.error(place, "wrong_connection",
                   "the connection " + quoted(name) + " belongs to " + *owner + ", not to " + connector,
                   "name a connection of " + connector);
}

}  // namespace ieum::recipe
