// What http.request makes of an answer.
#pragma once
#include "ieum/module.hpp"

namespace http_connector {

// done for 2xx, or for exactly the listed statuses when expect_status is given; else a failure by status.
ieum::Effect read_answer(const ieum::Call& call);

}  // namespace http_connector
