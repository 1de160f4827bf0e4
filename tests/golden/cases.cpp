#include "golden/cases.hpp"

#include <algorithm>
#include <fstream>

#include "base/time_text.hpp"

namespace golden {

namespace fs = std::filesystem;
using namespace ieum;

namespace {

constexpr const char* kNow = "2026-03-02T09:30:00+09:00";
constexpr const char* kStepKey = "5f0c6f3e1a2b4c5d8e9f0a1b2c3d4e5f";

Value member(const Value& data, std::string_view key) {
  const Value* found = data.get(key);
  return found == nullptr ? Value(Map()) : *found;
}

}  // namespace

std::string read_file(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  BOOST_REQUIRE_MESSAGE(file.good(), path.string() + " cannot be read");
  return {std::istreambuf_iterator<char>(file), {}};
}

Value parse(std::string_view text, const std::string& place) {
  auto value = parse_json(text);
  BOOST_REQUIRE_MESSAGE(value.has_value(), place + ": " + (value.has_error() ? value.error().text() : ""));
  return std::move(*value);
}

Millis instant(std::string_view rfc3339) {
  const auto parsed = parse_rfc3339(rfc3339);
  BOOST_REQUIRE_MESSAGE(parsed.has_value(), "no time: " + std::string(rfc3339));
  return *parsed;
}

const host::Registry& registry() {
  static const std::unique_ptr<host::Registry> loaded = [] {
    NullLog log;
    host::LoadOptions options;
    options.directory = (fs::path(IEUM_BUILD_DIR) / "connectors").string();
    options.check_ownership = false;
    auto result = host::load_connectors(options, log);
    BOOST_REQUIRE_MESSAGE(result.has_value(), (result.has_error() ? result.error().text() : ""));
    return std::move(*result);
  }();
  return *loaded;
}

const std::vector<Case>& cases() {
  static const std::vector<Case> found = [] {
    std::vector<Case> list;
    for (const host::Connector* connector : registry().all()) {
      const std::string name = connector->manifest().name;
      const fs::path folder = fs::path(IEUM_SOURCE_DIR) / "connectors" / name / "cases";
      if (!fs::exists(folder)) continue;
      for (const auto& entry : fs::directory_iterator(folder)) {
        if (entry.path().extension() != ".json") continue;
        const std::string file = name + "/cases/" + entry.path().filename().string();
        list.push_back({name, file, parse(read_file(entry.path()), file)});
      }
    }
    std::sort(list.begin(), list.end(), [](const Case& a, const Case& b) { return a.file < b.file; });
    return list;
  }();
  return found;
}

host::Call begin_call(const Case& conversation) {
  host::Call call;
  call.phase = conversation.is_poll() ? host::Phase::poll : host::Phase::begin;
  call.operation = conversation.data.text(conversation.is_poll() ? "poll" : "operation");
  call.inputs = member(conversation.data, "inputs");
  if (const Value* state = conversation.data.get("state")) call.state = *state;
  if (const Value* resources = conversation.data.get("resources")) call.resources = *resources;
  call.connection = member(conversation.data, "connection");
  call.now_ms = instant(conversation.data.text("now", kNow));
  call.step_key = conversation.data.text("step_key", kStepKey);
  return call;
}

host::Call resume_call(const Case& conversation, const host::Effect& last, const Value& answer, std::string& body) {
  host::Call call = begin_call(conversation);
  call.phase = host::Phase::resume;
  if (const auto* http = std::get_if<host::HttpEffect>(&last)) call.state = http->state;
  call.outcome = Map{{"status", Value(answer.number("status", 200))}, {"headers", member(answer, "headers")}};
  const Value* json = answer.get("json");
  body = json == nullptr ? answer.text("body") : write_json(*json);
  call.body = body;
  return call;
}

namespace {

Value describe(const host::HttpEffect& effect) {
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

Value describe(const host::WaitEffect& effect) {
  return Map{{"wait", Value(effect.until_ms)}, {"state", effect.state}};
}

Value describe(const host::DoneEffect& effect) { return Map{{"done", effect.output}}; }

Value describe(const host::FailEffect& effect) {
  static constexpr const char* kinds[] = {"retry",     "rate_limited", "auth_refresh", "auth_dead",
                                          "permanent", "gone",         "ambiguous",    "broken"};
  Map out{{"fail", kinds[static_cast<int>(effect.kind)]}, {"code", effect.code}, {"message", effect.message}};
  if (effect.retry_after_for) out.set("retry_after_ms", Value(*effect.retry_after_for));
  return out;
}

Value describe(const host::EventsEffect& effect) {
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

}  // namespace

Value describe(const host::Effect& effect) {
  return std::visit([](const auto& kind) { return describe(kind); }, effect);
}

}  // namespace golden
