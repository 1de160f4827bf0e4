#include "host/module_file.hpp"

#include <dlfcn.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <fstream>
#include <iterator>

#include "base/digest.hpp"
#include "base/encoding.hpp"

namespace ieum::host {
namespace {

using EntryPoint = const ieum_connector* (*)();

class LoadedModule final : public ModuleFile {
 public:
  LoadedModule(void* handle, const ieum_connector* connector, std::string digest)
      : handle_(handle), connector_(connector), digest_(std::move(digest)) {}
  ~LoadedModule() override { dlclose(handle_); }
  LoadedModule(const LoadedModule&) = delete;
  LoadedModule& operator=(const LoadedModule&) = delete;
  [[nodiscard]] const ieum_connector& connector() const override { return *connector_; }
  [[nodiscard]] const std::string& digest() const override { return digest_; }

 private:
  void* handle_;
  const ieum_connector* connector_;
  std::string digest_;
};

Error bad_module(const std::string& path, std::string what, std::string mend = {}) {
  return {"bad_module", std::move(what), std::move(mend), path};
}

// "" when the host can work with it.
std::string problem_of(const ieum_connector* connector) {
  if (connector == nullptr) return "the module gives no connector";
  if (connector->abi != IEUM_CONNECTOR_ABI) {
    return "the module speaks ABI " + std::to_string(connector->abi) + ", the hub " +
           std::to_string(IEUM_CONNECTOR_ABI);
  }
  if (connector->size < sizeof(ieum_connector)) return "the module's connector is smaller than ABI 1 says";
  return connector->step == nullptr ? "the module has no step function" : "";
}

}  // namespace

Status check_path(const std::string& path, bool directory) {
  struct stat info {};
  if (lstat(path.c_str(), &info) != 0)
    return Error("unsafe_path", std::string("cannot be read: ") + std::strerror(errno), "", path);
  if (S_ISLNK(info.st_mode)) return Error("unsafe_path", "is a symbolic link", "put the real file there", path);
  if (directory ? !S_ISDIR(info.st_mode) : !S_ISREG(info.st_mode)) {
    return Error("unsafe_path", directory ? "is no directory" : "is no plain file", "", path);
  }
  if (info.st_uid != geteuid() && info.st_uid != 0) {
    return Error("unsafe_path", "belongs to another user than the hub",
                 "chown it to the user that runs the hub, or to root", path);
  }
  if ((info.st_mode & (S_IWGRP | S_IWOTH)) != 0)
    return Error("unsafe_path", "can be written by others", "chmod go-w " + path, path);
  return {};
}

Result<std::unique_ptr<ModuleFile>> load_module(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  const std::string bytes((std::istreambuf_iterator<char>(file)), {});
  if (!file || bytes.empty()) return bad_module(path, "the module cannot be read");
  std::string digest = hex_encode(sha256(bytes));
  void* handle = dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL);
  if (handle == nullptr) {
    const char* reason = dlerror();
    return bad_module(path,
                      std::string("the module cannot be loaded: ") + (reason == nullptr ? "unknown reason" : reason));
  }
  const auto entry = reinterpret_cast<EntryPoint>(dlsym(handle, "ieum_connector_v1"));
  const ieum_connector* connector = entry == nullptr ? nullptr : entry();
  const std::string problem = entry == nullptr ? "the module does not export ieum_connector_v1" : problem_of(connector);
  if (!problem.empty()) {
    dlclose(handle);
    return bad_module(path, problem, "build it against this hub's connectors/sdk");
  }
  return std::unique_ptr<ModuleFile>(std::make_unique<LoadedModule>(handle, connector, std::move(digest)));
}

}  // namespace ieum::host
