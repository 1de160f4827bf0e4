#include "app/hub_process.hpp"

#include <signal.h>
#include <unistd.h>

#include <atomic>
#include <filesystem>
#include <future>

#include "app/crash_note.hpp"
#include "app/key_check.hpp"
#include "app/sandbox_vendors.hpp"
#include "app/spare_memory.hpp"
#include "base/random.hpp"
#include "base/url.hpp"
#include "base/zone.hpp"
#include "net/io.hpp"
#include "runtime/executor.hpp"
#include "runtime/watchdog.hpp"
#include "store/peek.hpp"
#include "vault/vault.hpp"

namespace ieum::app {
namespace {

std::string beside_the_binary(const std::string& name) {
  std::error_code failed;
  const auto binary = std::filesystem::read_symlink("/proc/self/exe", failed);
  if (failed) return name;
  const auto prefix = binary.parent_path();
  for (const auto& place :
       {prefix / name, prefix / ".." / "lib" / "ieum" / name, prefix / ".." / "share" / "ieum" / name}) {
    if (std::filesystem::is_directory(place, failed)) return std::filesystem::weakly_canonical(place, failed).string();
  }
  return (prefix / name).string();
}

// Kills the process as a power cut would, when the point is passed for the n-th time.
std::function<void(std::string_view)> crash_point(const std::string& wish) {
  if (wish.empty()) return nullptr;
  const auto colon = wish.find(':');
  const auto left = std::make_shared<int>(colon == std::string::npos ? 1 : std::atoi(wish.c_str() + colon + 1));
  return [point = wish.substr(0, colon), left](std::string_view passed) {
    if (passed == point && --*left == 0) ::kill(::getpid(), SIGKILL);
  };
}

class Process final : public HubProcess {
 public:
  Process(HubOptions options, Log& log, std::function<void()> on_broken)
      : options_(std::move(options)), log_(log), on_broken_(std::move(on_broken)) {
    if (options_.virtual_start) virtual_clock_ = std::make_unique<ManualClock>(*options_.virtual_start);
  }
  ~Process() override { stop(0); }

  Status start() {
    IEUM_TRY(data_, open_data_dir(options_.data_dir));
    IEUM_CHECK(open_vault());
    store::StoreOptions store_options;
    store_options.path = data_.database();
    store_options.on_broken = [this](const Error& error) { fail(error); };
    IEUM_TRY(store_, store::open_store(std::move(store_options), log_));
    IEUM_CHECK(mark_key());
    IEUM_TRY(token_, admin_token(data_, true, random_));
    crash_cause_ = runtime::read_note(data_.note_file());
    watchdog_ = runtime::make_watchdog({data_.note_file(), options_.module_call_for_max});
    note_crashes_to(watchdog_.get());
    host::LoadOptions load;
    load.directory = options_.connectors_dir;
    load.observer = watchdog_.get();
    IEUM_TRY(connectors_, host::load_connectors(load, log_));
    give_back_spare_memory();
    io_ = std::make_unique<net::Io>();
    net::ClientOptions client;
    client.extra_ca_file = options_.extra_ca_file;
    client.own_addresses = {options_.server.public_host + ":" + std::to_string(options_.server.public_port),
                            options_.server.admin_host + ":" + std::to_string(options_.server.admin_port)};
    if (const auto own = parse_url(options_.server.public_url); own.has_value()) {
      client.own_name = own->host;
      client.own_port = own->port;
    }
    IEUM_TRY(http_, net::make_http_client(*io_, std::move(client)));
    zones_ = system_zones();
    engine_ = runtime::make_thread_executor("engine");
    admin_ = runtime::make_thread_executor("admin");
    behind_ = runtime::make_thread_executor("search");
    runtime::HubParts parts{
        *store_,
        *connectors_,
        *http_,
        *vault_,
        *zones_,
        clock(),
        random_,
        log_,
        *engine_,
        watchdog_.get(),
        crash_cause_,
        [this](Millis delay_for, std::function<void()> work) { io_->after(delay_for, std::move(work)); },
        crash_point(options_.crash_at),
        [this](const Error& error) { fail(error); }};
    parts.behind = behind_.get();
    parts.space = [path = data_.database()] { return store::measure(path); };
    parts.disk_marks = options_.disk_marks;
    parts.public_url = options_.server.public_url;
    while (parts.public_url.ends_with('/')) parts.public_url.pop_back();
    hub_ = runtime::make_hub(std::move(parts));
    io_->start();
    IEUM_CHECK(hub_->start());
    options_.server.admin_token = token_;
    options_.server.audit_key = vault_->derive("audit");
    IEUM_TRY(server_, server::make_server({*io_, *hub_, *store_, *connectors_, clock(), virtual_clock_.get(), random_,
                                           log_, *admin_, [this]() -> const trial::StageParts& { return stage(); }},
                                          options_.server));
    return write_private_file(data_.address_file(), admin_address() + "\n");
  }

  runtime::Hub& hub() override { return *hub_; }
  server::Server& server() override { return *server_; }
  store::Store& store() override { return *store_; }
  net::HttpClient& http() override { return *http_; }
  Clock& clock() override { return virtual_clock_ ? static_cast<Clock&>(*virtual_clock_) : system_clock_; }
  const DataDir& data() const override { return data_; }
  const Secret& token() const override { return token_; }
  bool broken() const override { return broken_.load(); }

  void stop(Millis grace_for) override {
    if (stopped_) return;
    stopped_ = true;
    if (server_) {
      std::promise<void> drained;
      server_->stop([&drained] { drained.set_value(); });
      drained.get_future().get();
      ::unlink(data_.address_file().c_str());
    }
    if (hub_ && server_) {
      std::promise<void> quiet;
      hub_->stop(grace_for, [&quiet] { quiet.set_value(); });
      quiet.get_future().get();
    }
    if (behind_) behind_->stop();
    // Only a hub that ran ends cleanly: a start that failed must not hide the crash before it.
    if (store_ && server_) {
      store_->close();
    } else if (store_ && hub_) {
      store_->submit_and_wait(store::Queue::work, {});  // what recovery submitted is answered before the hub goes
    }
    if (admin_) admin_->stop();
    server_.reset();
    if (io_) io_->stop();
    if (engine_) engine_->stop();
    hub_.reset();
    http_.reset();
    note_crashes_to(nullptr);
    connectors_.reset();
    watchdog_.reset();
    store_.reset();
    io_.reset();
  }

 private:
  // Where this machine's command line reaches the admin side: one that listens everywhere listens here too.
  [[nodiscard]] std::string admin_address() const {
    std::string host = options_.server.admin_host;
    if (host == "0.0.0.0") host = "127.0.0.1";
    if (host == "::") host = "::1";
    if (host.find(':') != std::string::npos) host = "[" + host + "]";
    const char* scheme = options_.server.admin_tls_cert_file.empty() ? "http://" : "https://";
    return scheme + host + ":" + std::to_string(server_->admin_port());
  }

  void fail(const Error& error) {
    log_.error("the store failed; the hub stops so that nothing false is said", {{"error", error.text()}});
    broken_.store(true);
    if (on_broken_) on_broken_();
  }

  Status open_vault() {
    IEUM_TRY(const auto check, store::peek_meta(data_.database(), kKeyCheck));
    IEUM_TRY(vault_, open_checked_vault(data_.key_file(), check, random_));
    return {};
  }

  Status mark_key() {
    IEUM_TRY(const auto check, store_->reader()->meta(kKeyCheck));
    if (check) return {};
    const auto put = store_->submit_and_wait(
        store::Queue::work, store::Unit{{store::PutMeta{kKeyCheck, vault_->seal(Secret("ieum"), kKeyBinding)}}});
    if (put.error) return *put.error;
    return {};
  }

  HubOptions options_;
  Log& log_;
  std::function<void()> on_broken_;
  std::atomic<bool> broken_{false};
  bool stopped_ = false;
  SystemClock system_clock_;
  std::unique_ptr<ManualClock> virtual_clock_;
  SystemRandom random_;
  DataDir data_;
  Secret token_;
  std::string crash_cause_;
  std::unique_ptr<store::Store> store_;
  std::unique_ptr<vault::Vault> vault_;
  std::unique_ptr<runtime::Watchdog> watchdog_;
  std::unique_ptr<host::Registry> connectors_;
  std::unique_ptr<net::Io> io_;
  std::unique_ptr<net::HttpClient> http_;
  std::unique_ptr<ZoneSource> zones_;
  // What recipes are played with in virtual time; read when the first one is.
  const trial::StageParts& stage() {
    if (!stage_) {
      samples_ = std::make_unique<trial::Samples>(trial::Samples::load(options_.connectors_dir, *connectors_));
      stage_.reset(new trial::StageParts{*connectors_, *samples_, *zones_, sandbox_vendors});
    }
    return *stage_;
  }

  std::unique_ptr<trial::Samples> samples_;
  std::unique_ptr<trial::StageParts> stage_;
  std::unique_ptr<runtime::ThreadExecutor> engine_, admin_, behind_;
  std::unique_ptr<runtime::Hub> hub_;
  std::unique_ptr<server::Server> server_;
};

}  // namespace

std::string default_connectors_dir() { return beside_the_binary("connectors"); }
std::string default_sdk_dir() { return beside_the_binary("sdk"); }
std::string default_console_dir() { return beside_the_binary("web"); }

Result<std::unique_ptr<HubProcess>> start_hub(HubOptions options, Log& log, std::function<void()> on_broken) {
  auto process = std::make_unique<Process>(std::move(options), log, std::move(on_broken));
  IEUM_CHECK(process->start());
  return std::unique_ptr<HubProcess>(std::move(process));
}

}  // namespace ieum::app
