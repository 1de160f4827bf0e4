// What Typeform's answers mean, and the addresses of its API. Errors are {"code", "description", "details"}; a missing
// scope is a 403, a token that is dead a 401. https://www.typeform.com/developers/get-started/
#pragma once
#include <optional>
#include <string>
#include <string_view>

#include "ieum/module.hpp"

namespace typeform {

// "https://api.typeform.com" + path, or the connection's own server (api.eu.typeform.com, a sandbox).
std::string api_url(const ieum::Call& call, std::string_view path);

// "/forms/{id}" + rest, or nothing when the id is no form's.
std::optional<std::string> form_path(std::string_view form, std::string_view rest = {});
ieum::Effect bad_form(std::string_view form);

// Nothing when the call succeeded (2xx); else the effect that ends the step.
std::optional<ieum::Effect> failure(const ieum::Call& call);

// The answer's text cannot be read; asking again may help.
ieum::Effect unreadable(std::string_view what);

}  // namespace typeform
