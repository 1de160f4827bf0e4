// Scope: what an expression can see. Nothing else of the hub is reachable from an expression.
//
// A scope is asked for root names only ("trigger", "customer"), at the moment they are first needed, so that a scope
// may fetch or build a root lazily. Members are then read from the Value itself.
// Thread: a scope is used by one evaluation at a time.
#pragma once
#include <functional>
#include <map>
#include <string>
#include <string_view>

#include "base/value.hpp"

namespace ieum::expr {

class Scope {
 public:
  virtual ~Scope() = default;
  // The value of a root name; null when there is no such name. The pointer stays good until the evaluation ends.
  [[nodiscard]] virtual const Value* lookup(std::string_view name) const = 0;
};

// Names in a map, with an optional outer scope behind it. Inner names hide outer ones.
class MapScope final : public Scope {
 public:
  explicit MapScope(const Scope* outer = nullptr) : outer_(outer) {}
  // Each string key of a map becomes a root name; a value that is no map gives an empty scope.
  explicit MapScope(const Value& names, const Scope* outer = nullptr);

  MapScope& set(std::string name, Value value);
  // The value is made at the first lookup, once.
  MapScope& set_lazy(std::string name, std::function<Value()> make);
  [[nodiscard]] const Value* lookup(std::string_view name) const override;

 private:
  struct Slot {
    Value value;
    std::function<Value()> make;  // empty once the value is there
  };
  mutable std::map<std::string, Slot, std::less<>> slots_;
  const Scope* outer_;
};

}  // namespace ieum::expr
