// Kakao alimtalk (알림톡) through one of two dealers. Kakao approves the text as a template; what is sent are its
// variables. "Accepted" by the dealer is not "delivered": the delivery is told by message.result.
#include "ieum/module.hpp"
#include "dealers.hpp"
#include "ieum/address.hpp"
#include "number.hpp"

namespace kakao {

namespace {

using ieum::Call;
using ieum::Effect;
using ieum::Kind;

bool uses_nhn(const Call& call) { return call.config("dealer") == "nhn"; }

// "#{고객명}" and "고객명" name the same variable.
std::string variable_name(std::string_view name) {
  if (name.starts_with("#{") && name.ends_with("}")) name = name.substr(2, name.size() - 3);
  return std::string(name);
}

Effect send(const Call& call) {
  Message message;
  const auto to = national_number(call.input("to"));
  if (!to)
    return ieum::fail(Kind::permanent, "bad_number",
                      "the number is no Korean telephone number; write 010-1234-5678 or +82 10 1234 5678");
  message.to = *to;
  message.text_template = call.input("template");
  if (message.text_template.empty()) return ieum::fail(Kind::permanent, "no_template", "the template is empty");
  if (const ieum::json::object* variables = call.input_value("variables").if_object()) {
    for (const auto& variable : *variables) {
      const auto text = ieum::scalar_text(variable.value());
      if (!text)
        return ieum::fail(Kind::permanent, "bad_variable",
                          "the variable '" + std::string(variable.key()) + "' has no text");
      message.variables[variable_name(variable.key())] = *text;
    }
  }
  message.sms_fallback = call.input("fallback") == "sms";
  message.fallback_text = call.input("fallback_text");
  if (call.input_value("buttons").is_array()) message.buttons = call.input_value("buttons");
  return uses_nhn(call) ? nhn::send(call, message) : solapi::send(call, message);
}

Effect find(const Call& call) {
  if (uses_nhn(call)) return nhn::find(call);
  const auto to = national_number(call.input("to"));
  if (!to) return ieum::not_found();  // such a message was never sent
  return solapi::find(call, *to);
}

Effect found(const Call& call) {
  if (uses_nhn(call)) return nhn::found(call);
  return solapi::found(call, national_number(call.input("to")).value_or(""));
}

Effect step(const Call& call) {
  const std::string operation = call.operation();
  const bool nhn_dealer = uses_nhn(call);
  if (auto refusal = ieum::bad_base_url(call)) return std::move(*refusal);
  switch (call.phase()) {
    case ieum::Phase::begin:
      if (operation == "alimtalk.send") return send(call);
      if (operation == "alimtalk.find") return find(call);
      if (operation == "account.test") return nhn_dealer ? nhn::test(call) : solapi::test(call);
      break;
    case ieum::Phase::resume:
      if (operation == "alimtalk.send") return nhn_dealer ? nhn::sent(call) : solapi::sent(call);
      if (operation == "alimtalk.find") return found(call);
      if (operation == "account.test") return nhn_dealer ? nhn::tested(call) : solapi::tested(call);
      break;
    case ieum::Phase::webhook: return nhn_dealer ? nhn::reports(call) : solapi::reports(call);
    case ieum::Phase::poll: break;
  }
  return ieum::fail(Kind::permanent, "unknown_operation", "kakao has no operation '" + operation + "'");
}

}  // namespace

}  // namespace kakao

IEUM_CONNECTOR(kakao::step)
