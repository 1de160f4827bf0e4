// Holds: outward actions of a recipe, a connection or a connector that wait for a person.
#include <algorithm>

#include "base/time_text.hpp"
#include "runtime/held.hpp"
#include "server/api.hpp"

namespace ieum::server {
namespace {

Value or_null(const std::optional<std::int64_t>& value) { return value ? Value(*value) : Value(); }

Result<Value> list_holds(Api&, ApiCall& call) {
  IEUM_TRY(const auto holds, call.reader.holds());
  IEUM_TRY(const auto counts, call.reader.held_counts());
  List list;
  for (const auto& hold : holds) {
    std::int64_t queued = 0;
    std::optional<Millis> oldest;
    for (const auto& count : counts) {
      const auto holder = runtime::holder_of(count.reason);
      if (!holder || holder->first != hold.kind || holder->second != hold.name) continue;
      queued += count.runs;
      oldest = oldest ? std::min(*oldest, count.oldest_ms) : count.oldest_ms;
    }
    list.push_back(Map{{"id", hold.id},
                       {"kind", hold.kind},
                       {"name", hold.name},
                       {"reason", hold.reason},
                       {"made_by", hold.made_by},
                       {"since_ms", hold.since_ms},
                       {"until_ms", or_null(hold.until_ms)},
                       {"state", hold.released() ? "releasing" : "holding"},
                       {"per_minute", or_null(hold.per_minute)},
                       {"expire_after_ms", or_null(hold.expire_after_ms)},
                       {"expire_then", hold.expire_then},
                       {"queued", queued},
                       {"oldest_ms", or_null(oldest)}});
  }
  return Value(Map{{"holds", std::move(list)}});
}

Result<std::optional<Millis>> expiry_of(const ApiCall& call) {
  const auto text = call.body.text("expire_after");
  if (text.empty()) return std::optional<Millis>();
  const auto read = parse_duration(text);
  if (read.has_error() || *read < 0)
    return Error("bad_body", "\"expire_after\" must be a duration such as 6h", "leave it out for no limit");
  return std::optional<Millis>(*read);
}

Result<Value> put_hold(Api& api, ApiCall& call) {
  store::HoldRow hold;
  IEUM_TRY(hold.kind, call.text("kind"));
  hold.name = call.body.text("name");
  if (!hold.of_hub()) {
    IEUM_TRY(hold.name, call.text("name"));
  }
  hold.reason = call.body.text("reason");
  constexpr std::size_t kReasonBytes = 200;
  if (hold.reason.size() > kReasonBytes) return Error("bad_body", "\"reason\" has at most 200 bytes");
  hold.made_by = call.caller().name;
  if (const auto until = call.body.number("until_ms"); until != 0) hold.until_ms = until;
  IEUM_TRY(hold.expire_after_ms, expiry_of(call));
  hold.expire_then = call.body.text("expire_then", "skip");
  IEUM_TRY(const auto id, api.parts.hub.put_hold(std::move(hold)));
  return Value(Map{{"id", id}});
}

Result<Value> release_hold(Api& api, ApiCall& call) {
  IEUM_TRY(const auto id, call.id("hold"));
  IEUM_TRY(const auto expiry, expiry_of(call));
  IEUM_CHECK(api.parts.hub.release_hold(id, call.body.number("per_minute"), expiry, call.body.text("expire_then")));
  return Value(Map{{"released", id}});
}

}  // namespace

void add_hold_routes(RouteTable& table, const std::shared_ptr<Api>& api) {
  table.add({Method::get,
             "/api/v1/holds",
             Needs::viewer,
             {.summary = "What is on hold, and how much waits", .answer = "`holds`"},
             api->on_admin(list_holds)});
  table.add({Method::post,
             "/api/v1/holds",
             Needs::operator_,
             {.summary = "Puts the outward actions of the hub, a recipe, a connection or a connector on hold; intake "
                         "and timers go on",
              .body = {shown(must("kind", Type::text, "hub (all of it), recipe, connection or connector")),
                       shown(may("name", Type::text, "of it; of the hub, none")),
                       shown(may("reason", Type::text, "why, for others")),
                       may("until_ms", Type::integer, "it ends by itself then"),
                       shown(may("expire_after", Type::text, "what waits longer does not go when it is released: 6h")),
                       shown(may("expire_then", Type::text, "skip (the step, usually) or cancel (the run)"))},
              .answer = "`id` of the hold; one that was there is changed",
              .errors = {"bad_hold", "unknown_recipe", "unknown_connection", "unknown_connector"}},
             api->on_admin(put_hold)});
  table.add({Method::post,
             "/api/v1/holds/{id}/release",
             Needs::operator_,
             {.summary = "Lets go what a hold holds",
              .body = {may("per_minute", Type::integer, "that many a minute; 0, usually, all at once"),
                       shown(may("expire_after", Type::text, "instead of what the hold says")),
                       shown(may("expire_then", Type::text, "instead of what the hold says"))},
              .answer = "`released`: the id",
              .errors = {"unknown_hold", "bad_hold"}},
             api->on_admin(release_hold)});
}

}  // namespace ieum::server
