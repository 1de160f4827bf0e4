// Adding a connection: a person at a terminal is asked for what it needs, led through a login, and told what to enter at the
// vendor; elsewhere everything comes as options.
#include <unistd.h>

#include <cstdio>
#include <iostream>
#include <iterator>

#include "app/asking.hpp"
#include "app/data_dir.hpp"
#include "app/entering.hpp"
#include "app/guide.hpp"
#include "base/encoding.hpp"
#include "base/json.hpp"

namespace ieum::app {
namespace {

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
  std::printf("%s\n\n  %s\n\n%s\n",
              says("이 주소를 열고 로그인하세요. 10분 동안 쓸 수 있습니다:",
                   "Open this address and log in; it is good for ten minutes:"),
              terminal.paint(Colour::bold, begun->text("url")).c_str(), says("기다리는 중 ...", "waiting ..."));
  std::fflush(stdout);
  for (;;) {
    const auto state = hub.call("GET", "/api/v1/logins/" + begun->text("login"));
    if (state.has_error()) return report(state.error(), common.json);
    if (state->text("state") == "waiting") continue;  // the hub answered after a while of waiting for it
    if (state->text("state") == "done") break;
    return report(Error("login_failed", state->text("problem"), "ieum connection login " + name), common.json);
  }
  std::printf("%s: %s\n", name.c_str(), terminal.paint(Colour::green, says("로그인됨", "logged in")).c_str());
  return 0;
}

// Where deliveries go, and what a person must enter at the vendor. Secrets are shown to a person only, and only those that the
// hub made for pasting.
void tell_what_to_enter(const Remote& hub, const Value& connection, bool person) {
  const auto terminal = Terminal::standard_output();
  const std::string name = connection.text("name");
  const auto reveal = [&](const std::string& slot) {
    const auto shown = hub.call("POST", connection_path(name, "/reveal"), Map{{"slot", slot}});
    return shown.has_value() ? shown->text("value") : std::string();
  };
  if (std::string address = address_of(connection); !address.empty()) {
    if (const std::string slot = connection.text("hook_secret"); !slot.empty() && person)
      if (const std::string secret = reveal(slot); !secret.empty())
        address = address.substr(0, address.rfind('/') + 1) + secret;
    if (connection.flag("hook_by_hub"))
      std::printf("%s\n  %s\n",
                  says("웹훅은 허브가 업체에 직접 만듭니다. 소식이 오는 주소:",
                       "The hub makes the webhook at the vendor itself. Deliveries come to:"),
                  address.c_str());
    else
      std::printf("%s\n  %s\n",
                  says("업체에 웹훅 주소로 이것을 적으세요:", "Enter this as the webhook's address at the vendor:"),
                  terminal.paint(Colour::bold, address).c_str());
    if (!connection.text("hook_secret").empty())
      std::printf(
          "  %s\n",
          says(
              "주의: 이 주소를 아는 사람은 누구나 소식을 보낼 수 있습니다. 본문이 서명되지 않으니 주소를 비밀로 "
              "다루세요.",
              "Mind: whoever knows this address can send events. The body is not signed, so keep the address secret."));
    if (connection.get("hook_url") == nullptr)
      std::printf("  %s\n",
                  says("허브가 자기 주소를 모릅니다. 업체가 닿는 주소로 ieum serve --public-url https://... 을 켜세요.",
                       "The hub does not know its own address; start it with --public-url https://..., the "
                       "address that a vendor reaches"));
  }
  for (const auto& secret : list_of(connection, "secrets")) {
    if (!secret.flag("made_by_hub") || !secret.flag("paste")) continue;
    const std::string slot = secret.text("slot");
    if (person)
      std::printf("%s (%s):\n  %s\n", says("허브가 만든 비밀키", "A secret that the hub made"), slot.c_str(),
                  reveal(slot).c_str());
    std::printf("%s: ieum connection show %s --reveal %s\n",
                says("붙여 넣을 글 전체를 보려면", "all that is to be pasted, with it"), name.c_str(), slot.c_str());
  }
}

int test_now(const Common& common, const Remote& hub, const std::string& name) {
  const auto terminal = Terminal::standard_output();
  const auto tested = hub.call("POST", connection_path(name, "/test"), Map{});
  if (tested.has_error() && tested.error().code == "no_test") return 0;
  if (tested.has_error()) {
    std::printf("%s\n",
                says("저장은 되었지만 업체가 받아 주지 않았습니다.", "it is stored, and the vendor does not take it"));
    std::fflush(stdout);
    return report(tested.error(), common.json);
  }
  std::printf("%s: %s\n", name.c_str(), terminal.paint(Colour::green, says("응답함", "answers")).c_str());
  return 0;
}

Result<Map> read_settings(const std::vector<std::string>& arguments) {
  Map config;
  for (const auto& field : arguments) {
    const auto equals = field.find('=');
    if (equals == std::string::npos || equals == 0)
      return Error("bad_field", "\"" + field + "\" is no field", "write --set name=value");
    config.set(field.substr(0, equals), field.substr(equals + 1));
  }
  return config;
}

}  // namespace

std::string connection_path(const std::string& name, const char* more) {
  return "/api/v1/connections/" + percent_encode(name) + more;
}

Result<Value> find_connection(const Remote& hub, const std::string& name) {
  IEUM_TRY(const auto answer, hub.call("GET", "/api/v1/connections"));
  for (const auto& connection : list_of(answer, "connections"))
    if (connection.text("name") == name) return connection;
  return Error("unknown_connection", "there is no connection \"" + name + "\"", "see: ieum connection list");
}

std::string address_of(const Value& connection) {
  std::string address = connection.text("hook_url", connection.text("hook"));
  if (const std::string slot = connection.text("hook_secret"); !address.empty() && !slot.empty())
    address += "/<" + slot + ">";
  return address;
}

bool a_person_is_there(const Common& common) {
  return !common.json && ::isatty(STDIN_FILENO) == 1 && ::isatty(STDOUT_FILENO) == 1;
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

int connection_add(const Common& common, const ConnectionArguments& arguments) {
  auto config = read_settings(arguments.fields);
  if (config.has_error()) return report(config.error(), common.json), 2;
  auto secrets = read_secrets(arguments.secret_files);
  if (secrets.has_error()) return report(secrets.error(), common.json), secrets.error().code == "bad_secret" ? 2 : 1;
  const auto hub = Remote::to(common.data);
  if (hub.has_error()) return report(hub.error(), common.json);
  const std::string connector = arguments.connector.empty() ? arguments.name : arguments.connector;
  const bool person = a_person_is_there(common);
  if (person) {
    Map known;  // what it has already is not asked again
    if (const auto before = find_connection(*hub, arguments.name);
        before.has_value() && before->get("config") != nullptr)
      if (const auto* fields = before->get("config")->if_map()) known = *fields;
    for (const auto& [name, value] : *config) known.set(*name.if_string(), value);
    Guide guide(*hub, connector, arguments.name, std::move(known), *secrets);
    if (const auto asked = guide.ask(); asked.has_error()) return std::printf("\n"), report(asked.error(), common.json);
    *config = guide.config();
    *secrets = guide.secrets();
  }
  List origins;
  for (const auto& origin : arguments.origins) origins.push_back(origin);
  Map body{{"name", arguments.name}, {"connector", connector}, {"config", *config}, {"secrets", *secrets}};
  if (!origins.empty()) body.set("origins", std::move(origins));
  const auto stored = hub->call("POST", "/api/v1/connections", body);
  if (stored.has_error()) return report(stored.error(), common.json);
  if (common.json) return std::printf("%s\n", write_json(*stored).c_str()), 0;
  std::printf("%s: %s\n", arguments.name.c_str(), says("저장됨", "stored"));
  const bool login = stored->get("login") != nullptr;
  if (!person) {
    tell_what_to_enter(*hub, *stored, false);
    std::printf(login ? "log in: ieum connection login %s\n" : "try it: ieum connection test %s\n",
                arguments.name.c_str());
    return 0;
  }
  if (login)
    if (const int code = log_in(common, *hub, arguments.name, true); code != 0) return code;
  tell_what_to_enter(*hub, *stored, true);
  if (!stored->flag("testable") || !agrees(says("지금 시험해 볼까요?", "Try it now?"))) return 0;
  return test_now(common, *hub, arguments.name);
}

int connection_login(const Common& common, const std::string& name) {
  const auto hub = Remote::to(common.data);
  if (hub.has_error()) return report(hub.error(), common.json);
  return log_in(common, *hub, name, a_person_is_there(common));
}

}  // namespace ieum::app
