#include "audience/html.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

#include "base/encoding.hpp"

namespace ieum::audience {

namespace {

// "amp", "#38", "#x26"; 0 for what is none of them.
char referred(std::string_view name) {
  static constexpr std::array<std::pair<std::string_view, char>, 5> kNamed{
      {{"amp", '&'}, {"lt", '<'}, {"gt", '>'}, {"quot", '"'}, {"apos", '\''}}};
  for (const auto& [known, c] : kNamed)
    if (name == known) return c;
  if (name.size() < 2 || name[0] != '#') return 0;
  const bool hex = name[1] == 'x' || name[1] == 'X';
  name.remove_prefix(hex ? 2 : 1);
  int number = 0;
  const auto read = std::from_chars(name.data(), name.data() + name.size(), number, hex ? 16 : 10);
  const bool whole = read.ec == std::errc() && read.ptr == name.data() + name.size();
  return whole && number >= 0x20 && number < 0x7F ? static_cast<char>(number) : '\0';
}

}  // namespace

std::string html_unescaped(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto end = text[i] == '&' ? text.find(';', i) : std::string_view::npos;
    const char c = end == std::string_view::npos || end - i > 8 ? '\0' : referred(text.substr(i + 1, end - i - 1));
    out += c == '\0' ? text[i] : c;
    if (c != '\0') i = end;
  }
  return out;
}

std::string at_end_of_body(std::string html, std::string_view part) {
  const std::string lower = to_lower_ascii(html);
  std::size_t end = lower.rfind("</body");
  if (end == std::string::npos) end = lower.rfind("</html");
  html.insert(std::min(end, html.size()), part);
  return html;
}

}  // namespace ieum::audience
