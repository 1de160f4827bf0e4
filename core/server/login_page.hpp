// The page that a person sees who comes back from a vendor's login. No script, nothing loaded, nothing of the query in it.
#pragma once
#include <string>

#include "base/error.hpp"
#include "base/http.hpp"

namespace ieum::server {

// `outcome`: the connection's name, or why the login failed.
HttpResponse login_page(const Result<std::string>& outcome);

}  // namespace ieum::server
