#include "runtime/run_facts.hpp"

#include <algorithm>

#include "base/json.hpp"
#include "engine/history.hpp"
#include "host/delivery.hpp"
#include "runtime/people.hpp"
#include "runtime/stored_events.hpp"
#include "store/words.hpp"

namespace ieum::runtime {
namespace {

constexpr int kPurchasesMax = 100;
constexpr int kAdsMax = 1'000;
constexpr int kToldMax = 100;  // events of one name and customer that are looked through

Value parsed_or_null(const std::string& json) {
  if (json.empty()) return {};
  auto value = parse_json(json);
  return value.has_value() ? std::move(*value) : Value();
}

// The results of the engine's own steps (a loop, a wait_for, a split) are also fields of the step itself.
Value step_scope(const store::StepRow& step) {
  Map map;
  if (step.connection == 0) {
    const Value output = parsed_or_null(step.output);
    if (const Map* fields = output.if_map())
      for (const auto& [name, value] : *fields) map.set(name, value);
  }
  map.set("status", store::word(step.state));
  if (!step.output.empty()) map.set("output", parsed_or_null(step.output));
  if (!step.error_code.empty()) map.set("error", Map{{"code", step.error_code}, {"message", step.error_text}});
  return map;
}

}  // namespace

void RunFacts::know_customer(store::CustomerRow customer, std::vector<store::IdentityRow> identities, bool is_new) {
  if (!is_new) customer_rev_ = customer.rev;
  customer_row_ = std::move(customer);
  identities_ = std::move(identities);
}

void RunFacts::know_step(store::StepRow step) { known_steps_.push_back(std::move(step)); }

Result<Value> RunFacts::read_trigger() {
  const auto live = context_.live();
  if (const Value* known = context_.recent.find(run_.trigger_event, run_.trigger_item, live)) return *known;
  IEUM_TRY(auto stored, context_.reader->event(run_.trigger_event));
  if (!stored) return Error("trigger_lost", "the event that started this run is no longer stored");
  context_.working_on("run " + std::to_string(run_.id) + ", reading its trigger");
  auto events = events_of(*live, *stored);
  if (events.has_error()) return Error("trigger_lost", "the event that started this run: " + events.error().what);
  if (run_.trigger_item < 0 || static_cast<std::size_t>(run_.trigger_item) >= events->size()) {
    return Error("trigger_lost", "the delivery no longer yields the event that started this run");
  }
  Value scope = host::event_scope((*events)[static_cast<std::size_t>(run_.trigger_item)]);
  context_.recent.put(run_.trigger_event, run_.trigger_item, scope, stored->payload.body.size(), live);
  return scope;
}

Result<Value> RunFacts::trigger() {
  if (!trigger_) {
    IEUM_TRY(trigger_, read_trigger());
  }
  return *trigger_;
}

engine::Facts RunFacts::facts() {
  engine::Facts facts;
  facts.trigger = [this] {
    auto known = trigger();
    if (known.has_value()) return *std::move(known);
    problem_ = known.error();
    return Value();
  };
  facts.run = Map{
      {"id", run_.id},
      {"recipe", recipe_.name},
      {"started_at", Timestamp{run_.started_ms / 1000, static_cast<std::int32_t>(run_.started_ms % 1000) * 1'000'000}}};
  facts.split_key = run_.customer != 0  ? "customer " + std::to_string(run_.customer)
                    : !run_.key.empty() ? "key " + run_.key
                                        : "run " + std::to_string(run_.id);
  facts.steps = [this](const engine::Facts::Visible& visible) { return steps(visible); };
  facts.items = [this](std::string_view step, int iteration) { return items(step, iteration); };
  facts.told = [this](const std::string& event, std::string_view step, std::string_view wait) {
    return told(event, step, wait);
  };
  facts.step_key = [this](std::string_view step) {
    std::string key;
    for (const auto& row : all_steps())
      if (row.step == step && !row.key.empty()) key = row.key;
    return key;
  };
  facts.customer = [this] { return customer(); };
  facts.history = [this] { return history(); };
  facts.zones = &context_.parts.zones;
  if (context_.parts.stepped) {
    facts.passed = [this](const recipe::Instruction& from, std::size_t to) {
      context_.parts.stepped(recipe_, from, to);
    };
  }
  return facts;
}

const std::vector<store::StepRow>& RunFacts::all_steps() {
  if (!steps_) {
    auto stored = context_.reader->steps(run_.id);
    if (stored.has_error()) problem_ = stored.error();
    steps_ = stored.has_error() ? std::vector<store::StepRow>() : std::move(*stored);
  }
  for (auto& known : known_steps_) {
    const auto same = std::find_if(steps_->begin(), steps_->end(), [&](const auto& row) { return row.id == known.id; });
    if (same == steps_->end())
      steps_->push_back(std::move(known));
    else
      *same = std::move(known);
  }
  known_steps_.clear();
  return *steps_;
}

Value RunFacts::steps(const engine::Facts::Visible& visible) {
  Map map;
  for (const auto& step : all_steps())
    if (visible(step.step, step.iteration)) map.set(step.step, step_scope(step));
  return map;
}

Value RunFacts::items(std::string_view step, int iteration) {
  for (const auto& row : all_steps()) {
    if (row.step != step || row.iteration != iteration || row.state != store::StepState::running) continue;
    const auto [known, fresh] = items_.try_emplace(row.id);
    if (fresh)
      if (const Value inputs = parsed_or_null(row.inputs); inputs.get("items") != nullptr)
        known->second = *inputs.get("items");
    if (known->second.is_list()) return known->second;
  }
  if (!problem_) problem_ = Error("items_lost", "the items of \"" + std::string(step) + "\" are no longer stored");
  return {};
}

std::optional<Value> RunFacts::told(const std::string& event, std::string_view step, std::string_view wait) {
  std::optional<Millis> since;
  Millis waited_until = -1;
  std::string key;
  for (const auto& row : all_steps()) {
    if (row.step == step) {
      since = std::max(since.value_or(row.opened_ms), row.opened_ms);
      key = row.key;
    }
    if (row.step == wait && row.closed_ms) waited_until = std::max(waited_until, *row.closed_ms);
  }
  if (!since) return {};
  const auto named = key.empty() ? Result<std::vector<store::ToldRow>>(std::vector<store::ToldRow>())
                                 : context_.reader->told(run_.id, key, event);
  if (named.has_error()) {
    problem_ = named.error();
    return {};
  }
  for (const auto& row : *named)
    if (row.at_ms > waited_until) return parsed_or_null(row.fields);
  for (const auto& row : known_told_)
    if (!key.empty() && row.step_key == key && row.name == event && row.at_ms > waited_until)
      return parsed_or_null(row.fields);
  if (run_.customer == 0) return {};
  since = std::max(*since, waited_until + 1);
  const auto history = context_.reader->history(run_.customer, event, *since, INT64_MAX, kToldMax);
  if (history.has_error()) {
    problem_ = history.error();
    return {};
  }
  for (auto row = history->rbegin(); row != history->rend(); ++row) {
    Value fields = parsed_or_null(row->fields);
    if (fields.text("step") == step && fields.number("run") == run_.id) return fields;
  }
  return {};
}

void RunFacts::read_customer() {
  if (customer_row_ || run_.customer == 0) return;
  auto row = context_.reader->customer(run_.customer);
  auto identities = context_.reader->identities(run_.customer);
  if (row.has_error() || identities.has_error()) {
    problem_ = row.has_error() ? row.error() : identities.error();
    return;
  }
  if (!*row) return;
  customer_rev_ = (*row)->rev;
  customer_row_ = std::move(**row);
  identities_ = std::move(*identities);
}

Value RunFacts::customer() {
  read_customer();
  if (!customer_row_) return Map{};
  return customer_scope(*customer_row_, identities_);
}

Value RunFacts::history() {
  if (history_) return *history_;
  read_customer();  // its rev guards what is read of it
  auto read = problem_ ? Result<Value>(*problem_) : read_history();
  if (read.has_error()) {
    problem_ = read.error();
    return Map{};
  }
  history_ = std::move(*read);
  return *history_;
}

Result<Value> RunFacts::read_history() {
  Map answers;
  IEUM_TRY(const auto asked_by, trigger());
  const Millis now = context_.now();
  for (const auto& query : recipe_.history) {
    const Millis from = engine::history_from(query, run_.started_ms, now);
    std::vector<store::HistoryRow> rows;
    if (run_.customer != 0) {
      IEUM_TRY(rows,
               context_.reader->history(run_.customer, query.match.event, from, now + 1, engine::kHistoryMax + 1));
    }
    const auto stored = rows.size();
    for (const auto& row : known_history_) {
      const bool counts = row.name == query.match.event && row.at_ms >= from;
      const bool is_there =
          !row.source_key.empty() && std::any_of(rows.begin(), rows.begin() + static_cast<std::ptrdiff_t>(stored),
                                                 [&](const auto& other) { return other.source_key == row.source_key; });
      if (counts && !is_there) rows.push_back(row);
    }
    std::stable_sort(rows.begin(), rows.end(), [](const auto& a, const auto& b) { return a.at_ms > b.at_ms; });
    std::vector<engine::PastEvent> past;
    for (const auto& row : rows) past.push_back({row.at_ms, parsed_or_null(row.fields)});
    answers.set(query.name, engine::history_answer(query, past, asked_by, &context_.parts.zones));
  }
  return Value(std::move(answers));
}

Status RunFacts::read_ad_facts(const std::string& channel, Id own, Millis now_ms, audience::GateFacts& facts) {
  const auto& policy = context_.policy;
  IEUM_TRY(const auto said, context_.reader->consents(run_.customer));
  facts.said = words_of(said);
  if (const int months = policy.country.existing_customer_months; months > 0) {
    const Millis since = now_ms - months * 31 * kDay;
    IEUM_TRY(const auto orders,
             context_.reader->history(run_.customer, "order_created", since, INT64_MAX, kPurchasesMax));
    for (const auto& order : orders)
      facts.purchases.push_back({order.event, order.at_ms, parsed_or_null(order.fields).text("goods")});
  }
  Millis longest = 0;
  for (const auto& rule : policy.caps)
    if (rule.channel.empty() || rule.channel == channel) longest = std::max(longest, rule.per_for);
  if (longest == 0) return {};
  IEUM_TRY(const auto sent, context_.reader->ads_sent(run_.customer, now_ms - longest, kAdsMax));
  for (const auto& rule : policy.caps) {
    if (!rule.channel.empty() && rule.channel != channel) continue;
    const auto counts = [&](const store::AdSentRow& ad) {
      return ad.decision != own && ad.at_ms > now_ms - rule.per_for &&
             (rule.channel.empty() || ad.channel == rule.channel);
    };
    facts.caps.push_back({rule.channel.empty() ? "hub" : "channel", rule.most, rule.per_for,
                          static_cast<int>(std::count_if(sent.begin(), sent.end(), counts))});
  }
  return {};
}

Result<audience::GateFacts> RunFacts::gate_facts(bool ad, const std::string& channel, Id own, Millis now_ms) {
  read_customer();
  if (problem_) return *problem_;
  audience::GateFacts facts;
  facts.now_ms = now_ms;
  facts.run_alive = !store::is_terminal(run_.state);
  if (run_.customer == 0) return facts;
  IEUM_TRY(auto opt_outs, context_.reader->opt_outs(run_.customer));
  for (auto& row : opt_outs) facts.opt_outs.push_back({std::move(row.topic), std::move(row.channel)});
  if (ad) IEUM_CHECK(read_ad_facts(channel, own, now_ms, facts));
  // An exit that is in the history although the run lives: told late, or while this step was decided.
  for (const auto& exit : recipe_.exit_on) {
    if (facts.exited) break;
    const bool compares = exit.where || !exit.match.empty();
    IEUM_TRY(const Value trigger, compares ? this->trigger() : Result<Value>(Value()));
    IEUM_TRY(facts.exited, in_history(context_, run_.customer, exit, run_.started_ms, trigger));
  }
  return facts;
}

Result<bool> in_history(Context& context, Id customer, const recipe::EventMatch& match, Millis since,
                        const Value& trigger) {
  if (customer == 0 || match.event.find('/') != std::string::npos) return false;
  const bool any = !match.where && match.connection.empty() && match.match.empty();
  IEUM_TRY(const auto rows, context.reader->history(customer, match.event, since, INT64_MAX, any ? 1 : kToldMax));
  if (any || rows.empty()) return !rows.empty();
  const auto live = context.live();
  std::optional<engine::MatchKey> key;
  if (!match.match.empty()) {
    key = engine::listener_key(match, engine::EventScope(trigger, trigger), &context.parts.zones);
    if (!key) return false;
  }
  // The event itself says more than the history kept of it: its connection, and the vendor's own fields.
  for (const auto& row : rows) {
    IEUM_TRY(const auto stored, context.reader->event(row.event));
    if (!stored) continue;
    const auto connection = live->connections_by_id.find(stored->event.connection);
    const auto events = events_of(*live, *stored);
    if (events.has_error()) continue;
    for (const auto& event : *events) {
      if (event.means != row.name || event.at_ms != row.at_ms) continue;
      const Value scope = host::event_scope(event);
      if (key && engine::event_key(key->shape, scope, &context.parts.zones) != key) continue;
      if (engine::matches(match, names_of(event),
                          connection == live->connections_by_id.end() ? "" : connection->second->row.name, scope,
                          nullptr, &trigger, &context.parts.zones))
        return true;
    }
  }
  return false;
}

Value customer_scope(const store::CustomerRow& customer, const std::vector<store::IdentityRow>& identities) {
  Map map;
  if (const auto traits = parsed_or_null(customer.traits); traits.is_map()) {
    for (const auto& [name, trait] : *traits.if_map()) {
      if (const auto* value = trait.get("value")) map.set(name, *value);
    }
  }
  for (const auto& identity : identities) map.add(identity.kind, identity.value);
  map.set("id", customer.id);
  return map;
}

}  // namespace ieum::runtime
