// Connectors without code: rule by rule, with the example that docs/manifest.md shows.
#include <fstream>

#include "host/connector.hpp"
#include "host/declared.hpp"
#include "host/module_connector.hpp"
#include "support.hpp"

using namespace ieum;
using namespace ieum::host;
namespace fs = std::filesystem;

namespace {

std::string documented() {
  const std::string page = host_test::read_file(fs::path(IEUM_SOURCE_DIR) / "docs/manifest.md");
  const auto section = page.find("## A connector without code");
  BOOST_REQUIRE(section != std::string::npos);
  const auto begin = page.find("```yaml\n", section);
  return page.substr(begin + 8, page.find("```", begin + 8) - begin - 8);
}

std::unique_ptr<Connector> bookclub() {
  static const Manifest read = host_test::manifest(documented());
  return declarative_connector(read, nullptr);
}

std::unique_ptr<Connector> connector(const std::string& rest) {
  return declarative_connector(host_test::manifest(host_test::acme(rest)), nullptr);
}

// An operation "go" of acme with these lines in it.
std::string going(const std::string& lines, const std::string& top = "base: https://api.acme.example\n") {
  return top +
         "operations:\n"
         "  go:\n"
         "    title: {ko: 가, en: Go}\n"
         "    help: {ko: 가, en: Go}\n"
         "    safety: unsafe\n"
         "    reconcile: none\n"
         "    inputs:\n"
         "      id: {type: any, title: {ko: 가, en: A}, help: {ko: 가, en: A}}\n"
         "      text: {type: any, title: {ko: 가, en: A}, help: {ko: 가, en: A}}\n"
         "      list: {type: any, title: {ko: 가, en: A}, help: {ko: 가, en: A}}\n"
         "    sample: {inputs: {}, output: {}}\n" +
         lines;
}

Call begin(const std::string& operation, std::string_view inputs, Value config = Map()) {
  Call call;
  call.operation = operation;
  call.inputs = host_test::json(inputs);
  call.connection = std::move(config);
  call.now_ms = 1'772'409'600'000;  // 2026-03-02T00:00:00Z
  call.step_key = "k1";
  return call;
}

Call answer(const Call& before, const Effect& last, int status, std::string_view body, Value headers = Map()) {
  Call call = before;
  call.phase = Phase::resume;
  if (const auto* http = std::get_if<HttpEffect>(&last)) call.state = http->state;
  call.outcome = Map{{"status", status}, {"headers", std::move(headers)}};
  call.body = body;
  return call;
}

const HttpEffect& http(const Effect& effect) {
  const auto* out = std::get_if<HttpEffect>(&effect);
  const auto* fail = std::get_if<FailEffect>(&effect);
  BOOST_REQUIRE_MESSAGE(out != nullptr, "no request" + (fail == nullptr ? "" : ": " + fail->message));
  return *out;
}
const FailEffect& failed(const Effect& effect) {
  const auto* out = std::get_if<FailEffect>(&effect);
  BOOST_REQUIRE_MESSAGE(out != nullptr, "no failure");
  return *out;
}
std::string done(const Effect& effect) {
  const auto* out = std::get_if<DoneEffect>(&effect);
  const auto* fail = std::get_if<FailEffect>(&effect);
  BOOST_REQUIRE_MESSAGE(out != nullptr, "not done" + (fail == nullptr ? "" : ": " + fail->code + " " + fail->message));
  return write_json(out->output);
}
const EventsEffect& events(const Effect& effect) {
  const auto* out = std::get_if<EventsEffect>(&effect);
  const auto* fail = std::get_if<FailEffect>(&effect);
  BOOST_REQUIRE_MESSAGE(out != nullptr, "no events" + (fail == nullptr ? "" : ": " + fail->message));
  return *out;
}

// The request of "go" with this `request` line and these inputs.
Effect asked(const std::string& request, std::string_view inputs) {
  return connector(going("    request: " + request + "\n"))->step(begin("go", inputs));
}

// What "go" makes of one answer.
Effect told(const std::string& lines, int status, std::string_view body, Value headers = Map()) {
  const auto acme = connector(going("    request: {method: POST, path: /x}\n" + lines));
  const Call call = begin("go", "{}");
  const Effect first = acme->step(call);
  return acme->step(answer(call, first, status, body, std::move(headers)));
}

}  // namespace

BOOST_AUTO_TEST_SUITE(declarative)

BOOST_AUTO_TEST_CASE(the_documented_manifest_reads_without_a_warning) {
  std::vector<Error> warnings;
  const auto read = read_manifest(documented(), "manifest.yaml", &warnings);
  BOOST_REQUIRE_MESSAGE(read.has_value(), (read.has_error() ? read.error().text() : ""));
  for (const auto& warning : warnings) BOOST_ERROR(warning.text());
  BOOST_TEST(read->declared->operations.size() == read->operations.size());
  BOOST_TEST(read->declared->polls.size() == 1u);
  BOOST_TEST(read->declared->deliveries.has_value());
  BOOST_TEST((read->webhook->events == WebhookSpec::Events::module));
}

BOOST_AUTO_TEST_CASE(a_request_is_made_of_inputs_and_config) {
  const Call call =
      begin("member.add", R"({"club":"소설/1","email":"mina@example.com","name":"민지","tags":["vip",1]})");
  const HttpEffect effect = http(bookclub()->step(call));
  BOOST_TEST(effect.request.method == "POST");
  BOOST_TEST(effect.request.target == "https://api.bookclub.example/v2/clubs/%EC%86%8C%EC%84%A4%2F1/members");
  BOOST_TEST(effect.request.headers.get("x-request-id").value() == "k1");
  BOOST_TEST(effect.request.headers.get("content-type").value() == "application/json");
  BOOST_TEST(effect.request.body ==
             R"({"email":"mina@example.com","profile":{"name":"민지","label":"민지님"},"tags":["vip",1]})");
  BOOST_TEST(effect.auth == "key");
  BOOST_TEST((effect.safety == Safety::natural));
}

BOOST_AUTO_TEST_CASE(a_missing_optional_input_drops_its_key) {
  const Call call = begin("member.add", R"({"club":"1","email":"a@example.com","name":null,"tags":[]})");
  BOOST_TEST(http(bookclub()->step(call)).request.body == R"({"email":"a@example.com","profile":{"label":"회원님"}})");
  const FailEffect fail = failed(bookclub()->step(begin("member.add", R"({"club":"1"})")));
  BOOST_TEST(fail.code == "missing_input");
  BOOST_TEST(fail.message.find("email") != std::string::npos);
  // A text around its hole has nothing to say without it; null is sent where it is asked for.
  BOOST_TEST(failed(asked("{method: POST, path: /x, json: {a: \"hi {{ inputs.id }}\"}}", "{}")).code ==
             "missing_input");
  BOOST_TEST(
      http(asked("{method: POST, path: /x, json: {a: \"{{ inputs.id | or(null) }}\", b: [1, \"{{ inputs.id }}\"]}}",
                 "{}"))
          .request.body == R"({"a":null,"b":[1]})");
}

BOOST_AUTO_TEST_CASE(what_a_rule_of_refuse_names_is_not_sent) {
  std::string longest, longer;
  for (int i = 0; i < 60; ++i) longest += "가";
  longer = longest + "가";
  const auto add = [](const std::string& name) {
    return begin("member.add", R"({"club":"1","email":"a@example.com","name":")" + name + "\"}");
  };
  BOOST_TEST(http(bookclub()->step(add(longest))).request.method == "POST");
  const FailEffect fail = failed(bookclub()->step(add(longer)));
  BOOST_TEST((fail.kind == FailKind::permanent));
  BOOST_TEST(fail.code == "name_too_long");
  BOOST_TEST(fail.message == "A name has up to 60 letters, and \"" + longer + "\" has more");
  // Without the input the rule has nothing to say.
  BOOST_TEST(http(bookclub()->step(begin("member.add", R"({"club":"1","email":"a@example.com"})"))).request.method ==
             "POST");
}

BOOST_AUTO_TEST_CASE(EXP_10_inputs_never_become_templates_or_structure) {
  const std::string hostile =
      R"({"id":"{{ config.shop }}","text":"\",\"admin\":true,\"x\":\"","list":{"a":{"b":["{{ now }}"]}}})";
  const std::string body = http(asked("{method: POST, path: /x, json: {id: \"{{ inputs.id }}\", text: \"t {{ "
                                      "inputs.text }}\", list: \"{{ inputs.list }}\"}}",
                                      hostile))
                               .request.body;
  const Value read = host_test::json(body);
  BOOST_TEST(read.text("id") == "{{ config.shop }}");
  BOOST_TEST(read.text("text") == "t \",\"admin\":true,\"x\":\"");
  BOOST_TEST(read.get("admin") == nullptr);
  BOOST_TEST(write_json(*read.get("list")) == R"({"a":{"b":["{{ now }}"]}})");
}

BOOST_AUTO_TEST_CASE(EXP_10_an_address_keeps_its_shape) {
  const auto path = [](std::string_view id) {
    return asked("{path: \"/a/{{ inputs.id }}/b\"}", "{\"id\":" + std::string(id) + "}");
  };
  BOOST_TEST(http(path(R"("x/../y?z#w&a=b")")).request.target ==
             "https://api.acme.example/a/x%2F..%2Fy%3Fz%23w%26a%3Db/b");
  BOOST_TEST(http(path("12345678901234567890")).request.target == "https://api.acme.example/a/12345678901234567890/b");
  for (const char* bad : {R"("..")", R"(".")", R"("")", R"([1])", R"({"a":1})", "null"})
    BOOST_TEST((failed(path(bad)).kind == FailKind::permanent), bad);
  BOOST_TEST(http(path(R"("@evil.example:99\\\r\nHost: x")")).request.target ==
             "https://api.acme.example/a/%40evil.example%3A99%5C%0D%0AHost%3A%20x/b");
  // Two holes together make no dots either.
  BOOST_TEST(failed(asked("{path: \"/a/{{ inputs.id }}{{ inputs.text }}/b\"}", R"({"id":".","text":"."})")).code ==
             "bad_input");
}

BOOST_AUTO_TEST_CASE(a_whole_url_begins_with_an_address_and_nothing_else) {
  const std::string url = "{url: \"{{ inputs.id }}/v1/{{ inputs.text }}\"}";
  BOOST_TEST(http(asked(url, R"({"id":"https://a.example","text":"x/y"})")).request.target ==
             "https://a.example/v1/x%2Fy");
  for (const char* id : {"a.example", "ftp://a.example", "https://u@a.example", "https://a.example\r\nX: y", ""})
    BOOST_TEST((failed(asked(url, write_json(Map{{"id", id}, {"text", "x"}}))).kind == FailKind::permanent), id);
}

BOOST_AUTO_TEST_CASE(queries_are_encoded_and_lists_repeated) {
  BOOST_TEST(http(asked("{path: /x, query: {\"a b\": \"{{ inputs.id }}\", q: \"{{ inputs.text }}\", t: \"{{ "
                        "inputs.list }}\", n: 1}}",
                        R"({"id":"1&b=2","list":["x y",true,3]})"))
                 .request.target == "https://api.acme.example/x?a%20b=1%26b%3D2&t=x%20y&t=true&t=3&n=1");
  BOOST_TEST(failed(asked("{path: /x, query: {a: \"{{ inputs.id }}\"}}", R"({"id":{"a":1}})")).code == "bad_input");
}

BOOST_AUTO_TEST_CASE(OUT_05_headers_and_forms_hold_lines) {
  BOOST_TEST(failed(asked("{path: /x, headers: {X-A: \"{{ inputs.id }}\"}}", R"({"id":"a\r\nX-B: c"})")).code ==
             "invalid_header");
  BOOST_TEST(http(asked("{path: /x, headers: {X-A: \"{{ inputs.id }}\"}}", "{}")).request.headers.fields().empty());
  const HttpEffect form = http(asked(
      "{method: POST, path: /x, form: {a: \"{{ inputs.id }}\", b: \"{{ inputs.list }}\", c: \"{{ inputs.text }}\"}}",
      R"({"id":"x&y=z 1","list":["p","q"]})"));
  BOOST_TEST(form.request.body == "a=x%26y%3Dz+1&b=p&b=q");
  BOOST_TEST(form.request.headers.get("content-type").value() == "application/x-www-form-urlencoded");
  const HttpEffect text = http(asked(
      "{method: PUT, path: /x, headers: {content-type: text/csv}, text: \"{{ inputs.id }},2\"}", R"({"id":"x"})"));
  BOOST_TEST(text.request.body == "x,2");
  BOOST_TEST(text.request.headers.get("content-type").value() == "text/csv");
}

BOOST_AUTO_TEST_CASE(reading_is_safe_and_auth_may_be_left_out) {
  BOOST_TEST((http(asked("{path: /x}", "{}")).safety == Safety::safe));
  BOOST_TEST((http(asked("{method: DELETE, path: /x}", "{}")).safety == Safety::unsafe));
  BOOST_TEST(http(asked("{path: /x, auth: \"\"}", "{}")).auth.empty());
}

BOOST_AUTO_TEST_CASE(success_is_2xx_and_what_the_body_says) {
  const std::string lines =
      "    response: {success: body.ok, output: {id: body.id, n: \"size(body.list)\", none: body.x.y}}\n";
  BOOST_TEST(done(told(lines, 201, R"({"ok":true,"id":7,"list":[1,2]})")) == R"({"id":7,"n":2})");
  BOOST_TEST(failed(told(lines, 200, R"({"ok":false,"message":"no such club"})")).code == "refused");
  BOOST_TEST(failed(told(lines, 200, R"({"ok":false,"message":"no such club"})")).message ==
             "Acme answers 200: no such club");
  BOOST_TEST((failed(told(lines, 400, R"({"ok":true})")).kind == FailKind::permanent));
  BOOST_TEST((failed(told(lines, 200, R"({"ok":"true"})")).kind == FailKind::permanent));
  BOOST_TEST(done(told("", 204, "")) == "{}");
}

BOOST_AUTO_TEST_CASE(an_unreadable_success_is_no_success) {
  const std::string deep = std::string(5000, '[') + std::string(5000, ']');
  const std::string large = "{\"a\":\"" + std::string(5u << 20, 'x') + "\"";
  for (const std::string& body :
       {std::string("<html>"), std::string("{\"id\":"), deep, large, std::string("\xff\xfe")}) {
    const FailEffect fail = failed(told("", 200, body));
    BOOST_TEST(fail.code == "unreadable_answer");
    BOOST_TEST((fail.kind == FailKind::ambiguous));
  }
  BOOST_TEST(done(told("    response: {output: {n: size(body.a)}}\n", 200, large + "}")) == R"({"n":5242880})");
  BOOST_TEST(done(told("    response: {format: text, output: {t: body}}\n", 200, "<html>")) == R"({"t":"<html>"})");
  BOOST_TEST(done(told("    response: {format: none}\n", 200, "<html>")) == "{}");
  BOOST_TEST((failed(told("", 502, "<html>")).kind == FailKind::retry));
}

BOOST_AUTO_TEST_CASE(RET_03_what_http_says_holds_without_a_rule) {
  const auto kind = [](int status) { return failed(told("", status, "{}")).kind; };
  for (const int status : {400, 403, 404, 409, 422, 301}) BOOST_TEST((kind(status) == FailKind::permanent), status);
  for (const int status : {408, 425, 500, 502, 503}) BOOST_TEST((kind(status) == FailKind::retry), status);
  BOOST_TEST((kind(504) == FailKind::ambiguous));
  BOOST_TEST((kind(410) == FailKind::gone));
  BOOST_TEST((kind(401) == FailKind::auth_dead));
  const FailEffect limited = failed(told("", 429, "{}", Map{{"retry-after", "7"}}));
  BOOST_TEST((limited.kind == FailKind::rate_limited));
  BOOST_TEST(limited.retry_after_for.value() == 7000);
}

BOOST_AUTO_TEST_CASE(the_first_rule_that_fits_decides) {
  const std::string lines =
      "    response: {output: {id: body.id}}\n"
      "    errors:\n"
      "      - {status: [400, 409], when: \"body.code == 'twice'\", kind: duplicate_ok}\n"
      "      - {status: 4xx, when: body.code == 'slow', kind: rate_limited, wait: 30s}\n"
      "      - {when: \"body.code == 'later'\", kind: retry, code: \"v_{{ body.code }}\", message: \"later: {{ "
      "body.why }}\"}\n"
      "      - {status: 400, kind: gone, code: nothing, message: \"{{ body.absent }}\"}\n";
  BOOST_TEST(done(told(lines, 409, R"({"code":"twice","id":3})")) == R"({"id":3})");
  BOOST_TEST(failed(told(lines, 403, R"({"code":"slow"})")).retry_after_for.value() == 30'000);
  // The vendor's own longer wait wins.
  BOOST_TEST(failed(told(lines, 403, R"({"code":"slow"})", Map{{"retry-after", "60"}})).retry_after_for.value() ==
             60'000);
  const FailEffect later = failed(told(lines, 503, R"({"code":"later","why":"maintenance"})"));
  BOOST_TEST(later.code == "v_later");
  BOOST_TEST(later.message == "later: maintenance");
  const FailEffect gone = failed(told(lines, 400, R"({"error":{"message":"no club"}})"));
  BOOST_TEST((gone.kind == FailKind::gone));
  BOOST_TEST(gone.code == "nothing");
  BOOST_TEST(gone.message == "Acme answers 400: no club");  // the rule's own text had no value
  BOOST_TEST(failed(told(lines, 418, "<html>")).code == "http_418");
}

BOOST_AUTO_TEST_CASE(a_rule_for_bad_requests_swallows_no_dead_token) {
  const std::string lines = "    errors: [{status: 4xx, kind: permanent, code: bad}]\n";
  BOOST_TEST(failed(told(lines, 422, "{}")).code == "bad");
  BOOST_TEST((failed(told(lines, 401, "{}")).kind == FailKind::auth_dead));
  BOOST_TEST((failed(told(lines, 429, "{}")).kind == FailKind::rate_limited));
  BOOST_TEST((failed(told(lines, 408, "{}")).kind == FailKind::retry));
  BOOST_TEST(failed(told("    errors: [{status: 429, kind: permanent, code: full}]\n", 429, "{}")).code == "full");
}

BOOST_AUTO_TEST_CASE(rules_of_the_manifest_come_after_those_of_the_operation) {
  const auto club = bookclub();
  const Call call = begin("member.add", R"({"club":"1","email":"a@example.com"})");
  const Effect first = club->step(call);
  BOOST_TEST(failed(club->step(answer(call, first, 429, ""))).retry_after_for.value() == 30'000);
  BOOST_TEST(failed(club->step(answer(call, first, 402, R"({"code":"x"})"))).code == "x");
  const Call test = begin("account.get", "{}");
  BOOST_TEST(failed(club->step(answer(test, club->step(test), 402, "{}"))).code == "no_credit");
}

BOOST_AUTO_TEST_CASE(pages_are_joined_and_bounded) {
  const auto club = bookclub();
  Call call = begin("clubs.list", "{}");
  Effect effect = club->step(call);
  BOOST_TEST(http(effect).request.target == "https://api.bookclub.example/v2/clubs");
  effect = club->step(answer(call, effect, 200, R"({"clubs":[{"id":1,"name":"소설"}],"has_more":true})"));
  BOOST_TEST(http(effect).request.target == "https://api.bookclub.example/v2/clubs?page=2");
  BOOST_TEST(done(club->step(answer(call, effect, 200, R"({"clubs":[{"id":2,"name":"시"}],"has_more":false})"))) ==
             R"({"items":[{"key":"1","title":"소설"},{"key":"2","title":"시"}]})");
  int pages = 1;
  for (effect = club->step(call); std::holds_alternative<HttpEffect>(effect); ++pages)
    effect = club->step(answer(call, effect, 200, R"({"clubs":[],"has_more":true})"));
  BOOST_TEST(pages == 21);
  BOOST_TEST(failed(effect).code == "too_many");
}

BOOST_AUTO_TEST_CASE(steps_go_on_with_what_was_found) {
  const auto club = bookclub();
  const Call call = begin("hook.ensure", R"({"hook_url":"https://hub.example.com/h","item":null,"wanted":[]})");
  const Effect first = club->step(call);
  BOOST_TEST(http(first).request.target == "https://api.bookclub.example/v2/hooks");
  BOOST_TEST((http(first).safety == Safety::safe));
  BOOST_TEST(
      done(club->step(answer(call, first, 200, R"({"hooks":[{"id":"h9","url":"https://hub.example.com/h"}]})"))) ==
      R"({"state":{"hook_id":"h9"}})");
  const Effect second = club->step(answer(call, first, 200, R"({"hooks":[]})"));
  BOOST_TEST(http(second).request.method == "POST");
  BOOST_TEST(http(second).request.body == R"({"url":"https://hub.example.com/h","auth":{}})");
  BOOST_TEST(done(club->step(answer(call, second, 201, R"({"id":"h1"})"))) == R"({"state":{"hook_id":"h1"}})");
}

BOOST_AUTO_TEST_CASE(deliveries_fan_out) {
  Call call;
  call.phase = Phase::webhook;
  call.topic = "batch";
  call.headers = Map{{"content-type", "application/json"}};
  call.body = R"([{"id":7,"event":"Joined"},{"id":8,"event":"LEFT"},3])";
  const EventsEffect many = events(bookclub()->step(call));
  BOOST_REQUIRE(many.items.size() == 3u);
  BOOST_TEST(many.items[0].name == "joined");
  BOOST_TEST(many.items[1].name == "left");
  BOOST_TEST(many.items[2].name == "batch");  // what has no name of its own keeps the delivery's
  BOOST_TEST(many.items[0].key != many.items[1].key);
  call.body = R"({"id":7,"event":"Joined"})";
  const EventsEffect one = events(bookclub()->step(call));
  BOOST_TEST(one.items.at(0).key == many.items[0].key);
  call.body = "<html>";
  BOOST_TEST(failed(bookclub()->step(call)).code == "unreadable_delivery");
}

BOOST_AUTO_TEST_CASE(nothing_else_is_called) {
  const auto club = bookclub();
  BOOST_TEST(failed(club->step(begin("no.such", "{}"))).code == "unknown_operation");
  Call call = begin("member.add", "{}");
  call.phase = Phase::poll;
  BOOST_TEST(failed(club->step(call)).code == "unknown_operation");
  // A state of another version, or none, is a failure and no crash.
  call.phase = Phase::resume;
  call.state = host_test::json(R"({"step":99,"steps":[],"page":{"a":1},"output":7})");
  call.outcome = Map{{"status", 200}};
  BOOST_TEST((failed(club->step(call)).kind == FailKind::permanent));
  call.state = Value();
  call.outcome = Map{{"waited", true}};
  BOOST_TEST(failed(club->step(call)).code == "no_answer");
}

BOOST_AUTO_TEST_SUITE_END()
