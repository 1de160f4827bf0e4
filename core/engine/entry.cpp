// Who starts a run: matching of events, identities, keys and the entry rules.
#include <algorithm>

#include "base/encoding.hpp"
#include "engine/decide.hpp"
#include "engine/reasons.hpp"
#include "expr/template.hpp"

namespace ieum::engine {

namespace {

constexpr std::size_t kKeyBytes = 512;

// `event`, and `trigger` beside it.
class EventScope final : public expr::Scope {
 public:
  EventScope(const Value& event, const Value& trigger) : event_(event), trigger_(trigger) {}
  [[nodiscard]] const Value* lookup(std::string_view name) const override {
    return name == "event" ? &event_ : name == "trigger" ? &trigger_ : nullptr;
  }

 private:
  const Value& event_;
  const Value& trigger_;
};

Result<Value> evaluate(const recipe::Condition& condition, const Value& event, const Value& trigger,
                       ZoneSource* zones) {
  expr::Limits limits;
  limits.zones = zones;
  return condition.expression.evaluate(EventScope(event, trigger), limits);
}

// A text or number as text; nothing for everything else.
std::optional<std::string> plain_text(const Value& value) {
  switch (value.kind()) {
    case Value::Kind::string:
    case Value::Kind::integer:
    case Value::Kind::unsigned_integer:
    case Value::Kind::decimal:
    case Value::Kind::floating: return std::string(trim(expr::text_of(value)));
    default: return {};
  }
}

}  // namespace

bool matches(const recipe::EventMatch& match, const std::vector<std::string>& names, const std::string& connection,
             const Value& event, std::string* problem, const Value* trigger, ZoneSource* zones) {
  if (std::find(names.begin(), names.end(), match.event) == names.end()) return false;
  if (!match.connection.empty() && match.connection != connection) return false;
  if (!match.where) return true;
  const auto value = evaluate(*match.where, event, trigger == nullptr ? event : *trigger, zones);
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

std::vector<std::pair<std::string, std::string>> about_of(const recipe::Recipe& recipe, const Value& event,
                                                          ZoneSource* zones) {
  std::vector<std::pair<std::string, std::string>> about;
  for (const auto& [kind, condition] : recipe.about) {
    const auto value = evaluate(condition, event, event, zones);
    if (value.has_error()) continue;
    if (auto text = plain_text(*value); text && !text->empty()) about.emplace_back(kind, std::move(*text));
  }
  return about;
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
