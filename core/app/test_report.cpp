#include "app/test_report.hpp"

#include <algorithm>

#include "base/json.hpp"
#include "base/time_text.hpp"

namespace ieum::app {
namespace {

constexpr std::size_t kColumn = 60;  // cells of one timeline

std::string civil(Millis at_ms, const Zone* zone) {
  std::string text = rfc3339_offset(at_ms, zone == nullptr ? 0 : zone->offset_at(at_ms)).substr(5, 14);
  text[5] = ' ';
  return text;
}

std::string relative(Millis after_for) {
  if (after_for < 0) return "-" + duration_text(-after_for);
  return after_for == 0 ? "0" : duration_text(after_for);
}

// At most so many cells, cut at a character; filled up with blanks.
std::string fitted(const std::string& text, std::size_t width) {
  std::string out;
  std::size_t taken = 0;
  for (std::size_t at = 0; at < text.size();) {
    std::size_t next = at + 1;
    while (next < text.size() && (static_cast<unsigned char>(text[next]) & 0xC0) == 0x80) ++next;
    const std::size_t more = cells(std::string_view(text).substr(at, next - at));
    const bool last = next == text.size();
    if (taken + more > width || (taken + more == width && !last)) {
      out += "…";
      ++taken;
      break;
    }
    out.append(text, at, next - at);
    taken += more;
    at = next;
  }
  out.append(width - std::min(width, taken), ' ');
  return out;
}

struct Line {
  Millis at_ms = 0;
  std::string left, right;  // without marks
  char left_mark = ' ', right_mark = ' ';
  bool is_event = false;
  std::string below;
};

std::string time_cell(Millis at_ms, Millis start_ms, const Zone* zone) {
  return fitted(relative(at_ms - start_ms), 8) + " " + civil(at_ms, zone) + "  ";
}

std::string cell(const recipe::ExpectedSend& expected, Millis start_ms, const Zone* zone) {
  std::string text = time_cell(expected.when.instant(start_ms), start_ms, zone);
  text += expected.step.empty() ? expected.use : expected.step;
  if (!expected.step.empty() && !expected.use.empty()) text += " " + expected.use;
  if (expected.to) text += " → " + *expected.to;
  return printable(text);
}

std::string cell(const trial::Sent& sent, const recipe::ExpectedSend* like, Millis start_ms, const Zone* zone) {
  std::string text = time_cell(sent.at_ms, start_ms, zone) + sent.step;
  if (like == nullptr || !like->use.empty()) text += " " + sent.use;
  if (!sent.to.empty() && (like == nullptr || like->to)) text += " → " + sent.to;
  return printable(text);
}

// Expected and actual value of what `with` names and what differs.
void differing(const Value& part, const Value& whole, const std::string& path, std::string& out) {
  if (part.is_map() && whole.is_map()) {
    for (const auto& [key, value] : *part.if_map()) {
      const std::string name = key.if_string() == nullptr ? "?" : *key.if_string();
      const Value* found = whole.get(name);
      differing(value, found == nullptr ? Value() : *found, path.empty() ? name : path + "." + name, out);
    }
    return;
  }
  if (write_canonical_json(part) == write_canonical_json(whole)) return;
  out += (out.empty() ? "" : "; ") + path + ": expected " + write_json(part) + ", it is " + write_json(whole);
}

Value sent_value(const trial::Sent& sent) {
  return Map{{"at", rfc3339_utc(sent.at_ms)}, {"use", sent.use},        {"step", sent.step}, {"to", sent.to},
             {"inputs", sent.inputs},         {"request", sent.request}};
}

}  // namespace

std::string failure_report(const Terminal& terminal, const recipe::TestCase& test, const trial::Played& played,
                           const trial::Verdict& verdict, const Zone* zone) {
  static_cast<void>(test);
  std::vector<Line> lines;
  for (const auto& event : played.events) {
    Line line;
    line.at_ms = event.at_ms;
    line.left = line.right = time_cell(event.at_ms, played.start_ms, zone) + "← " + printable(event.name);
    line.is_event = true;
    lines.push_back(std::move(line));
  }
  for (const auto& row : verdict.timeline) {
    Line line;
    if (row.expected != nullptr) {
      line.at_ms = row.expected->when.instant(played.start_ms);
      line.left = cell(*row.expected, played.start_ms, zone);
      if (!row.fits) line.left_mark = '-';
    }
    if (row.actual != nullptr) {
      if (row.expected == nullptr) line.at_ms = row.actual->at_ms;
      line.right = cell(*row.actual, row.expected, played.start_ms, zone);
      if (!row.fits) line.right_mark = '+';
    }
    if (!row.fits && row.expected != nullptr && row.actual != nullptr) {
      line.below = row.difference + " differs";
      std::string which;
      if (row.difference == "`with`") differing(row.expected->with, row.actual->inputs, "", which);
      if (!which.empty()) line.below = "`with` differs: " + which;
    }
    lines.push_back(std::move(line));
  }
  std::stable_sort(lines.begin(), lines.end(), [](const Line& a, const Line& b) { return a.at_ms < b.at_ms; });

  std::size_t width = cells("expected") + 2;
  for (const auto& line : lines) width = std::max(width, cells(line.left) + 2);
  width = std::min(width, kColumn);
  std::string out = "      " + terminal.paint(Colour::dim, fitted("  expected", width) + " |   actual") + "\n";
  for (const auto& line : lines) {
    const std::string left = fitted(std::string(1, line.left_mark) + " " + line.left, width);
    const std::string right = std::string(1, line.right_mark) + " " + line.right;
    out += "      " + terminal.paint(line.is_event           ? Colour::dim
                                     : line.left_mark == '-' ? Colour::red
                                                             : Colour::plain,
                                     left);
    out += " | ";
    out += terminal.paint(line.is_event ? Colour::dim : line.right_mark == '+' ? Colour::green : Colour::plain, right);
    while (!out.empty() && out.back() == ' ') out.pop_back();
    out += "\n";
    if (!line.below.empty()) out += "        " + terminal.paint(Colour::yellow, printable(line.below)) + "\n";
  }
  for (const auto& problem : verdict.problems) out += "      " + terminal.paint(Colour::red, printable(problem)) + "\n";
  for (const auto& error : played.errors) out += "      " + terminal.paint(Colour::dim, printable(error)) + "\n";
  return out;
}

Value failure_value(const recipe::TestCase& test, const trial::Played& played, const trial::Verdict& verdict) {
  List timeline, runs, problems;
  for (const auto& row : verdict.timeline) {
    Map entry{{"fits", row.fits}};
    if (row.expected != nullptr)
      entry.set("expected", Map{{"at", rfc3339_utc(row.expected->when.instant(played.start_ms))},
                                {"use", row.expected->use},
                                {"step", row.expected->step},
                                {"to", row.expected->to ? Value(*row.expected->to) : Value()},
                                {"with", row.expected->with},
                                {"line", row.expected->place.line}});
    if (row.actual != nullptr) entry.set("actual", sent_value(*row.actual));
    if (!row.difference.empty()) entry.set("difference", row.difference);
    timeline.push_back(std::move(entry));
  }
  for (const auto& run : played.runs)
    runs.push_back(Map{{"state", run.state}, {"reason", run.reason}, {"key", run.key}});
  Map steps;
  for (const auto& [step, state] : played.steps) steps.set(step, state);
  for (const auto& problem : verdict.problems) problems.push_back(problem);
  List not_started;
  for (const auto& reason : played.not_started) not_started.push_back(reason);
  return Map{{"name", test.name},
             {"line", test.place.line},
             {"passed", verdict.passed},
             {"timeline", std::move(timeline)},
             {"runs", std::move(runs)},
             {"steps", std::move(steps)},
             {"not_started", std::move(not_started)},
             {"problems", std::move(problems)}};
}

std::string coverage_line(const std::vector<trial::Coverage::Item>& items) {
  std::size_t steps = 0, reached = 0, branches = 0, taken = 0;
  for (const auto& item : items) {
    (item.branch.empty() ? steps : branches) += 1;
    if (item.covered) (item.branch.empty() ? reached : taken) += 1;
  }
  return std::to_string(reached) + " of " + std::to_string(steps) + " steps, " + std::to_string(taken) + " of " +
         std::to_string(branches) + " branches";
}

std::string coverage_table(const Terminal& terminal, const std::vector<trial::Coverage::Item>& items) {
  std::vector<std::vector<std::string>> rows;
  rows.reserve(items.size());
  for (const auto& item : items)
    rows.push_back({"  " + std::to_string(item.line), item.step, item.branch,
                    item.covered ? terminal.paint(Colour::green, "yes") : terminal.paint(Colour::red, "no")});
  return terminal.table({"  LINE", "STEP", "BRANCH", "TESTED"}, rows);
}

Value coverage_value(const std::vector<trial::Coverage::Item>& items) {
  List list;
  for (const auto& item : items)
    list.push_back(Map{{"line", item.line}, {"step", item.step}, {"branch", item.branch}, {"covered", item.covered}});
  return list;
}

}  // namespace ieum::app
