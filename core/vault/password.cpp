#include "vault/password.hpp"

#include <argon2.h>

#include <algorithm>
#include <array>

#include "base/encoding.hpp"

namespace ieum::vault {
namespace {

constexpr std::size_t kShortest = 12, kLongest = 256;
constexpr std::uint32_t kSaltBytes = 16, kHashBytes = 32, kLanes = 1;

// Of those that people choose most often, what is left of them without digits and signs at either end. Shorter ones are refused anyway.
constexpr auto kWorst = std::to_array<std::string_view>({"password",
                                                         "passwords",
                                                         "passw",
                                                         "passwort",
                                                         "qwertyuiop",
                                                         "qwertyuiopasdfghjklzxcvbnm",
                                                         "qwerty",
                                                         "qwertyqwerty",
                                                         "asdfghjkl",
                                                         "zxcvbnm",
                                                         "iloveyou",
                                                         "iloveyouiloveyou",
                                                         "letmein",
                                                         "letmeinletmein",
                                                         "welcome",
                                                         "welcomewelcome",
                                                         "administrator",
                                                         "admin",
                                                         "adminadmin",
                                                         "adminadminadmin",
                                                         "changeme",
                                                         "changemechangeme",
                                                         "default",
                                                         "secret",
                                                         "secretsecret",
                                                         "passwordpassword",
                                                         "football",
                                                         "baseball",
                                                         "superman",
                                                         "sunshine",
                                                         "princess",
                                                         "dragon",
                                                         "monkey",
                                                         "master",
                                                         "trustno",
                                                         "correcthorsebatterystaple",
                                                         "ieum",
                                                         "ieumieumieum",
                                                         "integration",
                                                         "qazwsxedc",
                                                         "qazwsxedcrfv",
                                                         "abcdefghijkl",
                                                         "abcdefgh",
                                                         "abcdef",
                                                         "abc",
                                                         "a",
                                                         "q",
                                                         "test",
                                                         "testtesttest",
                                                         "korea",
                                                         "seoul",
                                                         "hello",
                                                         "helloworld"});

Error weak(std::string what) {
  return {"weak_password", std::move(what), "choose 12 characters or more, such as four words of your own"};
}

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || static_cast<unsigned char>(c) >= 0x80; }

// Lower case, without digits and signs at either end.
std::string core_of(std::string_view text) {
  const auto lower = to_lower_ascii(text);
  const auto from = std::find_if(lower.begin(), lower.end(), is_letter);
  const auto until = std::find_if(lower.rbegin(), lower.rend(), is_letter).base();
  return from < until ? std::string(from, until) : std::string();
}

// "aaaaaaaaaaaa", "121212121212", "123412341234": a few characters over and over.
bool repeats(std::string_view text) {
  for (std::size_t period = 1; period <= 4; ++period) {
    if (std::equal(text.begin() + static_cast<std::ptrdiff_t>(period), text.end(), text.begin())) return true;
  }
  return false;
}

}  // namespace

Result<std::string> hash_password(const Secret& password, PasswordCost cost, Random& random) {
  const auto salt = random.bytes(kSaltBytes);
  const auto text = password.reveal();
  std::string encoded(argon2_encodedlen(cost.passes, cost.kibibytes, kLanes, kSaltBytes, kHashBytes, Argon2_id), '\0');
  const int code = argon2id_hash_encoded(cost.passes, cost.kibibytes, kLanes, text.data(), text.size(), salt.data(),
                                         salt.size(), kHashBytes, encoded.data(), encoded.size());
  if (code != ARGON2_OK)
    return Error("too_busy", std::string("the password could not be hashed: ") + argon2_error_message(code),
                 "try again; hashing wants 64 MiB of memory");
  encoded.resize(encoded.find('\0'));
  return encoded;
}

std::string unmatched_password(PasswordCost cost, Random& random) {
  const auto field = [&random](std::size_t bytes) {
    std::string text = base64_encode(random.bytes(bytes));
    text.resize(text.find_last_not_of('=') + 1);
    return text;
  };
  return "$argon2id$v=19$m=" + std::to_string(cost.kibibytes) + ",t=" + std::to_string(cost.passes) +
         ",p=" + std::to_string(kLanes) + "$" + field(kSaltBytes) + "$" + field(kHashBytes);
}

bool password_fits(std::string_view encoded, const Secret& password) {
  const std::string text(encoded);
  const auto given = password.reveal();
  return argon2id_verify(text.c_str(), given.data(), given.size()) == ARGON2_OK;
}

Status judge_password(const Secret& password, std::string_view name) {
  const auto text = password.reveal();
  if (!utf8_valid(text)) return weak("the password must be text");
  if (utf8_length(text) < kShortest) return weak("the password has fewer than 12 characters");
  if (text.size() > kLongest) return weak("the password has more than 256 bytes");
  const auto core = core_of(text);
  const bool known = std::find(kWorst.begin(), kWorst.end(), core) != kWorst.end();
  if (core.empty() || known || repeats(text)) return weak("the password is one of those that are tried first");
  if (core == core_of(name)) return weak("the password is the name itself");
  return {};
}

}  // namespace ieum::vault
