// The form of a connection: a person is asked for what the chosen way needs, in a sensible order, and told what cannot be right.
#include "host/connection_form.hpp"

#include <boost/test/unit_test.hpp>
#include <set>

#include "host/support.hpp"

using namespace ieum;
using namespace ieum::host;

namespace {

const char* const kManifest = R"yaml(connector: acme
version: "1.0.0"
title: {ko: 아크미, en: Acme}
help: {ko: 도움, en: Help}
fields:
  shop: {required: true, pattern: "[a-z]+", title: {ko: 가, en: A}, help: {ko: 도움, en: Lower case}}
  login: {choices: [key, file, person], default: key, title: {ko: 가, en: A}, help: {ko: 가, en: A}}
  api_key: {secret: true, pattern: "k-.+", title: {ko: 가, en: A}, help: {ko: 가, en: A}}
  account: {secret: true, title: {ko: 가, en: A}, help: {ko: 가, en: A}}
  email: {derive: {from: account, member: client_email}, title: {ko: 가, en: A}, help: {ko: 가, en: A}}
  client_id: {title: {ko: 가, en: A}, help: {ko: 가, en: A}}
  client_secret: {secret: true, title: {ko: 가, en: A}, help: {ko: 가, en: A}}
  hook_check: {choices: [signed, address], default: signed, title: {ko: 가, en: A}, help: {ko: 가, en: A}}
  hook_secret: {secret: true, title: {ko: 가, en: A}, help: {ko: 가, en: A}}
  hook_token: {secret: true, generate: true, title: {ko: 가, en: A}, help: {ko: 가, en: A}}
  dealer: {choices: [one, two], title: {ko: 가, en: A}, help: {ko: 가, en: A}}
  sender: {when: {dealer: [two]}, required: true, title: {ko: 가, en: A}, help: {ko: 가, en: A}}
  watch: {type: list, title: {ko: 가, en: A}, help: {ko: 가, en: A}}
  every: {title: {ko: 가, en: A}, help: {ko: 가, en: A}}
auth:
  key: {kind: bearer, slot: api_key}
  file: {kind: jwt_bearer, slot: account, token_url: "https://a.example/t", when: {login: file}}
  person: {kind: oauth2_code, authorize_url: "https://a.example/a", token_url: "https://a.example/t", client_id: client_id, client_secret: client_secret, when: {login: person}}
default_auth: [person, file, key]
operations:
  hook.ensure: {internal: true, open_inputs: true, title: {ko: 가, en: A}, help: {ko: 가, en: A}, safety: idempotent, sample: {inputs: {}, output: {}}}
subscriptions:
  watched: {title: {ko: 가, en: A}, help: {ko: 가, en: A}, each: watch, ensure: hook.ensure}
webhook:
  verify:
    - {kind: static_secret, when: {hook_check: signed}, secret: hook_secret, header: X-Secret}
    - {kind: url_token, when: {hook_check: address}, secret: hook_token}
  topic: [{header: T}]
)yaml";

const Manifest& acme() {
  static const Manifest manifest = host_test::manifest(kManifest);
  return manifest;
}

// "login? shop! api_key ..": ? a choice, ! a must, . for those who want it.
std::string asked(const Map& config, const std::set<std::string>& secrets = {}) {
  std::string out;
  const auto has = [&](std::string_view slot) { return secrets.contains(std::string(slot)); };
  for (const auto& question : open_questions(acme(), config, has)) {
    using Need = Question::Need;
    out += (out.empty() ? "" : " ") + question.field->name;
    out += question.need == Need::choice ? "?"
           : question.need == Need::must ? "!"
           : question.need == Need::may  ? ""
                                         : ".";
    if (question.key_file) out += "{}";
  }
  return out;
}

std::string refused(const Map& config, const Entered& secrets = {}) {
  const auto checked = check_entered(acme(), config, secrets, Typed::by_a_person);
  return checked.has_error() ? checked.error().code : "";
}

}  // namespace

BOOST_AUTO_TEST_SUITE(connection_form)

BOOST_AUTO_TEST_CASE(choices_come_first_and_then_what_they_need) {
  BOOST_TEST(asked({}) == "login? dealer? shop! api_key hook_secret watch hook_check. every.");
  BOOST_TEST(asked({{"login", "file"}, {"shop", "a"}}) == "dealer? account!{} hook_secret watch hook_check. every.");
  BOOST_TEST(asked({{"login", "person"}, {"shop", "a"}, {"dealer", "one"}}) ==
             "client_id! client_secret! hook_secret watch hook_check. every.");
  BOOST_TEST(asked({{"login", "key"}, {"shop", "a"}, {"dealer", "two"}}, {"api_key"}) ==
             "sender! hook_secret watch hook_check. every.");
  // What the hub makes is not asked for.
  BOOST_TEST(asked({{"login", "key"}, {"shop", "a"}, {"dealer", "two"}, {"sender", "s"}, {"hook_check", "address"}},
                   {"api_key"}) == "watch hook_secret. every.");
  BOOST_TEST(secret_of_address(acme(), Map{{"hook_check", "address"}}) == "hook_token");
  BOOST_TEST(secret_of_address(acme(), Map{}) == "");
}

BOOST_AUTO_TEST_CASE(each_answer_is_checked_by_itself) {
  BOOST_TEST(refused({{"shop", "acme"}, {"login", "file"}}, {{"api_key", Secret("k-12345")}}) == "");
  BOOST_TEST(refused({{"shop", "acme shop"}}) == "bad_value");
  BOOST_TEST(refused({{"shop", "ACME"}}) == "bad_value");
  BOOST_TEST(refused({{"login", "magic"}}) == "bad_choice");
  List watched;
  for (int at = 0; at < 200; ++at) watched.emplace_back(std::to_string(at));
  BOOST_TEST(refused({{"watch", watched}}) == "");
  watched.emplace_back("one more");
  BOOST_TEST(refused({{"watch", watched}}) == "list_too_long");
  BOOST_TEST(refused({{"shpo", "acme"}}) == "unknown_field");
  BOOST_TEST(refused({{"api_key", "k-12345"}}) == "secret_in_config");
  BOOST_TEST(refused({}, {{"api_key", Secret("x-12345")}}) == "bad_value");
  BOOST_TEST(refused({}, {{"api_key", Secret("k-1")}}) == "secret_too_short");
  BOOST_TEST(refused({}, {{"shop", Secret("k-12345")}}) == "unknown_secret");
  BOOST_TEST(refused({}, {{"account", Secret("not json")}}) == "bad_key");
  BOOST_TEST(refused({}, {{"account", Secret(R"({"client_email": "a@b.example"})")}}) == "bad_key");
  BOOST_TEST(refused({}, {{"account", Secret(R"({"client_email": "a@b.example", "private_key": "x"})")}}) == "");
}

BOOST_AUTO_TEST_CASE(what_is_required_depends_on_the_choices) {
  const auto none = [](std::string_view) { return false; };
  const auto missing = [&](const Map& config) {
    const auto checked = check_complete(acme(), config, none);
    return checked.has_error() ? checked.error().what : "";
  };
  BOOST_TEST(missing({}).find("\"shop\"") != std::string::npos);
  BOOST_TEST(missing({{"shop", "a"}}) == "");
  BOOST_TEST(missing({{"shop", "a"}, {"dealer", "two"}}).find("\"sender\"") != std::string::npos);
  BOOST_TEST(missing({{"shop", "a"}, {"dealer", "two"}, {"sender", "s"}}) == "");
}

BOOST_AUTO_TEST_CASE(what_a_field_says_of_its_entry_is_checked) {
  const auto code = [](const std::string& keys) {
    const auto read = host_test::try_manifest(host_test::acme("  extra: {" + keys + "}\n"));
    return read.has_error() ? read.error().code : "";
  };
  BOOST_TEST(code("when: {shop: a}") == "bad_manifest");
  BOOST_TEST(code("when: {nothing: a}") == "bad_manifest");
  BOOST_TEST(code("pattern: \"(\"") == "bad_manifest");
  BOOST_TEST(code("paste: a.gs") == "bad_manifest");
  BOOST_TEST(code("secret: true, generate: true, paste: ../a.gs") == "bad_manifest");
  BOOST_TEST(code("secret: true, generate: true, paste: a.gs") == "");
  const auto paste = [](const std::string& text) {
    const auto read = read_manifest(host_test::acme("  extra: {secret: true, generate: true, paste: a.gs}\n"), "m",
                                    nullptr, [&](const std::string&) -> Result<std::string> { return text; });
    return read.has_error() ? read.error().code : read->fields.back().paste;
  };
  BOOST_TEST(paste("key = {secret}") == "key = {secret}");
  BOOST_TEST(paste("key") == "bad_manifest");
  BOOST_TEST(paste("{secret}" + std::string(16 * 1024, ' ')) == "bad_manifest");
}

BOOST_AUTO_TEST_SUITE_END()
