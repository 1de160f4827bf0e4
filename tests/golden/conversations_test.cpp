// Plays every case of every connector: the effects must be the expected ones, the requests byte by byte.
#include "base/time_text.hpp"
#include "golden/cases.hpp"

using namespace ieum;
using golden::Case;

namespace {

void expect_equal(const Value& actual, const Value& expected, const std::string& place) {
  // As JSON: a case cannot say whether 62000 is a decimal or an integer.
  BOOST_CHECK_MESSAGE(
      write_canonical_json(actual) == write_canonical_json(expected),
      place << "\nexpected " << write_pretty_json(expected) << "\nactual   " << write_pretty_json(actual));
}

void play(const Case& conversation) {
  const host::Connector* connector = golden::registry().find(conversation.connector);
  BOOST_REQUIRE(connector != nullptr);
  const List* turns = conversation.data.get("turns") == nullptr ? nullptr : conversation.data.get("turns")->if_list();
  BOOST_REQUIRE_MESSAGE(turns != nullptr && !turns->empty(), conversation.file + " has no turns");
  host::Effect effect = connector->step(golden::begin_call(conversation));
  for (std::size_t i = 0; i < turns->size(); ++i) {
    const Value& turn = (*turns)[i];
    BOOST_REQUIRE_MESSAGE(turn.get("effect") != nullptr, conversation.file + ": a turn without effect");
    expect_equal(golden::describe(effect), *turn.get("effect"), conversation.file + ", turn " + std::to_string(i + 1));
    const Value* answer = turn.get("answer");
    BOOST_CHECK_MESSAGE((answer == nullptr) == (i + 1 == turns->size()),
                        conversation.file + ": all turns but the last have an answer");
    if (answer == nullptr) break;
    std::string body;
    const host::Call call = golden::resume_call(conversation, effect, *answer, body);
    effect = connector->step(call);
  }
}

Value told(const host::HubEvent& event) {
  Map identities;
  for (const auto& [kind, text] : event.identities) identities.set(kind, text);
  Map out{{"topic", event.topic},
          {"means", event.means},
          {"standard", event.standard},
          {"identities", std::move(identities)}};
  out.set("at", rfc3339_offset(event.at_ms, 9 * 3600));
  if (!event.source_key.empty()) out.set("source_key", event.source_key);
  return out;
}

// Compares only what the case names, so that a case says what it is about.
void expect_named(const Value& actual, const Value& expected, const std::string& place) {
  for (const auto& [key, value] : *expected.if_map()) {
    const Value* found = actual.get(*key.if_string());
    expect_equal(found == nullptr ? Value() : *found, value, place + ", " + *key.if_string());
  }
}

void deliver(const Case& conversation) {
  const host::Connector* connector = golden::registry().find(conversation.connector);
  BOOST_REQUIRE(connector != nullptr);
  const Value& delivery = *conversation.data.get("delivery");
  const Value config = delivery.get("config") == nullptr ? Value(Map()) : *delivery.get("config");
  host::SlotSecrets secrets;
  if (const Value* slots = delivery.get("secrets"))
    for (const auto& [slot, versions] : *slots->if_map())
      for (const Value& version : *versions.if_list()) secrets[*slot.if_string()].emplace_back(*version.if_string());
  HttpRequest request;
  request.method = delivery.text("method", "POST");
  request.target = "/hooks/" + conversation.connector;
  for (const auto& [name, value] : *delivery.get("headers")->if_map())
    request.headers.add(*name.if_string(), *value.if_string());
  request.body = delivery.text("body");
  const Millis now_ms = golden::instant(delivery.text("now", "2026-03-02T09:30:00+09:00"));

  const host::Inspection inspection =
      host::inspect(connector->manifest(), config, secrets, request, delivery.text("url_token"), now_ms);
  static constexpr const char* verdicts[] = {"accept", "quarantine", "reply", "refuse"};
  const Value& expected = *conversation.data.get("expect");
  Map seen{{"verdict", verdicts[static_cast<int>(inspection.verdict)]},
           {"topic", inspection.topic},
           {"dedupe_key", inspection.dedupe_key},
           {"status", Value(inspection.reply.status)},
           {"reply", inspection.reply.body},
           {"diagnosis", inspection.diagnosis}};
  if (!inspection.kept_headers.empty())
    seen.set("kept_headers", golden::parse(inspection.kept_headers, conversation.file));
  if (inspection.verdict == host::Inspection::Verdict::accept) {
    auto events =
        host::read_delivery(*connector, config, inspection.topic, inspection.kept_headers, request.body, now_ms);
    if (events.has_error()) {
      seen.set("unreadable", events.error().code);
    } else {
      List list;
      const Value* wanted = expected.get("events");
      for (std::size_t i = 0; i < events->size(); ++i) {
        list.push_back(told((*events)[i]));
        if (wanted != nullptr && i < wanted->if_list()->size())
          expect_named(list.back(), (*wanted->if_list())[i], conversation.file + ", event " + std::to_string(i));
      }
      if (wanted != nullptr)
        BOOST_CHECK_MESSAGE(list.size() == wanted->if_list()->size(),
                            conversation.file << ": " << list.size() << " events");
    }
  }
  Map named;
  for (const auto& [key, value] : *expected.if_map())
    if (*key.if_string() != "events") named.set(key, value);
  expect_named(Value(std::move(seen)), Value(std::move(named)), conversation.file);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(golden_cases)

// Each request and each effect is exactly what the case says.
BOOST_AUTO_TEST_CASE(conversations_go_as_written) {
  std::size_t played = 0;
  for (const Case& conversation : golden::cases()) {
    if (conversation.is_delivery()) continue;
    BOOST_TEST_CONTEXT(conversation.file) play(conversation);
    ++played;
  }
  BOOST_TEST(played >= 5u);
}

// Verification, topic, key, projection and identities of webhooks are as the case says.
BOOST_AUTO_TEST_CASE(deliveries_are_taken_as_written) {
  std::size_t played = 0;
  for (const Case& conversation : golden::cases()) {
    if (!conversation.is_delivery()) continue;
    BOOST_TEST_CONTEXT(conversation.file) deliver(conversation);
    ++played;
  }
  BOOST_TEST(played >= 5u);
}

BOOST_AUTO_TEST_SUITE_END()
