#include "vault/key_file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>

#include "base/encoding.hpp"

namespace ieum::vault {
namespace {

constexpr std::string_view kMark = "ieum-key-v1 ";
constexpr std::size_t kKeyBytes = 32;

class File {
 public:
  File(const std::string& path, int flags, mode_t mode = 0)
      : descriptor_(::open(path.c_str(), flags | O_CLOEXEC | O_NOFOLLOW, mode)) {}
  ~File() {
    if (descriptor_ >= 0) ::close(descriptor_);
  }
  File(const File&) = delete;
  File& operator=(const File&) = delete;
  [[nodiscard]] bool good() const { return descriptor_ >= 0; }
  [[nodiscard]] int descriptor() const { return descriptor_; }

 private:
  int descriptor_;
};

Error system_error(const std::string& path, const std::string& what) {
  return {"key_unreadable", what + ": " + std::strerror(errno), "check the file and its directory", path};
}

Status write_whole(const File& file, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t written = ::write(file.descriptor(), bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return Error("key_unreadable", "");
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
  if (::fsync(file.descriptor()) != 0) return Error("key_unreadable", "");
  return {};
}

}  // namespace

Result<Secret> read_key_file(const std::string& path) {
  const File file(path, O_RDONLY | O_NONBLOCK);
  if (!file.good() && errno == ENOENT) {
    return Error("key_missing", "the key file is not there",
                 "restore it from the backup; without it stored secrets cannot be read", path);
  }
  if (!file.good() && errno == ELOOP)
    return Error("key_permissions", "the key file is a symbolic link", "put the real file there", path);
  if (!file.good()) return system_error(path, "the key file cannot be opened");
  struct stat info {};
  if (::fstat(file.descriptor(), &info) != 0) return system_error(path, "the key file cannot be examined");
  if (!S_ISREG(info.st_mode))
    return Error("key_unreadable", "the key file is no plain file", "put the real file there", path);
  if ((info.st_mode & 077) != 0)
    return Error("key_permissions", "the key file can be read by others", "chmod 600 " + path, path);
  if (info.st_uid != ::geteuid()) {
    return Error("key_permissions", "the key file belongs to another user", "chown it to the user that runs the hub",
                 path);
  }
  char buffer[256];
  const ssize_t size = ::read(file.descriptor(), buffer, sizeof buffer);
  if (size < 0) return system_error(path, "the key file cannot be read");
  const Secret text(std::string(buffer, static_cast<std::size_t>(size)));
  ::explicit_bzero(buffer, sizeof buffer);
  std::string_view rest = text.reveal();
  const Error malformed("key_malformed", "the key file does not hold \"ieum-key-v1\" and a key of 32 bytes",
                        "restore it from the backup", path);
  if (!rest.starts_with(kMark) || !rest.ends_with('\n')) return malformed;
  rest.remove_prefix(kMark.size());
  rest.remove_suffix(1);
  auto key = base64_decode(rest);
  if (!key || key->size() != kKeyBytes) return malformed;
  return Secret(std::move(*key));
}

Status make_key_file(const std::string& path, Random& random) {
  const std::string fresh = path + ".new";
  ::unlink(fresh.c_str());  // left by a crash before it was ever used
  {
    const File file(fresh, O_WRONLY | O_CREAT | O_EXCL, 0600);
    if (!file.good()) return system_error(path, "the key file cannot be made");
    const Secret key(random.bytes(kKeyBytes));
    const Secret text(std::string(kMark) + base64_encode(key.reveal()) + "\n");
    if (write_whole(file, text.reveal()).has_error()) {
      const Error error = system_error(path, "the key file cannot be written");
      ::unlink(fresh.c_str());
      return error;
    }
  }
  const bool linked = ::link(fresh.c_str(), path.c_str()) == 0;
  if (!linked && errno != EEXIST) {
    const Error error = system_error(path, "the key file cannot be made");
    ::unlink(fresh.c_str());
    return error;
  }
  ::unlink(fresh.c_str());
  const std::string directory = std::filesystem::path(path).parent_path().string();
  const File folder(directory.empty() ? "." : directory, O_RDONLY | O_DIRECTORY);
  if (!folder.good() || ::fsync(folder.descriptor()) != 0)
    return system_error(path, "the key file's directory cannot be synced");
  return {};
}

}  // namespace ieum::vault
