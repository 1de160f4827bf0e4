// RecipeReader: steps: their ids, their verbs, and the verbs that are small.
#include <algorithm>

#include "base/digest.hpp"
#include "base/encoding.hpp"
#include "base/ids.hpp"
#include "recipe/recipe_reader.hpp"

namespace ieum::recipe {

namespace {

bool has(const std::vector<std::string>& list, std::string_view word) {
  return std::find(list.begin(), list.end(), word) != list.end();
}

// The verb that has this key; null when none has.
const Shape* verb_with(std::string_view key) {
  for (const std::string& verb : verbs())
    if (shape(verb).find(key) != nullptr) return &shape(verb);
  return nullptr;
}

}  // namespace

Steps RecipeReader::steps(const Node& node, const std::string& key, const std::string& id_prefix) {
  Steps steps;
  if (node.kind != Node::Kind::list) {
    wrong_kind(node, key, "a list of steps", "begin each step with \"- \"");
    return steps;
  }
  std::size_t number = 0;
  for (const Node& item : node.items) {
    if (++steps_ > kStepsMax) {
      if (steps_ == kStepsMax + 1)
        findings_.error(item.place, "too_many_steps",
                        "the recipe has more than " + std::to_string(kStepsMax) + " steps",
                        "make several recipes of it, or a `for_each` of steps that are alike");
      break;
    }
    if (auto read = step(item, id_prefix + std::to_string(++number))) steps.push_back(std::move(*read));
  }
  return steps;
}

std::shared_ptr<Steps> RecipeReader::block(const Node& node, const std::string& key, const std::string& step_id) {
  return std::make_shared<Steps>(steps(node, key, step_id + "_" + key));
}

// A made-up id is the step's path. One too long for a name is cut to a digest: as stable, less telling.
std::string RecipeReader::step_id(const Node& node, std::string made_id) {
  const Node* given = node.find("id");
  if (!is_name(made_id)) made_id = "step_" + hex_encode(sha256(made_id)).substr(0, 16);
  std::string id = given == nullptr ? made_id : name(*given, "id");
  if (!id.empty() && !ids_.insert(id).second)
    findings_.error(given == nullptr ? node.place : given->place, "duplicate_id", "two steps have the id " + quoted(id),
                    given == nullptr ? "give this step an id of its own" : "choose another id for this step");
  return id;
}

// The verb of a step; "" when it has none that can be read.
std::string RecipeReader::chosen_verb(const Node& node) {
  std::vector<std::string> found;
  for (const Member& member : node.members)
    if (has(verbs(), member.key.text)) found.push_back(member.key.text);
  for (const Member& member : node.members) {
    if (!has(later_verbs(), member.key.text)) continue;
    findings_.error(member.key.place, "not_available", "`" + member.key.text + "` is not available in this version",
                    "steps now are " + joined(verbs()));
    return "";
  }
  if (found.size() > 1) {
    findings_.error(node.place, "two_verbs", "a step does one thing, but this one has " + joined(found),
                    "make a step of each: begin it with \"- \"");
    return "";
  }
  if (found.empty()) {
    // A misspelt verb is the likeliest reason.
    for (const Member& member : node.members) {
      if (const std::string guess = nearest(member.key.text, verbs());
          verb_with(member.key.text) == nullptr && !guess.empty()) {
        findings_.error(member.key.place, "unknown_key", "a step has no key " + quoted(member.key.text),
                        "did you mean " + quoted(guess) + "?");
        return "";
      }
    }
    for (const Member& member : node.members) {
      if (member.key.text != "absent") continue;
      findings_.error(member.key.place, "misplaced_key", "`absent` belongs to `trigger`, it is no step",
                      "move it there, or use `wait_for` with `on_timeout`");
      return "";
    }
    findings_.error(node.place, "no_verb", "this step does nothing", "a step has one of " + joined(verbs()));
    return "";
  }
  return found[0];
}

std::optional<Step> RecipeReader::step(const Node& node, std::string made_id) {
  if (node.kind != Node::Kind::map) {
    if (node.kind != Node::Kind::refused)
      findings_.error(node.place, "wrong_kind", "a step is a map, but this is " + kind_text(node),
                      "write it like \"- use: slack.message.post\"");
    return {};
  }
  Step step;
  step.place = node.place;
  step.id = step_id(node, std::move(made_id));
  step.named = node.find("id") != nullptr;
  const std::string verb = chosen_verb(node);
  if (verb.empty()) return {};
  // A verb without its expression is none; the recipe is lost by then, its other findings are not.
  if (!read_verb(node, verb, step)) step.verb = Stop{};
  check_step_keys(node, verb);
  return step;
}

bool RecipeReader::read_verb(const Node& node, const std::string& verb, Step& step) {
  const Node& value = *node.find(verb);
  const auto take = [&](auto read) {
    if (read) step.verb = std::move(*read);
    return read.has_value();
  };
  if (verb == "if") return take(branch(node, step.id));
  if (verb == "for_each") return take(for_each(node, step.id));
  if (verb == "use") step.verb = use(node, step.id);
  if (verb == "wait") step.verb = wait(value, "wait");
  if (verb == "wait_for") step.verb = wait_for(node, step.id);
  if (verb == "switch") step.verb = choose(node, step.id);
  if (verb == "repeat") step.verb = repeat(node, step.id);
  if (verb == "split") step.verb = split(node, step.id);
  if (verb == "set") step.verb = set(value);
  if (verb == "stop") step.verb = stop(value);
  return true;
}

// A key of another verb is known, but not here.
void RecipeReader::check_step_keys(const Node& node, const std::string& verb) {
  const Shape& known = shape(verb);
  std::vector<std::string> said;
  for (const Member& member : node.members) {
    const std::string& key = member.key.text;
    if (known.find(key) != nullptr || meant_steps(node, known, key) != nullptr) continue;
    if (const Shape* other = verb_with(key)) {
      std::string what = "`" + key + "` belongs to `";
      what += other->name + "`, not to `" + verb + "`";
      findings_.error(member.key.place, "misplaced_key", std::move(what),
                      "move it to the step that it belongs to; keys here are " + joined(known.names()));
      said.push_back(key);
    } else if (verb == "if" && has({"else_if", "elseif", "elif", "elsif"}, key)) {
      findings_.error(member.key.place, "unknown_key", "an `if` has no `" + key + "`",
                      "write a `switch` with a case for each condition");
      said.push_back(key);
    }
  }
  check_keys(node, known, said);
}

Set RecipeReader::set(const Node& node) {
  Set set;
  if (node.kind != Node::Kind::map || node.members.empty()) {
    wrong_kind(node, "set", "a map of variables", "write `set: {name: \"{{ ... }}\"}`");
    return set;
  }
  for (const auto& [key, value] : node.members) {
    const bool good = is_name(key.text) && key.text.find('-') == std::string::npos;
    if (!good)
      findings_.error(key.place, "bad_name", quoted(key.text) + " is no name of a variable",
                      "begin with a small letter; small letters, digits and _ may follow");
    if (auto read = value_template(value, key.text, set.uses, set.holes))
      set.values.emplace_back(key.text, std::move(*read));
  }
  return set;
}

Stop RecipeReader::stop(const Node& node) {
  if (node.kind == Node::Kind::map) {
    Stop stop;
    if (const Node* reason = node.find("reason")) stop.reason = text(*reason, "reason");
    check_keys(node, shape("stop_map"));
    return stop;
  }
  if (node.kind == Node::Kind::scalar && node_value(node).is_null()) return {};
  return {text(node, "stop")};
}

}  // namespace ieum::recipe
