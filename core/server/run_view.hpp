// Run view: rows of the store as the API shows them. One shape for the list, the live view and a customer's page.
#pragma once
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "base/value.hpp"
#include "host/manifest.hpp"
#include "store/reader.hpp"

namespace ieum::server {

using Names = std::map<Id, std::string>;
// Empty when the store cannot be read; rows then show no name.
Names recipe_names(store::Reader& reader);
Names connection_names(store::Reader& reader);

// acting, waiting, in_doubt, finished, exited, stopped, failed, cancelled.
std::string_view run_state_word(store::RunState state);
std::optional<store::RunState> run_state(std::string_view word);
// accepted, routed, quarantined, set_aside: the words of receipts.
std::string_view event_state_word(store::EventState state);
std::optional<store::EventState> event_state(std::string_view word);
// intent, done, failed, in_doubt, cancelled, skipped.
std::string_view step_state_word(store::StepState state);

// {id, recipe, version, customer, key, state, rev, at_step, due_ms, hold, event, started_ms, ended_ms, reason}; what is not there is null.
Value run_summary(const store::RunRow& run, const Names& recipes);
// The row of the list: the summary, and replay_of.
Result<Value> run_listed(const store::RunRow& run, const Names& recipes, store::Reader& reader);
// {id, connection, topic, state, reason, received_ms}
Value event_summary(const store::EventRow& event, const Names& connections);
// The summary, and method, path, headers, and the body as `body` (text) or `body_base64`.
Value event_whole(const store::EventWithPayload& event, const Names& connections);
Value step_view(const store::StepRow& step, const Names& connections);
Value decision_view(const store::DecisionRow& decision);

// system, team, customer.
std::string_view reaches_word(host::Reaches reaches);

// The hold of kind "hub": {"id", "reason", "made_by", "since_ms", "state"}; null when there is none.
Value hub_hold_view(const std::vector<store::HoldRow>& holds);
Value totals_view(const store::Totals& totals);

// JSON of the store as a value; text that is none stays text; "" is null.
Value stored_json(const std::string& text);

}  // namespace ieum::server
