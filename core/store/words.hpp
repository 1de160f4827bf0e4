// Words: the states of runs and steps as expressions, tests and people read them. What the API says of a step that is under
// way is its own ("intent").
#pragma once
#include <string_view>

#include "store/rows.hpp"

namespace ieum::store {

constexpr std::string_view word(RunState state) {
  switch (state) {
    case RunState::acting: return "acting";
    case RunState::waiting: return "waiting";
    case RunState::in_doubt: return "in_doubt";
    case RunState::finished: return "finished";
    case RunState::exited: return "exited";
    case RunState::stopped: return "stopped";
    case RunState::failed: return "failed";
    case RunState::cancelled: return "cancelled";
  }
  return {};
}

constexpr std::string_view word(StepState state) {
  switch (state) {
    case StepState::intent: return "open";
    case StepState::done: return "done";
    case StepState::failed: return "failed";
    case StepState::in_doubt: return "in_doubt";
    case StepState::cancelled: return "cancelled";
    case StepState::skipped: return "skipped";
    case StepState::running: return "running";
  }
  return "open";
}

}  // namespace ieum::store
