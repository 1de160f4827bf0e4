// Deliveries that are written to be read in two ways, or to cost more than they bring: quarantined with their bytes when who sent them
// is proven, refused when not. What is taken is read in one way by all.
#include "base/digest.hpp"
#include "base/encoding.hpp"
#include "host/delivery.hpp"
#include "host/module_connector.hpp"
#include "support.hpp"

using namespace ieum;
using namespace ieum::host;
using host_test::acme;

namespace {

using Verdict = Inspection::Verdict;
constexpr Millis kNow = 1'800'000'000'000;

const Manifest& endpoint(const std::string& verify, const std::string& format) {
  static std::map<std::string, Manifest> read;
  const std::string text =
      acme("webhook:\n  verify: [{" + verify + ", secret: key}]\n  topic: [{fixed: t}]\n  format: " + format + "\n");
  const auto known = read.find(text);
  return known != read.end() ? known->second : read.emplace(text, host_test::manifest(text)).first->second;
}
const Manifest& proven(const std::string& format) {
  return endpoint("kind: hmac, header: X-Sig, encoding: hex", format);
}
const Manifest& by_address(const std::string& format) { return endpoint("kind: url_token", format); }

Inspection look(const Manifest& manifest, const std::vector<std::string>& types, const std::string& body) {
  HttpRequest request{"POST", "/hooks/acme", {}, body};
  for (const auto& type : types) request.headers.add("Content-Type", type);
  request.headers.add("X-Sig", hex_encode(hmac_sha256("the-secret", body)));
  SlotSecrets secrets;
  secrets["key"].emplace_back("the-secret");
  return inspect(manifest, Value(Map{{"shop", "s"}}), secrets, request, "the-secret", kNow);
}

const std::string kJson = "application/json";
const std::string kForm = "application/x-www-form-urlencoded";

void expect_unreadable(const std::string& format, const std::vector<std::string>& types, const std::string& body) {
  BOOST_TEST_CONTEXT(format << ", " << (types.empty() ? "no type" : types[0]) << ": " << body.substr(0, 60)) {
    const auto kept = look(proven(format), types, body);
    BOOST_TEST((kept.verdict == Verdict::quarantine));
    BOOST_TEST(!kept.diagnosis.empty());
    const auto refused = look(by_address(format), types, body);
    BOOST_TEST((refused.verdict == Verdict::refuse));
    BOOST_TEST(refused.reply.status == 400);
    BOOST_TEST(refused.reply.body == "not readable\n");
  }
}

std::string nested(std::size_t depth, const std::string& open, const std::string& close) {
  std::string text;
  for (std::size_t i = 0; i < depth; ++i) text += open;
  for (std::size_t i = 0; i < depth; ++i) text += close;
  return text;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(delivery_abuse)

BOOST_AUTO_TEST_CASE(PAR_05_a_deep_body_is_quarantined_or_refused) {
  BOOST_TEST((look(proven("json"), {kJson}, nested(64, "[", "]")).verdict == Verdict::accept));
  expect_unreadable("json", {kJson}, nested(65, "[", "]"));
  expect_unreadable("json", {kJson}, nested(65, "{\"a\":", "}"));
  expect_unreadable("json", {kJson}, std::string(200'000, '['));
  expect_unreadable("json", {kJson}, nested(150'000, "{\"a\":", ""));
  std::string name = "a";
  for (int i = 0; i < 1000; ++i) name += "[b]";
  expect_unreadable("form", {kForm}, name + "=1");
}

BOOST_AUTO_TEST_CASE(PAR_06_a_body_with_a_key_twice_is_quarantined_or_refused) {
  for (const char* body : {R"({"total":1,"total":2})", R"({"total":1,"tot\u0061l":2})",
                           R"({"a":[{"b":{"c":1,"c":1}}]})", R"({"":1,"":1})", R"({"이름":1,"\uc774\ub984":2})"})
    expect_unreadable("json", {kJson}, body);
  BOOST_TEST((look(proven("json"), {kJson}, R"({"a":{"a":1},"A":2,"á":3})").verdict == Verdict::accept));
}

BOOST_AUTO_TEST_CASE(PAR_08_bytes_that_are_no_text_are_quarantined_or_refused) {
  using namespace std::string_literals;
  for (const std::string& text :
       {"\"\xC0\xAF\""s, "\"\xED\xA0\x80\""s, "\"\xE2\x82\""s, "\"\xF4\x90\x80\x80\""s, R"("\u0000")"s, R"("\ud800")"s,
        R"({"\udc00":1})"s, "\"\0\""s, "\xEF\xBB\xBF{}"s, "\xFF\xFE{\0}\0"s, "{\0}\0"s, "\0{\0}"s, "\xB0\xA1"s})
    expect_unreadable("json", {kJson}, text);
  for (const char* text : {"a=%C0%AF", "a=%ED%A0%80", "%FF=1", "a=%00", "a=\xB0\xA1"})
    expect_unreadable("form", {kForm}, text);
}

BOOST_AUTO_TEST_CASE(PAR_09_a_body_that_is_said_to_be_something_else_is_quarantined_or_refused) {
  const std::string files = R"({"files":{"upload":{"filepath":"/etc/passwd"}},"type":"t"})";
  expect_unreadable("form", {kJson}, files);
  expect_unreadable("form", {"text/plain"}, "a=1");
  expect_unreadable("json", {kForm}, "{}");
  for (const char* format : {"json", "form", "auto"}) {
    expect_unreadable(format, {"multipart/form-data; boundary=x"}, "--x\r\n\r\n{}\r\n--x--\r\n");
    expect_unreadable(format, {"Multipart/Mixed"}, "{}");
    expect_unreadable(format, {kJson, kJson}, "{}");
    expect_unreadable(format, {kJson, kForm}, "{}");
  }
  for (const char* charset : {"utf-7", "UTF-16", "\"utf-7\"", "utf-8;charset=utf-7x", "", "euc-kr", "x"}) {
    if (std::string_view(charset).empty() || std::string_view(charset).starts_with("utf-8")) continue;
    expect_unreadable("json", {kJson + "; charset=" + charset}, R"({"a":"+AGE-"})");
    expect_unreadable("auto", {kJson + ";q=1; Charset=" + charset}, R"({"a":"+AGE-"})");
  }
  expect_unreadable("json", {kJson + "; charset=iso-8859-1"}, "{\"a\":\"é\"}");
  // What vendors do send.
  for (const std::string& type :
       {kJson, kJson + ";charset=UTF-8", kJson + "; charset=\"utf-8\"", std::string("application/vnd.acme+json"),
        std::string("text/plain; charset=iso-8859-1"), std::string("TEXT/JSON")})
    BOOST_TEST((look(proven("json"), {type}, files).verdict == Verdict::accept), type);
  BOOST_TEST((look(proven("json"), {}, files).verdict == Verdict::accept));
  BOOST_TEST((look(proven("form"), {kForm + "; charset=utf-8"}, "a=1").verdict == Verdict::accept));
  BOOST_TEST((look(proven("form"), {}, "a=1").verdict == Verdict::accept));
}

// Names of files, and all that only a reader of multiparts could see, stay text in an object of the body.
BOOST_AUTO_TEST_CASE(PAR_09_what_is_named_like_a_file_is_text) {
  const std::string text = acme("webhook:\n  verify: [{kind: url_token, secret: key}]\n  topic: [{fixed: t}]\n");
  const auto connector = declarative_connector(host_test::manifest(text));
  const auto events =
      read_delivery(*connector, Value(Map()), "t", "{}", R"({"files":{"upload":{"filepath":"/etc/passwd"}}})", kNow);
  BOOST_REQUIRE(events.has_value());
  BOOST_TEST(events->at(0).data.at_path("files.upload")->text("filepath") == "/etc/passwd");
}

BOOST_AUTO_TEST_CASE(PAR_10_no_multipart_is_read) {
  const std::string boundary70(70, 'b');
  const auto part = [](const std::string& boundary, const std::string& disposition) {
    return "--" + boundary + "\r\nContent-Disposition: form-data; " + disposition + "\r\n\r\nx\r\n";
  };
  std::string many;
  for (int i = 0; i < 10'000; ++i) many += part("x", "name=a");
  for (const auto& [boundary, body] : std::initializer_list<std::pair<std::string, std::string>>{
           {"", part("", "name=a") + "----\r\n"},
           {boundary70, part(boundary70, "name=a") + "--" + boundary70 + "--\r\n"},
           {boundary70 + "b", part(boundary70 + "b", "name=a")},
           {"x", part("x", "name=a") + "\r\n--x inside\r\n--x--\r\n"},
           {"x", many + "--x--\r\n"},
           {"x", part("x", "name=a; filename=../../etc/passwd") + "--x--\r\n"},
           {"x", part("x", "name=a; filename*=UTF-8''%2e%2e%2fpasswd") + "--x--\r\n"},
           {"x", part("x", std::string("name=a; filename=\"a\0.png\"", 24)) + "--x--\r\n"},
           {"x", part("x", "name=a")}})
    for (const char* format : {"json", "form", "auto"})
      expect_unreadable(format, {"multipart/form-data; boundary=" + boundary}, body);
}

BOOST_AUTO_TEST_CASE(PAR_13_no_XML_is_read) {
  std::string bomb = "<?xml version=\"1.0\"?><!DOCTYPE a [<!ENTITY e0 \"x\">";
  for (int i = 1; i < 10; ++i) {
    bomb += "<!ENTITY e" + std::to_string(i) + " \"";
    for (int n = 0; n < 10; ++n) bomb += "&e" + std::to_string(i - 1) + ";";
    bomb += "\">";
  }
  std::string attributes = "<a";
  for (int i = 0; i < 100'000; ++i) attributes += " a" + std::to_string(i) + "=\"\"";
  for (const std::string& body :
       {bomb + "]><a>&e9;</a>", std::string("<!DOCTYPE a SYSTEM \"http://127.0.0.1:1/x.dtd\"><a/>"),
        std::string("<!DOCTYPE a [<!ENTITY e SYSTEM \"file:///etc/passwd\">]><a>&e;</a>"), attributes + "/>"}) {
    for (const char* type : {"application/xml", "text/xml; charset=utf-8", "application/json"})
      expect_unreadable("json", {type}, body);
    expect_unreadable("form", {"application/xml"}, body);
  }
}

BOOST_AUTO_TEST_SUITE_END()
