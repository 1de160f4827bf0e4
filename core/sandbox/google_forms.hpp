// Google Forms: the questions of a form and its responses. A form exists from its first use on; ids that begin with
// "missing" never do, "private" may not be read. Its callers are known to vendor_google.cpp. Private to sandbox; one thread.
#pragma once
#include <deque>
#include <map>
#include <string>

#include "sandbox/vendor.hpp"

namespace ieum::sandbox {

class GoogleForms {
 public:
  static bool owns(const Incoming& in);  // /v1/forms/...
  Outcome act(const Incoming& in);
  // Somebody submits: body {form, name?, days?, email?, response?}; with `response` an old one is edited. What was kept.
  Value submit(const Value& body, Millis now);

 private:
  std::map<std::string, std::deque<Value>> forms_;  // responses, oldest first
  std::int64_t count_ = 0;
};

}  // namespace ieum::sandbox
