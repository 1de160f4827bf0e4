// People: which customer an event is about, by exact key. Merging comes with the customers work: an identity that belongs to
// somebody else already is left where it is.
#pragma once
#include <string>
#include <utility>
#include <vector>

#include "audience/consent.hpp"
#include "base/error.hpp"
#include "host/delivery.hpp"
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

// Takes what an event tells of the person into the traits: names and the like of its standard fields, and its own traits. A trait
// that was told of later stays, and so does what is too much (kTraitsMax names, kTraitBytes each).
inline constexpr std::size_t kTraitsMax = 200, kTraitBytes = 4'096;
void learn_traits(Person& person, const host::HubEvent& event);

// Consents as the audience rules read them.
std::vector<audience::Said> words_of(const std::vector<store::ConsentRow>& rows);

// The writes that keep what an event says of the person's consents, where it is new. `known`: what they said so far; grows.
void learn_consents(const Person& person, const host::HubEvent& event, Id event_id, Millis received_ms,
                    std::vector<audience::Said>& known, std::vector<store::Write>& writes);

// The writes that make the person be as it is here; a guard first.
void write_person(const Person& person, std::vector<store::Write>& writes);

}  // namespace ieum::runtime
