#include "message.hpp"

#include "codes.hpp"
#include "ieum/time.hpp"
#include "number.hpp"
#include "text_message.hpp"

namespace kakao {

namespace {

using ieum::Effect;
using ieum::Kind;
using ieum::json::object;

constexpr std::int64_t kAheadMs = 60LL * 24 * 3600 * 1000;
constexpr std::int64_t kRefusedAgainMs = 10 * 60 * 1000;
constexpr std::size_t kBrandTextMax = 1'300;
constexpr std::size_t kWideTextMax = 76;

Effect refuse(const std::string& code, const std::string& message) {
  return ieum::fail(Kind::permanent, code, message);
}
Effect refuse(const Refusal& refusal) { return refuse(refusal.code, refusal.message); }

// "#{고객명}" and "고객명" name the same variable.
std::string variable_name(std::string_view name) {
  if (name.starts_with("#{") && name.ends_with("}")) name = name.substr(2, name.size() - 3);
  return std::string(name);
}

std::optional<Effect> read_variables(const ieum::Call& call, Message& message) {
  const ieum::json::object* variables = call.input_value("variables").if_object();
  if (variables == nullptr) return std::nullopt;
  for (const auto& variable : *variables) {
    const auto text = ieum::scalar_text(variable.value());
    if (!text) return refuse("bad_variable", "the variable '" + std::string(variable.key()) + "' has no text");
    message.variables[variable_name(variable.key())] = *text;
  }
  return std::nullopt;
}

std::optional<Effect> read_time(const ieum::Call& call, Message& message) {
  const std::string at = call.input("at");
  if (at.empty()) return std::nullopt;
  const auto ms = ieum::read_rfc3339(at);
  if (!ms) return refuse("bad_time", "`at` is no time; write 2026-03-02T09:00:00+09:00");
  // A dealer sends at once what is past; that is rarely meant.
  if (*ms <= call.now_ms()) return refuse("past_time", "`at` is past");
  if (*ms > call.now_ms() + kAheadMs) return refuse("far_time", "`at` is more than 60 days away");
  message.at_ms = *ms;
  return std::nullopt;
}

std::optional<Effect> check_alimtalk(const ieum::Call& call, Message& message) {
  if (message.text_template.empty()) return refuse("no_template", "the template is empty");
  message.auth = ieum::flag_at(call.inputs(), "auth");
  if (message.auth && call.config("dealer") != "nhn")
    return refuse("no_auth", "`auth` is for NHN Cloud; leave it out, the dealer sends such templates like any other");
  const bool has_list = call.has_resource("templates") && call.config("dealer") != "aligo";
  if (!has_list) {  // the dealer judges
    if (const auto wrong = check_buttons(message.buttons, 5)) return refuse(*wrong);
    return std::nullopt;
  }
  const auto item = read_template(call.resource("templates"));
  if (!item)
    return refuse("no_such_template", "the dealer has no template '" + message.text_template + "'; see its console");
  Rendered rendered = render(*item, message.variables, call.input("text"), message.buttons);
  if (rendered.refusal) return refuse(*rendered.refusal);
  message.text = rendered.text;
  return std::nullopt;
}

std::optional<Effect> check_brand(const ieum::Call& call, Message& message) {
  message.bubble = call.input("bubble", "TEXT");
  message.targeting = call.input("targeting", "I");
  message.adult = ieum::flag_at(call.inputs(), "adult");
  message.silent = ieum::flag_at(call.inputs(), "silent");
  if (const ieum::json::object* parts = call.input_value("parts").if_object()) message.parts = *parts;
  if (message.targeting != "I" && message.targeting != "M" && message.targeting != "N")
    return refuse("bad_targeting", "`targeting` is I (friends), M (consented) or N (consented, no friends)");
  if (message.text_template.empty()) {
    const bool wide = message.bubble == "WIDE" || message.bubble == "PREMIUM_VIDEO";
    const std::size_t most = wide ? kWideTextMax : kBrandTextMax;
    if (message.text.empty() && message.parts.empty())
      return refuse("no_text", "the message has neither text nor parts");
    if (characters(message.text) > most)
      return refuse("text_too_long", "the text has " + std::to_string(characters(message.text)) + " characters; " +
                                         message.bubble + " takes " + std::to_string(most));
    if (const auto wrong = check_buttons(message.buttons, wide ? 2 : 5)) return refuse(*wrong);
  }
  if (message.dealer_fallback && call.config("dealer") != "nhn")
    return refuse("no_fallback", "Solapi sends no text instead of a brand message; let the recipe do it");
  if (message.at_ms > 0) {
    if (is_brand_night(message.at_ms))
      return refuse("night", "`at` is in the night; brand messages go from 08:00 to 20:50 in Korea");
    return std::nullopt;
  }
  // now_ms() is when the step was opened, before and after the wait.
  if (is_brand_night(call.now_ms()) && !call.waited())
    return ieum::wait(call.now_ms() + until_morning_ms(call.now_ms()), object{});
  return std::nullopt;
}

std::optional<Effect> check_text(const ieum::Call& call, Message& message) {
  if (message.text.empty()) return refuse("no_text", "the text is empty");
  if (!national_number(call.config("from")))
    return refuse("no_sender", "the connection has no sender number (`from`); it must be registered at the dealer");
  for (const std::string* text : {&message.text, &message.subject})
    if (const auto foreign = foreign_character(*text))
      return refuse("not_euc_kr", "the text holds '" + *foreign + "', which Korean texts cannot show; leave it out");
  const std::size_t bytes = euc_kr_bytes(message.text);
  const bool sms = message.product == Product::sms;
  if (bytes > (sms ? kSmsBytes : kLmsBytes))
    return refuse("text_too_long", "the text has " + std::to_string(bytes) + " bytes in EUC-KR; " +
                                       (sms ? "a short one has 90: use lms.send" : "a long one has 2,000"));
  if (!sms && euc_kr_bytes(message.subject) > kSubjectBytes)
    return refuse("subject_too_long", "the subject has more than 40 bytes in EUC-KR");
  // Where the dealer was asked to send the text, the recipe must not send a second one.
  if (ieum::text_at(call.inputs(), "instead_of.fallback") == "dealer")
    return refuse(
        "dealer_falls_back",
        "that alimtalk was sent with `fallback: dealer`: the dealer sends the text itself; use one of the two");
  return std::nullopt;
}

}  // namespace

Product product_of(std::string_view operation) {
  if (operation.starts_with("brand_message")) return Product::brand_message;
  if (operation.starts_with("sms") || operation == "text") return Product::sms;
  return operation.starts_with("lms") ? Product::lms : Product::alimtalk;
}

Outgoing read_message(const ieum::Call& call, Product product) {
  Outgoing out;
  Message& message = out.message;
  message.product = product;
  const auto to = national_number(call.input("to"));
  if (!to) {
    out.refusal =
        refuse("bad_number", "the number is no Korean telephone number; write 010-1234-5678 or +82 10 1234 5678");
    return out;
  }
  message.to = *to;
  message.text_template = call.input("template");
  message.text = call.input("text");
  message.subject = call.input("subject");
  message.dealer_fallback = call.input("fallback") == "dealer";
  message.fallback_text = call.input("fallback_text");
  message.fallback_title = call.input("fallback_title");
  std::optional<Refusal> wrong;
  message.buttons = read_buttons(call.input_value("buttons"), wrong);
  if (wrong) {
    out.refusal = refuse(*wrong);
    return out;
  }
  if ((out.refusal = read_variables(call, message)) || (out.refusal = read_time(call, message))) return out;
  switch (product) {
    case Product::alimtalk: out.refusal = check_alimtalk(call, message); break;
    case Product::brand_message: out.refusal = check_brand(call, message); break;
    case Product::sms:
    case Product::lms: out.refusal = check_text(call, message); break;
  }
  return out;
}

Handle read_handle(const ieum::Call& call) {
  const std::string kind = call.input("kind", "alimtalk");
  Handle handle;
  handle.product = product_of(kind);
  handle.message_id = call.input("message_id");
  handle.group_id = call.input("group_id");
  handle.recipient = call.input("recipient", "1");
  handle.auth = ieum::flag_at(call.inputs(), "auth");
  return handle;
}

std::string result_key(const object& result) {
  const std::string id = ieum::text_at(result, "message_id");
  if (id.empty()) return {};
  return ieum::text_at(result, "dealer") + ":" + id + ":" + ieum::text_at(result, "recipient") + ":" +
         ieum::text_at(result, "code");
}

std::int64_t night_delay_ms(const ieum::Call& call) {
  return ieum::flag_at(call.state(), "waited") ? kRefusedAgainMs : until_morning_ms(call.now_ms());
}

ieum::json::object accepted(std::string_view dealer, const std::string& message_id, const std::string& group_id,
                            const ieum::Call& call) {
  return {{"dealer", dealer},
          {"message_id", message_id},
          {"group_id", group_id},
          {"status", call.input("at").empty() ? "accepted" : "scheduled"},
          {"fallback", call.input("fallback") == "dealer" ? "dealer" : "none"}};
}

}  // namespace kakao
