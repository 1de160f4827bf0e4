// Aligo: alimtalk and its result, as independent clients show it; nothing of it was confirmed against the vendor's own words.
// A form with the API key inside, HTTP 200 for everything: `code` 0 is success. The text is ours to fill in and must be the
// template's. There is no idempotency key and no look-up by a mark: a lost answer stays in doubt. Calls are only taken from
// addresses that are entered in Aligo's console.
#include "codes.hpp"
#include "dealers.hpp"
#include "ieum/address.hpp"
#include "ieum/time.hpp"
#include "number.hpp"

namespace kakao {
namespace {

using ieum::Effect;
using ieum::Kind;
using ieum::json::object;

constexpr std::string_view kBase = "https://kakaoapi.aligo.in";

struct Form {
  std::string text;
  void add(std::string_view name, std::string_view value) {
    text += (text.empty() ? "" : "&") + ieum::percent_encode(name) + "=" + ieum::percent_encode(value);
  }
};

Effect post(const ieum::Call& call, std::string_view path, Form form, ieum::Safety safety) {
  return ieum::http("POST", ieum::base_url(call, kBase) + std::string(path))
      .body(std::move(form.text), "application/x-www-form-urlencoded")
      .fill("/apikey", "aligo_api_key")
      .auth("")
      .safety(safety);
}

Form begun(const ieum::Call& call) {
  Form form;
  form.add("apikey", "");
  form.add("userid", call.config("aligo_user"));
  return form;
}

Effect not_there(const ieum::Call&) {
  return ieum::fail(Kind::permanent, "not_at_aligo", "Aligo has no such call, or the hub does not know it");
}
Effect not_there(const ieum::Call& call, const Handle&) { return not_there(call); }

// Nothing when code is 0, which comes as a number or as text.
std::optional<Effect> failure(const ieum::Call& call) {
  if (!call.succeeded()) return ieum::http_failure(call);
  const std::string code = ieum::text_at(call.answer(), "code");
  if (code == "0") return std::nullopt;
  if (code.empty()) return ieum::fail(Kind::ambiguous, "unreadable_answer", "Aligo's answer cannot be read");
  const std::string text = "Aligo " + code + ": " + ieum::text_at(call.answer(), "message");
  return ieum::fail(code == "-99" ? Kind::auth_dead : Kind::permanent, code, text);
}

std::string button_text(const std::vector<Button>& buttons) {
  ieum::json::array list;
  for (const Button& button : buttons) {
    object out{{"name", button.name}, {"linkType", button.type}};
    for (const auto& [name, text] : {std::pair<std::string_view, const std::string&>{"linkMo", button.link_mo},
                                     {"linkPc", button.link_pc},
                                     {"linkAnd", button.scheme_android},
                                     {"linkIos", button.scheme_ios}})
      if (!text.empty()) out[name] = text;
    list.emplace_back(std::move(out));
  }
  return ieum::to_json(object{{"button", std::move(list)}});
}

Effect send(const ieum::Call& call, const Message& message) {
  if (message.product != Product::alimtalk)
    return ieum::fail(Kind::permanent, "not_at_aligo", "the hub sends only alimtalk through Aligo");
  if (message.at_ms > 0)
    return ieum::fail(Kind::permanent, "not_at_aligo", "the hub does not schedule through Aligo; let the recipe wait");
  if (message.text.empty())
    return ieum::fail(Kind::permanent, "no_text",
                      "Aligo wants the filled text: write it into `text`, as the template has it, byte for byte");
  Form form = begun(call);
  form.add("senderkey", call.config("sender_key"));
  form.add("tpl_code", message.text_template);
  form.add("sender", national_number(call.config("from")).value_or(""));
  form.add("receiver_1", message.to);
  form.add("subject_1", message.subject.empty() ? message.text_template : message.subject);
  form.add("message_1", message.text);
  if (!message.buttons.empty()) form.add("button_1", button_text(message.buttons));
  form.add("failover", message.dealer_fallback ? "Y" : "N");
  if (message.dealer_fallback) {
    form.add("fsubject_1", message.fallback_title.empty() ? message.text_template : message.fallback_title);
    form.add("fmessage_1", message.fallback_text.empty() ? message.text : message.fallback_text);
  }
  return post(call, "/akv10/alimtalk/send/", std::move(form), ieum::Safety::unsafe);
}

Effect sent(const ieum::Call& call, const Message&) {
  if (auto failed = failure(call)) return std::move(*failed);
  return ieum::done(accepted("aligo", ieum::text_at(call.answer(), "info.mid"), "", call));
}

Effect find(const ieum::Call&, Product) {
  return ieum::fail(Kind::permanent, "no_look_up",
                    "Aligo cannot say whether a message went out; look at its console, then retry or skip the step");
}

Effect get(const ieum::Call& call, const Handle& handle) {
  Form form = begun(call);
  form.add("mid", handle.message_id);
  form.add("page", "1");
  form.add("limit", "50");
  return post(call, "/akv10/history/detail/", std::move(form), ieum::Safety::safe);
}

// rslt is 0 (or 0000) for a message that arrived, empty while it is on its way.
Effect got(const ieum::Call& call, const Handle& handle) {
  if (auto failed = failure(call)) return std::move(*failed);
  const ieum::json::value* list = ieum::find(call.answer(), "list");
  if (list == nullptr || !list->is_array() || list->get_array().empty())
    return ieum::fail(Kind::permanent, "no_such_message", "Aligo has no such message");
  const ieum::json::value& message = list->get_array().front();
  const std::string code = ieum::text_at(message, "rslt");
  const std::string_view status = code.empty() ? "accepted" : code == "0" || code == "0000" ? "delivered" : "failed";
  return ieum::done({{"dealer", "aligo"},
                     {"message_id", handle.message_id},
                     {"status", status},
                     {"code", code},
                     {"reason", status == "failed" ? std::string_view("other") : std::string_view()},
                     {"fallback", ""},
                     {"text", ieum::text_at(message, "message")}});
}

Effect test(const ieum::Call& call) { return post(call, "/akv10/heartinfo/", begun(call), ieum::Safety::safe); }

Effect tested(const ieum::Call& call) {
  if (auto failed = failure(call)) return std::move(*failed);
  return ieum::done({{"dealer", "aligo"}, {"balance", ieum::text_at(call.answer(), "list.ALT_CNT")}});
}

// The author gives the text; there is no list to check it against.
Effect templates(const ieum::Call&) { return ieum::done({{"items", ieum::json::array{}}}); }

// Nothing is polled: message.get asks for one message.
Effect results(const ieum::Call& call) { return ieum::events().cursor({{"until", call.now_ms()}}); }

Effect found(const ieum::Call& call, Product) { return not_there(call); }

}  // namespace

const Dealer kAligo{send,      sent,      find, found,  get,       got,     not_there, not_there,
                    templates, not_there, test, tested, not_there, results, not_there};

}  // namespace kakao
