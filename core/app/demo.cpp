// The demo: hub and sandbox in one process in a fresh directory, four buyers, and a live view. Nothing leaves the machine.
#include <netinet/in.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <mutex>

#include "app/commands.hpp"
#include "app/hub_process.hpp"
#include "app/log_file.hpp"
#include "app/remote.hpp"
#include "app/signals.hpp"
#include "app/terminal.hpp"
#include "app/version.hpp"
#include "base/json.hpp"
#include "net/io.hpp"
#include "sandbox/sandbox.hpp"
#include "sandbox/shop.hpp"
#include "store/words.hpp"

namespace ieum::app {
namespace {

constexpr const char* kHost = "127.0.0.1";
constexpr Millis kShortWait = 8 * kSecond;
constexpr const char* kSoraNumber = "11110003";  // however it begins
constexpr const char* kSlackSigningSecret = "sandbox-signing-secret";

// The port when it is free, else any free one.
std::uint16_t free_port(std::uint16_t wanted) {
  const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const int one = 1;
  ::setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one));
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(wanted);
  if (::bind(fd, reinterpret_cast<sockaddr*>(&address), sizeof(address)) != 0) {
    address.sin_port = 0;
    static_cast<void>(::bind(fd, reinterpret_cast<sockaddr*>(&address), sizeof(address)));
  }
  socklen_t size = sizeof(address);
  ::getsockname(fd, reinterpret_cast<sockaddr*>(&address), &size);
  ::close(fd);
  return ntohs(address.sin_port);
}

void replace_all(std::string& text, const std::string& from, const std::string& to) {
  for (auto at = text.find(from); at != std::string::npos; at = text.find(from, at + to.size()))
    text.replace(at, from.size(), to);
}

struct Scene {
  Millis after_ms;
  std::string line;
  std::function<HttpRequest()> request;  // null: the line says what came of it, and is checked at the vendor
};

class Demo {
 public:
  Demo(HubProcess& process, std::uint16_t sandbox_port)
      : process_(process),
        sandbox_url_("http://" + std::string(kHost) + ":" + std::to_string(sandbox_port)),
        hub_url_("http://" + std::string(kHost) + ":" + std::to_string(process.server().public_port())),
        shop_(process.clock()),
        terminal_(Terminal::standard_output()) {}

  Status set_up() {
    IEUM_CHECK(connect("shopify", Map{{"shop", "ieum-demo.myshopify.com"}},
                       {{"client_secret", "sandbox-webhook-secret"}, {"access_token", "shpat_sandbox"}}));
    IEUM_CHECK(connect(
        "kakao", Map{{"dealer", "solapi"}, {"api_key", "sandbox-key"}, {"pf_id", "KA01PF000000000000000000000demo"}},
        {{"api_secret", "sandbox-secret"}}));
    IEUM_CHECK(connect("slack", Map{}, {{"bot_token", "xoxb-sandbox"}, {"signing_secret", kSlackSigningSecret}}));
    IEUM_CHECK(tell_slack_of_the_hub());
    IEUM_CHECK(connect("http", Map{}, {}));
    IEUM_CHECK(connect("webhook", Map{{"scheme", "url_token"}}, {{"secret", "demo-address-token"}}, false));
    // Those that the demo's buyers move; the others want connections that it does not make.
    for (const char* name : {"cart-rescue.yaml", "generic-webhook-to-http.yaml", "order-to-slack.yaml"}) {
      const std::filesystem::path file = std::filesystem::path(default_recipes_dir()) / name;
      IEUM_TRY(auto text, read_file(file.string(), 1u << 20));
      replace_all(text, "within: 30m", "within: " + std::to_string(kShortWait / kSecond) + "s");
      replace_all(text, "https://example.com/hooks/ieum", sandbox_url_ + "/sink/orders");
      IEUM_TRY(const auto applied, process_.hub().apply_recipe(text, recipe::Format::yaml, file.filename().string()));
      recipes_[applied.recipe] = applied.name;
    }
    return {};
  }

  void show_addresses(const std::string& console, const std::string& claim) {
    std::printf("\n%s  %s\n\n", terminal_.paint(Colour::bold, "Ieum 이음").c_str(),
                "demo: a hub and its vendors, all on this machine");
    std::printf("  console    %s   %s\n", terminal_.paint(Colour::bold, console).c_str(),
                terminal_.paint(Colour::dim, "(works once, for five minutes)").c_str());
    if (!claim.empty())
      std::printf(
          "  owner      %s   %s\n", claim.c_str(),
          terminal_.paint(Colour::dim, "(makes you its owner, with a password; once, for half an hour)").c_str());
    std::printf("  messages   %s/_sandbox/   %s\n", sandbox_url_.c_str(),
                terminal_.paint(Colour::dim, "(as their receivers see them)").c_str());
    std::printf("  deliveries %s/hooks/shopify\n", hub_url_.c_str());
    std::printf("  data       %s   %s\n\n", process_.data().path.c_str(),
                terminal_.paint(Colour::dim, "(goes with the demo)").c_str());
    std::printf("Half an hour is %lld seconds here. Four buyers begin a checkout:\n\n",
                static_cast<long long>(kShortWait / kSecond));
    std::fflush(stdout);
  }

  void watch() {
    subscription_ = process_.hub().subscribe([this](const runtime::RunNews& news) {
      const std::lock_guard lock(mutex_);
      news_.push_back(news);
    });
  }
  void unwatch() { process_.hub().unsubscribe(subscription_); }

  // Plays the scenes and shows what moves until a signal comes, or, with `once`, until every run has ended.
  bool play(bool once) {
    const auto scenes = script();
    std::size_t next = 0;
    for (Millis elapsed = 0;; elapsed += kTick) {
      while (next < scenes.size() && scenes[next].after_ms <= elapsed) deliver(scenes[next++]);
      print_news();
      if (wait_for_signal(kTick)) return true;
      if (once && next == scenes.size() && live_.empty() && elapsed > scenes.back().after_ms + 5 * kSecond) {
        print_news();
        return false;
      }
      if (once && elapsed > 2 * kMinute) return false;
    }
  }

  int summary() {
    std::printf("\n");
    auto answer = Remote::at(sandbox_url_, "").call("GET", "/_sandbox/messages");
    if (answer.has_error()) return report(answer.error());
    const auto* messages = answer->get("messages");
    const auto* repeated = answer->get("repeated_keys");
    const std::size_t sent = messages != nullptr && messages->if_list() != nullptr ? messages->if_list()->size() : 0;
    const std::size_t doubled = repeated != nullptr && repeated->if_list() != nullptr ? repeated->if_list()->size() : 0;
    std::printf("%zu messages arrived, %zu of them twice.\n", sent, doubled);
    return sent > 0 && doubled == 0 && quiet_ && live_.empty() ? 0 : 1;
  }

 private:
  static constexpr Millis kTick = 100;

  static std::string default_recipes_dir() {
    auto connectors = std::filesystem::path(default_connectors_dir());
    return (connectors.parent_path() / "recipes").string();
  }

  Status connect(const std::string& name, Map config, const std::vector<std::pair<std::string, std::string>>& secrets,
                 bool to_sandbox = true) {
    runtime::NewConnection connection;
    connection.name = connection.connector = name;
    if (to_sandbox) config.set("base_url", sandbox_url_);
    connection.config = std::move(config);
    for (const auto& [slot, secret] : secrets) connection.secrets.emplace_back(slot, Secret(secret));
    IEUM_TRY(const auto id, process_.hub().put_connection(connection));
    static_cast<void>(id);
    return {};
  }

  // The request URL of the team's app: buttons that people press in the sandbox's page are told there.
  Status tell_slack_of_the_hub() {
    IEUM_TRY(const auto hook,
             Remote::at(sandbox_url_, "")
                 .call("POST", "/_sandbox/hooks",
                       Map{{"vendor", "slack"}, {"url", hub_url_ + "/hooks/slack"}, {"secret", kSlackSigningSecret}}));
    static_cast<void>(hook);
    return {};
  }

  std::vector<Scene> script() {
    const std::string hook = hub_url_ + "/hooks/shopify";
    const sandbox::Buyer hana{7004, "하나", "최", "hana.choi@example.com", "+821011110004"};
    const sandbox::Buyer minji;
    const sandbox::Buyer junho{7002, "준호", "이", "junho.lee@example.com", "+821011110002"};
    const sandbox::Buyer sora{7003, "소라", "박", "sora.park@example.com", std::string("+8210") + kSoraNumber};
    return {
        {500, "하나 begins a checkout of 39,000 won: below the filter, nothing starts",
         [=, this] {
           return shop_.checkout(hook, hana, {"chk-hana", "39000"});
         }},
        {1500, "준호 begins one of 89,000 won and leaves: his first alimtalk will meet a 503 and go out again",
         [=, this] {
           return shop_.checkout(hook, junho, {"chk-junho", "89000"});
         }},
        {2500, "민지 begins one of 62,000 won and leaves: she will be reminded",
         [=, this] {
           return shop_.checkout(hook, minji, {"chk-minji", "62000"});
         }},
        {3500, "소라 begins one of 120,000 won ...",
         [=, this] {
           return shop_.checkout(hook, sora, {"chk-sora", "120000"});
         }},
        {6500, "... and 소라 orders in time: the team reads of the order, and no reminder will start",
         [=, this] {
           return shop_.order(hook, sora, {"chk-sora", "120000"});
         }},
        {3500 + kShortWait + kSecond,
         "소라's half hour is over: she ordered, so no run started and nothing was sent to her", nullptr},
    };
  }

  void deliver(const Scene& scene) {
    std::printf("%s %s\n", terminal_.paint(Colour::dim, clock_text()).c_str(), scene.line.c_str());
    if (scene.after_ms == 500) {
      static_cast<void>(Remote::at(sandbox_url_, "")
                            .call("POST", "/_sandbox/faults",
                                  Map{{"vendor", "solapi"},
                                      {"kind", "status"},
                                      {"status", 503},
                                      {"times", 1},
                                      {"match", Map{{"method", "POST"}}}}));
    }
    if (!scene.request) return check_nothing_went_to_sora();
    const auto answer = post(scene.request());
    if (answer.has_error()) {
      report(answer.error());
    } else if (answer->status != 200) {
      std::printf("  the hub answered %d: %s\n", answer->status, answer->body.c_str());
    }
    std::fflush(stdout);
  }

  void check_nothing_went_to_sora() {
    const auto answer = Remote::at(sandbox_url_, "").call("GET", "/_sandbox/messages");
    const auto* messages = answer.has_value() ? answer->get("messages") : nullptr;
    const auto* list = messages == nullptr ? nullptr : messages->if_list();
    quiet_ = list != nullptr && std::none_of(list->begin(), list->end(), [](const Value& message) {
               return message.text("to").ends_with(kSoraNumber);
             });
    if (!quiet_) std::printf("  but she was sent one, or the vendors do not answer\n");
    std::fflush(stdout);
  }

  void print_news() {
    std::vector<runtime::RunNews> news;
    {
      const std::lock_guard lock(mutex_);
      news.swap(news_);
    }
    for (const auto& item : news) {
      if (store::is_terminal(item.state)) {
        std::erase(live_, item.run);
      } else if (std::find(live_.begin(), live_.end(), item.run) == live_.end()) {
        live_.push_back(item.run);
      }
      std::printf("%s   run %-3lld %-24s %s %s\n", terminal_.paint(Colour::dim, clock_text()).c_str(),
                  static_cast<long long>(item.run), recipes_[item.recipe].c_str(),
                  terminal_.state(std::string(store::word(item.state))).c_str(),
                  store::is_terminal(item.state) ? "" : terminal_.paint(Colour::dim, "at " + item.at_step).c_str());
    }
    if (!news.empty()) std::fflush(stdout);
  }

  std::string clock_text() const { return local_time(process_.clock().now()).substr(11); }

  HubProcess& process_;
  std::string sandbox_url_, hub_url_;
  sandbox::Shop shop_;
  Terminal terminal_;
  std::map<Id, std::string> recipes_;
  std::uint64_t subscription_ = 0;
  std::mutex mutex_;
  std::vector<runtime::RunNews> news_;  // from the engine, under mutex_
  std::vector<Id> live_;
  bool quiet_ = false;  // seen that the buyer who ordered got no message
};

}  // namespace

int demo(const Common& common, bool once) {
  block_signals();
  std::string directory = (std::filesystem::temp_directory_path() / "ieum-demo-XXXXXX").string();
  if (::mkdtemp(directory.data()) == nullptr)
    return report(Error("data_dir", "no fresh directory can be made", "free some space", directory));
  struct Sweep {
    std::string path;
    ~Sweep() {
      std::error_code ignored;
      std::filesystem::remove_all(path, ignored);
    }
  } sweep{directory};

  SystemClock clock;
  net::Io sandbox_io;
  sandbox::SandboxOptions vendors;
  vendors.port = free_port(8090);
  vendors.clock = &clock;
  auto sandbox = sandbox::make_sandbox(sandbox_io, vendors);
  if (sandbox.has_error() && sandbox.error().code == "port_in_use") {
    vendors.port = 0;
    sandbox = sandbox::make_sandbox(sandbox_io, vendors);
  }
  if (sandbox.has_error()) return report(sandbox.error());
  sandbox_io.start();

  const auto log = make_log(LogForm::text, Log::Level::warning);
  HubOptions options;
  options.data_dir = directory;
  options.connectors_dir = common.connectors.empty() ? default_connectors_dir() : common.connectors;
  options.server.public_port = free_port(8080);
  options.server.admin_port = free_port(8081);
  options.server.console_dir = default_console_dir();
  options.server.version = kVersion;
  auto process = start_hub(options, *log, wake_main);
  // Another demo may have taken a port since it was seen free.
  for (int tries = 0; tries < 5 && process.has_error() && process.error().code == "port_in_use"; ++tries) {
    options.server.public_port = free_port(0);
    options.server.admin_port = free_port(0);
    process = start_hub(options, *log, wake_main);
  }
  if (process.has_error()) return report(process.error());
  Demo demo(**process, (*sandbox)->port());
  if (const auto ready = demo.set_up(); ready.has_error()) return report(ready.error());
  const auto link = Remote::at("http://" + std::string(kHost) + ":" + std::to_string((*process)->server().admin_port()),
                               std::string((*process)->token().reveal()))
                        .call("POST", "/api/v1/login-links");
  if (link.has_error()) return report(link.error());
  demo.show_addresses(link->text("url"), (*process)->server().claim_url());
  demo.watch();
  const bool interrupted = demo.play(once);
  demo.unwatch();
  const int result = interrupted ? 0 : demo.summary();
  if (interrupted) std::printf("\nThe demo ends; its directory is removed.\n");
  (*process)->stop(2 * kSecond);
  (*sandbox)->stop();
  sandbox_io.stop();
  return result;
}

}  // namespace ieum::app
