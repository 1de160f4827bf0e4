// Names, receipts, keys, chance and secrets.
#include "base/ids.hpp"

#include <boost/test/unit_test.hpp>
#include <set>
#include <type_traits>

#include "base/random.hpp"
#include "base/secret.hpp"

using namespace ieum;

BOOST_AUTO_TEST_SUITE(ids)

BOOST_AUTO_TEST_CASE(receipts_name_their_event_to_the_holder_of_the_key) {
  for (const Id id : {Id{1}, Id{42}, Id{9'223'372'036'854'775'807}}) {
    const std::string receipt = receipt_text(id, "key");
    BOOST_TEST(receipt.starts_with("rcp_" + std::to_string(id) + "_"));
    BOOST_TEST(receipt_event(receipt, "key").value() == id);
    BOOST_TEST(!receipt_event(receipt, "other key").has_value());
  }
  BOOST_TEST(receipt_text(1, "key").substr(6) != receipt_text(2, "key").substr(6));
}

BOOST_AUTO_TEST_CASE(changed_receipts_are_refused) {
  const std::string receipt = receipt_text(42, "key");
  for (std::size_t at = 0; at < receipt.size(); ++at) {
    std::string changed = receipt;
    changed[at] = changed[at] == 'z' ? 'y' : 'z';
    BOOST_TEST(!receipt_event(changed, "key").has_value(), changed);
    BOOST_TEST(!receipt_event(receipt.substr(0, at), "key").has_value());
  }
  const std::string tag = receipt.substr(7);
  for (const std::string& text : {"rcp_042_" + tag, "rcp_+42_" + tag, "rcp__" + tag, "rcp_-42_" + tag, "rcp_0_" + tag,
                                  "rcp_99999999999999999999_" + tag, receipt + "0", std::string(), std::string("rcp_")})
    BOOST_TEST(!receipt_event(text, "key").has_value(), text);
}

BOOST_AUTO_TEST_CASE(step_keys_are_equal_for_the_same_call_only) {
  const std::string key = step_key("hub", 7, "send", 0);
  BOOST_TEST(key.size() == 32u);
  BOOST_TEST(key.find_first_not_of("0123456789abcdef") == std::string::npos);
  BOOST_TEST(step_key("hub", 7, "send", 0) == key);
  const std::set<std::string> keys = {key,
                                      step_key("hub", 7, "send", 1),
                                      step_key("hub", 8, "send", 0),
                                      step_key("hub2", 7, "send", 0),
                                      step_key("hub", 7, "sent", 0),
                                      step_key("hub", 71, "send", 0),
                                      step_key("hub7", 1, "send", 0)};
  BOOST_TEST(keys.size() == 7u);
  // Fixed for ever: runs that wait over an upgrade must keep their keys.
  BOOST_TEST(key == "d7d6581a335fcd6be311e16faa4f3654");
}

BOOST_AUTO_TEST_CASE(names) {
  for (const std::string& name :
       {std::string("a"), std::string("cart-rescue"), std::string("step_2"), std::string(63, 'a')})
    BOOST_TEST(is_name(name), name);
  for (const std::string& name :
       {std::string(), std::string("A"), std::string("1a"), std::string("-a"), std::string("_a"), std::string("a b"),
        std::string("a.b"), std::string("가"), std::string(64, 'a'), std::string("__proto__"),
        std::string("constructor"), std::string("prototype"), std::string("a\n")})
    BOOST_TEST(!is_name(name), name);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(chance)

BOOST_AUTO_TEST_CASE(a_seed_gives_the_same_stream) {
  SeededRandom a(1), b(1), c(2);
  const std::uint64_t first = a.next();
  BOOST_TEST(b.next() == first);
  BOOST_TEST(c.next() != first);
  BOOST_TEST(SeededRandom(0).next() == 0xE220A8397B1DCDAFu);  // the published first output of SplitMix64 for seed 0
  BOOST_TEST(a.bytes(5).size() == 5u);
}

BOOST_AUTO_TEST_CASE(units_lie_below_one) {
  SeededRandom random(9);
  double sum = 0;
  for (int i = 0; i < 10'000; ++i) {
    const double unit = random.unit();
    BOOST_REQUIRE((unit >= 0 && unit < 1));
    sum += unit;
  }
  BOOST_TEST((sum > 4'800 && sum < 5'200));
}

BOOST_AUTO_TEST_CASE(the_systems_generator_does_not_repeat) {
  SystemRandom random;
  BOOST_TEST(random.bytes(32) != random.bytes(32));
  BOOST_TEST(random.bytes(0).empty());
  BOOST_TEST(random.bytes(100'000).size() == 100'000u);
}

BOOST_AUTO_TEST_CASE(secrets_move_and_copy_without_leaving_a_rest) {
  Secret first(std::string("짧은 열쇠"));
  Secret copy = first;
  BOOST_TEST(copy.reveal() == "짧은 열쇠");
  Secret moved = std::move(first);
  BOOST_TEST(moved.reveal() == "짧은 열쇠");
  BOOST_TEST(first.empty());
  copy = Secret(std::string(100, 'x'));
  BOOST_TEST(copy.reveal() == std::string(100, 'x'));
  moved = copy;
  BOOST_TEST(moved.reveal() == copy.reveal());
  const Secret& itself = moved;
  moved = itself;
  BOOST_TEST(moved.reveal() == std::string(100, 'x'));
  static_assert(!std::is_convertible_v<Secret, std::string>);
  static_assert(!std::is_convertible_v<std::string, Secret>);
}

BOOST_AUTO_TEST_SUITE_END()
