// Hub process: builds every object of a running hub once, in dependency order, and takes it down in reverse. Used by
// `serve` and `demo`.
#pragma once
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "app/data_dir.hpp"
#include "base/clock.hpp"
#include "base/error.hpp"
#include "base/log.hpp"
#include "net/client.hpp"
#include "runtime/hub.hpp"
#include "server/server.hpp"

namespace ieum::app {

struct HubOptions {
  std::string data_dir;
  std::string connectors_dir;
  server::ServerOptions server;
  runtime::DiskMarks disk_marks;
  std::optional<Millis> virtual_start;  // --virtual-clock
  std::string extra_ca_file;
  Millis module_call_for_max = 10 * kSecond;
  std::string crash_at;  // a point of HubParts::passing, "answered:3" for its third time; for crash tests
};

class HubProcess {
 public:
  virtual ~HubProcess() = default;
  virtual runtime::Hub& hub() = 0;
  virtual server::Server& server() = 0;
  virtual store::Store& store() = 0;
  virtual net::HttpClient& http() = 0;
  virtual Clock& clock() = 0;
  virtual const DataDir& data() const = 0;
  virtual const Secret& token() const = 0;
  // True when the store broke: the process must end with 1 and be started again.
  virtual bool broken() const = 0;
  // Stops intake, lets calls under way end (at most `grace_for`), closes the store. Idempotent.
  virtual void stop(Millis grace_for) = 0;
};

// on_broken: the store cannot go on (a failed fsync, a damaged file); called once, from the writer or who reads.
Result<std::unique_ptr<HubProcess>> start_hub(HubOptions options, Log& log, std::function<void()> on_broken);

// Where the connectors lie that came with this binary: beside it, or where the build put them.
std::string default_connectors_dir();
std::string default_sdk_dir();  // headers for who writes a module
std::string default_console_dir();

}  // namespace ieum::app
