#include "trial/given.hpp"

#include <algorithm>
#include <charconv>

#include "base/json.hpp"
#include "base/time_text.hpp"
#include "expr/scope.hpp"
#include "trial/samples.hpp"

namespace ieum::trial {
namespace {

Error misgiven(const recipe::GivenEvent& given, std::string code, std::string what, std::string mend) {
  return Error(std::move(code), std::move(what), std::move(mend),
               std::to_string(given.place.line) + ":" + std::to_string(given.place.column));
}

bool is_time_text(const std::string& text) {
  return text.size() >= 20 && text.size() <= 35 && text[4] == '-' && text[10] == 'T' && parse_rfc3339(text).has_value();
}

// In the offset that it is written in.
std::string moved(const std::string& text, Millis by_for) {
  const Millis instant = *parse_rfc3339(text) + by_for;
  if (text.back() == 'Z') return rfc3339_utc(instant);
  int hours = 0, minutes = 0;
  const char* tail = text.data() + text.size() - 6;
  std::from_chars(tail + 1, tail + 3, hours);
  std::from_chars(tail + 4, tail + 6, minutes);
  return rfc3339_offset(instant, (tail[0] == '-' ? -1 : 1) * (hours * 3600 + minutes * 60));
}

Value moved(const Value& value, Millis by_for) {
  if (const auto* text = value.if_string()) return is_time_text(*text) ? Value(moved(*text, by_for)) : value;
  if (const auto* list = value.if_list()) {
    List out;
    for (const auto& item : *list) out.push_back(moved(item, by_for));
    return out;
  }
  if (const auto* map = value.if_map()) {
    Map out;
    for (const auto& [key, member] : *map) out.set(key, moved(member, by_for));
    return out;
  }
  return value;
}

std::optional<Millis> instant_of(const Value& value) {
  if (const auto* stamp = value.if_timestamp()) return stamp->seconds * kSecond + stamp->nanos / 1'000'000;
  if (const auto* seconds = value.if_int()) return *seconds * kSecond;
  if (const auto* text = value.if_string(); text != nullptr && is_time_text(*text)) return *parse_rfc3339(*text);
  return std::nullopt;
}

Value with_member(const Value& base, const std::vector<std::string>& path, std::size_t from, const Value& leaf) {
  if (from == path.size()) return leaf;
  const Value* inner = base.get(path[from]);
  Map out = base.is_map() ? *base.if_map() : Map{};
  out.set(path[from], with_member(inner == nullptr ? Value(Map{}) : *inner, path, from + 1, leaf));
  return out;
}

Value at_instant(Value sample, const host::EventSpec& spec, Millis at_ms) {
  const auto at = spec.project.find("at");
  if (at == spec.project.end()) return sample;
  expr::MapScope scope;
  scope.set("body", sample).set("headers", Map{}).set("topic", spec.topic);
  const auto told = at->second.evaluate(scope);
  const auto then = told.has_value() ? instant_of(*told) : std::nullopt;
  if (!then) return sample;
  sample = moved(sample, at_ms - *then);
  // Unix seconds are told from other numbers only where the manifest says that they are a time.
  for (const auto& use : at->second.uses()) {
    if (use.names.size() < 2 || use.names.front() != "body") continue;
    const std::vector<std::string> path(use.names.begin() + 1, use.names.end());
    const Value* leaf = &sample;
    for (const auto& name : path) leaf = leaf == nullptr ? nullptr : leaf->get(name);
    if (leaf != nullptr && leaf->if_int() != nullptr)
      sample = with_member(sample, path, 0, *leaf->if_int() + (at_ms - *then) / kSecond);
  }
  return sample;
}

std::string listed(const std::vector<std::pair<std::string, Value>>& samples) {
  std::string names;
  for (const auto& [name, sample] : samples) names += (names.empty() ? "" : ", ") + name;
  return names;
}

}  // namespace

Value laid_over(const Value& base, const Value& over) {
  if (!base.is_map() || !over.is_map()) return over;
  Map out = *base.if_map();
  for (const auto& [key, value] : *over.if_map()) {
    const Value* below = out.find(key);
    out.set(key, below == nullptr ? value : laid_over(*below, value));
  }
  return out;
}

namespace {

Result<Value> unanswered_body(const host::Registry& connectors, const recipe::GivenEvent& given, Millis at_ms) {
  const auto* connector = connectors.find(given.connector);
  if (connector == nullptr)
    return misgiven(given, "unknown_connector", "there is no connector \"" + given.connector + "\"",
                    "see: ieum connector list");
  const auto& manifest = connector->manifest();
  const auto* spec = manifest.event_or_any(given.topic);
  const bool open = manifest.webhook && manifest.webhook->open_topics;
  if (spec == nullptr && !open)
    return misgiven(given, "unknown_event", given.connector + " tells of no event \"" + given.topic + "\"",
                    "see: ieum connector show " + given.connector);
  if (given.body) return *given.body;
  if (spec == nullptr && !manifest.events.empty()) spec = &manifest.events.front();
  if (spec == nullptr || spec->samples.empty())
    return misgiven(given, "no_sample", given.connector + "/" + given.topic + " has no sample", "write the `body`");
  const auto sample = given.sample.empty() ? spec->samples.begin()
                                           : std::find_if(spec->samples.begin(), spec->samples.end(),
                                                          [&](const auto& one) { return one.first == given.sample; });
  if (sample == spec->samples.end())
    return misgiven(given, "unknown_sample",
                    given.connector + "/" + given.topic + " has no sample \"" + given.sample + "\"",
                    "its samples are " + listed(spec->samples));
  Value body = at_instant(sample->second, *spec, at_ms);
  return given.with.is_null() ? body : laid_over(body, given.with);
}

}  // namespace

Result<Value> given_body(const host::Registry& connectors, const recipe::GivenEvent& given, Millis at_ms,
                         const std::string& step_key) {
  IEUM_TRY(auto body, unanswered_body(connectors, given, at_ms));
  if (given.step.empty()) return body;
  if (step_key.empty())
    return misgiven(given, "step_not_visited", "the step \"" + given.step + "\" was not visited by then",
                    "give the event later, or let the run come to the step");
  std::string text = write_json(body);
  if (text.find(kRecordedKey) == std::string::npos)
    return misgiven(given, "answers_no_step", given.connector + "/" + given.topic + " tells of no step that it answers",
                    "delete `step`, or give the event that a wait_for joins by `step`");
  for (auto at = text.find(kRecordedKey); at != std::string::npos; at = text.find(kRecordedKey, at + step_key.size()))
    text.replace(at, kRecordedKey.size(), step_key);
  return parse_json(text);
}

}  // namespace ieum::trial
