// Merging: when what is known of two customers is of one person, and what then holds of both. Pure rules over facts; nothing
// here moves anything.
//
// Keys are of unlike strength: who has an account (a user id, a shop's id) was told apart by somebody, an address or a number may
// be shared by a family, and a browser by everybody who sits at it. So two customers who both have an account of one kind are
// two people, whatever else they share, until their owner says otherwise.
#pragma once
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "audience/consent.hpp"
#include "base/value.hpp"

namespace ieum::audience {

using IdentityKey = std::pair<std::string, std::string>;  // kind, normalised value

// Whether a kind names an account: all but email, phone, push_token, anonymous and what ends in "_token".
bool is_account(std::string_view kind);

// The strongest first: accounts, email, phone, tokens, anonymous; those of one strength as they stood.
void sort_by_strength(std::vector<IdentityKey>& keys);

// Whether both have an account of one kind, and not the same.
bool are_two_people(const std::vector<IdentityKey>& one, const std::vector<IdentityKey>& other);

// Traits of both, each as it was told last; of two told at one time the first's. Maps name -> {value, source, at_ms}.
Map merged_traits(const Map& one, const Map& other);
// What `merged` is without what came from `other` alone: `before` is what the one had, and what was learnt since stays.
Map split_traits(const Map& merged, const Map& before, const Map& other);

// What is to be said besides, so that a refusal of either holds for both: words at the time of the newest of theirs. A source
// that tells of a consent given later than that is believed again.
std::vector<Said> refusals_that_hold(const std::vector<Said>& one, const std::vector<Said>& other);

}  // namespace ieum::audience
