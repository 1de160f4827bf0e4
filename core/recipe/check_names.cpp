#include "recipe/check_names.hpp"

#include <algorithm>
#include <map>
#include <set>

namespace ieum::recipe {

namespace {

using Roots = std::vector<std::string>;

class NameChecker {
 public:
  NameChecker(const Recipe& recipe, Findings& findings) : recipe_(recipe), findings_(findings) {}

  void check() {
    static const Roots kEventRoots = {"event", "trigger"};
    if (recipe_.trigger.where) roots(recipe_.trigger.where->uses, kEventRoots);
    for (const auto& [kind, condition] : recipe_.about) roots(condition.uses, kEventRoots);
    if (recipe_.entry.key) roots(recipe_.entry.key->uses, kEventRoots);
    for (const EventMatch& exit : recipe_.exit_on)
      if (exit.where) roots(exit.where->uses, kEventRoots);
    collect(recipe_.steps);
    walk(recipe_.steps, false);
  }

 private:
  void unknown_root(const NameUse& use, const Roots& allowed) {
    const std::string& root = use.names[0];
    std::string mend =
        did_you_mean(root, allowed, "here are " + joined(allowed) + "; texts are written in quotes: '...'");
    if (root == "event") mend = "in steps the event that started the run is `trigger`";
    if (root == "error") mend = "`error` is there inside `on_error` only";
    findings_.error(use.place, "unknown_name", "there is no " + quoted(root) + " here", std::move(mend));
  }

  void roots(const NameUses& uses, const Roots& allowed) {
    for (const NameUse& use : uses)
      if (!use.names.empty() && std::find(allowed.begin(), allowed.end(), use.names[0]) == allowed.end())
        unknown_root(use, allowed);
  }

  // Numbers all steps in the order of the recipe, and gathers all variables.
  void collect(const Steps& steps) {
    for (const Step& step : steps) {
      order_.emplace(step.id, order_.size());
      if (const auto* use = std::get_if<Use>(&step.verb)) {
        if (use->on_error != nullptr) collect(*use->on_error);
      } else if (const auto* branch = std::get_if<If>(&step.verb)) {
        collect(*branch->then_steps);
        if (branch->else_steps != nullptr) collect(*branch->else_steps);
      } else if (const auto* set = std::get_if<Set>(&step.verb)) {
        for (const auto& [name, value] : set->values) variables_.insert(name);
      }
    }
  }

  void walk(const Steps& steps, bool in_on_error) {
    for (const Step& step : steps) {
      if (const auto* use = std::get_if<Use>(&step.verb)) {
        names(use->uses, step, in_on_error);
        if (use->on_error != nullptr) walk(*use->on_error, true);
      } else if (const auto* wait = std::get_if<Wait>(&step.verb)) {
        if (wait->until) names(wait->until->uses, step, in_on_error);
      } else if (const auto* branch = std::get_if<If>(&step.verb)) {
        names(branch->condition.uses, step, in_on_error);
        walk(*branch->then_steps, in_on_error);
        if (branch->else_steps != nullptr) walk(*branch->else_steps, in_on_error);
      } else if (const auto* set = std::get_if<Set>(&step.verb)) {
        names(set->uses, step, in_on_error);
      }
    }
  }

  void names(const NameUses& uses, const Step& step, bool in_on_error) {
    Roots allowed = {"trigger", "customer", "vars", "steps", "run", "now"};
    if (in_on_error) allowed.emplace_back("error");
    roots(uses, allowed);
    for (const NameUse& use : uses) {
      if (findings_.full()) return;
      if (use.names.empty()) continue;
      if (use.names[0] == "customer" && recipe_.about.empty())
        findings_.error(use.place, "customer_without_about", "there is no customer: the recipe has no `about`",
                        "add `about: {email: event.email}`, or read from `trigger`");
      if (use.names.size() < 2) continue;
      if (use.names[0] == "steps") step_name(use, step);
      if (use.names[0] == "vars" && variables_.count(use.names[1]) == 0)
        findings_.error(use.place, "unknown_variable", "no step sets the variable " + quoted(use.names[1]),
                        did_you_mean(use.names[1], {variables_.begin(), variables_.end()},
                                     "set it first: \"- set: {" + use.names[1] + ": ...}\""));
    }
  }

  void step_name(const NameUse& use, const Step& step) {
    static const std::vector<std::string> kMembers = {"status", "output", "error"};
    const auto found = order_.find(use.names[1]);
    if (found == order_.end()) {
      std::vector<std::string> ids;
      for (const auto& [id, number] : order_) ids.push_back(id);
      findings_.error(use.place, "unknown_step", "there is no step " + quoted(use.names[1]),
                      did_you_mean(use.names[1], ids, "give the step that is meant an `id`"));
    } else if (found->second >= order_.at(step.id)) {
      findings_.error(use.place, "later_step",
                      found->first == step.id ? "a step cannot read its own result"
                                              : "the step " + quoted(use.names[1]) + " comes later than this one",
                      "read the result of a step before this one");
    } else if (use.names.size() > 2 && std::find(kMembers.begin(), kMembers.end(), use.names[2]) == kMembers.end()) {
      findings_.error(use.place, "unknown_member", "a step has no " + quoted(use.names[2]),
                      did_you_mean(use.names[2], kMembers, "its result is in `output`, beside `status` and `error`"));
    }
  }

  const Recipe& recipe_;
  Findings& findings_;
  std::map<std::string, std::size_t> order_;
  std::set<std::string> variables_;
};

}  // namespace

void check_names(const Recipe& recipe, Findings& findings) { NameChecker(recipe, findings).check(); }

}  // namespace ieum::recipe
