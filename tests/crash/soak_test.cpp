// The built binary at half of what it can do, for long: memory, descriptors, the log and the file stay as they are after a while, and
// all that was accepted is done.
#include <boost/test/unit_test.hpp>
#include <charconv>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "base/json.hpp"
#include "end_to_end/shop_floor.hpp"
#include "support/counts.hpp"

using namespace ieum;
using namespace ieum::test;

namespace {

constexpr std::int64_t kMB = 1'000'000;
constexpr std::int64_t kKeep = 64 * kMB;  // the least that a store can be kept below
constexpr std::int64_t kLogMost = 64 * kMB;
constexpr int kRoundSeconds = 3;
// What may come on top after the first third: caches that are not full yet, connections that are kept.
constexpr std::int64_t kMemoryMore = 12 * kMB;
constexpr std::int64_t kDescriptorsMore = 8;

constexpr const char* kSecret = "secret-of-the-shop";
constexpr const char* kRecipe = R"(recipe: soak
trigger: {event: webhook/order.paid, where: 'dec(event.total) >= 50000'}
steps:
  - use: http.request
    connection: sink
    reaches: system
    with: {method: POST, url: /orders, json: "{{ trigger }}", safety: keyed}
)";

std::string program(const std::string& name) { return std::string(IEUM_BUILD_DIR) + "/" + name; }

struct Sample {
  std::int64_t memory = 0, descriptors = 0, log = 0, file = 0;  // bytes but for the descriptors
};

class SoakFloor : public ShopFloor {
 public:
  SoakFloor() : ShopFloor({.connect = false}), sink_port_(free_port()) {
    sink_ = std::make_unique<Background>(
        std::vector<std::string>{program("bench_sink"), "--port", std::to_string(sink_port_)});
    write_file(files_.file("secret"), kSecret);
    write_file(files_.file("soak.yaml"), kRecipe);
    ieum({"connection", "add", "shop", "--connector", "webhook", "--set", "scheme=hmac", "--set", "encoding=base64",
          "--set", "dedupe_header=X-Event-Id", "--secret", "secret=" + files_.file("secret")});
    ieum({"connection", "add", "sink", "--connector", "http", "--set",
          "base_url=http://127.0.0.1:" + std::to_string(sink_port_)});
    ieum({"recipe", "apply", files_.file("soak.yaml")});
    api("POST", "/api/v1/settings", Map{{"retention", Map{{"max_bytes", kKeep}}}});
  }

  // Sends for so long, as fast as it goes (0) or at a rate; waits until all of it is done. How many a second were done.
  double load(int seconds, int rate) {
    const auto begin = std::chrono::steady_clock::now();
    const auto port = public_url().substr(public_url().rfind(':') + 1);
    const auto sent = run({program("bench_load"),
                           "--port",
                           port,
                           "--path",
                           "/hooks/shop",
                           "--connections",
                           "32",
                           "--seconds",
                           std::to_string(seconds),
                           "--rate",
                           std::to_string(rate),
                           "--bytes",
                           "1500",
                           "--sign",
                           "X-Signature",
                           "--secret",
                           kSecret,
                           "--delivery-header",
                           "X-Event-Id",
                           "--run",
                           "round" + std::to_string(round_++)});
    BOOST_REQUIRE_MESSAGE(sent.code == 0, sent.out + sent.err);
    const auto told = parse_json(sent.out);
    BOOST_REQUIRE_MESSAGE(told.has_value(), sent.out);
    BOOST_TEST(told->number("non2xx") == 0, sent.out + sent.err);
    BOOST_TEST(told->number("errors") == 0, sent.out);
    // A pause of the machine leaves out some; most of what was due is there.
    BOOST_TEST(told->number("ok") > told->number("skipped"), sent.out);
    accepted_ += told->number("ok");
    wait_until_done();
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begin;
    return static_cast<double>(told->number("ok")) / took.count();
  }

  Sample sample() {
    const std::string process = "/proc/" + std::to_string(hub().pid());
    Sample sample;
    std::ifstream status(process + "/status");
    for (std::string line; std::getline(status, line);) {
      std::istringstream words(line);
      std::string name;
      std::int64_t kilobytes = 0;
      if (words >> name >> kilobytes && name == "VmRSS:") sample.memory = kilobytes * 1024;
    }
    for (const auto& one : std::filesystem::directory_iterator(process + "/fd"))
      sample.descriptors += one.path().empty() ? 0 : 1;
    sample.log = static_cast<std::int64_t>(std::filesystem::file_size(data() + "/hub.db-wal"));
    sample.file = static_cast<std::int64_t>(std::filesystem::file_size(data() + "/hub.db"));
    return sample;
  }

  [[nodiscard]] std::int64_t accepted() const { return accepted_; }
  std::int64_t called() {
    const auto told = run({"/usr/bin/curl", "-s", "http://127.0.0.1:" + std::to_string(sink_port_) + "/stats"});
    const auto stats = parse_json(told.out);
    BOOST_REQUIRE_MESSAGE(stats.has_value(), told.out + told.err);
    return stats->number("receipts");
  }

 private:
  TempDirectory files_;
  std::uint16_t sink_port_;
  std::unique_ptr<Background> sink_;
  int round_ = 0;
  std::int64_t accepted_ = 0;
};

template <class Field>
std::int64_t most(const std::vector<Sample>& samples, std::size_t from, std::size_t to, Field field) {
  std::int64_t value = 0;
  for (std::size_t i = from; i < to; ++i) value = std::max(value, samples[i].*field);
  return value;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(soak)

BOOST_AUTO_TEST_CASE(BPR_08_at_half_load_for_long_memory_descriptors_and_log_stay_as_they_are) {
  SoakFloor floor;
  const int rate = std::max(1, static_cast<int>(floor.load(kRoundSeconds, 0) / 2));
  std::vector<Sample> samples;
  const int rounds = counts::kSoakSeconds.now() / kRoundSeconds;
  for (int round = 0; round < rounds; ++round) {
    floor.load(kRoundSeconds, rate);
    samples.push_back(floor.sample());
    const auto& now = samples.back();
    BOOST_TEST(now.memory > 0);
    BOOST_TEST_MESSAGE(rate << "/s: " << now.memory / kMB << " MB, " << now.descriptors << " descriptors, log "
                            << now.log / kMB << " MB, file " << now.file / kMB << " MB");
  }
  const std::size_t third = samples.size() / 3;
  BOOST_TEST(most(samples, third, samples.size(), &Sample::memory) <=
             most(samples, 0, third, &Sample::memory) + kMemoryMore);
  BOOST_TEST(most(samples, third, samples.size(), &Sample::descriptors) <=
             most(samples, 0, third, &Sample::descriptors) + kDescriptorsMore);
  BOOST_TEST(most(samples, 0, samples.size(), &Sample::log) <= kLogMost);
  // Nothing is dropped in the first minute; what had grown by then is given back slice by slice.
  if (counts::kSoakSeconds.now() == counts::kSoakSeconds.full) BOOST_TEST(samples.back().file <= 2 * kKeep);
  BOOST_TEST(floor.totals().number("runs") == floor.accepted());
  BOOST_TEST(floor.called() == floor.accepted());
}

BOOST_AUTO_TEST_SUITE_END()
