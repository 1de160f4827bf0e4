// What a manifest may not declare: every slip is named where it stands.
#include "host/declared.hpp"
#include "support.hpp"

using namespace ieum;
using namespace ieum::host;

namespace {

const char* const kTop =
    "auth: {token: {kind: bearer, slot: key}}\n"
    "base: https://api.acme.example\n"
    "operations:\n"
    "  go:\n"
    "    title: {ko: 가, en: Go}\n"
    "    help: {ko: 가, en: Go}\n"
    "    safety: safe\n"
    "    inputs: {id: {title: {ko: 가, en: A}, help: {ko: 가, en: A}}}\n"
    "    sample: {inputs: {}, output: {}}\n";

const char* const kPoll =
    "base: https://api.acme.example\n"
    "events: {t: {samples: {a: {}}}}\n"
    "polls:\n"
    "  p:\n"
    "    title: {ko: 가, en: P}\n"
    "    help: {ko: 가, en: P}\n"
    "    events: [t]\n";

void refuses(const std::string& top, const std::string& lines, const std::string& says) {
  const auto read = host_test::try_manifest(host_test::acme(top + lines));
  BOOST_REQUIRE_MESSAGE(read.has_error(), lines);
  BOOST_TEST(read.error().text().find(says) != std::string::npos, read.error().text() << "\n" << lines);
  BOOST_TEST(read.error().place.starts_with("manifest.yaml:"), read.error().place);
}

void operation_refuses(const std::string& lines, const std::string& says) { refuses(kTop, lines, says); }
void poll_refuses(const std::string& lines, const std::string& says) { refuses(kPoll, lines, says); }

}  // namespace

BOOST_AUTO_TEST_SUITE(declared_reading)

BOOST_AUTO_TEST_CASE(slips_of_a_request_are_named) {
  operation_refuses("    request: {paht: /x}\n", "did you mean \"path\"");
  operation_refuses("    request: {method: FETCH, path: /x}\n", "is no method");
  operation_refuses("    request: {method: GET}\n", "either url or path");
  operation_refuses("    request: {path: /x, url: \"https://a.example\"}\n", "either url or path");
  operation_refuses("    request: {path: x}\n", "begins with /");
  operation_refuses("    request: {path: \"/x?a={{ inputs.id }}\"}\n", "under `query`");
  operation_refuses("    request: {url: \"a.example/x\"}\n", "makes no address");
  operation_refuses("    request: {path: \"/x/{{ inputs.id \"}\n", "has no '}}'");
  operation_refuses("    request: {path: \"/x/{{ inputs.idd }}\"}\n", "did you mean \"id\"");
  operation_refuses("    request: {path: \"/x/{{ input.id }}\"}\n", "did you mean \"inputs\"");
  operation_refuses("    request: {path: \"/x/{{ config.shopp }}\"}\n", "did you mean \"shop\"");
  operation_refuses("    request: {path: \"/x/{{ config.key }}\"}\n", "is secret, so no expression sees it");
  operation_refuses("    request: {path: \"/x/{{ body.id }}\"}\n", "is not known here");
  operation_refuses("    request: {path: /x, json: {a: 1}}\n", "GET has no body");
  operation_refuses("    request: {method: POST, path: /x, json: {a: 1}, text: a}\n", "has one body");
  operation_refuses("    request: {method: POST, path: /x, json: {a: {b: [\"{{ 1 + }}\"]}}}\n", "of the text");
  operation_refuses("    request: {path: /x, headers: {Authorization: a}}\n", "holds credentials");
  operation_refuses("    request: {path: /x, headers: {Host: a}}\n", "belongs to the HTTP client");
  operation_refuses("    request: {path: /x, query: {a: {b: 1}}}\n", "texts, numbers or lists");
  operation_refuses("    request: {path: /x, auth: tokn}\n", "has no scheme");
  operation_refuses("    request: {method: POST, path: /x, json: {}, fill: {/a: shop}}\n", "is no secret field");
  operation_refuses("    request: {method: POST, path: /x, json: {}, fill: {a: key}}\n", "a place in the body");
  refuses("operations: {go: {safety: safe, request: {path: /x}}}\n", "", "goes behind `base`");
  refuses("base: \"{{ inputs.x }}\"\n", "", "is not known here");
  refuses("base: api\n", "", "base is an address");
}

BOOST_AUTO_TEST_CASE(slips_of_answers_are_named) {
  operation_refuses("    request: {path: /x}\n    response: {succes: body.ok}\n", "did you mean \"success\"");
  operation_refuses("    request: {path: /x}\n    response: {success: \"body.ok &&\"}\n", "of the expression");
  operation_refuses("    request: {path: /x}\n    response: {output: {a: answer.id}}\n", "is not known here");
  operation_refuses("    request: {path: /x}\n    refuse: [{when: 'true', code: x}]\n", "\"message\" is missing");
  operation_refuses("    request: {path: /x}\n    refuse: [{code: x, message: y}]\n", "has a when");
  operation_refuses("    request: {path: /x}\n    refuse: [{when: body.a == 1, code: x, message: y}]\n", "body");
  operation_refuses("    request: {path: /x}\n    errors: [{status: 40x, kind: retry}]\n", "100 to 599, or 4xx");
  operation_refuses("    request: {path: /x}\n    errors: [{status: 400}]\n", "\"kind\" is missing");
  operation_refuses("    request: {path: /x}\n    errors: [{status: 400, kind: permanently}]\n",
                    "did you mean \"permanent\"");
  operation_refuses("    request: {path: /x}\n    errors: [{status: 400, kind: permanent, wait: 5s}]\n", "wait");
  operation_refuses("    request: {path: /x}\n    errors: [{status: 400, kind: gone, message: \"{{ boddy.a }}\"}]\n",
                    "did you mean \"body\"");
  operation_refuses("    response: {output: {a: body.id}}\n", "either request or steps");
  refuses("errors: [{kind: retry, when: status == 5x}]\n", "", "of the expression");
}

BOOST_AUTO_TEST_CASE(steps_are_few_and_named) {
  operation_refuses("    steps: []\n", "one to five");
  const std::string step = "      - {name: a, request: {path: /x}}\n";
  operation_refuses("    steps:\n" + step + step, "two steps");
  std::string six;
  for (char name = 'a'; name <= 'f'; ++name) six += std::string("      - {name: ") + name + ", request: {path: /x}}\n";
  operation_refuses("    steps:\n" + six, "one to five");
  operation_refuses("    steps:\n      - {name: a}\n", "a step has a request");
  operation_refuses("    steps:\n      - {name: a, when: has(steps.b.id), request: {path: /x}}\n", "\"steps.b\"");
  operation_refuses("    request: {path: /x}\n    steps:\n" + step, "either request or steps");
  operation_refuses("    steps:\n" + step + "    more: steps.a.next\n", "belongs to a request");
}

BOOST_AUTO_TEST_CASE(slips_of_polls_are_named) {
  poll_refuses("    request: {path: /x}\n", "has no items");
  poll_refuses("    items: body\n", "has no request");
  poll_refuses("    request: {path: /x}\n    items: body\n", "has a cursor");
  poll_refuses("    request: {path: /x}\n    items: body\n    cursor: {kind: tim}\n", "did you mean \"time\"");
  poll_refuses("    request: {path: /x}\n    items: body\n    cursor: {kind: id}\n", "has `at`");
  poll_refuses("    request: {path: /x}\n    items: body\n    cursor: {kind: token, at: item.id}\n", "has `next`");
  poll_refuses("    request: {path: /x}\n    items: body\n    cursor: {kind: id, at: item.id, overlap: 5s}\n",
               "overlap");
  poll_refuses("    request: {method: DELETE, path: /x}\n    items: body\n    cursor: {kind: time}\n", "GET or POST");
  poll_refuses("    request: {path: /x}\n    items: item.a\n    cursor: {kind: time}\n", "is not known here");
  poll_refuses("    request: {path: \"/x/{{ inputs.form }}\"}\n    items: body\n    cursor: {kind: time}\n",
               "known are item");
  poll_refuses("    request: {path: /x}\n    items: body\n    event: nope\n    cursor: {kind: time}\n",
               "no event \"nope\"");
}

BOOST_AUTO_TEST_CASE(items_of_a_delivery_are_said_together) {
  const std::string webhook = "webhook: {verify: [{kind: url_token, secret: key}], topic: [{fixed: t}]";
  refuses(webhook + ", key: item.id}\n", "", "there are none");
  refuses(webhook + ", items: inputs.a}\n", "", "is not known here");
  const auto read = host_test::try_manifest(host_test::acme(webhook + ", items: \"[body]\"}\n"));
  BOOST_REQUIRE_MESSAGE(read.has_value(), (read.has_error() ? read.error().text() : ""));
  BOOST_TEST((read->webhook->events == WebhookSpec::Events::module));
}

BOOST_AUTO_TEST_SUITE_END()
