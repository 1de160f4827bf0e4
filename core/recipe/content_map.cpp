#include "recipe/content_map.hpp"

#include <algorithm>
#include <charconv>

namespace ieum::recipe {

namespace {

std::size_t length_at(std::string_view text, std::size_t at) {
  std::size_t length = 1;
  while (at + length < text.size() && (static_cast<unsigned char>(text[at + length]) & 0xC0) == 0x80) ++length;
  return length;
}

// Walks the characters as written, beside the content that they make.
class Walker {
 public:
  Walker(std::string_view raw, Place place) : raw_(raw), place_(place) {}

  [[nodiscard]] Place place() const { return place_; }
  [[nodiscard]] bool done() const { return at_ >= raw_.size(); }
  [[nodiscard]] std::string_view rest() const { return raw_.substr(std::min(at_, raw_.size())); }
  [[nodiscard]] bool at_break() const { return rest().starts_with("\n") || rest().starts_with("\r"); }

  void step() {
    if (done()) return;
    if (at_break()) {
      at_ += rest().starts_with("\r\n") ? 2 : 1;
      place_ = {place_.line + 1, 1};
    } else {
      at_ += length_at(raw_, at_);
      ++place_.column;
    }
  }
  void step(std::size_t count) {
    while (count-- > 0) step();
  }
  void skip_blanks() {
    while (rest().starts_with(" ") || rest().starts_with("\t")) step();
  }
  // Blanks that end in a line break: where a flow scalar is folded.
  [[nodiscard]] bool at_fold() const {
    const std::size_t end = rest().find_first_not_of(" \t");
    return end != std::string_view::npos && (rest()[end] == '\n' || rest()[end] == '\r');
  }
  // Takes the whole fold; how many breaks it had.
  std::size_t fold() {
    std::size_t breaks = 0;
    skip_blanks();
    while (at_break()) {
      step();
      ++breaks;
      skip_blanks();
    }
    return breaks;
  }

 private:
  std::string_view raw_;
  std::size_t at_ = 0;
  Place place_;
};

// Characters of one escape in double quotes.
std::size_t escape_length(std::string_view rest) {
  if (rest.size() < 2) return rest.size();
  switch (rest[1]) {
    case 'x': return 4;
    case 'U': return 10;
    case 'u': {
      const bool high = rest.size() >= 12 && (rest[2] == 'd' || rest[2] == 'D') &&
                        std::string_view("89abAB").find(rest[3]) != std::string_view::npos && rest[6] == '\\';
      return high ? 12 : 6;
    }
    default: return 2;
  }
}

std::vector<Place> flow_places(std::string_view raw, const Node& node) {
  std::vector<Place> places;
  Walker walker(raw, node.place);
  if (node.style != Style::plain) walker.step();
  for (std::size_t i = 0; i < node.text.size();) {
    if (node.style == Style::double_quoted)
      while (walker.rest().starts_with("\\\n") || walker.rest().starts_with("\\\r")) {
        walker.step();
        walker.fold();
      }
    places.push_back(walker.place());
    if (walker.at_fold()) {
      // One break is a space, n breaks are n - 1 line breaks of the content.
      const std::size_t made = std::max<std::size_t>(1, walker.fold()) - 1;
      for (std::size_t extra = 1; extra < made && i + extra < node.text.size(); ++extra)
        places.push_back(places.back());
      i += std::max<std::size_t>(1, made);
      continue;
    }
    const bool escape = node.style == Style::double_quoted && walker.rest().starts_with("\\");
    const bool doubled = node.style == Style::single_quoted && walker.rest().starts_with("''");
    walker.step(escape ? escape_length(walker.rest()) : doubled ? 2 : 1);
    i += length_at(node.text, i);
  }
  places.push_back(walker.place());
  return places;
}

// Each line of the content is the end of a line of the text.
std::vector<Place> literal_places(std::string_view raw, const Node& node) {
  std::vector<Place> places;
  Walker walker(raw, node.place);
  while (!walker.done() && !walker.at_break()) walker.step();
  walker.step();
  for (std::size_t begin = 0; begin < node.text.size();) {
    const std::size_t end = std::min(node.text.find('\n', begin), node.text.size());
    const std::string_view line = std::string_view(node.text).substr(begin, end - begin);
    const std::string_view written = walker.rest().substr(0, walker.rest().find_first_of("\r\n"));
    if (written.size() > line.size() && written.ends_with(line)) walker.step(written.size() - line.size());
    for (std::size_t at = 0; at < line.size(); at += length_at(line, at)) {
      places.push_back(walker.place());
      walker.step();
    }
    places.push_back(walker.place());
    while (!walker.done() && !walker.at_break()) walker.step();
    walker.step();
    begin = end + 1;
  }
  return places;
}

}  // namespace

ContentMap::ContentMap(std::string_view text, const Node& node) : fallback_(node.place), line_starts_{0} {
  const std::string_view raw = text.substr(node.begin, node.end - node.begin);
  if (node.style == Style::literal)
    places_ = literal_places(raw, node);
  else if (node.style != Style::folded)
    places_ = flow_places(raw, node);
  std::size_t count = 0;
  for (std::size_t at = 0; at < node.text.size(); at += length_at(node.text, at)) {
    ++count;
    if (node.text[at] == '\n') line_starts_.push_back(count);
  }
}

Place ContentMap::at(std::size_t line, std::size_t column) const {
  if (line < 1 || column < 1 || line > line_starts_.size()) return fallback_;
  const std::size_t index = line_starts_[line - 1] + column - 1;
  if (places_.empty()) return fallback_;
  return index < places_.size() ? places_[index] : places_.back();
}

Place ContentMap::at(std::string_view place) const {
  place = place.substr(place.rfind(' ') + 1);  // npos + 1 is 0
  std::size_t line = 0, column = 0;
  const char* end = place.data() + place.size();
  const auto first = std::from_chars(place.data(), end, line);
  if (first.ec != std::errc() || first.ptr == end || *first.ptr != ':') return fallback_;
  std::from_chars(first.ptr + 1, end, column);
  return at(line, column);
}

}  // namespace ieum::recipe
