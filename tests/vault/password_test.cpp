// Passwords: what is stored of one, which are refused.
#include "vault/password.hpp"

#include <boost/test/unit_test.hpp>

using namespace ieum;
using namespace ieum::vault;

namespace {

constexpr PasswordCost kQuick{64, 1};

}  // namespace

BOOST_AUTO_TEST_SUITE(passwords)

BOOST_AUTO_TEST_CASE(a_password_is_kept_as_argon2id_with_a_salt_of_its_own) {
  SystemRandom random;
  const Secret password("네 개의 낱말로 만든 것");
  const auto one = hash_password(password, kQuick, random);
  const auto other = hash_password(password, kQuick, random);
  BOOST_REQUIRE((one.has_value() && other.has_value()));
  BOOST_TEST(one->starts_with("$argon2id$v=19$m=64,t=1,p=1$"));
  BOOST_TEST(*one != *other);
  for (const auto& encoded : {*one, *other}) {
    BOOST_TEST(password_fits(encoded, password));
    BOOST_TEST(!password_fits(encoded, Secret("네 개의 낱말로 만든 것.")));
  }
  BOOST_TEST(!password_fits("", password));
  BOOST_TEST(!password_fits("네 개의 낱말로 만든 것", password));
}

BOOST_AUTO_TEST_CASE(the_usual_cost_is_64_mebibytes_and_three_passes) {
  SystemRandom random;
  const auto encoded = hash_password(Secret("four words of mine"), {}, random);
  BOOST_REQUIRE(encoded.has_value());
  BOOST_TEST(encoded->starts_with("$argon2id$v=19$m=65536,t=3,p=1$"));
}

// So that it is compared in full: Argon2 answers at once where it cannot read the text.
BOOST_AUTO_TEST_CASE(what_no_password_fits_looks_like_what_one_does) {
  SystemRandom random;
  const Secret password("네 개의 낱말로 만든 것");
  const auto real = hash_password(password, kQuick, random);
  BOOST_REQUIRE(real.has_value());
  const std::string stand_in = unmatched_password(kQuick, random);
  const auto fields = [](const std::string& text) {
    std::string shape = text.substr(0, text.find("p=1$") + 4);
    for (std::size_t at = shape.size(); at < text.size(); ++at) shape += text[at] == '$' ? '$' : 'x';
    return shape;
  };
  BOOST_TEST(fields(stand_in) == fields(*real));
  BOOST_TEST(!password_fits(stand_in, password));
  BOOST_TEST(stand_in != unmatched_password(kQuick, random));
}

BOOST_AUTO_TEST_CASE(what_is_tried_first_is_refused) {
  for (const char* weak : {"", "short", "elevenchars", "password1234", "Password!2026", "123456789012", "qwertyuiop123",
                           "aaaaaaaaaaaaa", "121212121212", "minji.kim2026", "correcthorsebatterystaple",
                           "\xff\xfe"
                           "123456789012"}) {
    BOOST_TEST_CONTEXT(weak) {
      const auto judged = judge_password(Secret(weak), "Minji.Kim");
      BOOST_REQUIRE(judged.has_error());
      BOOST_TEST(judged.error().code == "weak_password");
    }
  }
  BOOST_TEST(judge_password(Secret(std::string(257, 'a') + "b"), "minji").has_error());
  for (const char* strong : {"four words of mine", "열두글자가넘는한글암호예요", "Xk2#v9!mPq7$"})
    BOOST_TEST_CONTEXT(strong) BOOST_TEST(judge_password(Secret(strong), "minji").has_value());
}

BOOST_AUTO_TEST_SUITE_END()
