// Drive's push channel for one watched spreadsheet: opened, opened anew before its day is over, closed. A channel cannot be
// prolonged, so the new one stands beside the old one for a moment; what is told twice only wakes the poll twice.
#include "answers.hpp"
#include "operations.hpp"
#include "place.hpp"
#include "rows.hpp"
#include "watch.hpp"

namespace sheets {

namespace {

using ieum::Call;
using ieum::Effect;
using ieum::json::object;

constexpr std::int64_t kLifeMs = 24 * 3600 * 1000 - 60'000;  // Drive allows a day for a file

const ieum::json::value* known(const Call& call) {
  const ieum::json::value* state = call.input_value("state").is_object() ? &call.input_value("state") : nullptr;
  return state != nullptr && !ieum::text_at(*state, "id").empty() ? state : nullptr;
}

Effect stop(const Call& call, const ieum::json::value& channel, object then) {
  then["at"] = "stop";
  return ieum::http("POST", drive_url(call) + "/channels/stop")
      .json(object{{"id", ieum::text_at(channel, "id")}, {"resourceId", ieum::text_at(channel, "resource")}})
      .idempotent()
      .state(std::move(then));
}

bool wanted(const Call& call) {
  const ieum::json::value& topics = call.input_value("wanted");
  if (!topics.is_array()) return false;
  for (const ieum::json::value& topic : topics.get_array())
    if (topic == "row.added" || topic == "row.updated") return true;
  return false;
}

Effect open(const Call& call, const Place& place) {
  const std::string id =
      "ieum-" + pack(print_of(call.item() + call.input("hook_url"))) + "-" + std::to_string(call.now_ms());
  return ieum::http("POST", drive_url(call) + "/files/" + ieum::percent_encode(place.spreadsheet) +
                                "/watch?supportsAllDrives=true")
      .json(object{{"id", id},
                   {"type", "web_hook"},
                   {"address", call.input("hook_url")},
                   {"expiration", std::to_string(call.now_ms() + kLifeMs)}})
      .fill("/token", "channel_token")
      .idempotent()
      .state({{"at", "open"}});
}

Effect kept(const ieum::json::value& channel) {
  object output{{"state", channel}};
  if (const auto until = ieum::int_at(channel, "expires_ms")) output["expires_ms"] = *until;
  return ieum::done(std::move(output));
}

// Gone already is as good as stopped.
std::optional<Effect> stop_failed(const Call& call) {
  if (call.status() == 404 || call.status() == 400) return std::nullopt;
  return failure(call);
}

}  // namespace

Effect ensure_channel(const Call& call) {
  const auto place = read_place(call.item());
  if (!place) return no_place(call.item());
  const ieum::json::value* channel = known(call);
  if (call.phase() == ieum::Phase::begin) {
    if (!wanted(call)) return channel == nullptr ? ieum::done() : stop(call, *channel, {});
    const std::int64_t until = channel == nullptr ? 0 : ieum::int_at(*channel, "expires_ms").value_or(0);
    const bool here = channel != nullptr && ieum::text_at(*channel, "hook_url") == call.input("hook_url");
    // A quarter of its life is left for trying to open the next one.
    if (here && until > call.now_ms() + kLifeMs / 4) return kept(*channel);
    return open(call, *place);
  }
  if (ieum::text_at(call.state(), "at") == "stop") {
    if (auto failed = stop_failed(call)) return std::move(*failed);
    const ieum::json::value* next = ieum::find(call.state(), "next");
    return next == nullptr ? ieum::done() : kept(*next);
  }
  if (auto failed = failure(call)) return std::move(*failed);
  const object opened{{"id", ieum::text_at(call.answer(), "id")},
                      {"resource", ieum::text_at(call.answer(), "resourceId")},
                      {"hook_url", call.input("hook_url")},
                      {"expires_ms", ieum::int_at(call.answer(), "expiration").value_or(call.now_ms() + 3'600'000)}};
  if (channel == nullptr) return kept(opened);
  return stop(call, *channel, {{"next", opened}});
}

Effect remove_channel(const Call& call) {
  if (call.phase() == ieum::Phase::begin) {
    const ieum::json::value* channel = known(call);
    return channel == nullptr ? ieum::done() : stop(call, *channel, {});
  }
  if (auto failed = stop_failed(call)) return std::move(*failed);
  return ieum::done();
}

}  // namespace sheets
