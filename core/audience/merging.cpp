#include "audience/merging.hpp"

#include <algorithm>
#include <set>

namespace ieum::audience {
namespace {

int strength(std::string_view kind) {
  if (is_account(kind)) return 0;
  if (kind == "email") return 1;
  if (kind == "phone") return 2;
  return kind == "anonymous" ? 4 : 3;
}

bool same_entry(const Value* one, const Value* other) { return one != nullptr && other != nullptr && *one == *other; }

}  // namespace

bool is_account(std::string_view kind) {
  return kind != "email" && kind != "phone" && kind != "anonymous" && !kind.ends_with("_token");
}

void sort_by_strength(std::vector<IdentityKey>& keys) {
  std::stable_sort(keys.begin(), keys.end(),
                   [](const IdentityKey& a, const IdentityKey& b) { return strength(a.first) < strength(b.first); });
}

bool are_two_people(const std::vector<IdentityKey>& one, const std::vector<IdentityKey>& other) {
  const auto has = [](const std::vector<IdentityKey>& keys, const IdentityKey& wanted) {
    return std::find(keys.begin(), keys.end(), wanted) != keys.end();
  };
  return std::any_of(one.begin(), one.end(), [&](const IdentityKey& mine) {
    if (!is_account(mine.first) || has(other, mine)) return false;
    return std::any_of(other.begin(), other.end(),
                       [&](const IdentityKey& theirs) { return theirs.first == mine.first && !has(one, theirs); });
  });
}

Map merged_traits(const Map& one, const Map& other) {
  Map all = one;
  for (const auto& [key, theirs] : other) {
    const std::string* name = key.if_string();
    if (name == nullptr) continue;
    const auto* mine = one.find(*name);
    if (mine == nullptr || mine->number("at_ms") < theirs.number("at_ms")) all.set(*name, theirs);
  }
  return all;
}

Map split_traits(const Map& merged, const Map& before, const Map& other) {
  Map left;
  for (const auto& [key, entry] : merged) {
    const std::string* name = key.if_string();
    if (name == nullptr) continue;
    const bool theirs = same_entry(&entry, other.find(*name)) && !same_entry(&entry, before.find(*name));
    if (!theirs) {
      left.set(*name, entry);
    } else if (const auto* mine = before.find(*name)) {
      left.set(*name, *mine);
    }
  }
  return left;
}

std::vector<Said> refusals_that_hold(const std::vector<Said>& one, const std::vector<Said>& other) {
  std::vector<Said> both = one, added;
  both.insert(both.end(), other.begin(), other.end());
  std::set<std::pair<std::string, std::string>> asked;
  Millis newest = 0;
  for (const Said& said : both) {
    asked.insert({said.purpose, ""});  // "" sorts before the channels, which then count with it
    asked.insert({said.purpose, said.channel});
    newest = std::max(newest, said.at_ms);
  }
  for (const auto& [purpose, channel] : asked) {
    const auto stands = [&, &purpose = purpose, &channel = channel](const std::vector<Said>& said) {
      return stands_at(said, purpose, channel);
    };
    const bool refused = stands(one) == Word::refused || stands(other) == Word::refused;
    if (!refused || stands(both) == Word::refused) continue;
    added.push_back({0, purpose, channel, Word::refused, newest});
    both.push_back(added.back());
  }
  return added;
}

}  // namespace ieum::audience
