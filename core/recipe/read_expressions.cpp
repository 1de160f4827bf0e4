// RecipeReader: expressions and templates.
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

}  // namespace

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
  const std::size_t before = holes.size();
  for (expr::Expression& expression : parsed->expressions()) {
    const std::vector<expr::PathUse> found = expression.uses();
    const bool first = holes.size() == before && node.text.starts_with("{{");
    Hole hole{key, whole && parsed->is_single_hole(), first, {std::move(expression), node.place, {}, map}};
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
