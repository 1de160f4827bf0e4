// What the files of auth share. Private to vault.
#pragma once
#include <string>
#include <vector>

#include "base/error.hpp"
#include "base/http.hpp"

namespace ieum::vault {

// Error "origin_refused".
Status check_origin(const HttpRequest& request, const std::vector<std::string>& origins);

}  // namespace ieum::vault
