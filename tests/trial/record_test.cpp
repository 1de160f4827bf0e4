// What a recorded run may hold: nobody's name, number or address, wherever it stands; the same for the same.
#include "trial/record.hpp"

#include "trial/playing.hpp"

using namespace ieum;
using namespace ieum::trial_test;

BOOST_AUTO_TEST_SUITE(trial_record)

BOOST_AUTO_TEST_CASE(people_are_replaced_wherever_they_stand) {
  const auto body = parse_json(R"({"email": "Kim.Seo@corp.kr", "phone": "010-2345-6789", "token": "7d3c5e0b",
    "customer": {"first_name": "서연", "last_name": "김", "phone": "+821023456789", "id": 7001},
    "shipping_address": {"address1": "강남대로 1", "zip": "06236", "city": "서울"}, "client_ip": "203.0.113.9",
    "status_url": "https://shop.kr/orders/7d3c5e0b", "total_price": "62000", "note": "문 앞에 두세요", "count": 3})");
  BOOST_REQUIRE(body.has_value());
  trial::Redaction redaction("salt");
  redaction.learn(*body);
  const Value clean = redaction.clean(*body);
  const std::string text = write_json(clean);
  for (const char* own : {"corp.kr", "2345", "서연", "7d3c5e0b", "강남대로", "06236", "203.0.113", "shop.kr", "문 앞"})
    BOOST_CHECK_MESSAGE(text.find(own) == std::string::npos, own << " is in " << text);
  BOOST_TEST(clean.text("total_price") == "62000");
  BOOST_TEST(clean.number("count") == 3);
  BOOST_TEST(clean.get("customer")->number("id") == 7001);
  BOOST_TEST(*clean.at_path("shipping_address.city")->if_string() == "서울");
  // One number in its three spellings stays one number; a name inside a text is the same made-up one.
  const std::string phone = *clean.at_path("customer.phone")->if_string();
  std::string national = clean.text("phone");
  std::erase(national, '-');
  BOOST_TEST(phone == "+82" + national.substr(1));
  BOOST_TEST(redaction.clean_text("01023456789") == national);
  const std::string first = *clean.at_path("customer.first_name")->if_string();
  BOOST_TEST(redaction.clean_text("서연님, 안녕하세요") == first + "님, 안녕하세요");
  BOOST_TEST(redaction.clean_text("김서연님") == *clean.at_path("customer.last_name")->if_string() + first + "님");

  trial::Redaction again("salt"), other("pepper");
  again.learn(*body);
  other.learn(*body);
  BOOST_TEST(write_json(again.clean(*body)) == text);
  BOOST_TEST(other.clean(*body).text("email") != clean.text("email"));
}

BOOST_AUTO_TEST_CASE(a_record_without_its_event_is_refused) {
  BOOST_TEST(trial::recorded_test(parts(), Value(Map{})).error().code == "not_recordable");
}

BOOST_AUTO_TEST_SUITE_END()
