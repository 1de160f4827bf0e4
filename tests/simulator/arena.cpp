#include "simulator/arena.hpp"

#include <stdlib.h>

#include <boost/test/unit_test.hpp>
#include <filesystem>

#include "simulation/connector.hpp"
#include "simulation/quick_vfs.hpp"

namespace ieum::sim {
namespace {
constexpr Millis kMonday = 1'767'571'200'000;  // 2026-01-05T00:00:00Z
constexpr const char* kUrlToken = "token-of-the-senders";
}  // namespace

Arena::Arena(std::uint64_t seed)
    : dice(seed),
      random(seed + 1),
      timeline(kMonday),
      connectors_(make_connectors()),
      zones_(system_zones()),
      vault_(vault::passing_vault(random)) {
  auto pattern = (std::filesystem::temp_directory_path() / "ieum-arena-XXXXXX").string();
  BOOST_REQUIRE(::mkdtemp(pattern.data()) != nullptr);
  directory_ = pattern;
  disk.file = directory_ + "/hub.db";
  disk.vfs = quick_vfs();
  vendors.on_done = [this](const std::string&, const std::string& key) {
    if (const auto* step = ledger.step_of_key(key); step != nullptr) ++times_done[step->run];
  };
  start();
  for (const auto& door : kDoors) {
    vendors.token[door.connector] = "token-1";
    runtime::NewConnection connection;
    connection.name = door.connection;
    connection.connector = door.connector;
    connection.config = Map{};
    connection.secrets.emplace_back("url_token", Secret(kUrlToken));
    connection.secrets.emplace_back("api_token", Secret("token-1"));
    BOOST_REQUIRE(hub().put_connection(connection).has_value());
  }
}

Arena::~Arena() {
  process.reset();
  std::error_code ignored;
  std::filesystem::remove_all(directory_, ignored);
}

void Arena::start() {
  auto started = Process::start({disk,
                                 *connectors_,
                                 *vault_,
                                 *zones_,
                                 timeline,
                                 random,
                                 vendors,
                                 ledger,
                                 dice,
                                 trace,
                                 log_,
                                 Bug::none,
                                 false,
                                 [this] { settle(); },
                                 [] {},
                                 {}});
  BOOST_REQUIRE_MESSAGE(started.has_value(), (started.has_error() ? started.error().text() : ""));
  process = std::move(*started);
  settle();
}

void Arena::apply(const std::string& yaml) {
  const auto applied = hub().apply_recipe(yaml, recipe::Format::yaml, "test.yaml");
  BOOST_REQUIRE_MESSAGE(applied.has_value(), (applied.has_error() ? applied.error().text() : ""));
}

void Arena::deliver(const std::string& topic, const std::string& body, bool settles) {
  HttpRequest request;
  request.method = "POST";
  request.target = std::string("/hooks/a1/") + kUrlToken;
  request.headers.add("Content-Type", "application/json");
  request.headers.add("X-Topic", topic);
  request.body = body;
  hub().accept("a1", kUrlToken, std::move(request), [](const HttpResponse&) {});
  if (settles) settle();
}

void Arena::settle() {
  while (process->step()) {}
}

void Arena::run_until(Millis world_ms) {
  for (settle(); timeline.happen(world_ms, false); settle()) {}
  timeline.move_to(world_ms);
}

}  // namespace ieum::sim
