// What waits without an attempt: for its turn at the vendor, for its host, for the next start.
#include <algorithm>
#include <utility>

#include "base/json.hpp"
#include "runtime/flight.hpp"
#include "runtime/outbound.hpp"
#include "runtime/repairs.hpp"

namespace ieum::runtime {
namespace {

constexpr std::string_view kQuota = "quota: ";  // reason of a run whose call waits; then the buckets, joined by ", "

// Buckets in which a place was kept for the run.
std::vector<std::string> places_of(std::string_view reason) {
  std::vector<std::string> places;
  if (!reason.starts_with(kQuota)) return places;
  for (reason.remove_prefix(kQuota.size()); !reason.empty();) {
    const auto end = reason.find(", ");
    places.emplace_back(reason.substr(0, end));
    if (end == std::string_view::npos) break;
    reason.remove_prefix(end + 2);
  }
  return places;
}

}  // namespace

void Worker::come_again(FlightPtr flight, Millis due, std::string reason) {
  auto& step = flight->step();
  store::MoveStep move;
  move.step = step.id;
  move.from = step.state;
  move.expected_attempt = move.attempt = step.attempt;
  if (!flight->exchange.empty()) move.exchange = write_json(flight->exchange);
  if (flight->fate_unknown) move.error_code = kFateUnknown;
  commit_outcome(
      std::move(flight),
      [this, due, reason = std::move(reason)](const store::RunRow& run) -> Result<std::vector<store::Write>> {
        return std::vector<store::Write>{attempt_at(run, due, reason, context_.parts.store.epoch())};
      },
      std::move(move));
}

// Not sent, because the hub stops: the next start goes on with it, and need not doubt it.
void Worker::put_off(FlightPtr flight) {
  auto reason = flight->run().reason;
  come_again(std::move(flight), context_.now(), std::move(reason));
}

bool Worker::waits_for_quota(FlightPtr flight, const Quota::Call& call) {
  if (context_.parts.rehearsal || call.limits == nullptr) return false;
  auto& reason = flight->run().reason;
  // Places that another process kept are nobody's: this one's buckets do not know of them.
  const Millis kept_for = flight->opened.turn_ms;
  auto places = kept_for == 0 ? std::vector<std::string>() : places_of(reason);
  const auto turn = context_.quota.ask(call, places, kept_for, context_.now());
  if (turn.at_ms <= context_.now()) {
    if (reason.starts_with(kQuota)) reason.clear();
    return false;
  }
  if (std::find(places.begin(), places.end(), turn.bucket) == places.end()) places.push_back(turn.bucket);
  std::string waits(kQuota);
  for (const auto& place : places) waits += (&place == places.data() ? "" : ", ") + place;
  come_again(std::move(flight), turn.at_ms, std::move(waits));
  return true;
}

void Worker::stay_away(FlightPtr flight, const Hosts::Away& away, std::string_view origin) {
  static constexpr std::string_view kWhy[] = {" down", " busy", " repeats"};
  wait_begins(flight->exchange, context_.now(), begins_anew(flight->run().reason));
  flight->away_from = origin;
  std::string reason(kHost);
  reason += origin;
  reason += kWhy[static_cast<int>(away.why)];
  come_again(std::move(flight), away.due_ms, std::move(reason));
}

}  // namespace ieum::runtime
