// Who starts a run: identities, keys and the entry rules.
#include "engine/decide.hpp"
#include "engine/plain_text.hpp"
#include "engine/reasons.hpp"

namespace ieum::engine {

namespace {

Result<Value> evaluate(const recipe::Condition& condition, const Value& event, const Value& trigger,
                       ZoneSource* zones) {
  expr::Limits limits;
  limits.zones = zones;
  return condition.expression.evaluate(EventScope(event, trigger), limits);
}

}  // namespace

namespace {
// What has no value, or no text, is left out.
std::vector<std::pair<std::string, std::string>> values_of(
    const std::vector<std::pair<std::string, recipe::Condition>>& named, const Value& event, ZoneSource* zones) {
  std::vector<std::pair<std::string, std::string>> values;
  for (const auto& [name, condition] : named) {
    const auto value = evaluate(condition, event, event, zones);
    if (value.has_error()) continue;
    if (auto text = plain_text(*value); text && !text->empty()) values.emplace_back(name, std::move(*text));
  }
  return values;
}
}  // namespace

std::vector<std::pair<std::string, std::string>> about_of(const recipe::Recipe& recipe, const Value& event,
                                                          ZoneSource* zones) {
  return values_of(recipe.about, event, zones);
}

std::vector<std::pair<std::string, std::string>> search_of(const recipe::Recipe& recipe, const Value& event,
                                                           ZoneSource* zones) {
  return values_of(recipe.search, event, zones);
}

Result<std::string> entry_key(const recipe::Recipe& recipe, const Value& event, ZoneSource* zones) {
  if (!recipe.entry.key) return std::string();
  const recipe::Condition& key = *recipe.entry.key;
  const std::string place = std::to_string(key.place.line) + ":" + std::to_string(key.place.column);
  const auto value = evaluate(key, event, event, zones);
  if (value.has_error())
    return Error("bad_key", "the entry key has no value: " + value.error().what,
                 "use a field that every such event has", place);
  const auto text = plain_text(*value);
  if (!text || text->empty() || text->size() > kKeyBytes)
    return Error("bad_key", "the entry key is no text or number of 1 to " + std::to_string(kKeyBytes) + " bytes",
                 "use a field that names the thing, like event.token", place);
  return *text;
}

Enter judge_entry(const recipe::Recipe& recipe, bool about_somebody, const EntryFacts& facts) {
  if (!about_somebody && !recipe.entry.key) return Enter::start;
  if (recipe.entry.mode == recipe::EntryMode::once && facts.runs_ever > 0) return Enter::once;
  if (facts.live_run) return Enter::already_running;
  if (about_somebody && recipe.entry.cap && facts.runs_in_cap >= recipe.entry.cap->max) return Enter::entry_cap;
  return Enter::start;
}

std::string_view reasons::of(Enter verdict) {
  switch (verdict) {
    case Enter::once: return kOnce;
    case Enter::already_running: return kAlreadyRunning;
    case Enter::entry_cap: return kEntryCap;
    case Enter::start: break;
  }
  return "";
}

}  // namespace ieum::engine
