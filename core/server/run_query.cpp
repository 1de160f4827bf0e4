#include "server/run_query.hpp"

#include <algorithm>
#include <charconv>

#include "server/run_view.hpp"
#include "store/search_grams.hpp"

namespace ieum::server {
namespace {

constexpr std::size_t kTermsMax = 20;
constexpr std::size_t kLineBytes = 200;

const std::set<std::string, std::less<>> kFilters = {"recipe",  "state",  "connection", "customer", "event",
                                                     "problem", "reason", "held",       "replay_of"};

Result<Id> number_of(const QueryTerm& term) {
  Id number = 0;
  const auto* end = term.value.data() + term.value.size();
  const auto [stopped, failed] = std::from_chars(term.value.data(), end, number);
  if (failed != std::errc() || stopped != end || number < 1)
    return Error("bad_query", "\"" + term.name + ":\" wants a number, not \"" + term.value + "\"",
                 "write " + term.name + ":42");
  return number;
}

}  // namespace

std::vector<QueryTerm> read_query(std::string_view query, const std::set<std::string>& fields) {
  std::vector<QueryTerm> terms;
  for (std::size_t at = 0; at < query.size() && terms.size() < kTermsMax;) {
    if (query[at] == ' ' || query[at] == '\t' || query[at] == '\n') {
      ++at;
      continue;
    }
    // One word; a quoted part of it may hold blanks.
    std::string word;
    std::size_t colon = std::string::npos;
    bool quoted = false;
    for (; at < query.size() && (quoted || (query[at] != ' ' && query[at] != '\t' && query[at] != '\n')); ++at) {
      if (query[at] == '"') {
        quoted = !quoted;
        continue;
      }
      if (query[at] == ':' && !quoted && colon == std::string::npos) colon = word.size();
      word += query[at];
    }
    QueryTerm term;
    if (colon != std::string::npos && colon > 0 && colon + 1 < word.size()) {
      const std::string name = word.substr(0, colon);
      if (kFilters.contains(name) || fields.contains(name)) {
        term.kind = kFilters.contains(name) ? QueryTerm::Kind::filter : QueryTerm::Kind::field;
        term.name = name;
        word.erase(0, colon + 1);
      }
    }
    if (word.empty()) continue;
    term.value = std::move(word);
    terms.push_back(std::move(term));
  }
  return terms;
}

Status apply_terms(const std::vector<QueryTerm>& terms, store::Reader& reader, store::RunFilter& filter) {
  for (const auto& term : terms) {
    if (term.kind == QueryTerm::Kind::text) {
      filter.texts.push_back(term.value);
    } else if (term.kind == QueryTerm::Kind::field) {
      filter.fields.emplace_back(term.name, store::search_fold(term.value));
    } else if (term.name == "recipe") {
      IEUM_TRY(const auto recipes, reader.recipes());
      const auto found =
          std::find_if(recipes.begin(), recipes.end(), [&](const auto& row) { return row.name == term.value; });
      if (found == recipes.end())
        return Error("unknown_recipe", "there is no recipe \"" + term.value + "\"", "see: ieum recipe list");
      filter.recipe = found->id;
    } else if (term.name == "connection") {
      IEUM_TRY(const auto connections, reader.connections());
      const auto found =
          std::find_if(connections.begin(), connections.end(), [&](const auto& row) { return row.name == term.value; });
      if (found == connections.end())
        return Error("unknown_connection", "there is no connection \"" + term.value + "\"",
                     "see: ieum connection list");
      filter.connection = found->id;
    } else if (term.name == "state") {
      filter.state = run_state(term.value);
      if (!filter.state)
        return Error("bad_query", "\"" + term.value + "\" is no state of a run",
                     "known are: acting, waiting, in_doubt, finished, exited, stopped, failed, cancelled");
    } else if (term.name == "reason") {
      filter.reason = term.value;
    } else if (term.name == "held") {
      if (term.value != "yes") return Error("bad_query", "\"held:\" takes yes only", "write held:yes, or leave it out");
      filter.held = true;
    } else {
      IEUM_TRY(const Id number, number_of(term));
      (term.name == "customer"  ? filter.customer
       : term.name == "event"   ? filter.trigger_event
       : term.name == "problem" ? filter.problem
                                : filter.replay_of) = number;
    }
  }
  return {};
}

Value terms_view(const std::vector<QueryTerm>& terms) {
  List list;
  for (const auto& term : terms) {
    Map view{{"kind", term.kind == QueryTerm::Kind::text    ? "text"
                      : term.kind == QueryTerm::Kind::field ? "field"
                                                            : "filter"}};
    if (!term.name.empty()) view.set("name", term.name);
    view.set("value", term.value);
    list.push_back(std::move(view));
  }
  return list;
}

std::string found_line(const std::string& text, const std::vector<QueryTerm>& terms) {
  for (std::size_t from = 0; from < text.size();) {
    const auto end = std::min(text.find('\n', from), text.size());
    std::string line = text.substr(from, end - from);
    from = end + 1;
    const std::string folded = store::search_fold(line);
    const bool here = std::any_of(terms.begin(), terms.end(), [&](const QueryTerm& term) {
      return term.kind == QueryTerm::Kind::text && folded.find(store::search_fold(term.value)) != std::string::npos;
    });
    if (!here) continue;
    if (line.size() <= kLineBytes) return line;
    std::size_t cut = kLineBytes;
    while (cut > 0 && (static_cast<unsigned char>(line[cut]) & 0xC0) == 0x80) --cut;
    return line.substr(0, cut) + "…";
  }
  return {};
}

}  // namespace ieum::server
