#include <signal.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>

#include "app/commands.hpp"
#include "app/hub_process.hpp"
#include "app/log_file.hpp"
#include "app/signals.hpp"
#include "app/terminal.hpp"
#include "app/version.hpp"
#include "base/json.hpp"
#include "base/time_text.hpp"
#include "net/io.hpp"
#include "sandbox/sandbox.hpp"

namespace ieum::app {
namespace {

constexpr unsigned kBrokenEndS = 1;     // then the process ends, whatever hangs
constexpr Millis kGrace = 8 * kSecond;  // calls under way may end; the whole end takes at most ten seconds

LogForm log_form(const std::string& wish) {
  if (wish == "json") return LogForm::json;
  if (wish == "text") return LogForm::text;
  return ::isatty(STDERR_FILENO) == 1 ? LogForm::text : LogForm::json;
}

}  // namespace

int report(const Error& error, bool json) {
  if (json) {
    std::printf(
        "%s\n",
        write_json(
            Map{{"error",
                 Map{{"code", error.code}, {"message", error.what}, {"mend", error.mend}, {"place", error.place}}}})
            .c_str());
    return 1;
  }
  const Terminal terminal(::isatty(STDERR_FILENO) == 1);
  std::fprintf(stderr, "%s %s\n", terminal.paint(Colour::red, "error:").c_str(), error.what.c_str());
  if (!error.place.empty()) std::fprintf(stderr, "  at: %s\n", printable(error.place).c_str());
  if (!error.mend.empty()) std::fprintf(stderr, "  do: %s\n", printable(error.mend).c_str());
  return 1;
}

Result<std::pair<std::string, std::uint16_t>> parse_listen(const std::string& text) {
  const auto colon = text.rfind(':');
  std::string host = colon == std::string::npos ? "127.0.0.1" : text.substr(0, colon);
  const std::string port = colon == std::string::npos ? text : text.substr(colon + 1);
  if (host.size() > 1 && host.front() == '[' && host.back() == ']') host = host.substr(1, host.size() - 2);
  long number = -1;
  if (!port.empty() && port.size() <= 5 && port.find_first_not_of("0123456789") == std::string::npos)
    number = std::stol(port);
  if (host.empty() || number < 0 || number > 65535) {
    return Error("bad_address", "\"" + text + "\" is no address to listen on",
                 "write HOST:PORT, for example 127.0.0.1:8080");
  }
  return std::pair(host, static_cast<std::uint16_t>(number));
}

int serve(const Common& common, const ServeArguments& arguments) {
  block_signals();
  HubOptions options;
  options.data_dir = common.data;
  options.connectors_dir = common.connectors.empty() ? default_connectors_dir() : common.connectors;
  options.extra_ca_file = arguments.extra_ca;
  options.module_call_for_max = arguments.module_deadline_ms;
  options.crash_at = arguments.crash_at;
  const auto public_address = parse_listen(arguments.public_address);
  if (public_address.has_error()) return report(public_address.error()), 2;
  const auto admin_address = parse_listen(arguments.admin_address);
  if (admin_address.has_error()) return report(admin_address.error()), 2;
  std::tie(options.server.public_host, options.server.public_port) = *public_address;
  std::tie(options.server.admin_host, options.server.admin_port) = *admin_address;
  for (const auto& [text, mark] : {std::pair{&arguments.disk_low, &options.disk_marks.low},
                                   std::pair{&arguments.disk_full, &options.disk_marks.full}}) {
    if (text->empty()) continue;
    const auto read = runtime::parse_disk_mark(*text);
    if (read.has_error()) return report(read.error()), 2;
    *mark = *read;
  }
  options.server.public_url = arguments.public_url;
  options.server.tls_cert_file = arguments.tls_cert;
  options.server.tls_key_file = arguments.tls_key;
  options.server.admin_names = arguments.admin_names;
  options.server.admin_tls_cert_file = arguments.admin_tls_cert;
  options.server.admin_tls_key_file = arguments.admin_tls_key;
  options.server.console_dir = default_console_dir();
  options.server.version = kVersion;
  if (!arguments.virtual_clock.empty()) {
    const auto start = parse_rfc3339(arguments.virtual_clock);
    if (start.has_error()) return report(start.error()), 2;
    options.virtual_start = *start;
  }
  const auto log = make_log(log_form(arguments.log), Log::Level::info);
  auto process = start_hub(std::move(options), *log, wake_main);
  if (process.has_error()) return report(process.error());
  auto& server = (*process)->server();
  log->info("the hub listens", {{"public", public_address->first + ":" + std::to_string(server.public_port())},
                                {"admin", admin_address->first + ":" + std::to_string(server.admin_port())},
                                {"data", (*process)->data().path}});
  // Not to the log: whoever reads logs later must not own the hub.
  if (const auto claim = server.claim_url(); !claim.empty()) {
    std::printf(
        "This hub has no owner yet. Whoever opens this address becomes it; it works once, for half an hour:\n%s\n",
        claim.c_str());
    std::fflush(stdout);
  }
  wait_for_signal(-1);
  const bool broken = (*process)->broken();
  if (!broken) log->info("the hub ends: no new deliveries, calls under way are awaited");
  if (broken) {
    // The service manager is to start it again at once.
    ::signal(SIGALRM, [](int) { ::_exit(1); });
    ::alarm(kBrokenEndS);
  }
  (*process)->stop(broken ? 0 : kGrace);
  return broken ? 1 : 0;
}

int sandbox(const SandboxArguments& arguments) {
  block_signals();
  const auto address = parse_listen(arguments.listen);
  if (address.has_error()) return report(address.error()), 2;
  SystemClock system;
  ManualClock manual(0);
  sandbox::SandboxOptions options;
  options.host = address->first;
  options.port = address->second;
  options.clock = &system;
  for (const auto& pair : arguments.reach) {
    const auto equals = std::min(pair.find('='), pair.size());
    options.reach.emplace_back(pair.substr(0, equals), pair.substr(std::min(equals + 1, pair.size())));
    if (options.reach.back().second.empty())
      return report(Error("bad_reach", "--reach " + pair + " does not say where the address leads",
                          "write --reach https://hub.example.test=http://127.0.0.1:8080")),
             2;
  }
  if (!arguments.virtual_clock.empty()) {
    const auto start = parse_rfc3339(arguments.virtual_clock);
    if (start.has_error()) return report(start.error()), 2;
    manual.set(*start);
    options.clock = &manual;
    options.virtual_clock = &manual;
  }
  net::Io io;
  auto started = sandbox::make_sandbox(io, options);
  if (started.has_error()) return report(started.error());
  io.start();
  std::printf("sandbox: http://%s:%u/_sandbox/\n", address->first.c_str(), (*started)->port());
  std::fflush(stdout);
  wait_for_signal(-1);
  (*started)->stop();
  io.stop();
  return 0;
}

}  // namespace ieum::app
