#include "engine/match.hpp"

#include <algorithm>

#include "base/json.hpp"
#include "engine/plain_text.hpp"

namespace ieum::engine {

namespace {

expr::Limits with_zones(ZoneSource* zones) {
  expr::Limits limits;
  limits.zones = zones;
  return limits;
}

// As a JSON list, so that no value can pose as two.
std::optional<std::string> joined_texts(const std::vector<const expr::Expression*>& sides, const expr::Scope& scope,
                                        ZoneSource* zones) {
  List texts;
  for (const expr::Expression* side : sides) {
    const auto value = side->evaluate(scope, with_zones(zones));
    if (value.has_error()) return {};
    auto text = plain_text(*value);
    if (!text || text->empty() || text->size() > kKeyBytes) return {};
    texts.emplace_back(std::move(*text));
  }
  return write_json(texts);
}

std::string shape_of(const recipe::EventMatch& match) {
  List shape;
  for (const recipe::MatchPair& pair : match.match) shape.emplace_back(pair.event_side.expression.source());
  return write_json(shape);
}

}  // namespace

bool matches(const recipe::EventMatch& match, const std::vector<std::string>& names, const std::string& connection,
             const Value& event, std::string* problem, const Value* trigger, ZoneSource* zones,
             const expr::Scope* outer) {
  if (std::find(names.begin(), names.end(), match.event) == names.end()) return false;
  if (!match.connection.empty() && match.connection != connection) return false;
  if (!match.where) return true;
  const auto value = match.where->expression.evaluate(EventScope(event, trigger == nullptr ? event : *trigger, outer),
                                                      with_zones(zones));
  const auto tell = [&](const std::string& what) {
    if (problem != nullptr) *problem = "line " + std::to_string(match.where->place.line) + ", `where`: " + what;
  };
  if (value.has_error()) {
    tell(value.error().what);
    return false;
  }
  if (const bool* truth = value->if_bool()) return *truth;
  tell("the result is neither true nor false");
  return false;
}

std::optional<MatchKey> listener_key(const recipe::EventMatch& match, const expr::Scope& scope, ZoneSource* zones) {
  std::vector<const expr::Expression*> sides;
  for (const recipe::MatchPair& pair : match.match) sides.push_back(&pair.run_side.expression);
  auto value = joined_texts(sides, scope, zones);
  if (!value) return {};
  return MatchKey{shape_of(match), std::move(*value)};
}

std::optional<MatchKey> event_key(const recipe::EventMatch& match, const Value& event, ZoneSource* zones) {
  std::vector<const expr::Expression*> sides;
  for (const recipe::MatchPair& pair : match.match) sides.push_back(&pair.event_side.expression);
  auto value = joined_texts(sides, EventScope(event, event), zones);
  if (!value) return {};
  return MatchKey{shape_of(match), std::move(*value)};
}

bool met(const recipe::EventMatch& match, const std::vector<MatchKey>& keys) {
  const std::string shape = shape_of(match);
  return std::any_of(keys.begin(), keys.end(), [&](const MatchKey& key) { return key.shape == shape; });
}

std::optional<MatchKey> event_key(const std::string& shape, const Value& event, ZoneSource* zones) {
  const auto sources = parse_json(shape);
  if (sources.has_error() || !sources->is_list()) return {};
  std::vector<expr::Expression> parsed;
  for (const Value& source : *sources->if_list()) {
    auto expression = expr::Expression::parse(source.if_string() == nullptr ? "" : *source.if_string());
    if (expression.has_error()) return {};
    parsed.push_back(std::move(*expression));
  }
  std::vector<const expr::Expression*> sides;
  sides.reserve(parsed.size());
  for (const expr::Expression& expression : parsed) sides.push_back(&expression);
  auto value = joined_texts(sides, EventScope(event, event), zones);
  if (!value) return {};
  return MatchKey{shape, std::move(*value)};
}

}  // namespace ieum::engine
