#include "server/server.hpp"

#include <atomic>

#include "server/admin_door.hpp"
#include "server/public_door.hpp"

namespace ieum::server {
namespace {

class TwoDoors final : public Server {
 public:
  TwoDoors(ServerParts parts, const ServerOptions& options)
      : commands_(runtime::make_thread_executor("commands")),
        api_(std::make_shared<Api>(parts, options, *commands_)),
        public_door_(api_),
        admin_door_(api_, ConsoleFiles::read(options.console_dir, parts.log), public_door_.table()) {}
  ~TwoDoors() override { api_->live_runs->end(); }

  Status open(const ServerOptions& options) {
    net::ListenerOptions out;
    out.host = options.admin_host;
    out.port = options.admin_port;
    auto& io = api_->parts.io;
    IEUM_TRY(admin_, net::listen(io, out, admin_door_));
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

  void stop(std::function<void()> done) override {
    api_->live_runs->end();
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
  std::unique_ptr<runtime::ThreadExecutor> commands_;  // ends last: what it still does needs the rest
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

Result<std::unique_ptr<Server>> make_server(ServerParts parts, const ServerOptions& options) {
  if (!is_loopback_host(options.admin_host)) {
    return Error(
        "admin_not_loopback", "the admin side must listen on this machine only, not on " + options.admin_host,
        "give --admin 127.0.0.1:PORT; from elsewhere reach it through an SSH tunnel or a proxy on this machine");
  }
  auto doors = std::make_unique<TwoDoors>(parts, options);
  IEUM_CHECK(doors->open(options));
  return std::unique_ptr<Server>(std::move(doors));
}

}  // namespace ieum::server
