// Kakao (카카오) through one of its dealers: alimtalk of approved templates, brand messages, texts. "Accepted" by the dealer
// is not "delivered": that is told by message.result. This file says which call is what; message.cpp reads and checks.
#include "ieum/module.hpp"
#include "dealers.hpp"
#include "ieum/address.hpp"
#include "message.hpp"

namespace kakao {

namespace {

using ieum::Call;
using ieum::Effect;
using ieum::Kind;

const Dealer& dealer_of(const Call& call) {
  const std::string dealer = call.config("dealer");
  return dealer == "nhn" ? kNhn : dealer == "aligo" ? kAligo : kSolapi;
}

bool is_send(std::string_view operation) {
  return operation == "alimtalk.send" || operation == "brand_message.send" || operation == "sms.send" ||
         operation == "lms.send";
}

bool is_find(std::string_view operation) {
  return operation == "alimtalk.find" || operation == "brand_message.find" || operation == "sms.find" ||
         operation == "lms.find";
}

Effect begin(const Call& call, const Dealer& dealer, const std::string& operation) {
  if (is_send(operation)) {
    const Outgoing outgoing = read_message(call, product_of(operation));
    return outgoing.refusal ? *outgoing.refusal : dealer.send(call, outgoing.message);
  }
  if (is_find(operation)) return dealer.find(call, product_of(operation));
  if (operation == "message.get" || operation == "scheduled.cancel") {
    const Handle handle = read_handle(call);
    if (handle.message_id.empty() && handle.group_id.empty())
      return ieum::fail(Kind::permanent, "no_message", "give `message_id` or `group_id` of the step that sent");
    return operation == "message.get" ? dealer.get(call, handle) : dealer.cancel(call, handle);
  }
  if (operation == "template.list") return dealer.templates(call);
  if (operation == "account.test") return dealer.test(call);
  return ieum::fail(Kind::permanent, "unknown_operation", "kakao has no operation '" + operation + "'");
}

Effect resume(const Call& call, const Dealer& dealer, const std::string& operation) {
  if (call.waited()) return begin(call, dealer, operation);  // the night is over
  if (is_send(operation)) return dealer.sent(call, read_message(call, product_of(operation)).message);
  if (is_find(operation)) return dealer.found(call, product_of(operation));
  if (operation == "message.get") return dealer.got(call, read_handle(call));
  if (operation == "scheduled.cancel") return dealer.cancelled(call);
  if (operation == "template.list") return dealer.templates_came(call);
  if (operation == "account.test") return dealer.tested(call);
  if (operation == "results") return dealer.results_came(call);
  return ieum::fail(Kind::permanent, "unknown_operation", "kakao has no operation '" + operation + "'");
}

Effect step(const Call& call) {
  const Dealer& dealer = dealer_of(call);
  if (auto refusal = ieum::bad_base_url(call)) return std::move(*refusal);
  switch (call.phase()) {
    case ieum::Phase::begin: return begin(call, dealer, call.operation());
    case ieum::Phase::resume: return resume(call, dealer, call.operation());
    case ieum::Phase::webhook: return dealer.reports(call);
    case ieum::Phase::poll: return dealer.results(call);
  }
  return ieum::fail(Kind::permanent, "unknown_operation", "kakao has no such call");
}

}  // namespace

}  // namespace kakao

IEUM_CONNECTOR(kakao::step)
