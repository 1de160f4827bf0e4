// The stand-ins of the vendors whose connectors are manifests: Tally, Brevo, Airtable, GA4, Google Forms.
#include "sandbox/visitor.hpp"

using namespace ieum;
using namespace ieum::sandbox;

namespace {

struct Callers : Visitor {
  Reply tally(const std::string& method, const std::string& target, const std::string& body = {},
              const std::string& token = "tly-sandbox") {
    return reply(method, target, {{"Authorization", "Bearer " + token}, {"Content-Type", "application/json"}}, body);
  }
  Reply brevo(const std::string& method, const std::string& target, const std::string& body = {},
              const std::string& key = "xkeysib-sandbox") {
    return reply(method, "/v3" + target, {{"api-key", key}, {"Content-Type", "application/json"}}, body);
  }
  Reply airtable(const std::string& method, const std::string& target, const std::string& body = {},
                 const std::string& token = "pat.sandbox") {
    return reply(method, "/v0" + target, {{"Authorization", "Bearer " + token}, {"Content-Type", "application/json"}},
                 body);
  }
  Reply forms(const std::string& target, const std::string& token = "ya29.sandbox") {
    return reply("GET", "/v1/forms/" + target, {{"Authorization", "Bearer " + token}});
  }
  Value happens(const std::string& body) {
    const Reply did = control("/_sandbox/send", body);
    BOOST_TEST(did.response.status < 300, did.response.body);
    return read(did);
  }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(manifest_vendors, Callers)

BOOST_AUTO_TEST_CASE(each_checks_who_calls) {
  BOOST_TEST(tally("GET", "/users/me", "", "tly-other").response.status == 401);
  BOOST_TEST(tally("GET", "/users/me").response.status == 200);
  BOOST_TEST(brevo("GET", "/account", "", "xsmtpsib-sandbox").response.status == 401);
  BOOST_TEST(at(read(brevo("GET", "/account")), "companyName") == "이음상점");
  BOOST_TEST(at(read(airtable("GET", "/meta/whoami", "", "pat.other")), "error.type") == "AUTHENTICATION_REQUIRED");
  BOOST_TEST(airtable("GET", "/meta/whoami").response.status == 200);
  BOOST_TEST(at(read(forms("1FAIpQ", "ya29.other")), "error.status") == "UNAUTHENTICATED");
  BOOST_TEST(forms("1FAIpQ").response.status == 200);
}

BOOST_AUTO_TEST_CASE(tally_lists_what_was_submitted_and_tells_its_hook) {
  const Value hook = read(tally(
      "POST", "/webhooks",
      R"({"formId":"mexJoq","url":"http://hub.test/hooks/tally","signingSecret":"s","eventTypes":["FORM_RESPONSE"]})"));
  happens(
      R"({"vendor":"tally","topic":"FORM_RESPONSE","body":{"form":"mexJoq","name":"민지","days":["월요일","금요일"]}})");
  happens(R"({"vendor":"tally","topic":"FORM_RESPONSE","body":{"form":"other"}})");
  const Value list = read(tally("GET", "/forms/mexJoq/submissions?limit=1"));
  BOOST_TEST(size_of(list, "submissions") == 1u);
  BOOST_TEST(at(list, "hasMore") == "false");
  BOOST_TEST(at(list, "submissions.0.responses.0.answer") == "민지");
  BOOST_TEST(size_of(read(tally("GET", "/forms/mexJoq/submissions?startDate=2030-01-01T00:00:00Z")), "submissions") ==
             0u);
  BOOST_TEST(tally("GET", "/forms/missing1/submissions").response.status == 404);
  BOOST_TEST(tally("PATCH", "/webhooks/" + at(hook, "id"), R"({"isEnabled":false})").response.status == 204);
  BOOST_TEST(at(read(tally("GET", "/webhooks")), "webhooks.0.isEnabled") == "false");
  BOOST_TEST(tally("DELETE", "/webhooks/" + at(hook, "id")).response.status == 204);
  BOOST_TEST(tally("DELETE", "/webhooks/" + at(hook, "id")).response.status == 404);
}

BOOST_AUTO_TEST_CASE(brevo_keeps_contacts_and_sends_mails) {
  const std::string contact =
      R"({"email":"Mina@example.com","attributes":{"FIRSTNAME":"민지","SMS":"+821012345678"},"listIds":[3],"updateEnabled":true})";
  BOOST_TEST(brevo("POST", "/contacts", contact).response.status == 201);
  BOOST_TEST(brevo("POST", "/contacts", contact).response.status == 204);
  BOOST_TEST(at(read(brevo("POST", "/contacts", R"({"email":"mina@example.com"})")), "code") == "duplicate_parameter");
  BOOST_TEST(at(read(brevo("POST", "/contacts", R"({"email":"b@example.com","attributes":{"SMS":"+821012345678"}})")),
                "code") == "duplicate_parameter");
  BOOST_TEST(at(read(brevo("POST", "/contacts", R"({"email":"b@example.com","attributes":{"grade":"x"}})")), "code") ==
             "invalid_parameter");
  BOOST_TEST(at(read(brevo("GET", "/contacts/mina%40example.com")), "listIds.0") == "3");
  const std::string change =
      R"({"attributes":{"LASTNAME":"김"},"emailBlacklisted":true,"listIds":[4],"unlinkListIds":[3]})";
  BOOST_TEST(brevo("PUT", "/contacts/mina%40example.com", change).response.status == 204);
  const Value changed = read(brevo("GET", "/contacts/1"));  // by its number
  BOOST_TEST(at(changed, "attributes.FIRSTNAME") + at(changed, "attributes.LASTNAME") == "민지김");
  BOOST_TEST(at(changed, "emailBlacklisted") == "true");
  BOOST_TEST(write_json(*changed.get("listIds")) == "[4]");
  BOOST_TEST(at(read(brevo("GET", "/contacts/%2B821012345678?identifierType=phone_id")), "id") == "1");
  BOOST_TEST(brevo("PUT", "/contacts/nobody%40example.com", "{}").response.status == 404);
  BOOST_TEST(at(read(brevo("PUT", "/contacts/1", R"({"attributes":{"NOPE":"x"}})")), "code") == "invalid_parameter");
  BOOST_TEST(at(read(brevo("GET", "/contacts?limit=1")), "count") == "1");
  for (const char* since : {"createdSince", "modifiedSince"}) {
    const std::string asked = std::string("/contacts?sort=asc&") + since + "=";
    BOOST_TEST(at(read(brevo("GET", asked + "2001-01-01T00:00:00Z")), "contacts.0.email") == "mina@example.com");
    BOOST_TEST(at(read(brevo("GET", asked + "2101-01-01T00:00:00Z")), "count") == "0");
    BOOST_TEST(brevo("GET", asked + "yesterday").response.status == 400);
  }
  BOOST_TEST(changed.text("modifiedAt").ends_with("+09:00"));
  BOOST_TEST(brevo("PUT", "/contacts/1", R"({"unlinkListIds":[4]})").response.status == 204);
  BOOST_TEST(
      at(read(brevo("POST", "/contacts/lists/4/contacts/add", R"({"emails":["mina@example.com","c@example.com"]})")),
         "contacts.failure.0") == "c@example.com");
  BOOST_TEST(brevo("POST", "/contacts/lists/4/contacts/add", R"({"emails":["mina@example.com"]})").response.status ==
             400);
  BOOST_TEST(brevo("POST", "/contacts/lists/99/contacts/add", R"({"emails":["mina@example.com"]})").response.status ==
             404);

  const Value hook = read(brevo(
      "POST", "/webhooks",
      R"({"url":"http://hub.test/h","type":"transactional","events":["delivered","hardBounce"],"batched":true,"auth":{"type":"bearer","token":"t"}})"));
  BOOST_TEST(!at(hook, "id").empty());
  BOOST_TEST(brevo("GET", "/webhooks?type=marketing").response.status == 404);
  brevo(
      "POST", "/webhooks",
      R"({"url":"http://hub.test/h","type":"inbound","domain":"reply.myshop.example","description":"Ieum reply.myshop.example","events":["inboundEmailProcessed"]})");
  BOOST_TEST(at(read(brevo("GET", "/webhooks?type=inbound")), "webhooks.0.description") == "Ieum reply.myshop.example");
  happens(R"({"vendor":"brevo","topic":"inboundEmailProcessed","body":{"Subject":"교환하고 싶어요"}})");
  const Value sent = read(brevo(
      "POST", "/smtp/email",
      R"({"sender":{"email":"shop@example.com"},"to":[{"email":"mina@example.com"}],"subject":"안녕하세요","htmlContent":"<p>x</p>","headers":{"idempotencyKey":"k1"}})"));
  BOOST_TEST(!at(sent, "messageId").empty());
  brevo("POST", "/smtp/email", R"({"templateId":7,"to":[{"email":"bounce@example.com"}]})");
  BOOST_TEST(brevo("POST", "/smtp/email", R"({"templateId":8,"to":[{"email":"a@example.com"}]})").response.status ==
             404);
  const Value reached = messages("?vendor=brevo");
  BOOST_REQUIRE(size_of(reached) == 1u);  // the bounced one reached nobody
  BOOST_TEST(at(reached, "0.channel") == "email");
  BOOST_TEST(at(reached, "0.to") == "mina@example.com");
  BOOST_TEST(at(reached, "0.key") == "k1");
  BOOST_TEST(brevo("POST", "/transactionalSMS/sms", R"({"sender":"IEUM","recipient":"821012345678","content":"안녕"})")
                 .response.status == 201);
  BOOST_TEST(brevo("POST", "/events", R"({"event_name":"order_paid","identifiers":{"email_id":"a@example.com"}})")
                 .response.status == 204);
}

BOOST_AUTO_TEST_CASE(airtable_adds_once_where_it_merges) {
  const std::string upsert =
      R"({"performUpsert":{"fieldsToMergeOn":["Email"]},"records":[{"fields":{"Email":"a@example.com","n":1}}]})";
  const Value first = read(airtable("PATCH", "/appOne/tblOne", upsert));
  BOOST_TEST(size_of(first, "createdRecords") == 1u);
  const Value second = read(airtable("PATCH", "/appOne/tblOne", upsert));
  BOOST_TEST(size_of(second, "createdRecords") == 0u);
  BOOST_TEST(at(second, "updatedRecords.0") == at(first, "records.0.id"));
  airtable("POST", "/appOne/tblOne", R"({"records":[{"fields":{"Email":"a@example.com"}}]})");
  BOOST_TEST(airtable("PATCH", "/appOne/tblOne", upsert).response.status == 422);  // two fit
  BOOST_TEST(size_of(read(airtable("GET", "/appOne/tblOne")), "records") == 2u);
  const Value page = read(airtable("GET", "/appOne/tblOne?pageSize=1"));
  BOOST_TEST(size_of(read(airtable("GET", "/appOne/tblOne?pageSize=1&offset=" + at(page, "offset"))), "records") == 1u);
  BOOST_TEST(at(read(airtable("GET", "/appOne/missingTable")), "error") == "NOT_FOUND");
  BOOST_TEST(at(read(airtable("POST", "/appOne/tblOne", R"({"records":[{"fields":{"Nope":1}}]})")), "error.type") ==
             "UNKNOWN_FIELD_NAME");
}

BOOST_AUTO_TEST_CASE(airtable_finds_what_changed_since) {
  airtable("POST", "/appOne/tblTwo", R"({"records":[{"fields":{"a":1}}]})");
  clock.set(kMonday + kHour);
  airtable("POST", "/appOne/tblTwo", R"({"records":[{"fields":{"a":2}}]})");
  const auto since = [&](const std::string& time) {
    return size_of(
        read(airtable("GET", "/appOne/tblTwo?filterByFormula=LAST_MODIFIED_TIME%28%29%3E%3D%27" + time + "%27")),
        "records");
  };
  BOOST_TEST(since("2026-03-02T00:00:00Z") == 2u);
  BOOST_TEST(since("2026-03-02T00:30:00Z") == 1u);
  BOOST_TEST(airtable("GET", "/appOne/tblTwo?filterByFormula=%7B").response.status == 422);
}

BOOST_AUTO_TEST_CASE(airtable_hooks_tell_their_secret_once_and_end_after_seven_days) {
  const Value made = read(airtable(
      "POST", "/bases/appOne/webhooks",
      R"({"notificationUrl":"http://hub.test/h","specification":{"options":{"filters":{"dataTypes":["tableData"],"recordChangeScope":"tblOne"}}}})"));
  BOOST_TEST(!at(made, "macSecretBase64").empty());
  BOOST_TEST(at(made, "expirationTime") == "2026-03-09T00:00:00Z");
  const Value list = read(airtable("GET", "/bases/appOne/webhooks"));
  BOOST_TEST(at(list, "webhooks.0.id") == at(made, "id"));
  BOOST_TEST(at(list, "webhooks.0.macSecretBase64").empty());
  clock.set(kMonday + kDay);
  BOOST_TEST(at(read(airtable("POST", "/bases/appOne/webhooks/" + at(made, "id") + "/refresh")), "expirationTime") ==
             "2026-03-10T00:00:00Z");
  clock.set(kMonday + 9 * kDay);
  airtable("POST", "/appOne/tblOne", R"({"fields":{"a":1}})");
  BOOST_TEST(size_of(read(airtable("GET", "/bases/appOne/webhooks")), "webhooks") == 0u);
}

BOOST_AUTO_TEST_CASE(airtable_rests_after_five_calls_a_second) {
  fault(R"({"vendor":"airtable","kind":"rate_limit"})");
  for (int i = 0; i < 5; ++i) BOOST_TEST(airtable("GET", "/appOne/tblOne").response.status == 200);
  const Reply limited = airtable("GET", "/appOne/tblOne");
  BOOST_TEST(limited.response.status == 429);
  BOOST_TEST(!limited.response.headers.get("retry-after").has_value());
  BOOST_TEST(airtable("GET", "/appTwo/tblOne").response.status == 200);  // another base
  clock.set(kMonday + 29 * kSecond);
  BOOST_TEST(airtable("GET", "/appOne/tblOne").response.status == 429);
  clock.set(kMonday + 30 * kSecond);
  BOOST_TEST(airtable("GET", "/appOne/tblOne").response.status == 200);
}

BOOST_AUTO_TEST_CASE(ga4_says_yes_to_everything_and_the_truth_at_its_debug_address) {
  const std::string good = R"({"client_id":"c.1","events":[{"name":"hello","params":{"engagement_time_msec":1}}]})";
  const std::string bad = R"({"client_id":"c.1","events":[{"name":"ga_hello"}]})";
  const auto send = [&](const std::string& secret, const std::string& body) {
    return reply("POST", "/mp/collect?measurement_id=G-1&api_secret=" + secret, {{"Content-Type", "application/json"}},
                 body)
        .response.status;
  };
  BOOST_TEST(send("ga4-sandbox", good) == 204);
  BOOST_TEST(send("ga4-sandbox", bad) == 204);
  BOOST_TEST(send("wrong", good) == 204);
  BOOST_TEST(size_of(calls("?vendor=ga4&effect=applied")) == 1u);
  const auto checked = [&](const std::string& body) {
    return read(reply("POST", "/debug/mp/collect?measurement_id=G-1", {{"Content-Type", "application/json"}}, body));
  };
  BOOST_TEST(size_of(checked(good), "validationMessages") == 0u);
  BOOST_TEST(at(checked(bad), "validationMessages.0.validationCode") == "NAME_RESERVED");
  BOOST_TEST(size_of(checked("{"), "validationMessages") == 1u);
}

BOOST_AUTO_TEST_CASE(google_forms_lists_responses_by_time) {
  BOOST_TEST(read(forms("1FAIpQ/responses")).get("responses") == nullptr);
  happens(
      R"({"vendor":"google","topic":"form_response","body":{"form":"1FAIpQ","name":"민지","email":"mina@example.com"}})");
  clock.set(kMonday + kHour);
  happens(R"({"vendor":"google","topic":"form_response","body":{"form":"1FAIpQ","days":["월요일","금요일"]}})");
  BOOST_TEST(size_of(read(forms("1FAIpQ/responses")), "responses") == 2u);
  const Value late = read(forms("1FAIpQ/responses?filter=timestamp%20%3E%3D%202026-03-02T00%3A30%3A00Z"));
  BOOST_TEST(size_of(late, "responses") == 1u);
  BOOST_TEST(size_of(late, "responses.0.answers.2063e2c0.textAnswers.answers") == 2u);
  const Value page = read(forms("1FAIpQ/responses?pageSize=1"));
  BOOST_TEST(at(page, "nextPageToken") == "1");
  BOOST_TEST(forms("missing1").response.status == 404);
  BOOST_TEST(forms("private1").response.status == 403);
  BOOST_TEST(forms("1FAIpQ/responses?filter=x").response.status == 400);
}

BOOST_AUTO_TEST_SUITE_END()
