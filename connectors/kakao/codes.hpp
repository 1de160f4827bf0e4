// What the dealers' result codes mean, for the answer to a send and for the report that comes later.
// NHN Cloud: https://docs.nhncloud.com/en/Notification/KakaoTalk%20Bizmessage/en/error-code/
// Solapi: https://developers.solapi.com/references/message-status-codes
#pragma once
#include <cstdint>
#include <string>
#include <string_view>

#include "ieum/module.hpp"

namespace kakao {

struct Meaning {
  ieum::Kind kind = ieum::Kind::permanent;
  std::string_view text;  // for a person
};

// A code of the NHN API ("-3003") or of a recipient's result.
Meaning nhn_meaning(std::int64_t code);
// A status code of a Solapi message ("1042"), or an errorCode of its API ("InvalidAPIKey").
Meaning solapi_meaning(std::string_view code);

// delivered | failed | unknown: what a report says of a message; "" when it is still on its way and nothing is to be told.
// NHN Cloud's 3005 was sent and not confirmed: it may still arrive for three days. Never resend what is unknown.
std::string_view nhn_status(std::string_view result_code);
// 2000 (taken) and 3000 (handed to the carrier, no report yet) are on their way.
std::string_view solapi_status(std::string_view status_code);

// Why a message failed, one word for recipes. bad_number, opted_out: nothing helps. not_reachable (no KakaoTalk, blocked):
// send a text instead. night: at 08:00. template, sender, balance: the owner must mend it. vendor: once more, then a text.
// duplicate, other.
std::string_view nhn_reason(std::string_view code);
std::string_view solapi_reason(std::string_view code);

// Brand messages are refused from 20:50 to 08:00 in Korea, which has no daylight saving.
bool is_brand_night(std::int64_t ms);
// Milliseconds from now to the next 08:00 in Korea, when a message that was refused for the night may go.
std::int64_t until_morning_ms(std::int64_t now_ms);

}  // namespace kakao
