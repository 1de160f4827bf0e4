// Connection form: what a person is still to be asked for a connection, and whether what was entered can be right. Pure: asks no
// vendor, and knows of secrets only which are there.
#pragma once
#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/error.hpp"
#include "base/secret.hpp"
#include "host/manifest.hpp"

namespace ieum::host {

using Entered = std::vector<std::pair<std::string, Secret>>;  // slot -> secret
using HasSecret = std::function<bool(std::string_view slot)>;

struct Question {
  // choice: others depend on it. must: nothing works without. may: the chosen way uses it. more: for those who want it.
  enum class Need { choice, must, may, more };
  const Field* field = nullptr;
  Need need = Need::more;
  bool key_file = false;  // a service account's key, as JSON
};

// What is not known yet, in the order in which it is asked. Never what the hub makes, derives or is told by the vendor.
std::vector<Question> open_questions(const Manifest& manifest, const Value& config, const HasSecret& has);

// Elements of a field that polls or subscriptions go over one by one.
inline constexpr std::size_t kElementsMax = 200;

// Each entered thing by itself. Errors: "bad_config", "unknown_field", "unknown_secret", "secret_in_config", "bad_choice",
// "bad_value" (does not fit the pattern), "list_too_long", "bad_key", "secret_too_short".
// How a vendor's keys look is judged only where a person types them and can be told at once: vendors change it.
enum class Typed { by_a_person, anyhow };
Status check_entered(const Manifest& manifest, const Value& config, const Entered& secrets, Typed by);
// Whether deliveries can be verified with what was entered, in the way that the whole config chooses. Error: "bad_value".
Status check_proves(const Manifest& manifest, const Value& config, const Entered& secrets);
// Whether all that is required is there. Errors: "missing_field", "missing_credential".
Status check_complete(const Manifest& manifest, const Value& config, const HasSecret& has);

// Whether the choices that the field belongs to are made.
bool belongs(const Manifest& manifest, const Field& field, const Value& config);
// The secret at the end of the address that deliveries come to; "" where the chosen verification wants none.
std::string secret_of_address(const Manifest& manifest, const Value& config);

}  // namespace ieum::host
