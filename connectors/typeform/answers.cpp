#include "answers.hpp"

#include <algorithm>

#include "ieum/address.hpp"

namespace typeform {

using ieum::Call;
using ieum::Effect;
using ieum::Kind;

namespace {

constexpr std::int64_t kPauseMs = 1000;  // two calls a second for an account
constexpr std::size_t kDetailsMax = 3;
constexpr std::size_t kShownMax = 80;

// The beginning of a text, cut between letters.
std::string shown(std::string_view text) {
  if (text.size() <= kShownMax) return std::string(text);
  std::size_t end = kShownMax;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) --end;
  return std::string(text.substr(0, end)) + "...";
}

// "description (details)", from what the answer has.
std::string told(const Call& call) {
  std::string text = ieum::text_at(call.answer(), "description");
  const ieum::json::value* details = ieum::find(call.answer(), "details");
  if (details == nullptr || !details->is_array()) return text;
  std::size_t count = 0;
  for (const ieum::json::value& detail : details->get_array()) {
    if (++count > kDetailsMax) break;
    const std::string what = ieum::text_at(detail, "description", ieum::text_at(detail, "code"));
    const std::string where = ieum::text_at(detail, "field");
    if (what.empty()) continue;
    text += (text.empty() ? "" : "; ") + (where.empty() ? what : where + ": " + what);
  }
  return text;
}

}  // namespace

std::string api_url(const Call& call, std::string_view path) {
  return ieum::base_url(call, "https://api.typeform.com") + std::string(path);
}

std::optional<std::string> form_path(std::string_view form, std::string_view rest) {
  const bool plain = !form.empty() && form.size() <= 64 && std::all_of(form.begin(), form.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
  });
  if (!plain) return std::nullopt;
  return "/forms/" + std::string(form) + std::string(rest);
}

Effect bad_form(std::string_view form) {
  return ieum::fail(Kind::permanent, "bad_form",
                    form.empty() ? "which form? its id is the end of its address, as in typeform.com/to/lT4Z3j"
                                 : "no form has the id '" + shown(form) +
                                       "'; it is the end of the form's address, as in typeform.com/to/lT4Z3j");
}

std::optional<Effect> failure(const Call& call) {
  if (call.succeeded()) return std::nullopt;
  const int status = call.status();
  const std::string code = ieum::text_at(call.answer(), "code", "http_" + std::to_string(status));
  const std::string said = told(call);
  const std::string text = said.empty() ? "HTTP " + std::to_string(status) : said;
  if (status == 401) {
    const bool login = call.config("login") == "oauth";
    return ieum::fail(login ? Kind::auth_refresh : Kind::auth_dead, code, text);
  }
  if (status == 403) return ieum::fail(Kind::permanent, code, text + " (does the token have the scope for this?)");
  if (status == 429) {
    if (!call.header("retry-after").empty()) return ieum::fail(Kind::rate_limited, code, text);
    return ieum::fail(Kind::rate_limited, code, text, kPauseMs);
  }
  return ieum::fail(ieum::kind_of_status(status), code, text);
}

Effect unreadable(std::string_view what) {
  return ieum::fail(Kind::ambiguous, "unreadable_answer", "Typeform's answer has no " + std::string(what));
}

}  // namespace typeform
