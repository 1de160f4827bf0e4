// GraphQL, as much of it as a stand-in needs: one operation, arguments with variables, selections with inline fragments.
// No named fragments, no types. Private to sandbox; pure.
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"
#include "base/value.hpp"

namespace ieum::sandbox {

struct Field {
  std::string alias;  // the name where no alias is written
  std::string name;
  Map arguments;  // variables put in; an enum value is its name as text
  std::vector<Field> selection;
  Map directives;  // name to its arguments: @idempotent(key: $key) is {"idempotent": {"key": …}}
};

// Root fields of the document's operation. variables: a map or null; a variable without a value is null.
// Errors: "bad_graphql", what is for the answer's errors[].message. Nesting is bounded.
Result<std::vector<Field>> parse_graphql(std::string_view query, const Value& variables);

// Of value, what the selection asks for, under its aliases, through lists. A field that value lacks is an error:
// "undefined_field". With an empty selection value is returned as it is.
Result<Value> select(const Value& value, const std::vector<Field>& selection);

}  // namespace ieum::sandbox
