// What the files of Solapi share. https://developers.solapi.com
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "dealers.hpp"

namespace kakao::solapi {

std::string address(const ieum::Call& call, const std::string& path);
ieum::Effect refused(const ieum::Call& call, const std::string& code, const std::string& vendor_text);
// Nothing when the status is 2xx. A 5xx other than 503 may have been acted upon.
std::optional<ieum::Effect> failure(const ieum::Call& call);
// A list, or a map by message id: Solapi answers both ways.
std::vector<const ieum::json::value*> messages_of(const ieum::json::value& list);

ieum::Effect get(const ieum::Call& call, const Handle& handle);
ieum::Effect got(const ieum::Call& call, const Handle& handle);
ieum::Effect cancel(const ieum::Call& call, const Handle& handle);
ieum::Effect cancelled(const ieum::Call& call);
ieum::Effect templates(const ieum::Call& call);
ieum::Effect templates_came(const ieum::Call& call);
ieum::Effect reports(const ieum::Call& call);
ieum::Effect results(const ieum::Call& call);
ieum::Effect results_came(const ieum::Call& call);

}  // namespace kakao::solapi
