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

// pending | delivered | unknown | failed: what a report says of a message. 3005 of NHN stays unknown for three days.
std::string_view nhn_status(std::string_view result_code);
std::string_view solapi_status(std::string_view status_code);

// Why a message failed, one word for recipes: bad_number, not_reachable (no KakaoTalk, blocked), night, template,
// sender, balance, duplicate, vendor, other.
std::string_view reason(std::string_view code);

// Milliseconds from now to the next 08:00 in Korea, when a message that was refused for the night may go.
std::int64_t until_morning_ms(std::int64_t now_ms);

}  // namespace kakao
