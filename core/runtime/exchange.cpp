#include <algorithm>

#include "base/encoding.hpp"
#include "base/json.hpp"
#include "runtime/flight.hpp"

namespace ieum::runtime {
namespace {

constexpr std::size_t kBodyKept = 16 * 1024;  // of each request and answer
constexpr std::size_t kAttemptsKept = 20;     // the first and the newest ones
constexpr const char* kBegins = "begins_budget";
constexpr const char* kPlace = "in_inputs";  // of a body: [offset, bytes] in the step's inputs
constexpr std::size_t kPlacedLeast = 128;    // a shorter body is kept as it is
constexpr const char* kRepeats = "repeats_in_doubt";
constexpr const char* kUnclear = "unclear";
constexpr const char* kWaitsFrom = "away_from_ms";
constexpr const char* kWaited = "away_for_ms";  // from the budget's begin to this attempt

Value shown_body(std::string_view body, const vault::Redactor& redactor) {
  const std::string clean = redactor.clean(body);
  if (!utf8_valid(clean)) {
    return Map{{"base64", base64_encode(std::string_view(clean).substr(0, kBodyKept))},
               {"bytes", static_cast<std::int64_t>(body.size())}};
  }
  if (clean.size() <= kBodyKept) return clean;
  std::size_t cut = kBodyKept;
  while (cut > 0 && (static_cast<unsigned char>(clean[cut]) & 0xC0) == 0x80) --cut;
  return clean.substr(0, cut) + "…";
}

Value shown_body(std::string_view body, const vault::Redactor& redactor, std::string_view inputs) {
  const auto at = body.size() < kPlacedLeast ? std::string_view::npos : inputs.find(body);
  if (at == std::string_view::npos || redactor.clean(body) != body) return shown_body(body, redactor);
  return Map{{kPlace, List{static_cast<std::int64_t>(at), static_cast<std::int64_t>(body.size())}}};
}

// A body that was kept as its place.
Value placed_body(const List& place, std::string_view inputs) {
  const auto number = [&](std::size_t i) {
    const auto* held = i < place.size() ? place[i].if_int() : nullptr;
    return held == nullptr || *held < 0 ? inputs.size() + 1 : static_cast<std::size_t>(*held);
  };
  const std::size_t at = number(0), bytes = number(1);
  if (at > inputs.size() || bytes > inputs.size() - at) return {};
  return inputs.substr(at, bytes);
}

Value shown_headers(const Headers& headers, const vault::Redactor& redactor) {
  Map map;
  for (const auto& [name, value] : headers.fields()) map.set(to_lower_ascii(name), redactor.clean(value));
  return map;
}

// Whether its answer was lost after bytes had left, or said nothing about what became of it.
bool lost(const Value& attempt) {
  const auto* failure = attempt.get("failure");
  return attempt.flag(kUnclear) || (failure != nullptr && failure->text("sent") == "maybe");
}

bool plain(const Value& attempt) {
  return attempt.get(kBegins) == nullptr && attempt.get(kRepeats) == nullptr && !lost(attempt);
}

void mark_newest(List& exchange, const char* mark, Value value = true) {
  if (exchange.empty()) return;
  Map newest = *exchange.back().if_map();
  newest.set(mark, std::move(value));
  exchange.back() = std::move(newest);
}

}  // namespace

void record_attempt(List& exchange, const HttpRequest& request, const net::CallResult& result, Millis at_ms,
                    const vault::Redactor& redactor, std::string_view purpose, std::string_view inputs) {
  Map attempt;
  attempt.set("at_ms", at_ms);
  if (!purpose.empty()) attempt.set("purpose", purpose);
  attempt.set("request", Map{{"method", request.method},
                             {"url", redactor.clean(request.target)},
                             {"headers", shown_headers(request.headers, redactor)},
                             {"body", shown_body(request.body, redactor, inputs)}});
  if (const auto* answer = std::get_if<HttpResponse>(&result)) {
    attempt.set("answer", Map{{"status", answer->status},
                              {"headers", shown_headers(answer->headers, redactor)},
                              {"body", shown_body(answer->body, redactor)}});
  } else {
    const auto& failure = std::get<net::CallFailure>(result);
    attempt.set("failure", Map{{"code", failure.error.code},
                               {"message", redactor.clean(failure.error.text())},
                               {"sent", failure.sent == net::CallFailure::Sent::nothing ? "nothing" : "maybe"}});
  }
  if (exchange.size() >= kAttemptsKept) {
    const auto found = std::find_if(exchange.begin() + 1, exchange.end(), plain);
    exchange.erase(found == exchange.end() ? exchange.begin() + 1 : found);
  }
  exchange.push_back(std::move(attempt));
}

Value exchange_of(const store::StepRow& step) {
  if (step.exchange.empty()) return {};
  auto stored = parse_json(step.exchange, {.allow_nul = true});
  if (stored.has_error() || !stored->is_list()) return {};
  List shown;
  for (const auto& attempt : *stored->if_list()) {
    const auto* place = attempt.at_path(std::string("request.body.") + kPlace);
    if (place == nullptr || place->if_list() == nullptr) {
      shown.push_back(attempt);
      continue;
    }
    Map request = *attempt.get("request")->if_map();
    request.set("body", placed_body(*place->if_list(), step.inputs));
    Map whole = *attempt.if_map();
    whole.set("request", std::move(request));
    shown.push_back(std::move(whole));
  }
  return shown;
}

void begin_budget(List& exchange) { mark_newest(exchange, kBegins); }

void wait_begins(List& exchange, Millis now, bool anew) {
  if (exchange.empty()) return;
  if (anew) {
    mark_newest(exchange, kBegins);
    mark_newest(exchange, kWaited, 0);
    mark_newest(exchange, kWaitsFrom, exchange.back().number("at_ms"));
  } else if (exchange.back().number(kWaitsFrom) == 0) {
    mark_newest(exchange, kWaitsFrom, now);
  }
}

Millis wait_ends(List& exchange, Millis now) {
  if (exchange.empty()) return 0;
  const Millis from = exchange.back().number(kWaitsFrom);
  const Millis before = exchange.back().number(kWaited);
  if (from == 0) return before;
  mark_newest(exchange, kWaitsFrom, 0);
  waited(exchange, before + now - from);
  return before + now - from;
}

void waited(List& exchange, Millis waited_for) {
  if (waited_for != 0) mark_newest(exchange, kWaited, waited_for);
}

void mark_unclear(List& exchange) { mark_newest(exchange, kUnclear); }

bool repeats_in_doubt(List& exchange) {
  if (std::any_of(exchange.begin(), exchange.end(), [](const Value& one) { return one.get(kRepeats) != nullptr; }))
    return false;
  mark_newest(exchange, kRepeats);
  return !exchange.empty();
}

std::optional<Millis> budget_begun(const List& exchange) {
  if (exchange.empty()) return {};
  const auto anew =
      std::find_if(exchange.rbegin(), exchange.rend(), [](const Value& one) { return one.get(kBegins) != nullptr; });
  return (anew == exchange.rend() ? exchange.front() : *anew).number("at_ms") + exchange.back().number(kWaited);
}

bool may_have_arrived(const List& exchange) {
  bool arrived = false;
  for (const auto& attempt : exchange) {
    const bool unknown = attempt.flag(kUnclear) || attempt.flag(kRepeats);
    if (attempt.get("purpose") != nullptr && !unknown) {
      // A look-up that was answered has settled what came before it.
      arrived = arrived && attempt.get("failure") != nullptr;
    } else if (unknown || lost(attempt)) {
      arrived = true;
    }
  }
  return arrived;
}

host::Call call_of(const store::StepRow& step, const Value& inputs, const Value& config, Millis now_ms,
                   std::string& body) {
  host::Call call;
  call.operation = step.operation.substr(step.operation.find('.') + 1);
  call.inputs = inputs;
  call.inputs_json = step.inputs;
  call.connection = config;
  call.now_ms = now_ms;
  call.step_key = step.key;
  if (step.continuation.empty()) return call;
  auto stored = parse_json(step.continuation);
  if (stored.has_error()) return call;
  call.phase = host::Phase::resume;
  if (const auto* state = stored->get("state")) call.state = *state;
  if (const auto* outcome = stored->get("outcome")) call.outcome = *outcome;
  body = base64_decode(stored->text("body")).value_or("");
  call.body = body;
  return call;
}

}  // namespace ieum::runtime
