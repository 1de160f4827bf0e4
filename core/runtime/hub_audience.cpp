// What people decide about messages to customers: for all of them, and what one of them said. Each is committed when it returns.
#include <algorithm>

#include "base/json.hpp"
#include "runtime/hub_parts.hpp"

namespace ieum::runtime {
namespace {

constexpr int kRoundsMost = 10;  // decided anew that often when others change the same customer

}  // namespace

Result<Value> HubInside::audience_setting(store::Reader& reader) const {
  IEUM_TRY(const auto stored, reader.meta(kAudienceSetting));
  return stored ? parse_json(*stored) : Result<Value>(Value(Map{}));
}

Status HubInside::set_audience(const Value& written) {
  IEUM_TRY(auto policy, audience::read_policy(written));
  if (context_.parts.zones.find(policy.country.zone).has_error())
    return Error("bad_country", "there is no zone \"" + policy.country.zone + "\"", "name it as the tz database does",
                 "zone");
  IEUM_CHECK(committed(context_.parts.store.submit_and_wait(
      store::Queue::work, store::Unit{{store::PutMeta{kAudienceSetting, write_json(written)}}})));
  context_.parts.engine.post([this, policy = std::move(policy)]() mutable { context_.policy = std::move(policy); });
  return {};
}

Status HubInside::add_consent(store::ConsentRow said) {
  const auto one_of = [](const std::string& text, std::initializer_list<std::string_view> words) {
    return std::find(words.begin(), words.end(), text) != words.end();
  };
  if (!one_of(said.purpose, {"ad", "night"}) || !one_of(said.word, {"granted", "refused", "confirmed"}))
    return Error("bad_consent", "a consent says a purpose (ad, night) and a word (granted, refused, confirmed)");
  const Millis now = context_.now();
  if (said.at_ms == 0) said.at_ms = now;
  if (said.at_ms > now)
    return Error("bad_consent", "nobody has said anything yet at that time", "name a time that is over");
  said.received_ms = now;
  if (said.evidence.empty()) said.evidence = "{}";
  // The customer's rev moves with it: what is decided beside it is decided again.
  const std::lock_guard lock(commands_mutex_);
  for (int round = 0;; ++round) {
    IEUM_TRY(const auto customer, commands_reader_->customer(said.customer));
    if (!customer) return Error("unknown_customer", "there is no customer " + std::to_string(said.customer));
    if (customer->merged_into != 0) {
      said.customer = customer->merged_into;
      continue;
    }
    const auto outcome = context_.parts.store.submit_and_wait(
        store::Queue::work, store::Unit{{store::TouchCustomer{customer->id, customer->rev}, store::AddConsent{said}}});
    if (outcome.kind != store::UnitOutcome::Kind::stale || round == kRoundsMost) return committed(outcome);
  }
}

Result<Value> HubInside::audience_of(const std::string& name) {
  constexpr std::size_t kShown = 100;
  const auto live = context_.live();
  const auto recipe = live->recipes.find(name);
  if (recipe == live->recipes.end()) return Error("unknown_recipe", "there is no recipe \"" + name + "\" in force");
  if (!recipe->second->program->recipe.audience)
    return Error("no_audience", "this recipe has no audience: its runs begin with an event, or are about nobody",
                 "name one with a `schedule` and an `audience`");
  const auto preview = ask_engine<FanOut::Preview>([&](const std::function<void(Result<FanOut::Preview>)>& done) {
    fan_out_.preview(recipe->second, kShown, done);
  });
  if (preview.has_error()) return preview.error();
  List customers;
  for (const Id id : preview->customers) customers.emplace_back(id);
  return Value(Map{{"looked", preview->looked}, {"met", preview->met}, {"customers", std::move(customers)}});
}

Status HubInside::undo_merge(Id merge) {
  const std::lock_guard lock(commands_mutex_);
  for (int round = 0;; ++round) {
    IEUM_TRY(const auto row, commands_reader_->merge(merge));
    if (!row) return Error("unknown_merge", "there is no merge " + std::to_string(merge));
    if (row->undone_ms) return Error("merge_undone", "this merge was undone already");
    if (context_.now() - row->at_ms > kUndoMergeFor)
      return Error("merge_too_old", "a merge can be undone for 30 days",
                   "what was sent and bought since cannot be told apart any more");
    IEUM_TRY(const auto survivor, commands_reader_->customer(row->survivor));
    IEUM_TRY(const auto loser, commands_reader_->customer(row->loser));
    if (!survivor || !loser) return Error("unknown_customer", "one of the two customers is no longer kept");
    if (survivor->merged_into != 0 || loser->merged_into != survivor->id)
      return Error("merge_not_last",
                   "customer " + std::to_string(survivor->id) + " became one with customer " +
                       std::to_string(survivor->merged_into) + " since",
                   "undo that merge first");
    store::Unit unit{{store::TouchCustomer{survivor->id, survivor->rev}, store::TouchCustomer{loser->id, loser->rev}}};
    const Map merged = traits_of(*survivor);
    const Map left = audience::split_traits(merged, traits_in(row->traits), traits_of(*loser));
    if (!(left == merged)) unit.writes.emplace_back(store::SetTraits{survivor->id, write_json(left)});
    unit.writes.emplace_back(store::SplitCustomers{merge, survivor->id, loser->id, context_.now()});
    const auto outcome = context_.parts.store.submit_and_wait(store::Queue::work, std::move(unit));
    if (outcome.kind != store::UnitOutcome::Kind::stale || round == kRoundsMost) return committed(outcome);
  }
}

}  // namespace ieum::runtime
