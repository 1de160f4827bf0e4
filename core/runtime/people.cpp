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

void learn_traits(Person& person, const host::HubEvent& event) {
  static constexpr std::array kTraits{"first_name", "last_name", "name", "locale"};
  Map traits;
  if (auto stored = parse_json(person.customer.traits.empty() ? "{}" : person.customer.traits); stored.has_value()) {
    if (const auto* map = stored->if_map()) traits = *map;
  }
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
  if (person.is_new) {
    writes.emplace_back(store::AddCustomer{person.customer});
  } else {
    writes.emplace_back(store::TouchCustomer{person.customer.id, person.customer.rev});
    if (person.traits_changed) writes.emplace_back(store::SetTraits{person.customer.id, person.customer.traits});
  }
  for (const auto& identity : person.added) writes.emplace_back(store::AddIdentity{identity});
}

}  // namespace ieum::runtime
