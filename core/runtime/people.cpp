#include "runtime/people.hpp"

#include <algorithm>
#include <array>

#include "audience/identity.hpp"
#include "base/json.hpp"

namespace ieum::runtime {
namespace {

constexpr std::size_t kTraitNameBytes = 128;

// Traits that are rows of their own, or the hub's word.
bool is_kept_elsewhere(std::string_view name) {
  static constexpr std::array<std::string_view, 4> kNames{"id", "ad_consent", "night_consent", "push_token"};
  return std::find(kNames.begin(), kNames.end(), name) != kNames.end();
}

}  // namespace

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

namespace {

Result<Id> owner_of(Context& context, const IdentityKey& key, const std::vector<Person>& known) {
  for (const auto& person : known)
    for (const auto& identity : person.added)
      if (identity.kind == key.first && identity.value == key.second) return person.customer.id;
  return context.reader->customer_by_identity(key.first, key.second);
}

Result<std::size_t> load(Context& context, Id customer, std::vector<Person>& known) {
  const auto there =
      std::find_if(known.begin(), known.end(), [&](const Person& person) { return person.customer.id == customer; });
  if (there != known.end()) return static_cast<std::size_t>(there - known.begin());
  IEUM_TRY(auto row, context.reader->customer(customer));
  if (!row) return Error("customer_lost", "an identity points to a customer that is not stored");
  Person person;
  person.customer = std::move(*row);
  IEUM_TRY(person.identities, context.reader->identities(customer));
  known.push_back(std::move(person));
  return known.size() - 1;
}

std::size_t make_person(Context& context, std::vector<Person>& known, Millis now_ms) {
  Person person;
  person.is_new = true;
  person.customer.id = context.parts.store.next_id(store::IdSpace::customer);
  person.customer.created_ms = now_ms;
  known.push_back(std::move(person));
  return known.size() - 1;
}

void add_key(Person& person, const IdentityKey& key, Millis now_ms) {
  store::IdentityRow row{key.first, key.second, person.customer.id, now_ms};
  person.identities.push_back(row);
  person.added.push_back(std::move(row));
}

std::vector<IdentityKey> keys_of(const Person& person) {
  std::vector<IdentityKey> keys;
  for (const auto& identity : person.identities) keys.emplace_back(identity.kind, identity.value);
  return keys;
}

// A new one becomes the other person; the list keeps their places.
void absorb(std::vector<Person>& known, std::size_t from, std::size_t into) {
  Person& gone = known[from];
  gone.same_as = known[into].customer.id;
  for (const auto& identity : gone.added) add_key(known[into], {identity.kind, identity.value}, identity.added_ms);
  gone.added.clear();
  gone.identities.clear();
}

// Where the two are as one; of two who are stored, where the first is.
Result<std::size_t> unite(Context& context, std::vector<Person>& known, std::size_t one, std::size_t other,
                          const std::string& why, std::vector<Sameness>& same) {
  if (known[other].is_new) {
    absorb(known, other, one);
    return one;
  }
  if (known[one].is_new) {
    absorb(known, one, other);
    return other;
  }
  const Id first = known[one].customer.id, second = known[other].customer.id;
  IEUM_TRY(const bool split, context.reader->were_split(first, second));
  if (!split) same.push_back({first, second, why});
  return one;
}

}  // namespace

Result<std::size_t> find_person(Context& context, const std::vector<IdentityKey>& keys, std::vector<Person>& known,
                                Millis now_ms) {
  IEUM_ASSERT(!keys.empty());
  std::vector<Id> owners;
  for (const auto& key : keys) {
    IEUM_TRY(const Id owner, owner_of(context, key, known));
    owners.push_back(owner);
  }
  std::size_t index = known.size();
  const auto first = std::find_if(owners.begin(), owners.end(), [](Id owner) { return owner != 0; });
  if (first == owners.end()) {
    index = make_person(context, known, now_ms);
  } else {
    IEUM_TRY(index, load(context, *first, known));
  }
  for (std::size_t i = 0; i < keys.size(); ++i)
    if (owners[i] == 0) add_key(known[index], keys[i], now_ms);
  return index;
}

Result<std::size_t> find_told_person(Context& context, std::vector<IdentityKey> keys, std::vector<IdentityKey> aliases,
                                     std::vector<Person>& known, Millis now_ms, std::vector<Sameness>& same) {
  IEUM_ASSERT(!keys.empty());
  audience::sort_by_strength(keys);
  std::vector<IdentityKey> accounts;
  for (const auto& key : keys)
    if (audience::is_account(key.first)) accounts.push_back(key);
  const std::size_t nobody = static_cast<std::size_t>(-1);
  std::vector<std::size_t> owners;
  for (const auto* list : {&keys, &aliases}) {
    for (const auto& key : *list) {
      IEUM_TRY(const Id owner, owner_of(context, key, known));
      owners.push_back(nobody);
      if (owner != 0) {
        IEUM_TRY(owners.back(), load(context, owner, known));
      }
    }
  }
  std::size_t index = nobody;
  for (std::size_t i = 0; i < keys.size() && index == nobody; ++i) {
    if (owners[i] == nobody) continue;
    const bool told_apart =
        !audience::is_account(keys[i].first) && audience::are_two_people(accounts, keys_of(known[owners[i]]));
    if (!told_apart) index = owners[i];
  }
  for (std::size_t i = keys.size(); i < owners.size() && index == nobody; ++i) index = owners[i];
  if (index == nobody) index = make_person(context, known, now_ms);
  keys.insert(keys.end(), aliases.begin(), aliases.end());
  for (std::size_t i = 0; i < keys.size(); ++i)
    if (owners[i] == nobody) add_key(known[index], keys[i], now_ms);
  for (std::size_t i = 0; i < keys.size(); ++i) {
    if (owners[i] == nobody) continue;
    const std::size_t other = resolved(known, owners[i]);
    const bool is_alias = i >= keys.size() - aliases.size();
    if (other == index || (!is_alias && audience::are_two_people(keys_of(known[index]), keys_of(known[other]))))
      continue;
    IEUM_TRY(index, unite(context, known, index, other, is_alias ? "alias" : keys[i].first, same));
  }
  return index;
}

std::size_t resolved(const std::vector<Person>& known, std::size_t index) {
  while (index < known.size() && known[index].same_as != 0) {
    const Id wanted = known[index].same_as;
    index = static_cast<std::size_t>(
        std::find_if(known.begin(), known.end(), [&](const Person& person) { return person.customer.id == wanted; }) -
        known.begin());
    IEUM_ASSERT(index < known.size());
  }
  return index;
}

void drop_shared(const std::set<IdentityKey>& shared, std::vector<IdentityKey>& keys) {
  const auto is_shared = [&](const IdentityKey& key) { return shared.contains(key); };
  if (!shared.empty() && !std::all_of(keys.begin(), keys.end(), is_shared)) std::erase_if(keys, is_shared);
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

Result<std::optional<std::size_t>> find_customer(Context& context, Id customer, std::vector<Person>& known) {
  IEUM_TRY(auto row, context.reader->customer(customer));
  while (row && row->merged_into != 0) {
    IEUM_TRY(row, context.reader->customer(row->merged_into));
  }
  if (!row) return std::optional<std::size_t>();
  IEUM_TRY(const std::size_t index, load(context, row->id, known));
  return std::optional<std::size_t>(index);
}

void learn_traits(Person& person, const host::HubEvent& event, const std::set<IdentityKey>& shared) {
  static constexpr std::array kTraits{"first_name", "last_name", "name", "locale"};
  Map traits = traits_of(person.customer);
  const auto learn = [&](const std::string& name, Value value) {
    if (value.is_null() || (value.if_string() != nullptr && value.if_string()->empty())) return;
    const auto* old = traits.find(name);
    if (old == nullptr ? traits.size() >= kTraitsMax : old->number("at_ms") > event.at_ms) return;
    const auto* before = old == nullptr ? nullptr : old->get("value");
    if (before != nullptr && *before == value) return;
    traits.set(name, Map{{"value", std::move(value)}, {"source", event.connector}, {"at_ms", event.at_ms}});
    person.traits_changed = true;
  };
  for (const auto* name : kTraits)
    if (const auto* value = event.standard.get(name)) learn(name, *value);
  if (!shared.empty())
    for (const auto& key : normalised(event.identities))
      if (shared.contains(key)) learn(key.first, key.second);
  if (const Map* told = event.traits.if_map()) {
    for (const auto& [key, value] : *told) {
      const std::string* name = key.if_string();
      if (name == nullptr || name->size() > kTraitNameBytes || is_kept_elsewhere(*name)) continue;
      if (*name == "email" || *name == "phone") {
        const auto text = value.if_string() == nullptr ? std::nullopt : audience::normalise(*name, *value.if_string());
        if (text) learn(*name, *text);
      } else if (write_json(value).size() <= kTraitBytes) {
        learn(*name, value);
      }
    }
  }
  if (person.traits_changed) person.customer.traits = write_json(traits);
}

Map traits_in(const std::string& stored) {
  const auto read = parse_json(stored.empty() ? "{}" : stored);
  const auto* map = read.has_value() ? read->if_map() : nullptr;
  return map == nullptr ? Map() : *map;
}

std::vector<audience::Said> words_of(const std::vector<store::ConsentRow>& rows) {
  std::vector<audience::Said> said;
  for (const auto& row : rows) {
    const auto word = row.word == "granted"     ? audience::Word::granted
                      : row.word == "confirmed" ? audience::Word::confirmed
                                                : audience::Word::refused;
    said.push_back({row.id, row.purpose, row.channel, word, row.at_ms});
  }
  return said;
}

void learn_consents(const Person& person, const host::HubEvent& event, Id event_id, Millis received_ms,
                    std::vector<audience::Said>& known, std::vector<store::Write>& writes) {
  for (const auto& told : event.consents) {
    const std::string channel(audience::channel_named(told.channel));
    const auto word = audience::news(known, told.purpose, channel, told.word, event.at_ms);
    if (!word) continue;
    known.push_back({0, told.purpose, channel, *word, event.at_ms});
    store::ConsentRow row;
    row.customer = person.customer.id;
    row.purpose = told.purpose;
    row.channel = channel;
    row.word = *word == audience::Word::granted ? "granted" : "refused";
    row.at_ms = event.at_ms;
    row.received_ms = received_ms;
    row.source = event.connector;
    row.evidence = write_json(Map{{"event", event.topic}, {"key", event.key}, {"told", told.word}});
    row.event = event_id;
    writes.emplace_back(store::AddConsent{std::move(row)});
  }
}

void write_person(const Person& person, std::vector<store::Write>& writes) {
  if (person.same_as != 0) return;
  if (person.is_new) {
    writes.emplace_back(store::AddCustomer{person.customer});
  } else {
    writes.emplace_back(store::TouchCustomer{person.customer.id, person.customer.rev});
    if (person.traits_changed) writes.emplace_back(store::SetTraits{person.customer.id, person.customer.traits});
  }
  for (const auto& identity : person.added) writes.emplace_back(store::AddIdentity{identity});
}

}  // namespace ieum::runtime
