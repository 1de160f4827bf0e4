// Search grams: text as the search index keeps it and asks for it, pairs of neighbouring code points. So a piece of a Korean
// word is found as well as a whole one, and no dictionary decides what a word is. Pure.
#pragma once
#include <string>
#include <string_view>

namespace ieum::store {

// Text as it is compared: ASCII and Latin letters small, Hangul that was written in parts put together.
std::string search_fold(std::string_view text);
// Tokens for the index, separated by blanks: every pair within a word, and the last letter of each word alone.
std::string search_grams(std::string_view text);
// An FTS5 expression that every text which has all letters of `text` next to each other meets, and few others do; "" when there is
// no letter in it.
std::string search_match(std::string_view text);

}  // namespace ieum::store
