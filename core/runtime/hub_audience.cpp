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
    const auto outcome = context_.parts.store.submit_and_wait(
        store::Queue::work, store::Unit{{store::TouchCustomer{customer->id, customer->rev}, store::AddConsent{said}}});
    if (outcome.kind != store::UnitOutcome::Kind::stale || round == kRoundsMost) return committed(outcome);
  }
}

}  // namespace ieum::runtime
