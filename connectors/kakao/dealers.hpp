// The two dealers through which alimtalk is sent: the same steps, two protocols. The connection's `dealer` chooses.
#pragma once
#include <string>
#include <string_view>

#include "ieum/module.hpp"

namespace kakao {

// What a send needs, checked.
struct Message {
  std::string to;  // national digits
  std::string text_template;
  ieum::json::object variables;  // names without #{}; values are text
  bool sms_fallback = false;
  std::string fallback_text;
  ieum::json::value buttons;  // a list in the dealer's own form, or null
};

// How far a look-up reaches around the time of the send, and how many pages it reads.
inline constexpr std::int64_t kLookAroundMs = 24 * 3600 * 1000;
inline constexpr std::int64_t kPagesMax = 5;

namespace solapi {
ieum::Effect send(const ieum::Call& call, const Message& message);
ieum::Effect sent(const ieum::Call& call);
ieum::Effect find(const ieum::Call& call, const std::string& to);
ieum::Effect found(const ieum::Call& call, const std::string& to);
ieum::Effect test(const ieum::Call& call);
ieum::Effect tested(const ieum::Call& call);
ieum::Effect reports(const ieum::Call& call);
}  // namespace solapi

namespace nhn {
ieum::Effect send(const ieum::Call& call, const Message& message);
ieum::Effect sent(const ieum::Call& call);
ieum::Effect find(const ieum::Call& call);
ieum::Effect found(const ieum::Call& call);
ieum::Effect test(const ieum::Call& call);
ieum::Effect tested(const ieum::Call& call);
ieum::Effect reports(const ieum::Call& call);
}  // namespace nhn

}  // namespace kakao
