// What Mailchimp's answers mean, and the addresses of its API. Errors are application/problem+json, told apart by their
// `title`; what comes without JSON is not from the API but from the edge before it, and passes.
// https://mailchimp.com/developer/marketing/docs/errors/
#pragma once
#include <optional>
#include <string>
#include <string_view>

#include "ieum/module.hpp"

namespace mailchimp {

// Nothing when the call succeeded (2xx); else the effect that ends the step.
std::optional<ieum::Effect> failure(const ieum::Call& call);
// Mailchimp's title of a problem, "" when the answer is none.
std::string problem_title(const ieum::Call& call);
// The answer lacks what it must have; asking again may help.
ieum::Effect unreadable(std::string_view what);

ieum::Effect refuse(std::string_view code, std::string_view message);

// "us21": two to four letters, one to three digits. The host name is built of it.
bool is_data_center(std::string_view text);
// Nothing when the connection's data center and server address are good.
std::optional<ieum::Effect> bad_server(const ieum::Call& call);
// "https://us21.api.mailchimp.com/3.0" + path, or the connection's own server.
std::string api_url(const ieum::Call& call, std::string_view path);

// An id of Mailchimp's: letters, digits, _ and -.
bool is_id(std::string_view text);
// The audience of the step, or else of the connection; "" when there is none or it is no id.
std::string audience(const ieum::Call& call);
ieum::Effect no_audience();
// "/lists/{audience}/members/{hash}" + rest. The audience and address must be good.
std::string member_path(const ieum::Call& call, std::string_view rest = {});
// Nothing when the step's audience and address are good.
std::optional<ieum::Effect> bad_member(const ieum::Call& call);

}  // namespace mailchimp
