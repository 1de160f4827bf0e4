// The links of an HTML message. A reader of start tags, not of documents: whatever a mail program makes of the rest, a link is where
// each of them sees one.
#include <utility>

#include "audience/html.hpp"
#include "audience/tracking.hpp"
#include "base/encoding.hpp"

namespace ieum::audience {
namespace {

bool is_space(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f'; }

struct Attribute {
  std::string name;          // lower case
  std::string_view value;    // without its quotes
  std::size_t from = 0;      // of the name
  std::size_t until = 0;     // behind the value and its quotes
  std::size_t value_at = 0;  // of the value with its quotes; 0: it has none
};

// Attributes from `at` on, and where the tag ends: at its '>'.
std::vector<Attribute> attributes(std::string_view html, std::size_t& at) {
  std::vector<Attribute> found;
  const auto skip = [&] {
    while (at < html.size() && is_space(html[at])) ++at;
  };
  for (;;) {
    while (at < html.size() && (is_space(html[at]) || html[at] == '/')) ++at;
    if (at >= html.size() || html[at] == '>') return found;
    Attribute one;
    one.from = at;
    while (at < html.size() && !is_space(html[at]) && html[at] != '=' && html[at] != '>' && html[at] != '/') ++at;
    if (at == one.from) {  // a stray '='
      ++at;
      continue;
    }
    one.name = to_lower_ascii(html.substr(one.from, at - one.from));
    one.until = at;
    skip();
    if (at < html.size() && html[at] == '=') {
      ++at;
      skip();
      one.value_at = at;
      const char quote = at < html.size() && (html[at] == '"' || html[at] == '\'') ? html[at] : '\0';
      if (quote != '\0') {
        const auto end = html.find(quote, at + 1);
        if (end == std::string_view::npos) {  // never closed: there is no tag
          at = html.size();
          return {};
        }
        one.value = html.substr(at + 1, end - at - 1);
        at = end + 1;
      } else {
        while (at < html.size() && !is_space(html[at]) && html[at] != '>') ++at;
        one.value = html.substr(one.value_at, at - one.value_at);
      }
      one.until = at;
    }
    found.push_back(std::move(one));
  }
}

// Where what is not markup ends: behind a comment, or behind the text of a script or style.
std::size_t behind(std::string_view html, std::size_t at, std::string_view end) {
  const std::string lower = to_lower_ascii(html.substr(at));
  const auto found = lower.find(end);
  return found == std::string::npos ? html.size() : at + found + end.size();
}

}  // namespace

std::string with_links(std::string_view html, const AddressOf& address) {
  std::string out;
  std::size_t kept = 0;  // copied up to here
  for (std::size_t at = html.find('<'); at != std::string_view::npos; at = html.find('<', at)) {
    if (html.substr(at).starts_with("<!--")) {
      at = behind(html, at + 4, "-->");
      continue;
    }
    std::size_t end = at + 1;
    while (end < html.size() && !is_space(html[end]) && html[end] != '>' && html[end] != '/') ++end;
    const std::string tag = to_lower_ascii(html.substr(at + 1, end - at - 1));
    if (tag.empty() || tag[0] < 'a' || tag[0] > 'z') {
      ++at;
      continue;
    }
    at = end;
    const auto all = attributes(html, at);
    if (tag == "script" || tag == "style") at = behind(html, at, "</" + tag);
    if (tag != "a" && tag != "area") continue;
    Link link;
    const Attribute* to = nullptr;
    for (const auto& one : all) {
      if (one.name == "href" && to == nullptr) to = &one;
      if (one.name == "data-link") link.name = html_unescaped(one.value);
    }
    if (to == nullptr) continue;
    link.target = std::string(trim(html_unescaped(to->value)));
    const std::string replaced = is_web_address(link.target) ? address(link) : std::string();
    for (const auto& one : all) {
      if (&one == to && !replaced.empty()) {
        out += std::string(html.substr(kept, one.value_at - kept)) + "\"" + html_escape(replaced) + "\"";
        kept = one.until;
      } else if (one.name == "data-link") {
        std::size_t from = one.from;
        while (from > kept && is_space(html[from - 1])) --from;
        out += html.substr(kept, from - kept);
        kept = one.until;
      }
    }
  }
  return out + std::string(html.substr(kept));
}

}  // namespace ieum::audience
