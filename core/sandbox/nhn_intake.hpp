// What NHN Cloud takes in: one recipient of a request, judged before anything is kept. Private to sandbox; pure.
#pragma once
#include <string>

#include "sandbox/vendor.hpp"

namespace ieum::sandbox::nhn {

enum class Kind { alimtalk, alimtalk_full_text, brand_free, brand_template };

// Code 0 is taken; others are API codes of the vendor, for sendResults.
struct Intake {
  std::int64_t code = 0;
  std::string text = "SUCCESS";
  Message message;
  std::string grouping_key;
  bool fallback = false;  // resendParameter asks for a text where KakaoTalk does not reach
  std::string fallback_text;
};

// A refusal of the whole request: a code for the header. 0 when there is none.
struct Refusal {
  std::int64_t code = 0;
  std::string text;
};
Refusal refusal_of(const Value& request, Millis now);

Intake take_in(Kind kind, const Value& request, const Value& recipient, const TemplateStore& templates, Millis now);

// GET .../senders/{senderKey}/templates?templateStatus&pageNum&pageSize: {templates, totalCount}.
Value template_page(const Incoming& in, const std::string& sender, const TemplateStore& templates);

}  // namespace ieum::sandbox::nhn
