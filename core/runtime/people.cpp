#include "runtime/people.hpp"

#include <algorithm>
#include <array>

#include "audience/identity.hpp"
#include "base/json.hpp"

namespace ieum::runtime {

std::vector<IdentityKey> normalised(const std::vector<std::pair<std::string, std::string>>& raw) {
  std::vector<IdentityKey> keys;
  for (const auto& [kind, text] : raw) {
    auto value = audience::normalise(kind, text);
    if (!value) continue;
    IdentityKey key{kind, std::move(*value)};
    if (std::find(keys.begin(), keys.end(), key) == keys.end()) keys.push_back(std::move(key));
  }
  return keys;
}

Result<std::size_t> find_person(Context& context, const std::vector<IdentityKey>& keys, std::vector<Person>& known,
                                Millis now_ms) {
  IEUM_ASSERT(!keys.empty());
  std::size_t index = known.size();
  std::vector<Id> owners;
  for (const auto& [kind, value] : keys) {
    IEUM_TRY(auto owner, context.reader->customer_by_identity(kind, value));
    for (const auto& person : known) {
      for (const auto& identity : person.added) {
        if (identity.kind == kind && identity.value == value) owner = person.customer.id;
      }
    }
    owners.push_back(owner);
  }
  const auto first = std::find_if(owners.begin(), owners.end(), [](Id owner) { return owner != 0; });
  if (first == owners.end()) {
    Person person;
    person.is_new = true;
    person.customer.id = context.parts.store.next_id(store::IdSpace::customer);
    person.customer.created_ms = now_ms;
    known.push_back(std::move(person));
  } else {
    index = static_cast<std::size_t>(
        std::find_if(known.begin(), known.end(), [&](const Person& person) { return person.customer.id == *first; }) -
        known.begin());
    if (index == known.size()) {
      IEUM_TRY(auto row, context.reader->customer(*first));
      if (!row) return Error("customer_lost", "an identity points to a customer that is not stored");
      Person person;
      person.customer = std::move(*row);
      IEUM_TRY(person.identities, context.reader->identities(*first));
      known.push_back(std::move(person));
    }
  }
  auto& person = known[index];
  for (std::size_t i = 0; i < keys.size(); ++i) {
    if (owners[i] != 0) continue;
    store::IdentityRow row{keys[i].first, keys[i].second, person.customer.id, now_ms};
    person.identities.push_back(row);
    person.added.push_back(std::move(row));
  }
  return index;
}

Result<std::optional<std::size_t>> find_known_person(Context& context, const std::vector<IdentityKey>& keys,
                                                     std::vector<Person>& known) {
  for (const auto& [kind, value] : keys) {
    IEUM_TRY(const Id owner, context.reader->customer_by_identity(kind, value));
    if (owner == 0) continue;
    // Only known keys: nothing is added.
    IEUM_TRY(const std::size_t index, find_person(context, {{kind, value}}, known, 0));
    return std::optional<std::size_t>(index);
  }
  return std::optional<std::size_t>();
}

void learn_traits(Person& person, const Value& standard, const std::string& source, Millis at_ms) {
  static constexpr std::array kTraits{"first_name", "last_name", "name", "locale"};
  Map traits;
  if (auto stored = parse_json(person.customer.traits.empty() ? "{}" : person.customer.traits); stored.has_value()) {
    if (const auto* map = stored->if_map()) traits = *map;
  }
  for (const auto* name : kTraits) {
    const auto* value = standard.get(name);
    if (value == nullptr || value->is_null() || (value->if_string() != nullptr && value->if_string()->empty()))
      continue;
    if (const auto* old = traits.find(name);
        old != nullptr && old->get("value") != nullptr && *old->get("value") == *value) {
      continue;
    }
    traits.set(name, Map{{"value", *value}, {"source", source}, {"at_ms", at_ms}});
    person.traits_changed = true;
  }
  if (person.traits_changed) person.customer.traits = write_json(traits);
}

void write_person(const Person& person, std::vector<store::Write>& writes) {
  if (person.is_new) {
    writes.emplace_back(store::AddCustomer{person.customer});
  } else {
    writes.emplace_back(store::TouchCustomer{person.customer.id, person.customer.rev});
    if (person.traits_changed) writes.emplace_back(store::SetTraits{person.customer.id, person.customer.traits});
  }
  for (const auto& identity : person.added) writes.emplace_back(store::AddIdentity{identity});
}

}  // namespace ieum::runtime
