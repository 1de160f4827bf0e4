// bench_trial: many made-up customers through one recipe in virtual time, in one hub in memory, without printing.
// One line of JSON: how many customers, runs and messages, and in how many seconds.
#include <chrono>
#include <cstdio>
#include <fstream>

#include "base/json.hpp"
#include "bench/arguments.hpp"
#include "trial/given.hpp"
#include "trial/stage.hpp"

using namespace ieum;

namespace {

int failed(const Error& error) {
  std::fprintf(stderr, "error: %s\n", error.text().c_str());
  return 1;
}

std::string read(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

}  // namespace

int main(int count, char** words) {
  const bench::Arguments arguments(count, words,
                                   {{"customers", "10000"},
                                    {"spread-ms", "1000"},  // between two customers
                                    {"recipe", IEUM_SOURCE_DIR "/recipes/cart-rescue.yaml"},
                                    {"connectors", IEUM_BUILD_DIR "/connectors"}});
  NullLog log;
  host::LoadOptions load;
  load.directory = arguments.text("connectors");
  load.check_ownership = false;
  const auto connectors = host::load_connectors(load, log);
  if (connectors.has_error()) return failed(connectors.error());
  const auto samples = trial::Samples::load(load.directory, **connectors);
  const auto zones = system_zones();
  constexpr Millis kStart = 1'767'574'800'000;  // 2026-01-05T10:00 in Seoul

  const auto begun = std::chrono::steady_clock::now();
  auto built = trial::Stage::build({**connectors, samples, *zones, {}}, kStart);
  if (built.has_error()) return failed(built.error());
  trial::Stage& stage = **built;
  recipe::GivenEvent given;
  given.connector = "shopify";
  given.topic = "checkouts/create";
  const auto applied = stage.apply(read(arguments.text("recipe")), recipe::Format::yaml, "recipe", {given});
  if (applied.has_error()) return failed(applied.error());

  const auto customers = static_cast<int>(arguments.number("customers"));
  const auto spread = static_cast<Millis>(arguments.number("spread-ms"));
  for (int i = 0; i < customers; ++i) {
    const Millis at = kStart + i * spread;
    const std::string number = std::to_string(10'000'000 + i);
    given.with = Map{{"id", 1'000'000 + i},
                     {"token", "token-" + number},
                     {"email", "person" + number + "@example.com"},
                     {"phone", "+8210" + number},
                     {"customer", Map{{"id", 2'000'000 + i}, {"email", "person" + number + "@example.com"}}}};
    const auto body = trial::given_body(**connectors, given, at);
    if (body.has_error()) return failed(body.error());
    if (const auto moved = stage.move_before(at); moved.has_error()) return failed(moved.error());
    if (const auto in = stage.deliver("shopify", given.topic, *body); in.has_error()) return failed(in.error());
  }
  if (const auto end = stage.move_to(kStart + customers * spread + 30 * kDay); end.has_error())
    return failed(end.error());
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begun;

  const auto totals = stage.reader().totals();
  if (totals.has_error()) return failed(totals.error());
  std::printf("{\"customers\":%d,\"runs\":%lld,\"finished\":%lld,\"calls\":%zu,\"seconds\":%.2f}\n", customers,
              static_cast<long long>(totals->runs), static_cast<long long>(totals->runs_finished),
              stage.stand_in().calls(), took.count());
  return totals->runs == customers ? 0 : 1;
}
