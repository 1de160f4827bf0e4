// Run query: what a person types to find runs, read into a filter. Words and `name:value` terms; all must hold.
// state:failed recipe:cart-rescue connection:shop customer:7 event:9 problem:3 reason:held held:yes, a name that manifests and
// recipes mark `search` (order:1042), "several words", and other words, which stand anywhere in what the run is found by.
// A name that nobody knows is a word. Pure but for the names that it looks up.
#pragma once
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"
#include "base/value.hpp"
#include "store/reader.hpp"

namespace ieum::server {

struct QueryTerm {
  enum class Kind { filter, field, text } kind = Kind::text;
  std::string name;   // "" of a text
  std::string value;  // without its quotes
};

// `fields`: names that are marked `search`. Never fails: what is no term is text.
std::vector<QueryTerm> read_query(std::string_view query, const std::set<std::string>& fields);

// Adds what the terms ask. Errors: "bad_query" (a state that there is not, a customer that is no number), "unknown_recipe",
// "unknown_connection".
Status apply_terms(const std::vector<QueryTerm>& terms, store::Reader& reader, store::RunFilter& filter);

Value terms_view(const std::vector<QueryTerm>& terms);

// The line of `text` in which a word of the query stands, for the list; "" when none does.
std::string found_line(const std::string& text, const std::vector<QueryTerm>& terms);

}  // namespace ieum::server
