// What the files of the control side share. Private to sandbox.
#pragma once
#include "base/error.hpp"
#include "base/http.hpp"

namespace ieum::sandbox {

HttpResponse control_error(int status, const Error& error);
HttpResponse control_wrong_method();
HttpResponse control_needs_json();

}  // namespace ieum::sandbox
