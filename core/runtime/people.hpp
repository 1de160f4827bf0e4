// People: which customer an event is about, by exact key, and which customers are one (audience/merging.hpp). It reads and says;
// what makes two stored customers one is planned in route_merges.cpp.
#pragma once
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "audience/consent.hpp"
#include "audience/merging.hpp"
#include "base/error.hpp"
#include "host/delivery.hpp"
#include "runtime/context.hpp"
#include "store/unit.hpp"

namespace ieum::runtime {

using audience::IdentityKey;

struct Person {
  store::CustomerRow customer;
  std::vector<store::IdentityRow> identities;  // all, the added ones included
  std::vector<store::IdentityRow> added;
  bool is_new = false;
  bool touched = false;  // the unit guards the rev
  bool traits_changed = false;
  Id same_as = 0;  // a new one who turned out to be this one: nothing is written of them
};

// Two stored customers who are one, and the kind of the key that says so.
struct Sameness {
  Id one = 0;
  Id other = 0;
  std::string why;
};

// Drops what cannot be an identity and doubles; keeps the order.
std::vector<IdentityKey> normalised(const std::vector<std::pair<std::string, std::string>>& raw);

// Whom an event is about as its connector says: the owner of the strongest key, unless an account of the event's tells them apart;
// else a new one. Unknown keys are added. The owners of the other keys are the same person where nothing tells them apart, and
// those of `aliases` in any case, unless an operator split them once: two who are stored go into `same`, a new one becomes the
// other at once (same_as). The rest is as in find_person.
Result<std::size_t> find_told_person(Context& context, std::vector<IdentityKey> keys, std::vector<IdentityKey> aliases,
                                     std::vector<Person>& known, Millis now_ms, std::vector<Sameness>& same);

// Where a person of the list went who is somebody else (same_as), else where they are.
std::size_t resolved(const std::vector<Person>& known, std::size_t index);

// Keys of several people say nothing where another key says who it is; they stay where there is none.
void drop_shared(const std::set<IdentityKey>& shared, std::vector<IdentityKey>& keys);

// The person with the first known key among `keys`, or a new one; unknown keys are added. `known` are people of the same
// delivery, found or made before. keys must not be empty. The result is an index into `known`.
Result<std::size_t> find_person(Context& context, const std::vector<IdentityKey>& keys, std::vector<Person>& known,
                                Millis now_ms);

// The same, but nobody is made and nothing is added: nothing when no key is known.
Result<std::optional<std::size_t>> find_known_person(Context& context, const std::vector<IdentityKey>& keys,
                                                     std::vector<Person>& known);

// The customer of this number, or whom they were merged into; nothing when they are not stored.
Result<std::optional<std::size_t>> find_customer(Context& context, Id customer, std::vector<Person>& known);

// Takes what an event tells of the person into the traits: names and the like of its standard fields, its own traits, and the
// shared keys by which they are not known. A trait that was told of later stays, and so does what is too much (kTraitsMax
// names, kTraitBytes each).
inline constexpr std::size_t kTraitsMax = 200, kTraitBytes = 4'096;
void learn_traits(Person& person, const host::HubEvent& event, const std::set<IdentityKey>& shared);

// Traits as they are stored; empty when there are none.
Map traits_in(const std::string& stored);
inline Map traits_of(const store::CustomerRow& customer) { return traits_in(customer.traits); }

// Consents as the audience rules read them.
std::vector<audience::Said> words_of(const std::vector<store::ConsentRow>& rows);

// The writes that keep what an event says of the person's consents, where it is new. `known`: what they said so far; grows.
void learn_consents(const Person& person, const host::HubEvent& event, Id event_id, Millis received_ms,
                    std::vector<audience::Said>& known, std::vector<store::Write>& writes);

// The writes that make the person be as it is here; a guard first.
void write_person(const Person& person, std::vector<store::Write>& writes);

}  // namespace ieum::runtime
