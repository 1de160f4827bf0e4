// RecipeReader: single values, expressions and templates.
#include <algorithm>

#include "base/ids.hpp"
#include "base/time_text.hpp"
#include "recipe/recipe_reader.hpp"

namespace ieum::recipe {

namespace {

constexpr std::size_t kHolesMax = 1000;  // {{ }} in one text

// Where an unquoted expression was cut or bent by YAML; "" when it was not.
std::string yaml_trap(std::string_view text, const Node& node) {
  if (node.kind == Node::Kind::map)
    return text[node.begin] == '{' ? "as a map, for its leading {" : "as a map, for its \": \"";
  if (node.kind == Node::Kind::list) return "as a list, for its leading [";
  if (node.style != Style::plain) return "";
  const std::string_view after = text.substr(node.end);
  const std::size_t next = after.find_first_not_of(" \t");
  if (next == std::string_view::npos) return "";
  if (after[next] == '#' && next > 0) return "only up to \" #\"";
  if (after[next] == ',') return "only up to the comma";
  return "";
}

void add_uses(const std::vector<expr::PathUse>& found, const ContentMap& map, NameUses& uses) {
  for (const expr::PathUse& use : found) uses.push_back({use.names, use.guarded, map.at(use.line, use.column)});
}

bool good_operation(std::string_view text) {
  std::size_t parts = 0;
  while (true) {
    const std::size_t dot = text.find('.');
    if (!is_name(text.substr(0, dot))) return false;
    ++parts;
    if (dot == std::string_view::npos) return parts >= 1;
    text.remove_prefix(dot + 1);
  }
}

}  // namespace

std::string RecipeReader::text(const Node& node, const std::string& key) {
  if (node.kind == Node::Kind::scalar) {
    const Value value = node_value(node);
    if (const std::string* found = value.if_string()) return *found;
    if (!value.is_null()) {
      wrong_kind(node, key, "a text", "put it in quotes: " + key + ": \"" + node.text + "\"");
      return node.text;
    }
  }
  wrong_kind(node, key, "a text", "write a text behind the colon");
  return "";
}

std::string RecipeReader::name(const Node& node, const std::string& key) {
  std::string found = text(node, key);
  if (!found.empty() && !is_name(found))
    findings_.error(node.place, "bad_name", quoted(found) + " is no name",
                    "a name begins with a small letter and has small letters, digits, - and _, at most 63");
  if (found.empty() && node.kind == Node::Kind::scalar && node.style != Style::plain)
    findings_.error(node.place, "bad_name", "`" + key + "` is empty", "write a name");
  return found;
}

std::string RecipeReader::event_name(const Node& node) {
  std::string event = text(node, "event");
  const bool bad = std::any_of(event.begin(), event.end(), [](char c) { return static_cast<unsigned char>(c) <= ' '; });
  const std::size_t slash = event.find('/');
  const bool good =
      slash == std::string::npos ? good_operation(event) : is_name(event.substr(0, slash)) && slash + 1 < event.size();
  if ((bad || !good || event.size() > 200) && node.kind == Node::Kind::scalar && node_value(node).is_string())
    findings_.error(node.place, "bad_event", quoted(event) + " is no name of an event",
                    "write a standard name (order_created) or connector/topic (shopify/orders/create)");
  return event;
}

std::optional<Millis> RecipeReader::duration(const Node& node, const std::string& key) {
  if (node.kind == Node::Kind::scalar && !node_value(node).is_null()) {
    if (const auto parsed = parse_duration(node.text)) return *parsed;
    const bool number = !node_value(node).is_string();
    findings_.error(node.place, "bad_duration", "`" + key + "` is " + quoted(node.text) + ", which is no duration",
                    number ? "add the unit: 30s, 30m, 5h, 7d" : "write it like 90s, 30m, 5h, 7d or 1h30m");
    return {};
  }
  wrong_kind(node, key, "a duration", "write it like 30m, 5h or 7d");
  return {};
}

std::optional<int> RecipeReader::whole(const Node& node, const std::string& key, int lowest, int highest) {
  if (node.kind == Node::Kind::scalar) {
    const Value value = node_value(node);
    const std::int64_t* number = value.if_int();
    if (number != nullptr && *number >= lowest && *number <= highest) return static_cast<int>(*number);
  }
  wrong_kind(node, key, "a whole number from " + std::to_string(lowest) + " to " + std::to_string(highest),
             "write a number without quotes");
  return {};
}

std::optional<std::size_t> RecipeReader::choice(const Node& node, const std::string& key,
                                                const std::vector<std::string>& choices) {
  const std::string found = text(node, key);
  const auto at = std::find(choices.begin(), choices.end(), found);
  if (at != choices.end()) return static_cast<std::size_t>(at - choices.begin());
  if (!found.empty())
    findings_.error(node.place, "unknown_choice", "`" + key + "` cannot be " + quoted(found),
                    did_you_mean(found, choices, "it is one of " + joined(choices)));
  return {};
}

std::optional<InDoubt> RecipeReader::in_doubt(const Node& node) {
  const auto found = choice(node, "on_doubt", {"wait", "skip", "fail", "repeat"});
  if (!found) return {};
  return static_cast<InDoubt>(*found);
}

void RecipeReader::bad_expression(const Node& node, const std::string& key, const Error& error) {
  const std::string trap = json_ ? "" : yaml_trap(text_, node);
  if (!trap.empty()) {
    findings_.error(node.place, "unquoted_expression", "YAML reads the expression of `" + key + "` " + trap,
                    "quote this expression: put it in single quotes");
    return;
  }
  if (node.text.starts_with("{{")) {
    findings_.error(node.place, "braces_in_expression", "`" + key + "` holds an expression, without {{ }}",
                    "leave the braces out");
    return;
  }
  findings_.error(ContentMap(text_, node).at(error.place), error.code, "in `" + key + "`: " + error.what,
                  error.mend.empty() ? "correct the expression" : error.mend);
}

std::optional<Condition> RecipeReader::condition(const Node& node, const std::string& key) {
  if (node.kind == Node::Kind::refused) return {};
  if (node.kind != Node::Kind::scalar) {
    const std::string trap = json_ ? "" : yaml_trap(text_, node);
    if (trap.empty())
      wrong_kind(node, key, "an expression", "write it as a text");
    else
      findings_.error(node.place, "unquoted_expression", "YAML reads the expression of `" + key + "` " + trap,
                      "quote this expression: put it in single quotes");
    return {};
  }
  if (node.text.find_first_not_of(" \t\r\n") == std::string::npos) {
    // `where: # a comment` and `where: #x == 1` look alike.
    findings_.error(node.place, "wrong_kind", "`" + key + "` is empty, but takes an expression",
                    "write one in single quotes, or leave the key out");
    return {};
  }
  auto parsed = expr::Expression::parse(node.text);
  if (parsed.has_error()) {
    bad_expression(node, key, parsed.error());
    return {};
  }
  const auto map = std::make_shared<const ContentMap>(text_, node);
  Condition condition{std::move(*parsed), map->at(1, 1), {}, map};
  add_uses(condition.expression.uses(), *map, condition.uses);
  return condition;
}

// Each text of the tree alone first: only here is it known where in the file it stands.
void RecipeReader::template_texts(const Node& node, const std::string& key, bool whole, NameUses& uses,
                                  std::vector<Hole>& holes) {
  for (const Node& item : node.items) template_texts(item, key, false, uses, holes);
  for (const Member& member : node.members)
    template_texts(member.value, key.empty() ? member.key.text : key, key.empty(), uses, holes);
  if (node.kind != Node::Kind::scalar) return;
  if (is_ambiguous(node))
    findings_.warning(node.place, "ambiguous_text", node.text + " is read as a text here",
                      "put it in quotes; for truth values write true or false, for nothing null");
  std::size_t count = 0;
  for (std::size_t at = node.text.find("{{"); at != std::string::npos; at = node.text.find("{{", at + 2)) ++count;
  if (count == 0) return;
  if (count > kHolesMax) {
    findings_.error(
        node.place, "too_many_holes", "a text with " + std::to_string(count) + " {{ }}",
        "at most " + std::to_string(kHolesMax) + " are allowed: build it from a list with `lines` or `map`");
    return;
  }
  const auto parsed = expr::Template::parse(node.text);
  const auto map = std::make_shared<const ContentMap>(text_, node);
  if (parsed.has_error()) {
    findings_.error(map->at(parsed.error().place), parsed.error().code, parsed.error().what,
                    parsed.error().mend.empty() ? "correct the expression between {{ and }}" : parsed.error().mend);
    return;
  }
  add_uses(parsed->uses(), *map, uses);
  for (expr::Expression& expression : parsed->expressions()) {
    const std::vector<expr::PathUse> found = expression.uses();
    Hole hole{key, whole && parsed->is_single_hole(), {std::move(expression), node.place, {}, map}};
    add_uses(found, *map, hole.expression.uses);
    holes.push_back(std::move(hole));
  }
}

std::optional<expr::ValueTemplate> RecipeReader::value_template(const Node& node, const std::string& key,
                                                                NameUses& uses, std::vector<Hole>& holes) {
  const std::size_t before = findings_.errors();
  template_texts(node, key, true, uses, holes);
  if (findings_.errors() > before) return {};
  auto parsed = expr::ValueTemplate::parse(node_value(node));
  if (!parsed.has_error()) return std::move(*parsed);
  findings_.error(node.place, parsed.error().code, parsed.error().what, parsed.error().mend);
  return {};
}

}  // namespace ieum::recipe
