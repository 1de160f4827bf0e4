#include "recipe/check_events.hpp"

#include <algorithm>

#include "recipe/check_uses.hpp"

namespace ieum::recipe {

namespace {

bool contains(const std::vector<std::string>& list, const std::string& word) {
  return std::find(list.begin(), list.end(), word) != list.end();
}

class EventChecker {
 public:
  EventChecker(const Recipe& recipe, const StepIndex& index, const Catalog& catalog, Findings& findings)
      : recipe_(recipe), index_(index), catalog_(catalog), findings_(findings) {}

  void check() {
    if (!recipe_.schedule) known(recipe_.trigger);
    each_listener(recipe_, [&](const EventMatch& match) { known(match); });
    for (const HistoryQuery& query : recipe_.history) asked(query);
    if (recipe_.absent) joined(recipe_.absent->match, "absent", "whose event keeps which run from starting");
    for (const EventMatch& exit : recipe_.exit_on) joined(exit, "exit", "whose event ends which run");
    if (recipe_.goal) joined(recipe_.goal->match, "goal", "whose event is the goal of which run");
    each_step(recipe_, [&](const Step& step) {
      if (const auto* await = std::get_if<WaitFor>(&step.verb))
        for (const Awaited& one : await->events) awaited(step, one);
    });
  }

 private:
  void known(const EventMatch& match) {
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
    if (!match.connection.empty()) check_connection(match.connection, connector, match.place, catalog_, findings_);
  }

  // An event finds a run by its customer, or by `match`.
  void joined(const EventMatch& match, const std::string& key, const std::string& what) {
    if (recipe_.has_customers() || !match.match.empty()) return;
    const std::string name = key == "exit" ? "exit_on" : key == "wait" ? "wait_for" : key;
    findings_.error(match.place, key + "_without_about",
                    "nobody knows " + what + ": the recipe has no `about`, and " + name + " no `match`",
                    recipe_.schedule ? "add `match: {event.id: trigger.firing}`, or leave `" + name + "` out"
                                     : "add `about: {email: event.email}`, or `match: {event.token: trigger.token}`");
  }

  // History is kept of customers.
  void asked(const HistoryQuery& query) {
    known(query.match);
    if (!recipe_.has_customers())
      findings_.error(query.match.place, "history_without_about",
                      "nobody knows whose history is asked: the recipe has no `about`",
                      "add `about: {email: event.email}`");
  }

  // An event with a step key finds the run of that step by itself.
  bool names_a_step(const EventMatch& match) const {
    if (match.step.empty()) return false;
    const auto facts = catalog_.event(match.event);
    return facts && facts->fields.count("step_key") == 1;
  }

  void awaited(const Step& step, const Awaited& one) {
    if (!names_a_step(one.match)) joined(one.match, "wait", "whose event is waited for");
    if (one.match.step.empty()) return;
    const std::string& id = one.match.step;
    const StepIndex::Entry* entry = index_.find(id);
    if (entry == nullptr)
      findings_.error(one.match.place, "unknown_step", "there is no step " + quoted(id),
                      did_you_mean(id, index_.ids(), "give the step that is meant an `id`"));
    else if (entry->number >= index_.find(step.id)->number)
      findings_.error(one.match.place, "later_step", "the step " + quoted(id) + " comes later than this one",
                      "name a step before this one");
    else if (!std::holds_alternative<Use>(entry->step->verb))
      findings_.error(one.match.place, "wrong_step",
                      "the step " + quoted(id) + " is a `" + verb_of(*entry->step) + "`: events tell of what was sent",
                      "name a step with `use`");
  }

  const Recipe& recipe_;
  const StepIndex& index_;
  const Catalog& catalog_;
  Findings& findings_;
};

}  // namespace

void check_events(const Recipe& recipe, const StepIndex& index, const Catalog& catalog, Findings& findings) {
  EventChecker(recipe, index, catalog, findings).check();
}

}  // namespace ieum::recipe
