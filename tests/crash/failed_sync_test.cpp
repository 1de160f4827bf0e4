// The disk says once that a commit could not be synced: nobody is told that what was in it is safe, the hub ends at once and says why,
// and the next start has everything that was acknowledged.
#include <stdlib.h>

#include <boost/test/unit_test.hpp>
#include <fstream>

#include "crash/kill_floor.hpp"

using namespace ieum;
using namespace ieum::test;

namespace {

std::string text_of(const std::string& path) {
  std::ifstream in(path);
  return {std::istreambuf_iterator<char>(in), {}};
}

// Processes that are started while it lives have a disk that fails when the file is made.
class FailingSync {
 public:
  FailingSync(const std::string& wish, const std::string& log) {
    ::setenv("IEUM_FAIL_SYNC", wish.c_str(), 1);
    ::setenv("IEUM_FAIL_SYNC_OF", log.c_str(), 1);
    ::setenv("LD_PRELOAD", (std::string(IEUM_BUILD_DIR) + "/tests/failing_sync.so").c_str(), 1);
  }
  ~FailingSync() {
    ::unsetenv("IEUM_FAIL_SYNC");
    ::unsetenv("IEUM_FAIL_SYNC_OF");
    ::unsetenv("LD_PRELOAD");
  }
  FailingSync(const FailingSync&) = delete;
  FailingSync& operator=(const FailingSync&) = delete;
};

}  // namespace

BOOST_AUTO_TEST_SUITE(failed_sync)

BOOST_AUTO_TEST_CASE(STO_02_after_a_failed_fsync_nothing_is_acknowledged_the_hub_ends_and_the_next_one_recovers) {
  KillFloor kill(2);
  const std::string wish = kill.files.file("fail");
  kill.floor.hub().end();
  kill.senders.hang_up();
  {
    const FailingSync preloaded(wish, kill.store() + "-wal");
    BOOST_REQUIRE(kill.start());
  }
  kill.senders.send_until_accepted(300);
  write_file(wish, "");
  // Until nothing is accepted any more: the connections end with the hub.
  kill.senders.send_until_accepted(1'000'000);
  BOOST_TEST(kill.floor.hub().wait() == 1);
  kill.note_end();
  BOOST_TEST(text_of(wish) == "failed ");  // no sync of the log was tried after it
  BOOST_TEST(kill.floor.hub().printed().find("the disk failed and the store has stopped") != std::string::npos,
             kill.floor.hub().printed());
  // A sender that was answered at all was asked to come again.
  for (const auto& answer : kill.senders.surprises()) BOOST_TEST(answer.starts_with("HTTP/1.1 503"), answer);
  BOOST_REQUIRE(kill.start());
  kill.senders.send_the_rest();
  BOOST_TEST(kill.faults_now() == "");
  BOOST_TEST(kill.history.settled() == kill.senders.sent().size());
}

BOOST_AUTO_TEST_SUITE_END()
