// What Solapi takes in: one message of a request, judged before anything is kept. Private to sandbox; pure.
#pragma once
#include <string>

#include "sandbox/vendor.hpp"

namespace ieum::sandbox::solapi {

// Code 2000 is taken; any other is a refusal and its text.
struct Intake {
  std::string code = "2000";
  std::string text = "정상 접수(이통사로 접수 예정)";
  Message message;
  std::string type;       // ATA, SMS, LMS, BMS_...
  bool fallback = false;  // a text goes out where KakaoTalk does not reach
  std::string fallback_text;
};

// What is wrong with the form of a message: then the whole request is refused. Empty when nothing is.
std::string malformed(const Value& item);

// item is well formed, or only described: then code says little.
Intake take_in(const Value& item, const TemplateStore& templates, Millis now);

// GET /kakao/v2/templates?limit&startKey: {limit, templateList, startKey, nextKey}.
Value template_page(const Incoming& in, const TemplateStore& templates);

}  // namespace ieum::sandbox::solapi
