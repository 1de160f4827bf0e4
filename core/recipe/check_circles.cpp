// Circles: recipes whose steps make a vendor tell the event that starts the next one, back to the first.
#include <algorithm>
#include <deque>
#include <optional>

#include "recipe/checker.hpp"
#include "recipe/findings.hpp"
#include "recipe/walk.hpp"

namespace ieum::recipe {

namespace {

// One recipe starts another: by what.
struct Link {
  std::string operation, event, mark;
};

class Circles {
 public:
  Circles(const std::vector<const Recipe*>& recipes, const Catalog& catalog) : recipes_(recipes) {
    links_.resize(recipes.size());
    for (std::size_t from = 0; from < recipes.size(); ++from) {
      links_[from].resize(recipes.size());
      each_step(*recipes[from], [&](const Step& step) {
        const auto* use = std::get_if<Use>(&step.verb);
        const auto facts = use == nullptr ? std::nullopt : catalog.operation(use->connector, use->operation);
        if (!facts) return;
        for (const Cause& cause : facts->causes)
          if (happens(cause, *use)) join(from, *use, cause);
      });
    }
  }

  std::vector<std::vector<Finding>> find() {
    std::vector<std::vector<Finding>> all(recipes_.size());
    std::vector<bool> told(recipes_.size());
    for (std::size_t first = 0; first < recipes_.size(); ++first) {
      if (told[first]) continue;
      const std::vector<std::size_t> circle = shortest(first);
      if (circle.empty()) continue;
      for (const std::size_t one : circle) told[one] = true;
      Findings findings;
      say(circle, findings);
      all[first] = findings.take();
    }
    return all;
  }

 private:
  // Whether the use may cause it: an input that is known to be another does not.
  static bool happens(const Cause& cause, const Use& use) {
    if (cause.when_input.empty()) return true;
    const auto literal = use.literals.find(cause.when_input);
    if (literal != use.literals.end()) return literal->second == cause.when_value;
    const bool given = std::any_of(use.inputs.begin(), use.inputs.end(),
                                   [&](const auto& input) { return input.first == cause.when_input; });
    return given || !cause.when_default || *cause.when_default == cause.when_value;
  }

  void join(std::size_t from, const Use& use, const Cause& cause) {
    for (std::size_t to = 0; to < recipes_.size(); ++to) {
      const EventMatch& trigger = recipes_[to]->trigger;
      if (recipes_[to]->schedule || links_[from][to]) continue;
      const bool heard = std::find(cause.events.begin(), cause.events.end(), trigger.event) != cause.events.end();
      const bool elsewhere =
          !trigger.connection.empty() && !use.connection.empty() && trigger.connection != use.connection;
      if (!heard || elsewhere || asks(trigger, cause.mark)) continue;
      links_[from][to] = Link{use.connector + "." + use.operation, trigger.event, cause.mark};
    }
  }

  // `where: '!event.from_bot'` tells what the hub did itself apart.
  static bool asks(const EventMatch& trigger, const std::string& mark) {
    if (mark.empty() || !trigger.where) return false;
    const NameUses& uses = trigger.where->uses;
    return std::any_of(uses.begin(), uses.end(), [&](const NameUse& use) {
      return use.names.size() > 1 && (use.names[0] == "event" || use.names[0] == "trigger") && use.names[1] == mark;
    });
  }

  // The shortest way from a recipe back to itself; empty when there is none.
  std::vector<std::size_t> shortest(std::size_t first) const {
    std::vector<std::optional<std::size_t>> before(recipes_.size());
    std::deque<std::size_t> open{first};
    while (!open.empty()) {
      const std::size_t at = open.front();
      open.pop_front();
      for (std::size_t to = 0; to < recipes_.size(); ++to) {
        if (!links_[at][to]) continue;
        if (to == first) {
          std::vector<std::size_t> circle{at};
          while (circle.back() != first) circle.push_back(*before[circle.back()]);
          std::reverse(circle.begin(), circle.end());
          return circle;
        }
        if (before[to]) continue;
        before[to] = at;
        open.push_back(to);
      }
    }
    return {};
  }

  // Something that may end the circle: a condition, or a rule that starts no second run.
  static bool bounded(const Recipe& recipe) {
    return recipe.trigger.where || recipe.entry.cap || recipe.entry.mode == EntryMode::once;
  }

  void say(const std::vector<std::size_t>& circle, Findings& findings) const {
    const Recipe& first = *recipes_[circle[0]];
    std::string ways, mark;
    bool may_end = false;
    for (std::size_t i = 0; i < circle.size(); ++i) {
      const Link& link = *links_[circle[i]][circle[(i + 1) % circle.size()]];
      const std::string& to = recipes_[circle[(i + 1) % circle.size()]]->name;
      ways += (ways.empty() ? "" : ", ") + recipes_[circle[i]]->name + " starts " +
              (circle.size() == 1 ? "itself" : to) + " (" + link.operation + " causes " + link.event + ")";
      if (mark.empty()) mark = link.mark;
      may_end = may_end || bounded(*recipes_[circle[i]]);
    }
    const std::string what = (circle.size() == 1 ? "a circle: " : "recipes start each other in a circle: ") + ways;
    const std::string mend =
        mark.empty() ? "tell apart what the hub did itself by a `where` at a trigger, or use another event"
        : mark.starts_with("from_") ? "tell apart what the hub did itself: where: '!event." + mark + "'"
                                    : "tell apart what the hub did itself: ask event." + mark + " in a `where`";
    if (may_end)
      findings.warning(first.trigger.place, "circle", what, mend);
    else
      findings.error(first.trigger.place, "circle", what, mend);
  }

  const std::vector<const Recipe*>& recipes_;
  std::vector<std::vector<std::optional<Link>>> links_;  // [from][to]
};

}  // namespace

std::vector<std::vector<Finding>> check_recipes(const std::vector<const Recipe*>& recipes, const Catalog& catalog) {
  return Circles(recipes, catalog).find();
}

}  // namespace ieum::recipe
