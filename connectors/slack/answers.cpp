#include "answers.hpp"

#include <algorithm>
#include <array>

namespace slack {

using namespace std::string_view_literals;

namespace {

constexpr std::array kRateLimited = {"ratelimited"sv, "rate_limited"sv};
constexpr std::array kTransient = {"service_unavailable"sv, "request_timeout"sv, "team_added_to_org"sv};
// "It's possible some aspect of the operation succeeded before the error was raised."
constexpr std::array kAmbiguous = {"internal_error"sv, "fatal_error"sv};
constexpr std::array kAuthDead = {"invalid_auth"sv, "not_authed"sv, "token_revoked"sv, "account_inactive"sv};
constexpr std::array kGone = {"is_archived"sv, "user_not_found"sv, "user_disabled"sv, "message_not_found"sv};

template <std::size_t Size>
bool among(const std::array<std::string_view, Size>& codes, std::string_view code) {
  return std::find(codes.begin(), codes.end(), code) != codes.end();
}

std::string message_for(const ieum::Call& call, const std::string& error) {
  std::string message = "Slack refuses: " + error;
  if (const std::string needed = ieum::text_at(call.answer(), "needed"); !needed.empty()) {
    message += " (needs scope " + needed;
    const std::string provided = ieum::text_at(call.answer(), "provided");
    message += provided.empty() ? ")" : ", has " + provided + ")";
  }
  if (error == "not_in_channel") message += "; invite the app to the channel";
  if (error == "restricted_too_many") message += "; at most 30 messages in five minutes and channel can be scheduled";
  if (error == "expired_trigger_id" || error == "trigger_expired") message += "; a trigger_id lives three seconds";
  if (error == "cannot_dm_bot") message += "; a bot reads no messages";
  if (error == "channel_not_found") message += "; write the channel's id, or invite the app to a private channel";
  const ieum::json::value* details = ieum::find(call.answer(), "response_metadata.messages");
  if (details != nullptr && details->is_array())
    for (const ieum::json::value& detail : details->get_array())
      if (detail.is_string()) message += "; " + std::string(detail.get_string());
  return message;
}

}  // namespace

ieum::Kind kind_of(std::string_view error) {
  if (among(kRateLimited, error)) return ieum::Kind::rate_limited;
  if (among(kTransient, error)) return ieum::Kind::retry;
  if (among(kAmbiguous, error)) return ieum::Kind::ambiguous;
  if (error == "token_expired") return ieum::Kind::auth_refresh;
  if (among(kAuthDead, error)) return ieum::Kind::auth_dead;
  if (among(kGone, error)) return ieum::Kind::gone;
  return ieum::Kind::permanent;
}

std::string error_code(const ieum::Call& call) {
  return ieum::flag_at(call.answer(), "ok") ? std::string() : ieum::text_at(call.answer(), "error");
}

std::optional<ieum::Effect> failure(const ieum::Call& call) {
  const int status = call.status();
  if (status == 429) return ieum::fail(ieum::Kind::rate_limited, "http_429", "Slack asks to slow down");
  if (status >= 500)
    return ieum::fail(status == 503 ? ieum::Kind::retry : ieum::Kind::ambiguous, "http_" + std::to_string(status),
                      "Slack is out of order for the moment");
  if (const std::string error = error_code(call); !error.empty())
    return ieum::fail(kind_of(error), error, message_for(call, error));
  if (!call.succeeded()) return ieum::http_failure(call);
  // 2xx without "ok": whether Slack acted cannot be read.
  if (!ieum::flag_at(call.answer(), "ok"))
    return ieum::fail(ieum::Kind::ambiguous, "unreadable_answer", "Slack's answer cannot be read");
  return std::nullopt;
}

}  // namespace slack
