// Proves that a delivery came from the vendor: over the raw bytes, in constant time, closed when anything is missing.
#pragma once
#include <string>
#include <string_view>

#include "base/http.hpp"
#include "host/delivery.hpp"

namespace ieum::host {

struct Proof {
  bool verified = false;
  bool body_signed = false;  // or at least sent by one who knows a header secret; false for url_token
  std::string diagnosis;     // why not; names no secret
  std::string code;          // the same for programs, as delivery_words.hpp knows it
};

// Whether deliveries can be proven with this secret: it is written as its kind wants it.
bool can_prove(const Verification& verification, std::string_view secret);

Proof verify_delivery(const Manifest& manifest, const Value& config, const SlotSecrets& secrets,
                      const HttpRequest& request, std::string_view url_token, Millis now_ms);

}  // namespace ieum::host
