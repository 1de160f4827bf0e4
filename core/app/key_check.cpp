#include "app/key_check.hpp"

namespace ieum::app {

Result<std::unique_ptr<vault::Vault>> open_checked_vault(const std::string& key_file,
                                                         const std::optional<std::string>& check, Random& random) {
  IEUM_TRY(auto vault, vault::open_vault(key_file, !check, random));
  if (check && vault->open(*check, kKeyBinding).has_error())
    return Error("wrong_key", "the key file does not open what is stored in this data directory",
                 "put the right vault.key back; nothing was changed", key_file);
  return vault;
}

}  // namespace ieum::app
