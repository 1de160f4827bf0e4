// The watchdog: what its note says of calls on several threads.
#include "runtime/watchdog.hpp"

#include <boost/test/unit_test.hpp>
#include <filesystem>
#include <thread>

using namespace ieum;

namespace {

class NoteFile {
 public:
  NoteFile() {
    auto pattern = (std::filesystem::temp_directory_path() / "ieum-watchdog-XXXXXX").string();
    BOOST_REQUIRE(::mkdtemp(pattern.data()) != nullptr);
    folder_ = pattern;
  }
  ~NoteFile() { std::filesystem::remove_all(folder_); }
  NoteFile(const NoteFile&) = delete;
  NoteFile& operator=(const NoteFile&) = delete;
  [[nodiscard]] std::string path() const { return (folder_ / "last-call").string(); }

 private:
  std::filesystem::path folder_;
};

}  // namespace

BOOST_AUTO_TEST_SUITE(watchdog)

BOOST_AUTO_TEST_CASE(a_call_is_watched_until_its_own_thread_leaves_it) {
  const NoteFile file;
  const auto watchdog = runtime::make_watchdog({file.path(), kMinute});
  watchdog->working_on("event 12");
  watchdog->entering("faulty", "webhook");
  std::thread([&] {
    watchdog->working_on("event 3, for the search index");
    watchdog->entering("fine", "webhook");
    watchdog->left();
    watchdog->note_from_signal("no module of this thread");
  }).join();
  watchdog->note_from_signal("it aborted");
  BOOST_TEST(runtime::read_note(file.path()) == "connector faulty, phase webhook, event 12: it aborted");
}

BOOST_AUTO_TEST_CASE(what_was_left_is_not_noted) {
  const NoteFile file;
  const auto watchdog = runtime::make_watchdog({file.path(), kMinute});
  watchdog->entering("fine", "begin");
  watchdog->left();
  watchdog->note_from_signal("it aborted");
  BOOST_TEST(runtime::read_note(file.path()).empty());
}

BOOST_AUTO_TEST_SUITE_END()
