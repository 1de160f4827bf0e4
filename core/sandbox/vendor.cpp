#include "sandbox/vendor.hpp"

#include "base/encoding.hpp"

namespace ieum::sandbox {

std::string_view effect_name(Effect effect) {
  switch (effect) {
    case Effect::applied: return "applied";
    case Effect::refused: return "refused";
    case Effect::repeated: return "repeated";
    case Effect::read: return "read";
  }
  return "";
}

std::string header_key(const Incoming& in) {
  const std::string key = in.header("Idempotency-Key");
  return key.empty() ? in.header("X-NC-API-IDEMPOTENCY-KEY") : key;
}

std::optional<std::string> wanted_result(std::string_view phone) {
  constexpr std::string_view start = "0100000";
  if (phone.size() != 11 || !phone.starts_with(start) || phone[7] == '0' || !all_digits(phone)) return std::nullopt;
  return std::string(phone.substr(start.size()));
}

std::string text_channel(std::string_view text) {
  std::size_t bytes = 0;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x80)
      bytes += 1;
    else if ((byte & 0xC0) != 0x80)
      bytes += 2;
  }
  return bytes <= 90 ? "sms" : "lms";
}

bool is_brand_message_night(Millis at) {
  const int minute = korean_minute_of_day(at);
  return minute >= 20 * 60 + 50 || minute < 8 * 60;
}

}  // namespace ieum::sandbox
