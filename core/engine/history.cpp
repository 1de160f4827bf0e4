#include "engine/history.hpp"

#include <algorithm>
#include <set>

#include "base/decimal.hpp"
#include "base/json.hpp"
#include "engine/match.hpp"

namespace ieum::engine {

namespace {

Value instant(Millis at_ms) { return Timestamp{at_ms / 1000, static_cast<std::int32_t>(at_ms % 1000) * 1'000'000}; }

std::optional<Decimal> number_of(const Value& value) {
  if (const auto* exact = value.if_decimal()) return *exact;
  const auto parsed = decimal::parse(value.if_string() != nullptr ? *value.if_string() : write_json(value));
  return parsed.has_value() ? std::optional(*parsed) : std::nullopt;
}

}  // namespace

Millis history_from(const recipe::HistoryQuery& query, Millis started_ms, Millis now_ms) {
  if (query.since_entry) return started_ms + 1;
  return query.within_for ? now_ms - *query.within_for + 1 : 0;
}

Value history_answer(const recipe::HistoryQuery& query, const std::vector<PastEvent>& past, const Value& trigger,
                     ZoneSource* zones) {
  expr::Limits limits;
  limits.zones = zones;
  const auto wanted =
      query.match.match.empty() ? std::nullopt : listener_key(query.match, EventScope(trigger, trigger), zones);
  std::int64_t count = 0;
  Value first, last;
  Decimal sum{"0"};
  std::set<std::string> distinct;
  const std::size_t looked = std::min<std::size_t>(past.size(), kHistoryMax);
  for (std::size_t i = 0; i < looked; ++i) {
    const auto& event = past[i];
    if (!query.match.match.empty()) {
      const auto key = wanted ? event_key(query.match, event.fields, zones) : std::nullopt;
      if (!key || !(*key == *wanted)) continue;
    }
    if (!matches(query.match, {query.match.event}, query.match.connection, event.fields, nullptr, &trigger, zones))
      continue;
    ++count;
    if (last.is_null()) last = instant(event.at_ms);
    first = instant(event.at_ms);
    const EventScope scope(event.fields, trigger);
    if (query.sum) {
      const auto value = query.sum->expression.evaluate(scope, limits);
      const auto number = value.has_value() ? number_of(*value) : std::nullopt;
      if (number)
        if (auto more = decimal::add(sum, *number); more.has_value()) sum = std::move(*more);
    }
    if (query.distinct)
      if (const auto value = query.distinct->expression.evaluate(scope, limits); value.has_value() && !value->is_null())
        distinct.insert(write_json(*value));
  }
  Map answer{{"count", count},
             {"first", std::move(first)},
             {"last", std::move(last)},
             {"history_capped", past.size() > looked}};
  if (query.sum) answer.set("sum", std::move(sum));
  if (query.distinct) answer.set("distinct", static_cast<std::int64_t>(distinct.size()));
  return answer;
}

}  // namespace ieum::engine
