// Schema: the JSON Schema (2020-12) of recipes, made from the grammar and from what connectors can do, so that an editor
// completes and checks recipes offline. Pure and deterministic: the same grammar and catalog give the same bytes.
//
// It is looser than reader and checker: what they take, it takes. It does not know what an expression means, that ids
// are unique, or which connections there are.
#pragma once
#include "base/value.hpp"
#include "recipe/checker.hpp"

namespace ieum::recipe {

Value recipe_schema(const Catalog& catalog);

}  // namespace ieum::recipe
