// The poll `members`: members of the audience that changed since the last look, oldest change first. What changed while it
// was read moves to the end, so the next page begins at the last change seen and not at a count. Each look begins two
// minutes early; what was told already is known by its key, the member and the time of the change.
//
// Cursor: {"from": oldest time of interest, "high": newest change seen, "since", "offset": where the page under way begins}.
#include <algorithm>

#include "answers.hpp"
#include "ieum/time.hpp"
#include "operations.hpp"

namespace mailchimp {

using ieum::Call;
using ieum::Effect;
namespace json = ieum::json;

namespace {

constexpr std::int64_t kOverlapMs = 2 * 60 * 1000;
constexpr std::int64_t kPageSize = 100;

struct Cursor {
  std::int64_t from = 0, high = 0, since = 0, offset = 0;
};

Cursor read_cursor(const Call& call) {
  Cursor out;
  out.from = ieum::int_at(call.state(), "from").value_or(call.now_ms());
  out.high = std::max(out.from, ieum::int_at(call.state(), "high").value_or(out.from));
  out.since = ieum::int_at(call.state(), "since").value_or(std::max(out.from, out.high - kOverlapMs));
  out.offset = std::max<std::int64_t>(0, ieum::int_at(call.state(), "offset").value_or(0));
  return out;
}

}  // namespace

Effect poll_members(const Call& call) {
  if (audience(call).empty()) return no_audience();
  Cursor cursor;
  if (call.state().is_null()) {
    const std::string wanted = call.config("backfill");
    if (wanted.empty()) return ieum::events().cursor(json::object{{"from", call.now_ms()}, {"high", call.now_ms()}});
    const auto from = ieum::read_rfc3339(wanted);
    if (!from) return refuse("bad_backfill", "backfill is a time such as 2026-01-01T00:00:00+09:00");
    cursor = {*from, *from, *from, 0};
  } else {
    cursor = read_cursor(call);
  }
  cursor.since -= cursor.since % 1000;
  return ieum::http("GET", api_url(call, "/lists/" + audience(call) + "/members?count=" + std::to_string(kPageSize) +
                                             "&offset=" + std::to_string(cursor.offset) +
                                             "&sort_field=last_changed&sort_dir=ASC&since_last_changed=" +
                                             ieum::percent_encode(ieum::rfc3339_text(cursor.since)) +
                                             "&exclude_fields=_links,members._links"))
      .safe()
      .state({{"from", cursor.from}, {"high", cursor.high}, {"since", cursor.since}, {"offset", cursor.offset}});
}

Effect polled_members(const Call& call) {
  if (auto failed = failure(call)) return std::move(*failed);
  const json::value* members = ieum::find(call.answer(), "members");
  if (members == nullptr || !members->is_array()) return unreadable("list of members");
  const Cursor asked = read_cursor(call);
  std::int64_t high = asked.high;
  ieum::Events out;
  std::size_t index = 0;
  for (const json::value& member : members->get_array()) {
    const std::string place = "/members/" + std::to_string(index++);
    const std::string id = ieum::text_at(member, "id"), changed = ieum::text_at(member, "last_changed");
    const auto at = ieum::read_rfc3339(changed);
    if (!is_id(id) || !at) continue;
    high = std::max(high, *at);
    if (*at >= asked.from - asked.from % 1000) out.keyed_at("member.changed", id + ":" + changed, place);
  }
  json::object cursor{{"from", asked.from}, {"high", high}};
  if (index < static_cast<std::size_t>(kPageSize)) return out.cursor(std::move(cursor));
  const std::int64_t since = high - high % 1000;
  cursor["since"] = std::max(since, asked.since);
  if (since <= asked.since) cursor["offset"] = asked.offset + kPageSize;
  return out.cursor(std::move(cursor)).more();
}

}  // namespace mailchimp
