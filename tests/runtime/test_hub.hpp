// TestHub: a whole hub on one thread: a real SQLite file, an inline writer, a clock that stands until it is moved, a
// connector written in the test, and a vendor in memory that can be told to fail.
#pragma once
#include <deque>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "base/random.hpp"
#include "base/zone.hpp"
#include "host/connector.hpp"
#include "net/client.hpp"
#include "runtime/hub.hpp"
#include "runtime/watchdog.hpp"
#include "store/store.hpp"

namespace ieum::test {

// A vendor with one table: POST /messages writes a row under the step key, GET /messages?key= finds it.
class FakeVendor final : public net::HttpClient {
 public:
  enum class Fate { answer, refuse_503, rate_limit, drop_before, drop_after, reject_400 };
  void send(net::OutboundCall call, std::function<void(net::CallResult)> done) override;

  std::deque<HttpResponse> answers;  // to the next writes, as they are; then `fates`
  std::deque<Fate> fates;            // of the next writes; then `answer`
  const Clock* clock = nullptr;
  std::vector<Millis> times_seen;                         // of every write
  bool lookup_fails = false;                              // look-ups meet a 503
  bool hold = false;                                      // calls stay open until release()
  std::function<void(const std::string& body)> on_write;  // before a write is looked at
  void release();
  std::vector<std::pair<std::string, std::string>> messages;  // key, body: what the vendor did
  int writes_seen = 0, lookups_seen = 0;
  std::vector<std::string> keys_seen;  // of every write

 private:
  net::CallResult act(const net::OutboundCall& call);
  std::vector<std::function<void()>> held_;
};

// What stands in a hub instead of the connector `acme`, its connection `shop` and their vendor.
struct Setup {
  std::unique_ptr<host::Connector> connector;
  net::HttpClient* http = nullptr;
  Value config = Map{};
  std::string public_url;
  std::string vfs;           // of the store
  std::string directory;     // with the data of a hub before it; "" a new one of its own
  bool in_memory = false;    // its file lies on a disk in memory: for very many commits
  bool alarms = false;       // the hub wakes itself, by wake() or ring(); else it is ticked
  bool watches_disk = true;  // once a second, where the hub wakes itself: a story of days does without
};

class TestHub {
 public:
  TestHub() : TestHub(Setup{}) {}
  explicit TestHub(Setup setup);
  ~TestHub();
  void start();                    // builds a hub on the files that are there
  [[nodiscard]] bool try_start();  // the same; false when it cannot, and why is in `problem`
  void stop();                     // a graceful end
  void crash();                    // drops everything that was in memory
  // Runs the engine until nothing is queued.
  void settle();
  void wake();  // what the hub wakes itself for by now
  // Moves the clock through every due instant up to `to`.
  void run_until(Millis to);

  void apply(const std::string& yaml);  // requires that it is taken
  Result<runtime::AppliedRecipe> try_apply(const std::string& yaml);
  // A delivery to connection `shop`; the answer. Settled afterwards.
  HttpResponse deliver(const std::string& topic, const std::string& body, const std::string& delivery_id = {});
  std::vector<store::RunRow> runs();  // oldest first
  store::RunRow only_run();
  std::vector<store::StepRow> steps(Id run);
  std::vector<store::EventRow> events();  // oldest first
  [[nodiscard]] const std::string& directory() const { return directory_; }

  ManualClock clock;
  SeededRandom random{7};
  FakeVendor vendor;
  std::unique_ptr<runtime::ManualExecutor> engine;
  std::unique_ptr<store::Store> store;
  std::unique_ptr<runtime::Hub> hub;
  std::unique_ptr<store::Reader> reader;
  std::unique_ptr<vault::Vault> vault;
  std::unique_ptr<ZoneSource> zones;
  std::unique_ptr<host::Registry> registry;
  NullLog log;
  std::string crash_cause;
  std::string working_on;  // what the watchdog was told last: the note of a crash names it
  std::string problem;
  bool broken = false;  // the store has stopped, and the process would end
  store::Space space;   // of the disk; unknown until it is told
  runtime::DiskMarks disk_marks;
  runtime::IntakeBudget::Limits intake_limits;          // of the next start
  std::multimap<Millis, std::function<void()>> alarms;  // what the hub wakes itself for, and when
  // What was put off comes due, once, whenever it was to be.
  void ring();
  [[nodiscard]] std::string store_path() const { return directory_ + "/hub.db"; }
  bool refuses = false;              // the connector fails every operation before it asks the vendor
  std::function<void()> on_webhook;  // called whenever the connector parses a delivery

 private:
  std::unique_ptr<runtime::Watchdog> watchdog_;
  std::string directory_;
  bool own_directory_, alarms_, watches_disk_;
  net::HttpClient* http_;
  std::string public_url_, vfs_;
};

// 2026-03-02T09:00:00+09:00
inline constexpr Millis kMonday = 1'772'409'600'000;

}  // namespace ieum::test
