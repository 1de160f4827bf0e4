// Routing: one delivery on its way through the router, and what is planned for it. Private to the router.
#pragma once
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "host/delivery.hpp"
#include "runtime/people.hpp"
#include "runtime/router.hpp"
#include "runtime/starting.hpp"
#include "runtime/stored_events.hpp"

namespace ieum::runtime {

// A recipe whose trigger one of the delivery's events meets.
struct Start {
  std::shared_ptr<const LiveRecipe> recipe;
  std::size_t item = 0;
  std::vector<IdentityKey> keys;  // about
  std::string key;                // entry key
};

inline constexpr auto kNobody = static_cast<std::size_t>(-1);

struct Router::Delivery : Arrival {
  explicit Delivery(Arrival arrival) : Arrival(std::move(arrival)) {}
  store::EventWithPayload stored;
  std::shared_ptr<const Live> live;
  std::shared_ptr<const LiveConnection> connection;  // null: the hub itself told it
  std::vector<host::HubEvent> items;
  std::vector<Value> scopes;                        // event_scope of each item
  std::vector<bool> known;                          // told before by another event: passed over
  std::vector<std::vector<IdentityKey>> item_keys;  // whom the event itself is about
  std::vector<std::vector<IdentityKey>> item_aliases;
  std::vector<Start> starts;
  // What each item finds by key.
  std::vector<std::vector<std::pair<engine::MatchKey, store::ListenerRow>>> listeners;
  std::vector<Person> people;
  std::vector<Sameness> same;            // whom it tells to be one
  std::vector<std::size_t> item_person;  // index into people, or npos
  std::vector<std::size_t> start_person;
  std::optional<KeyLocks::Ticket> identities_ticket, keys_ticket;
  std::set<std::string> held;        // keys of keys_ticket
  std::vector<bool> told_by_recipe;  // an item whose keys are a recipe's reading of it: they find, and add nothing
  std::string notes;                 // why recipes did not start, for the log
  int rounds = 0;

  [[nodiscard]] std::string connection_name() const { return connection == nullptr ? "" : connection->row.name; }
  // Whom an item is about, or null.
  [[nodiscard]] Person* person_of(std::size_t item) {
    if (item_person.empty() || item_person[item] == kNobody) return nullptr;
    return &people[item_person[item]];
  }
  [[nodiscard]] Person* person_of_start(std::size_t start) {
    if (start_person.empty() || start_person[start] == kNobody) return nullptr;
    return &people[start_person[start]];
  }
  [[nodiscard]] TriggerFact trigger_of(std::size_t item) const {
    return {event, static_cast<int>(item), scopes[item], items[item].at_ms};
  }
  // An event before told this item: it starts nothing.
  void know(std::size_t item) {
    known[item] = true;
    std::erase_if(starts, [item](const Start& start) { return start.item == item; });
  }
  void note(const std::string& recipe, std::string_view reason) {
    if (!notes.empty()) notes += "; ";
    notes += recipe + ": " + std::string(reason);
  }
};

struct Router::Plan {
  std::vector<store::Write> writes;
  std::vector<OpenedRun> opened;
  std::vector<Millis> due;
  std::vector<store::RunRow> moved;  // runs that this unit moves, as they are after it
  std::vector<Id> absences_dropped;
  std::vector<store::AbsenceRow> absences_put;
  std::vector<store::RunRow> started;
  bool holds = false;  // a recipe is put on hold
  std::vector<store::FanOutRow> fan_outs;

  // What this unit adds to a customer's history.
  [[nodiscard]] std::vector<store::HistoryRow> history_of(Id customer) const {
    std::vector<store::HistoryRow> rows;
    for (const auto& write : writes)
      if (const auto* added = write.as<store::AddHistory>(); added != nullptr && added->row.customer == customer)
        rows.push_back(added->row);
    return rows;
  }

  [[nodiscard]] const store::RunRow* moves(Id run) const {
    for (const auto& row : moved)
      if (row.id == run) return &row;
    return nullptr;
  }
};

}  // namespace ieum::runtime
