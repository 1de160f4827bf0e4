// How the hub is, and its clock.
#include "base/time_text.hpp"
#include "server/api.hpp"
#include "server/run_view.hpp"

namespace ieum::server {
namespace {

Value clock_view(const Api& api) {
  const Millis now = api.parts.clock.now();
  return Map{
      {"kind", api.parts.virtual_clock != nullptr ? "virtual" : "real"}, {"now_ms", now}, {"now", rfc3339_utc(now)}};
}

Result<Value> status(Api& api, ApiCall& call) {
  IEUM_TRY(const auto totals, call.reader.totals());
  IEUM_TRY(const auto holds, call.reader.holds());
  const auto& store = api.parts.store;
  return Value(Map{{"version", api.version},
                   {"started_ms", api.started_ms},
                   {"epoch", store.epoch()},
                   {"ended_cleanly", store.ended_cleanly()},
                   {"public_url", api.public_url.empty() ? Value() : Value(api.public_url)},
                   {"clock", clock_view(api)},
                   {"queues", Map{{"accept", static_cast<std::int64_t>(store.queued(store::Queue::accept))},
                                  {"work", static_cast<std::int64_t>(store.queued(store::Queue::work))}}},
                   {"store", api.parts.hub.disk()},
                   {"hub_hold", hub_hold_view(holds)},
                   {"totals", totals_view(totals)}});
}

Result<Value> move_clock(Api& api, ApiCall& call) {
  IEUM_TRY(const auto text, call.text("to"));
  IEUM_TRY(const auto to, parse_rfc3339(text));
  if (api.parts.virtual_clock == nullptr) {
    return Error("real_clock", "this hub runs on the machine's clock", "start it with --virtual-clock to move time");
  }
  const Millis before = api.parts.clock.now();
  const auto moved = api.parts.hub.advance_clock(*api.parts.virtual_clock, to);
  api.identity.clock_moved(api.parts.clock.now() - before);
  if (moved.has_error()) return moved.error();
  return clock_view(api);
}

}  // namespace

void add_status_routes(RouteTable& table, const std::shared_ptr<Api>& api) {
  table.add({Method::get,
             "/api/v1/status",
             Needs::viewer,
             {.summary = "How the hub is",
              .answer = "version, clock, queues, store, hub_hold (all that goes out waits) and totals"},
             api->on_admin(status)});
  table.add({Method::post,
             "/api/v1/clock",
             Needs::owner,
             {.summary = "Moves a virtual clock",
              .body = {shown(must("to", Type::text, "a time as of RFC 3339"))},
              .answer = "the clock",
              .example = R"({"kind":"virtual","now_ms":1772496000000,"now":"2026-03-03T00:00:00Z"})",
              .errors = {"real_clock", "clock_backwards"}},
             api->on_commands(move_clock)});
}

}  // namespace ieum::server
