// Modules: what the C++ face makes of calls, what the host makes of every wrong answer.
#include "base/digest.hpp"
#include "base/encoding.hpp"
#include "host/connector.hpp"
#include "host/delivery.hpp"
#include "host/effect_reader.hpp"
#include "support.hpp"

namespace fs = std::filesystem;
using namespace ieum;
using namespace ieum::host;

namespace {

constexpr Millis kNow = 1'800'000'000'000;

struct Watcher final : CallObserver {
  void entering(const std::string& connector, const char* phase) override { calls.push_back(connector + " " + phase); }
  void left() override { calls.emplace_back("left"); }
  std::vector<std::string> calls;
};

const Registry& registry(CallObserver* observer = nullptr) {
  static std::unique_ptr<Registry> plain;
  static std::vector<std::unique_ptr<Registry>> observed;
  NullLog log;
  if (observer == nullptr && plain) return *plain;
  auto loaded = load_connectors({std::string(IEUM_BUILD_DIR) + "/tests/modules", observer, false}, log);
  BOOST_REQUIRE_MESSAGE(loaded.has_value(), (loaded.has_error() ? loaded.error().text() : ""));
  if (observer == nullptr) return *(plain = std::move(*loaded));
  observed.push_back(std::move(*loaded));
  return *observed.back();
}

Effect call(const char* connector, const char* operation, Map inputs = {}, Phase phase = Phase::begin,
            Value outcome = {}, std::string_view body = {}, Value state = {}) {
  Call call;
  call.phase = phase;
  call.operation = operation;
  call.inputs = Value(std::move(inputs));
  call.connection = Value(Map{{"base_url", "https://notes.example.com"}});
  call.outcome = std::move(outcome);
  call.state = std::move(state);
  call.now_ms = kNow;
  call.step_key = "00ff";
  call.body = body;
  return registry().find(connector)->step(call);
}

Effect echo(const std::string& answer, Phase phase = Phase::begin, const std::string& body = "", Value outcome = {},
            std::string_view answered = {}) {
  return call("echo", "answer", {{"answer", answer}, {"body", body}}, phase, std::move(outcome), answered);
}

Value answered(int status, Map headers = {}) {
  return Value(Map{{"status", status}, {"headers", Value(std::move(headers))}});
}

void check_broken(const Effect& effect, const std::string& code, const std::string& says, const std::string& context) {
  const auto* fail = std::get_if<FailEffect>(&effect);
  BOOST_REQUIRE_MESSAGE(fail != nullptr, context);
  BOOST_TEST((fail->kind == FailKind::broken), context);
  BOOST_TEST(fail->code == code, context << " -> " << fail->message);
  BOOST_TEST(fail->message.starts_with("connector "), fail->message);
  BOOST_TEST(fail->message.find(says) != std::string::npos, context << " -> " << fail->message);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(modules)

BOOST_AUTO_TEST_CASE(the_call_envelope_holds_what_the_header_says) {
  const auto envelope = [](const Effect& effect) {
    const auto* done = std::get_if<DoneEffect>(&effect);
    BOOST_REQUIRE(done != nullptr);
    return host_test::json(done->output.text("envelope"));
  };
  BOOST_TEST(
      (envelope(call("echo", "answer",
                     {{"answer", "ENVELOPE"}, {"id", std::int64_t{820982911946154508}}, {"price", Decimal{"1.50"}}})) ==
       host_test::json(
           R"({"phase":"begin","operation":"answer","inputs":{"answer":"ENVELOPE","id":820982911946154508,"price":1.50},
    "connection":{"base_url":"https://notes.example.com"},"now_ms":1800000000000,"step_key":"00ff"})")));
  BOOST_TEST((
      envelope(call("echo", "answer", {{"answer", "ENVELOPE"}}, Phase::resume, answered(200, {{"a", "b"}}), "x",
                    Value(Map{{"s", 1}}))) ==
      host_test::json(
          R"({"phase":"resume","operation":"answer","inputs":{"answer":"ENVELOPE"},"connection":{"base_url":"https://notes.example.com"},
    "state":{"s":1},"outcome":{"status":200,"headers":{"a":"b"}},"now_ms":1800000000000,"step_key":"00ff"})")));
  // A reconcile operation begins with the state of the call in doubt.
  BOOST_TEST(envelope(call("echo", "answer", {{"answer", "ENVELOPE"}}, Phase::begin, {}, {}, "st")).text("state") ==
             "st");
}

BOOST_AUTO_TEST_CASE(a_conversation_over_the_cpp_face) {
  const auto begun =
      call("polite", "note.create", {{"text", "안녕 \"이음\""}, {"order_id", std::int64_t{820982911946154508}}});
  const auto* http = std::get_if<HttpEffect>(&begun);
  BOOST_REQUIRE(http != nullptr);
  BOOST_TEST(http->request.method == "POST");
  BOOST_TEST(http->request.target == "https://notes.example.com/notes?key=00ff");
  BOOST_TEST(http->request.body == R"({"text":"안녕 \"이음\"","order_id":820982911946154508,"price":62000})");
  BOOST_TEST(http->request.headers.get("X-Note").value() == "1");
  BOOST_TEST(http->request.headers.get("content-type").value() == "application/json; charset=utf-8");
  BOOST_TEST(http->auth.empty());  // the manifest has no default_auth
  BOOST_TEST((http->safety == Safety::unsafe));
  BOOST_TEST((http->state == Value(Map{{"tries", 1}})));
  const auto again =
      call("polite", "note.create", {{"text", "안녕 \"이음\""}, {"order_id", std::int64_t{820982911946154508}}});
  BOOST_TEST(std::get<HttpEffect>(again).request.body == http->request.body);

  const auto done = call("polite", "note.create", {}, Phase::resume, answered(201),
                         R"({"note":{"id":890088186047892319}})", http->state);
  BOOST_REQUIRE(std::holds_alternative<DoneEffect>(done));
  BOOST_TEST((std::get<DoneEffect>(done).output == host_test::json(R"({"id":890088186047892319,"tries":1})")));

  BOOST_TEST((std::get<DoneEffect>(call("polite", "note.find", {{"id", "7"}})).output ==
              host_test::json(R"({"found":true,"output":{"id":"7"}})")));
  BOOST_TEST((std::get<DoneEffect>(call("polite", "note.find")).output == host_test::json(R"({"found":false})")));
  const auto later = call("polite", "note.later", {}, Phase::resume, Value(Map{{"waited", true}}));
  BOOST_TEST(std::get<WaitEffect>(later).until_ms == kNow + 60'000);
  BOOST_TEST((std::get<WaitEffect>(later).state == Value(true)));
  const auto polled = call("polite", "notes", {}, Phase::poll, {}, {}, Value(Map{{"seen", 4}}));
  BOOST_TEST((std::get<EventsEffect>(polled).cursor == Value(5)));
  BOOST_TEST(std::get<EventsEffect>(polled).more);
}

BOOST_AUTO_TEST_CASE(statuses_become_kinds_of_failure_and_retry_after_is_read) {
  const auto fail = [](int status, Map headers = {}, std::string_view body = R"({"error":{"message":"안 됨"}})") {
    return std::get<FailEffect>(
        call("polite", "note.create", {}, Phase::resume, answered(status, std::move(headers)), body));
  };
  for (const auto& [status, kind] : std::initializer_list<std::pair<int, FailKind>>{{400, FailKind::permanent},
                                                                                    {401, FailKind::auth_dead},
                                                                                    {404, FailKind::permanent},
                                                                                    {408, FailKind::retry},
                                                                                    {429, FailKind::rate_limited},
                                                                                    {500, FailKind::ambiguous},
                                                                                    {503, FailKind::retry}}) {
    BOOST_TEST((fail(status).kind == kind), status);
    BOOST_TEST(fail(status).code == "http_" + std::to_string(status));
    BOOST_TEST(fail(status).message == "안 됨");
    BOOST_TEST(!fail(status).retry_after_for.has_value());
  }
  BOOST_TEST(fail(429, {{"retry-after", "2.0"}}).retry_after_for.value() == 2000);
  BOOST_TEST(fail(503, {{"retry-after", "7"}}).retry_after_for.value() == 7000);
  BOOST_TEST(!fail(400, {{"retry-after", "7"}}).retry_after_for.has_value());
  BOOST_TEST(!fail(429, {{"retry-after", "soon"}}).retry_after_for.has_value());
  BOOST_TEST(fail(502, {}, "<html>Bad gateway</html>").message == "HTTP 502");
  // The time that a module names itself is not touched.
  const auto own = std::get<FailEffect>(echo(R"({"effect":"fail","kind":"retry","retry_after_ms":280})", Phase::resume,
                                             "", answered(200, {{"retry-after", "9"}})));
  BOOST_TEST(own.retry_after_for.value() == 280);
  FailEffect later{FailKind::retry, "x", "y", std::nullopt};
  fill_retry_after(later, {503, {{"Retry-After", "3"}}, ""}, kNow);
  BOOST_TEST(later.retry_after_for.value() == 3000);
}

BOOST_AUTO_TEST_CASE(exceptions_end_at_the_border) {
  const auto thrown = std::get<FailEffect>(call("polite", "note.throw"));
  BOOST_TEST((thrown.kind == FailKind::permanent));
  BOOST_TEST(thrown.code == "module_exception");
  BOOST_TEST(thrown.message.find("넘어졌습니다") != std::string::npos);
  BOOST_TEST(std::get<FailEffect>(call("polite", "note.throw_number")).code == "module_exception");
  check_broken(call("echo", "throw.across"), "module_threw", "exception", "throw.across");
}

BOOST_AUTO_TEST_CASE(one_answer_no_more_no_less) {
  const char* done = R"({"effect":"done","output":{}})";
  BOOST_TEST(std::holds_alternative<DoneEffect>(call("echo", "answer", {{"answer", done}})));
  check_broken(call("echo", "answer", {{"answer", done}, {"times", 0}}), "bad_effect", "nothing", "0");
  check_broken(call("echo", "answer", {{"answer", done}, {"times", 2}}), "bad_effect", "2 times", "2");
  check_broken(call("echo", "answer", {{"answer", done}, {"times", 1000}}), "bad_effect", "1000 times", "1000");
}

BOOST_AUTO_TEST_CASE(every_rule_about_answers_is_checked) {
  struct Case {
    const char* answer;
    const char* says;
    Phase phase = Phase::begin;
  };
  const std::string large_state =
      R"({"effect":"wait","until_ms":1800000001000,"state":")" + std::string(64 * 1024, 'x') + "\"}";
  const char* const request = R"({"effect":"http","request":{"method":"POST","url":"https://a.example/x")";
  const auto http = [&](const std::string& rest) { return std::string(request) + rest; };
  std::vector<std::string> kept{http(R"(,"headers":{"A B":"c"}}})"),
                                http(R"(,"headers":{"A":"b\r\nC: d"}}})"),
                                http(R"(,"headers":{"Host":"b"}}})"),
                                http(R"(,"headers":{"authorization":"Bearer x"}}})"),
                                http(R"(,"headers":{"Cookie":"x"}}})"),
                                http(R"(,"headers":{"A":1}}})"),
                                http(R"(,"headers":[]}})"),
                                http(R"(},"auth":"nope"})"),
                                http(R"(},"auth":1})"),
                                http(R"(},"safety":"sure"})"),
                                http(R"(},"extra":1})"),
                                http(R"(,"extra":1}})"),
                                http(R"(},"fill":[]})"),
                                http(R"(},"fill":{"secret":"secret"}})"),
                                http(R"(},"fill":{"/secret":"nope"}})")};
  for (const auto& c : std::initializer_list<Case>{
           {"", "no JSON"},
           {"{", "no JSON"},
           {"[]", "object"},
           {"{}", "no effect"},
           {R"({"effect":"done","effect":"done"})", "no JSON"},
           {R"({"effect":"smile"})", "\"smile\""},
           {R"({"effect":"done","output":[]})", "\"output\""},
           {R"({"effect":"done","outptu":{}})", "unknown member"},
           {R"({"effect":"http"})", "\"request\""},
           {R"({"effect":"http","request":{"url":"https://a.example"}})", "\"method\""},
           {R"({"effect":"http","request":{"method":"post","url":"https://a.example"}})", "upper-case"},
           {R"({"effect":"http","request":{"method":"CONNECT","url":"https://a.example"}})", "upper-case"},
           {R"({"effect":"http","request":{"method":"GET","url":"/x"}})", "absolute"},
           {R"({"effect":"http","request":{"method":"GET","url":"file:///etc/passwd"}})", "absolute"},
           {R"({"effect":"http","request":{"method":"GET","url":"https://u:p@a.example/"}})", "absolute"},
           {kept[0].c_str(), ""},
           {kept[1].c_str(), ""},
           {kept[2].c_str(), ""},
           {kept[3].c_str(), "credentials"},
           {kept[4].c_str(), "credentials"},
           {kept[5].c_str(), "must be a text"},
           {kept[6].c_str(), "object"},
           {kept[7].c_str(), "no auth scheme"},
           {kept[8].c_str(), "\"auth\""},
           {kept[9].c_str(), "\"safety\""},
           {kept[10].c_str(), "unknown member"},
           {kept[11].c_str(), "unknown member"},
           {kept[12].c_str(), "\"fill\""},
           {kept[13].c_str(), "no place of a body"},
           {kept[14].c_str(), "no secret field"},
           {R"({"effect":"wait"})", "\"until_ms\""},
           {R"({"effect":"wait","until_ms":"1800000001000"})", "\"until_ms\""},
           {R"({"effect":"wait","until_ms":1800000001})", "2001"},
           {R"({"effect":"wait","until_ms":1834560000001})", "400 days"},
           {large_state.c_str(), "64 KiB"},
           {R"({"effect":"fail","kind":"broken"})", "no kind"},
           {R"({"effect":"fail"})", "\"kind\""},
           {R"({"effect":"fail","kind":"retry","retry_after_ms":-1})", "retry_after_ms"},
           {R"({"effect":"fail","kind":"retry","retry_after_ms":1.5})", "retry_after_ms"},
           {R"({"effect":"fail","kind":"retry","message":1})", "\"message\""},
           {R"({"effect":"events","items":[]})", "no effect that answers"},
           {R"({"effect":"events"})", "\"items\"", Phase::resume},
           {R"({"effect":"events","items":[1]})", "object", Phase::resume},
           {R"({"effect":"events","items":[{"name":"a"}]})", "either", Phase::resume},
           {R"({"effect":"events","items":[{"name":"a","at":"","data":1}]})", "either", Phase::resume},
           {R"({"effect":"events","items":[{"name":"","data":1}]})", "name", Phase::resume},
           {R"({"effect":"events","items":[{"name":"a\u0001","data":1}]})", "name", Phase::resume},
           {R"({"effect":"events","items":[{"name":"a","at":"/nowhere"}]})", "leads nowhere", Phase::resume},
           {R"({"effect":"events","items":[],"more":1})", "\"more\"", Phase::resume},
       }) {
    check_broken(echo(c.answer, c.phase, "", {}, "{}"), "bad_effect", c.says, c.answer);
  }
  const auto filled = echo(http(R"(},"fill":{"/secret":"secret"}})").c_str(), Phase::begin, "{}");
  BOOST_REQUIRE(std::holds_alternative<HttpEffect>(filled));
  BOOST_TEST(std::get<HttpEffect>(filled).fill.at(0).pointer == "/secret");
  check_broken(echo(R"({"effect":"done"})", Phase::begin, "a body"), "bad_effect", "body", "done with a body");
}

BOOST_AUTO_TEST_CASE(a_plain_request_takes_auth_and_safety_of_the_manifest) {
  const auto http = std::get<HttpEffect>(
      echo(R"({"effect":"http","request":{"method":"POST","url":"https://A.example:443/x?y=1#z"}})", Phase::begin,
           "raw \n"));
  BOOST_TEST(http.request.target == "https://a.example/x?y=1");
  BOOST_TEST(http.request.body == "raw \n");
  BOOST_TEST(http.auth == "token");
  BOOST_TEST((http.safety == Safety::keyed));
  const auto bare = std::get<HttpEffect>(
      echo(R"({"effect":"http","request":{"method":"GET","url":"https://a.example"},"auth":"","safety":"safe"})"));
  BOOST_TEST(bare.auth.empty());
  BOOST_TEST((bare.safety == Safety::safe));
  const auto fail =
      std::get<FailEffect>(echo(R"({"effect":"fail","kind":"gone","message":")" + std::string(1999, 'x') + "한글\"}"));
  BOOST_TEST(fail.message.size() <= 2000U);
  BOOST_TEST(utf8_valid(fail.message));
  BOOST_TEST(fail.code == "failed");
}

BOOST_AUTO_TEST_CASE(pointers_into_the_body_keep_every_digit) {
  const auto effect = echo(
      R"({"effect":"events","items":[{"name":"a","at":"/list/1"},{"name":"b","at":""},{"name":"c","at":"/x~1y~0z"}],"cursor":7})",
      Phase::resume, "", answered(200), R"({"list":[0,{"id":820982911946154508,"price":62000.00}],"x/y~z":"슬래시"})");
  const auto& events = std::get<EventsEffect>(effect);
  BOOST_REQUIRE(events.items.size() == 3U);
  BOOST_TEST(events.items[0].data.number("id") == 820982911946154508);
  BOOST_TEST(events.items[0].data.get("price")->if_decimal()->digits == "62000.00");
  BOOST_TEST(events.items[1].data.get("list") != nullptr);
  BOOST_TEST(*events.items[2].data.if_string() == "슬래시");
  BOOST_TEST((events.cursor == Value(7)));

  const Value root = host_test::json(R"({"a":[1,2],"":3,"0":4,"m~n":5})");
  BOOST_TEST((*resolve_pointer(root, "/a/1") == Value(2)));
  BOOST_TEST((*resolve_pointer(root, "/") == Value(3)));
  BOOST_TEST((*resolve_pointer(root, "/0") == Value(4)));
  BOOST_TEST((*resolve_pointer(root, "/m~0n") == Value(5)));
  for (const char* bad :
       {"a", "/a/2", "/a/-", "/a/01", "/a/1x", "/a/", "/a/1/b", "/~", "/~2", "/none", "/a/18446744073709551616"}) {
    BOOST_TEST(resolve_pointer(root, bad) == nullptr, bad);
  }
}

BOOST_AUTO_TEST_CASE(deliveries_go_through_a_module_when_the_manifest_says_so) {
  const auto found =
      read_delivery(*registry().find("polite"), Value(Map()), "notes", R"({"x-source":"앱"})",
                    R"({"notes":[{"id":890088186047892319,"price":"1.50"},{"id":2,"price":"x"}]})", kNow);
  BOOST_REQUIRE_MESSAGE(found.has_value(), (found.has_error() ? found.error().text() : ""));
  BOOST_REQUIRE(found->size() == 3U);
  BOOST_TEST((*found)[0].topic == "note.created");
  BOOST_TEST((*found)[0].data.number("id") == 890088186047892319);
  BOOST_TEST((*found)[0].standard.get("total")->if_decimal()->digits == "1.50");
  BOOST_TEST((*found)[1].standard.get("total") == nullptr);
  BOOST_TEST((*found)[2].topic == "note.batch");
  BOOST_TEST((*found)[2].data.text("source") == "앱");

  const auto answer = [](const char* text) {
    const Value headers(Map{{"x-answer", text}});
    return read_delivery(*registry().find("echo"), Value(Map()), "t", write_json(headers), "{}", kNow);
  };
  BOOST_TEST(answer(R"({"effect":"events","items":[]})").value().empty());
  BOOST_TEST(answer(R"({"effect":"fail","kind":"permanent","code":"odd","message":"이상함"})").error().code == "odd");
  BOOST_TEST(answer(R"({"effect":"done"})").error().code == "bad_effect");
  BOOST_TEST(answer("").error().code == "bad_effect");
}

BOOST_AUTO_TEST_CASE(calls_are_observed_from_outside) {
  Watcher watcher;
  const Registry& observed = registry(&watcher);
  Call call;
  call.operation = "note.throw";
  (void)observed.find("polite")->step(call);
  call.phase = Phase::webhook;
  (void)observed.find("faulty")->step(call);
  call.phase = Phase::begin;
  call.operation = "throw.across";
  (void)observed.find("echo")->step(call);
  const std::vector<std::string> expected{"polite begin", "left", "faulty webhook", "left", "echo begin", "left"};
  BOOST_TEST(watcher.calls == expected, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(the_registry_lists_by_name_and_knows_digests) {
  std::vector<std::string> names;
  for (const Connector* connector : registry().all()) names.push_back(connector->manifest().name);
  const std::vector<std::string> expected{"echo", "faulty", "polite"};
  BOOST_TEST(names == expected, boost::test_tools::per_element());
  BOOST_TEST(registry().find("nothing") == nullptr);
  BOOST_TEST(registry().digest("nothing").empty());
  BOOST_TEST(registry().digest("echo") ==
             hex_encode(sha256(host_test::read_file(fs::path(IEUM_BUILD_DIR) / "tests/modules/echo/module.so"))));
}

BOOST_AUTO_TEST_CASE(origins_are_filled_from_the_connection) {
  const auto m = host_test::manifest(
      host_test::acme("origins: [\"https://{shop}\", \"https://api.acme.example:8443\", \"{mode}\"]\n"));
  const auto origins =
      connection_origins(m, Value(Map{{"shop", "My.Shop.example"}, {"mode", "http://127.0.0.1:9/v1/"}}));
  BOOST_REQUIRE(origins.has_value());
  const std::vector<std::string> expected{"https://my.shop.example", "https://api.acme.example:8443",
                                          "http://127.0.0.1:9"};
  BOOST_TEST(*origins == expected, boost::test_tools::per_element());
  const auto without = connection_origins(m, Value(Map{{"shop", "a.example"}, {"mode", ""}}));  // `mode` is optional
  BOOST_REQUIRE(without.has_value());
  BOOST_TEST(without->size() == 2u);
  // A place that is named twice is one place.
  const auto twice = connection_origins(m, Value(Map{{"shop", "a.example"}, {"mode", "https://a.example/v1"}}));
  BOOST_REQUIRE(twice.has_value());
  BOOST_TEST(twice->size() == 2u);
  for (const Map& config :
       {Map{{"mode", "https://x"}}, Map{{"shop", "a b"}, {"mode", "https://x"}},
        Map{{"shop", "u@evil.example"}, {"mode", "https://x"}}, Map{{"shop", "a"}, {"mode", "plain"}}}) {
    BOOST_TEST(connection_origins(m, Value(config)).error().code == "bad_origin");
  }
}

BOOST_AUTO_TEST_SUITE_END()
