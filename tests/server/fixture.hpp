// RunningHub: a hub as `serve` runs it: a real SQLite file, real threads, real sockets on free ports, a clock that is moved
// by hand. Two connectors lie in tests/data/server ("ledger" wants a login), one is the hub's own `webhook`, one ("acme") acts at a
// vendor in memory.
#pragma once
#include <httplib.h>

#include <atomic>
#include <boost/test/unit_test.hpp>
#include <filesystem>
#include <future>
#include <memory>
#include <mutex>
#include <string>

#include "base/json.hpp"
#include "base/random.hpp"
#include "base/zone.hpp"
#include "host/connector.hpp"
#include "net/client.hpp"
#include "net/io.hpp"
#include "runtime/executor.hpp"
#include "runtime/hub.hpp"
#include "server/routes.hpp"
#include "server/server.hpp"
#include "store/store.hpp"
#include "trial/stage.hpp"
#include "vault/vault.hpp"

namespace ieum::server::testing {

inline constexpr Millis kMonday = 1'772'409'600'000;  // 2026-03-02T09:00:00+09:00
inline const std::string kToken = "the-admin-token-of-this-test";
inline const std::string kJson = "application/json";

// A vendor that takes whatever is posted, or loses the answer, or thinks about it until it is told to answer.
class Vendor final : public net::HttpClient {
 public:
  void send(net::OutboundCall call, std::function<void(net::CallResult)> done) override;
  std::atomic<bool> lose_answers = false;
  std::atomic<int> posted = 0;
  std::string people = R"({"items":[]})";  // its list; set while nobody asks
  // What the token endpoint answers, and how often it was asked.
  HttpResponse token_answer{
      200, {}, R"({"access_token":"access-told-once","refresh_token":"refresh-told-once","expires_in":3600})"};
  std::atomic<int> tokens_asked = 0;
  std::promise<std::function<void()>>* thinking = nullptr;  // gets what makes it answer; set before the hub is asked
};

// Every line of the hub's log, fields and all.
class KeptLog final : public Log {
 public:
  void write(Level level, std::string_view message, std::initializer_list<Field> fields) override;
  [[nodiscard]] std::string text() const;

 private:
  mutable std::mutex mutex_;
  std::string text_;
};

class Folder {
 public:
  Folder();
  ~Folder();
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  [[nodiscard]] std::filesystem::path path() const { return path_; }

 private:
  std::filesystem::path path_;
};

class RunningHub {
 public:
  explicit RunningHub(ServerOptions options = {}, bool virtual_clock = true);
  ~RunningHub();
  RunningHub(const RunningHub&) = delete;
  RunningHub& operator=(const RunningHub&) = delete;

  // Clients without a token, and with it.
  [[nodiscard]] httplib::Client public_client() const;
  [[nodiscard]] httplib::Client admin_client() const;
  [[nodiscard]] httplib::Client operator_client() const;

  // Asks the API with the token; the status must be as said. The value of the answer.
  Value get(const std::string& path, int status = 200);
  Value post(const std::string& path, const Value& body = Map{}, int status = 200);
  Value del(const std::string& path, int status = 200);

  // A connection `shop` of `paper` and one `team` of `acme`.
  void connect_all();
  void apply(const std::string& yaml);
  // A delivery to `shop`; its receipt.
  std::string deliver(const std::string& body, const std::string& delivery = {});
  // Everything due is done when this returns.
  void settle();
  void stop();
  // Whether another server would open beside this one on the same parts; it is closed again.
  Status second_server(ServerOptions options);

  Folder folder;
  KeptLog log;
  ManualClock clock{kMonday};
  Vendor vendor;
  std::unique_ptr<runtime::Hub> hub;
  std::unique_ptr<Server> server;
  std::unique_ptr<store::Store> store;
  std::unique_ptr<runtime::ThreadExecutor> admin;

 private:
  SystemRandom random_;
  std::unique_ptr<vault::Vault> vault_;
  std::unique_ptr<ZoneSource> zones_;
  std::unique_ptr<host::Registry> registry_;
  std::unique_ptr<trial::Samples> samples_;
  std::unique_ptr<trial::StageParts> stage_;
  std::unique_ptr<net::Io> io_;
  std::unique_ptr<runtime::ThreadExecutor> engine_;
};

extern const std::string kNoteRecipe;   // acme/note -> acme.post
extern const std::string kOrderRecipe;  // order_created of paper -> waits 30 minutes

Value read(const std::string& body);

}  // namespace ieum::server::testing
