// Guide: asks a person at a terminal for what a connection needs, one thing after the other, and has the hub check each at once.
// Titles and helps are in the reader's language (LC_ALL, LC_MESSAGES, LANG); secrets are not shown while they are typed.
#pragma once
#include <set>
#include <string>

#include "app/remote.hpp"
#include "app/terminal.hpp"
#include "base/value.hpp"

namespace ieum::app {

bool reads_korean();
// The text in the reader's language.
const char* says(const char* korean, const char* english);

// A line from the terminal; nothing at the end of input. Unseen: what is typed is not shown, and Ctrl-C brings the terminal back.
bool read_line(std::string& line, bool unseen);
// Yes unless the answer begins with n.
bool agrees(const char* question);

class Guide {
 public:
  // `connection`: one that is there already keeps its secrets.
  Guide(const Remote& hub, std::string connector, std::string connection, Map config, Map secrets);
  // Asks until nothing is open. Errors: "given_up" (end of input), "no_public_url" (a login could not come back), the hub's.
  Status ask();
  [[nodiscard]] const Map& config() const { return config_; }
  [[nodiscard]] const Map& secrets() const { return secrets_; }

 private:
  [[nodiscard]] Result<Value> form(const Map& config, const Map& secrets) const;
  Status ask_for(const Value& field);
  Status ask_for_more();
  Status tell_login();
  void introduce(const Value& field) const;
  // What the person typed, read from a file where a file was named. Error: it cannot be read.
  [[nodiscard]] Result<std::string> read_value(const Value& field, std::string typed) const;

  const Remote& hub_;
  const Terminal terminal_ = Terminal::standard_output();
  const std::string connector_, connection_;
  Map config_, secrets_;
  Value form_;
  std::set<std::string> passed_;  // asked already
  bool login_told_ = false;
};

}  // namespace ieum::app
