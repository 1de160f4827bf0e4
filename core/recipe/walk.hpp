// Walk: the steps and the expressions of a recipe in the order of its text, each with what surrounds it. For the checker.
// Pure; what is handed out points into the recipe.
#pragma once
#include <functional>
#include <string>
#include <vector>

#include "recipe/model.hpp"

namespace ieum::recipe {

// The lists of steps inside a step, in the order of the text. `way` tells how control gets there.
struct Block {
  enum class Way { then_branch, else_branch, matched, timed_out, body, variant, on_error };
  Way way = Way::then_branch;
  const Steps* steps = nullptr;
};
std::vector<Block> blocks_of(const Step& step);

// Every step, nested ones behind the one that holds them, those of the recipe's on_error last.
void each_step(const Recipe& recipe, const std::function<void(const Step&)>& visit);
void each_step(const Steps& steps, const std::function<void(const Step&)>& visit);

// The event names that a recipe listens for while it runs, or before: trigger.absent, exit_on, wait_for, goal.
void each_listener(const Recipe& recipe, const std::function<void(const EventMatch&)>& visit);

// Where an expression stands.
enum class Seat {
  about,
  search,
  trigger_where,
  entry_key,
  history_where,
  history_value,  // sum, distinct
  entry_where,
  audience,
  absent_where,
  exit_where,
  goal_where,
  goal_value,
  match_event,  // the left side of a pair
  match_run,    // the right side, of absent and exit_on
  keep_while,
  await_where,  // wait_for
  await_match,  // the right side of a pair of wait_for
  condition,    // if, switch
  until_time,   // wait
  until_done,   // repeat
  list,         // for_each
  input,        // a hole in `with`
  variable,     // a hole in `set`
};
bool in_step(Seat seat);

struct Asked {
  Seat seat = Seat::about;
  const Condition* expression = nullptr;
  const EventMatch* event = nullptr;  // whose `event` it may ask; null: none but the trigger's, where there is one
  const Step* step = nullptr;         // in_step
  std::vector<const Step*> loops;     // around the step, outermost first
  bool in_on_error = false;
  const Hole* hole = nullptr;  // input, variable
};
void each_expression(const Recipe& recipe, const std::function<void(const Asked&)>& visit);

}  // namespace ieum::recipe
