#include "host/module_file.hpp"

#include <dlfcn.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <optional>

#include "base/digest.hpp"
#include "base/encoding.hpp"

namespace ieum::host {
namespace {

using EntryPoint = const ieum_connector* (*)();

class LoadedModule final : public ModuleFile {
 public:
  LoadedModule(int fd, void* handle, const ieum_connector* connector, std::string digest)
      : fd_(fd), handle_(handle), connector_(connector), digest_(std::move(digest)) {}
  ~LoadedModule() override {
    dlclose(handle_);
    release(fd_);
  }
  LoadedModule(const LoadedModule&) = delete;
  LoadedModule& operator=(const LoadedModule&) = delete;
  [[nodiscard]] const ieum_connector& connector() const override { return *connector_; }
  [[nodiscard]] const std::string& digest() const override { return digest_; }

  static std::string name_of(int fd) { return "/proc/self/fd/" + std::to_string(fd); }
  // The loader knows a module by this name, and may keep one that was closed: then the number is given to no other.
  static void release(int fd) {
    if (void* kept = dlopen(name_of(fd).c_str(), RTLD_LAZY | RTLD_NOLOAD)) {
      dlclose(kept);
      return;
    }
    ::close(fd);
  }

 private:
  int fd_;
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

Status judged(const struct stat& info, const std::string& path, bool directory) {
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

Error unreadable(const std::string& path) {
  return {"unsafe_path", std::string("cannot be read: ") + std::strerror(errno), "", path};
}

std::optional<std::string> read_all(int fd) {
  std::string bytes;
  char buffer[64 * 1024];
  for (;;) {
    const ssize_t got = ::read(fd, buffer, sizeof buffer);
    if (got == 0) return bytes;
    if (got < 0 && errno != EINTR) return std::nullopt;
    if (got > 0) bytes.append(buffer, static_cast<std::size_t>(got));
  }
}

// Of an open file, which is given back loaded or not at all.
Result<std::unique_ptr<ModuleFile>> load_open(int fd, const std::string& path) {
  const auto bytes = read_all(fd);
  if (!bytes || bytes->empty()) return bad_module(path, "the module cannot be read");
  void* handle = dlopen(LoadedModule::name_of(fd).c_str(), RTLD_NOW | RTLD_LOCAL);
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
  return std::unique_ptr<ModuleFile>(std::make_unique<LoadedModule>(fd, handle, connector, hex_encode(sha256(*bytes))));
}

}  // namespace

Status check_path(const std::string& path, bool directory) {
  struct stat info {};
  if (lstat(path.c_str(), &info) != 0) return unreadable(path);
  return judged(info, path, directory);
}

Status check_file(int fd, const std::string& path) {
  struct stat info {};
  if (fstat(fd, &info) != 0) return unreadable(path);
  return judged(info, path, false);
}

Result<std::unique_ptr<ModuleFile>> load_module(const std::string& path, const std::function<Status(int)>& judge) {
  const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
  if (fd < 0 && errno == ELOOP) return Error("unsafe_path", "is a symbolic link", "put the real file there", path);
  if (fd < 0) return bad_module(path, std::string("the module cannot be read: ") + std::strerror(errno));
  if (const Status fit = judge ? judge(fd) : Status(); fit.has_error()) {
    ::close(fd);  // what is no file of the hub's own is not even looked at
    return fit.error();
  }
  auto loaded = load_open(fd, path);
  if (loaded.has_error()) LoadedModule::release(fd);
  return loaded;
}

}  // namespace ieum::host
