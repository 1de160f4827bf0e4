// What was deleted because it is secret is not left in the file: neither on a page that is free nor in the log.
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>
#include <cstdlib>
#include <fstream>

#include "store/fixture.hpp"

using namespace ieum;
using namespace ieum::store;
using namespace ieum::store::test;
namespace data = boost::unit_test::data;

namespace {

constexpr Id kConnections = 40;

std::string canary(Id connection, const std::string& slot) {
  return "canary<" + std::to_string(connection) + "," + slot + ">";
}

// How many canaries lie in the file and its log. Copies are read, because closing the file itself would drop SQLite's locks.
int left(const Opened& hub, const std::string& what) {
  int found = 0;
  for (const char* ending : {"", "-wal"}) {
    const auto copy = hub.folder.file("copy");
    BOOST_REQUIRE(std::system(("cp '" + hub.folder.file() + ending + "' '" + copy + "'").c_str()) == 0);
    std::ifstream in(copy, std::ios::binary);
    const std::string bytes{std::istreambuf_iterator<char>(in), {}};
    for (auto at = bytes.find(what); at != std::string::npos; at = bytes.find(what, at + 1)) ++found;
  }
  return found;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(store_erase)

BOOST_DATA_TEST_CASE(SEC_09_a_deleted_secret_is_gone_from_file_and_log, data::make({Mode::thread, Mode::inline_file}),
                     mode) {
  Opened hub(mode);
  // Small ones, some that fill pages of their own, in several commits, so that rows move between pages.
  for (Id id = 1; id <= kConnections; ++id) {
    hub.must({PutConnection{{id, "c" + std::to_string(id), "http", "{}", "[]", true, kNoon}},
              PutSecret{{id, "token", 1, canary(id, "token") + std::string(40, 'x'), kNoon}},
              PutSecret{{id, "key", 1, std::string(id % 4 == 0 ? 9000 : 700, 'y') + canary(id, "key"), kNoon}}});
    hub.must({PutSecret{{id, "token", 2, canary(id, "token") + std::string(90, 'z'), kNoon}}});
  }
  BOOST_TEST(left(hub, "canary<") > 0);
  hub.must({RetireSecrets{2, "token", 2, {}}});
  hub.must({DropSecrets{3}});
  for (Id id = 4; id <= kConnections; ++id) hub.must({RemoveConnection{id}});
  hub.must({PutMeta{"after", "the log was cut before this was taken"}});
  BOOST_TEST(left(hub, "canary<1,token>") > 0);
  BOOST_TEST(left(hub, canary(2, "token") + std::string(40, 'x')) == 0);
  for (Id id = 3; id <= kConnections; ++id) {
    BOOST_TEST(left(hub, canary(id, "token")) == 0);
    BOOST_TEST(left(hub, canary(id, "key")) == 0);
  }
}

BOOST_AUTO_TEST_SUITE_END()
