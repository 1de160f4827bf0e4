#include "watch.hpp"

#include <algorithm>
#include <map>
#include <optional>

namespace sheets {

namespace {

constexpr std::string_view kDigits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
constexpr std::size_t kWidth = 6;
constexpr std::size_t kMassMax = 1000;

using Indexes = std::vector<std::size_t>;

// Of rows that nobody knows, those above the remembered ones are as many old rows as are not remembered.
void drop_unremembered(std::vector<Change>& changes, std::size_t unremembered, std::size_t first_known) {
  if (unremembered == 0) return;
  std::size_t above = 0;
  for (const Change& change : changes) above += change.added && change.row < first_known ? 1 : 0;
  std::size_t taken = std::min(above, unremembered);
  std::erase_if(changes, [&](const Change& change) {
    if (!change.added || change.row >= first_known || taken == 0) return false;
    --taken;
    return true;
  });
}

std::vector<Change> last_rows(std::size_t before, std::size_t now) {
  std::vector<Change> out;
  for (std::size_t row = before; row < now; ++row) out.push_back({row, true, {}});
  return out;
}

// Pairs equal rows, as many times as both sides have them; `match[i]` is the row before of row i now.
class Pairing {
 public:
  Pairing(const std::vector<Mark>& before, const std::vector<Mark>& now) : before_(before), now_(now) {
    match_.resize(now.size());
    taken_.resize(before.size());
    std::map<std::pair<std::uint64_t, std::uint64_t>, Indexes> known;
    for (std::size_t i = before.size(); i-- > 0;) known[{before[i].print, before[i].identity}].push_back(i);
    for (std::size_t i = 0; i < now.size(); ++i) {
      const auto found = known.find({now[i].print, now[i].identity});
      if (found == known.end() || found->second.empty()) continue;
      match_[i] = found->second.back();
      taken_[found->second.back()] = true;
      found->second.pop_back();
    }
  }

  void pair(std::size_t row, std::size_t old) {
    match_[row] = old;
    taken_[old] = true;
  }
  [[nodiscard]] const std::optional<std::size_t>& of(std::size_t row) const { return match_[row]; }
  [[nodiscard]] bool taken(std::size_t old) const { return taken_[old]; }

  // True when nothing was moved: the pairs stand in the same order.
  [[nodiscard]] bool in_order() const {
    std::optional<std::size_t> last;
    for (const auto& old : match_) {
      if (old && last && *old < *last) return false;
      if (old) last = old;
    }
    return true;
  }

  // The first cell is there once before and once now: that is the row, edited.
  void pair_by_unique_identity() {
    std::map<std::uint64_t, std::pair<Indexes, Indexes>> by;
    for (std::size_t i = 0; i < before_.size(); ++i) by[before_[i].identity].first.push_back(i);
    for (std::size_t i = 0; i < now_.size(); ++i) by[now_[i].identity].second.push_back(i);
    for (const auto& [identity, rows] : by) {
      if (identity == 0 || rows.first.size() != 1 || rows.second.size() != 1) continue;
      if (!match_[rows.second[0]] && !taken_[rows.first[0]]) pair(rows.second[0], rows.first[0]);
    }
  }

  // Between the same two known rows, with the same first cell: that is the row, edited.
  void pair_by_place() {
    if (!in_order()) return;
    std::size_t old = 0;
    for (std::size_t row = 0; row < now_.size(); ++row) {
      if (match_[row]) {
        old = *match_[row] + 1;
        continue;
      }
      for (std::size_t at = old; at < before_.size() && !taken_[at]; ++at) {
        if (before_[at].identity != now_[row].identity) continue;
        pair(row, at);
        old = at + 1;
        break;
      }
    }
  }

 private:
  const std::vector<Mark>& before_;
  const std::vector<Mark>& now_;
  std::vector<std::optional<std::size_t>> match_;
  std::vector<bool> taken_;
};

std::vector<Change> compare_keyed(const Memory& before, const std::vector<Mark>& now, bool reshaped) {
  // Rows of one key: equal ones first, then the others in their order.
  std::map<std::uint64_t, Indexes> known;
  for (std::size_t i = 0; i < before.marks.size(); ++i) known[before.marks[i].identity].push_back(i);
  std::vector<std::optional<std::size_t>> match(now.size());
  std::size_t first_known = now.size();
  for (const bool equal : {true, false}) {
    for (std::size_t row = 0; row < now.size(); ++row) {
      const auto found = known.find(now[row].identity);
      if (match[row] || found == known.end()) continue;
      Indexes& old = found->second;
      const auto at = equal ? std::find_if(old.begin(), old.end(),
                                           [&](std::size_t i) { return before.marks[i].print == now[row].print; })
                            : old.begin();
      if (at == old.end()) continue;
      match[row] = *at;
      old.erase(at);
      first_known = std::min(first_known, row);
    }
  }
  std::vector<Change> out;
  for (std::size_t row = 0; row < now.size(); ++row) {
    if (!match[row]) {
      out.push_back({row, true, {}});
    } else if (const Mark& old = before.marks[*match[row]]; !reshaped && old.print != now[row].print) {
      out.push_back({row, false, old});
    }
  }
  drop_unremembered(out, before.total - before.marks.size(), first_known);
  return out;
}

}  // namespace

std::vector<Change> compare(const Memory& before, const std::vector<Mark>& now, bool keyed, bool reshaped) {
  if (keyed) return compare_keyed(before, now, reshaped);
  if (reshaped) return last_rows(before.total, now.size());
  Pairing pairing(before.marks, now);
  pairing.pair_by_unique_identity();
  pairing.pair_by_place();
  std::vector<Change> out;
  std::size_t first_known = now.size();
  for (std::size_t row = 0; row < now.size(); ++row) {
    const auto& old = pairing.of(row);
    if (old) first_known = std::min(first_known, row);
    if (!old)
      out.push_back({row, true, {}});
    else if (before.marks[*old].print != now[row].print)
      out.push_back({row, false, before.marks[*old]});
  }
  const std::size_t unremembered = before.total - before.marks.size();
  // A sort of a large sheet throws rows that nobody remembers among the others: then only their number counts.
  const auto below = static_cast<std::size_t>(std::count_if(
      out.begin(), out.end(), [&](const Change& change) { return change.added && change.row > first_known; }));
  const bool mixed = unremembered > 0 && (!pairing.in_order() || below > kMassMax);
  drop_unremembered(out, unremembered, mixed ? now.size() : first_known);
  return out;
}

std::string pack(std::uint64_t print) {
  std::string out;
  for (std::size_t i = 0; i < kWidth; ++i, print >>= 6) out += kDigits[print & 63];
  return out;
}

std::string pack(const std::vector<Mark>& marks) {
  std::string out;
  for (const Mark& mark : marks) out += pack(mark.identity) + pack(mark.print);
  return out;
}

std::vector<Mark> unpack(std::string_view text) {
  const auto read = [&](std::size_t at) {
    std::uint64_t print = 0;
    for (std::size_t i = kWidth; i-- > 0;) print = (print << 6) | (kDigits.find(text[at + i]) & 63);
    return print;
  };
  std::vector<Mark> marks;
  if (text.size() % (2 * kWidth) != 0) return marks;
  for (std::size_t at = 0; at < text.size(); at += 2 * kWidth) marks.push_back({read(at), read(at + kWidth)});
  return marks;
}

}  // namespace sheets
