#include "recipe/checker.hpp"

#include <algorithm>

#include "recipe/check_names.hpp"
#include "recipe/findings.hpp"

namespace ieum::recipe {

namespace {

bool contains(const std::vector<std::string>& list, const std::string& word) {
  return std::find(list.begin(), list.end(), word) != list.end();
}

class Checker {
 public:
  Checker(const Recipe& recipe, const Catalog& catalog, Findings& findings)
      : recipe_(recipe), catalog_(catalog), findings_(findings) {}

  void check() {
    if (recipe_.zone_place.line > 0 && !catalog_.knows_zone(recipe_.zone))
      findings_.error(recipe_.zone_place, "unknown_zone", "there is no time zone " + quoted(recipe_.zone),
                      "write one like Asia/Seoul");
    event(recipe_.trigger);
    for (const EventMatch& exit : recipe_.exit_on) {
      event(exit);
      if (recipe_.about.empty())
        findings_.error(exit.place, "exit_without_about",
                        "nobody knows whose event ends which run: the recipe has no `about`",
                        "add `about: {email: event.email}`, or leave `exit_on` out");
    }
    entry();
    steps(recipe_.steps);
    check_names(recipe_, findings_);
  }

 private:
  void event(const EventMatch& match) {
    const std::size_t slash = match.event.find('/');
    const std::string connector = slash == std::string::npos ? "" : match.event.substr(0, slash);
    const std::vector<std::string> events = catalog_.events();
    const bool open = !connector.empty() && catalog_.open_topics(connector);
    if (!open && !contains(events, match.event)) {
      if (!connector.empty() && !contains(catalog_.connectors(), connector))
        findings_.error(match.place, "unknown_connector", "there is no connector " + quoted(connector),
                        did_you_mean(connector, catalog_.connectors(), "`ieum connector list` shows all"));
      else
        findings_.error(match.place, "unknown_event", "nothing tells of the event " + quoted(match.event),
                        did_you_mean(match.event, events, "`ieum connector list` shows the events of each connector"));
    }
    if (!match.connection.empty()) connection(match.connection, connector, match.place);
  }

  // connector "": any.
  void connection(const std::string& name, const std::string& connector, Place place) {
    if (!catalog_.knows_connections()) return;
    const auto owner = catalog_.connection(name);
    if (!owner)
      findings_.error(place, "unknown_connection", "there is no connection " + quoted(name),
                      did_you_mean(name, catalog_.connections(),
                                   "add it: ieum connection add " +
                                       (connector.empty() ? "CONNECTOR " + name : connector + " " + name)));
    else if (!connector.empty() && *owner != connector)
      findings_.error(place, "wrong_connection",
                      "the connection " + quoted(name) + " belongs to " + *owner + ", not to " + connector,
                      "name a connection of " + connector);
  }

  void entry() {
    const bool keyed = recipe_.entry.key.has_value() || !recipe_.about.empty();
    if (recipe_.entry.mode == EntryMode::once && !keyed)
      findings_.error(recipe_.entry_place, "once_for_nobody", "`mode: once` needs to know once for whom",
                      "add `about`, or a `key` to `entry`");
    if (recipe_.entry.cap && recipe_.about.empty())
      findings_.error(recipe_.entry_place, "cap_for_nobody",
                      "a cap counts the runs of a customer, and there is no `about`",
                      "add `about: {email: event.email}`, or leave `cap` out");
  }

  // Whether control never comes out of the list.
  bool steps(const Steps& list) {
    bool ended = false, said = false;
    for (const Step& step : list) {
      if (ended && !said) {
        findings_.warning(step.place, "unreachable", "this step is never reached",
                          "remove it, or the `stop` before it");
        said = true;
      }
      if (const auto* use = std::get_if<Use>(&step.verb)) {
        check_use(*use);
        if (use->on_error != nullptr) steps(*use->on_error);
      } else if (const auto* branch = std::get_if<If>(&step.verb)) {
        const bool first = steps(*branch->then_steps);
        const bool second = branch->else_steps != nullptr && steps(*branch->else_steps);
        ended = ended || (first && second);
      } else if (std::holds_alternative<Stop>(step.verb)) {
        ended = true;
      }
    }
    return ended;
  }

  void check_use(const Use& use) {
    const std::string name = use.connector + "." + use.operation;
    if (!contains(catalog_.connectors(), use.connector)) {
      findings_.error(use.use_place, "unknown_connector", "there is no connector " + quoted(use.connector),
                      did_you_mean(use.connector, catalog_.connectors(), "`ieum connector list` shows all"));
      return;
    }
    connection(use.connection, use.connector, use.connection_place);
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
    const bool customer = facts.reaches_customer || use.reaches == "customer";
    if (!customer) {
      if (!use.message_class.empty())
        findings_.warning(use.class_place, "class_unused", name + " reaches no customer: `class` says nothing here",
                          "leave `class` out");
      return;
    }
    if (recipe_.about.empty())
      findings_.error(use.use_place, "customer_without_about",
                      name + " reaches a customer, but the recipe has no `about`",
                      "add `about: {phone: event.phone}`, so that opt-outs of that person count");
    if (use.message_class.empty())
      findings_.error(use.use_place, "missing_class", name + " reaches a customer and needs a `class`",
                      "add `class: info` for a message about an order or account");
    else if (use.message_class == "ad")
      findings_.error(use.class_place, "ads_not_available",
                      "ads cannot be sent yet: consent, night rule and caps for them are not in this version",
                      "write `class: info`, only if the message is no advertisement");
    else if (!facts.classes.empty() && !contains(facts.classes, use.message_class))
      findings_.error(use.class_place, "class_not_supported", name + " cannot carry the class " + use.message_class,
                      "it carries " + joined(facts.classes));
  }

  const Recipe& recipe_;
  const Catalog& catalog_;
  Findings& findings_;
};

}  // namespace

std::vector<Finding> check_recipe(const Recipe& recipe, const Catalog& catalog) {
  Findings findings;
  Checker(recipe, catalog, findings).check();
  return findings.take();
}

}  // namespace ieum::recipe
