// Processes of the built binary, as an operator runs them: started, spoken to over sockets and the command line, killed.
#pragma once
#include <sys/types.h>

#include <cstdint>
#include <string>
#include <vector>

namespace ieum::test {

std::string binary();  // build/ieum of this build

struct Finished {
  int code = 0;  // exit code; 128 + signal when a signal ended it
  std::string out, err;
};
// Runs to its end, at most two minutes; `input` goes to standard input.
Finished run(const std::vector<std::string>& words, const std::string& input = {});

// A process that stays until it is ended. Killed with the object.
class Background {
 public:
  explicit Background(std::vector<std::string> words);
  ~Background();
  Background(const Background&) = delete;
  Background& operator=(const Background&) = delete;
  // Reads what it prints until a line holds the text; false when it ended first or nothing came for 30 s.
  bool wait_for(const std::string& text);
  void kill_now();                   // SIGKILL, and waits until it is gone
  int end();                         // SIGTERM; the exit code
  int wait();                        // until it ends by itself; 128 + signal when one ended it
  [[nodiscard]] bool alive() const;  // false also when it ended by itself and nobody has waited for it
  [[nodiscard]] const std::string& printed() const { return printed_; }
  [[nodiscard]] pid_t pid() const { return pid_; }  // -1: it has ended

 private:
  pid_t pid_ = -1;
  int output_ = -1;
  std::string printed_;
};

// A process at a terminal of its own, and a person before it. Killed with the object.
class AtTerminal {
 public:
  // `language`: what LC_ALL says.
  explicit AtTerminal(const std::vector<std::string>& words, const std::string& language = "en_US.UTF-8");
  ~AtTerminal();
  AtTerminal(const AtTerminal&) = delete;
  AtTerminal& operator=(const AtTerminal&) = delete;
  // Reads until the text is shown that was not there when the person typed last; requires that it comes within 30 s.
  void wait_for(const std::string& text);
  // Waits for the prompt, then types a line.
  void answer(const std::string& prompt, const std::string& line);
  int wait();                                                        // until it ends: the exit code
  [[nodiscard]] const std::string& shown() const { return shown_; }  // all that the terminal showed, echoes among it

 private:
  bool read_more();
  pid_t pid_ = -1;
  int terminal_ = -1;
  std::size_t seen_ = 0;  // where the part begins that came after the last answer
  std::string shown_;
};

class TempDirectory {
 public:
  TempDirectory();
  ~TempDirectory();
  [[nodiscard]] const std::string& path() const { return path_; }
  [[nodiscard]] std::string file(const std::string& name) const { return path_ + "/" + name; }

 private:
  std::string path_;
};

std::uint16_t free_port();
void write_file(const std::string& path, const std::string& text);

}  // namespace ieum::test
