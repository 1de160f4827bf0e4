#include "runtime/quota.hpp"

#include <algorithm>
#include <cmath>

#include "base/json.hpp"
#include "expr/scope.hpp"

namespace ieum::runtime {
namespace {

constexpr std::size_t kPlacesMax = 512;    // remembered of one bucket; a higher rate is kept in shorter spans
constexpr std::size_t kBucketsMax = 4096;  // beyond it idle ones are forgotten
constexpr Millis kHeldMax = kHour;         // longer is not believed of a vendor
constexpr Millis kHeldUnknown = kSecond;   // nothing is left, and the vendor does not say until when
const std::string kVendor = "vendor";      // what a call without buckets is held back by

std::optional<double> number_of(const std::optional<expr::Expression>& expression, const expr::Scope& scope) {
  if (!expression) return std::nullopt;
  const auto value = expression->evaluate(scope);
  if (value.has_error()) return std::nullopt;
  if (const auto* whole = value->if_int()) return static_cast<double>(*whole);
  if (const auto* real = value->if_double(); real != nullptr && std::isfinite(*real)) return *real;
  return std::nullopt;
}

std::string value_of_by(const expr::Expression& by, const Quota::Call& call) {
  expr::MapScope scope;
  scope.set("inputs", call.inputs).set("config", call.config).set("request", call.request);
  const auto value = by.evaluate(scope);
  if (value.has_error()) return "";  // those that cannot be told apart share one
  const auto* text = value->if_string();
  return text != nullptr ? *text : write_json(*value);
}

bool is_meant(const host::Bucket& bucket, const Quota::Call& call) {
  if (!bucket.operations.empty() && !bucket.operations.contains(call.operation)) return false;
  if (!bucket.when) return true;
  if (call.request.is_null()) return false;
  expr::MapScope scope;
  scope.set("request", call.request);
  const auto value = bucket.when->evaluate(scope);
  return value.has_value() && value->if_bool() != nullptr && *value->if_bool();
}

}  // namespace

Millis Quota::Bucket::free_at() const {
  if (rate == 0 || begun.size() < rate) return held_until;
  return std::max(held_until, begun.front() + per_for);
}

Millis Quota::Bucket::free_for(Millis turn_ms) const {
  if (turn_ms >= held_until) return turn_ms;
  return held_until + (rate == 0 ? 0 : std::max<Millis>(0, turn_ms - held_from));
}

void Quota::Bucket::take(Millis at) {
  if (rate == 0) return;
  begun.push_back(at);
  if (begun.size() > rate) begun.pop_front();
}

std::vector<Quota::Chosen> Quota::choose(const Call& call, Millis now) {
  if (buckets_.size() > kBucketsMax) forget_idle(now);
  std::vector<Chosen> chosen;
  for (const auto& bucket : call.limits->buckets) {
    if (!is_meant(bucket, call)) continue;
    const Key key{call.account, bucket.name, bucket.by ? value_of_by(*bucket.by, call) : std::string()};
    auto& found = buckets_[key];
    const auto rate = static_cast<std::size_t>(bucket.rate);
    const std::size_t share = (rate + kPlacesMax - 1) / kPlacesMax;
    found.rate = std::max<std::size_t>(1, rate / share);
    found.per_for = std::max<Millis>(1, bucket.per_for / static_cast<Millis>(share));
    chosen.push_back({&bucket.name, &found, bucket.by ? 3 : bucket.when ? 2 : bucket.operations.empty() ? 0 : 1});
  }
  chosen.push_back({&kVendor, &buckets_[{call.account, kVendor, ""}], -1});
  return chosen;
}

Quota::Turn Quota::ask(const Call& call, const std::vector<std::string>& places, Millis turn_ms, Millis now) {
  const std::lock_guard lock(mutex_);
  const auto chosen = choose(call, now);
  const auto has_place = [&](const Chosen& one) {
    return std::find(places.begin(), places.end(), *one.name) != places.end();
  };
  const auto free_at = [&](const Chosen& one) {
    return has_place(one) ? one.bucket->free_for(turn_ms) : one.bucket->free_at();
  };
  const auto& last = *std::max_element(chosen.begin(), chosen.end(),
                                       [&](const Chosen& a, const Chosen& b) { return free_at(a) < free_at(b); });
  if (const Millis at = free_at(last); at > now) {
    if (!has_place(last)) last.bucket->take(at);
    return {at, *last.name};
  }
  for (const auto& one : chosen)
    if (!has_place(one)) one.bucket->take(now);
  return {now, ""};
}

void Quota::count(const Call& call, Millis now) {
  const std::lock_guard lock(mutex_);
  for (const auto& one : choose(call, now))
    one.bucket->take(std::max(now, one.bucket->begun.empty() ? now : one.bucket->begun.back()));
}

void Quota::answered(const Call& call, std::int64_t status, const Value& headers, const Value& body, Millis now) {
  const auto& limits = *call.limits;
  if (!limits.remaining) return;
  expr::MapScope scope;
  scope.set("status", status).set("headers", headers).set("body", body);
  const auto remaining = number_of(limits.remaining, scope);
  const double need = std::max(1.0, number_of(limits.need, scope).value_or(1.0));
  if (!remaining || *remaining >= need) return;
  const double restore = number_of(limits.restore_per_second, scope).value_or(0.0);
  const double seconds =
      restore > 0 ? (need - *remaining) / restore : number_of(limits.reset_after, scope).value_or(0.0);
  const Millis held = seconds > 0 ? static_cast<Millis>(std::ceil(std::min(seconds, 1e6) * kSecond)) : kHeldUnknown;
  const std::lock_guard lock(mutex_);
  hold(call, now + held, now);
}

void Quota::refused(const Call& call, Millis retry_after_for, Millis now) {
  const std::lock_guard lock(mutex_);
  hold(call, now + std::max<Millis>(0, retry_after_for), now);
}

// The narrowest bucket of the call: others may still go. A turn that was given before the hold is judged again by ask().
void Quota::hold(const Call& call, Millis until, Millis now) {
  const auto chosen = choose(call, now);
  const auto& narrowest = *std::max_element(chosen.begin(), chosen.end(),
                                            [](const Chosen& a, const Chosen& b) { return a.narrow < b.narrow; });
  Bucket& bucket = *narrowest.bucket;
  if (bucket.held_until <= now) bucket.held_from = now;
  bucket.held_until = std::max(bucket.held_until, std::min(until, now + kHeldMax));
}

void Quota::forget_idle(Millis now) {
  std::erase_if(buckets_, [now](const auto& entry) { return entry.second.idle(now); });
}

std::vector<Quota::Level> Quota::levels(const std::string& account, Millis now) const {
  const std::lock_guard lock(mutex_);
  std::vector<Level> levels;
  for (const auto& [key, bucket] : buckets_) {
    if (std::get<0>(key) != account) continue;
    Level level{std::get<1>(key), std::get<2>(key), bucket.rate, 0, bucket.per_for, {}};
    level.used = static_cast<std::size_t>(
        std::count_if(bucket.begun.begin(), bucket.begun.end(),
                      [now, per_for = level.per_for](Millis at) { return at <= now && at + per_for > now; }));
    if (const Millis free = bucket.free_at(); free > now) level.until_ms = free;
    levels.push_back(std::move(level));
  }
  return levels;
}

std::vector<Quota::Waiting> Quota::waiting(const std::string& account, Millis now) const {
  const std::lock_guard lock(mutex_);
  std::vector<Waiting> found;
  for (auto at = buckets_.lower_bound({account, "", ""}); at != buckets_.end() && std::get<0>(at->first) == account;
       ++at) {
    const Millis until = at->second.free_at();
    if (until > now) found.push_back({std::get<1>(at->first), std::get<2>(at->first), until});
  }
  return found;
}

}  // namespace ieum::runtime
