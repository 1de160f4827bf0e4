#include "sandbox/faults.hpp"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <set>

#include "base/encoding.hpp"
#include "base/json.hpp"

namespace ieum::sandbox {

namespace {

using namespace std::string_view_literals;

constexpr std::size_t kFaultsMax = 1'000;
constexpr std::int64_t kDelayMax = 10 * kMinute;

constexpr std::array kKinds = {
    std::pair{"status"sv, FaultKind::status},         std::pair{"drop_before"sv, FaultKind::drop_before},
    std::pair{"drop_after"sv, FaultKind::drop_after}, std::pair{"half"sv, FaultKind::half},
    std::pair{"delay"sv, FaultKind::delay},           std::pair{"lookup_fails"sv, FaultKind::lookup_fails},
    std::pair{"rate_limit"sv, FaultKind::rate_limit}};

Error bad(std::string what, std::string mend) { return Error("bad_fault", std::move(what), std::move(mend)); }

// Nothing when every key is known.
std::optional<std::string> unknown_key(const Value& json, const std::set<std::string_view>& known) {
  for (const auto& [key, value] : *json.if_map())
    if (!known.contains(text_of(&key))) return text_of(&key);
  return std::nullopt;
}

bool is_mode(const Fault& fault) { return fault.kind == FaultKind::rate_limit; }
bool is_spent(const Fault& fault) { return fault.times >= 0 && fault.hits >= fault.times; }
bool is_for(const Fault& fault, std::string_view vendor) { return fault.vendor.empty() || fault.vendor == vendor; }

bool matches(const Fault& fault, std::string_view vendor, const Incoming& in, const Description& call) {
  if (!is_for(fault, vendor)) return false;
  if (fault.kind == FaultKind::lookup_fails && !call.reads) return false;
  if (!fault.path.empty() && in.http.target.find(fault.path) == std::string::npos) return false;
  if (!fault.method.empty() && !equals_ignoring_case(fault.method, in.http.method)) return false;
  if (!fault.operation.empty() && fault.operation != call.operation) return false;
  if (!fault.key.empty() && fault.key != call.key) return false;
  return fault.to.empty() || (call.message && call.message->to == fault.to);
}

Status read_response(const Value& json, Fault& fault) {
  const bool look_up = fault.kind == FaultKind::lookup_fails;
  const std::int64_t status = json.number("status", look_up ? 500 : 0);
  if (status < 200 || status > 599) return bad("the status is missing or not from 200 to 599", R"(give "status": 503)");
  fault.response.status = static_cast<int>(status);
  bool typed = false;
  if (const Value* headers = json.get("headers"); headers != nullptr) {
    if (!headers->is_map()) return bad("headers are a map of names to texts", R"(give {"Retry-After": "2"})");
    for (const auto& [name, value] : *headers->if_map()) {
      const std::string text = value.if_int() != nullptr ? std::to_string(*value.if_int()) : text_of(&value);
      IEUM_CHECK(check_outbound_header(text_of(&name), text));
      fault.response.headers.add(text_of(&name), text);
      typed = typed || equals_ignoring_case(text_of(&name), "Content-Type");
    }
  }
  const Value* body = json.get("body");
  if (body == nullptr)
    fault.response.body = R"({"error":"sandbox_fault"})";
  else
    fault.response.body = body->is_string() ? *body->if_string() : write_json(*body);
  if (!typed)
    fault.response.headers.add("Content-Type", body != nullptr && body->is_string()
                                                   ? "text/plain; charset=utf-8"
                                                   : "application/json; charset=utf-8");
  return {};
}

Status read_match(const Value& json, Fault& fault) {
  const Value* match = json.get("match");
  if (match == nullptr || match->is_null()) return {};
  if (!match->is_map()) return bad("match is a map", R"(give "match": {"path": "send-many"})");
  if (const auto key = unknown_key(*match, {"path", "method", "operation", "key", "to", "nth"}))
    return bad("match knows no '" + *key + "'", "use path, method, operation, key, to or nth");
  fault.path = match->text("path");
  fault.method = match->text("method");
  fault.operation = match->text("operation");
  fault.key = match->text("key");
  fault.to = match->text("to");
  fault.nth = match->number("nth", 1);
  if (fault.nth < 1) return bad("nth counts from 1", R"(give "nth": 1 for the first call)");
  return {};
}

}  // namespace

std::string_view fault_name(FaultKind kind) {
  for (const auto& [name, each] : kKinds)
    if (each == kind) return name;
  return "";
}

Result<std::int64_t> Faults::add(const Value& json) {
  if (!json.is_map())
    return bad("a fault is a JSON object", R"(send {"vendor": "slack", "kind": "status", "status": 503})");
  if (const auto key = unknown_key(
          json, {"vendor", "kind", "times", "match", "status", "body", "headers", "ms", "acts", "chance", "seed"}))
    return bad("a fault knows no '" + *key + "'",
               "use vendor, kind, times, match, status, body, headers, ms, acts, chance, seed");
  if (faults_.size() >= kFaultsMax) return bad("there are 1,000 faults already", "DELETE /_sandbox/faults");
  Fault fault;
  fault.vendor = json.text("vendor");
  if (fault.vendor == "*") fault.vendor.clear();
  if (const std::set<std::string_view> vendors{"", "slack", "shopify", "solapi", "nhn", "google", "tally", "brevo",
                                               "airtable", "ga4", "typeform", "mailchimp", "http"};
      !vendors.contains(fault.vendor))
    return bad("there is no vendor '" + fault.vendor + "' here",
               "use slack, shopify, solapi, nhn, google, tally, brevo, airtable, ga4, typeform, mailchimp, http or *");
  const std::string kind = json.text("kind");
  const auto at = std::find_if(kKinds.begin(), kKinds.end(), [&](const auto& each) { return each.first == kind; });
  if (at == kKinds.end())
    return bad("there is no kind '" + kind + "'",
               "use status, drop_before, drop_after, half, delay, lookup_fails or rate_limit");
  fault.kind = at->second;
  fault.times = json.number("times", is_mode(fault) ? -1 : 1);
  fault.acts = json.flag("acts");
  fault.delay_ms = json.number("ms");
  if (fault.kind == FaultKind::delay && (fault.delay_ms < 1 || fault.delay_ms > kDelayMax))
    return bad("a delay needs ms, from 1 to 600000", R"(give "ms": 1500)");
  if (fault.kind == FaultKind::status || fault.kind == FaultKind::lookup_fails) IEUM_CHECK(read_response(json, fault));
  IEUM_CHECK(read_match(json, fault));
  if (const Value* chance = json.get("chance"); chance != nullptr) {
    const std::string digits =
        chance->if_decimal() != nullptr ? chance->if_decimal()->digits : std::to_string(json.number("chance", -1));
    fault.chance = std::strtod(digits.c_str(), nullptr);
    if (!(fault.chance >= 0 && fault.chance <= 1)) return bad("chance is from 0 to 1", R"(give "chance": 0.2)");
    fault.random = std::make_shared<SeededRandom>(static_cast<std::uint64_t>(json.number("seed", 1)));
  }
  fault.id = ++last_id_;
  faults_.push_back(std::move(fault));
  return last_id_;
}

Value Faults::list() const {
  List out;
  for (const Fault& fault : faults_)
    out.emplace_back(Map{{"id", fault.id},
                         {"vendor", fault.vendor.empty() ? "*" : fault.vendor},
                         {"kind", fault_name(fault.kind)},
                         {"times", fault.times},
                         {"seen", fault.seen},
                         {"hits", fault.hits}});
  return Map{{"faults", std::move(out)}};
}

std::optional<Fault> Faults::next(std::string_view vendor, const Incoming& in, const Description& call) {
  Fault* chosen = nullptr;
  for (Fault& fault : faults_) {
    if (is_mode(fault) || !matches(fault, vendor, in, call)) continue;
    ++fault.seen;
    if (chosen != nullptr || is_spent(fault) || fault.seen < fault.nth) continue;
    if (fault.random && fault.random->unit() >= fault.chance) continue;
    chosen = &fault;
  }
  if (chosen == nullptr) return std::nullopt;
  ++chosen->hits;
  return *chosen;
}

bool Faults::limits(std::string_view vendor) const {
  return std::any_of(faults_.begin(), faults_.end(),
                     [&](const Fault& fault) { return is_mode(fault) && is_for(fault, vendor) && !is_spent(fault); });
}

void Faults::count_limited(std::string_view vendor) {
  for (Fault& fault : faults_) {
    if (!is_mode(fault) || !is_for(fault, vendor) || is_spent(fault)) continue;
    ++fault.hits;
    return;
  }
}

}  // namespace ieum::sandbox
