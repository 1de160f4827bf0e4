// Bugs that are planted on purpose, between the hub and what it stands on: the simulator must find each. No product code.
#pragma once
#include <array>
#include <optional>
#include <string_view>

namespace ieum::sim {

enum class Bug {
  none,
  acks_early,      // the sender is answered before its event is stored, and a crash comes between
  passes_stale,    // a unit whose guard does not hold is committed all the same
  answers_twice,   // a commit is answered twice
  loses_a_move,    // a commit is answered, and a write of it was left out
  forgets_timers,  // an alarm does not ring
  changes_keys,    // a repeated request carries another idempotency key
};

struct NamedBug {
  Bug bug;
  std::string_view name;
};
inline constexpr std::array<NamedBug, 6> kBugs{{{Bug::acks_early, "acks-early"},
                                                {Bug::passes_stale, "passes-stale"},
                                                {Bug::answers_twice, "answers-twice"},
                                                {Bug::loses_a_move, "loses-a-move"},
                                                {Bug::forgets_timers, "forgets-timers"},
                                                {Bug::changes_keys, "changes-keys"}}};

inline std::optional<Bug> bug_of(std::string_view name) {
  for (const auto& [bug, known] : kBugs)
    if (known == name) return bug;
  return {};
}

}  // namespace ieum::sim
