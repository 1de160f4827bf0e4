// The functions for messages and shops, as a Korean shop needs them: particles, money, dates, masked and dialled numbers.
#include "expr/support.hpp"

using namespace ieum;
using namespace ieum::expr;
using namespace ieum::expr::test;

namespace {

// The text that a function gives for one text; "error:code" when it fails.
std::string on_text(const char* call, const char* text) {
  const Result<Value> value = run(call, Value(Map{{"x", Value(text)}}));
  return value ? *value->if_string() : "error:" + value.error().code;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(messages)

BOOST_AUTO_TEST_CASE(korean_particles_follow_the_last_sound) {
  const auto josa = [](const char* word, const char* pair) {
    return show("josa(w, p)", Value(Map{{"w", Value(word)}, {"p", Value(pair)}}));
  };
  BOOST_TEST(josa("이음", "은/는") == R"({"string":"이음은"})");
  BOOST_TEST(josa("커피", "은/는") == R"({"string":"커피는"})");
  BOOST_TEST(josa("커피", "를/을") == R"({"string":"커피를"})");
  BOOST_TEST(josa("서울", "으로/로") == R"({"string":"서울로"})");
  BOOST_TEST(josa("부산", "으로/로") == R"({"string":"부산으로"})");
  BOOST_TEST(josa("서울", "이/가") == R"({"string":"서울이"})");
  BOOST_TEST(josa("주문(3)", "이/가") == R"({"string":"주문(3)이"})");
  BOOST_TEST(josa("쿠폰 2", "이/가") == R"({"string":"쿠폰 2가"})");
  BOOST_TEST(josa("Slack", "과/와") == R"({"string":"Slack과"})");
  BOOST_TEST(josa("Shopify", "과/와") == R"({"string":"Shopify와"})");
  BOOST_TEST(josa("이음", "은") == "error:bad_value");
}

BOOST_AUTO_TEST_CASE(helpers_for_messages) {
  BOOST_TEST(show("format_money(-1234.5, 'USD')") == R"({"string":"-$1,234.50"})");
  BOOST_TEST(show("format_money('0.4', 'KRW')") == R"({"string":"0원"})");
  BOOST_TEST(show("format_money('-0.4', 'KRW')") == R"({"string":"0원"})");
  BOOST_TEST(show("format_money(1000, 'CHF')") == R"({"string":"1,000.00 CHF"})");
  BOOST_TEST(show("mask('hong@example.com')") == R"({"string":"ho***@example.com"})");
  BOOST_TEST(show("mask('홍길동')") == R"({"string":"홍*동"})");
  BOOST_TEST(show("mask('홍길')") == R"({"string":"홍*"})");
  BOOST_TEST(show("e164('+82 (0)10-1234-5678')") == R"({"string":"+821012345678"})");
  BOOST_TEST(show("e164('(415) 555-0100', 'US')") == R"({"string":"+14155550100"})");
  BOOST_TEST(show("e164('02-123-4567')") == R"({"string":"+8221234567"})");
  BOOST_TEST(show("e164('call me')") == "error:bad_value");
  BOOST_TEST(show("json({'q': '\"\\u2028'})") == R"({"string":"{\"q\":\"\\\"\\u2028\"}"})");
  BOOST_TEST(show("string(null)") == "error:no_such_overload");
}

BOOST_AUTO_TEST_CASE(particles_as_people_read_the_word) {
  const std::pair<const char*, const char*> object[] = {
      {"상품", "상품을"},
      {"커피", "커피를"},
      {"달걀", "달걀을"},
      {"1", "1을"},
      {"2", "2를"},
      {"3", "3을"},
      {"4", "4를"},
      {"5", "5를"},
      {"6", "6을"},
      {"7", "7을"},
      {"8", "8을"},
      {"9", "9를"},
      {"10", "10을"},
      {"1,000", "1,000을"},
      {"50%", "50%를"},
      {"3.5", "3.5를"},
      {"IBM", "IBM을"},
      {"URL", "URL을"},
      {"CJ", "CJ를"},
      {"SK", "SK를"},
      {"LG", "LG를"},
      {"Slack", "Slack을"},
      {"Link", "Link를"},
      {"Facebook", "Facebook을"},
      {"Test", "Test를"},
      {"Google", "Google을"},
      {"iPhone", "iPhone을"},
      {"App", "App을"},
      {"Shopify", "Shopify를"},
      {"Sticker", "Sticker를"},
      {"email", "email을"},
      {"Marketing", "Marketing을"},
      {"blog", "blog를"},
      // Quotes and brackets are not read, nor is a remark in brackets behind the word.
      {"'상품'", "'상품'을"},
      {"「커피」", "「커피」를"},
      {"<책>", "<책>을"},
      {"\"바다\"", "\"바다\"를"},
      {"티셔츠(블랙)", "티셔츠(블랙)를"},
      {"상품(커피)", "상품(커피)을"},
      {"커피 [기획]", "커피 [기획]를"},
      {"(커피)", "(커피)를"},
      {"책(1)(2)", "책(1)(2)을"},
      {"커피!", "커피!를"},
      {"상품 🎁", "상품 🎁을"},
      {"커피)", "커피)를"},
      {"", "를"},
      {"!!", "!!를"}};
  for (const auto& [word, wanted] : object) BOOST_TEST(on_text("josa(x, '을/를')", word) == wanted, word);
  const std::pair<const char*, const char*> way[] = {
      {"서울", "서울로"}, {"부산", "부산으로"}, {"제주", "제주로"},        {"1", "1로"}, {"7", "7로"}, {"3", "3으로"},
      {"URL", "URL로"},   {"VIP", "VIP로"},     {"Gold 10", "Gold 10으로"}};
  for (const auto& [word, wanted] : way) BOOST_TEST(on_text("josa(x, '으로/로')", word) == wanted, word);
  BOOST_TEST(on_text("josa(x, '로/으로')", "부산") == "부산으로");
  BOOST_TEST(on_text("josa(x, '로서/으로서')", "서울") == "서울로서");
  BOOST_TEST(on_text("josa(x, '이라/라')", "커피") == "커피라");
  BOOST_TEST(on_text("josa(x, '랑/이랑')", "상품") == "상품이랑");
  BOOST_TEST(on_text("josa(x, '이에요/예요')", "커피") == "커피예요");
  BOOST_TEST(on_text("x | josa('은/는')", "민지") == "민지는");
  BOOST_TEST(on_text("josa(x, '/')", "민지") == "error:bad_value");
}

BOOST_AUTO_TEST_CASE(money_in_the_manner_of_its_currency) {
  BOOST_TEST(show("format_money(62000, 'KRW')") == R"({"string":"62,000원"})");
  BOOST_TEST(show("format_money(dec('999.5'), 'krw')") == R"({"string":"1,000원"})");
  BOOST_TEST(show("format_money(-15000, 'KRW')") == R"({"string":"-15,000원"})");
  BOOST_TEST(show("format_money(0, 'KRW')") == R"({"string":"0원"})");
  BOOST_TEST(show("format_money('12345678901234567890', 'KRW')") == R"({"string":"12,345,678,901,234,567,890원"})");
  BOOST_TEST(show("format_money('1234.5', 'USD')") == R"({"string":"$1,234.50"})");
  BOOST_TEST(show("format_money(1234, 'JPY')") == "{\"string\":\"¥1,234\"}");
  BOOST_TEST(show("format_money(5, 'chf')") == R"({"string":"5.00 CHF"})");
  BOOST_TEST(show("format_money('62,000', 'KRW')") == "error:bad_value");
  BOOST_TEST(show("format_money(null, 'KRW')") == "error:no_such_field");
  BOOST_TEST(show("format_money(1, 'won')") == R"({"string":"1.00 WON"})");
}

BOOST_AUTO_TEST_CASE(dates_in_zone_and_language) {
  const std::unique_ptr<ZoneSource> zones = system_zones();
  const Limits limits{.zones = zones.get(), .default_zone = "Asia/Seoul"};
  const auto date = [&](const char* arguments) {
    return show("format_date('2026-12-06T15:04:05.678Z', " + std::string(arguments) + ")", Value(Map{}), limits);
  };
  BOOST_TEST(date("'yyyy-MM-dd HH:mm:ss.SSS'") == R"({"string":"2026-12-07 00:04:05.678"})");
  BOOST_TEST(date("'M월 d일 (E) a h:mm'") == R"({"string":"12월 7일 (월) 오전 12:04"})");
  BOOST_TEST(date("'EEEE, MMMM d, yyyy', 'UTC', 'en'") == R"({"string":"Sunday, December 6, 2026"})");
  BOOST_TEST(date("'E d MMM h:mm a', 'America/New_York', 'en-US'") == R"({"string":"Sun 6 Dec 10:04 AM"})");
  BOOST_TEST(date("'MMMM d일 EEEE', 'Asia/Seoul', 'ko'") == R"({"string":"12월 7일 월요일"})");
  BOOST_TEST(date("'M月d日(E) a h:mm', 'Asia/Tokyo', 'ja'") == R"({"string":"12月7日(月) 午前 12:04"})");
  BOOST_TEST(date("\"MMM d 'at' HH:mm\", 'UTC', 'en'") == R"({"string":"Dec 6 at 15:04"})");
  BOOST_TEST(date("\"h 'o''clock' ''\", 'UTC', 'en'") == R"({"string":"3 o'clock '"})");
  BOOST_TEST(date("\"yy'\"") == "error:bad_value");
  BOOST_TEST(date("'yyyy', 'UTC', 'xx'") == "error:bad_value");
  BOOST_TEST(date("'yyyy', 'Mars/Base'") == "error:unknown_zone");
  BOOST_TEST(date("'DD.MM.YYYY'") == "error:bad_value");
  BOOST_TEST(show("format_date('tomorrow', 'yyyy')", Value(Map{}), limits) == "error:bad_value");
  BOOST_TEST(show("format_date(null, 'yyyy') | or('-')", Value(Map{}), limits) == R"({"string":"-"})");
  BOOST_TEST(show("format_date(0, 'yyyy-MM-dd', 'UTC')", Value(Map{}), limits) == R"({"string":"1970-01-01"})");
}

BOOST_AUTO_TEST_CASE(numbers_to_dial) {
  for (const char* same :
       {"010-1234-5678", "01012345678", "010 1234 5678", "010.1234.5678", "+82 10-1234-5678", "+82 (0)10-1234-5678",
        "0082 10 1234 5678", "82-10-1234-5678", " 010–1234–5678 ", "０１０－１２３４－５６７８", "(010) 1234-5678"})
    BOOST_TEST(on_text("e164(x, 'KR')", same) == "+821012345678", same);
  BOOST_TEST(on_text("e164(x)", "02-123-4567") == "+8221234567");
  BOOST_TEST(on_text("e164(x)", "1588-1234") == "+8215881234");
  BOOST_TEST(on_text("e164(x)", "0504-1234-5678") == "+8250412345678");
  BOOST_TEST(on_text("e164(x)", "+1 415 555 0100") == "+14155550100");
  for (const char* none :
       {"", "010-1234-567", "010-1234-56789", "010-1234-5678 (집)", "1234", "call me", "+", "010-abcd-5678"})
    BOOST_TEST(on_text("e164(x)", none) == "error:bad_value", none);
  BOOST_TEST(on_text("e164(x, 'XX')", "010-1234-5678") == "error:bad_value");
}

BOOST_AUTO_TEST_CASE(what_is_masked_cannot_be_read_back) {
  const std::pair<const char*, const char*> cases[] = {{"홍길동", "홍*동"},
                                                       {"남궁민수", "남**수"},
                                                       {"민지", "민*"},
                                                       {"홍", "*"},
                                                       {"", ""},
                                                       {"010-1234-5678", "010-****-5678"},
                                                       {"01012345678", "010****5678"},
                                                       {"+82 10-1234-5678", "+82 1*-****-5678"},
                                                       {"minji@example.com", "mi***@example.com"},
                                                       {"ab@example.com", "a***@example.com"},
                                                       {"a@example.com", "***@example.com"},
                                                       {"@minji", "@****i"}};
  for (const auto& [text, wanted] : cases) BOOST_TEST(on_text("mask(x)", text) == wanted, text);
}

BOOST_AUTO_TEST_CASE(text_for_addresses_lists_and_digests) {
  BOOST_TEST(show("slug('  봄 신상 / SALE!! ')") == R"({"string":"봄-신상-sale"})");
  BOOST_TEST(show("slug('---')") == R"({"string":""})");
  BOOST_TEST(show("lines([])") == R"({"string":""})");
  BOOST_TEST(show("lines(['a', ' ', 1.5, true, {'k': 1}])") == R"x({"string":"a\n1.5\ntrue\n{\"k\":1}"})x");
  BOOST_TEST(show("sha256('') == sha256(b'') && sha256('이음') == sha256(b'\\xec\\x9d\\xb4\\xec\\x9d\\x8c')") ==
             R"({"bool":true})");
  BOOST_TEST(show("sha256(null)") == "error:no_such_field");
  BOOST_TEST(show("json([1.50, null, 'a\\n'])") == R"x({"string":"[1.5,null,\"a\\n\"]"})x");
  // JSON has text for keys and nothing else: a map that would have one twice is no map.
  BOOST_TEST(show("json({1: 'a', '1': 'b'})") == "error:bad_value");
  BOOST_TEST(show("{1: 'a', '1': 'b'}") == "error:bad_value");
  BOOST_TEST(show("[{true: 'a', 'true': 'b'}]") == "error:bad_value");
  BOOST_TEST(show("json({1: 'a', 'b': 2})") == R"x({"string":"{\"1\":\"a\",\"b\":2}"})x");
}

BOOST_AUTO_TEST_SUITE_END()
