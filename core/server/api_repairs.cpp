// What a person decides about runs and events: again, on without it, once more from the beginning.
#include "server/api.hpp"
#include "server/effects.hpp"
#include "server/run_view.hpp"

namespace ieum::server {
namespace {

using Kind = runtime::RunDeed::Kind;

// So that two people do not both pass over a step, and with it two.
constexpr Member kRev = may("rev", Type::integer, "of the run as it was looked at: refused when it has moved since");

Result<Value> summary_now(ApiCall& call, Id id) {
  IEUM_TRY(const auto row, call.reader.run(id));
  if (!row) return Error("unknown_run", "there is no run " + std::to_string(id), "see: ieum run list");
  return run_summary(*row, recipe_names(call.reader));
}

Api::ApiHandler repair(Kind kind) {
  return [kind](Api& api, ApiCall& call) -> Result<Value> {
    IEUM_TRY(const auto id, call.id("run"));
    runtime::RunDeed deed;
    deed.kind = kind;
    deed.by = call.caller().name;
    deed.rev = call.body.number("rev");
    if (const auto* output = call.body.get("output")) deed.output = *output;
    IEUM_CHECK(api.parts.hub.repair_run(id, deed));
    return summary_now(call, id);
  };
}

Result<Value> move_run(Api& api, ApiCall& call) {
  IEUM_TRY(const auto id, call.id("run"));
  IEUM_CHECK(api.parts.hub.move_run(id, call.body.number("rev")));
  return summary_now(call, id);
}

Result<Value> show_effects(Api& api, ApiCall& call) {
  IEUM_TRY(const auto id, call.id("run"));
  IEUM_TRY(const auto run, call.reader.run(id));
  if (!run) return Error("unknown_run", "there is no run " + std::to_string(id), "see: ieum run list");
  IEUM_TRY(const auto replays, call.reader.replays(id));
  Effects effects;
  IEUM_CHECK(effects.add(api, call.reader, id));
  return Value(Map{{"nth", store::next_replay(replays)}, {"effects", effects.view(api, call.reader)}});
}

Result<Value> replay_run(Api& api, ApiCall& call) {
  IEUM_TRY(const auto id, call.id("run"));
  const auto nth = call.body.number("nth");
  if (nth < 1) return Error("bad_body", "\"nth\" must be a whole number from 1", "read it from /runs/{id}/effects");
  auto replayed = api.parts.hub.replay_run(id, nth, call.caller().name);
  if (replayed.has_error()) {
    const auto replays = call.reader.replays(id);
    if (replays.has_value() && !replays->empty()) call.error_details = Map{{"run", replays->back().run}};
    return replayed.error();
  }
  return summary_now(call, *replayed);
}

Result<Value> event_now(ApiCall& call, Id id) {
  IEUM_TRY(const auto event, call.reader.event(id));
  if (!event) return Error("unknown_event", "there is no event " + std::to_string(id));
  return event_summary(event->event, connection_names(call.reader));
}

Result<Value> retry_event(Api& api, ApiCall& call) {
  IEUM_TRY(const auto id, call.id("event"));
  IEUM_CHECK(api.parts.hub.retry_event(id));
  return event_now(call, id);
}

Result<Value> discard_event(Api& api, ApiCall& call) {
  IEUM_TRY(const auto id, call.id("event"));
  IEUM_CHECK(api.parts.hub.discard_event(id, call.caller().name));
  return event_now(call, id);
}

}  // namespace

void add_repair_routes(RouteTable& table, const std::shared_ptr<Api>& api) {
  const auto add = [&](const char* pattern, RouteDoc doc, Handler handler) {
    table.add({Method::post, pattern, Needs::operator_, std::move(doc), std::move(handler)});
  };
  add("/api/v1/runs/{id}/cancel",
      {.summary = "Ends a run",
       .body = {kRev},
       .answer = "the run as the list shows it",
       .errors = {"unknown_run", "run_ended"}},
      api->on_admin(repair(Kind::cancel)));
  add("/api/v1/runs/{id}/retry",
      {.summary =
           "Sends the step of a run that failed, is in doubt or waits for another attempt again, with the same key",
       .body = {kRev},
       .answer = "the run as the list shows it",
       .errors = {"unknown_run", "run_ended", "in_flight", "nothing_open", "cannot_retry", "already_running"}},
      api->on_admin(repair(Kind::retry)));
  add("/api/v1/runs/{id}/resume",
      {.summary = "Takes the step of a run as done, with an answer of your own",
       .body = {must("output", Type::any, "what later steps read as its output"), kRev},
       .answer = "the run as the list shows it",
       .errors = {"unknown_run", "run_ended", "in_flight", "nothing_open", "cannot_retry", "already_running"}},
      api->on_admin(repair(Kind::resume)));
  add("/api/v1/runs/{id}/skip",
      {.summary = "Passes over the step or the wait at which a run stands",
       .body = {kRev},
       .answer = "the run as the list shows it",
       .errors = {"unknown_run", "run_ended", "in_flight", "cannot_retry", "already_running"}},
      api->on_admin(repair(Kind::skip)));
  add("/api/v1/runs/{id}/fail",
      {.summary = "Counts the step of a run in doubt as failed: its on_error is taken, or the run fails",
       .body = {kRev},
       .answer = "the run as the list shows it",
       .errors = {"unknown_run", "run_ended", "in_flight", "nothing_open"}},
      api->on_admin(repair(Kind::fail)));
  add("/api/v1/runs/{id}/look_up",
      {.summary = "Asks the vendor once more what became of a step in doubt",
       .body = {kRev},
       .answer = "the run as the list shows it",
       .errors = {"unknown_run", "not_in_doubt", "no_look_up"}},
      api->on_admin(repair(Kind::look_up)));
  add("/api/v1/runs/{id}/move",
      {.summary = "Moves a run to the current version of its recipe",
       .body = {kRev},
       .answer = "the run as the list shows it",
       .errors = {"cannot_move", "run_ended"}},
      api->on_commands(move_run));
  table.add(
      {Method::get,
       "/api/v1/runs/{id}/effects",
       Needs::viewer,
       {.summary = "What a replay of the run would do again",
        .answer = "`nth`, which the replay asks for, and `effects`: step, operation, connection, reaches, count, to",
        .errors = {"unknown_run"}},
       api->on_admin(show_effects)});
  add("/api/v1/runs/{id}/replay",
      {.summary = "Begins a run once more, from its trigger, in the current version of its recipe",
       .body = {must("nth", Type::integer, "of /runs/{id}/effects: so that two people do not both do it")},
       .answer = "the new run as the list shows it",
       .errors = {"unknown_run", "already_replayed", "already_running", "not_ended", "recipe_gone", "event_gone",
                  "cannot_replay"}},
      api->on_admin(replay_run));
  add("/api/v1/events/{id}/retry",
      {.summary = "Routes an event once more that was quarantined or set aside",
       .answer = "the event as the list shows it",
       .errors = {"unknown_event", "event_routed"}},
      api->on_admin(retry_event));
  add("/api/v1/events/{id}/discard",
      {.summary = "Gives up an event that was quarantined or set aside",
       .answer = "the event as the list shows it",
       .errors = {"unknown_event", "event_routed"}},
      api->on_admin(discard_event));
}

}  // namespace ieum::server
