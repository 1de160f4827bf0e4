// Commands about connections: adding one guides a person through what the connector needs, also through a login.
#include <termios.h>
#include <unistd.h>

#include <cstdio>
#include <iostream>

#include "app/asking.hpp"
#include "app/connection_troubles.hpp"
#include "app/data_dir.hpp"
#include "app/remote.hpp"
#include "base/encoding.hpp"
#include "base/json.hpp"

namespace ieum::app {
namespace {

bool a_person_is_there(const Common& common) {
  return !common.json && ::isatty(STDIN_FILENO) == 1 && ::isatty(STDOUT_FILENO) == 1;
}

// Lines typed on this terminal are not shown while it lives.
class Unseen {
 public:
  Unseen() {
    changed_ = ::tcgetattr(STDIN_FILENO, &before_) == 0;
    termios quiet = before_;
    quiet.c_lflag &= ~static_cast<tcflag_t>(ECHO);
    changed_ = changed_ && ::tcsetattr(STDIN_FILENO, TCSAFLUSH, &quiet) == 0;
  }
  ~Unseen() {
    if (changed_) ::tcsetattr(STDIN_FILENO, TCSAFLUSH, &before_);
  }
  Unseen(const Unseen&) = delete;
  Unseen& operator=(const Unseen&) = delete;

 private:
  termios before_{};
  bool changed_ = false;
};

std::string connection_path(const std::string& name, const char* more = "") {
  return "/api/v1/connections/" + percent_encode(name) + more;
}

std::string localized(const Value& field, const char* key) {
  const auto* text = field.get(key);
  if (text == nullptr) return {};
  const std::string english = text->text("en");
  const std::string korean = text->text("ko");
  return english.empty() ? korean : korean.empty() ? english : english + " / " + korean;
}

// Asks for what is required and not given; false when the person gave up (end of input).
bool ask_for_fields(const Value& connector, Map& config, Map& secrets, const Terminal& terminal) {
  for (const auto& field : list_of(connector, "fields")) {
    const std::string name = field.text("name");
    const bool secret = field.flag("secret");
    if (!field.flag("required") || config.find(name) != nullptr || secrets.find(name) != nullptr ||
        field.flag("generate") || field.get("default") != nullptr)
      continue;
    std::printf("%s\n  %s\n", terminal.paint(Colour::bold, printable(localized(field, "title"))).c_str(),
                printable(localized(field, "help")).c_str());
    std::string choices;
    for (const auto& choice : list_of(field, "choices")) choices += (choices.empty() ? "" : " | ") + text_of(&choice);
    if (!choices.empty()) std::printf("  %s\n", choices.c_str());
    std::string line;
    while (line.empty()) {
      std::printf("%s%s: ", name.c_str(), secret ? " (not shown)" : "");
      std::fflush(stdout);
      bool read = false;
      if (secret) {
        const Unseen unseen;
        read = static_cast<bool>(std::getline(std::cin, line));
        std::printf("\n");
      } else {
        read = static_cast<bool>(std::getline(std::cin, line));
      }
      if (!read) return false;
      line = std::string(trim(line));
    }
    (secret ? secrets : config).set(name, line);
  }
  return true;
}

Result<Map> read_secrets(const std::vector<std::string>& arguments) {
  Map secrets;
  for (const auto& secret : arguments) {
    const auto equals = secret.find('=');
    if (equals == std::string::npos || equals == 0)
      return Error("bad_secret", "a secret is given by a file",
                   "write --secret slot=FILE, or slot=- for standard input");
    const auto file = secret.substr(equals + 1);
    IEUM_TRY(const std::string text,
             file == "-" ? Result<std::string>(std::string(std::istreambuf_iterator<char>(std::cin), {}))
                         : read_file(file, 64 * 1024));
    secrets.set(secret.substr(0, equals), std::string(trim(text)));
  }
  return secrets;
}

// Shows where to log in and waits for the end of it.
int log_in(const Common& common, const Remote& hub, const std::string& name, bool wait) {
  const auto begun = hub.call("POST", connection_path(name, "/login"), Map{});
  if (begun.has_error()) return report(begun.error(), common.json);
  if (!wait) {
    if (common.json)
      std::printf("%s\n", write_json(*begun).c_str());
    else
      std::printf("%s\n", begun->text("url").c_str());
    return 0;
  }
  const auto terminal = Terminal::standard_output();
  std::printf("Open this address and log in; it is good for ten minutes:\n\n  %s\n\nwaiting ...\n",
              terminal.paint(Colour::bold, begun->text("url")).c_str());
  std::fflush(stdout);
  for (;;) {
    const auto state = hub.call("GET", "/api/v1/logins/" + begun->text("login"));
    if (state.has_error()) return report(state.error(), common.json);
    if (state->text("state") == "waiting") continue;  // the hub answered after a while of waiting for it
    if (state->text("state") == "done") break;
    return report(Error("login_failed", state->text("problem"), "ieum connection login " + name), common.json);
  }
  std::printf("%s: %s\n", name.c_str(), terminal.paint(Colour::green, "logged in").c_str());
  return 0;
}

std::string health_of(const Value& connection, const std::vector<Trouble>& troubles, const Terminal& terminal) {
  if (!connection.flag("installed")) return "connector missing";
  if (text_of(connection.at_path("health.state")) == "dead") return terminal.paint(Colour::red, "dead");
  return troubles.empty() ? "ready" : terminal.paint(Colour::yellow, "problem");
}

// The worst trouble; `doctor` tells the others, and what to do.
std::string problem_of(const std::vector<Trouble>& troubles) {
  if (troubles.empty()) return "";
  const auto more = troubles.size() - 1;
  return troubles.front().brief + (more == 0 ? "" : " (" + std::to_string(more) + " more: ieum doctor)");
}

}  // namespace

int connection_add(const Common& common, const ConnectionArguments& arguments) {
  Map config;
  for (const auto& field : arguments.fields) {
    const auto equals = field.find('=');
    if (equals == std::string::npos || equals == 0)
      return report(Error("bad_field", "\"" + field + "\" is no field", "write --set name=value"), common.json), 2;
    config.set(field.substr(0, equals), field.substr(equals + 1));
  }
  auto secrets = read_secrets(arguments.secret_files);
  if (secrets.has_error()) return report(secrets.error(), common.json), secrets.error().code == "bad_secret" ? 2 : 1;
  const auto hub = Remote::to(common.data);
  if (hub.has_error()) return report(hub.error(), common.json);
  const std::string connector = arguments.connector.empty() ? arguments.name : arguments.connector;
  const bool person = a_person_is_there(common);
  const auto terminal = Terminal::standard_output();
  if (person) {
    const auto known = hub->call("GET", "/api/v1/connectors/" + percent_encode(connector));
    if (known.has_error()) return report(known.error(), common.json);
    if (!ask_for_fields(*known, config, *secrets, terminal)) return 1;
  }
  List origins;
  for (const auto& origin : arguments.origins) origins.push_back(origin);
  Map body{{"name", arguments.name}, {"connector", connector}, {"config", std::move(config)}, {"secrets", *secrets}};
  if (!origins.empty()) body.set("origins", std::move(origins));
  const auto stored = hub->call("POST", "/api/v1/connections", body);
  if (stored.has_error()) return report(stored.error(), common.json);
  if (common.json) return std::printf("%s\n", write_json(*stored).c_str()), 0;
  const bool login = stored->get("login") != nullptr;
  if (stored->get("hook") != nullptr)
    std::printf("%s: stored. Deliveries go to %s of the public address\n", arguments.name.c_str(),
                stored->text("hook").c_str());
  else
    std::printf("%s: stored\n", arguments.name.c_str());
  if (login && person) {
    if (const int code = log_in(common, *hub, arguments.name, true); code != 0) return code;
  } else if (login) {
    std::printf("log in: ieum connection login %s\n", arguments.name.c_str());
    return 0;
  }
  if (!person) {
    std::printf("try it: ieum connection test %s\n", arguments.name.c_str());
    return 0;
  }
  const auto tested = hub->call("POST", connection_path(arguments.name, "/test"), Map{});
  if (tested.has_error() && tested.error().code == "no_test") return 0;
  if (tested.has_error()) return report(tested.error(), common.json);
  std::printf("%s: %s\n", arguments.name.c_str(), terminal.paint(Colour::green, "answers").c_str());
  return 0;
}

int connection_login(const Common& common, const std::string& name) {
  const auto hub = Remote::to(common.data);
  if (hub.has_error()) return report(hub.error(), common.json);
  return log_in(common, *hub, name, a_person_is_there(common));
}

int connection_rotate(const Common& common, const RotateArguments& arguments) {
  Map body{{"slot", arguments.slot}, {"drop_old", arguments.drop_old}};
  if (!arguments.overlap.empty()) body.set("overlap", arguments.overlap);
  std::string secret;
  if (!arguments.file.empty()) {
    const auto read = read_secrets({arguments.slot + "=" + arguments.file});
    if (read.has_error()) return report(read.error(), common.json);
    secret = text_of(read->find(arguments.slot));
  } else if (!arguments.drop_old && a_person_is_there(common)) {
    std::printf("%s (not shown): ", arguments.slot.c_str());
    std::fflush(stdout);
    const Unseen unseen;
    if (!std::getline(std::cin, secret)) return 1;
    secret = std::string(trim(secret));
    std::printf("\n");
  } else if (!arguments.drop_old) {
    return report(
               Error("no_secret", "the new secret is missing", "write --secret FILE, or --secret - for standard input"),
               common.json),
           2;
  }
  if (!secret.empty()) body.set("secret", secret);
  return ask(common, "POST", connection_path(arguments.name, "/rotate"), body, [&](const Value&, const Terminal&) {
    std::printf("%s: %s of %s\n", arguments.name.c_str(), arguments.slot.c_str(),
                arguments.drop_old ? "has one version now" : "is new; older ones verify deliveries for a while more");
  });
}

int connection_list(const Common& common) {
  return ask(common, "GET", "/api/v1/connections", {}, [](const Value& answer, const Terminal& terminal) {
    std::vector<std::vector<std::string>> rows;
    for (const auto& connection : list_of(answer, "connections")) {
      std::string secrets, origins, ends;
      for (const auto& secret : list_of(connection, "secrets"))
        secrets += (secrets.empty() ? "" : ", ") + secret.text("slot");
      for (const auto& origin : list_of(connection, "origins"))
        origins += (origins.empty() ? "" : ", ") + text_of(&origin);
      for (const auto& token : list_of(connection, "tokens")) {
        const std::string time = time_of(token, token.get("login_ends_at") != nullptr ? "login_ends_at" : "expires_at");
        if (!time.empty()) ends = (token.get("login_ends_at") != nullptr ? "login " : "token ") + time;
      }
      const auto troubles = troubles_of(connection);
      rows.push_back({connection.text("name"), connection.text("connector"), health_of(connection, troubles, terminal),
                      connection.text("hook"), secrets, ends, printable(origins), printable(problem_of(troubles))});
    }
    if (rows.empty()) return void(std::printf("no connections; add one: ieum connection add NAME --connector NAME\n"));
    std::printf(
        "%s",
        terminal
            .table({"CONNECTION", "CONNECTOR", "STATE", "DELIVERIES", "SECRETS", "ENDS", "SENDS TO", "PROBLEM"}, rows)
            .c_str());
  });
}

int connection_test(const Common& common, const std::string& name) {
  return ask(common, "POST", connection_path(name, "/test"), Map{}, [&](const Value& answer, const Terminal& terminal) {
    std::printf("%s: %s\n%s\n", name.c_str(), terminal.paint(Colour::green, "answers").c_str(),
                write_pretty_json(answer.get("output") != nullptr ? *answer.get("output") : Value()).c_str());
  });
}

// Every page of the hub's copy; a list that nobody has read is read first.
int connection_items(const Common& common, const std::string& name, const std::string& list, bool again) {
  constexpr int kPagesMax = 100;
  const auto hub = Remote::to(common.data);
  if (hub.has_error()) return report(hub.error(), common.json);
  const std::string path = connection_path(name, "/lists/") + percent_encode(list);
  auto page = hub->call(again ? "POST" : "GET", path + "?limit=200", again ? Value(Map{}) : Value());
  if (page.has_value() && page->number("read_at") == 0) page = hub->call("POST", path + "?limit=200", Map{});
  List items;
  Value read_at;
  for (int pages = 0; page.has_value() && pages < kPagesMax; ++pages) {
    read_at = *page->get("read_at");
    for (const auto& item : list_of(*page, "items")) items.push_back(item);
    const std::string next = page->text("next");
    if (next.empty()) break;
    page = hub->call("GET", path + "?limit=200&after=" + percent_encode(next));
  }
  if (page.has_error()) return report(page.error(), common.json);
  const Map whole{{"list", list}, {"read_at", read_at}, {"items", items}};
  if (common.json) return std::printf("%s\n", write_json(whole).c_str()), 0;
  std::vector<std::vector<std::string>> rows;
  for (const auto& item : items) rows.push_back({printable(text_of(item.get("key"))), printable(item.text("title"))});
  std::printf("%s%zu of %s, read at %s\n",
              rows.empty() ? "" : Terminal::standard_output().table({"KEY", "TITLE"}, rows).c_str(), rows.size(),
              list.c_str(), time_of(whole, "read_at").c_str());
  return 0;
}

int connection_remove(const Common& common, const std::string& name) {
  return ask(common, "DELETE", connection_path(name), Map{},
             [&](const Value&, const Terminal&) { std::printf("%s: removed, with its secrets\n", name.c_str()); });
}

}  // namespace ieum::app
