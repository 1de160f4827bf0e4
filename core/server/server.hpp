// Server: the hub's two doors. Public: deliveries, receipts, health. Admin: API, live runs, console, all behind the admin
// token. Every route carries its policy; a route without one does not compile (server/routes.hpp).
// Owner: app. Listeners live on the Io threads; what reads the store runs on `admin`, what may wait long for the hub or a vendor on
// a thread of the server's own.
#pragma once
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "base/error.hpp"
#include "base/log.hpp"
#include "base/random.hpp"
#include "base/secret.hpp"
#include "host/connector.hpp"
#include "net/io.hpp"
#include "runtime/executor.hpp"
#include "runtime/hub.hpp"
#include "store/store.hpp"
#include "trial/stage.hpp"
#include "vault/password.hpp"

namespace ieum::server {

struct ServerOptions {
  std::string public_host = "127.0.0.1";
  std::uint16_t public_port = 8080;      // 0: any free one
  std::string admin_host = "127.0.0.1";  // elsewhere only when the hub is claimed, and with TLS or a name
  std::uint16_t admin_port = 8081;
  std::string tls_cert_file, tls_key_file;  // of the public listener; both or none
  std::string public_url;                   // https://hub.example; "" when unknown. Never taken from a Host header
  std::vector<std::string> admin_names;     // further Host names of the admin listener
  std::string admin_tls_cert_file, admin_tls_key_file;  // of the admin listener; both or none
  std::string console_dir;                              // built console; may be missing
  Secret admin_token;
  Secret audit_key;                   // of the vault
  vault::PasswordCost password_cost;  // less for tests
  std::string version;
};

struct ServerParts {
  net::Io& io;
  runtime::Hub& hub;
  store::Store& store;
  const host::Registry& connectors;
  Clock& clock;
  ManualClock* virtual_clock;  // null: the real one
  Random& random;
  Log& log;
  runtime::Executor& admin;
  // What recipes are played with; made at the first call. Null: none are. [commands thread]
  std::function<const trial::StageParts&()> stage = {};
};

class Server {
 public:
  virtual ~Server() = default;
  [[nodiscard]] virtual std::uint16_t public_port() const = 0;
  [[nodiscard]] virtual std::uint16_t admin_port() const = 0;
  // The address at which this hub is claimed, once, within half an hour; "" when it has an owner.
  virtual std::string claim_url() = 0;
  // No new requests; those under way are answered; then `done`. [any-thread]
  virtual void stop(std::function<void()> done) = 0;
};

// Errors: "port_in_use", "bad_address", "tls_file", "admin_not_claimed", "admin_without_tls"; each says what to change.
Result<std::unique_ptr<Server>> make_server(const ServerParts& parts, const ServerOptions& options);

}  // namespace ieum::server
