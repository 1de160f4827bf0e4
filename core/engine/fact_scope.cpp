#include "engine/fact_scope.hpp"

#include <algorithm>
#include <array>

namespace ieum::engine {

namespace {

Value map_or_empty(const Value& value) { return value.is_map() ? value : Value(Map()); }

int passes_max(const recipe::Step& step) {
  if (const auto* loop = std::get_if<recipe::ForEach>(&step.verb)) return loop->max;
  return std::get<recipe::Repeat>(step.verb).max;
}

const Value* frame_of(const RunPoint& point, const std::string& step) {
  const List* frames = point.frames.if_list();
  if (frames == nullptr) return nullptr;
  for (const Value& frame : *frames)
    if (frame.text("step") == step) return &frame;
  return nullptr;
}

Value seconds(Millis now_ms) {
  const std::int64_t whole = now_ms >= 0 ? now_ms / kSecond : -((-now_ms + kSecond - 1) / kSecond);
  return Timestamp{whole, static_cast<std::int32_t>(now_ms - whole * kSecond) * 1'000'000};
}

}  // namespace

Value visit_scope(const Visit& visit) {
  Map map;
  if (const Map* output = visit.output.if_map())
    for (const auto& [name, value] : *output) map.set(name, value);
  map.set("status", visit.state == Visit::State::opened ? "running"
                    : visit.state == Visit::State::done ? "done"
                                                        : "failed");
  map.set("output", visit.output);
  if (!visit.error_code.empty()) map.set("error", Map{{"code", visit.error_code}, {"message", visit.error_text}});
  return map;
}

std::vector<LoopPlace> loop_places(const recipe::Program& program, const RunPoint& point,
                                   const recipe::Instruction& instruction) {
  std::vector<LoopPlace> places;
  for (const std::size_t head : instruction.loops) {
    const Value* frame = frame_of(point, program.code[head].id);
    if (frame == nullptr) break;  // the loop is over, or not begun
    places.push_back({&program.code[head], static_cast<int>(frame->number("index")), frame->number("count", -1)});
  }
  return places;
}

int iteration_of(const std::vector<LoopPlace>& places) {
  int iteration = 0;
  for (const LoopPlace& place : places) iteration = iteration * passes_max(*place.head->step) + place.index;
  return iteration;
}

const Value* FactScope::lookup(std::string_view name) const {
  static constexpr std::array<std::string_view, 9> kRoots = {"trigger", "vars",  "steps", "customer", "history",
                                                             "run",     "error", "now",   "loop"};
  const bool loop_item = std::any_of(loops_.begin(), loops_.end(), [&](const LoopPlace& place) {
    const auto* loop = std::get_if<recipe::ForEach>(&place.head->step->verb);
    return loop != nullptr && loop->as == name;
  });
  if (!loop_item && std::find(kRoots.begin(), kRoots.end(), name) == kRoots.end()) return nullptr;
  if (!loop_item && name == "loop" && loops_.empty()) return nullptr;
  IEUM_ASSERT(instruction_.facts.count(std::string(name)) == 1);
  const auto found = made_.find(name);
  if (found != made_.end()) return &found->second;
  return &made_.emplace(std::string(name), make(name)).first->second;
}

Value FactScope::make(std::string_view name) const {
  for (std::size_t i = loops_.size(); i-- > 0;) {
    const auto* loop = std::get_if<recipe::ForEach>(&loops_[i].head->step->verb);
    if (loop != nullptr && loop->as == name) return item(i);
  }
  if (name == "trigger") return facts_.trigger ? facts_.trigger() : Value();
  if (name == "vars") return map_or_empty(point_.vars);
  if (name == "steps") return steps();
  if (name == "customer") return facts_.customer ? map_or_empty(facts_.customer()) : Value(Map());
  if (name == "history") return facts_.history ? map_or_empty(facts_.history()) : Value(Map());
  if (name == "run") return map_or_empty(facts_.run);
  if (name == "error") return point_.error;
  if (name == "loop") {
    const LoopPlace& place = loops_.back();
    Map loop{{"index", place.index}, {"number", place.index + 1}};
    if (place.count >= 0) loop.set("count", place.count);
    return loop;
  }
  return seconds(now_ms_);
}

Value FactScope::item(std::size_t loop) const {
  const std::string& step = loops_[loop].head->id;
  const int iteration = iteration_of({loops_.begin(), loops_.begin() + static_cast<std::ptrdiff_t>(loop)});
  Value items;
  for (const Visit& visit : visits_)
    if (visit.state == Visit::State::opened && visit.step == step && visit.iteration == iteration)
      if (const Value* found = visit.inputs.get("items")) items = *found;
  if (items.is_null() && facts_.items) items = facts_.items(step, iteration);
  const List* list = items.if_list();
  const auto index = static_cast<std::size_t>(loops_[loop].index);
  return list != nullptr && index < list->size() ? (*list)[index] : Value();
}

// A visit of a step inside loops counts for the pass that the run is in; of a loop that is over, all do.
bool FactScope::visible(std::string_view step, int iteration) const {
  const std::size_t at = program_.find(step);
  if (at == program_.code.size()) return true;
  const auto& inside = program_.code[at].loops;
  std::size_t shared = 0;  // loops around both the step and this instruction
  while (shared < inside.size() && shared < loops_.size() && &program_.code[inside[shared]] == loops_[shared].head)
    ++shared;
  for (std::size_t i = inside.size(); i > shared; --i) iteration /= passes_max(*program_.code[inside[i - 1]].step);
  return iteration == iteration_of({loops_.begin(), loops_.begin() + static_cast<std::ptrdiff_t>(shared)});
}

Value FactScope::steps() const {
  Map map;
  if (facts_.steps) {
    const Value stored =
        facts_.steps([this](std::string_view step, int iteration) { return visible(step, iteration); });
    if (const Map* known = stored.if_map()) map = *known;
  }
  for (const Visit& visit : visits_)
    if (visible(visit.step, visit.iteration)) map.set(visit.step, visit_scope(visit));
  return map;
}

}  // namespace ieum::engine
