// A run of a real hub becomes a test that passes without it, and nobody's data goes with it.
#include <boost/test/unit_test.hpp>

#include "end_to_end/shop_floor.hpp"

using namespace ieum;
using namespace ieum::test;

BOOST_AUTO_TEST_SUITE(record)

BOOST_AUTO_TEST_CASE(a_run_is_recorded_without_the_person_and_plays_offline) {
  ShopFloor floor;
  BOOST_REQUIRE(ShopFloor::send(floor.checkout(1)) == 200);
  floor.wait_until_done();
  const std::string test = floor.ieum({"run", "record", "1"});
  for (const char* own : {"buyer1@", "10000001", "민지", "token-1\"", "sandbox-secret", "xoxb-", "shpat_"})
    BOOST_CHECK_MESSAGE(test.find(own) == std::string::npos, own << " is in\n" << test);
  BOOST_TEST(test.find("62000") != std::string::npos);
  BOOST_TEST(test == floor.ieum({"run", "record", "1"}));  // the same input, the same output

  TempDirectory files;
  write_file(files.file("rescue.yaml"), floor.ieum({"recipe", "show", "rescue"}) + "\ntests:\n" + test);
  floor.hub().end();
  for (const std::vector<std::string>& more : {std::vector<std::string>{}, {"--samples"}}) {
    std::vector<std::string> words{binary(), "recipe", "test", files.file("rescue.yaml")};
    words.insert(words.end(), more.begin(), more.end());
    const auto played = run(words);
    BOOST_TEST(played.code == 0, played.out + played.err + test);
    BOOST_TEST(played.out.find("1 passed") != std::string::npos);
  }
}

BOOST_AUTO_TEST_SUITE_END()
