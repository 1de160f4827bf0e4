// The poll `responses`: completed responses of a form since the last look, for hubs without a public address and for what
// a webhook lost. The Responses API may show a response later than the webhook told it, so each look begins ten minutes
// before the newest one seen; what was told already is known by its key, the response's token.
//
// Cursor: {"from": oldest time of interest, "high": newest submitted_at seen, "since": where the page under way begins}.
#include <algorithm>

#include "answers.hpp"
#include "ieum/time.hpp"
#include "operations.hpp"
#include "shape.hpp"

namespace typeform {

using ieum::Call;
using ieum::Effect;
using ieum::Kind;
namespace json = ieum::json;

namespace {

constexpr std::int64_t kOverlapMs = 10 * 60 * 1000;
constexpr std::int64_t kPageSize = 100, kPageSizeMax = 1000;

struct Cursor {
  std::int64_t from = 0, high = 0, since = 0;
  bool wide = false;  // more than a page within one second: ask for the largest page
};

Cursor read_cursor(const Call& call) {
  Cursor out;
  out.from = ieum::int_at(call.state(), "from").value_or(call.now_ms());
  out.high = std::max(out.from, ieum::int_at(call.state(), "high").value_or(out.from));
  out.since = ieum::int_at(call.state(), "since").value_or(std::max(out.from, out.high - kOverlapMs));
  out.wide = ieum::flag_at(call.state(), "wide");
  return out;
}

json::object cursor_at(std::int64_t from, std::int64_t high) { return {{"from", from}, {"high", high}}; }

}  // namespace

Effect poll_responses(const Call& call) {
  const auto path = form_path(call.item(), "/responses");
  if (!path) return bad_form(call.item());
  Cursor cursor;
  if (call.state().is_null()) {
    const std::string wanted = call.config("backfill");
    if (wanted.empty()) return ieum::events().cursor(cursor_at(call.now_ms(), call.now_ms()));
    const auto from = ieum::read_rfc3339(wanted);
    if (!from)
      return ieum::fail(Kind::permanent, "bad_backfill", "backfill is a time such as 2026-01-01T00:00:00+09:00");
    cursor = {*from, *from, *from, false};
  } else {
    cursor = read_cursor(call);
  }
  const std::int64_t size = cursor.wide ? kPageSizeMax : kPageSize;
  const std::string url =
      api_url(call, *path) + "?page_size=" + std::to_string(size) +
      "&completed=true&sort=submitted_at%2Casc&since=" + ieum::percent_encode(ieum::rfc3339_text(cursor.since));
  return ieum::http("GET", url)
      .safe()
      .state({{"from", cursor.from},
              {"high", cursor.high},
              {"since", cursor.since - cursor.since % 1000},
              {"wide", cursor.wide}});
}

Effect polled_responses(const Call& call) {
  if (auto failed = failure(call)) return std::move(*failed);
  const json::value* items = ieum::find(call.answer(), "items");
  if (items == nullptr || !items->is_array()) return unreadable("list of responses");
  const Cursor asked = read_cursor(call);
  std::int64_t high = asked.high;
  ieum::Events out;
  for (const json::value& item : items->get_array()) {
    const std::string token = ieum::text_at(item, "token", ieum::text_at(item, "response_id"));
    const auto submitted = ieum::read_rfc3339(ieum::text_at(item, "submitted_at"));
    if (token.empty() || token.size() > 100 || !submitted) continue;
    high = std::max(high, *submitted);
    if (*submitted >= asked.from - asked.from % 1000)
      out.keyed("form_response", token, webhook_body(call.item(), item));
  }
  json::object cursor = cursor_at(asked.from, high);
  const std::int64_t size = asked.wide ? kPageSizeMax : kPageSize;
  if (static_cast<std::int64_t>(items->get_array().size()) < size) return out.cursor(std::move(cursor));
  const std::int64_t since = high - high % 1000;
  if (since <= asked.since) {
    if (asked.wide)
      return ieum::fail(Kind::permanent, "too_many_responses", "more than 1000 responses within one second");
    cursor["wide"] = true;
  }
  cursor["since"] = std::max(since, asked.since);
  return out.cursor(std::move(cursor)).more();
}

}  // namespace typeform
