// RecipeReader: steps.
#include <algorithm>

#include "base/digest.hpp"
#include "base/encoding.hpp"
#include "base/ids.hpp"
#include "recipe/recipe_reader.hpp"

namespace ieum::recipe {

namespace {

const std::vector<std::string> kVerbs = {"use", "wait", "if", "set", "stop"};
const std::vector<std::string> kLaterVerbs = {"wait_for", "absent", "switch",     "for_each", "repeat", "split",
                                              "parallel", "call",   "keep_while", "goal",     "digest", "throttle"};

struct VerbKeys {
  const char* verb;
  std::vector<std::string> keys;
};
const std::vector<VerbKeys> kKeysOfVerbs = {
    {"use", {"id", "use", "connection", "class", "with", "expires", "retry", "on_error", "on_doubt", "reaches"}},
    {"wait", {"id", "wait"}},
    {"if", {"id", "if", "then", "else"}},
    {"set", {"id", "set"}},
    {"stop", {"id", "stop"}},
};

bool has(const std::vector<std::string>& list, std::string_view word) {
  return std::find(list.begin(), list.end(), word) != list.end();
}

// "10:00" as minutes after midnight.
std::optional<int> minute_of_day(std::string_view text) {
  const auto digit = [&](std::size_t i) { return text[i] >= '0' && text[i] <= '9' ? text[i] - '0' : 100; };
  if (text.size() != 5 || text[2] != ':') return {};
  const int hour = digit(0) * 10 + digit(1);
  const int minute = digit(3) * 10 + digit(4);
  if (hour > 23 || minute > 59) return {};
  return hour * 60 + minute;
}

}  // namespace

Steps RecipeReader::steps(const Node& node, const std::string& key, const std::string& id_prefix) {
  Steps steps;
  if (node.kind != Node::Kind::list) {
    wrong_kind(node, key, "a list of steps", "begin each step with \"- \"");
    return steps;
  }
  std::size_t number = 0;
  for (const Node& item : node.items)
    if (auto read = step(item, id_prefix + std::to_string(++number))) steps.push_back(std::move(*read));
  return steps;
}

std::shared_ptr<Steps> RecipeReader::block(const Node& node, const std::string& key, const std::string& step_id) {
  return std::make_shared<Steps>(steps(node, key, step_id + "_" + key));
}

// A made-up id is the step's path. One too long for a name is cut to a digest: as stable, less telling.
std::string RecipeReader::step_id(const Node& node, std::string made_id) {
  const Node* given = node.find("id");
  if (!is_name(made_id)) made_id = "step_" + hex_encode(sha256(made_id)).substr(0, 16);
  const std::string id = given == nullptr ? made_id : name(*given, "id");
  if (!id.empty() && !ids_.insert(id).second)
    findings_.error(given == nullptr ? node.place : given->place, "duplicate_id", "two steps have the id " + quoted(id),
                    given == nullptr ? "give this step an id of its own" : "choose another id for this step");
  return id;
}

// The verb of a step; "" when it has none that can be read.
std::string RecipeReader::chosen_verb(const Node& node) {
  std::vector<std::string> found;
  for (const Member& member : node.members)
    if (has(kVerbs, member.key.text)) found.push_back(member.key.text);
  for (const Member& member : node.members) {
    if (!has(kLaterVerbs, member.key.text)) continue;
    findings_.error(member.key.place, "not_available", "`" + member.key.text + "` is not available in this version",
                    "steps now are " + joined(kVerbs));
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
      const bool known = std::any_of(kKeysOfVerbs.begin(), kKeysOfVerbs.end(),
                                     [&](const VerbKeys& keys) { return has(keys.keys, member.key.text); });
      if (const std::string guess = nearest(member.key.text, kVerbs); !known && !guess.empty()) {
        findings_.error(member.key.place, "unknown_key", "a step has no key " + quoted(member.key.text),
                        "did you mean " + quoted(guess) + "?");
        return "";
      }
    }
    findings_.error(node.place, "no_verb", "this step does nothing", "a step has one of " + joined(kVerbs));
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
  if (verb == "use") step.verb = use(node, step.id);
  if (verb == "wait") step.verb = wait(*node.find("wait"));
  if (verb == "set") step.verb = set(*node.find("set"));
  if (verb == "stop") step.verb = stop(*node.find("stop"));
  if (verb == "if") {
    // Without a condition there is no If; the recipe is lost by then, its other findings are not.
    if (auto read = branch(node, step.id))
      step.verb = std::move(*read);
    else
      step.verb = Stop{};
  }
  for (const VerbKeys& known : kKeysOfVerbs) {
    if (known.verb != verb) continue;
    Keys keys{known.keys, {"timeout", "match", "else_if"}};
    // A key of another verb is known, but not here.
    for (const Member& member : node.members) {
      if (has(known.keys, member.key.text)) continue;
      for (const VerbKeys& other : kKeysOfVerbs)
        if (has(other.keys, member.key.text)) {
          findings_.error(member.key.place, "misplaced_key",
                          "`" + member.key.text + "` belongs to `" + other.verb + "`, not to `" + verb + "`",
                          "move it to the step that it belongs to; keys here are " + joined(known.keys));
          keys.known.push_back(member.key.text);
          break;
        }
    }
    check_keys(node, "a `" + verb + "` step", keys);
  }
  return step;
}

Use RecipeReader::use(const Node& node, const std::string& id) {
  Use use;
  for (const auto& [key, value] : node.members) {
    if (key.text == "use") {
      use.use_place = value.place;
      const std::string operation = text(value, "use");
      const std::size_t dot = operation.find('.');
      use.connector = operation.substr(0, dot);
      if (dot != std::string::npos) use.operation = operation.substr(dot + 1);
      bool good = is_name(use.connector) && !use.operation.empty();
      for (const char c : use.operation)
        good = good && ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '.');
      if (!operation.empty() && !good)
        findings_.error(value.place, "bad_operation", quoted(operation) + " is no operation",
                        "write connector.operation, like slack.message.post");
    }
    if (key.text == "connection") use.connection = name(value, "connection"), use.connection_place = value.place;
    if (key.text == "class") {
      use.class_place = value.place;
      if (const auto found = choice(value, "class", {"info", "ad"})) use.message_class = *found == 0 ? "info" : "ad";
    }
    if (key.text == "reaches") {
      use.reaches_place = value.place;
      static const std::vector<std::string> kReaches = {"customer", "team", "system"};
      if (const auto found = choice(value, "reaches", kReaches)) use.reaches = kReaches[*found];
    }
    if (key.text == "with") {
      use.with_place = value.place;
      if (value.kind != Node::Kind::map) {
        wrong_kind(value, "with", "a map of inputs", "write `with: {text: \"...\"}`");
        continue;
      }
      for (const Member& input : value.members) {
        use.inputs.emplace_back(input.key.text, input.key.place);
        if (input.value.kind == Node::Kind::scalar && input.value.text.find("{{") == std::string::npos)
          use.literals.emplace(input.key.text, input.value.text);
      }
      if (auto read = value_template(value, "", use.uses, use.holes)) use.with = std::move(*read);
      use.written = node_value(value);
    }
    if (key.text == "expires") {
      use.expires_for = duration(value, "expires");
      if (use.expires_for == Millis{0})
        findings_.error(value.place, "bad_duration", "`expires` is no time at all",
                        "write one like 12h, or leave it out");
    }
    if (key.text == "retry") use.retry = retry(value), use.retry_given = true, use.retry_place = key.place;
    if (key.text == "on_error") use.on_error = block(value, "on_error", id);
    if (key.text == "on_doubt") use.on_doubt = in_doubt(value), use.on_doubt_place = value.place;
  }
  if (node.find("with") == nullptr) {
    use.with_place = use.use_place;
    if (auto empty = expr::ValueTemplate::parse(Value(Map()))) use.with = std::move(*empty);
  }
  if (use.connection.empty()) use.connection = use.connector, use.connection_place = use.use_place;
  return use;
}

Retry RecipeReader::retry(const Node& node) {
  static const Keys kKeys = {{"for", "first", "cap"}, {"max", "base"}};
  Retry retry;
  if (!check_map(node, "retry", kKeys)) return retry;
  for (const auto& [key, value] : node.members) {
    if (key.text == "for") retry.budget_for = duration(value, "for").value_or(retry.budget_for);
    if (key.text == "first") retry.first_for = duration(value, "first").value_or(retry.first_for);
    if (key.text == "cap") retry.cap_for = duration(value, "cap").value_or(retry.cap_for);
  }
  check_keys(node, "retry", kKeys);
  if (retry.first_for < kSecond)
    findings_.error(node.place, "bad_retry", "the first pause is shorter than a second", "write `first: 10s`");
  // Who says only how long the first pause is, means the longest to be no shorter.
  if (retry.cap_for < retry.first_for) {
    if (node.find("cap") == nullptr)
      retry.cap_for = retry.first_for;
    else
      findings_.error(node.place, "bad_retry", "the longest pause (`cap`) is shorter than the first",
                      "make `cap` at least as long as `first`");
  }
  return retry;
}

Wait RecipeReader::wait(const Node& node) {
  static const Keys kKeys = {{"for", "days", "at", "until"}, {"window", "offset", "tz"}};
  Wait wait;
  if (node.kind == Node::Kind::scalar) {
    wait.duration_for = duration(node, "wait");
    return wait;
  }
  if (!check_map(node, "wait", kKeys)) return wait;
  for (const auto& [key, value] : node.members) {
    if (key.text == "for") wait.duration_for = duration(value, "for");
    if (key.text == "days") wait.days = whole(value, "days", 0, 3660);
    if (key.text == "until") wait.until = condition(value, "until");
    if (key.text != "at") continue;
    wait.at_minute = value.kind == Node::Kind::scalar ? minute_of_day(value.text) : std::nullopt;
    if (!wait.at_minute)
      wrong_kind(value, "at", "a time of day", "write it in quotes, with two digits each: \"09:30\"");
  }
  check_keys(node, "wait", kKeys);
  const auto is_there = [&](const char* key) { return node.find(key) != nullptr; };
  const bool civil = is_there("days") || is_there("at");
  const int ways = (is_there("for") ? 1 : 0) + (civil ? 1 : 0) + (is_there("until") ? 1 : 0);
  const bool later = is_there("window") || is_there("offset") || is_there("tz");
  if (ways != 1 && !(ways == 0 && later))
    findings_.error(node.place, "bad_wait",
                    ways == 0 ? "this wait does not say how long" : "this wait has more than one end",
                    "write one of {for: 30m}, {days: 1, at: \"10:00\"}, {until: 'trigger.date'}");
  return wait;
}

std::optional<If> RecipeReader::branch(const Node& node, const std::string& id) {
  auto read = condition(*node.find("if"), "if");
  std::shared_ptr<Steps> then_steps, else_steps;
  if (const Node* list = node.find("then"))
    then_steps = block(*list, "then", id);
  else
    findings_.error(node.place, "missing_key", "an `if` needs `then`", "add `then:` and below it a list of steps");
  if (const Node* list = node.find("else")) else_steps = block(*list, "else", id);
  if (!read || then_steps == nullptr) return {};
  return If{std::move(*read), std::move(then_steps), std::move(else_steps)};
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
  static const Keys kKeys = {{"reason"}, {}};
  if (node.kind == Node::Kind::map) {
    Stop stop;
    if (const Node* reason = node.find("reason")) stop.reason = text(*reason, "reason");
    check_keys(node, "stop", kKeys);
    return stop;
  }
  if (node.kind == Node::Kind::scalar && node_value(node).is_null()) return {};
  return {text(node, "stop")};
}

}  // namespace ieum::recipe
