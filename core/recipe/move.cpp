#include "recipe/move.hpp"

#include <set>

#include "recipe/findings.hpp"

namespace ieum::recipe {

namespace {

using Kind = Instruction::Kind;

const char* kind_word(Kind kind) {
  constexpr const char* kWords[] = {"use",  "wait", "wait_for", "condition", "split", "for_each", "repeat",
                                    "loop", "set",  "stop",     "jump",      "end",   "end"};
  return kWords[static_cast<std::size_t>(kind)];
}

std::string source(const std::optional<Condition>& condition) {
  return condition ? condition->expression.source() : "";
}

// What a step is beyond its kind: where it differs, a run in the middle of it cannot go on.
std::string nature(const Instruction& instruction) {
  if (instruction.step == nullptr) return "";
  if (const auto* use = std::get_if<Use>(&instruction.step->verb))
    return use->connector + "." + use->operation + " over " + use->connection;
  if (const auto* loop = std::get_if<ForEach>(&instruction.step->verb)) return loop->as;
  const auto* wait = std::get_if<WaitFor>(&instruction.step->verb);
  if (wait == nullptr) return "";
  std::string text;
  for (const Awaited& awaited : wait->events) {
    const EventMatch& match = awaited.match;
    text += match.event + "\n" + match.connection + "\n" + match.step + "\n" + source(match.where) + "\n";
    for (const MatchPair& pair : match.match)
      text += pair.event_side.expression.source() + "=" + pair.run_side.expression.source() + "\n";
  }
  return text;
}

bool same_sort(const Instruction& a, const Instruction& b) { return a.kind == b.kind && nature(a) == nature(b); }

std::vector<std::size_t> follows(const Program& program, std::size_t at) {
  const Instruction& from = program.code[at];
  if (from.kind == Kind::stop || from.kind == Kind::fail || from.kind == Kind::end) return {};
  std::vector<std::size_t> to = from.targets;
  to.push_back(from.next);
  const bool forks =
      from.kind == Kind::branch || from.kind == Kind::for_each || from.kind == Kind::repeat || from.kind == Kind::next;
  if (forks) to.push_back(from.otherwise);
  if (from.on_error != 0) to.push_back(from.on_error);
  return to;
}

std::set<std::size_t> reachable(const Program& program, std::size_t at) {
  std::set<std::size_t> seen{at};
  std::vector<std::size_t> open{at};
  while (!open.empty()) {
    const std::size_t here = open.back();
    open.pop_back();
    for (const std::size_t next : follows(program, here))
      if (next < program.code.size() && seen.insert(next).second) open.push_back(next);
  }
  return seen;
}

NameUses uses_of(const Instruction& instruction) {
  NameUses uses;
  const auto add = [&](const NameUses& more) { uses.insert(uses.end(), more.begin(), more.end()); };
  const auto add_if = [&](const std::optional<Condition>& condition) {
    if (condition) add(condition->uses);
  };
  if (instruction.condition != nullptr) add(instruction.condition->uses);
  if (instruction.step == nullptr) return uses;
  const auto& verb = instruction.step->verb;
  if (const auto* use = std::get_if<Use>(&verb)) add(use->uses);
  if (const auto* wait = std::get_if<Wait>(&verb)) add_if(wait->until);
  if (const auto* set = std::get_if<Set>(&verb)) add(set->uses);
  if (const auto* loop = std::get_if<ForEach>(&verb)) add(loop->list.uses);
  if (const auto* loop = std::get_if<Repeat>(&verb)) add_if(loop->until);
  if (const auto* wait = std::get_if<WaitFor>(&verb)) {
    add_if(wait->timeout.until);
    for (const Awaited& awaited : wait->events) {
      add_if(awaited.match.where);
      for (const MatchPair& pair : awaited.match.match) add(pair.run_side.uses);
    }
  }
  return uses;
}

std::set<std::string> variables_set(const Program& program, const std::set<std::size_t>* only) {
  std::set<std::string> names;
  for (std::size_t i = 0; i < program.code.size(); ++i) {
    const Step* step = program.code[i].step;
    const auto* set = step == nullptr ? nullptr : std::get_if<Set>(&step->verb);
    if (set == nullptr || (only != nullptr && !only->contains(i))) continue;
    for (const auto& [name, value] : set->values) names.insert(name);
  }
  return names;
}

// Why what comes from there on cannot be had by a run of the old version; "" when it can.
std::string missing(const Program& before, const Program& after, std::size_t at) {
  const std::set<std::size_t> ahead = reachable(after, at);
  std::set<std::string> vars = variables_set(before, nullptr);
  vars.merge(variables_set(after, &ahead));
  const bool other_trigger = before.recipe.trigger.event != after.recipe.trigger.event ||
                             before.recipe.schedule.has_value() != after.recipe.schedule.has_value();
  const auto judge = [&](const NameUse& use, const std::string& reader) -> std::string {
    if (use.names.empty()) return "";
    if (use.names[0] == "trigger" && other_trigger)
      return reader + " reads `trigger`, and the new version is triggered by another event";
    if (use.guarded || use.names.size() < 2) return "";
    if (use.names[0] == "vars" && !vars.contains(use.names[1]))
      return reader + " reads vars." + use.names[1] + ", which this run has not set";
    if (use.names[0] != "steps") return "";
    const std::size_t old_at = before.find(use.names[1]), new_at = after.find(use.names[1]);
    if (new_at < after.code.size() && ahead.contains(new_at)) return "";
    if (old_at == before.code.size())
      return reader + " reads steps." + use.names[1] + ", which this run has not done and will not do";
    if (new_at < after.code.size() && before.code[old_at].kind != after.code[new_at].kind)
      return reader + " reads steps." + use.names[1] + ", which was a " + kind_word(before.code[old_at].kind) +
             " when this run did it";
    return "";
  };
  for (const std::size_t i : ahead)
    for (const NameUse& use : uses_of(after.code[i]))
      if (std::string why = judge(use, "step " + quoted(after.code[i].step->id)); !why.empty()) return why;
  if (after.recipe.keep_while)
    for (const NameUse& use : after.recipe.keep_while->uses)
      if (std::string why = judge(use, "`keep_while`"); !why.empty()) return why;
  return "";
}

// Whether all that stands before it has the same ids and sorts in both.
bool same_way(const Program& before, const Program& after, std::size_t at) {
  for (std::size_t i = 0; i < at; ++i)
    if (before.code[i].id != after.code[i].id || !same_sort(before.code[i], after.code[i])) return false;
  return true;
}

std::vector<std::string> ids_of_loops(const Program& program, std::size_t at) {
  std::vector<std::string> ids;
  for (const std::size_t head : program.code[at].loops) ids.push_back(program.code[head].id);
  return ids;
}

// A visit is told apart by its step and pass, for vendors too. Why a visit to come could be taken for one that was; "" when
// none could.
std::string repeated(const Program& before, const Program& after, std::size_t old_at, std::size_t new_at) {
  const std::set<std::size_t> was_ahead = reachable(before, old_at);
  for (const std::size_t i : reachable(after, new_at)) {
    if (i == new_at || after.code[i].kind != Kind::use) continue;
    const std::size_t old = before.find(after.code[i].id);
    if (old == before.code.size() || old == old_at) continue;
    if (was_ahead.contains(old) && ids_of_loops(before, old) == ids_of_loops(after, i)) continue;
    if (reachable(before, old).contains(old_at))
      return "step " + quoted(after.code[i].id) + " would come again, and this run may have done it";
  }
  return "";
}

int passes_max(const Step& step) {
  if (const auto* loop = std::get_if<ForEach>(&step.verb)) return loop->max;
  return std::get<Repeat>(step.verb).max;
}

// The number of a pass depends on the `max` of the loops inside another: while the run is in the outer one it must stand.
std::string renumbered(const Program& before, const Program& after, std::size_t old_at) {
  if (before.code[old_at].loops.empty()) return "";
  const std::size_t outermost = before.code[old_at].loops.front();
  for (const Instruction& loop : before.code) {
    const bool inside = (loop.kind == Kind::for_each || loop.kind == Kind::repeat) && !loop.loops.empty() &&
                        loop.loops.front() == outermost;
    const std::size_t now = inside ? after.find(loop.id) : after.code.size();
    if (now == after.code.size() || after.code[now].kind != loop.kind) continue;
    if (passes_max(*loop.step) != passes_max(*after.code[now].step))
      return "loop " + quoted(loop.id) + " has another `max`, by which passes inside a loop are counted";
  }
  return "";
}

MoveVerdict no(std::string reason) { return {false, std::move(reason)}; }

}  // namespace

MoveVerdict can_move(const Program& before, const Program& after, std::string_view at) {
  const std::size_t old_at = before.find(at), new_at = after.find(at);
  if (old_at == before.code.size()) return no("the run's version has no step " + quoted(at));
  if (new_at == after.code.size()) return no("the new version has no step " + quoted(at));
  const Instruction &was = before.code[old_at], &is = after.code[new_at];
  if (was.kind != is.kind)
    return no("step " + quoted(at) + " was a " + kind_word(was.kind) + " and is a " + kind_word(is.kind));
  if (was.kind == Kind::use && nature(was) != nature(is))
    return no("step " + quoted(at) + " was " + nature(was) + " and is " + nature(is));
  if (!same_sort(was, is))
    return no("step " + quoted(at) + (was.kind == Kind::wait_for ? " waits for other events" : " is another loop"));
  bool same_loops = was.loops.size() == is.loops.size();
  for (std::size_t i = 0; same_loops && i < was.loops.size(); ++i) {
    const Instruction &outer = before.code[was.loops[i]], &now = after.code[is.loops[i]];
    same_loops = outer.id == now.id && same_sort(outer, now);
  }
  if (!same_loops) return no("step " + quoted(at) + " is inside other loops now");
  const bool named = (was.step == nullptr || was.step->named) && (is.step == nullptr || is.step->named);
  if (!named && (old_at != new_at || !same_way(before, after, old_at)))
    return no("step " + quoted(at) + " has no id of its own, and the steps before it are others now");
  if (std::string why = missing(before, after, new_at); !why.empty()) return no(std::move(why));
  if (std::string why = renumbered(before, after, old_at); !why.empty()) return no(std::move(why));
  if (std::string why = repeated(before, after, old_at, new_at); !why.empty()) return no(std::move(why));
  return {true, ""};
}

std::vector<std::string> steps_gone(const Program& before, const Program& after) {
  std::vector<std::string> ids;
  std::set<std::string_view> seen;
  for (const Instruction& instruction : before.code)
    if (instruction.step != nullptr && seen.insert(instruction.step->id).second &&
        after.find(instruction.step->id) == after.code.size())
      ids.push_back(instruction.step->id);
  return ids;
}

}  // namespace ieum::recipe
