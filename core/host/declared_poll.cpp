// One call of a declared poll. Its cursor holds where to go on; the page tokens of a round live in it too, so that each page
// is committed with its items and a crash goes on at the page it had reached.
#include <algorithm>

#include "base/digest.hpp"
#include "base/encoding.hpp"
#include "base/json.hpp"
#include "base/limits.hpp"
#include "host/declarative_connector.hpp"

namespace ieum::host {
namespace {

constexpr std::int64_t kPagesMax = 1'000;       // of one round
constexpr Millis kPageTokenFor = 10 * kMinute;  // an older token may have died: the round begins again
constexpr std::size_t kItemsMax = 10'000;
constexpr std::size_t kKeyMax = 128;

using Kind = DeclaredCursor::Kind;

FailEffect fail(FailKind kind, std::string code, std::string message) {
  return {kind, std::move(code), std::move(message), std::nullopt};
}

Value stamp(Millis at) { return Timestamp{at / kSecond, static_cast<std::int32_t>(at % kSecond * 1'000'000)}; }

// Ids grow: numbers by value, and texts of digits like numbers.
bool id_less(const Value& a, const Value& b) {
  if (a.if_int() != nullptr && b.if_int() != nullptr) return *a.if_int() < *b.if_int();
  const std::string left = expr::text_of(a), right = expr::text_of(b);
  const auto digits = [](const std::string& text) {
    return !text.empty() && text.find_first_not_of("0123456789") == std::string::npos;
  };
  if (digits(left) && digits(right) && left.size() != right.size()) return left.size() < right.size();
  return left < right;
}

struct Round {
  bool first = true;  // nothing is known yet: what is there already is no news
  Value since;        // time: milliseconds; id, token: as the vendor writes it
  Value best;         // the newest seen in this round
  Value page;         // null on the first page
  Millis page_at = 0;
  std::int64_t pages = 0;
  Millis began = 0;  // this round
  Millis start = 0;  // time: nothing before it is asked for

  [[nodiscard]] Value value() const {
    Map out{{"since", since}};
    if (first) out.set("first", true);
    if (!best.is_null()) out.set("best", best);
    if (pages > 0) {
      out.set("page", page);
      out.set("page_at", page_at);
      out.set("pages", pages);
    }
    if (began > 0) out.set("began", began);
    if (start > 0) out.set("start", start);
    return Value(std::move(out));
  }

  static Round of(const Value& state, Millis now_ms) {
    Round out;
    out.began = now_ms;
    if (!state.is_map()) return out;
    const auto member = [&](const char* name) {
      const Value* found = state.get(name);
      return found == nullptr ? Value() : *found;
    };
    out.first = state.flag("first");
    out.since = member("since");
    out.start = state.number("start");
    out.pages = state.number("pages");
    out.page_at = state.number("page_at");
    if (out.pages <= 0 || member("page").is_map() || member("page").is_list()) out.pages = 0;
    if (out.pages == 0) return out;
    out.best = member("best");
    out.page = member("page");
    out.began = state.number("began", now_ms);
    return out;
  }
};

// Times within what a Timestamp holds.
void show(expr::MapScope& scope, const DeclaredCursor& cursor, const Round& round) {
  scope.set("page", round.page);
  if (cursor.kind != Kind::time) {
    scope.set("since", round.since);
    return;
  }
  const std::int64_t* at = round.since.if_int();
  const Millis since = at == nullptr ? 0 : std::max<Millis>(*at - cursor.overlap_for, round.start);
  scope.set("since", stamp(std::clamp<Millis>(since, 0, 253'402'300'799'000)));
}

Effect begin(const Manifest& manifest, const Declared& declared, const DeclaredPoll& poll, const Call& call) {
  Round round = Round::of(call.state, call.now_ms);
  if (!call.state.is_map()) {
    const bool backfill = call.connection.flag("backfill");
    round.first = !backfill;
    if (poll.cursor.kind == Kind::time) {
      round.since = backfill ? Value(std::int64_t{0}) : Value(call.now_ms);
      round.start = backfill ? 0 : call.now_ms;
      if (!backfill) {  // from now on; nothing has to be asked for that
        round.first = false;
        round.began = 0;
        return EventsEffect{{}, round.value(), false};
      }
    }
  }
  if (round.pages > 0 && call.now_ms - round.page_at > kPageTokenFor) {
    round.pages = 0;
    round.page = round.best = Value();
    round.began = call.now_ms;
  }
  expr::MapScope scope = call_scope(manifest, call);
  show(scope, poll.cursor, round);
  return ask(manifest, declared, poll.exchange.request, scope, call.connection, Safety::safe, round.value());
}

// The newest of what was seen before and this item.
void advance(const DeclaredCursor& cursor, const expr::Scope& item, Round& round) {
  if (!cursor.at) return;
  const auto at = value_of(*cursor.at, item);
  if (!at) return;
  if (cursor.kind == Kind::time) {
    const auto when = instant(*at);
    if (!when) return;
    if (round.best.if_int() == nullptr || *round.best.if_int() < *when) round.best = Value(*when);
  } else if (!at->is_list() && !at->is_map() && (round.best.is_null() || id_less(round.best, *at))) {
    round.best = *at;
  }
}

void end_round(const DeclaredCursor& cursor, Round& round) {
  if (cursor.kind == Kind::time && !cursor.at) round.best = Value(round.began);
  const std::int64_t* newest = round.best.if_int();
  const std::int64_t* known = round.since.if_int();
  const bool back = cursor.kind == Kind::time && newest != nullptr && known != nullptr && *newest < *known;
  if (!round.best.is_null() && !back && cursor.kind != Kind::token) round.since = round.best;
  round.best = round.page = Value();
  round.pages = 0;
  round.began = 0;
  round.first = false;
}

// The next page of this round, when there is one.
bool turn_page(const Value& more, Round& round, Millis now_ms) {
  const bool* flag = more.if_bool();
  if (more.is_null() || (flag != nullptr && !*flag) || (more.is_string() && more.if_string()->empty())) return false;
  if (round.pages + 1 >= kPagesMax || (flag == nullptr && round.pages > 0 && more == round.page)) return false;
  round.page = flag != nullptr ? Value(round.pages + 2) : more;
  round.page_at = now_ms;
  ++round.pages;
  return true;
}

Effect answered(const Manifest& manifest, const Declared& declared, const DeclaredPoll& poll, const Call& call) {
  Round round = Round::of(call.state, call.now_ms);
  const auto answer = read_answer(poll.exchange.response, call);
  if (!answer) return fail(FailKind::retry, "no_answer", manifest.title.en + " gave no answer");
  expr::MapScope scope = call_scope(manifest, call);
  show(scope, poll.cursor, round);
  add_answer(scope, *answer);
  if (auto problem = judge_answer(manifest, declared, poll.exchange, *answer, Safety::safe, call, scope))
    return *problem;
  const auto found = value_of(poll.items.items, scope);
  if (found && !found->is_list())
    return fail(FailKind::retry, "unreadable_answer", manifest.title.en + "'s answer has no list where it should");
  EventsEffect out;
  if (found) {
    if (found->if_list()->size() > kItemsMax)
      return fail(FailKind::permanent, "too_many", "the answer has more than 10,000 items; ask for smaller pages");
    for (const Value& item : *found->if_list()) {
      expr::MapScope inner(&scope);
      inner.set("item", item);
      advance(poll.cursor, inner, round);
      if (!round.first) out.items.push_back(make_item(poll.items, poll.event, item, inner));
    }
  }
  const Value more = poll.more ? value_of(*poll.more, scope).value_or(Value()) : Value();
  if (poll.cursor.kind == Kind::token) {
    auto next = poll.cursor.next ? value_of(*poll.cursor.next, scope) : std::nullopt;
    const bool moved = next && !next->is_list() && !next->is_map() && !(*next == round.since);
    if (moved) round.since = std::move(*next);
    out.more = moved && more.if_bool() != nullptr && *more.if_bool();
    if (!out.more) end_round(poll.cursor, round);
  } else {
    out.more = turn_page(more, round, call.now_ms);
    if (!out.more) end_round(poll.cursor, round);
  }
  out.cursor = round.value();
  if (write_json(out.cursor).size() > limits::kModuleStateBytes)
    return fail(FailKind::permanent, "too_much", "the cursor exceeds 64 KiB");
  return out;
}

}  // namespace

Effect step_poll(const Manifest& manifest, const Declared& declared, const DeclaredPoll& poll, const Call& call) {
  return call.phase == Phase::resume ? answered(manifest, declared, poll, call) : begin(manifest, declared, poll, call);
}

EventItem make_item(const DeclaredItems& items, const std::string& event, const Value& item, const expr::Scope& scope) {
  EventItem out;
  out.name = event;
  if (items.event) {
    const auto name = items.event->render(scope);
    if (name.has_value()) out.name = expr::text_of(*name);
  }
  const bool printable =
      std::none_of(out.name.begin(), out.name.end(), [](unsigned char c) { return c < 0x20 || c == 0x7F; });
  if (out.name.empty() || out.name.size() > 128 || !printable) out.name = event;
  std::optional<Value> key = items.key ? value_of(*items.key, scope) : std::nullopt;
  if (!key) key = item;
  const bool short_text = !key->is_list() && !key->is_map() && expr::text_of(*key).size() <= kKeyMax;
  out.key = short_text ? expr::text_of(*key) : hex_encode(sha256(write_canonical_json(*key)));
  std::optional<Value> data = items.data ? value_of(*items.data, scope) : std::nullopt;
  if (data)
    out.data = std::move(*data);
  else
    out.data = item;
  return out;
}

}  // namespace ieum::host
