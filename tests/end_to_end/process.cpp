#include "end_to_end/process.hpp"

#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <boost/test/unit_test.hpp>
#include <filesystem>
#include <fstream>

namespace ieum::test {
namespace {

int code_of(int status) { return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status); }

pid_t start(const std::vector<std::string>& words, int in, int out, int err) {
  std::vector<char*> argv;
  for (const auto& word : words) argv.push_back(const_cast<char*>(word.c_str()));
  argv.push_back(nullptr);
  const pid_t pid = ::fork();
  BOOST_REQUIRE(pid >= 0);
  if (pid > 0) return pid;
  ::dup2(in, 0);
  ::dup2(out, 1);
  ::dup2(err, 2);
  for (int fd = 3; fd < 256; ++fd) ::close(fd);
  ::execv(argv[0], argv.data());
  ::_exit(127);
}

// Reads both pipes to their ends.
void read_all(int out, int err, Finished& finished) {
  pollfd fds[] = {{out, POLLIN, 0}, {err, POLLIN, 0}};
  std::string* texts[] = {&finished.out, &finished.err};
  int open = 2;
  while (open > 0) {
    if (::poll(fds, 2, 120'000) <= 0) return;
    for (int i = 0; i < 2; ++i) {
      if (fds[i].fd < 0 || fds[i].revents == 0) continue;
      char block[8192];
      const ssize_t got = ::read(fds[i].fd, block, sizeof(block));
      if (got > 0) {
        texts[i]->append(block, static_cast<std::size_t>(got));
      } else {
        fds[i].fd = -1;
        --open;
      }
    }
  }
}

}  // namespace

std::string binary() { return std::string(IEUM_BUILD_DIR) + "/ieum"; }

Finished run(const std::vector<std::string>& words, const std::string& input) {
  int in[2], out[2], err[2];
  BOOST_REQUIRE(::pipe(in) == 0 && ::pipe(out) == 0 && ::pipe(err) == 0);
  const pid_t pid = start(words, in[0], out[1], err[1]);
  ::close(in[0]);
  ::close(out[1]);
  ::close(err[1]);
  BOOST_REQUIRE(::write(in[1], input.data(), input.size()) == static_cast<ssize_t>(input.size()));
  ::close(in[1]);
  Finished finished;
  read_all(out[0], err[0], finished);
  ::close(out[0]);
  ::close(err[0]);
  int status = 0;
  ::waitpid(pid, &status, 0);
  finished.code = code_of(status);
  return finished;
}

Background::Background(std::vector<std::string> words) {
  int out[2];
  BOOST_REQUIRE(::pipe2(out, O_CLOEXEC) == 0);
  const int null = ::open("/dev/null", O_RDONLY | O_CLOEXEC);
  pid_ = start(words, null, out[1], out[1]);
  ::close(null);
  ::close(out[1]);
  output_ = out[0];
  // Nobody reads what a process prints while a test goes on; a full pipe would stop it in the middle of a log line.
  static_cast<void>(::fcntl(output_, F_SETPIPE_SZ, 1 << 20));
}

Background::~Background() {
  kill_now();
  ::close(output_);
}

bool Background::wait_for(const std::string& text) {
  while (printed_.find(text) == std::string::npos) {
    pollfd fd{output_, POLLIN, 0};
    if (::poll(&fd, 1, 30'000) <= 0) return false;
    char block[8192];
    const ssize_t got = ::read(output_, block, sizeof(block));
    if (got <= 0) return false;
    printed_.append(block, static_cast<std::size_t>(got));
  }
  return true;
}

void Background::kill_now() {
  if (pid_ <= 0) return;
  ::kill(pid_, SIGKILL);
  ::waitpid(pid_, nullptr, 0);
  pid_ = -1;
}

bool Background::alive() const {
  siginfo_t info{};
  return pid_ > 0 && ::waitid(P_PID, static_cast<id_t>(pid_), &info, WEXITED | WNOHANG | WNOWAIT) == 0 &&
         info.si_pid == 0;
}

int Background::end() {
  if (pid_ > 0) ::kill(pid_, SIGTERM);
  return wait();
}

int Background::wait() {
  if (pid_ <= 0) return -1;
  // Drains what it prints, so that a full pipe cannot hold it up; the pipe ends with the process.
  wait_for("\x01 never printed");
  int status = 0;
  ::waitpid(pid_, &status, 0);
  pid_ = -1;
  return code_of(status);
}

AtTerminal::AtTerminal(const std::vector<std::string>& words, const std::string& language) {
  terminal_ = ::posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);
  BOOST_REQUIRE(terminal_ >= 0 && ::grantpt(terminal_) == 0 && ::unlockpt(terminal_) == 0);
  const std::string name = ::ptsname(terminal_);
  std::vector<std::string> settings{"LC_ALL=" + language};
  for (char** setting = environ; *setting != nullptr; ++setting)
    if (!std::string_view(*setting).starts_with("LC_ALL=")) settings.emplace_back(*setting);
  std::vector<char*> argv, envp;
  for (const auto& word : words) argv.push_back(const_cast<char*>(word.c_str()));
  for (auto& setting : settings) envp.push_back(setting.data());
  argv.push_back(nullptr);
  envp.push_back(nullptr);
  pid_ = ::fork();
  BOOST_REQUIRE(pid_ >= 0);
  if (pid_ > 0) return;
  ::setsid();
  const int own = ::open(name.c_str(), O_RDWR);  // becomes its controlling terminal
  for (int fd = 0; fd < 3; ++fd) ::dup2(own, fd);
  for (int fd = 3; fd < 256; ++fd) ::close(fd);
  ::execve(argv[0], argv.data(), envp.data());
  ::_exit(127);
}

AtTerminal::~AtTerminal() {
  if (pid_ > 0) {
    ::kill(pid_, SIGKILL);
    ::waitpid(pid_, nullptr, 0);
  }
  ::close(terminal_);
}

bool AtTerminal::read_more() {
  pollfd fd{terminal_, POLLIN, 0};
  if (::poll(&fd, 1, 30'000) <= 0) return false;
  char block[8192];
  const ssize_t got = ::read(terminal_, block, sizeof(block));  // fails when the other end is closed
  if (got > 0) shown_.append(block, static_cast<std::size_t>(got));
  return got > 0;
}

void AtTerminal::wait_for(const std::string& text) {
  while (shown_.find(text, seen_) == std::string::npos)
    BOOST_REQUIRE_MESSAGE(read_more(), "\"" + text + "\" is not shown:\n" + shown_);
}

void AtTerminal::answer(const std::string& prompt, const std::string& line) {
  wait_for(prompt);
  seen_ = shown_.size();
  const std::string typed = line + "\n";
  BOOST_REQUIRE(::write(terminal_, typed.data(), typed.size()) == static_cast<ssize_t>(typed.size()));
}

int AtTerminal::wait() {
  while (read_more()) {}
  int status = 0;
  ::waitpid(pid_, &status, 0);
  pid_ = -1;
  return code_of(status);
}

TempDirectory::TempDirectory() {
  auto pattern = (std::filesystem::temp_directory_path() / "ieum-e2e-XXXXXX").string();
  BOOST_REQUIRE(::mkdtemp(pattern.data()) != nullptr);
  path_ = pattern;
}

TempDirectory::~TempDirectory() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

std::uint16_t free_port() {
  const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  BOOST_REQUIRE(::bind(fd, reinterpret_cast<sockaddr*>(&address), sizeof(address)) == 0);
  socklen_t size = sizeof(address);
  ::getsockname(fd, reinterpret_cast<sockaddr*>(&address), &size);
  ::close(fd);
  return ntohs(address.sin_port);
}

void write_file(const std::string& path, const std::string& text) {
  std::ofstream file(path, std::ios::binary | std::ios::trunc);
  file << text;
  BOOST_REQUIRE(file.good());
}

}  // namespace ieum::test
