#include "codes.hpp"

#include <algorithm>
#include <array>
#include <charconv>

namespace kakao {

using namespace std::string_view_literals;
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
    NhnCode{-3301, Kind::permanent, "the person has opted out"},
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

constexpr std::array kBadNumber = {"3008"sv, "1020"sv};
constexpr std::array kNotReachable = {"3018"sv, "3019"sv, "3020"sv, "3021"sv, "3104"sv, "3107"sv};
constexpr std::array kNight = {"3022"sv, "3108"sv};
constexpr std::array kTemplate = {"3015"sv, "3016"sv, "3027"sv, "4132"sv, "4133"sv,
                                  "4134"sv, "1042"sv, "1043"sv, "3103"sv};
constexpr std::array kSender = {"1006"sv, "1007"sv, "1021"sv, "1022"sv, "1023"sv,
                                "1024"sv, "1025"sv, "1027"sv, "1062"sv};
constexpr std::array kBalance = {"1030"sv, "2230"sv};
constexpr std::array kVendor = {"2001"sv, "3000"sv, "3006"sv, "3010"sv, "3012"sv, "9998"sv, "9999"sv};

template <std::size_t Size>
bool among(const std::array<std::string_view, Size>& codes, std::string_view code) {
  return std::find(codes.begin(), codes.end(), code) != codes.end();
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
  if (result_code == "4131" || result_code == "4161") return "pending";
  return "failed";
}

std::string_view solapi_status(std::string_view status_code) {
  if (status_code == "4000") return "delivered";
  if (status_code == "2000" || status_code == "3000") return "pending";
  return "failed";
}

std::string_view reason(std::string_view code) {
  if (among(kBadNumber, code)) return "bad_number";
  if (among(kNotReachable, code)) return "not_reachable";
  if (among(kNight, code)) return "night";
  if (among(kTemplate, code)) return "template";
  if (among(kSender, code)) return "sender";
  if (among(kBalance, code)) return "balance";
  if (code == "1026") return "duplicate";
  if (among(kVendor, code)) return "vendor";
  return "other";
}

std::int64_t until_morning_ms(std::int64_t now_ms) {
  constexpr std::int64_t kHour = 3600 * 1000, kDay = 24 * kHour;
  const std::int64_t of_day = ((now_ms + 9 * kHour) % kDay + kDay) % kDay;
  return of_day < 8 * kHour ? 8 * kHour - of_day : kDay + 8 * kHour - of_day;
}

}  // namespace kakao
