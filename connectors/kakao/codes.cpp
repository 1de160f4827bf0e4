#include "codes.hpp"

#include <algorithm>
#include <array>
#include <initializer_list>

namespace kakao {

using ieum::Kind;

namespace {

struct NhnCode {
  std::int64_t code;
  Kind kind;
  std::string_view text;
};

constexpr std::array kNhn = {
    NhnCode{4, Kind::permanent, "a parameter is wrong"},
    NhnCode{-1000, Kind::auth_dead, "the appkey is wrong"},
    NhnCode{-1001, Kind::auth_dead, "the secret key is wrong"},
    NhnCode{-1005, Kind::ambiguous, "the idempotency key was used before"},
    NhnCode{-1006, Kind::permanent, "there is no such sender profile"},
    NhnCode{-1016, Kind::permanent, "there is no such message"},
    NhnCode{-1028, Kind::permanent, "a new sender's variable has more than 14 characters"},
    NhnCode{-1027, Kind::permanent, "the sender profile is blocked"},
    NhnCode{-1031, Kind::permanent, "no recipient was accepted"},
    NhnCode{-2017, Kind::permanent, "the sender profile cannot send"},
    NhnCode{-2025, Kind::permanent, "the time of sending is past"},
    NhnCode{-2026, Kind::permanent, "the time of sending is too far off"},
    NhnCode{-2027, Kind::permanent, "the time of sending is no date"},
    NhnCode{-3003, Kind::permanent, "there is no such template"},
    NhnCode{-3004, Kind::permanent, "the template's variables are wrong"},
    NhnCode{-3005, Kind::permanent, "the template is not approved"},
    NhnCode{-3010, Kind::permanent, "the text does not match the template"},
    NhnCode{-3011, Kind::permanent, "the buttons do not match the template"},
    NhnCode{-3049, Kind::permanent, "the variables do not match the template"},
    NhnCode{-3298, Kind::permanent, "the targeting is wrong"},
    NhnCode{-3301, Kind::permanent, "the person has opted out"},
    NhnCode{-4003, Kind::permanent, "the span of dates is too long"},
    NhnCode{-4017, Kind::permanent, "the dates are too far back"},
    NhnCode{-4019, Kind::permanent, "the number is wrong"},
    NhnCode{-5000, Kind::permanent, "the number is wrong"},
    NhnCode{-7000, Kind::retry, "the dealer cannot reach Kakao"},
    NhnCode{-8006, Kind::permanent, "a message with a code must go through the auth address"},
    NhnCode{-9992, Kind::permanent, "FriendTalk has ended"},
    NhnCode{-9996, Kind::permanent, "the request is no JSON"},
    NhnCode{-9998, Kind::permanent, "there is no such call"},
    NhnCode{-9999, Kind::retry, "the dealer has an internal error"},
};

struct SolapiCode {
  std::string_view code;
  Kind kind;
  std::string_view text;
};

constexpr std::array kSolapi = {
    SolapiCode{"1026", Kind::permanent, "the receiver comes twice in one request"},
    SolapiCode{"1030", Kind::permanent, "the dealer's balance is used up"},
    SolapiCode{"1042", Kind::permanent, "the template is wrong"},
    SolapiCode{"1043", Kind::permanent, "the text does not match the template"},
    SolapiCode{"1062", Kind::permanent, "the sender number is not registered"},
    SolapiCode{"2230", Kind::permanent, "the dealer's balance is used up"},
    SolapiCode{"3103", Kind::permanent, "the text does not match the template"},
    SolapiCode{"3104", Kind::permanent, "the person does not use KakaoTalk"},
    SolapiCode{"3107", Kind::permanent, "the person has blocked the sender"},
    SolapiCode{"3108", Kind::retry, "not at night"},
    SolapiCode{"InvalidAPIKey", Kind::auth_dead, "the API key is wrong"},
    SolapiCode{"SignatureDoesNotMatch", Kind::auth_dead, "the API secret is wrong"},
    SolapiCode{"RequestTimeTooSkewed", Kind::retry,
               "this machine's clock differs from the dealer's by over 15 minutes"},
    SolapiCode{"DuplicatedSignature", Kind::retry, "the signature was used before"},
};

using Codes = std::initializer_list<std::string_view>;

bool among(Codes codes, std::string_view code) { return std::find(codes.begin(), codes.end(), code) != codes.end(); }

std::int64_t minute_of_day(std::int64_t ms) {
  constexpr std::int64_t kMinute = 60 * 1000, kDay = 24 * 60 * kMinute;
  return ((ms + 9 * 60 * kMinute) % kDay + kDay) % kDay / kMinute;
}

}  // namespace

Meaning nhn_meaning(std::int64_t code) {
  for (const NhnCode& entry : kNhn)
    if (entry.code == code) return {entry.kind, entry.text};
  if (code >= -2005 && code <= -2000) return {Kind::permanent, "a parameter is wrong"};
  if (code == -4000) return {Kind::permanent, "a parameter is wrong"};
  if (code == 9998 || code == 9999) return {Kind::retry, "the dealer has an internal error"};
  return {Kind::permanent, "the dealer refuses"};
}

Meaning solapi_meaning(std::string_view code) {
  for (const SolapiCode& entry : kSolapi)
    if (entry.code == code) return {entry.kind, entry.text};
  return {Kind::permanent, "the dealer refuses"};
}

std::string_view nhn_status(std::string_view result_code) {
  if (result_code == "1000") return "delivered";
  if (result_code == "3005") return "unknown";
  if (result_code == "4131" || result_code == "4161") return "";
  return "failed";
}

std::string_view solapi_status(std::string_view status_code) {
  if (status_code == "4000") return "delivered";
  if (status_code == "2000" || status_code == "3000") return "";
  return "failed";
}

std::string_view nhn_reason(std::string_view code) {
  if (among({"3008", "1020"}, code)) return "bad_number";
  if (among({"3018", "3019", "3020", "3021"}, code)) return "not_reachable";
  if (code == "3022") return "night";
  if (among({"3015", "3016", "3027", "4132", "4133", "4134"}, code)) return "template";
  if (among({"1006", "1007", "1021", "1022", "1023", "1024", "1025", "1026", "1027"}, code)) return "sender";
  if (among({"2001", "3000", "3006", "3010", "3012", "9998", "9999"}, code)) return "vendor";
  return "other";
}

std::string_view solapi_reason(std::string_view code) {
  if (among({"3104", "3107"}, code)) return "not_reachable";
  if (code == "3108") return "night";
  if (among({"1042", "1043", "3103"}, code)) return "template";
  if (code == "1062") return "sender";
  if (among({"1030", "2230"}, code)) return "balance";
  if (code == "1026") return "duplicate";
  return "other";
}

bool is_brand_night(std::int64_t ms) {
  const std::int64_t minute = minute_of_day(ms);
  return minute >= 20 * 60 + 50 || minute < 8 * 60;
}

std::int64_t until_morning_ms(std::int64_t now_ms) {
  constexpr std::int64_t kHour = 3600 * 1000, kDay = 24 * kHour;
  const std::int64_t of_day = ((now_ms + 9 * kHour) % kDay + kDay) % kDay;
  return of_day < 8 * kHour ? 8 * kHour - of_day : kDay + 8 * kHour - of_day;
}

}  // namespace kakao
