#include "recipe/diff_parts.hpp"

#include <algorithm>

#include "base/encoding.hpp"
#include "base/json.hpp"
#include "recipe/findings.hpp"
#include "recipe/grammar.hpp"

namespace ieum::recipe {

namespace {

constexpr std::size_t kShown = 60;  // code points of a value in a line
constexpr std::size_t kLead = 20;   // of them before what differs

// The value without the steps inside, by the shape of its map.
Value stripped(const Node& node, const Shape& shape_of_map) {
  Map map;
  for (const Member& member : node.members) {
    const Key* key = shape_of_map.find(member.key.text);
    if (key != nullptr && key->takes == Takes::steps && member.value.kind == Node::Kind::list) continue;
    const bool of_maps = key != nullptr && (key->takes == Takes::list || key->takes == Takes::map_or_list) &&
                         member.value.kind == Node::Kind::list;
    if (!of_maps) {
      map.add(member.key.text, node_value(member.value));
      continue;
    }
    const Shape& item_shape = shape(key->takes == Takes::list ? key->inner : key->item);
    List list;
    for (const Node& item : member.value.items)
      list.push_back(item.kind == Node::Kind::map ? stripped(item, item_shape) : node_value(item));
    map.add(member.key.text, std::move(list));
  }
  return map;
}

Map without_id(const Value& value) {
  Map map;
  if (const Map* members = value.if_map())
    for (const auto& [key, member] : *members)
      if (!(key == Value("id"))) map.add(key, member);
  return map;
}

std::string cut(std::string_view text, std::size_t from) {
  const std::string_view rest = text.substr(from);
  const std::size_t end = utf8_offset(rest, kShown);
  return (from > 0 ? "…" : "") + std::string(rest.substr(0, end)) + (end < rest.size() ? "…" : "");
}

// Both sides, cut to where they differ.
std::string shown(const KeyChange& change) {
  const std::string before = change.before ? write_json(*change.before) : "";
  const std::string after = change.after ? write_json(*change.after) : "";
  const auto differ = std::mismatch(before.begin(), before.end(), after.begin(), after.end());
  std::size_t from = 0;
  if (utf8_length(before) > kShown || utf8_length(after) > kShown) {
    const std::size_t same = static_cast<std::size_t>(differ.first - before.begin());
    const std::size_t points = static_cast<std::size_t>(
        std::count_if(before.begin(), differ.first, [](char c) { return (c & 0xC0) != 0x80; }));
    if (same < before.size() && points > kShown - kLead) from = utf8_offset(before, points - kLead);
  }
  if (!change.before) return "now " + cut(after, 0);
  if (!change.after) return "no longer " + cut(before, 0);
  return cut(before, from) + " -> " + cut(after, from);
}

}  // namespace

Map own_value(const StepNode& step) {
  if (step.node->kind != Node::Kind::map) return Map{{step.verb, node_value(*step.node)}};
  return without_id(step.verb.empty() ? node_value(*step.node) : stripped(*step.node, shape(step.verb)));
}

std::string content_text(const StepNode& step) {
  return write_canonical_json(step.node->kind == Node::Kind::map ? without_id(node_value(*step.node))
                                                                 : node_value(*step.node));
}

std::string step_text(const StepNode& step) {
  if (step.verb.empty()) return "a step without a verb";
  const Node* main = step.node->find(step.verb);
  if (main == nullptr) return step.verb;
  if (main->kind == Node::Kind::scalar) return main->text.empty() ? step.verb : step.verb + " " + cut(main->text, 0);
  if (const Node* event = main->find("event")) return step.verb + " " + cut(event->text, 0);
  return step.verb == "wait" ? step.verb + " " + cut(write_json(node_value(*main)), 0) : step.verb;
}

bool same_value(const Value& a, const Value& b) { return write_canonical_json(a) == write_canonical_json(b); }

void compare_values(const std::string& path, const Value& before, const Value& after, std::vector<KeyChange>& changes) {
  const Map *old_map = before.if_map(), *new_map = after.if_map();
  if (old_map != nullptr && new_map != nullptr) {
    const auto inner = [&](const Value& key) { return (path.empty() ? "" : path + ".") + *key.if_string(); };
    for (const auto& [key, value] : *old_map) {
      if (const Value* other = new_map->find(key))
        compare_values(inner(key), value, *other, changes);
      else
        changes.push_back({inner(key), value, {}});
    }
    for (const auto& [key, value] : *new_map)
      if (old_map->find(key) == nullptr) changes.push_back({inner(key), {}, value});
    return;
  }
  const List *old_list = before.if_list(), *new_list = after.if_list();
  if (old_list != nullptr && new_list != nullptr && old_list->size() == new_list->size()) {
    for (std::size_t i = 0; i < old_list->size(); ++i)
      compare_values(path + "[" + std::to_string(i) + "]", (*old_list)[i], (*new_list)[i], changes);
    return;
  }
  if (!same_value(before, after)) changes.push_back({path, before, after});
}

std::vector<bool> longest_rising(const std::vector<std::size_t>& numbers) {
  constexpr std::size_t kNone = static_cast<std::size_t>(-1);
  std::vector<std::size_t> ends, before(numbers.size(), kNone);  // ends[n]: the lowest end of a row of n + 1
  for (std::size_t i = 0; i < numbers.size(); ++i) {
    const auto at = std::lower_bound(ends.begin(), ends.end(), numbers[i],
                                     [&](std::size_t end, std::size_t number) { return numbers[end] < number; });
    if (at != ends.begin()) before[i] = *(at - 1);
    if (at == ends.end())
      ends.push_back(i);
    else
      *at = i;
  }
  std::vector<bool> in_row(numbers.size(), false);
  for (std::size_t i = ends.empty() ? kNone : ends.back(); i != kNone; i = before[i]) in_row[i] = true;
  return in_row;
}

std::string diff_text(const RecipeDiff& diff) {
  std::string text;
  for (const Change& change : diff.changes) {
    const std::string step = "step " + change.step + " (" + change.what + ")";
    const KeyChange* first = change.keys.empty() ? nullptr : &change.keys[0];
    const char* sign = first == nullptr || (first->before && first->after) ? "~ " : first->before ? "- " : "+ ";
    switch (change.kind) {
      case Change::Kind::header: text += sign + first->path + ": " + shown(*first); break;
      case Change::Kind::test: text += sign + ("test " + quoted(first->path)); break;
      case Change::Kind::added: text += "+ " + step + " in " + change.to; break;
      case Change::Kind::removed: text += "- " + step + " from " + change.from; break;
      case Change::Kind::moved: text += "> " + step + " moved: " + change.from + " -> " + change.to; break;
      case Change::Kind::changed: {
        text += "~ " + step;
        const char* between = ": ";
        for (const KeyChange& key : change.keys) text += std::exchange(between, "; ") + key.path + " " + shown(key);
        break;
      }
    }
    text += "\n";
  }
  for (const auto& [from, to] : diff.renamed) text += "= step " + from + " is now step " + to + "\n";
  return text;
}

Value diff_value(const RecipeDiff& diff) {
  constexpr const char* kKinds[] = {"header", "test", "added", "removed", "moved", "changed"};
  List changes, renamed, gone;
  for (const Change& change : diff.changes) {
    Map map{{"kind", kKinds[static_cast<std::size_t>(change.kind)]}};
    if (!change.step.empty()) map.add("step", change.step);
    if (!change.what.empty()) map.add("what", change.what);
    if (!change.from.empty()) map.add("from", change.from);
    if (!change.to.empty()) map.add("to", change.to);
    List keys;
    for (const KeyChange& key : change.keys) {
      Map one{{"path", key.path}};
      if (key.before) one.add("before", *key.before);
      if (key.after) one.add("after", *key.after);
      keys.push_back(std::move(one));
    }
    if (!keys.empty()) map.add("keys", std::move(keys));
    changes.push_back(std::move(map));
  }
  for (const auto& [from, to] : diff.renamed) renamed.push_back(Map{{"from", from}, {"to", to}});
  for (const std::string& id : diff.gone()) gone.push_back(id);
  return Map{{"changes", std::move(changes)}, {"renamed", std::move(renamed)}, {"gone", std::move(gone)}};
}

}  // namespace ieum::recipe
