// Answers: how both doors say yes and no. JSON, and on the admin door the headers that keep a browser in its place.
#pragma once
#include <string>
#include <string_view>

#include "base/error.hpp"
#include "base/http.hpp"
#include "base/value.hpp"

namespace ieum::server {

HttpResponse json_answer(int status, const Value& body);
// {"error":{"code","message"}}, with "mend" and "place" where there are some, and what `details` (a map) adds to the inner object.
HttpResponse error_answer(int status, const Error& error, const Value& details = {});
// Where nothing is: the same bytes whatever was asked for.
HttpResponse not_found_answer();
HttpResponse wrong_method_answer(const std::string& allow);

// The status that an error of the hub has on the API: 404 for what is not there, 409 for what is in another state, 503 for
// a store that cannot go on, 500 for what the hub should have kept, 502 and 504 for a vendor that could not be asked, else 422:
// the request was understood and refused.
int status_of(std::string_view code);

// Content-Security-Policy and its kin, on every answer of the admin door. Cache-Control: no-store unless it is set already.
void add_browser_rules(HttpResponse& answer);

}  // namespace ieum::server
