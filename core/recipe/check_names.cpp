#include "recipe/check_names.hpp"

#include <algorithm>
#include <map>

namespace ieum::recipe {

namespace {

using Names = std::vector<std::string>;

bool contains(const Names& list, const std::string& word) {
  return std::find(list.begin(), list.end(), word) != list.end();
}

// Roots that an expression may ask.
Names roots_of(const Asked& asked) {
  switch (asked.seat) {
    case Seat::match_event: return {"event"};
    case Seat::match_run: return {"trigger"};
    case Seat::about:
    case Seat::search:
    case Seat::trigger_where:
    case Seat::entry_key:
    case Seat::absent_where:
    case Seat::exit_where:
    case Seat::history_where:
    case Seat::history_value:
    case Seat::goal_where:
    case Seat::goal_value: return {"event", "trigger"};
    case Seat::audience: return {"trigger", "customer", "history", "now"};
    case Seat::entry_where: return {"event", "trigger", "customer", "history", "now"};
    default: break;
  }
  Names roots = {"trigger", "customer", "history", "vars", "steps", "run", "now"};
  if (asked.seat == Seat::await_where) roots.emplace_back("event");
  if (asked.in_on_error && in_step(asked.seat)) roots.emplace_back("error");
  if (!asked.loops.empty()) roots.emplace_back("loop");
  for (const Step* loop : asked.loops)
    if (const auto* each = std::get_if<ForEach>(&loop->verb)) roots.push_back(each->as);
  return roots;
}

class NameChecker {
 public:
  NameChecker(const Recipe& recipe, const StepIndex& index, Findings& findings)
      : recipe_(recipe), index_(index), findings_(findings) {
    each_step(recipe, [&](const Step& step) {
      if (const auto* set = std::get_if<Set>(&step.verb))
        for (const auto& [name, value] : set->values) variables_.insert(name);
    });
  }

  void expression(const Asked& asked) {
    const Names allowed = roots_of(asked);
    for (const NameUse& use : asked.expression->uses) {
      if (findings_.full()) return;
      if (use.names.empty()) continue;
      const std::size_t before = findings_.errors();
      name(use, asked, allowed);
      if (findings_.errors() > before) wrong_.insert(asked.expression);
    }
  }

  std::set<const Condition*> take() { return std::move(wrong_); }

 private:
  void name(const NameUse& use, const Asked& asked, const Names& allowed) {
    const std::string& root = use.names[0];
    const bool no_questions = root == "history" && recipe_.history.empty() && use.names.size() < 2;
    if (!contains(allowed, root) || no_questions) {
      unknown_root(use, asked, allowed);
      return;
    }
    if (root == "customer" && !recipe_.has_customers())
      findings_.error(use.place, "customer_without_about", "there is no customer: the recipe has no `about`",
                      "add `about: {email: event.email}`, or read from `trigger`");
    if (use.names.size() < 2) return;
    if (root == "history") history_name(use);
    if (root == "steps") step_name(use, asked);
    if (root == "loop") loop_member(use, asked);
    if (root == "vars" && variables_.count(use.names[1]) == 0)
      findings_.error(use.place, "unknown_variable", "no step sets the variable " + quoted(use.names[1]),
                      did_you_mean(use.names[1], {variables_.begin(), variables_.end()},
                                   "set it first: \"- set: {" + use.names[1] + ": ...}\""));
  }

  void unknown_root(const NameUse& use, const Asked& asked, const Names& allowed) {
    const std::string& root = use.names[0];
    std::string mend =
        did_you_mean(root, allowed, "here are " + joined(allowed) + "; texts are written in quotes: '...'");
    if (root == "event") mend = "in steps the event that started the run is `trigger`";
    if (root == "event" && (asked.seat == Seat::match_run || asked.seat == Seat::await_match))
      mend = "the left side of a pair of `match` asks the event, the right side the run: {event.token: trigger.token}";
    if (asked.seat == Seat::match_event)
      mend = "the left side of a pair of `match` asks the event, the right side the run: {event.token: trigger.token}";
    if (root == "history") mend = "ask first: `history: [{name: orders, event: order_created}]`";
    if (root == "error") mend = "`error` is there inside `on_error` only";
    if (root == "loop") mend = "`loop` is there inside for_each and repeat only";
    if (is_item(root)) mend = quoted(root) + " is there inside its own for_each only";
    findings_.error(use.place, "unknown_name", "there is no " + quoted(root) + " here", std::move(mend));
  }

  bool is_item(const std::string& root) const {
    bool found = false;
    each_step(recipe_, [&](const Step& step) {
      const auto* each = std::get_if<ForEach>(&step.verb);
      found = found || (each != nullptr && each->as == root);
    });
    return found;
  }

  void loop_member(const NameUse& use, const Asked& asked) {
    Names members = {"index", "number"};
    if (std::holds_alternative<ForEach>(asked.loops.back()->verb)) members.emplace_back("count");
    if (contains(members, use.names[1])) return;
    findings_.error(use.place, "unknown_member", "`loop` has no " + quoted(use.names[1]) + " here",
                    use.names[1] == "count" ? "a repeat does not know how many passes there will be"
                                            : did_you_mean(use.names[1], members, "it has " + joined(members)));
  }

  void history_name(const NameUse& use) {
    Names names;
    const HistoryQuery* query = nullptr;
    for (const HistoryQuery& one : recipe_.history) {
      names.push_back(one.name);
      if (one.name == use.names[1]) query = &one;
    }
    if (query == nullptr) {
      findings_.error(
          use.place, "unknown_question", "the recipe asks no question about history called " + quoted(use.names[1]),
          did_you_mean(use.names[1], names, "ask it: `history: [{name: " + use.names[1] + ", event: order_created}]`"));
      return;
    }
    Names members = {"count", "first", "last", "history_capped"};
    if (query->sum) members.emplace_back("sum");
    if (query->distinct) members.emplace_back("distinct");
    if (use.names.size() > 2 && !contains(members, use.names[2]))
      findings_.error(use.place, "unknown_member",
                      "the answer to " + quoted(query->name) + " has no " + quoted(use.names[2]),
                      use.names[2] == "sum" || use.names[2] == "distinct"
                          ? "say of what: `" + use.names[2] + ": event.total`"
                          : did_you_mean(use.names[2], members, "it has " + joined(members)));
  }

  void step_name(const NameUse& use, const Asked& asked) {
    const std::string& id = use.names[1];
    using Sight = StepIndex::Sight;
    switch (index_.see(id, asked)) {
      case Sight::unknown:
        findings_.error(use.place, "unknown_step", "there is no step " + quoted(id),
                        did_you_mean(id, index_.ids(), "give the step that is meant an `id`"));
        return;
      case Sight::later:
        findings_.error(use.place, "later_step",
                        asked.step->id == id ? "a step cannot read its own result"
                                             : "the step " + quoted(id) + " comes later than this one",
                        "read the result of a step before this one");
        return;
      case Sight::unfinished:
        findings_.error(use.place, "later_step", "the loop " + quoted(id) + " is not over yet here",
                        "read its result behind the loop; inside there is `loop.index`");
        return;
      case Sight::hidden:
        findings_.error(use.place, "step_in_loop",
                        "the step " + quoted(id) + " is inside a loop, and has a result in each pass",
                        "read it inside the loop, or keep it in a variable with `set`; a for_each has `results`");
        return;
      case Sight::visible: break;
    }
    const Step& step = *index_.find(id)->step;
    const Names& members = members_of(step);
    if (members.empty())
      findings_.error(use.place, "unknown_member", "a `" + verb_of(step) + "` leaves no result behind",
                      "only use, wait_for, for_each, repeat and split do");
    else if (use.names.size() > 2 && !contains(members, use.names[2]))
      findings_.error(use.place, "unknown_member",
                      "the step " + quoted(id) + ", a `" + verb_of(step) + "`, has no " + quoted(use.names[2]),
                      did_you_mean(use.names[2], members, "it has " + joined(members)));
  }

  const Recipe& recipe_;
  const StepIndex& index_;
  Findings& findings_;
  std::set<std::string> variables_;
  std::set<const Condition*> wrong_;
};

}  // namespace

std::set<const Condition*> check_names(const Recipe& recipe, const StepIndex& index, Findings& findings) {
  NameChecker checker(recipe, index, findings);
  each_expression(recipe, [&](const Asked& asked) { checker.expression(asked); });
  return checker.take();
}

}  // namespace ieum::recipe
