// Match: whether an event is the one that a recipe means, and the key under which an event and a run find each other. Pure.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "base/value.hpp"
#include "base/zone.hpp"
#include "expr/scope.hpp"
#include "recipe/model.hpp"

namespace ieum::engine {

// `event`, and `trigger` beside it; behind them another scope, if any.
class EventScope final : public expr::Scope {
 public:
  EventScope(const Value& event, const Value& trigger, const expr::Scope* outer = nullptr)
      : event_(event), trigger_(trigger), outer_(outer) {}
  [[nodiscard]] const Value* lookup(std::string_view name) const override {
    if (name == "event") return &event_;
    if (name == "trigger") return &trigger_;
    return outer_ == nullptr ? nullptr : outer_->lookup(name);
  }

 private:
  const Value& event_;
  const Value& trigger_;
  const expr::Scope* outer_;
};

// Whether an event matches (name or connector/topic, connection, where; not `match`, not `step`). `event` is
// host::event_scope; `names` are the names it goes by: its standard name and "connector/topic". A where that cannot be
// evaluated is no match; `problem` says why.
// `trigger`: what started the run; without it `trigger` is the event itself, as it is for triggers.
bool matches(const recipe::EventMatch& match, const std::vector<std::string>& names, const std::string& connection,
             const Value& event, std::string* problem = nullptr, const Value* trigger = nullptr,
             ZoneSource* zones = nullptr, const expr::Scope* outer = nullptr);

// `shape` is what is asked of the event, as source; `value` what the run knows, as text. Equal keys meet.
struct MatchKey {
  std::string shape;
  std::string value;
  friend bool operator==(const MatchKey&, const MatchKey&) = default;
};
// The key of a listener; nothing when a value is missing or is no text or number: then nothing can meet it.
std::optional<MatchKey> listener_key(const recipe::EventMatch& match, const expr::Scope& scope, ZoneSource* zones);
// Whether a listener of this shape is among those by which an event found the run. The value was compared when it was found,
// with what the run knew when it began to listen.
bool met(const recipe::EventMatch& match, const std::vector<MatchKey>& keys);
// The key by which an event meets listener_key of the same match; nothing when it lacks a value.
std::optional<MatchKey> event_key(const recipe::EventMatch& match, const Value& event, ZoneSource* zones);
// The key of an event for a shape that listeners have; nothing when the event lacks a value.
std::optional<MatchKey> event_key(const std::string& shape, const Value& event, ZoneSource* zones);

}  // namespace ieum::engine
