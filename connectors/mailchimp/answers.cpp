#include "answers.hpp"

#include <algorithm>

#include "ieum/address.hpp"
#include "subscriber.hpp"

namespace mailchimp {

using ieum::Call;
using ieum::Effect;
using ieum::Kind;

namespace {

constexpr std::int64_t kPauseMs = 2000;  // ten connections at once are allowed; no Retry-After comes
constexpr std::size_t kErrorsMax = 5;

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
bool is_digit(char c) { return c >= '0' && c <= '9'; }

// "Member Exists" -> "member_exists"
std::string code_of(std::string_view title) {
  std::string out;
  for (const char c : title) {
    if (is_letter(c) || is_digit(c))
      out += static_cast<char>(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
    else if (!out.empty() && out.back() != '_')
      out += '_';
    if (out.size() == 60) break;
  }
  return out;
}

std::string told(const Call& call) {
  std::string text = ieum::text_at(call.answer(), "detail", problem_title(call));
  const ieum::json::value* errors = ieum::find(call.answer(), "errors");
  if (errors == nullptr || !errors->is_array()) return text;
  std::size_t count = 0;
  for (const ieum::json::value& error : errors->get_array()) {
    if (++count > kErrorsMax) break;
    const std::string field = ieum::text_at(error, "field");
    text += (text.empty() ? "" : "; ") + (field.empty() ? "" : field + ": ") + ieum::text_at(error, "message");
  }
  return text;
}

// What a person can do about it.
std::string_view mend(std::string_view code) {
  if (code == "member_in_compliance_state")
    return " (this person left or bounced: Mailchimp lets only their own sign-up bring them back, or status 'pending', "
           "which asks them by mail)";
  if (code == "forgotten_email_not_subscribed")
    return " (deleted for good before: only Mailchimp's own sign-up form can bring this person back)";
  if (code == "member_exists") return " (use member.upsert to take either)";
  return {};
}

}  // namespace

std::string problem_title(const Call& call) { return ieum::text_at(call.answer(), "title"); }

std::optional<Effect> failure(const Call& call) {
  if (call.succeeded()) return std::nullopt;
  const int status = call.status();
  const std::string http = "http_" + std::to_string(status);
  const bool from_api = call.answer().is_object();
  const std::string title = code_of(problem_title(call));
  const std::string code = title.empty() ? http : title;
  const std::string said = told(call);
  const std::string text = (said.empty() ? "HTTP " + std::to_string(status) : said) + std::string(mend(code));
  if (status == 429) {
    if (!call.header("retry-after").empty()) return ieum::fail(Kind::rate_limited, code, text);
    return ieum::fail(Kind::rate_limited, code, text, kPauseMs);
  }
  if (status == 403 && !from_api)
    return ieum::fail(Kind::retry, "edge_403", "Mailchimp's edge refused the call for now (403 without JSON)");
  if (status == 403 && code == "user_disabled") return ieum::fail(Kind::auth_dead, code, text);
  return ieum::fail(ieum::kind_of_status(status), code, text);
}

Effect unreadable(std::string_view what) {
  return ieum::fail(Kind::ambiguous, "unreadable_answer", "Mailchimp's answer has no " + std::string(what));
}

Effect refuse(std::string_view code, std::string_view message) { return ieum::fail(Kind::permanent, code, message); }

bool is_data_center(std::string_view text) {
  std::size_t letters = 0;
  while (letters < text.size() && text[letters] >= 'a' && text[letters] <= 'z') ++letters;
  const std::string_view number = text.substr(letters);
  return letters >= 2 && letters <= 4 && !number.empty() && number.size() <= 3 &&
         std::all_of(number.begin(), number.end(), is_digit);
}

std::optional<Effect> bad_server(const Call& call) {
  if (auto refusal = ieum::bad_base_url(call)) return refusal;
  if (!call.config("base_url").empty() || is_data_center(call.config("dc"))) return std::nullopt;
  return refuse(
      "bad_data_center",
      "the connection's data center is no such text as us21; it is what stands behind the last - of the API key");
}

std::string api_url(const Call& call, std::string_view path) {
  return ieum::base_url(call, "https://" + call.config("dc") + ".api.mailchimp.com") + "/3.0" + std::string(path);
}

bool is_id(std::string_view text) {
  return !text.empty() && text.size() <= 64 && std::all_of(text.begin(), text.end(), [](char c) {
    return is_letter(c) || is_digit(c) || c == '_' || c == '-';
  });
}

std::string audience(const Call& call) {
  const std::string given = call.input("list");
  const std::string list = given.empty() ? call.config("list_id") : given;
  return is_id(list) ? list : std::string();
}

Effect no_audience() {
  return refuse("no_audience", "which audience? give its id (as a6b5da1054) in the step or in the connection");
}

std::string member_path(const Call& call, std::string_view rest) {
  return "/lists/" + audience(call) + "/members/" + subscriber_hash(call.input("email")) + std::string(rest);
}

std::optional<Effect> bad_member(const Call& call) {
  if (audience(call).empty()) return no_audience();
  if (!is_email(trimmed(call.input("email")))) return refuse("bad_email", "email is no mail address");
  return std::nullopt;
}

}  // namespace mailchimp
