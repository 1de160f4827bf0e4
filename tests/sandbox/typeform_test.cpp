// The stand-in of Typeform: forms, responses and webhooks as the API has them, told to the hub signed, and switched off for
// good when the hub says that it is gone.
#include "sandbox/visitor.hpp"

using namespace ieum;
using namespace ieum::sandbox;

namespace {

struct TypeformVisitor : Visitor {
  Reply call(std::string method, std::string target, std::string body = {}) {
    return reply(std::move(method), std::move(target),
                 {{"Authorization", "bearer tfp_sandbox"}, {"Content-Type", "application/json"}}, std::move(body));
  }
  Value ask(std::string method, std::string target, std::string body = {}) {
    return read(call(std::move(method), std::move(target), std::move(body)));
  }
  static constexpr const char* kHook = "/forms/lT4Z3j/webhooks/ieum";
  void put(const std::string& more = R"("enabled":true,"secret":"s3cret")") {
    const Reply made = call("PUT", kHook, R"({"url":"https://hub.example.com/hooks/typeform",)" + more + "}");
    BOOST_REQUIRE_MESSAGE(made.response.status == 200, made.response.body);
  }
  int submit(const std::string& topic, const std::string& body) {
    return control("/_sandbox/send", R"({"vendor":"typeform","topic":")" + topic + R"(","body":)" + body + "}")
        .response.status;
  }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(typeform, TypeformVisitor)

BOOST_AUTO_TEST_CASE(tokens_are_checked_and_errors_have_a_code) {
  const Reply none = reply("GET", "/forms");
  BOOST_TEST(none.response.status == 401);
  BOOST_TEST(at(read(none), "code") == "AUTHENTICATION_FAILED");
  BOOST_TEST(reply("GET", "/forms", {{"Authorization", "Bearer tfp_other"}}).response.status == 401);
  const Reply missing = call("GET", "/forms/missing");
  BOOST_TEST(missing.response.status == 404);
  BOOST_TEST(at(read(missing), "code") == "FORM_NOT_FOUND");
}

BOOST_AUTO_TEST_CASE(forms_are_listed_by_page_and_made) {
  BOOST_TEST(at(ask("POST", "/forms", R"({"title":"설문"})"), "title") == "설문");
  const Value first = ask("GET", "/forms?page=1&page_size=1");
  BOOST_TEST(at(first, "total_items") == "2");
  BOOST_TEST(at(first, "page_count") == "2");
  BOOST_TEST(size_of(first, "items") == 1u);
  BOOST_TEST(at(ask("GET", "/forms/lT4Z3j"), "fields.1.ref") == "email");
}

// The trap that costs a customer the integration: off unless said to be on; a secret that nobody can read back.
BOOST_AUTO_TEST_CASE(a_webhook_is_off_unless_it_is_said_to_be_on) {
  put(R"("secret":"s3cret")");
  const Value made = ask("GET", kHook);
  BOOST_TEST(at(made, "enabled") == "false");
  BOOST_TEST(made.get("secret") == nullptr);
  BOOST_TEST(submit("form_response", R"({"form_id":"lT4Z3j"})") == 202);
  BOOST_TEST(world.due().size() == 0u);
  // The SDK's toggle sends `enabled` alone; what was there stays.
  BOOST_TEST(at(ask("PUT", kHook, R"({"enabled":true})"), "url") == "https://hub.example.com/hooks/typeform");
  const Reply plain =
      call("PUT", "/forms/lT4Z3j/webhooks/other", R"({"url":"http://hub.example.com/","enabled":true})");
  BOOST_TEST(plain.response.status == 400);
  BOOST_TEST(at(read(plain), "code") == "webhook_url_https_required");
  BOOST_TEST(size_of(ask("GET", "/forms/lT4Z3j/webhooks"), "items") == 1u);
  BOOST_TEST(call("DELETE", kHook).response.status == 204);
  BOOST_TEST(call("DELETE", kHook).response.status == 404);
}

BOOST_AUTO_TEST_CASE(a_response_is_told_signed_and_can_be_read) {
  put();
  BOOST_REQUIRE(submit("form_response", R"({"form_id":"lT4Z3j","token":"t1","hidden":{"user_id":"u7"}})") == 202);
  const auto due = world.due();
  BOOST_REQUIRE(due.size() == 1u);
  const HttpRequest& request = due[0].request;
  BOOST_TEST(request.headers.get("Typeform-Signature").value_or("") ==
             "sha256=" + base64_encode(hmac_sha256("s3cret", request.body)));
  const Value told = *parse_json(request.body);
  BOOST_TEST(at(told, "event_type") == "form_response");
  BOOST_TEST(at(told, "form_response.token") == "t1");
  BOOST_TEST(at(told, "form_response.hidden.user_id") == "u7");
  BOOST_TEST(at(told, "form_response.definition.title") == "신청서 lT4Z3j");
  const Value page = ask("GET", "/forms/lT4Z3j/responses?page_size=10&completed=true");
  BOOST_TEST(at(page, "total_items") == "1");
  BOOST_TEST(at(page, "items.0.token") == "t1");
  BOOST_TEST(at(page, "items.0.answers.1.email") == "minji.kim@example.com");
}

// Half a response is told to hooks that asked for it, and is in no list.
BOOST_AUTO_TEST_CASE(a_partial_response_is_no_response) {
  put();
  BOOST_REQUIRE(submit("form_response_partial", R"({"form_id":"lT4Z3j"})") == 202);
  BOOST_TEST(world.due().size() == 0u);
  put(R"("event_types":{"form_response":true,"form_response_partial":true})");
  BOOST_REQUIRE(submit("form_response_partial", R"({"form_id":"lT4Z3j"})") == 202);
  BOOST_TEST(world.due().size() == 1u);
  BOOST_TEST(at(ask("GET", "/forms/lT4Z3j/responses"), "total_items") == "0");
}

BOOST_AUTO_TEST_CASE(responses_are_paged_filtered_and_erased) {
  for (int i = 0; i < 5; ++i) {
    BOOST_REQUIRE(submit("form_response", R"({"form_id":"lT4Z3j","token":"t)" + std::to_string(i) + "\"}") == 202);
    clock.advance(kMinute);
  }
  const std::string base = "/forms/lT4Z3j/responses";
  BOOST_TEST(at(ask("GET", base + "?page_size=2"), "items.0.token") == "t4");
  BOOST_TEST(at(ask("GET", base + "?page_size=2&before=t3"), "items.0.token") == "t2");
  BOOST_TEST(at(ask("GET", base + "?after=t3"), "items.0.token") == "t4");
  BOOST_TEST(size_of(ask("GET", base + "?after=t3"), "items") == 1u);
  const Value since = ask("GET", base + "?sort=submitted_at%2Casc&since=2026-03-02T00%3A02%3A00Z");
  BOOST_TEST(at(since, "items.0.token") == "t2");
  BOOST_TEST(at(since, "total_items") == "3");
  BOOST_TEST(size_of(ask("GET", base + "?included_response_ids=t1,t9"), "items") == 1u);
  BOOST_TEST(call("DELETE", base + "?included_tokens=t1,t2").response.status == 200);
  BOOST_TEST(at(ask("GET", base), "total_items") == "3");
  BOOST_TEST(call("DELETE", base).response.status == 400);
}

BOOST_AUTO_TEST_CASE(a_404_switches_the_webhook_off_and_ensure_switches_it_on) {
  put();
  BOOST_REQUIRE(submit("form_response", R"({"form_id":"lT4Z3j"})") == 202);
  const auto due = world.due();
  BOOST_REQUIRE(due.size() == 1u);
  const HttpResponse gone{404, {}, ""};
  world.answered(due[0].seq, &gone, "");
  BOOST_TEST(at(ask("GET", kHook), "enabled") == "false");
  BOOST_REQUIRE(submit("form_response", R"({"form_id":"lT4Z3j"})") == 202);
  BOOST_TEST(world.due().size() == 0u);
  put();
  BOOST_REQUIRE(submit("form_response", R"({"form_id":"lT4Z3j"})") == 202);
  BOOST_TEST(world.due().size() == 1u);
}

BOOST_AUTO_TEST_CASE(the_third_call_of_a_second_is_too_many) {
  fault(R"({"vendor":"typeform","kind":"rate_limit","times":-1})");
  BOOST_TEST(call("GET", "/forms").response.status == 200);
  BOOST_TEST(call("GET", "/forms").response.status == 200);
  BOOST_TEST(call("GET", "/forms").response.status == 429);
  clock.advance(kSecond);
  BOOST_TEST(call("GET", "/forms").response.status == 200);
}

BOOST_AUTO_TEST_SUITE_END()
