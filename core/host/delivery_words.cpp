#include "host/delivery_words.hpp"

#include <algorithm>
#include <array>

#include "base/encoding.hpp"
#include "base/json.hpp"
#include "host/verification.hpp"

namespace ieum::host {
namespace {

struct Known {
  std::string_view code;
  std::string_view why_ko, why_en, mend_ko, mend_en;
};

constexpr std::array kKnown = std::to_array<Known>({
    {"header_missing", "서명이 있어야 할 헤더가 없거나 둘 이상입니다.",
     "A header that carries the signature is missing, or came twice.",
     "보내는 쪽에서 서명을 켜세요. 중간의 프록시가 헤더를 지우지 않는지도 확인하세요.",
     "Switch signing on at the sender, and look whether a proxy on the way drops the header."},
    {"clock_skew", "보낸 시각이 허브의 시계와 너무 많이 다릅니다.",
     "The time that it was sent at is too far from the hub's clock.",
     "두 서버의 시계를 NTP로 맞추세요. 오래된 소식을 다시 보낸 것이라면 거절이 맞습니다.",
     "Set both machines' clocks by NTP. If somebody sent an old delivery again, refusing it is right."},
    {"bad_timestamp", "보낸 시각을 읽을 수 없습니다.", "The time that it was sent at cannot be read.",
     "보내는 쪽의 서명 형식과 이 연결의 설정이 같은지 확인하세요.",
     "Compare the sender's way of signing with this connection's settings."},
    {"bad_signature", "서명의 형식이 다릅니다.", "The signature is not written as this connection expects it.",
     "해시(sha1, sha256, sha512)와 표기(hex, base64), 앞말이 설정과 같은지 확인하세요.",
     "Compare digest (sha1, sha256, sha512), encoding (hex, base64) and prefix with the settings."},
    {"body_reencoded", "본문이 오는 길에 다시 쓰였습니다. 같은 JSON이지만 서명한 바이트와 다릅니다.",
     "The body was written anew on its way: the same JSON, but not the bytes that were signed.",
     "중간의 프록시나 전달 프로그램이 본문을 읽고 다시 쓰지 않게, 받은 바이트 그대로 넘기게 하세요.",
     "Let whatever stands between (a proxy, a forwarder) hand on the bytes as they came instead of parsing and writing "
     "them."},
    {"wrong_secret", "서명이 이 연결의 비밀 값과 맞지 않습니다.",
     "The signature does not fit this connection's secret.",
     "보내는 쪽의 서명 비밀 값을 다시 복사해 넣으세요. 다른 앱이나 다른 주소의 값이 아닌지도 확인하세요.",
     "Copy the signing secret from the sender again; look whether it is that of another app or endpoint."},
    {"no_secret", "이 연결에 서명을 확인할 비밀 값이 없습니다.",
     "This connection has no secret to verify deliveries with.", "연결의 설정에서 비밀 값을 넣으세요.",
     "Enter the secret in the connection's settings."},
    {"wrong_address", "주소 끝의 비밀 값이 없거나 다릅니다.",
     "The secret at the end of the address is missing or another.",
     "이 연결의 웹훅 주소를 다시 복사해 보내는 쪽에 넣으세요.",
     "Copy this connection's webhook address to the sender again."},
    {"empty_body", "본문이 비어 있습니다.", "The body is empty.", "보내는 쪽이 본문을 담아 POST로 보내는지 확인하세요.",
     "See that the sender posts a body."},
    {"not_a_post", "POST가 아닌 요청입니다.", "The request is no POST.", "보내는 쪽의 웹훅 설정을 POST로 바꾸세요.",
     "Set the sender's webhook to POST."},
    {"too_large", "본문이 이 커넥터가 받는 크기보다 큽니다.", "The body is larger than this connector takes.",
     "보내는 쪽에서 나누어 보내게 하세요.", "Let the sender send it in parts."},
    {"foreign", "다른 계정이나 상점에서 온 소식입니다.", "It came from another account or shop.",
     "연결의 설정이 보내는 계정과 같은지 확인하세요.", "Compare the connection's settings with the sending account."},
    {"unreadable", "본문이나 주제를 읽을 수 없습니다.", "The body or its topic cannot be read.",
     "격리된 이벤트에서 내용을 보고, 보내는 쪽의 형식을 확인하세요.",
     "Look at it under quarantined events, and at the sender's format."},
    {"not_configured", "이 연결의 서명 설정이 온 소식과 맞지 않습니다.",
     "This connection's settings name no way to verify such a delivery.", "연결의 서명 설정을 채우세요.",
     "Complete the connection's settings for the signature."},
});

bool fits(const Manifest& manifest, const Value& config, const SlotSecrets& secrets, const HttpRequest& request,
          std::string_view url_token, Millis now_ms) {
  return verify_delivery(manifest, config, secrets, request, url_token, now_ms).verified;
}

// The same JSON as senders usually write it: compact, or with Python's and Ruby's blanks; and without what was added at its end.
bool fits_rewritten(const Manifest& manifest, const Value& config, const SlotSecrets& secrets, HttpRequest request,
                    std::string_view url_token, Millis now_ms) {
  constexpr std::size_t kBytesMax = 64u << 10;
  if (request.body.size() > kBytesMax) return false;
  const auto value = parse_json(request.body);
  if (value.has_error()) return false;
  const std::string sent = request.body;
  std::string_view trimmed = sent;
  while (!trimmed.empty() && (trimmed.back() == '\n' || trimmed.back() == '\r')) trimmed.remove_suffix(1);
  for (const auto& body : {std::string(trimmed), std::string(trimmed) + "\n", write_json(*value),
                           write_canonical_json(*value), write_pretty_json(*value)}) {
    if (body == sent) continue;
    request.body = body;
    if (fits(manifest, config, secrets, request, url_token, now_ms)) return true;
  }
  return false;
}

// Which of the known causes it was: what proves the delivery says so itself, the rest is seen by the answer.
std::string code_of(const Inspection& inspection, const Proof& proof) {
  constexpr int kWrongMethod = 405, kTooLarge = 413, kUnverified = 401;
  if (inspection.verdict == Inspection::Verdict::quarantine) return "unreadable";
  switch (inspection.reply.status) {
    case kWrongMethod: return "not_a_post";
    case kTooLarge: return "too_large";
    case kUnverified: return proof.verified ? "foreign" : proof.code;
    default: return "unreadable";
  }
}

}  // namespace

DeliveryWords explain(const Inspection& inspection, const Manifest& manifest, const Value& config,
                      const SlotSecrets& secrets, const HttpRequest& request, std::string_view url_token,
                      Millis now_ms) {
  std::string code = code_of(inspection, verify_delivery(manifest, config, secrets, request, url_token, now_ms));
  if (code == "wrong_secret" && fits_rewritten(manifest, config, secrets, request, url_token, now_ms))
    code = "body_reencoded";
  const auto* known =
      std::find_if(kKnown.begin(), kKnown.end(), [&](const Known& candidate) { return candidate.code == code; });
  if (known == kKnown.end()) return {code, {inspection.diagnosis, inspection.diagnosis}, {}};
  // "foo does not fit" says no more than "Foo does not fit this connection's secret".
  const bool said = to_lower_ascii(known->why_en).find(to_lower_ascii(inspection.diagnosis)) != std::string::npos;
  const auto with = [&](std::string_view text) {
    return said ? std::string(text) : std::string(text) + " (" + inspection.diagnosis + ")";
  };
  return {code, {with(known->why_ko), with(known->why_en)}, {std::string(known->mend_ko), std::string(known->mend_en)}};
}

}  // namespace ieum::host
