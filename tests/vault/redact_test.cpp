// Redaction: no form in which a vendor may echo a secret survives, and the rest of the text does.
#include "vault/redact.hpp"

#include <boost/test/unit_test.hpp>

#include "base/encoding.hpp"
#include "base/json.hpp"

using namespace ieum;
using namespace ieum::vault;

BOOST_AUTO_TEST_SUITE(redact)

BOOST_AUTO_TEST_CASE(every_echoed_form_is_replaced) {
  const std::string secret = "xoxb-1/2+3\"비밀\\n ~end";
  Redactor redactor;
  redactor.add(Secret(secret));
  const std::vector<std::string> echoes{
      secret,
      base64_encode(secret),
      base64url_encode(secret),
      hex_encode(secret),
      percent_encode(secret),
      write_json(Value(secret)),
  };
  for (const auto& echo : echoes) {
    const std::string cleaned = redactor.clean("인증 실패: <" + echo + "> 끝");
    BOOST_TEST(cleaned.find(echo) == std::string::npos);
    BOOST_TEST(cleaned.find("[redacted]") != std::string::npos);
    BOOST_TEST(cleaned.starts_with("인증 실패: <"));
    BOOST_TEST(cleaned.ends_with("> 끝"));
  }
}

BOOST_AUTO_TEST_CASE(a_secret_inside_other_base64_is_found) {
  Redactor redactor;
  redactor.add(Secret("hunter2-hunter2"));
  for (const char* user : {"", "a", "ab", "abc", "anystring"}) {
    const std::string credentials = base64_encode(std::string(user) + ":hunter2-hunter2");
    const std::string cleaned = redactor.clean("Basic " + credentials);
    BOOST_TEST(cleaned.find("[redacted]") != std::string::npos);
    BOOST_TEST(cleaned.size() < credentials.size() + 6);
  }
}

BOOST_AUTO_TEST_CASE(a_secret_that_is_split_over_lines_is_found) {
  const std::string secret = "xoxb-1/2+3-and-some-more-of-it-so-that-it-is-long-enough-for-two-lines-of-base64";
  Redactor redactor;
  redactor.add(Secret(secret));
  const auto base64 = base64_encode(secret);
  for (const std::string line_end : {"\n", "\r\n", "\\n", "\\r\\n", "\r\n  ", "\n\t"}) {
    for (const std::string& form : {secret, base64, hex_encode(secret)}) {
      const std::string cleaned =
          redactor.clean("a" + line_end + "<" + form.substr(0, 76) + line_end + form.substr(76) + ">" + line_end + "z");
      BOOST_TEST(cleaned == "a" + line_end + "<[redacted]>" + line_end + "z");
    }
  }
  BOOST_TEST(redactor.clean("two\nlines\\nof \\ text\\") == "two\nlines\\nof \\ text\\");
}

BOOST_AUTO_TEST_CASE(other_text_stays_as_it_is) {
  Redactor redactor;
  redactor.add(Secret("abcdef"));
  redactor.add(Secret("short"));
  redactor.add(Secret(""));
  BOOST_TEST(redactor.clean("") == "");
  BOOST_TEST(redactor.clean("a short text, abcde f") == "a short text, abcde f");
  BOOST_TEST(redactor.clean("1abcdef2abcdef3") == "1[redacted]2[redacted]3");
  BOOST_TEST(redactor.clean("abcdef") == "[redacted]");
  BOOST_TEST(redactor.clean("abcdefabcdef") == "[redacted]");
}

BOOST_AUTO_TEST_CASE(overlapping_secrets_leave_no_rest) {
  Redactor redactor;
  redactor.add(Secret("abcdefgh"));
  redactor.add(Secret("efghijkl"));
  redactor.add(Secret("abcdef"));
  BOOST_TEST(redactor.clean("-abcdefghijkl-") == "-[redacted]-");
}

BOOST_AUTO_TEST_SUITE_END()
