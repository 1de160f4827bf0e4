// Uses: each `use` against the operation it names: inputs, connection, whom it reaches, what a repeat would do. Pure.
#pragma once
#include <string>

#include "recipe/checker.hpp"
#include "recipe/findings.hpp"

namespace ieum::recipe {

void check_uses(const Recipe& recipe, const Catalog& catalog, Findings& findings);

// Whether something of the recipe reaches a customer.
bool reaches_customer(const Use& use, const Catalog& catalog);
bool reaches_customer(const Recipe& recipe, const Catalog& catalog);

// `connector` "": the connection may belong to any.
void check_connection(const std::string& name, const std::string& connector, Place place, const Catalog& catalog,
                      Findings& findings);

}  // namespace ieum::recipe
