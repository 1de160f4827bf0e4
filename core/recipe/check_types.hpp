// Types: a gradual pass over every expression and every hole of a template, with what manifests tell of events and
// outputs; and whether a value can be what its place takes: a condition, a list, a time, an input. Pure.
#pragma once
#include <set>

#include "recipe/findings.hpp"
#include "recipe/known_fields.hpp"

namespace ieum::recipe {

// `wrong`: expressions whose names are wrong; nothing is said of their types.
void check_types(const Recipe& recipe, const KnownFields& fields, const Catalog& catalog,
                 const std::set<const Condition*>& wrong, Findings& findings);

}  // namespace ieum::recipe
