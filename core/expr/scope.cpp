#include "expr/scope.hpp"

#include <utility>

namespace ieum::expr {

MapScope::MapScope(const Value& names, const Scope* outer) : outer_(outer) {
  if (const Map* map = names.if_map())
    for (const Map::Entry& entry : *map)
      if (const std::string* name = entry.first.if_string()) set(*name, entry.second);
}

MapScope& MapScope::set(std::string name, Value value) {
  slots_.insert_or_assign(std::move(name), Slot{std::move(value), {}});
  return *this;
}

MapScope& MapScope::set_lazy(std::string name, std::function<Value()> make) {
  slots_.insert_or_assign(std::move(name), Slot{Value(), std::move(make)});
  return *this;
}

const Value* MapScope::lookup(std::string_view name) const {
  const auto found = slots_.find(name);
  if (found == slots_.end()) return outer_ ? outer_->lookup(name) : nullptr;
  Slot& slot = found->second;
  if (slot.make) {
    slot.value = slot.make();
    slot.make = {};
  }
  return &slot.value;
}

}  // namespace ieum::expr
