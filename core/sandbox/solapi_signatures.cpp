#include "sandbox/solapi_signatures.hpp"

#include <algorithm>

#include "base/digest.hpp"
#include "base/encoding.hpp"
#include "base/time_text.hpp"

namespace ieum::sandbox::solapi {

namespace {

constexpr std::size_t kSaltsMax = 100'000;
constexpr Millis kSkewMax = 15 * kMinute;

// "k=v" pairs after "HMAC-SHA256 ", joined by ", ".
std::string part_of(std::string_view header, std::string_view name) {
  while (!header.empty()) {
    const std::size_t comma = std::min(header.find(','), header.size());
    const std::string_view pair = trim(header.substr(0, comma));
    if (pair.size() > name.size() && pair.starts_with(name) && pair[name.size()] == '=')
      return std::string(pair.substr(name.size() + 1));
    header.remove_prefix(std::min(comma + 1, header.size()));
  }
  return "";
}

}  // namespace

HttpResponse error_response(int status, std::string_view code, std::string_view message) {
  return json_response(status, Map{{"errorCode", code}, {"errorMessage", message}});
}

std::optional<HttpResponse> Signatures::refusal(const Incoming& in) {
  std::string header = in.header("Authorization");
  constexpr std::string_view scheme = "HMAC-SHA256 ";
  if (!header.starts_with(scheme))
    return error_response(401, "Unauthorized", "Authorization 헤더가 없거나 형식이 다릅니다.");
  header.erase(0, scheme.size());
  const std::string date = part_of(header, "date");
  const std::string salt = part_of(header, "salt");
  if (part_of(header, "apiKey") != key_) return error_response(403, "InvalidAPIKey", "유효하지 않은 API Key 입니다.");
  if (salt.size() < 12 || salt.size() > 64)
    return error_response(403, "SignatureDoesNotMatch", "salt는 12자 이상 64자 이하여야 합니다.");
  const auto at = parse_rfc3339(date);
  if (!at || *at < in.now - kSkewMax || *at > in.now + kSkewMax)
    return error_response(403, "RequestTimeTooSkewed", "요청 시간이 서버 시간과 15분 넘게 차이납니다.");
  if (!constant_time_equal(hex_encode(hmac_sha256(secret_, date + salt)), part_of(header, "signature")))
    return error_response(403, "SignatureDoesNotMatch", "생성한 Signature가 올바르지 않습니다.");
  if (!salts_.insert(salt).second) return error_response(403, "DuplicatedSignature", "이미 사용된 salt 입니다.");
  salt_order_.push_back(salt);
  if (salt_order_.size() > kSaltsMax) {
    salts_.erase(salt_order_.front());
    salt_order_.pop_front();
  }
  return std::nullopt;
}

}  // namespace ieum::sandbox::solapi
