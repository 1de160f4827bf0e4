// Passwords: Argon2id texts, and what makes a password too weak. Hashing takes a tenth of a second and 64 MiB on purpose: whoever calls
// it bounds how many do so at once.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>

#include "base/error.hpp"
#include "base/random.hpp"
#include "base/secret.hpp"

namespace ieum::vault {

struct PasswordCost {
  std::uint32_t kibibytes = 64 * 1024;
  std::uint32_t passes = 3;
};

// "$argon2id$v=19$...", salt and cost in it. Errors: "too_busy" when there is no memory for it.
Result<std::string> hash_password(const Secret& password, PasswordCost cost, Random& random);
// Such a text that no password fits, to be compared with where nobody has the name: that takes as long. Made without hashing.
std::string unmatched_password(PasswordCost cost, Random& random);
// At the cost that the text names. False for a text that is none.
bool password_fits(std::string_view encoded, const Secret& password);
// 12 to 256 bytes of UTF-8, none of the worst known ones, not made of `name` alone. Error "weak_password".
Status judge_password(const Secret& password, std::string_view name);

}  // namespace ieum::vault
