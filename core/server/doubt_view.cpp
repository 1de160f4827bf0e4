#include "server/doubt_view.hpp"

#include "runtime/exchange.hpp"
#include "server/run_view.hpp"

namespace ieum::server {
namespace {

Value both(const char* ko, const char* en) { return Map{{"ko", ko}, {"en", en}}; }

Value would(const host::Operation* operation) {
  if (operation == nullptr)
    return both("커넥터에 이 동작이 더 이상 없습니다. 상대 서비스에서 직접 확인하세요.",
                "The connector has no such operation any more. Look at the vendor yourself.");
  switch (operation->safety) {
    case host::Safety::safe: return both("다시 보내도 아무것도 바뀌지 않습니다.", "Sending it again changes nothing.");
    case host::Safety::idempotent:
      return both("다시 보내도 한 번 보낸 것과 결과가 같습니다.", "Sent again, it leaves what once would have left.");
    case host::Safety::keyed:
      return both("상대 서비스가 같은 키를 알아보고 두 번째 요청을 무시합니다.",
                  "The vendor knows the key and ignores the second request.");
    case host::Safety::natural:
      return both("상대 서비스가 고유한 값을 보고 두 번째 요청을 거절합니다.",
                  "The vendor refuses the second request by its own unique field.");
    case host::Safety::unsafe: break;
  }
  return both("첫 요청이 도착했다면 다시 보낼 때 같은 일이 두 번 일어납니다.",
              "If the first request arrived, sending it again does it twice.");
}

std::string_view policy_word(recipe::InDoubt policy) {
  switch (policy) {
    case recipe::InDoubt::fail: return "fail";
    case recipe::InDoubt::skip: return "skip";
    case recipe::InDoubt::repeat: return "repeat";
    case recipe::InDoubt::wait: break;
  }
  return "wait";
}

}  // namespace

Value doubt_view(const store::StepRow& step, const host::Operation* operation, const recipe::Recipe* recipe,
                 const recipe::Use* use) {
  Map bytes{{"sent", "nothing"}, {"at_ms", Value()}};
  Millis since = step.opened_ms;
  const Value exchange = runtime::exchange_of(step);
  if (const auto* attempts = exchange.if_list()) {
    for (const auto& attempt : *attempts) {
      since = attempt.number("at_ms", since);
      const auto* failure = attempt.get("failure");
      const bool arrived = failure == nullptr || failure->text("sent") == "maybe";
      if (attempt.get("purpose") == nullptr && arrived)
        bytes = Map{{"sent", "maybe"}, {"at_ms", attempt.number("at_ms")}};
    }
  }
  // A process that ended during the call left no attempt behind.
  if (exchange.is_null() || step.error_code == "fate_unknown" || step.error_code == "poison")
    bytes = Map{{"sent", "maybe"}, {"at_ms", step.opened_ms}};
  auto policy = recipe::InDoubt::wait;
  if (recipe != nullptr && recipe->on_doubt) policy = *recipe->on_doubt;
  if (use != nullptr && use->on_doubt) policy = *use->on_doubt;
  return Map{{"since_ms", since},
             {"code", step.error_code},
             {"message", step.error_text},
             {"bytes", std::move(bytes)},
             {"look_up", operation != nullptr && !operation->reconcile.empty()},
             {"would", would(operation)},
             {"on_doubt", policy_word(policy)}};
}

}  // namespace ieum::server
