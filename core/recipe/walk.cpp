#include "recipe/walk.hpp"

namespace ieum::recipe {

namespace {

void each_step_of(const Steps& steps, const std::function<void(const Step&)>& visit) {
  for (const Step& step : steps) {
    visit(step);
    for (const Block& block : blocks_of(step)) each_step_of(*block.steps, visit);
  }
}

class ExpressionWalk {
 public:
  explicit ExpressionWalk(const std::function<void(const Asked&)>& visit) : visit_(visit) {}

  void recipe(const Recipe& recipe) {
    for (const auto& [kind, condition] : recipe.about) ask(Seat::about, condition, &recipe.trigger);
    for (const auto& [name, condition] : recipe.search) ask(Seat::search, condition, &recipe.trigger);
    if (recipe.trigger.where) ask(Seat::trigger_where, *recipe.trigger.where, &recipe.trigger);
    if (recipe.absent) match(recipe.absent->match, Seat::absent_where, Seat::match_run);
    for (const HistoryQuery& query : recipe.history) {
      match(query.match, Seat::history_where, Seat::match_run);
      if (query.sum) ask(Seat::history_value, *query.sum, &query.match);
      if (query.distinct) ask(Seat::history_value, *query.distinct, &query.match);
    }
    if (recipe.entry.key) ask(Seat::entry_key, *recipe.entry.key, &recipe.trigger);
    if (recipe.audience) ask(Seat::audience, *recipe.audience, &recipe.trigger);
    if (recipe.entry.where) ask(Seat::entry_where, *recipe.entry.where, &recipe.trigger);
    if (recipe.keep_while) ask(Seat::keep_while, *recipe.keep_while);
    for (const EventMatch& exit : recipe.exit_on) match(exit, Seat::exit_where, Seat::match_run);
    if (recipe.goal) {
      match(recipe.goal->match, Seat::goal_where, Seat::match_run);
      if (recipe.goal->value) ask(Seat::goal_value, *recipe.goal->value, &recipe.goal->match);
    }
    steps(recipe.steps);
    now_.in_on_error = true;
    if (recipe.on_error != nullptr) steps(*recipe.on_error);
  }

 private:
  void ask(Seat seat, const Condition& condition, const EventMatch* event = nullptr, const Hole* hole = nullptr) {
    now_.seat = seat;
    now_.expression = &condition;
    now_.event = event;
    now_.hole = hole;
    visit_(now_);
  }

  void match(const EventMatch& match, Seat where, Seat run_side) {
    if (match.where) ask(where, *match.where, &match);
    for (const MatchPair& pair : match.match) {
      ask(Seat::match_event, pair.event_side, &match);
      ask(run_side, pair.run_side);
    }
  }

  void wait(const Wait& wait) {
    if (wait.until) ask(Seat::until_time, *wait.until);
  }

  void holes(Seat seat, const std::vector<Hole>& holes) {
    for (const Hole& hole : holes) ask(seat, hole.expression, nullptr, &hole);
  }

  void step(const Step& step) {
    if (const auto* use = std::get_if<Use>(&step.verb)) holes(Seat::input, use->holes);
    if (const auto* set = std::get_if<Set>(&step.verb)) holes(Seat::variable, set->holes);
    if (const auto* pause = std::get_if<Wait>(&step.verb)) wait(*pause);
    if (const auto* branch = std::get_if<If>(&step.verb)) ask(Seat::condition, branch->condition);
    if (const auto* choice = std::get_if<Switch>(&step.verb))
      for (const Case& one : choice->cases) ask(Seat::condition, one.condition);
    if (const auto* loop = std::get_if<ForEach>(&step.verb)) ask(Seat::list, loop->list);
    if (const auto* loop = std::get_if<Repeat>(&step.verb); loop != nullptr && loop->until)
      ask(Seat::until_done, *loop->until);
    if (const auto* await = std::get_if<WaitFor>(&step.verb)) {
      for (const Awaited& one : await->events) match(one.match, Seat::await_where, Seat::await_match);
      wait(await->timeout);
    }
  }

  void steps(const Steps& list) {
    for (const Step& one : list) {
      now_.step = &one;
      step(one);
      for (const Block& block : blocks_of(one)) {
        const bool was_in_on_error = now_.in_on_error;
        if (block.way == Block::Way::on_error) now_.in_on_error = true;
        if (block.way == Block::Way::body) now_.loops.push_back(&one);
        steps(*block.steps);
        if (block.way == Block::Way::body) now_.loops.pop_back();
        now_.in_on_error = was_in_on_error;
      }
    }
  }

  const std::function<void(const Asked&)>& visit_;
  Asked now_;
};

}  // namespace

std::vector<Block> blocks_of(const Step& step) {
  using Way = Block::Way;
  std::vector<Block> blocks;
  const auto add = [&](Way way, const std::shared_ptr<Steps>& steps) {
    if (steps != nullptr) blocks.push_back({way, steps.get()});
  };
  if (const auto* use = std::get_if<Use>(&step.verb)) add(Way::on_error, use->on_error);
  if (const auto* branch = std::get_if<If>(&step.verb)) {
    add(Way::then_branch, branch->then_steps);
    add(Way::else_branch, branch->else_steps);
  }
  if (const auto* choice = std::get_if<Switch>(&step.verb)) {
    for (const Case& one : choice->cases) add(Way::then_branch, one.then_steps);
    add(Way::else_branch, choice->else_steps);
  }
  if (const auto* await = std::get_if<WaitFor>(&step.verb)) {
    for (const Awaited& one : await->events) add(Way::matched, one.then_steps);
    add(Way::timed_out, await->timeout_steps);
  }
  if (const auto* loop = std::get_if<ForEach>(&step.verb)) add(Way::body, loop->body);
  if (const auto* loop = std::get_if<Repeat>(&step.verb)) add(Way::body, loop->body);
  if (const auto* split = std::get_if<Split>(&step.verb))
    for (const Variant& variant : split->variants) add(Way::variant, variant.steps);
  return blocks;
}

void each_step(const Steps& steps, const std::function<void(const Step&)>& visit) { each_step_of(steps, visit); }

void each_step(const Recipe& recipe, const std::function<void(const Step&)>& visit) {
  each_step_of(recipe.steps, visit);
  if (recipe.on_error != nullptr) each_step_of(*recipe.on_error, visit);
}

void each_listener(const Recipe& recipe, const std::function<void(const EventMatch&)>& visit) {
  if (recipe.absent) visit(recipe.absent->match);
  for (const EventMatch& exit : recipe.exit_on) visit(exit);
  if (recipe.goal) visit(recipe.goal->match);
  each_step(recipe, [&](const Step& step) {
    if (const auto* await = std::get_if<WaitFor>(&step.verb))
      for (const Awaited& one : await->events) visit(one.match);
  });
}

void each_expression(const Recipe& recipe, const std::function<void(const Asked&)>& visit) {
  ExpressionWalk(visit).recipe(recipe);
}

bool in_step(Seat seat) { return seat >= Seat::await_where; }

}  // namespace ieum::recipe
