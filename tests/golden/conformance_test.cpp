// One suite over all connectors: what a connector must have and must never do, whatever its vendor.
#include <algorithm>
#include <map>
#include <set>

#include "golden/cases.hpp"

using namespace ieum;
using golden::Case;
namespace fs = std::filesystem;

namespace {

fs::path source_folder(const std::string& connector) { return fs::path(IEUM_SOURCE_DIR) / "connectors" / connector; }

// The connector's manifest with one event put in place of what its module reads, to project a sample of that event.
class Sampled final : public host::Connector {
 public:
  Sampled(const host::Manifest& manifest, std::string topic, Value data)
      : manifest_(manifest), topic_(std::move(topic)), data_(std::move(data)) {}
  [[nodiscard]] const host::Manifest& manifest() const override { return manifest_; }
  [[nodiscard]] host::Effect step(const host::Call&) const override {
    return host::EventsEffect{{{topic_, data_}}, Value(), false};
  }

 private:
  const host::Manifest& manifest_;
  std::string topic_;
  Value data_;
};

host::HubEvent project(const host::Manifest& manifest, const host::EventSpec& event, const Value& sample,
                       Millis now_ms) {
  const Sampled connector(manifest, event.topic, sample);
  auto events = host::read_delivery(connector, Value(Map()), event.topic, R"({"content-type":"application/json"})",
                                    write_json(sample), now_ms);
  BOOST_REQUIRE_MESSAGE(events.has_value(), event.topic + ": " + (events.has_error() ? events.error().text() : ""));
  BOOST_REQUIRE(events->size() == 1u);
  return events->front();
}

// The last effect of a case: "done", or the kind of the failure.
std::string ending(const Case& conversation) {
  const Value& effect = *conversation.data.get("turns")->if_list()->back().get("effect");
  const bool well = effect.get("done") != nullptr || effect.get("events") != nullptr;
  return well ? "done" : effect.text("fail", "none");
}

// Deterministic noise for mutations; the seed is the case.
class Noise {
 public:
  explicit Noise(std::string_view seed) {
    for (const unsigned char byte : seed) state_ = (state_ ^ byte) * 1099511628211u;
  }
  std::size_t below(std::size_t count) {
    state_ = state_ * 6364136223846793005u + 1442695040888963407u;
    return static_cast<std::size_t>(state_ >> 33) % count;
  }

 private:
  std::uint64_t state_ = 14695981039346656037u;
};

std::vector<std::string> damaged(const std::string& body, Noise& noise) {
  std::vector<std::string> list = {"",
                                   "null",
                                   "[]",
                                   "{}",
                                   "0",
                                   "\"\"",
                                   "{\"ok\":true}",
                                   "{\"errors\":[]}",
                                   "true",
                                   "{",
                                   "[[[[[",
                                   "\xff\xfe\xff",
                                   "1e999",
                                   "{\"header\":null}",
                                   "<!DOCTYPE html><html><body>502 Bad Gateway</body></html>",
                                   std::string(70, '[') + std::string(70, ']')};
  list.push_back(std::string(63, '[') + std::string(63, ']'));
  if (body.empty()) return list;
  for (int i = 0; i < 40; ++i) {
    std::string flipped = body;
    flipped[noise.below(flipped.size())] ^= static_cast<char>(1 << noise.below(8));
    list.push_back(std::move(flipped));
    list.push_back(body.substr(0, noise.below(body.size())));
  }
  // Every value once of another kind.
  for (std::size_t at = body.find(':'); at != std::string::npos; at = body.find(':', at + 1)) {
    const std::size_t end = body.find_first_of(",}", at);
    if (end == std::string::npos) break;
    for (const char* other : {"null", "[]", "{}", "-1", "\"x\""})
      list.push_back(body.substr(0, at + 1) + other + body.substr(end));
  }
  return list;
}

constexpr int kStatuses[] = {200, 201, 204, 301, 304, 400, 401, 402, 403, 404, 408,
                             409, 410, 418, 422, 423, 425, 429, 500, 502, 503, 504};

void expect_sound(const host::Effect& effect, const std::string& place, const std::string& body) {
  const auto* fail = std::get_if<host::FailEffect>(&effect);
  if (fail == nullptr || fail->kind != host::FailKind::broken) return;
  BOOST_ERROR(place << " broke the rules of the border (" << fail->code << ": " << fail->message << ") on "
                    << body.substr(0, 100));
}

// Plays the case up to the turn before `turn`, as written.
host::Effect play_to(const host::Connector& connector, const Case& conversation, std::size_t turn) {
  host::Effect effect = connector.step(host::begin_call(conversation));
  const List& turns = *conversation.data.get("turns")->if_list();
  for (std::size_t i = 0; i < turn; ++i) {
    std::string body;
    effect = connector.step(host::resume_call(conversation, effect, *turns[i].get("answer"), body));
  }
  return effect;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(conformance)

// The manifest reads without an error or a warning: titles and help in Korean and English, samples, look-ups.
BOOST_AUTO_TEST_CASE(manifests_are_complete) {
  for (const host::Connector* connector : golden::registry().all()) {
    const std::string name = connector->manifest().name;
    const fs::path folder = source_folder(name);
    std::vector<Error> warnings;
    const auto files = [&](const std::string& path) -> Result<std::string> { return golden::read_file(folder / path); };
    const auto manifest =
        host::read_manifest(golden::read_file(folder / "manifest.yaml"), name + "/manifest.yaml", &warnings, files);
    BOOST_CHECK_MESSAGE(manifest.has_value(), (manifest.has_error() ? manifest.error().text() : ""));
    for (const Error& warning : warnings) BOOST_ERROR(warning.text());
  }
}

// Help is a sentence for people in both languages; Korean is written in Hangul, English is not.
BOOST_AUTO_TEST_CASE(help_is_in_its_language) {
  const auto check = [](const host::LocalText& text, const std::string& place) {
    const bool hangul = std::any_of(text.ko.begin(), text.ko.end(), [](char c) {
      const auto byte = static_cast<unsigned char>(c);
      return byte >= 0xEA && byte <= 0xED;
    });
    BOOST_CHECK_MESSAGE(hangul || text.ko.find_first_not_of("0123456789+-. ") != std::string::npos,
                        place << " has no Korean text");
    BOOST_CHECK_MESSAGE(!text.en.empty(), place << " has no English text");
  };
  for (const host::Connector* connector : golden::registry().all()) {
    const host::Manifest& manifest = connector->manifest();
    check(manifest.help, manifest.name);
    for (const host::Field& field : manifest.fields) check(field.help, manifest.name + "." + field.name);
    for (const host::Poll& poll : manifest.polls) check(poll.help, manifest.name + "." + poll.name);
    for (const host::Subscription& entry : manifest.subscriptions) check(entry.help, manifest.name + "." + entry.name);
    for (const host::Resource& resource : manifest.resources) check(resource.help, manifest.name + "." + resource.name);
    for (const host::Operation& operation : manifest.operations) {
      check(operation.help, manifest.name + "." + operation.name);
      for (const host::Field& input : operation.inputs)
        check(input.help, manifest.name + "." + operation.name + "." + input.name);
    }
    for (const host::EventSpec& event : manifest.events) check(event.help, manifest.name + "/" + event.topic);
  }
}

// Each field, standard field and identity that an event promises is there in one of its samples: no expression is a slip.
BOOST_AUTO_TEST_CASE(samples_show_what_events_promise) {
  const Millis now_ms = golden::instant("2026-11-21T00:00:00Z");
  for (const host::Connector* connector : golden::registry().all()) {
    const host::Manifest& manifest = connector->manifest();
    for (const host::EventSpec& event : manifest.events) {
      const std::string place = manifest.name + "/" + event.topic;
      std::set<std::string> seen, present;
      bool meant = event.means.empty();
      for (const auto& [name, sample] : event.samples) {
        const host::HubEvent told = project(manifest, event, sample, now_ms);
        meant = meant || told.means == event.means;
        for (const auto& [key, value] : *told.standard.if_map()) seen.insert(*key.if_string());
        for (const auto& [kind, text] : told.identities) seen.insert("identity " + kind);
        if (told.at_ms != now_ms) seen.insert("at");
        if (!told.source_key.empty()) seen.insert("source_key");
        for (const host::Field& field : event.fields)
          if (sample.get(field.name) != nullptr) present.insert(field.name);
      }
      BOOST_CHECK_MESSAGE(meant, place << ": no sample means " << event.means);
      for (const auto& [name, expression] : event.project)
        BOOST_CHECK_MESSAGE(seen.count(name) == 1, place << ": no sample gives the standard field " << name << " ("
                                                         << expression.source() << ")");
      for (const auto& [kind, expression] : event.identities)
        BOOST_CHECK_MESSAGE(seen.count("identity " + kind) == 1, place << ": no sample gives the identity " << kind);
      for (const host::Field& field : event.fields)
        BOOST_CHECK_MESSAGE(present.count(field.name) == 1, place << ": no sample has the field " << field.name);
    }
  }
}

// Each operation has a case that ends well and one that fails; each webhook one that is taken and one that is refused.
BOOST_AUTO_TEST_CASE(cases_cover_success_and_failure) {
  std::map<std::string, std::set<std::string>> endings, verdicts;
  for (const Case& conversation : golden::cases()) {
    BOOST_CHECK_MESSAGE(!conversation.data.text("title").empty(), conversation.file << " has no title");
    if (conversation.is_delivery())
      verdicts[conversation.connector].insert(conversation.data.get("expect")->text("verdict"));
    else
      endings[conversation.connector + "." + conversation.played()].insert(ending(conversation));
  }
  for (const host::Connector* connector : golden::registry().all()) {
    const host::Manifest& manifest = connector->manifest();
    for (const host::Operation& operation : manifest.operations) {
      const std::set<std::string>& ends = endings[manifest.name + "." + operation.name];
      BOOST_CHECK_MESSAGE(ends.count("done") == 1,
                          manifest.name << "." << operation.name << " has no case that ends well");
      BOOST_CHECK_MESSAGE(ends.size() > ends.count("done"),
                          manifest.name << "." << operation.name << " has no case that fails");
    }
    for (const host::Poll& poll : manifest.polls) {
      const std::set<std::string>& ends = endings[manifest.name + "." + poll.name];
      BOOST_CHECK_MESSAGE(ends.count("done") == 1, manifest.name << "." << poll.name << " has no case that ends well");
      BOOST_CHECK_MESSAGE(ends.size() > 1, manifest.name << "." << poll.name << " has no case that fails");
    }
    if (!manifest.webhook) continue;
    BOOST_CHECK_MESSAGE(verdicts[manifest.name].count("accept") == 1,
                        manifest.name << " has no delivery that is taken");
    BOOST_CHECK_MESSAGE(verdicts[manifest.name].count("refuse") == 1,
                        manifest.name << " has no delivery that is refused");
  }
}

// A poll begins by telling nothing, and each of its items has a key, under which it is recognised when it is told again.
BOOST_AUTO_TEST_CASE(polls_begin_with_silence_and_key_their_items) {
  std::set<std::string> silent;
  for (const Case& conversation : golden::cases()) {
    if (!conversation.is_poll()) continue;
    const host::Connector& connector = *golden::registry().find(conversation.connector);
    const std::string name = conversation.data.text("poll");
    const host::Poll* poll = connector.manifest().poll(name);
    BOOST_REQUIRE_MESSAGE(poll != nullptr, conversation.file << ": there is no poll " << name);
    const std::size_t turns = conversation.data.get("turns")->if_list()->size();
    const host::Effect effect = play_to(connector, conversation, turns - 1);
    const auto* events = std::get_if<host::EventsEffect>(&effect);
    if (events == nullptr) continue;
    const bool first = conversation.data.get("state") == nullptr || conversation.data.get("state")->is_null();
    const Value* connection = conversation.data.get("connection");
    const bool backfill = connection != nullptr && connection->get("backfill") != nullptr;
    if (first && !backfill) {
      silent.insert(conversation.connector + "." + name);
      BOOST_CHECK_MESSAGE(events->items.empty(), conversation.file << ": the first poll tells something");
      BOOST_CHECK_MESSAGE(!events->cursor.is_null(), conversation.file << ": the first poll has no cursor");
    }
    std::set<std::string> keys;
    for (const host::EventItem& item : events->items) {
      BOOST_CHECK_MESSAGE(!item.key.empty(), conversation.file << ": an item without key");
      BOOST_CHECK_MESSAGE(keys.insert(item.key).second, conversation.file << ": two items with the key " << item.key);
      BOOST_CHECK_MESSAGE(std::count(poll->events.begin(), poll->events.end(), item.name) == 1,
                          conversation.file << ": " << name << " does not say that it tells " << item.name);
    }
  }
  for (const host::Connector* connector : golden::registry().all())
    for (const host::Poll& poll : connector->manifest().polls)
      BOOST_CHECK_MESSAGE(silent.count(connector->manifest().name + "." + poll.name) == 1,
                          connector->manifest().name << "." << poll.name << " has no case of a first poll");
}

// What one vendor signs is nobody else's: every accepted delivery, under the same secret, at every other connector.
BOOST_AUTO_TEST_CASE(SIG_09_deliveries_of_another_vendor_are_refused) {
  // The generic webhook takes the settings of any sender; that is what it is for.
  const auto generic = [](const std::string& name) { return name == "webhook"; };
  for (const Case& conversation : golden::cases()) {
    if (!conversation.is_delivery() || conversation.data.get("expect")->text("verdict") != "accept") continue;
    const Value& delivery = *conversation.data.get("delivery");
    const auto known = host::secrets_of(conversation);
    if (known.empty() || !delivery.text("url_token").empty()) continue;  // a token in the address is shared by nobody
    const HttpRequest request = host::request_of(conversation);
    const Millis now_ms = host::instant_of(delivery);
    for (const host::Connector* other : golden::registry().all()) {
      const host::Manifest& manifest = other->manifest();
      if (manifest.name == conversation.connector || !manifest.webhook || generic(manifest.name)) continue;
      host::SlotSecrets secrets;
      for (const auto& [slot, versions] : known)
        for (const Secret& version : versions)
          for (const host::Field& field : manifest.fields)
            if (field.secret) secrets[field.name].push_back(version);
      const auto seen = host::inspect(manifest, Value(Map()), secrets, request, "", now_ms);
      BOOST_CHECK_MESSAGE(seen.verdict == host::Inspection::Verdict::refuse,
                          conversation.file << " is taken by " << manifest.name);
    }
  }
}

// An operation that may act twice can be looked up, or says so to its author by having no look-up at all; the look-up reads only.
BOOST_AUTO_TEST_CASE(look_ups_are_safe) {
  for (const host::Connector* connector : golden::registry().all()) {
    const host::Manifest& manifest = connector->manifest();
    for (const host::Operation& operation : manifest.operations) {
      if (operation.reconcile.empty()) continue;
      const host::Operation* look_up = manifest.operation(operation.reconcile);
      BOOST_REQUIRE_MESSAGE(look_up != nullptr, manifest.name << " has no " << operation.reconcile);
      BOOST_TEST(look_up->internal);
      BOOST_CHECK_MESSAGE(look_up->safety == host::Safety::safe,
                          manifest.name << "." << look_up->name << " must be safe");
    }
  }
  for (const Case& conversation : golden::cases()) {
    if (conversation.is_delivery()) continue;
    const host::Connector& connector = *golden::registry().find(conversation.connector);
    const host::Operation* operation = connector.manifest().operation(conversation.data.text("operation"));
    if (operation == nullptr || operation->safety != host::Safety::safe) continue;
    const List& turns = *conversation.data.get("turns")->if_list();
    for (std::size_t turn = 0; turn + 1 < turns.size(); ++turn) {
      const host::Effect effect = play_to(connector, conversation, turn);
      const auto* http = std::get_if<host::HttpEffect>(&effect);
      if (http != nullptr)
        BOOST_CHECK_MESSAGE(http->safety == host::Safety::safe, conversation.file << ": a look-up that acts");
    }
  }
}

// Whatever a vendor answers, the module stays within the rules of the border.
BOOST_AUTO_TEST_CASE(damaged_answers_break_nothing) {
  std::size_t tried = 0;
  const std::string large[] = {std::string(5u << 20, 'x'), "[\"" + std::string(5u << 20, 'x') + "\"]"};
  std::set<std::string> took_large;  // operations; once for each is enough
  for (const Case& conversation : golden::cases()) {
    if (conversation.is_delivery()) continue;
    const host::Connector& connector = *golden::registry().find(conversation.connector);
    const List& turns = *conversation.data.get("turns")->if_list();
    for (std::size_t turn = 0; turn + 1 < turns.size(); ++turn) {
      const host::Effect before = play_to(connector, conversation, turn);
      std::string body;
      host::Call call = host::resume_call(conversation, before, *turns[turn].get("answer"), body);
      Noise noise(conversation.file + std::to_string(turn));
      for (const std::string& wrong : damaged(body, noise)) {
        call.body = wrong;
        expect_sound(connector.step(call), conversation.file, wrong);
        ++tried;
      }
      if (took_large.insert(conversation.connector + "." + call.operation).second) {
        for (const std::string& wrong : large) {
          call.body = wrong;
          expect_sound(connector.step(call), conversation.file + ", 5 MB", "");
        }
      }
      call.body = body;
      for (const int status : kStatuses) {
        call.outcome = Map{{"status", Value(status)}, {"headers", Value(Map())}};
        expect_sound(connector.step(call), conversation.file + ", status " + std::to_string(status), body);
        ++tried;
      }
      call.outcome = Map{{"waited", Value(true)}};
      call.body = {};
      expect_sound(connector.step(call), conversation.file + ", resumed without an answer", "");
    }
  }
  BOOST_TEST(tried > 1000u);
}

// Inputs and connections come from recipes and people: whatever they hold, the module answers with a failure at worst.
BOOST_AUTO_TEST_CASE(damaged_inputs_break_nothing) {
  const List wrong = {Value(),
                      Value(""),
                      Value(-1),
                      Value(true),
                      Value(List{}),
                      Value(Map()),
                      Value("\n\x01 {{ }} <&> 한글"),
                      Value(std::string(5000, 'x')),
                      Value("https://"),
                      Value("http://a b/"),
                      Value("https://exa\nmple.com"),
                      Value("https://a.example/<\"{|}\\^`>[]%zz%"),
                      Value("http://[::1"),
                      Value("http://a:99999/"),
                      Value("http://user@a.example/"),
                      Value(List{Value(Map()), Value(), Value(List{Value(1)})}),
                      Value(Map{{"a", Value(Map{{"b", Value()}})}})};
  for (const Case& conversation : golden::cases()) {
    if (conversation.is_delivery()) continue;
    const host::Connector& connector = *golden::registry().find(conversation.connector);
    host::Call call = host::begin_call(conversation);
    for (const char* part : {"inputs", "connection"}) {
      Value& whole = part == std::string_view("inputs") ? call.inputs : call.connection;
      const Value kept = whole;
      whole = Map();
      expect_sound(connector.step(call), conversation.file + ", no " + part, "");
      for (const auto& [name, value] : *kept.if_map()) {
        for (const Value& other : wrong) {
          Map changed = *kept.if_map();
          changed.set(name, other);
          whole = changed;
          expect_sound(connector.step(call), conversation.file + ", " + part + "." + *name.if_string(),
                       write_json(other));
        }
      }
      whole = kept;
    }
  }
}

// Deliveries are other people's bytes, also when they were signed.
BOOST_AUTO_TEST_CASE(damaged_deliveries_break_nothing) {
  for (const Case& conversation : golden::cases()) {
    if (!conversation.is_delivery()) continue;
    const host::Connector& connector = *golden::registry().find(conversation.connector);
    const Value& delivery = *conversation.data.get("delivery");
    const Value config = delivery.get("config") == nullptr ? Value(Map()) : *delivery.get("config");
    Noise noise(conversation.file);
    for (const std::string& wrong : damaged(delivery.text("body"), noise)) {
      const auto events =
          host::read_delivery(connector, config, "received", R"({"content-type":"application/json"})", wrong, 0);
      if (events.has_error())
        BOOST_CHECK_MESSAGE(events.error().code != "bad_effect" && events.error().code != "module_exception",
                            conversation.file << ": " << events.error().text() << " on " << wrong.substr(0, 400));
    }
  }
}

// Equal calls give equal bytes: a request that is sent again after a crash is the same request.
BOOST_AUTO_TEST_CASE(equal_calls_give_equal_effects) {
  for (const Case& conversation : golden::cases()) {
    if (conversation.is_delivery()) continue;
    const host::Connector& connector = *golden::registry().find(conversation.connector);
    const std::size_t turns = conversation.data.get("turns")->if_list()->size();
    for (std::size_t turn = 0; turn < turns; ++turn) {
      const std::string first = write_json(host::describe(play_to(connector, conversation, turn)));
      const std::string second = write_json(host::describe(play_to(connector, conversation, turn)));
      BOOST_CHECK_MESSAGE(first == second, conversation.file << ": " << first << "\nthen " << second);
    }
  }
}

// Nothing that the manifest does not name is answered with more than a failure.
BOOST_AUTO_TEST_CASE(unknown_operations_are_refused) {
  for (const host::Connector* connector : golden::registry().all()) {
    host::Call call;
    call.operation = "no.such.operation";
    call.inputs = Map();
    call.connection = Map();
    call.now_ms = golden::instant("2026-11-21T00:00:00Z");
    const host::Effect effect = connector->step(call);
    BOOST_TEST(std::holds_alternative<host::FailEffect>(effect));
  }
}

BOOST_AUTO_TEST_SUITE_END()
