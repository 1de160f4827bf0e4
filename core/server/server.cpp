#include "server/server.hpp"

#include <atomic>

#include "server/admin_door.hpp"
#include "server/public_door.hpp"

namespace ieum::server {
namespace {

class TwoDoors final : public Server {
 public:
  TwoDoors(const ServerParts& parts, const ServerOptions& options)
      : commands_(runtime::make_thread_executor("commands")),
        passwords_(runtime::make_thread_executor("passwords")),
        api_(std::make_shared<Api>(parts, options, *commands_, *passwords_)),
        public_door_(api_),
        admin_door_(api_, ConsoleFiles::read(options.console_dir, parts.log), public_door_.table()) {}
  ~TwoDoors() override { api_->live_runs->end(); }

  Status open(const ServerOptions& options) {
    IEUM_CHECK(api_->load());
    IEUM_CHECK(judge_admin_place(options));
    net::ListenerOptions out;
    out.host = options.admin_host;
    out.port = options.admin_port;
    out.tls_cert_file = options.admin_tls_cert_file;
    out.tls_key_file = options.admin_tls_key_file;
    auto& io = api_->parts.io;
    IEUM_TRY(admin_, net::listen(io, out, admin_door_));
    admin_origin_ = admin_origin(options, admin_->port());
    out.host = options.public_host;
    out.port = options.public_port;
    out.tls_cert_file = options.tls_cert_file;
    out.tls_key_file = options.tls_key_file;
    IEUM_TRY(public_, net::listen(io, std::move(out), public_door_));
    api_->live_runs->start();
    return {};
  }

  std::uint16_t public_port() const override { return public_->port(); }
  std::uint16_t admin_port() const override { return admin_->port(); }

  std::string claim_url() override {
    const auto made = api_->identity.make_claim();
    return made.has_value() ? admin_origin_ + "/claim#" + made->text : std::string();
  }

  void stop(std::function<void()> done) override {
    api_->live_runs->end();
    api_->bulk->end();
    auto open = std::make_shared<std::atomic<int>>(2);
    auto drained = [open, api = api_, done = std::move(done)] {
      if (open->fetch_sub(1) == 1) api->close(done);
    };
    public_->stop(drained);
    admin_->stop(drained);
  }

  const RouteTable& public_table() const { return public_door_.table(); }
  const RouteTable& admin_table() const { return admin_door_.table(); }

 private:
  // Beyond loopback nobody may come first who is not the owner, and nobody may read along.
  Status judge_admin_place(const ServerOptions& options) const {
    if (is_loopback_host(options.admin_host)) return {};
    if (!api_->identity.claimed())
      return Error(
          "admin_not_claimed", "the admin side may not listen on " + options.admin_host + " while the hub has no owner",
          "start it with --admin 127.0.0.1:PORT, open the address that it prints and claim it, then start it so");
    if (options.admin_tls_cert_file.empty() && options.admin_names.empty())
      return Error("admin_without_tls", "the admin side may not listen on " + options.admin_host + " without TLS",
                   "give --admin-tls-cert and --admin-tls-key; or put a proxy that ends TLS in front and name it with "
                   "--admin-name hub.example");
    return {};
  }

  static std::string admin_origin(const ServerOptions& options, std::uint16_t port) {
    const bool tls = !options.admin_tls_cert_file.empty();
    if (!tls && !options.admin_names.empty() && !is_loopback_host(options.admin_host))
      return "https://" + options.admin_names.front();
    const bool v6 = options.admin_host.find(':') != std::string::npos;
    const auto host = v6 ? "[" + options.admin_host + "]" : options.admin_host;
    return (tls ? "https://" : "http://") + host + ":" + std::to_string(port);
  }

  std::string admin_origin_;
  std::unique_ptr<runtime::ThreadExecutor> commands_, passwords_;  // end last: what they still do needs the rest
  std::shared_ptr<Api> api_;
  PublicDoor public_door_;
  AdminDoor admin_door_;
  std::unique_ptr<net::Listener> public_, admin_;
};

void add_lines(std::vector<RouteLine>& lines, const std::string& door, const RouteTable& table) {
  for (const auto& route : table.routes()) {
    lines.push_back({door, std::string(method_name(route->method)), route->pattern, route->needs, &route->doc});
  }
}

}  // namespace

std::vector<RouteLine> route_table(const Server& server) {
  const auto& doors = static_cast<const TwoDoors&>(server);
  std::vector<RouteLine> lines;
  add_lines(lines, "public", doors.public_table());
  add_lines(lines, "admin", doors.admin_table());
  return lines;
}

Result<std::unique_ptr<Server>> make_server(const ServerParts& parts, const ServerOptions& given) {
  auto options = given;
  // Beyond loopback the door is known by the address that it listens on as well.
  if (!is_loopback_host(options.admin_host)) options.admin_names.push_back(options.admin_host);
  auto doors = std::make_unique<TwoDoors>(parts, options);
  IEUM_CHECK(doors->open(given));
  return std::unique_ptr<Server>(std::move(doors));
}

}  // namespace ieum::server
