#include "sandbox/page.hpp"
namespace ieum::sandbox {
HttpResponse page_response() { return {200, {{"Content-Type", "text/html; charset=utf-8"}}, "<!doctype html>"}; }
}  // namespace ieum::sandbox
