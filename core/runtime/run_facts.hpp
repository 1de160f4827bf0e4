// RunFacts: the facts of one run for one unit, read when the engine asks and at most once. Remembers the customer's
// rev that it read, so that the unit carries its guard. Belongs to the engine; lives for one decision.
#pragma once
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "audience/gate.hpp"
#include "base/error.hpp"
#include "engine/decide.hpp"
#include "runtime/context.hpp"

namespace ieum::runtime {

class RunFacts {
 public:
  RunFacts(Context& context, const store::RunRow& run, const recipe::Recipe& recipe)
      : context_(context), run_(run), recipe_(recipe) {}

  // What is known already and need not, or cannot yet, be read.
  void know_trigger(Value trigger) { trigger_ = std::move(trigger); }
  void know_customer(store::CustomerRow customer, std::vector<store::IdentityRow> identities, bool is_new);
  void know_step(store::StepRow step);
  // Events of the customer that the same unit adds.
  void know_history(std::vector<store::HistoryRow> rows) { known_history_ = std::move(rows); }
  void know_told(std::vector<store::ToldRow> rows) { known_told_ = std::move(rows); }

  // They refer to this object. What cannot be read when it is asked for is a problem().
  engine::Facts facts();
  // What is said of ads is read for an ad alone; the slot of the decision `own`, of an earlier attempt, is not counted.
  Result<audience::GateFacts> gate_facts(bool ad, const std::string& channel, Id own, Millis now_ms);
  [[nodiscard]] const recipe::Recipe& recipe() const { return recipe_; }
  // What expressions ask of the stored event that started the run; error "trigger_lost".
  Result<Value> trigger();
  // Rev to guard with, when a fact about the customer was read from the store.
  [[nodiscard]] std::optional<std::int64_t> customer_rev() const { return customer_rev_; }
  [[nodiscard]] const std::optional<Error>& problem() const { return problem_; }

 private:
  Status read_ad_facts(const std::string& channel, Id own, Millis now_ms, audience::GateFacts& facts);
  Result<Value> read_trigger();
  Value steps(const engine::Facts::Visible& visible);
  Value items(std::string_view step, int iteration);
  std::optional<Value> told(const std::string& event, std::string_view step, std::string_view wait);
  const std::vector<store::StepRow>& all_steps();
  Value customer();
  Value history();
  Result<Value> read_history();
  void read_customer();

  Context& context_;
  const store::RunRow& run_;
  const recipe::Recipe& recipe_;
  std::optional<Value> trigger_;
  std::optional<std::vector<store::StepRow>> steps_;  // stored ones, then those of this unit
  std::map<Id, Value> items_;                         // of a loop's row
  std::vector<store::StepRow> known_steps_;           // not yet among steps_
  std::vector<store::ToldRow> known_told_;            // not yet in the store
  std::vector<store::HistoryRow> known_history_;      // not yet in the store
  std::optional<Value> history_;
  std::optional<store::CustomerRow> customer_row_;
  std::vector<store::IdentityRow> identities_;
  std::optional<std::int64_t> customer_rev_;
  std::optional<Error> problem_;  // a fact that could not be read; the decision must not be used
};

// The profile that expressions see: traits by name, then identities by kind (the first of each), then "id".
Value customer_scope(const store::CustomerRow& customer, const std::vector<store::IdentityRow>& identities);

// Whether an event that `match` means is in the customer's history at or after `since`, by event time. Only standard names
// are in there; `trigger` is what `where` may compare with.
Result<bool> in_history(Context& context, Id customer, const recipe::EventMatch& match, Millis since,
                        const Value& trigger);

}  // namespace ieum::runtime
