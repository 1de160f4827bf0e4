// What the files of NHN Cloud share: addresses and the meaning of answers. https://docs.nhncloud.com
#pragma once
#include <optional>
#include <string>
#include <string_view>

#include "dealers.hpp"

namespace kakao::nhn {

// Of KakaoTalk Bizmessage or, for texts, of the product SMS, which has its own appkey.
std::string address(const ieum::Call& call, Product product, std::string_view path);
std::string_view auth(Product product);

ieum::Effect refused(const ieum::Call& call, std::int64_t code, const std::string& vendor_text);
// Nothing when header.isSuccessful is true; its resultCode is no test (0 and 200 both occur).
std::optional<ieum::Effect> failure(const ieum::Call& call);
// "2026-03-02 09:21", percent-encoded; Korean time.
std::string minute(std::int64_t ms);
// Of a text without zone, which is Korean ("2026-03-02 09:21:05.0"), in RFC 3339 and UTC; "" when it is none.
std::string utc_text(std::string_view korean);

ieum::Effect get(const ieum::Call& call, const Handle& handle);
ieum::Effect got(const ieum::Call& call, const Handle& handle);
ieum::Effect cancel(const ieum::Call& call, const Handle& handle);
ieum::Effect cancelled(const ieum::Call& call);
ieum::Effect templates(const ieum::Call& call);
ieum::Effect templates_came(const ieum::Call& call);
ieum::Effect reports(const ieum::Call& call);
ieum::Effect results(const ieum::Call& call);
ieum::Effect results_came(const ieum::Call& call);

}  // namespace kakao::nhn
