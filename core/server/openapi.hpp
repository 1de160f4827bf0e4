// OpenAPI: the routes of both doors as an OpenAPI 3.1 document, written from their RouteDocs alone.
#pragma once
#include <string>

#include "base/value.hpp"
#include "server/routes.hpp"

namespace ieum::server {

// `public_url`: where the public door is reached; "" when unknown.
Value openapi_document(const RouteTable& admin, const RouteTable& open, const std::string& version,
                       const std::string& public_url);

}  // namespace ieum::server
