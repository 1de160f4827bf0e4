#include "recipe/edit_layout.hpp"

#include <algorithm>

namespace ieum::recipe {

namespace {

std::size_t indentation(std::string_view text, std::size_t line) {
  return std::min(text.find_first_not_of(' ', line), text.size()) - line;
}

bool is_comment(std::string_view text, std::size_t line) {
  const std::size_t at = line + indentation(text, line);
  return at < text.size() && text[at] == '#';
}

bool is_blank(std::string_view text, std::size_t line) {
  const std::size_t at = std::min(text.find_first_not_of(" \t", line), text.size());
  return at == line_end(text, line);
}

std::size_t previous_line(std::string_view text, std::size_t line) {
  std::size_t at = line;
  if (at > 0 && text[at - 1] == '\n') --at;
  if (at > 0 && text[at - 1] == '\r') --at;
  if (at == line && at > 0) --at;
  return line_begin(text, at);
}

bool has_comment(std::string_view gap) { return gap.find('#') != std::string_view::npos; }
bool has_break(std::string_view gap) { return gap.find_first_of("\r\n") != std::string_view::npos; }

// Adds or takes spaces at the beginning of a line; a line with fewer loses what it has.
std::string shifted(std::string_view line, std::size_t from, std::size_t to) {
  const std::size_t spaces = indentation(line, 0);
  if (spaces == line.size() || is_break(line[spaces]))
    if (spaces <= from) return std::string(line);  // blank: only what is more than indentation may mean something
  if (to >= from) return std::string(to - from, ' ') + std::string(line);
  return std::string(line.substr(std::min(spaces, from - to)));
}

}  // namespace

bool is_break(char c) { return c == '\n' || c == '\r'; }

std::size_t line_begin(std::string_view text, std::size_t at) {
  while (at > 0 && !is_break(text[at - 1])) --at;
  return at;
}

std::size_t line_end(std::string_view text, std::size_t at) {
  return std::min(text.find_first_of("\r\n", at), text.size());
}

std::size_t next_line(std::string_view text, std::size_t at) {
  const std::size_t end = line_end(text, at);
  if (end == text.size()) return end;
  return end + (text.substr(end).starts_with("\r\n") ? 2 : 1);
}

bool in_brackets(std::string_view text, const Node& node) {
  return node.begin < text.size() && (text[node.begin] == '[' || text[node.begin] == '{');
}

std::size_t content_end(std::string_view text, const Node& node) {
  if (node.kind == Node::Kind::scalar && (node.style == Style::literal || node.style == Style::folded)) {
    std::size_t end = std::min(node.end, text.size());
    const std::string_view header = text.substr(node.begin, line_end(text, node.begin) - node.begin);
    if (header.substr(0, header.find('#')).find('+') != std::string_view::npos)  // keeps the blank lines below it
      return end > node.begin && is_break(text[end - 1]) ? line_end(text, previous_line(text, end)) : end;
    while (end > node.begin && (is_break(text[end - 1]) || text[end - 1] == ' ')) --end;
    return end;
  }
  if (node.kind == Node::Kind::scalar || node.kind == Node::Kind::refused || in_brackets(text, node)) return node.end;
  std::size_t end = node.begin;
  for (const Node& item : node.items) end = std::max(end, content_end(text, item));
  for (const Member& member : node.members) end = std::max({end, member.key.end, content_end(text, member.value)});
  return end;
}

std::optional<std::vector<Extent>> item_extents(std::string_view text, const Node& list) {
  if (list.kind != Node::Kind::list || list.begin >= text.size() || text[list.begin] != '-') return {};
  const std::size_t column = column_of(text, list.begin);
  std::vector<Extent> extents;
  std::size_t from = 0;  // where the item before ends
  for (const Node& item : list.items) {
    Extent extent;
    if (extents.empty()) {
      extent.dash = list.begin;
    } else {
      std::size_t line = from;
      while (line < text.size() && (is_blank(text, line) || is_comment(text, line))) line = next_line(text, line);
      extent.dash = line + column;
    }
    const std::size_t line = line_begin(text, std::min(extent.dash, text.size()));
    if (extent.dash >= text.size() || text[extent.dash] != '-' || indentation(text, line) != column) return {};
    extent.begin = line;
    while (extent.begin > from) {
      const std::size_t above = previous_line(text, extent.begin);
      if (above < from || !is_comment(text, above) || indentation(text, above) != column) break;
      extent.begin = above;
    }
    extent.end = next_line(text, std::max(content_end(text, item), extent.dash));
    while (extent.end < text.size() && is_comment(text, extent.end) && indentation(text, extent.end) > column)
      extent.end = next_line(text, extent.end);
    from = extent.end;
    extents.push_back(extent);
  }
  return extents;
}

std::size_t skip_blank_lines(std::string_view text, std::size_t at) {
  while (at < text.size() && is_blank(text, at)) at = next_line(text, at);
  return at;
}

std::size_t back_over_blank_lines(std::string_view text, std::size_t at, std::size_t lowest) {
  while (at > lowest) {
    const std::size_t above = previous_line(text, at);
    if (above < lowest || !is_blank(text, above)) break;
    at = above;
  }
  return at;
}

std::string as_block_item(std::string_view step, const Node& root, std::size_t column) {
  const bool has_dash = root.kind == Node::Kind::list;
  const std::size_t first = line_begin(step, root.begin);
  const std::size_t from = root.begin - first;
  std::string made;
  for (std::size_t line = 0; line < step.size(); line = next_line(step, line)) {
    const std::string_view bytes = step.substr(line, next_line(step, line) - line);
    if (has_dash || line < first)
      made += shifted(bytes, from, column);
    else if (line == first)
      made += std::string(column, ' ') + "- " + std::string(bytes.substr(from));
    else
      made += shifted(bytes, from, column + 2);
  }
  return made;
}

std::string hung_at(std::string_view step, std::size_t column) {
  const std::size_t last = line_begin(step, step.size());
  if (last == 0) return std::string(step);
  const std::size_t from = indentation(step, last);
  std::string made(step.substr(0, next_line(step, 0)));
  for (std::size_t line = next_line(step, 0); line < step.size(); line = next_line(step, line))
    made += shifted(step.substr(line, next_line(step, line) - line), from, column);
  return made;
}

std::string_view break_of(std::string_view text) {
  const std::size_t end = line_end(text, 0);
  return end == text.size() ? "\n" : text.substr(end, next_line(text, 0) - end);
}

std::string with_breaks_of(std::string_view text, std::string step) {
  const auto count = [](std::string_view where, std::string_view what) {
    std::size_t found = 0;
    for (std::size_t at = where.find(what); at != where.npos; at = where.find(what, at + what.size())) ++found;
    return found;
  };
  const std::size_t crlf = count(text, "\r\n"), lf = count(text, "\n");
  const std::size_t step_crlf = count(step, "\r\n"), step_lf = count(step, "\n");
  const bool to_crlf = lf > 0 && crlf == lf && step_crlf == 0 && step_lf > 0;
  const bool to_lf = lf > 0 && crlf == 0 && step_crlf == step_lf && step_lf > 0;
  if (!to_crlf && !to_lf) return step;
  std::string made;
  for (const char c : step) {
    if (c == '\n' && to_crlf) made += '\r';
    if (c != '\r' || !to_lf) made += c;
  }
  return made;
}

std::size_t comma_behind(std::string_view text, std::size_t at) {
  while (at < text.size()) {
    if (text[at] == ',') return at;
    if (text[at] == '#')
      at = line_end(text, at);
    else if (is_break(text[at]) || text[at] == ' ' || text[at] == '\t')
      ++at;
    else
      break;
  }
  return std::string_view::npos;
}

std::string separator_of(std::string_view text, const Member& holder) {
  const Node& list = holder.value;
  const auto between = [&](std::size_t begin, std::size_t end) { return std::string(text.substr(begin, end - begin)); };
  if (list.items.size() > 1) {
    std::string gap = between(list.items[0].end, list.items[1].begin);
    return has_comment(gap) ? ", " : gap;
  }
  if (list.items.empty()) return ", ";
  const std::string lead = between(list.begin + 1, list.items[0].begin);
  if (has_break(lead) && !has_comment(lead)) return "," + lead;
  if (const auto& members = list.items[0].members; members.size() > 1) {
    std::string gap = between(content_end(text, members[0].value), members[1].key.begin);
    if (!has_break(gap) && !has_comment(gap)) return gap;
  }
  return holder.key.begin > 0 && text[holder.key.begin - 1] == ',' ? "," : ", ";
}

}  // namespace ieum::recipe
