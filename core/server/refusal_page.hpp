// Refusal page: where the address in a message leads that says "no more of this": what its holder gets now, and a button for each
// thing they may want no more. No login and no script; Korean or English, for a phone. Pure.
#pragma once
#include <string>

#include "base/http.hpp"

namespace ieum::server {

struct RefusalState {
  std::string sender;        // whose messages; "" unknown
  std::string topic;         // of the message; "" none
  bool topic_off = false;    // wants no more of it already
  bool all_off = false;      // wants no more advertising at all
  bool failed = false;       // it was just asked for, and could not be written down
  bool is_korean = true;
};

HttpResponse refusal_page(const RefusalState& state);
// By "?lang=en", else by what the browser prefers; Korean unless it prefers another language.
bool reads_korean(const std::string& asked, const std::string& accept_language);

}  // namespace ieum::server
