// Policy: what the owner of a hub decided for all of its messages to customers. Read at the start; a value.
#pragma once
#include <set>
#include <string>
#include <vector>

#include "audience/advertisement.hpp"
#include "audience/country.hpp"
#include "audience/merging.hpp"

namespace ieum::audience {

// At most so many ads to one customer in a rolling span, on one channel or on all together.
struct CapRule {
  std::string channel;  // "" all
  int most = 0;
  Millis per_for = 0;
};

// What the hub puts into messages to learn what becomes of them.
struct Tracking {
  bool links = true;       // addresses of pages lead over the hub
  bool opens = true;       // a picture at the end of a mail
  std::string utm_source;  // links say where somebody comes from; "" not
};

struct Policy {
  Country country = korea();
  Sender sender;  // opt_out_url is of each message
  std::vector<CapRule> caps;
  Tracking tracking;
  std::set<IdentityKey> shared;  // keys of several people: an agency's address, a shop's telephone
};

// {"sender": {"name", "contact", "free_opt_out"}, "country": "kr" or a country's file, "caps": [{"channel", "max", "per": "16h"}],
// "shared": ["email:info@agency.example"], "tracking": {"links", "opens", "utm_source"}};
// what is left out is as in a hub that was told nothing. Errors: "bad_setting", "bad_country".
Result<Policy> read_policy(const Value& written);

}  // namespace ieum::audience
