// ModuleFile: one loaded shared object. module_file.cpp is the only caller of dlopen in the tree.
#pragma once
#include <functional>
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

// What is judged, hashed and loaded is one open file, also when another is put in its place meanwhile. `judge` sees it
// before any of its code runs. Errors: "bad_module" (cannot be loaded, no entry point, another ABI), those of `judge`.
Result<std::unique_ptr<ModuleFile>> load_module(const std::string& path,
                                                const std::function<Status(int fd)>& judge = {});

// The same rules as check_path for an open file.
Status check_file(int fd, const std::string& path);

}  // namespace ieum::host
