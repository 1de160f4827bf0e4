// Webhooks of Solapi and NHN Cloud: results of messages, states of templates. Neither signs; both show a fixed text.
// https://docs.nhncloud.com/en/Notification/KakaoTalk%20Bizmessage/en/webhook-api-guide/
#include <array>

#include "base/digest.hpp"
#include "base/encoding.hpp"
#include "base/time_text.hpp"
#include "sandbox/hook_formats.hpp"
#include "sandbox/incoming.hpp"

namespace ieum::sandbox {

namespace {

// --- Solapi: about 5 s; five calls in all (the gaps are ours).

constexpr std::array<Millis, 4> kSolapiGaps{kMinute, 2 * kMinute, 4 * kMinute, 8 * kMinute};

Value solapi_sample(const HookDelivery& delivery) {
  const std::string at = rfc3339_utc(delivery.first_at);
  return Map{{"messageId", "M4V" + std::to_string(delivery.first_at) + std::to_string(delivery.seq)},
             {"groupId", "G4V" + std::to_string(delivery.first_at)},
             {"type", "ATA"},
             {"to", "01011110001"},
             {"from", "0212345678"},
             {"statusCode", "4000"},
             {"statusMessage", "수신완료"},
             {"dateProcessed", at},
             {"dateReported", at},
             {"dateReceived", at},
             {"networkCode", "00000"}};
}

// One message or a list of them; each is wrapped as the official model says.
HttpRequest make_solapi(const HookDelivery& delivery, Millis) {
  const Value sample = solapi_sample(delivery);
  const Value& told = body_or(delivery, sample);
  std::string bytes;
  if (told.is_string()) {
    bytes = *told.if_string();
  } else {
    const List messages = told.is_list() ? *told.if_list() : List{told};
    List items;
    for (std::size_t i = 0; i < messages.size(); ++i) {
      const bool wrapped = messages[i].get("data") != nullptr;
      Map item = wrapped
                     ? *messages[i].if_map()
                     : Map{{"eventDataId", uuid_of(delivery.told.id + "/" + std::to_string(i))}, {"data", messages[i]}};
      item.set("retryCount", static_cast<std::int64_t>(delivery.attempts.size()));
      items.emplace_back(std::move(item));
    }
    bytes = json_bytes(Value(std::move(items)));
  }
  HttpRequest request = hook_post(std::move(bytes), "application/json");
  request.headers.add("X-Solapi-Event-Name", delivery.told.topic.empty() ? "SINGLE-REPORT" : delivery.told.topic);
  if (!delivery.hook.secret.empty()) request.headers.add("X-Solapi-Secret", hex_encode(sha1(delivery.hook.secret)));
  return request;
}

NextTry after_solapi(const HookDelivery& delivery, const Headers&, Millis) {
  return by_schedule(delivery, kSolapiGaps);
}

// --- NHN Cloud: what it does when the hub fails is not documented; here it tries once.

Value nhn_sample(const HookDelivery& delivery) {
  const std::string at = korean_time(delivery.first_at);
  if (delivery.told.topic == "TEMPLATE_STATUS_UPDATE")
    return Map{{"senderKey", "0123456789012345678901234567890123456789"},
               {"templateCode", "ORDER_OK"},
               {"kakaoTemplateCode", "K0001"},
               {"status", "TSC03"},
               {"comments", List{}},
               {"updateDate", at}};
  return Map{{"kakaoMessageType", "ALIMTALK_NORMAL"},
             {"requestId", "20260302090000SB" + std::to_string(10'000'000 + delivery.seq)},
             {"recipientSeq", 1},
             {"requestDate", at},
             {"createDate", at},
             {"receiveDate", at},
             {"recipientNo", "01011110001"},
             {"resultCode", "1000"},
             {"senderGroupingKey", "ieum"},
             {"recipientGroupingKey", ""}};
}

HttpRequest make_nhn(const HookDelivery& delivery, Millis) {
  const Value sample = nhn_sample(delivery);
  const Value& told = body_or(delivery, sample);
  Value body = told;
  if (!told.is_string() && told.get("hooks") == nullptr) {
    const List hooks = told.is_list() ? *told.if_list() : List{told};
    List items;
    for (std::size_t i = 0; i < hooks.size(); ++i)
      items.emplace_back(overlaid(hooks[i], Map{{"hookId", uuid_of(delivery.told.id + "/" + std::to_string(i))}}));
    body = Map{{"hooksId", delivery.told.id},
               {"webhookConfigId", delivery.hook.id},
               {"productName", "KakaoTalk Bizmessage"},
               {"appKey", more_text(delivery, "appkey", "sandbox-app")},
               {"event", delivery.told.topic.empty() ? "MESSAGE_RESULT_UPDATE" : delivery.told.topic},
               {"hooks", std::move(items)}};
  }
  HttpRequest request = hook_post(json_bytes(body), "application/json");
  if (!delivery.hook.secret.empty()) request.headers.add("X-Toast-Webhook-Signature", delivery.hook.secret);
  return request;
}

}  // namespace

const HookFormat kSolapiHooks{"solapi", 5 * kSecond, make_solapi, after_solapi};
const HookFormat kNhnHooks{"nhn", 10 * kSecond, make_nhn, no_second_try};

}  // namespace ieum::sandbox
