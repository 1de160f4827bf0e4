// The checker against a small catalog: every finding with its place, and what must pass.
#include "recipe/small_catalog.hpp"

using namespace ieum;
using namespace ieum::recipe;
using namespace ieum::recipe_test;

BOOST_AUTO_TEST_SUITE(recipe_checker)

BOOST_AUTO_TEST_CASE(good_recipes_pass) {
  const std::string good[] = {
      with_steps("- stop: x\n"),
      with_steps(kPost + "'{{ trigger.total }} {{ run.id }} {{ now }}'}\n"),
      with_steps("- use: slack.message.post\n  connection: team\n  with: {channel: a, text: b}\n"),
      with_steps("- use: http.request\n  with: {method: GET, url: x, anything: 1}\n  reaches: team\n"),
      with_steps("- use: http.request\n  with: {method: GET, url: x}\n  retry: {for: 0s}\n  on_error: []\n"),
      with_steps("- {id: a, use: http.request, with: {method: GET, url: x}}\n- if: 'steps.a.output.status == 200'\n  "
                 "then: [{stop: x}]\n"),
      with_steps("- set: {n: 1}\n- if: 'vars.n == 1 && trigger.items.exists(i, dec(i.price) > 3)'\n  then: []\n"),
      with_steps("- use: http.request\n  id: a\n  with: {method: GET, url: x}\n  on_error:\n  - use: "
                 "slack.message.post\n    with: {channel: a, text: '{{ error.message }} {{ steps.a.error.code }}'}\n"),
      about("- use: kakao.alimtalk.send\n  class: info\n  with: {to: '{{ customer.phone }}', template: T}\n"),
      about("- stop: x\nexit_on: [{event: order_created, where: 'event.token == trigger.token'}]\n"),
      "recipe: r\ntrigger: {event: webhook/주문, where: 'dec(event.body.total) > 3'}\nsteps: [{stop: x}]\n",
      "recipe: r\ntrigger: {event: shopify/orders/create, connection: shop}\nentry: {mode: once, key: "
      "event.id}\nsteps: [{stop: x}]\n",
  };
  for (const std::string& text : good) check({text, ""});
}

BOOST_AUTO_TEST_CASE(says_what_to_do) {
  BOOST_CHECK_EQUAL(full(checked(with_steps("- use: slak.message.post\n"))),
                    "r.yaml:4:8: error: there is no connector \"slak\"; did you mean \"slack\"?\n");
  BOOST_CHECK_EQUAL(
      full(checked(with_steps(kPost + "'{{ event.total }}'}\n"))),
      "r.yaml:5:35: error: there is no \"event\" here; in steps the event that started the run is `trigger`\n");
  BOOST_CHECK_EQUAL(
      full(checked(with_steps("- use: slack.message.post\n  connection: taem\n  with: {channel: a, text: b}\n"))),
      "r.yaml:5:15: error: there is no connection \"taem\"; did you mean \"team\"?\n");
}

BOOST_AUTO_TEST_CASE(events_and_connections) {
  const Sample cases[] = {
      {"recipe: r\ntrigger: {event: order_craeted}\nsteps: [{stop: x}]\n", "2:18 unknown_event\n"},
      {"recipe: r\ntrigger: {event: shopify/orders/creat}\nsteps: [{stop: x}]\n", "2:18 unknown_event\n"},
      {"recipe: r\ntrigger: {event: shopfy/orders/create}\nsteps: [{stop: x}]\n", "2:18 unknown_connector\n"},
      {"recipe: r\ntrigger: {event: order_created, connection: nope}\nsteps: [{stop: x}]\n",
       "2:18 unknown_connection\n"},
      {"recipe: r\ntrigger: {event: shopify/orders/create, connection: team}\nsteps: [{stop: x}]\n",
       "2:18 wrong_connection\n"},
      {about("- stop: x\nexit_on: [{event: order_creatd}]\n"), "6:19 unknown_event\n"},
      {with_head("exit_on: [{event: order_created}]\n"), "4:19 exit_without_about\n"},
      {with_head("timezone: Asia/Soul\n"), "4:11 unknown_zone\n"},
      {with_head("entry: {mode: once}\n"), "4:1 once_for_nobody\n"},
      {with_head("entry: {key: event.id, cap: {max: 1, per: 7d}}\n"), "4:1 cap_for_nobody\n"},
      {with_steps("- use: slack.message.pots\n  with: {channel: a, text: b}\n"), "4:8 unknown_operation\n"},
      {with_steps("- use: slack.message.post\n  connection: kakao\n  with: {channel: a, text: b}\n"),
       "5:15 wrong_connection\n"},
      {with_steps("- use: webhook.send\n"), "4:8 unknown_connection\n4:8 unknown_operation\n"},
  };
  for (const Sample& c : cases) check(c);
  // Without a hub nobody knows the connections.
  BOOST_CHECK(
      checked("recipe: r\ntrigger: {event: order_created, connection: nope}\nsteps: [{stop: x}]\n", false).empty());
}

BOOST_AUTO_TEST_CASE(inputs) {
  const Sample cases[] = {
      {with_steps("- use: slack.message.post\n  with: {channel: a, txt: b}\n"),
       "5:9 missing_input\n5:22 unknown_input\n"},
      {with_steps("- use: slack.message.post\n"), "4:8 missing_input\n4:8 missing_input\n"},
      {with_steps("- use: http.request\n  with: {url: x, 무엇: 1}\n"), "5:9 missing_input\n"},
  };
  for (const Sample& c : cases) check(c);
}

BOOST_AUTO_TEST_CASE(what_reaches_customers) {
  const std::string alimtalk = "- use: kakao.alimtalk.send\n  with: {to: a, template: T}\n";
  const Sample cases[] = {
      {about(alimtalk), "5:8 missing_class\n"},
      {about(alimtalk + "  class: ad\n"), "7:10 ad_on_alimtalk\n"},
      {with_steps(alimtalk + "  class: info\n"), "4:8 customer_without_about\n"},
      {about("- use: kakao.brand_message.send\n  class: ad\n"), ""},
      {about("- use: kakao.brand_message.send\n  class: info\n"), "6:10 class_not_supported\n"},
      {about("- use: kakao.brand_message.send\n"), "5:8 missing_class\n"},
      {about("- use: slack.message.post\n  class: info\n  with: {channel: a, text: b}\n"), "6:10 class_unused\n"},
      {about("- use: slack.message.post\n  reaches: team\n  with: {channel: a, text: b}\n"), "6:12 misplaced_key\n"},
      {about("- use: http.request\n  reaches: customer\n  with: {method: GET, url: b}\n"), "5:8 missing_class\n"},
      {with_steps("- use: http.request\n  reaches: customer\n  class: ad\n  with: {method: GET, url: b}\n"),
       "4:8 customer_without_about\n6:10 ad_without_frame\n"},
  };
  for (const Sample& c : cases) check(c);
}

BOOST_AUTO_TEST_CASE(names_in_expressions) {
  const std::string twice = with_steps("- {id: a, use: http.request, with: {method: GET, url: x}}\n");
  const Sample cases[] = {
      {"recipe: r\ntrigger: {event: order_created, where: 'evnt.total > 3 && vars.x'}\nsteps: [{stop: x}]\n",
       "2:41 unknown_name\n2:59 unknown_name\n"},
      {"recipe: r\nabout: {phone: customer.phone}\ntrigger: {event: order_created}\nsteps: [{stop: x}]\n",
       "2:16 unknown_name\n"},
      {with_head("entry: {key: order_id}\n"), "4:14 unknown_name\n"},
      {about("- stop: x\nexit_on: [{event: order_created, where: 'now > 3'}]\n"), "6:42 unknown_name\n"},
      {with_steps(kPost + "'{{ error.message }}'}\n"), "5:35 unknown_name\n"},
      {with_steps(kPost + "'{{ customer.first_name | or(''고객'') }}'}\n"), "5:35 customer_without_about\n"},
      {with_steps("- if: 'vars.x == 1'\n  then: [{set: {y: 1}}]\n"), "4:8 unknown_variable\n"},
      {with_steps("- wait: {until: 'trigger.at + vars.delay'}\n"), "4:31 unknown_variable\n"},
      {with_steps("- set: {n: '{{ vars.m }}'}\n"), "4:16 unknown_variable\n"},
      {with_steps("- if: 'steps.nope.status == \"done\"'\n  then: []\n"), "4:8 unknown_step\n"},
      {twice + "- if: 'steps.a.outptu.x == 1'\n  then: []\n", "5:8 unknown_member\n"},
      {with_steps("- if: 'steps.a.status == \"done\"'\n  then: []\n- {id: a, use: http.request, with: {method: GET, "
                  "url: x}}\n"),
       "4:8 later_step\n"},
      {with_steps("- {id: a, use: http.request, with: {method: GET, url: '{{ steps.a.output }}'}}\n"),
       "4:59 later_step\n"},
  };
  for (const Sample& c : cases) check(c);
}

BOOST_AUTO_TEST_CASE(EXP_10_a_part_of_an_address_is_encoded_or_a_number) {
  const auto url = [](const std::string& text) {
    return "recipe: r\ntrigger: {event: order_paid}\nsteps:\n- {use: http.request, with: {method: GET, url: \"" + text +
           "\"}}\n";
  };
  const auto errors = [](const std::string& text) {
    auto findings = checked(text);
    std::erase_if(findings, [](const Finding& f) { return f.severity != Finding::Severity::error; });
    return findings;
  };
  for (const char* good :
       {"https://a.example/{{ url_encode(trigger.token) }}", "/{{ trigger.token | url_encode }}/x",
        "{{ trigger.callback }}", "{{ trigger.base }}/x",
        "https://a.example/{{ trigger.order_id }}?n={{ dec(trigger.n) }}&m={{ size(trigger.items) }}",
        "https://a.example/{{ trigger.vip == true ? 'vip' : url_encode(trigger.kind) }}",
        "https://a.example/{{ url_encode(trigger.kind) | or('none') }}",
        "https://a.example/{{ url_encode(trigger.kind | or('')) }}"})
    BOOST_TEST(errors(url(good)).empty(), full(errors(url(good))));
  for (const char* bad :
       {"https://a.example/{{ trigger.token }}", "/{{ trigger.token }}",
        "https://a.example/?q={{ string(trigger.order_id) }}", "https://{{ trigger.shop }}.example/",
        "{{ trigger.base }}/{{ trigger.token }}", "https://a.example/{{ url_encode(trigger.a) + string(trigger.b) }}",
        "https://a.example/{{ trigger.a == 1 ? trigger.b : '' }}",
        "https://a.example/{{ url_encode(trigger.a) | or(trigger.b) }}", " {{ trigger.token }}"}) {
    const auto findings = errors(url(bad));
    BOOST_REQUIRE_MESSAGE(findings.size() == 1, bad << "\n" << full(findings));
    BOOST_TEST(findings[0].code == "bare_part_of_address", bad);
  }
  BOOST_CHECK_EQUAL(
      full(errors(url("/{{ trigger.token }}"))),
      "r.yaml:4:48: error: a \"/\", \"?\" or \"#\" in this value would change where the request goes; write "
      "{{ url_encode(trigger.token) }}\n");
  // Other inputs, and other operations, are no addresses.
  check({with_steps("- {use: http.request, with: {method: GET, url: x, json: {url: 'a {{ trigger.token }}'}}}\n"), ""});
}

// What a recipe may know is what it was given: every other name is refused before it runs, wherever it stands.
BOOST_AUTO_TEST_CASE(EXP_09_nothing_outside_of_the_run_has_a_name) {
  const std::string names[] = {"secrets.token",
                               "secret",
                               "env.HOME",
                               "environ",
                               "connection.token",
                               "connections.shop.token",
                               "config.token",
                               "credentials.shop",
                               "auth.token",
                               "vault.key",
                               "runs[0].trigger",
                               "other_run.vars.x",
                               "tenant.name",
                               "customers[0].email",
                               "history",
                               "events[0]",
                               "store.runs",
                               "hub.token",
                               "settings",
                               "file",
                               "process.env",
                               "clock",
                               "admin",
                               "users",
                               "meta",
                               "inputs.x",
                               "recipe.secrets",
                               "recipes",
                               "global",
                               "globals",
                               "this",
                               "self",
                               "_",
                               "__proto__",
                               "constructor",
                               "system",
                               "os.environ",
                               "request.headers",
                               "response",
                               "db",
                               "sql",
                               "module"};
  const std::string calls[] = {"env('HOME')",
                               "getenv('HOME')",
                               "file('/etc/passwd')",
                               "read('/etc/passwd')",
                               "open('x')",
                               "secret('token')",
                               "vault('token')",
                               "connection('shop')",
                               "now()",
                               "today()",
                               "time()",
                               "clock()",
                               "random()",
                               "uuid()",
                               "run(1)",
                               "runs()",
                               "customer('a@b.example')",
                               "events()",
                               "query('select 1')",
                               "exec('id')",
                               "http('https://a.example')",
                               "fetch('x')",
                               "import('x')",
                               "eval('1')",
                               "trigger.secret()",
                               "'x'.env()",
                               "sleep(1)"};
  const auto wheres = [](const std::string& source) -> std::vector<std::string> {
    return {"recipe: r\ntrigger: {event: order_created, where: \"" + source + " == 1\"}\nsteps: [{stop: x}]\n",
            "recipe: r\nabout: {phone: \"" + source + "\"}\ntrigger: {event: order_created}\nsteps: [{stop: x}]\n",
            with_head("entry: {key: \"" + source + "\"}\n"),
            with_steps("- use: slack.message.post\n  with: {channel: a, text: \"{{ " + source + " }}\"}\n"),
            with_steps("- set: {n: \"{{ " + source + " }}\"}\n"),
            with_steps("- if: \"" + source + " == 1\"\n  then: []\n"),
            with_steps("- wait: {until: \"" + source + "\"}\n"),
            with_steps("- for_each: \"" + source + "\"\n  as: item\n  do: [{stop: x}]\n"),
            about("- stop: x\nexit_on: [{event: order_created, where: \"" + source + " == 1\"}]\n")};
  };
  for (const std::string& name : names) {
    for (const std::string& recipe : wheres(name)) {
      const auto findings = checked(recipe);
      BOOST_TEST(
          std::any_of(findings.begin(), findings.end(), [](const Finding& f) { return f.code == "unknown_name"; }),
          recipe << full(findings));
    }
  }
  for (const std::string& call : calls) {
    for (const std::string& recipe : wheres(call)) {
      const ReadOutcome outcome = yaml(recipe);
      BOOST_TEST(std::any_of(outcome.findings.begin(), outcome.findings.end(),
                             [](const Finding& f) { return f.code == "bad_expression"; }),
                 recipe << full(outcome.findings));
    }
  }
  // Nor does what is there lead to a connection or its secrets.
  for (const char* member : {"connection", "secrets", "request", "headers", "auth", "credentials"})
    check({with_steps("- {id: a, use: http.request, with: {method: GET, url: x}}\n- if: 'steps.a." +
                      std::string(member) + " == 1'\n  then: []\n"),
           "5:8 unknown_member\n"});
}

BOOST_AUTO_TEST_CASE(warnings) {
  const Sample cases[] = {
      {with_steps("- stop: x\n- wait: 1m\n- wait: 2m\n"), "5:3 unreachable\n"},
      {with_steps("- if: 'true'\n  then: [{stop: x}]\n  else: [{stop: y}]\n- wait: 1m\n"), "7:3 unreachable\n"},
      {with_steps("- if: 'true'\n  then: [{stop: x}, {wait: 1m}]\n- wait: 1m\n"), "5:21 unreachable\n"},
      {with_steps(kPost + "x}\n  retry: {for: 1h}\n"), "6:3 unsafe_retry\n"},
      {with_steps(kPost + "x}\n  on_doubt: repeat\n"), "6:13 may_act_twice\n"},
      {"on_doubt: repeat\n" + with_steps(kPost + "x}\n"), "5:8 may_act_twice\n"},
      {with_steps("- use: http.request\n  with: {method: POST, url: x}\n  retry: {for: 1h}\n"), "6:3 unsafe_retry\n"},
      {with_steps("- use: http.request\n  with: {method: PUT, url: x}\n  retry: {for: 1h}\n"), ""},
      {with_steps("- use: http.request\n  with: {method: POST, url: x, safety: keyed}\n  retry: {for: 1h}\n"), ""},
      {with_steps("- use: http.request\n  with: {method: PUT, url: x, safety: unsafe}\n  retry: {for: 1h}\n"),
       "6:3 unsafe_retry\n"},
      {with_steps(kPost + "x}\n  retry: {for: 0s}\n"), ""},
  };
  for (const Sample& c : cases) check(c);
  for (const Finding& finding : checked(with_steps("- stop: x\n- wait: 1m\n")))
    BOOST_CHECK(finding.severity == Finding::Severity::warning);
}

BOOST_AUTO_TEST_SUITE_END()
