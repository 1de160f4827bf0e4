// The sandbox's page: one HTML text without outside requests. Private to sandbox.
#pragma once
#include "base/http.hpp"

namespace ieum::sandbox {

// With a content security policy that allows this page's own script and style (by digest) and fetches to its origin.
HttpResponse page_response();

}  // namespace ieum::sandbox
