// Walk: loops. A frame of the run says where each loop stands; the items of a for_each lie with the visit that opened it.
#include "base/encoding.hpp"
#include "base/json.hpp"
#include "base/limits.hpp"
#include "engine/reasons.hpp"
#include "engine/walk.hpp"

namespace ieum::engine {

namespace {

constexpr std::size_t kItemMessageLength = 200;  // code points

List frames_of(const RunPoint& point) {
  const List* frames = point.frames.if_list();
  return frames == nullptr ? List() : *frames;
}

Value frames_value(List frames) { return frames.empty() ? Value() : Value(std::move(frames)); }

const char* verb_of(const recipe::Instruction& head) {
  return head.kind == recipe::Instruction::Kind::for_each ? "for_each" : "repeat";
}

}  // namespace

Walk::Step Walk::enter_loop(const Instruction& head) {
  point_.at_step = head.id;
  Visit visit{head.id, iteration(head), verb_of(head), Visit::State::opened, Map(), {}, {}, {}};
  Map frame{{"step", head.id}, {"index", 0}};
  if (!point_.error.is_null()) frame.set("error", point_.error);
  if (const auto* loop = std::get_if<recipe::ForEach>(&head.step->verb)) {
    auto value = loop->list.expression.evaluate(scope_of(head), limits_);
    if (value.has_error()) return failed_evaluation(value.error(), loop->list.place, "`for_each`");
    const List* items = value->if_list();
    if (items == nullptr)
      return failed_evaluation(Error("bad_value", "the result is no list", "give a list: trigger.items | or([])"),
                               loop->list.place, "`for_each`");
    if (items->size() > static_cast<std::size_t>(loop->max))
      return fail(std::string(reasons::kTooManyItems),
                  message_of(Error(std::string(reasons::kTooManyItems),
                                   std::to_string(items->size()) + " items, and `max` is " + std::to_string(loop->max),
                                   "raise `max` (at most 1000), or take fewer: lists have slice(0, n)"),
                             loop->list.place, "`for_each`"));
    if (write_json(*value).size() > limits::kRunVarsBytes)
      return fail(std::string(reasons::kTooManyItems),
                  "the list has more than " + std::to_string(limits::kRunVarsBytes) + " bytes");
    frame.set("count", static_cast<std::int64_t>(items->size()));
    frame.set("failed", 0);
    frame.set("results", List());
    visit.inputs = Map{{"items", plain_json(*value)}};
    if (items->empty()) {
      visit.state = Visit::State::done;
      visit.inputs = {};
      visit.output = Map{{"count", 0}, {"done", 0}, {"failed", 0}, {"results", List()}};
      visits_.push_back(std::move(visit));
      at_ = head.otherwise;
      return {};
    }
  }
  visits_.push_back(std::move(visit));
  List frames = frames_of(point_);
  frames.emplace_back(std::move(frame));
  point_.frames = frames_value(std::move(frames));
  return begin_pass(head);
}

// At the beginning of a pass: `until` of a repeat ends the loop.
Walk::Step Walk::begin_pass(const Instruction& head) {
  const auto* loop = std::get_if<recipe::Repeat>(&head.step->verb);
  at_ = static_cast<std::size_t>(&head - program_.code.data());
  if (loop != nullptr && loop->until) {
    const auto ended = truth(*loop->until, scope_of(program_.code[head.otherwise - 1]));
    if (ended.has_error()) return failed_evaluation(ended.error(), loop->until->place, "`until`");
    if (*ended) {
      const List frames = frames_of(point_);
      const std::int64_t passes = frames.empty() ? 0 : frames.back().number("index");
      leave_loop(head, Map{{"passes", passes}, {"until", true}}, "", "");
      return {};
    }
  }
  at_ = head.next;
  return {};
}

Walk::Step Walk::next_pass(const Instruction& next) {
  const Instruction& head = program_.code[program_.find(next.step->id)];
  List frames = frames_of(point_);
  if (frames.empty() || frames.back().text("step") != head.id || !frames.back().is_map())
    return end(End::How::failed, std::string(reasons::kStateUnreadable),
               "the run is in no pass of \"" + head.id + "\"");
  Map frame = *frames.back().if_map();
  const std::int64_t index = frames.back().number("index");
  frame.set("index", index + 1);
  if (const auto* loop = std::get_if<recipe::Repeat>(&head.step->verb)) {
    frames.back() = Value(std::move(frame));
    point_.frames = frames_value(std::move(frames));
    if (index + 1 >= loop->max) {
      leave_loop(head, Map{{"passes", index + 1}, {"until", false}}, "", "");
      return {};
    }
    if (loop->every_for <= 0) return begin_pass(head);
    point_.at_step = next.id;
    return transition(Sleep{now_ms_ + loop->every_for});
  }
  Map result{{"index", index}, {"status", item_failure_ ? "failed" : "done"}};
  std::int64_t failed = frames.back().number("failed");
  if (item_failure_) {
    ++failed;
    result.set(
        "error",
        Map{{"code", item_failure_->code},
            {"message", item_failure_->message.substr(0, utf8_offset(item_failure_->message, kItemMessageLength))}});
    item_failure_.reset();
  }
  const Value* before = frames.back().get("results");
  List results = before == nullptr || before->if_list() == nullptr ? List() : *before->if_list();
  results.emplace_back(std::move(result));
  const std::int64_t count = frames.back().number("count");
  if (index + 1 < count) {
    frame.set("failed", failed);
    frame.set("results", std::move(results));
    frames.back() = Value(std::move(frame));
    point_.frames = frames_value(std::move(frames));
    return begin_pass(head);
  }
  Map output{{"count", count}, {"done", count - failed}, {"failed", failed}, {"results", std::move(results)}};
  leave_loop(head, std::move(output), failed > 0 ? std::string(reasons::kItemsFailed) : "",
             failed > 0 ? std::to_string(failed) + " of " + std::to_string(count) + " items failed" : "");
  return {};
}

// The run goes on behind the loop, whatever its items did.
void Walk::leave_loop(const Instruction& head, Value output, const std::string& code, const std::string& text) {
  List frames = frames_of(point_);
  if (!frames.empty()) frames.pop_back();
  point_.frames = frames_value(std::move(frames));
  visits_.push_back({head.id,
                     iteration(head),
                     verb_of(head),
                     code.empty() ? Visit::State::done : Visit::State::failed,
                     {},
                     std::move(output),
                     code,
                     text});
  at_ = head.otherwise;
}

// What failed inside a pass is over with it: `error` is again what it was when the loop was entered.
void Walk::restore_error() {
  const List frames = frames_of(point_);
  const Value* before = frames.empty() ? nullptr : frames.back().get("error");
  point_.error = before == nullptr ? Value() : *before;
}

// Loops that a failure or an end leaves before they are through.
void Walk::drop_frames(std::size_t keep, const std::string& code) {
  List frames = frames_of(point_);
  while (frames.size() > keep) {
    const Value frame = frames.back();
    frames.pop_back();
    point_.frames = frames_value(frames);
    const std::size_t at = program_.find(frame.text("step"));
    if (at == program_.code.size()) continue;
    const Instruction& head = program_.code[at];
    Map output{{"passes", frame.number("index")}};
    if (const Value* results = frame.get("results")) output.set("results", *results);
    visits_.push_back({head.id,
                       iteration(head),
                       verb_of(head),
                       Visit::State::failed,
                       {},
                       std::move(output),
                       code,
                       "the loop was left in pass " + std::to_string(frame.number("index") + 1)});
  }
}

}  // namespace ieum::engine
