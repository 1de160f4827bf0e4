#include "app/guide.hpp"

#include <signal.h>
#include <stdlib.h>
#include <termios.h>
#include <unistd.h>

#include <array>
#include <cstdio>
#include <iostream>
#include <utility>

#include "app/asking.hpp"
#include "app/data_dir.hpp"
#include "base/encoding.hpp"
#include "base/json.hpp"

namespace ieum::app {
namespace {

constexpr std::size_t kSecretBytes = 64 * 1024;

termios shown;  // the terminal as it is when what is typed is seen; for the signal's hand

extern "C" void show_again(int) {
  ::tcsetattr(STDIN_FILENO, TCSANOW, &shown);
  ::_exit(130);
}

// What is typed on this terminal is not shown while it lives.
class Unseen {
 public:
  Unseen() {
    if (::tcgetattr(STDIN_FILENO, &shown) != 0) return;
    termios quiet = shown;
    quiet.c_lflag &= ~static_cast<tcflag_t>(ECHO);
    changed_ = ::tcsetattr(STDIN_FILENO, TCSADRAIN, &quiet) == 0;
    struct sigaction action {};
    action.sa_handler = show_again;
    for (std::size_t i = 0; i < kSignals.size(); ++i) ::sigaction(kSignals[i], &action, &before_[i]);
  }
  ~Unseen() {
    if (!changed_) return;
    ::tcsetattr(STDIN_FILENO, TCSADRAIN, &shown);
    for (std::size_t i = 0; i < kSignals.size(); ++i) ::sigaction(kSignals[i], &before_[i], nullptr);
  }
  Unseen(const Unseen&) = delete;
  Unseen& operator=(const Unseen&) = delete;

 private:
  static constexpr std::array<int, 3> kSignals{SIGINT, SIGTERM, SIGHUP};
  std::array<struct sigaction, 3> before_{};
  bool changed_ = false;
};

std::string localized(const Value& field, const char* key) {
  const auto* text = field.get(key);
  if (text == nullptr) return {};
  const std::string first = text->text(reads_korean() ? "ko" : "en");
  return first.empty() ? text->text(reads_korean() ? "en" : "ko") : first;
}

// Whether the hub says that what was typed cannot be right, in the reader's words; else something else is wrong.
const char* refusal(const std::string& code) {
  if (code == "bad_value")
    return says("이 칸에 맞는 값이 아닙니다. 위의 설명을 보고 다시 적어 주세요.",
                "this cannot be right; see above what it looks like");
  if (code == "bad_choice") return says("위에 있는 것 가운데 하나를 고르세요.", "choose one of those above");
  if (code == "bad_key")
    return says(
        "서비스 계정 키가 아닙니다. client_email 과 private_key 가 있는 JSON 파일 전체가 필요합니다.",
        "this is no key of a service account: the whole JSON file is wanted, with client_email and private_key");
  if (code == "secret_too_short")
    return says("너무 짧습니다. 6자 이상이어야 합니다.", "too short: at least 6 characters");
  if (code == "bad_config" || code == "bad_url")
    return says("이 칸에 적을 수 없는 값입니다.", "this field does not take such a value");
  return nullptr;
}

}  // namespace

bool reads_korean() {
  for (const char* name : {"LC_ALL", "LC_MESSAGES", "LANG"}) {
    const char* value = ::getenv(name);
    if (value != nullptr && *value != '\0') return std::string_view(value).starts_with("ko");
  }
  return false;
}

const char* says(const char* korean, const char* english) { return reads_korean() ? korean : english; }

bool read_line(std::string& line, bool unseen) {
  if (!unseen) {
    std::fflush(stdout);
    return static_cast<bool>(std::getline(std::cin, line));
  }
  bool read = false;
  {
    const Unseen quiet;  // before the prompt is seen: nobody types faster
    std::fflush(stdout);
    read = static_cast<bool>(std::getline(std::cin, line));
    // A key that is pasted has many lines.
    while (read && trim(line).starts_with('{') && parse_json(line).has_error() && line.size() < kSecretBytes) {
      std::string more;
      if (!std::getline(std::cin, more) || trim(more).empty()) break;
      line += '\n' + more;
    }
  }
  std::printf("\n");
  return read;
}

bool agrees(const char* question) {
  std::printf("%s [Y/n] ", question);
  std::string line;
  if (!read_line(line, false)) return false;
  const auto answer = trim(line);
  return answer.empty() || (answer.front() != 'n' && answer.front() != 'N');
}

Guide::Guide(const Remote& hub, std::string connector, std::string connection, Map config, Map secrets)
    : hub_(hub),
      connector_(std::move(connector)),
      connection_(std::move(connection)),
      config_(std::move(config)),
      secrets_(std::move(secrets)) {}

Result<Value> Guide::form(const Map& config, const Map& secrets) const {
  return hub_.call("POST", "/api/v1/connectors/" + percent_encode(connector_) + "/form",
                   Map{{"connection", connection_}, {"config", config}, {"secrets", secrets}});
}

Status Guide::ask() {
  IEUM_TRY(form_, form(config_, secrets_));
  for (;;) {
    IEUM_CHECK(tell_login());
    const Value* next = nullptr;
    for (const auto& field : list_of(form_, "fields"))
      if (next == nullptr && field.text("need") != "more" && !passed_.contains(field.text("name"))) next = &field;
    if (next == nullptr) return ask_for_more();
    IEUM_CHECK(ask_for(Value(*next)));
  }
}

// Before the client id is asked for: the vendor gives one for this address only.
Status Guide::tell_login() {
  if (!form_.flag("login") || std::exchange(login_told_, true)) return {};
  const std::string redirect = form_.text("redirect");
  if (redirect.empty())
    return Error("no_public_url", "the vendor must know where to send the person back to",
                 "start the hub with --public-url, for example http://localhost:8080 on your own machine");
  std::printf("%s\n  %s\n\n",
              says("업체의 앱 설정에 리디렉션 주소(redirect URL)로 이것을 적으세요:",
                   "Enter this as the redirect address of your app at the vendor:"),
              terminal_.paint(Colour::bold, printable(redirect)).c_str());
  return {};
}

void Guide::introduce(const Value& field) const {
  std::printf("%s\n", terminal_.paint(Colour::bold, printable(localized(field, "title"))).c_str());
  if (const auto help = localized(field, "help"); !help.empty()) std::printf("  %s\n", printable(help).c_str());
  int number = 0;
  for (const auto& choice : list_of(field, "choices"))
    std::printf("  %d) %s\n", ++number, printable(text_of(&choice)).c_str());
  if (field.flag("key_file"))
    std::printf("  %s\n", says("파일 이름(@key.json)을 적거나, 내용을 그대로 붙여 넣으세요.",
                               "Give the name of the file (@key.json), or paste all of it."));
}

Result<std::string> Guide::read_value(const Value& field, std::string typed) const {
  const auto& choices = list_of(field, "choices");
  if (const auto number = parse_json(typed); !choices.empty() && number.has_value() && number->if_int() != nullptr) {
    const auto at = *number->if_int();
    if (at >= 1 && at <= static_cast<std::int64_t>(choices.size()))
      return text_of(&choices[static_cast<std::size_t>(at - 1)]);
  }
  if (!field.flag("secret")) return typed;
  if (typed.starts_with("@@")) return typed.substr(1);
  const bool path = typed.starts_with('@') || (field.flag("key_file") && !typed.starts_with('{'));
  if (!path) return typed;
  std::string name = typed.starts_with('@') ? typed.substr(1) : typed;
  const char* home = ::getenv("HOME");
  if (name.starts_with("~/") && home != nullptr) name = home + name.substr(1);
  IEUM_TRY(const std::string text, read_file(name, kSecretBytes));
  std::printf("  %s %s\n", says("읽은 파일:", "read from"), printable(name).c_str());
  return std::string(trim(text));
}

Status Guide::ask_for(const Value& field) {
  const std::string name = field.text("name"), need = field.text("need");
  const bool secret = field.flag("secret");
  const Value* fallback = field.get("default");
  const bool open = fallback != nullptr || need == "may" || need == "more";  // Enter leaves it as it is
  introduce(field);
  passed_.insert(name);
  for (;;) {
    const std::string hint = fallback != nullptr ? " [" + printable(text_of(fallback)) + "]"
                             : open              ? says(" (비워 두려면 Enter)", " (Enter to leave it out)")
                                                 : "";
    std::printf("%s%s%s: ", name.c_str(), secret ? says(" (보이지 않음)", " (not shown)") : "", hint.c_str());
    std::string line;
    if (!read_line(line, secret)) return Error("given_up", "nothing was stored", "begin again: ieum connection add");
    std::string typed(trim(line));
    if (typed.empty() && open) break;
    if (typed.empty()) {
      std::printf("  %s\n", says("꼭 필요한 값입니다.", "this is needed"));
      continue;
    }
    const auto value = read_value(field, std::move(typed));
    if (value.has_error()) {
      std::printf("  %s\n", terminal_.paint(Colour::red, printable(value.error().text())).c_str());
      continue;
    }
    Map config = config_, secrets = secrets_;
    (secret ? secrets : config).set(name, *value);
    auto next = form(config, secrets);
    if (next.has_error()) {
      const char* wrong = refusal(next.error().code);
      if (wrong == nullptr) return next.error();
      std::printf("  %s\n", terminal_.paint(Colour::red, wrong).c_str());
      continue;
    }
    config_ = std::move(config);
    secrets_ = std::move(secrets);
    form_ = std::move(*next);
    break;
  }
  std::printf("\n");
  return {};
}

Status Guide::ask_for_more() {
  for (;;) {
    std::vector<Value> more;
    for (const auto& field : list_of(form_, "fields"))
      if (field.text("need") == "more" && !passed_.contains(field.text("name"))) more.push_back(field);
    if (more.empty()) return {};
    std::printf("%s\n", says("더 정할 수 있는 것:", "What may be set besides:"));
    for (const auto& field : more)
      std::printf("  %s - %s\n", field.text("name").c_str(), printable(localized(field, "title")).c_str());
    std::printf("%s: ", says("정할 것의 이름 (끝내려면 Enter)", "name of what to set (Enter to go on)"));
    std::string line;
    if (!read_line(line, false)) return Error("given_up", "nothing was stored", "begin again: ieum connection add");
    const auto wanted = trim(line);
    std::printf("\n");
    if (wanted.empty()) return {};
    const Value* chosen = nullptr;
    for (const auto& field : more)
      if (field.text("name") == wanted) chosen = &field;
    if (chosen == nullptr)
      std::printf("  %s\n", says("그런 이름은 없습니다.", "there is no such name"));
    else
      IEUM_CHECK(ask_for(*chosen));
  }
}

}  // namespace ieum::app
