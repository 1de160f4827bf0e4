// Secrets of a running hub: what was entered comes out nowhere, whatever vendors echo, and the process keeps it to itself.
#include <fcntl.h>
#include <httplib.h>
#include <poll.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <boost/test/unit_test.hpp>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <thread>

#include "base/encoding.hpp"
#include "base/json.hpp"
#include "end_to_end/shop_floor.hpp"

using namespace ieum;
using namespace ieum::test;
namespace fs = std::filesystem;

namespace {

constexpr int kCanaries = 20;

// Long, of every kind of letter, and with those that JSON, URLs and base64 change.
std::string canary(int n) {
  return "cAnary" + std::to_string(1000 + n) + "/+=\"&~" + std::string(3, char('a' + n)) + "Z9";
}

std::string split(const std::string& text, const std::string& line_end) {
  return text.substr(0, text.size() / 2) + line_end + text.substr(text.size() / 2);
}

// The forms in which a vendor may echo it; in an answer of JSON they are escaped once more.
std::vector<std::string> forms_of(const std::string& secret) {
  return {secret,
          base64_encode(secret),
          base64url_encode(secret),
          hex_encode(secret),
          percent_encode(secret),
          split(secret, "\n"),
          split(base64_encode(secret), "\r\n")};
}

std::string in_json(const std::string& text) {
  const auto quoted = write_json(Value(text));
  return quoted.substr(1, quoted.size() - 2);
}

std::string bytes_of(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

// A vendor that answers with the status that the path ends in, and echoes the credential in every form that it can think of.
class EchoingVendor {
 public:
  EchoingVendor() {
    const auto echo = [](const httplib::Request& request, httplib::Response& answer) {
      std::string token = request.get_header_value("X-API-Key");
      if (token.empty()) token = request.get_header_value("Authorization").substr(7);
      List echoed;
      for (const auto& form : forms_of(token)) echoed.push_back("<" + form + ">");
      answer.status = std::stoi(request.path.substr(request.path.rfind('/') + 1));
      answer.set_header("X-Echo", hex_encode(token));
      if (answer.status == 409) {
        std::string text;
        for (const auto& form : forms_of(token)) text += form + "\n";
        return answer.set_content(text, "text/plain");
      }
      answer.set_content(write_json(Map{{"error", "order 1042 is refused for Bearer " + token}, {"echo", echoed}}),
                         "application/json");
    };
    server_.Get(R"(/.*)", echo);
    server_.Post(R"(/.*)", echo);
    port_ = server_.bind_to_any_port("127.0.0.1");
    thread_ = std::thread([this] { server_.listen_after_bind(); });
  }
  ~EchoingVendor() {
    server_.stop();
    thread_.join();
  }
  [[nodiscard]] std::string url() const { return "http://127.0.0.1:" + std::to_string(port_); }

 private:
  httplib::Server server_;
  int port_ = 0;
  std::thread thread_;
};

class SecretFloor : public ShopFloor {
 public:
  SecretFloor() : ShopFloor({{}, {}, false, {}, {}, {}}) {}

  // A connection with this secret, and a recipe that calls the vendor, who answers with the status.
  void connect(int n, int status, const std::string& method) {
    const auto name = "c" + std::to_string(n);
    write_file(files.file("secret"), canary(n));
    ieum({"connection", "add", name, "--connector", "http", "--set", "base_url=" + vendor.url(), "--set",
          n % 2 == 0 ? "auth=bearer" : "auth=header", "--secret", "token=" + files.file("secret")});
    write_file(files.file("recipe.yaml"),
               "recipe: r" + std::to_string(n) +
                   "\ntitle: t\ntrigger: {event: webhook/knock}\nretry: {for: 1s, first: 1s}\n" +
                   "steps: [{id: call, use: http.request, connection: " + name + ", with: {url: /echo/" +
                   std::to_string(status) + ", method: " + method + "}}]\n");
    ieum({"recipe", "apply", files.file("recipe.yaml")});
  }
  void connect_hook(int n) {
    write_file(files.file("secret"), canary(n));
    ieum({"connection", "add", "h" + std::to_string(n), "--connector", "webhook", "--set", "scheme=hmac", "--secret",
          "secret=" + files.file("secret")});
  }
  void knock() {
    api("POST", "/api/v1/events", Map{{"connection", "door"}, {"topic", "knock"}, {"data", Map{{"order", "1042"}}}});
    const auto limit = std::chrono::steady_clock::now() + std::chrono::seconds(60);
    while (!settled()) {
      BOOST_REQUIRE_MESSAGE(std::chrono::steady_clock::now() < limit, raw("/api/v1/runs?limit=200"));
      ::poll(nullptr, 0, 20);
    }
  }
  // Every run has ended, or is held for a person.
  bool settled() {
    if (totals().number("events_accepted") != 0) return false;
    const auto runs = api("GET", "/api/v1/runs?limit=200");
    const auto& all = *runs.get("runs")->if_list();
    return std::none_of(all.begin(), all.end(), [](const Value& run) {
      return run.text("state") == "acting" && !run.text("reason").starts_with("held");
    });
  }
  void make_door() {
    write_file(files.file("door"), "whsec_" + base64_encode(std::string(24, 'd')));
    ieum({"connection", "add", "door", "--connector", "webhook", "--secret", "secret=" + files.file("door")});
  }
  // The body of any answer of the admin side, also of one that refuses.
  std::string raw(const std::string& path) {
    const auto address = bytes_of(data() + "/admin.address"), token = bytes_of(data() + "/admin.token");
    httplib::Client client(std::string(trim(address)));
    const auto answer = client.Get(path, {{"Authorization", "Bearer " + std::string(trim(token))}});
    BOOST_REQUIRE(answer);
    std::string all = answer->body;
    for (const auto& [name, value] : answer->headers) all += "\n" + name + ": " + value;
    return all;
  }
  [[nodiscard]] std::string pid() const { return std::string(trim(bytes_of(data() + "/hub.db.lock"))); }

  EchoingVendor vendor;
  TempDirectory files;
};

void expect_absent(const std::string& text, const std::string& where) {
  for (int n = 0; n < kCanaries; ++n)
    for (const auto& form : forms_of(canary(n))) {
      const auto at = std::min(text.find(form), text.find(in_json(form)));
      const bool absent = at == std::string::npos;
      const auto around = absent ? std::string() : text.substr(at < 60 ? 0 : at - 60, 200);
      BOOST_TEST(absent, "secret " << n << " is in " << where << ": ..." << around);
    }
}

}  // namespace

BOOST_AUTO_TEST_SUITE(secrets)

BOOST_AUTO_TEST_CASE(SEC_01_what_was_entered_is_in_no_file_log_or_answer) {
  SecretFloor floor;
  floor.make_door();
  constexpr std::array kStatuses{200, 201, 302, 400, 401, 403, 404, 409, 422, 429, 500, 503};
  for (int n = 0; n < kCanaries - 4; ++n)
    floor.connect(n, kStatuses[static_cast<std::size_t>(n) % kStatuses.size()], n % 3 == 0 ? "POST" : "GET");
  for (int n = kCanaries - 4; n < kCanaries; ++n) floor.connect_hook(n);
  // A signature that is nearly right, a sender that shows the secret itself, and a secret in the address.
  httplib::Client sender(floor.public_url());
  for (int n = kCanaries - 4; n < kCanaries; ++n) {
    const auto hook = "/hooks/h" + std::to_string(n);
    sender.Post(hook, {{"X-Signature", "sha256=00"}}, "{}", "application/json");
    sender.Post(hook, {{"X-Signature", canary(n)}}, "{}", "application/json");
    sender.Post(hook + "/" + percent_encode(canary(n)), "{}", "application/json");
  }
  floor.knock();
  floor.ieum({"connection", "test", "c0"}, 1);
  // Every way to look.
  std::vector<std::string> paths{
      "status",  "overview",   "problems", "runs?limit=200", "events?limit=200",  "connections",
      "recipes", "connectors", "audit",    "openapi.json",   "runs?q=cAnary1000", "settings"};
  const auto runs = floor.api("GET", "/api/v1/runs?limit=200");
  int shown = 0;
  for (const auto& run : *runs.get("runs")->if_list()) {
    const auto id = std::to_string(run.number("id"));
    paths.push_back("runs/" + id);
    paths.push_back("runs/" + id + "/record");
    expect_absent(floor.ieum({"run", "show", id}), "run show " + id);
    ++shown;
  }
  BOOST_TEST(shown >= kCanaries - 4);
  for (int n = 0; n < kCanaries - 4; ++n) {
    paths.push_back("connections/c" + std::to_string(n) + "/deliveries");
    paths.push_back("recipes/r" + std::to_string(n));
  }
  for (const auto& path : paths) expect_absent(floor.raw("/api/v1/" + path), path);
  expect_absent(floor.raw("/metrics"), "/metrics");
  expect_absent(run({binary(), "doctor", "--data", floor.data()}).out, "doctor");
  // While the log of changes is there, and after the end.
  const auto expect_clean_files = [&] {
    for (const auto& entry : fs::recursive_directory_iterator(floor.data()))
      if (entry.is_regular_file()) expect_absent(bytes_of(entry.path().string()), entry.path().filename().string());
  };
  expect_clean_files();
  BOOST_TEST(floor.hub().end() == 0);
  expect_clean_files();
  expect_absent(floor.hub().printed(), "the log");
  BOOST_TEST(floor.hub().printed().find("delivery was refused") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(SEC_02_a_token_that_a_vendor_echoes_is_redacted_and_the_rest_is_shown) {
  SecretFloor floor;
  floor.make_door();
  floor.connect(0, 400, "GET");
  floor.connect(1, 200, "POST");
  floor.knock();
  const auto runs = floor.api("GET", "/api/v1/runs");
  BOOST_REQUIRE(runs.get("runs")->if_list()->size() == 2U);
  for (const auto& run : *runs.get("runs")->if_list()) {
    const auto shown = floor.raw("/api/v1/runs/" + std::to_string(run.number("id")));
    BOOST_TEST_INFO(shown);
    BOOST_TEST(shown.find("order 1042 is refused for Bearer [redacted]") != std::string::npos);
    expect_absent(shown, "the run");
  }
}

BOOST_AUTO_TEST_CASE(SEC_05_a_wrong_missing_short_or_readable_key_refuses_and_leaves_the_data_as_it_is) {
  SecretFloor floor;
  floor.connect(0, 200, "GET");
  TempDirectory other;
  BOOST_TEST(floor.hub().end() == 0);
  const auto key_file = floor.data() + "/vault.key", key = bytes_of(key_file);
  const auto files = [&] {
    std::string all;
    for (const char* name : {"/hub.db", "/hub.db-wal", "/admin.token"}) all += bytes_of(floor.data() + name) + "|";
    return all;
  };
  const auto before = files();
  const auto refused = [&](const std::string& said) {
    const auto port = [] { return "127.0.0.1:" + std::to_string(free_port()); };
    const auto start =
        run({binary(), "serve", "--data", floor.data(), "--public", port(), "--admin", port(), "--log", "json"});
    BOOST_TEST_INFO(start.out << start.err);
    BOOST_TEST(start.code == 1);
    BOOST_TEST(start.err.find(said) != std::string::npos);
    BOOST_TEST(start.err.find("vault.key") != std::string::npos);
    BOOST_TEST((files() == before));
  };
  const auto put = [&](const std::string& text, mode_t mode) {
    fs::remove(key_file);
    write_file(key_file, text);
    ::chmod(key_file.c_str(), mode);
  };
  put("ieum-key-v1 " + base64_encode(std::string(32, 'w')) + "\n", 0600);
  refused("does not open what is stored");
  put(key.substr(0, key.size() / 2), 0600);
  refused("does not hold");
  put(key, 0604);
  refused("can be read by others");
  fs::remove(key_file);
  refused("is not there");
  BOOST_TEST(!fs::exists(key_file));
  put(key, 0600);
  floor.start_hub();
  BOOST_TEST(floor.hub().printed().find("did not end cleanly") == std::string::npos);
  floor.make_door();
  floor.knock();
  BOOST_TEST(floor.totals().number("runs_finished") == 1);
}

BOOST_AUTO_TEST_CASE(SEC_07_the_process_shows_no_secret_and_leaves_no_core) {
  SecretFloor floor;
  floor.make_door();
  floor.connect(0, 200, "GET");
  floor.knock();
  const auto process = "/proc/" + floor.pid();
  const auto token = std::string(trim(bytes_of(floor.data() + "/admin.token")));
  const auto key = bytes_of(floor.data() + "/vault.key").substr(12, 44);
  for (const char* file : {"/environ", "/cmdline"}) {
    const auto text = bytes_of(process + file);
    BOOST_TEST((!text.empty() || ::geteuid() != 0));
    expect_absent(text, file);
    BOOST_TEST(text.find(token) == std::string::npos);
    BOOST_TEST(text.find(key) == std::string::npos);
  }
  const auto limits = bytes_of(process + "/limits");
  const auto core = limits.find("Max core file size");
  BOOST_REQUIRE(core != std::string::npos);
  const auto line = limits.substr(core, limits.find('\n', core) - core);
  BOOST_TEST_INFO(line);
  BOOST_TEST(line.find(" 0 ") < line.rfind(" 0 "));  // soft and hard
}

// A process that may be dumped has its /proc files as its user's; one that may not has them as root's.
BOOST_AUTO_TEST_CASE(SEC_07_other_programs_of_the_user_cannot_read_its_memory) {
  const int program = ::open(binary().c_str(), O_RDONLY);  // by descriptor: the other user need not reach the folder
  BOOST_REQUIRE(program >= 0);
  int out[2];
  BOOST_REQUIRE(::pipe(out) == 0);
  const auto address = "127.0.0.1:" + std::to_string(free_port());
  constexpr uid_t kNobody = 65534;
  const pid_t pid = ::fork();
  BOOST_REQUIRE(pid >= 0);
  if (pid == 0) {
    ::dup2(out[1], 1);
    if (::geteuid() == 0 &&
        (::setresgid(kNobody, kNobody, kNobody) != 0 || ::setresuid(kNobody, kNobody, kNobody) != 0))
      ::_exit(126);
    const char* words[] = {"ieum", "sandbox", "--listen", address.c_str(), nullptr};
    ::fexecve(program, const_cast<char* const*>(words), environ);
    ::_exit(127);
  }
  ::close(out[1]);
  char first = 0;
  const bool runs = ::read(out[0], &first, 1) == 1;
  struct stat memory {};
  const bool seen = ::stat(("/proc/" + std::to_string(pid) + "/mem").c_str(), &memory) == 0;
  ::kill(pid, SIGKILL);
  ::waitpid(pid, nullptr, 0);
  ::close(out[0]);
  ::close(program);
  BOOST_REQUIRE(runs);
  BOOST_REQUIRE(seen);
  BOOST_TEST(memory.st_uid == 0U);
}

// A module is told which slot to name, never what is in it; and the redactor had nothing to take out.
BOOST_AUTO_TEST_CASE(SEC_07_EXP_09_a_module_is_given_no_secret) {
  ShopFloor floor({std::string(IEUM_BUILD_DIR) + "/tests/modules", {}, false, {}, {}, {}});
  TempDirectory files;
  write_file(files.file("secret"), canary(0));
  for (const char* name : {"echo", "faulty"})
    floor.ieum({"connection", "add", name, "--secret", "secret=" + files.file("secret")});
  write_file(files.file("r.yaml"),
             "recipe: r\ntitle: t\ntrigger: {event: faulty/fine}\n"
             "steps: [{id: say, use: echo.answer, connection: echo, with: {answer: ENVELOPE}}]\n");
  floor.ieum({"recipe", "apply", files.file("r.yaml")});
  floor.api("POST", "/api/v1/events", Map{{"connection", "faulty"}, {"topic", "fine"}, {"data", Map{{"n", 1}}}});
  floor.wait_until_done();
  const auto run = floor.api("GET", "/api/v1/runs").at_path("runs.0.id");
  BOOST_REQUIRE(run != nullptr);
  const auto shown = write_json(floor.api("GET", "/api/v1/runs/" + write_json(*run)));
  BOOST_TEST_INFO(shown);
  BOOST_TEST(shown.find("step_key") != std::string::npos);  // the whole of what it was given
  BOOST_TEST(shown.find("[redacted]") == std::string::npos);
  expect_absent(shown, "what a module is given");
}

BOOST_AUTO_TEST_SUITE_END()
