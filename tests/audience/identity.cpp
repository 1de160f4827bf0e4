// One spelling for each identity: Korean telephone numbers as people, forms and spreadsheets write them, and e-mail.
#include "audience/identity.hpp"

#include <boost/test/unit_test.hpp>

using ieum::audience::korean_national;
using ieum::audience::normalise;

namespace {

struct Case {
  const char* raw;
  const char* expected;  // null: no identity
};

void check(const char* kind, const Case& c) {
  const auto found = normalise(kind, c.raw);
  BOOST_CHECK_MESSAGE(found == (c.expected == nullptr ? std::optional<std::string>() : std::string(c.expected)),
                      kind << " \"" << c.raw << "\" became " << found.value_or("nothing"));
}

}  // namespace

BOOST_AUTO_TEST_SUITE(audience_identity)

BOOST_AUTO_TEST_CASE(reads_telephone_numbers) {
  const Case cases[] = {
      {"010-1234-5678", "+821012345678"},
      {"01012345678", "+821012345678"},
      {" 010 1234 5678 ", "+821012345678"},
      {"010.1234.5678", "+821012345678"},
      {"(010) 1234-5678", "+821012345678"},
      {"+82 10-1234-5678", "+821012345678"},
      {"+82 010-1234-5678", "+821012345678"},
      {"+82 (0)10-1234-5678", "+821012345678"},
      {"+821012345678", "+821012345678"},
      {"82-10-1234-5678", "+821012345678"},
      {"821012345678", "+821012345678"},
      {"0082 10 1234 5678", "+821012345678"},
      {"1012345678", "+821012345678"},
      {"０１０－１２３４－５６７８", "+821012345678"},
      {"＋８２　１０　１２３４　５６７８", "+821012345678"},
      {"010‑1234‑5678", "+821012345678"},
      {"010–1234–5678", "+821012345678"},
      {"011-234-5678", "+82112345678"},
      {"02-312-3456", "+8223123456"},
      {"02-3123-4567", "+82231234567"},
      {"031-123-4567", "+82311234567"},
      {"0507-1234-5678", "+8250712345678"},
      {"+82 1588-1234", "+8215881234"},
      {"+1 (415) 555-2671", "+14155552671"},
      {"001 415 555 2671", "+14155552671"},
      {"+442071838750", "+442071838750"},
      {"", nullptr},
      {"전화 없음", nullptr},
      {"010-1234-567", nullptr},
      {"010-1234-56789", nullptr},
      {"+82 10 1234 567", nullptr},
      {"+0123456789", nullptr},
      {"+1234567890123456", nullptr},
      {"+", nullptr},
      {"++821012345678", nullptr},
      {"0", nullptr},
      {"00", nullptr},
      {"0000000000", nullptr},
      {"010-1234-5678 내선 3", nullptr},
      {"010-1234-5678x3", nullptr},
      {"4155552671", nullptr},
      {"110", nullptr},
      {"010\n1234-5678", nullptr},
  };
  for (const Case& c : cases) check("phone", c);
}

BOOST_AUTO_TEST_CASE(reads_addresses) {
  const Case cases[] = {
      {"Minji.Kim@Example.COM", "minji.kim@example.com"},
      {"  minji@example.com\t", "minji@example.com"},
      {"\xE3\x80\x80minji@example.com\xC2\xA0", "minji@example.com"},
      {"minji+shop@example.com", "minji+shop@example.com"},
      {"민지@예시.한국", "민지@예시.한국"},
      {"minji", nullptr},
      {"@example.com", nullptr},
      {"minji@", nullptr},
      {"minji@a@b.com", nullptr},
      {"minji kim@example.com", nullptr},
      {"Minji <minji@example.com>", nullptr},
      {"minji@example.com, junho@example.com", nullptr},
      {"minji@.com", nullptr},
      {"minji@example..com", nullptr},
      {"minji@example.com.", nullptr},
      {"minji@example.com\r\nBcc: x@y.z", nullptr},
      {"\xFF@example.com", nullptr},
  };
  for (const Case& c : cases) check("email", c);
  check("email", {(std::string(250, 'a') + "@example.com").c_str(), nullptr});
}

BOOST_AUTO_TEST_CASE(trims_everything_else) {
  check("shopify", {" 7001 ", "7001"});
  check("user_id", {"사용자A", "사용자A"});
  check("user_id", {"   ", nullptr});
  check("user_id", {"a\x01z", nullptr});
  check("user_id", {std::string(513, 'a').c_str(), nullptr});
}

BOOST_AUTO_TEST_CASE(normalising_twice_changes_nothing) {
  for (const char* raw : {"010-1234-5678", "0507-1234-5678", "02-312-3456", "+1 415 555 2671"}) {
    const auto once = normalise("phone", raw);
    BOOST_REQUIRE(once);
    BOOST_CHECK_EQUAL(normalise("phone", *once).value_or(""), *once);
    BOOST_CHECK_EQUAL(normalise("phone", korean_national(*once)).value_or(""), *once);
  }
}

BOOST_AUTO_TEST_CASE(writes_korean_numbers_for_domestic_senders) {
  BOOST_CHECK_EQUAL(korean_national("+821012345678"), "01012345678");
  BOOST_CHECK_EQUAL(korean_national("+8223123456"), "023123456");
  BOOST_CHECK_EQUAL(korean_national("+14155552671"), "+14155552671");
  BOOST_CHECK_EQUAL(korean_national("+82"), "+82");
  BOOST_CHECK_EQUAL(korean_national(""), "");
}

BOOST_AUTO_TEST_SUITE_END()
