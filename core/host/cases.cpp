#include "host/cases.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "base/json.hpp"
#include "base/time_text.hpp"

namespace ieum::host {
namespace {

namespace fs = std::filesystem;
constexpr Millis kNow = 1'772'411'400'000;  // 2026-03-02T09:30:00+09:00
constexpr const char* kStepKey = "5f0c6f3e1a2b4c5d8e9f0a1b2c3d4e5f";
constexpr std::uintmax_t kCaseBytesMax = 16u << 20;

// An object; read_cases() has seen that it is none other.
Value member(const Value& data, std::string_view key) {
  const Value* found = data.get(key);
  return found == nullptr || !found->is_map() ? Value(Map()) : *found;
}

// Members that must be objects where they are given, at any depth of a case.
const Value* no_object(const Value& data) {
  for (const char* path : {"expect", "delivery", "delivery.headers", "delivery.secrets", "delivery.config", "inputs",
                           "connection", "resources"}) {
    const Value* found = data.at_path(path);
    if (found != nullptr && !found->is_null() && !found->is_map()) return found;
  }
  return nullptr;
}

Value describe_one(const HttpEffect& effect) {
  Map headers;
  for (const auto& [name, value] : effect.request.headers.fields()) headers.set(name, value);
  static constexpr const char* safeties[] = {"safe", "idempotent", "keyed", "natural", "unsafe"};
  Map out;
  out.set("http", Map{{"method", effect.request.method},
                      {"url", effect.request.target},
                      {"headers", std::move(headers)},
                      {"body", effect.request.body}});
  out.set("auth", effect.auth);
  out.set("safety", safeties[static_cast<int>(effect.safety)]);
  if (!effect.state.is_null()) out.set("state", effect.state);
  return out;
}

Value describe_one(const WaitEffect& effect) { return Map{{"wait", Value(effect.until_ms)}, {"state", effect.state}}; }

Value describe_one(const DoneEffect& effect) { return Map{{"done", effect.output}}; }

Value describe_one(const FailEffect& effect) {
  static constexpr const char* kinds[] = {"retry",     "rate_limited", "auth_refresh", "auth_dead",
                                          "permanent", "gone",         "ambiguous",    "broken"};
  Map out{{"fail", kinds[static_cast<int>(effect.kind)]}, {"code", effect.code}, {"message", effect.message}};
  if (effect.retry_after_for) out.set("retry_after_ms", Value(*effect.retry_after_for));
  return out;
}

Value describe_one(const EventsEffect& effect) {
  List items;
  for (const auto& item : effect.items) {
    Map told{{"name", item.name}, {"data", item.data}};
    if (!item.key.empty()) told.set("key", item.key);
    items.push_back(std::move(told));
  }
  Map out{{"events", std::move(items)}};
  if (!effect.cursor.is_null()) out.set("cursor", effect.cursor);
  if (effect.more) out.set("more", true);
  return out;
}

Value keys_told(const std::vector<std::pair<std::string, std::string>>& keys) {
  Map out;
  for (const auto& [kind, text] : keys) out.set(kind, text);
  return out;
}

Value told(const HubEvent& event) {
  Map out{{"topic", event.topic},
          {"means", event.means},
          {"standard", event.standard},
          {"identities", keys_told(event.identities)},
          {"aliases", keys_told(event.aliases)},
          {"traits", event.traits.is_null() ? Value(Map()) : event.traits}};
  List consents;
  for (const auto& one : event.consents)
    consents.push_back(Map{{"purpose", one.purpose}, {"channel", one.channel}, {"word", one.word}});
  out.set("consents", std::move(consents));
  if (!event.erasure.empty()) out.set("erasure", keys_told(event.erasure));
  out.set("at", rfc3339_offset(event.at_ms, 9 * 3600));
  if (!event.source_key.empty()) out.set("source_key", event.source_key);
  if (!event.key.empty()) out.set("key", event.key);
  return out;
}

constexpr std::size_t kDifferencesShown = 8;

std::string shown(const Value* value) { return value == nullptr ? "nothing" : write_json(*value); }

// As JSON: a case cannot say whether 62000 is a decimal or an integer. A null and a missing member are the same.
void differences(const Value* expected, const Value* actual, const std::string& path, std::vector<std::string>& out) {
  const bool none = (expected == nullptr || expected->is_null()) && (actual == nullptr || actual->is_null());
  if (none) return;
  if (expected != nullptr && actual != nullptr) {
    if (write_canonical_json(*expected) == write_canonical_json(*actual)) return;
    const std::string inner = path.empty() ? "" : path + ".";
    if (expected->is_map() && actual->is_map()) {
      for (const auto& [key, value] : *expected->if_map())
        differences(&value, actual->get(*key.if_string()), inner + *key.if_string(), out);
      for (const auto& [key, value] : *actual->if_map())
        if (expected->get(*key.if_string()) == nullptr) differences(nullptr, &value, inner + *key.if_string(), out);
      return;
    }
    if (expected->is_list() && actual->is_list()) {
      const List &left = *expected->if_list(), &right = *actual->if_list();
      for (std::size_t i = 0; i < std::max(left.size(), right.size()); ++i)
        differences(i < left.size() ? &left[i] : nullptr, i < right.size() ? &right[i] : nullptr,
                    inner + std::to_string(i), out);
      return;
    }
  }
  out.push_back((path.empty() ? "" : path + ": ") + "expected " + shown(expected) + "\n  but it is " + shown(actual));
}

class Player {
 public:
  Player(const Connector& connector, const Case& played) : connector_(connector), case_(played) {}

  std::vector<Mismatch> play() {
    if (case_.is_delivery())
      deliver();
    else
      converse();
    return std::move(found_);
  }

 private:
  void note(const std::string& place, std::string what) {
    found_.push_back({case_.file + (place.empty() ? "" : ", " + place), std::move(what)});
  }

  void expect_equal(const Value& actual, const Value& expected, const std::string& place) {
    std::vector<std::string> parts;
    differences(&expected, &actual, "", parts);
    for (std::size_t i = 0; i < std::min(parts.size(), kDifferencesShown); ++i) note(place, parts[i]);
    if (parts.size() > kDifferencesShown)
      note(place, "and " + std::to_string(parts.size() - kDifferencesShown) + " differences more");
  }

  // Only what the case names, so that a case says what it is about.
  void expect_named(const Value& actual, const Value& expected, const std::string& place) {
    if (!expected.is_map()) return note(place, "what is expected must be an object");
    for (const auto& [key, value] : *expected.if_map()) {
      const Value* seen = actual.get(*key.if_string());
      expect_equal(seen == nullptr ? Value() : *seen, value, place + (place.empty() ? "" : ", ") + *key.if_string());
    }
  }

  void converse() {
    const Value* list = case_.data.get("turns");
    const List* turns = list == nullptr ? nullptr : list->if_list();
    if (turns == nullptr || turns->empty()) return note("", "the case has no turns");
    Effect effect = connector_.step(begin_call(case_));
    for (std::size_t i = 0; i < turns->size(); ++i) {
      const Value& turn = (*turns)[i];
      const std::string place = "turn " + std::to_string(i + 1);
      if (turn.get("effect") == nullptr) return note(place, "a turn without effect");
      expect_equal(describe(effect), *turn.get("effect"), place);
      const Value* answer = turn.get("answer");
      if ((answer == nullptr) != (i + 1 == turns->size())) note(place, "all turns but the last have an answer");
      if (answer == nullptr) return;
      std::string body;
      effect = connector_.step(resume_call(case_, effect, *answer, body));
    }
  }

  void deliver() {
    const Manifest& manifest = connector_.manifest();
    const Value& delivery = *case_.data.get("delivery");
    const Value config = member(delivery, "config");
    const HttpRequest request = request_of(case_);
    const Millis now_ms = instant_of(delivery);
    const Inspection seen = inspect(manifest, config, secrets_of(case_), request, delivery.text("url_token"), now_ms);
    static constexpr const char* verdicts[] = {"accept", "quarantine", "reply", "refuse"};
    const Value expected = member(case_.data, "expect");
    Map actual{{"verdict", verdicts[static_cast<int>(seen.verdict)]},
               {"topic", seen.topic},
               {"dedupe_key", seen.dedupe_key},
               {"status", Value(seen.reply.status)},
               {"reply", seen.reply.body},
               {"diagnosis", seen.diagnosis},
               {"drift", seen.drift ? Value(*seen.drift) : Value()}};
    if (!seen.kept_headers.empty()) {
      if (auto headers = parse_json(seen.kept_headers); headers.has_value()) actual.set("kept_headers", *headers);
    }
    if (seen.verdict == Inspection::Verdict::accept) {
      const auto events = read_delivery(connector_, config, seen.topic, seen.kept_headers, request.body, now_ms);
      if (events.has_error())
        actual.set("unreadable", events.error().code);
      else
        compare_events(*events, expected.get("events"));
    }
    Map named;
    for (const auto& [key, value] : *expected.if_map())
      if (*key.if_string() != "events") named.set(key, value);
    expect_named(Value(std::move(actual)), Value(std::move(named)), "");
  }

  void compare_events(const std::vector<HubEvent>& events, const Value* wanted) {
    const List* list = wanted == nullptr ? nullptr : wanted->if_list();
    if (list == nullptr) return;
    if (list->size() != events.size()) note("events", std::to_string(events.size()) + " events were told");
    for (std::size_t i = 0; i < std::min(events.size(), list->size()); ++i)
      expect_named(told(events[i]), (*list)[i], "event " + std::to_string(i));
  }

  const Connector& connector_;
  const Case& case_;
  std::vector<Mismatch> found_;
};

}  // namespace

Result<std::vector<Case>> read_cases(const std::string& folder, const std::string& connector) {
  std::vector<Case> out;
  std::error_code problem;
  if (!fs::exists(fs::path(folder) / "cases", problem)) return out;
  fs::directory_iterator entry(fs::path(folder) / "cases", problem);
  for (; !problem && entry != fs::directory_iterator(); entry.increment(problem)) {
    if (entry->path().extension() != ".json") continue;
    const std::string file = connector + "/cases/" + entry->path().filename().string();
    std::error_code unsized;
    if (fs::file_size(entry->path(), unsized) > kCaseBytesMax || unsized)
      return Error("unreadable_file", "a case is larger than 16 MiB or cannot be read", "", file);
    std::ifstream stream(entry->path(), std::ios::binary);
    const std::string bytes((std::istreambuf_iterator<char>(stream)), {});
    auto data = parse_json(bytes);
    if (data.has_error()) return Error("bad_case", "it is no JSON: " + data.error().text(), "", file);
    Case read{connector, file, std::move(*data)};
    if (!read.is_delivery() && read.played().empty())
      return Error("bad_case", "it plays nothing", "give it operation, poll or delivery", file);
    if (const Value* bad = no_object(read.data))
      return Error("bad_case", write_json(*bad).substr(0, 80) + " stands where an object is needed",
                   "see the cases of other connectors", file);
    out.push_back(std::move(read));
  }
  if (problem) return Error("unreadable_file", "the cases cannot be read: " + problem.message(), "", folder);
  std::sort(out.begin(), out.end(), [](const Case& a, const Case& b) { return a.file < b.file; });
  return out;
}

std::vector<Mismatch> play_case(const Connector& connector, const Case& played) {
  return Player(connector, played).play();
}

Call begin_call(const Case& conversation) {
  Call call;
  call.phase = conversation.is_poll() ? Phase::poll : Phase::begin;
  call.operation = conversation.played();
  call.inputs = member(conversation.data, "inputs");
  if (const Value* state = conversation.data.get("state")) call.state = *state;
  if (const Value* resources = conversation.data.get("resources")) call.resources = *resources;
  call.connection = member(conversation.data, "connection");
  call.now_ms = instant_of(conversation.data);
  call.step_key = conversation.data.text("step_key", kStepKey);
  return call;
}

Call resume_call(const Case& conversation, const Effect& last, const Value& answer, std::string& body) {
  Call call = begin_call(conversation);
  call.phase = Phase::resume;
  if (const auto* http = std::get_if<HttpEffect>(&last)) call.state = http->state;
  if (const auto* wait = std::get_if<WaitEffect>(&last)) {  // the time has come; nobody answered
    call.state = wait->state;
    call.outcome = Map{{"waited", true}};
    return call;
  }
  call.outcome = Map{{"status", Value(answer.number("status", 200))}, {"headers", member(answer, "headers")}};
  const Value* json = answer.get("json");
  body = json == nullptr ? answer.text("body") : write_json(*json);
  call.body = body;
  return call;
}

Millis instant_of(const Value& holder) {
  const auto read = parse_rfc3339(holder.text("now"));
  return read.has_value() ? *read : kNow;
}

HttpRequest request_of(const Case& delivery) {
  const Value data = member(delivery.data, "delivery");
  HttpRequest request;
  request.method = data.text("method", "POST");
  request.target = data.text("path", "/hooks/" + delivery.connector);
  const Value headers = member(data, "headers");
  for (const auto& [name, value] : *headers.if_map())
    request.headers.add(*name.if_string(), value.is_string() ? *value.if_string() : std::string());
  request.body = data.text("body");
  return request;
}

SlotSecrets secrets_of(const Case& delivery) {
  SlotSecrets out;
  const Value slots = member(member(delivery.data, "delivery"), "secrets");
  for (const auto& [slot, versions] : *slots.if_map()) {
    if (!versions.is_list()) continue;
    for (const Value& version : *versions.if_list())
      if (version.is_string()) out[*slot.if_string()].emplace_back(*version.if_string());
  }
  return out;
}

Value describe(const Effect& effect) {
  return std::visit([](const auto& kind) { return describe_one(kind); }, effect);
}

}  // namespace ieum::host
