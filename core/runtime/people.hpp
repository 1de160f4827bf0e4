// People: which customer an event is about, by exact key. Merging comes with the customers work: an identity that belongs to
// somebody else already is left where it is.
#pragma once
#include <string>
#include <utility>
#include <vector>

#include "base/error.hpp"
#include "runtime/context.hpp"
#include "store/unit.hpp"

namespace ieum::runtime {

using IdentityKey = std::pair<std::string, std::string>;  // kind, normalised value

struct Person {
  store::CustomerRow customer;
  std::vector<store::IdentityRow> identities;  // all, the added ones included
  std::vector<store::IdentityRow> added;
  bool is_new = false;
  bool touched = false;  // the unit guards the rev
  bool traits_changed = false;
};

// Drops what cannot be an identity and doubles; keeps the order.
std::vector<IdentityKey> normalised(const std::vector<std::pair<std::string, std::string>>& raw);

// The person with the first known key among `keys`, or a new one; unknown keys are added. `known` are people of the same
// delivery, found or made before. keys must not be empty. The result is an index into `known`.
Result<std::size_t> find_person(Context& context, const std::vector<IdentityKey>& keys, std::vector<Person>& known,
                                Millis now_ms);

// The same, but nobody is made and nothing is added: nothing when no key is known.
Result<std::optional<std::size_t>> find_known_person(Context& context, const std::vector<IdentityKey>& keys,
                                                     std::vector<Person>& known);

// Takes names, locale and the like from an event's standard fields into the traits.
void learn_traits(Person& person, const Value& standard, const std::string& source, Millis at_ms);

// The writes that make the person be as it is here; a guard first.
void write_person(const Person& person, std::vector<store::Write>& writes);

}  // namespace ieum::runtime
