// Diff parts: values of steps, their comparison key by key, and how they are shown. Inside this room, for diff.cpp.
#pragma once
#include <string>
#include <vector>

#include "recipe/diff.hpp"
#include "recipe/step_tree.hpp"

namespace ieum::recipe {

// What the step says itself: without its id and without the steps inside.
Map own_value(const StepNode& step);
// Equal for equal steps, whatever their id.
std::string content_text(const StepNode& step);
// "use slack.message.post", "wait 30m"
std::string step_text(const StepNode& step);

bool same_value(const Value& a, const Value& b);
void compare_values(const std::string& path, const Value& before, const Value& after, std::vector<KeyChange>& changes);

// For each number whether it belongs to one longest rising row.
std::vector<bool> longest_rising(const std::vector<std::size_t>& numbers);

}  // namespace ieum::recipe
