// Redactor: replaces every known secret, in the forms in which vendors echo them, by "[redacted]".
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "base/secret.hpp"

namespace ieum::vault {

class Redactor {
 public:
  // Adds the secret as is, base64, base64url, percent-encoded, hex and JSON-escaped. Secrets shorter than 6 bytes are not added
  // as text would be full of holes; they are refused at entry instead.
  void add(const Secret& secret);
  [[nodiscard]] std::string clean(std::string_view text) const;

 private:
  std::vector<Secret> forms_;
};

}  // namespace ieum::vault
