// ModuleFile: one loaded shared object. module_file.cpp is the only caller of dlopen in the tree.
#pragma once
#include <memory>
#include <string>

#include "base/error.hpp"
#include "ieum/connector.h"

namespace ieum::host {

class ModuleFile {
 public:
  virtual ~ModuleFile() = default;  // unloads
  [[nodiscard]] virtual const ieum_connector& connector() const = 0;
  [[nodiscard]] virtual const std::string& digest() const = 0;  // SHA-256 of the file, hex
};

// Nobody but the owner (the process's user or root) may be able to write the path, and it is no symbolic link: what is
// loaded is trusted like the binary. Error "unsafe_path" with the mend.
Status check_path(const std::string& path, bool directory);

// Errors: "bad_module" (cannot be loaded, no entry point, another ABI).
Result<std::unique_ptr<ModuleFile>> load_module(const std::string& path);

}  // namespace ieum::host
