// Translation: the scenarios' neutral notation into recipes of the hub and templates of the Kakao dealer. Pure.
//
// What it is not: a part of the product. A scenario says what a marketer wants in words of no product; this is the reading of it,
// in one place, so that every scenario is read alike.
#pragma once
#include <string>
#include <vector>

#include "base/value.hpp"

namespace ieum::acceptance {

struct KakaoTemplate {
  std::string code, text;  // #{v1} is the first value that the recipe fills in
};

struct Translated {
  std::vector<Value> recipes;  // in JSON, as `ieum recipe apply` takes them
  std::vector<KakaoTemplate> templates;
};

// Throws std::runtime_error for what the notation has and this reader does not know: a test fails with its words.
Translated translate(const Value& scenario);

// cart_add stays, coupon_due is "segment/Coupon Due".
std::string event_name(const std::string& neutral);
// The channel of the hub that a scenario's word stands for: kakao_friendtalk is kakao_brand_message.
std::string channel_name(const std::string& neutral);

}  // namespace ieum::acceptance
