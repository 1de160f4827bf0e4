// Data directory: the files of one hub and who may read them. Layout: hub.db (store), vault.key (0600), admin.token (0600),
// admin.address (where a running hub answers, for the command line), last-call (what a module was doing).
#pragma once
#include <string>

#include "base/error.hpp"
#include "base/random.hpp"
#include "base/secret.hpp"

namespace ieum::app {

struct DataDir {
  std::string path;
  [[nodiscard]] std::string file(const std::string& name) const { return path + "/" + name; }
  [[nodiscard]] std::string database() const { return file("hub.db"); }
  [[nodiscard]] std::string key_file() const { return file("vault.key"); }
  [[nodiscard]] std::string token_file() const { return file("admin.token"); }
  [[nodiscard]] std::string address_file() const { return file("admin.address"); }
  [[nodiscard]] std::string note_file() const { return file("last-call"); }
};

// Makes the directory (0700) when it is missing. Errors: "data_dir" with the path and what the system said.
Result<DataDir> open_data_dir(const std::string& path);
// The admin token: read, or made (0600) when `create`. Errors: "token_unreadable", "token_permissions", "token_missing".
Result<Secret> admin_token(const DataDir& dir, bool create, Random& random);
// Replaces the file in one piece, readable by the owner alone.
Status write_private_file(const std::string& path, std::string_view text);
Result<std::string> read_file(const std::string& path, std::size_t bytes_max);

}  // namespace ieum::app
