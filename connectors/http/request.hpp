// The request that http.request makes of its inputs.
#pragma once
#include "ieum/module.hpp"

namespace http_connector {

// An http effect, or fail{permanent} when the inputs make no request.
ieum::Effect make_request(const ieum::Call& call);

}  // namespace http_connector
