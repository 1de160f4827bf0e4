// Delivery words: why a delivery was not taken, for a person who has to mend it: what is wrong and what to do, in Korean and English.
#pragma once
#include <string>
#include <string_view>

#include "host/delivery.hpp"

namespace ieum::host {

struct DeliveryWords {
  std::string
      code;  // header_missing, clock_skew, bad_timestamp, body_reencoded, wrong_secret, no_secret, wrong_address ...
  LocalText why, mend;
};

// `inspection`: what inspect() said of the same delivery; refuse or quarantine. Looks once more at one whose signature did not fit:
// whether it fits the same JSON written in another way, as a proxy or a library does that reads a body and writes it anew.
DeliveryWords explain(const Inspection& inspection, const Manifest& manifest, const Value& config,
                      const SlotSecrets& secrets, const HttpRequest& request, std::string_view url_token,
                      Millis now_ms);

}  // namespace ieum::host
