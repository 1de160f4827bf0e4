#include "answers.hpp"

#include <string>

namespace sheets {

namespace {

using ieum::Kind;

bool has_reason(const ieum::Call& call, std::string_view reason) {
  const ieum::json::value* details = ieum::find(call.answer(), "error.details");
  if (details != nullptr && details->is_array())
    for (const ieum::json::value& detail : details->get_array())
      if (ieum::text_at(detail, "reason") == reason) return true;
  const ieum::json::value* errors = ieum::find(call.answer(), "error.errors");
  if (errors != nullptr && errors->is_array())
    for (const ieum::json::value& error : errors->get_array())
      if (ieum::text_at(error, "reason") == reason) return true;
  return false;
}

std::string share_with(const ieum::Call& call) {
  const std::string email = call.config("client_email");
  if (call.config("login") == "oauth") return "share it with the Google account that logged in";
  return "share it with " + (email.empty() ? "the service account's client_email" : email) + " as an editor";
}

// The quota fills up with the next minute; without Retry-After half a minute is a fair guess.
ieum::Effect rate_limited(const ieum::Call& call, const std::string& code) {
  constexpr std::string_view message = "Google's quota of this minute is used up";
  if (!call.header("retry-after").empty()) return ieum::fail(Kind::rate_limited, code, message);
  return ieum::fail(Kind::rate_limited, code, message, 30'000);
}

ieum::Effect forbidden(const ieum::Call& call, const std::string& message) {
  if (has_reason(call, "SERVICE_DISABLED") || has_reason(call, "accessNotConfigured"))
    return ieum::fail(Kind::permanent, "SERVICE_DISABLED",
                      "the API is switched off in the Google Cloud project; enable Google Sheets API and Google Drive "
                      "API there, then try again");
  if (has_reason(call, "rateLimitExceeded") || has_reason(call, "userRateLimitExceeded"))
    return rate_limited(call, "rateLimitExceeded");
  if (has_reason(call, "ACCESS_TOKEN_SCOPE_INSUFFICIENT"))
    return ieum::fail(Kind::auth_dead, "ACCESS_TOKEN_SCOPE_INSUFFICIENT",
                      "the login lacks a permission; log in again and allow access to spreadsheets");
  return ieum::fail(Kind::permanent, "PERMISSION_DENIED",
                    "Google refuses access to the spreadsheet: " + message + "; " + share_with(call));
}

}  // namespace

std::optional<ieum::Effect> failure(const ieum::Call& call) {
  const int status = call.status();
  const std::string said = ieum::text_at(call.answer(), "error.message");
  const std::string code = ieum::text_at(call.answer(), "error.status", "http_" + std::to_string(status));
  if (call.succeeded()) {
    if (status == 204 || call.answer().is_object()) return std::nullopt;
    return ieum::fail(Kind::ambiguous, "unreadable_answer", "Google's answer cannot be read");
  }
  const std::string message = said.empty() ? "HTTP " + std::to_string(status) : said;
  switch (status) {
    case 401: return ieum::fail(Kind::auth_refresh, code, "Google does not take the access token");
    case 403: return forbidden(call, message);
    case 404:
      return ieum::fail(
          Kind::permanent, code,
          "there is no such spreadsheet, or it is not shared: " + message + "; check the id, and " + share_with(call));
    case 408:
    case 425:
    case 503: return ieum::fail(Kind::retry, code, "Google is out of order for the moment: " + message);
    case 409: return ieum::fail(Kind::retry, code, "Google was busy with another change: " + message);
    case 429: return rate_limited(call, code);
    default: break;
  }
  // What Google did before it broke down, nobody knows.
  if (status >= 500) return ieum::fail(Kind::ambiguous, code, "Google broke down on the way: " + message);
  if (message.starts_with("Unable to parse range"))
    return ieum::fail(Kind::permanent, code, message + "; the sheet was renamed or deleted, or the range is mistyped");
  return ieum::fail(Kind::permanent, code, "Google refuses: " + message);
}

}  // namespace sheets
