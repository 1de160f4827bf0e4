#include <algorithm>

#include "base/encoding.hpp"
#include "base/json.hpp"
#include "runtime/flight.hpp"

namespace ieum::runtime {
namespace {

constexpr std::size_t kBodyKept = 16 * 1024;  // of each request and answer
constexpr std::size_t kAttemptsKept = 20;     // the first and the newest ones
constexpr const char* kBegins = "begins_budget";

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

Value shown_headers(const Headers& headers, const vault::Redactor& redactor) {
  Map map;
  for (const auto& [name, value] : headers.fields()) map.set(to_lower_ascii(name), redactor.clean(value));
  return map;
}

// Whether its answer was lost after bytes had left.
bool lost(const Value& attempt) {
  const auto* failure = attempt.get("failure");
  return failure != nullptr && failure->text("sent") == "maybe";
}

}  // namespace

void record_attempt(List& exchange, const HttpRequest& request, const net::CallResult& result, Millis at_ms,
                    const vault::Redactor& redactor, std::string_view purpose) {
  Map attempt;
  attempt.set("at_ms", at_ms);
  if (!purpose.empty()) attempt.set("purpose", purpose);
  attempt.set("request", Map{{"method", request.method},
                             {"url", redactor.clean(request.target)},
                             {"headers", shown_headers(request.headers, redactor)},
                             {"body", shown_body(request.body, redactor)}});
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
    const auto plain = std::find_if(exchange.begin() + 1, exchange.end(),
                                    [](const Value& one) { return one.get(kBegins) == nullptr && !lost(one); });
    exchange.erase(plain == exchange.end() ? exchange.begin() + 1 : plain);
  }
  exchange.push_back(std::move(attempt));
}

void begin_budget(List& exchange) {
  if (exchange.empty()) return;
  Map newest = *exchange.back().if_map();
  newest.set(kBegins, true);
  exchange.back() = std::move(newest);
}

std::optional<Millis> budget_begun(const List& exchange) {
  if (exchange.empty()) return {};
  const auto anew =
      std::find_if(exchange.rbegin(), exchange.rend(), [](const Value& one) { return one.get(kBegins) != nullptr; });
  return (anew == exchange.rend() ? exchange.front() : *anew).number("at_ms");
}

bool may_have_arrived(const List& exchange) {
  bool arrived = false;
  for (const auto& attempt : exchange) {
    if (attempt.get("purpose") != nullptr) {
      // A look-up that was answered has settled what came before it.
      arrived = arrived && attempt.get("failure") != nullptr;
    } else if (lost(attempt)) {
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
