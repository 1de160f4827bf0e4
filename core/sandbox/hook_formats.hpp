// The formats of hooks.hpp, one a vendor, and what they share. Private to sandbox.
#pragma once
#include <initializer_list>
#include <span>

#include "sandbox/hooks.hpp"

namespace ieum::sandbox {

extern const HookFormat kShopifyHooks, kTypeformHooks, kGoogleHooks, kAppsScriptHooks;  // hooks_shops.cpp
extern const HookFormat kSlackHooks, kMailchimpHooks;                                   // hooks_people.cpp
extern const HookFormat kSolapiHooks, kNhnHooks;                                        // hooks_kakao.cpp

// A POST with this body; the target is put in later.
HttpRequest hook_post(std::string body, std::string_view content_type);
int last_status(const HookDelivery& delivery);  // of the last attempt; 0 without an answer
bool is_success(const HookDelivery& delivery);  // 2xx
// Tries again after these gaps, one after the other; then `then`.
NextTry by_schedule(const HookDelivery& delivery, std::span<const Millis> gaps,
                    NextTry::Kind then = NextTry::Kind::give_up);
// 2xx is delivered, everything else is given up.
NextTry no_second_try(const HookDelivery& delivery, const Headers& headers, Millis now);
// The told body, or the sample where there is none.
const Value& body_or(const HookDelivery& delivery, const Value& sample);
// `over` laid over `base`: its members win.
Value overlaid(const Value& base, const Value& over);
// A text of hook.more, or the fallback.
std::string more_text(const HookDelivery& delivery, std::string_view name, std::string_view fallback = {});

}  // namespace ieum::sandbox
