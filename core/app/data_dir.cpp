#include "app/data_dir.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>

#include "base/encoding.hpp"

namespace ieum::app {
namespace {

Error system_error(std::string code, std::string what, const std::string& path, std::string mend = {}) {
  return Error(std::move(code), std::move(what) + ": " + std::strerror(errno), std::move(mend), path);
}

// A new directory's name is on disk before anything that lies in it is acknowledged.
void sync_name(const std::string& path) {
  const auto above = std::filesystem::absolute(path).lexically_normal() / "..";
  const int folder = ::open(above.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (folder < 0) return;
  ::fsync(folder);
  ::close(folder);
}

}  // namespace

Result<DataDir> open_data_dir(const std::string& path) {
  if (::mkdir(path.c_str(), 0700) == 0) {
    sync_name(path);
  } else if (errno != EEXIST) {
    return system_error("data_dir", "the data directory cannot be made", path, "choose another with --data");
  }
  struct stat info {};
  if (::stat(path.c_str(), &info) != 0) return system_error("data_dir", "the data directory cannot be read", path);
  if (!S_ISDIR(info.st_mode)) return Error("data_dir", "this is no directory", "choose another with --data", path);
  if (::access(path.c_str(), W_OK | X_OK) != 0) {
    return system_error("data_dir", "the data directory cannot be written", path,
                        "give it to the user that runs the hub");
  }
  std::error_code failed;
  auto absolute = std::filesystem::canonical(path, failed);
  return DataDir{failed ? path : absolute.string()};
}

Result<std::string> read_file(const std::string& path, std::size_t bytes_max) {
  const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0) return system_error("file_unreadable", "the file cannot be read", path);
  std::string text;
  char block[16384];
  for (;;) {
    const ssize_t got = ::read(fd, block, sizeof(block));
    if (got < 0) {
      auto error = system_error("file_unreadable", "the file cannot be read", path);
      ::close(fd);
      return error;
    }
    if (got == 0) break;
    text.append(block, static_cast<std::size_t>(got));
    if (text.size() > bytes_max) {
      ::close(fd);
      return Error("file_too_large", "the file is larger than " + std::to_string(bytes_max) + " bytes", {}, path);
    }
  }
  ::close(fd);
  return text;
}

Status write_private_file(const std::string& path, std::string_view text) {
  const std::string fresh = path + ".new";
  const int fd = ::open(fresh.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600);
  if (fd < 0) return system_error("file_unwritable", "the file cannot be written", path);
  const bool written = ::write(fd, text.data(), text.size()) == static_cast<ssize_t>(text.size()) && ::fsync(fd) == 0;
  auto failed = system_error("file_unwritable", "the file cannot be written", path);
  ::close(fd);
  if (!written || ::rename(fresh.c_str(), path.c_str()) != 0) {
    ::unlink(fresh.c_str());
    return failed;
  }
  return {};
}

Result<Secret> admin_token(const DataDir& dir, bool create, Random& random) {
  const auto path = dir.token_file();
  struct stat info {};
  if (::stat(path.c_str(), &info) != 0) {
    if (!create)
      return Error("token_missing", "there is no admin token", "start the hub first: ieum serve --data " + dir.path,
                   path);
    Secret token("ieum_" + base32_encode(random.bytes(20)));
    IEUM_CHECK(write_private_file(path, std::string(token.reveal()) + "\n"));
    return token;
  }
  if ((info.st_mode & 0077) != 0) {
    return Error("token_permissions", "the admin token can be read by others",
                 "chmod 600 " + path + ", or remove it to get a new one", path);
  }
  auto text = read_file(path, 1024);
  if (text.has_error()) return std::move(text.error());
  const auto token = trim(*text);
  if (token.size() < 16)
    return Error("token_unreadable", "the admin token is damaged", "remove the file; the next start makes a new one",
                 path);
  return Secret(std::string(token));
}

}  // namespace ieum::app
