#include "recipe/check_flow.hpp"

#include <algorithm>
#include <map>
#include <set>

namespace ieum::recipe {

namespace {

// What is sure at a place: "step:a" the step a ran, "output:a" and with an output, "event:a" an event came, "var:n" the
// variable n is set.
using Facts = std::set<std::string>;

struct State {
  bool alive = true;  // control comes here
  Facts sure;
};

State join(const State& a, const State& b) {
  if (!a.alive) return b;
  if (!b.alive) return a;
  State both;
  std::set_intersection(a.sure.begin(), a.sure.end(), b.sure.begin(), b.sure.end(),
                        std::inserter(both.sure, both.sure.end()));
  return both;
}

const State kNowhere{false, {}};

class FlowChecker {
 public:
  FlowChecker(const Recipe& recipe, const StepIndex& index, const Catalog& catalog, Findings& findings)
      : recipe_(recipe), index_(index), catalog_(catalog), findings_(findings) {
    each_expression(recipe, [&](const Asked& asked) {
      if (in_step(asked.seat)) asked_[asked.step].push_back(asked);
      if (asked.seat == Seat::keep_while) reads(asked, {});
    });
  }

  void check() {
    steps(recipe_.steps, {});
    // It may begin behind any step.
    if (recipe_.on_error != nullptr) steps(*recipe_.on_error, {});
  }

 private:
  State steps(const Steps& list, State state) {
    for (const Step& one : list) {
      if (!state.alive) {
        findings_.warning(one.place, "unreachable", "this step is never reached", "remove it, or a `stop` before it");
        return state;
      }
      for (const Asked& asked : asked_[&one]) reads(asked, state.sure);
      state = step(one, std::move(state));
    }
    return state;
  }

  State block(const std::shared_ptr<Steps>& list, const State& state) {
    return list == nullptr ? state : steps(*list, state);
  }

  State step(const Step& step, State before) {
    if (const auto* use = std::get_if<Use>(&step.verb)) return after_use(step, *use, std::move(before));
    if (const auto* await = std::get_if<WaitFor>(&step.verb)) return after_wait_for(step, *await, std::move(before));
    if (const auto* loop = std::get_if<Repeat>(&step.verb)) return after_repeat(step, *loop, std::move(before));
    if (std::holds_alternative<Stop>(step.verb)) return kNowhere;
    if (const auto* set = std::get_if<Set>(&step.verb))
      for (const auto& [name, value] : set->values) before.sure.insert("var:" + name);
    if (const auto* branch = std::get_if<If>(&step.verb))
      return after_branches(step, before, [&](const State& state) {
        return std::vector{block(branch->then_steps, state), block(branch->else_steps, state)};
      });
    if (const auto* choice = std::get_if<Switch>(&step.verb))
      return after_branches(step, before, [&](const State& state) {
        std::vector<State> ends;
        for (const Case& one : choice->cases) ends.push_back(block(one.then_steps, state));
        ends.push_back(block(choice->else_steps, state));
        return ends;
      });
    if (const auto* split = std::get_if<Split>(&step.verb)) {
      before.sure.insert("step:" + step.id);
      State after = kNowhere;
      for (const Variant& variant : split->variants) after = join(after, block(variant.steps, before));
      return after;
    }
    if (const auto* loop = std::get_if<ForEach>(&step.verb)) {
      block(loop->body, before);  // perhaps for no item
      before.sure.insert("step:" + step.id);
    }
    return before;
  }

  // A step that may be skipped, or fail and go on, may have no output.
  bool may_lack_output(const Use& use) const {
    const auto doubt = use.on_doubt ? use.on_doubt : recipe_.on_doubt;
    const auto facts = catalog_.operation(use.connector, use.operation);
    return doubt == InDoubt::skip || use.reaches == "customer" || (facts && facts->reaches_customer);
  }

  State after_use(const Step& step, const Use& use, State before) {
    before.sure.insert("step:" + step.id);
    State done = before;
    if (!may_lack_output(use)) done.sure.insert("output:" + step.id);
    return use.on_error == nullptr ? done : join(done, steps(*use.on_error, before));
  }

  State after_wait_for(const Step& step, const WaitFor& await, State before) {
    before.sure.insert("step:" + step.id);
    State after = block(await.timeout_steps, before);
    before.sure.insert("event:" + step.id);
    for (const Awaited& one : await.events) after = join(after, block(one.then_steps, before));
    return after;
  }

  State after_repeat(const Step& step, const Repeat& loop, State before) {
    const State body = block(loop.body, before);
    if (!loop.until && !body.alive) return kNowhere;
    if (!loop.until) before.sure = body.sure;
    before.sure.insert("step:" + step.id);
    if (loop.every_for == 0 && loop.max > kHotPasses && !pauses(*loop.body))
      findings_.warning(step.place, "hot_loop",
                        "up to " + std::to_string(loop.max) + " passes follow each other without a pause",
                        "add `every: 10m` to `repeat`, or a `wait` to its steps");
    return before;
  }

  static bool pauses(const Steps& list) {
    bool found = false;
    each_step(list, [&](const Step& step) {
      const auto* loop = std::get_if<Repeat>(&step.verb);
      found = found || std::holds_alternative<Wait>(step.verb) || std::holds_alternative<WaitFor>(step.verb) ||
              (loop != nullptr && loop->every_for > 0);
    });
    return found;
  }

  // A branch asks about what may be missing; so inside it, and behind it when one side ends, nothing need be said of that.
  template <class Walk>
  State after_branches(const Step& step, const State& before, Walk walk) {
    State inside = before;
    for (const Asked& asked : asked_[&step])
      for (const NameUse& use : asked.expression->uses) mention(use, inside.sure);
    const std::vector<State> ends = walk(inside);
    State after = kNowhere;
    bool all = true;
    for (const State& end : ends) {
      after = join(after, end);
      all = all && end.alive;
    }
    if (all)
      for (const std::string& fact : inside.sure)
        if (before.sure.count(fact) == 0) after.sure.erase(fact);
    return after;
  }

  static void mention(const NameUse& use, Facts& sure) {
    if (use.names.size() < 2) return;
    if (use.names[0] == "vars") sure.insert("var:" + use.names[1]);
    if (use.names[0] != "steps") return;
    for (const char* kind : {"step:", "output:", "event:"}) sure.insert(kind + use.names[1]);
  }

  void reads(const Asked& asked, Facts sure) {
    for (const NameUse& use : asked.expression->uses) {
      if (use.names.empty()) continue;
      // `"a" in vars` asks about all.
      if (use.names.size() == 1 && (use.names[0] == "vars" || use.names[0] == "steps")) return;
      if (use.guarded) mention(use, sure);
      // Whoever asks how it ended knows about the rest.
      if (use.names.size() > 2 && use.names[0] == "steps" && is_state(use.names[2])) {
        sure.insert("output:" + use.names[1]);
        sure.insert("event:" + use.names[1]);
      }
    }
    for (const NameUse& use : asked.expression->uses) {
      if (use.guarded || use.names.size() < 2) continue;
      if (use.names[0] == "vars") variable(use, sure);
      if (use.names[0] == "steps" && index_.see(use.names[1], asked) == StepIndex::Sight::visible) result(use, sure);
    }
  }

  static bool is_state(const std::string& member) {
    return member == "status" || member == "timed_out" || member == "matched" || member == "name";
  }

  void variable(const NameUse& use, const Facts& sure) {
    const std::string& name = use.names[1];
    if (sure.count("var:" + name) != 0 || !known_variable(name) || !said_.insert("var:" + name).second) return;
    findings_.warning(use.place, "may_be_missing", "the variable " + quoted(name) + " may not be set here",
                      "set it on every way that leads here, or give a default: vars." + name + " | or('')");
  }

  bool known_variable(const std::string& name) const {
    bool found = false;
    each_step(recipe_, [&](const Step& step) {
      if (const auto* set = std::get_if<Set>(&step.verb))
        found = found || std::any_of(set->values.begin(), set->values.end(),
                                     [&](const auto& value) { return value.first == name; });
    });
    return found;
  }

  void result(const NameUse& use, const Facts& sure) {
    const std::string& id = use.names[1];
    const Step& step = *index_.find(id)->step;
    const std::string member = use.names.size() > 2 ? use.names[2] : "";
    if (members_of(step).empty()) return;
    if (sure.count("step:" + id) == 0) {
      say(use, id, "the step " + quoted(id) + " may not have run here: not every way leads through it",
          "ask first: has(steps." + id + "), or give a default with | or(...)");
      return;
    }
    const auto* ran = std::get_if<Use>(&step.verb);
    if (ran != nullptr && member == "output" && sure.count("output:" + id) == 0)
      say(use, id,
          "the step " + quoted(id) + " may have no output here: " +
              (ran->on_error != nullptr ? "after its `on_error` the run goes on" : "it may be skipped"),
          "ask first: steps." + id + ".status == \"done\", or give a default with | or(...)");
    if (member == "event" && use.names.size() > 3 && sure.count("event:" + id) == 0)
      say(use, id, "after a time-out of " + quoted(id) + " there is no event",
          "read it in the `then` of the wait_for, or ask first: !steps." + id + ".timed_out");
  }

  void say(const NameUse& use, const std::string& id, std::string what, std::string mend) {
    if (said_.insert("step:" + id).second)
      findings_.warning(use.place, "may_be_missing", std::move(what), std::move(mend));
  }

  static constexpr int kHotPasses = 10;
  const Recipe& recipe_;
  const StepIndex& index_;
  const Catalog& catalog_;
  Findings& findings_;
  std::map<const Step*, std::vector<Asked>> asked_;
  std::set<std::string> said_;
};

}  // namespace

void check_flow(const Recipe& recipe, const StepIndex& index, const Catalog& catalog, Findings& findings) {
  FlowChecker(recipe, index, catalog, findings).check();
}

}  // namespace ieum::recipe
