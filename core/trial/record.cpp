#include "trial/record.hpp"

#include <algorithm>
#include <set>

#include "base/json.hpp"
#include "base/time_text.hpp"
#include "trial/run_test.hpp"

namespace ieum::trial {
namespace {

// A value as YAML: block style, every text in double quotes, so that it is read back as it was.
void write_yaml(const Value& value, std::size_t indent, std::string& out) {
  const auto entry = [&](const Value& inner) {
    const bool block = (inner.is_map() && !inner.if_map()->empty()) || (inner.is_list() && !inner.if_list()->empty());
    out += block ? "\n" : " ";
    write_yaml(inner, block ? indent + 2 : 0, out);
    if (!block) out += "\n";
  };
  if (const auto* map = value.if_map(); map != nullptr && !map->empty()) {
    for (const auto& [key, member] : *map) {
      out += std::string(indent, ' ') + write_json(key.is_string() ? key : Value(write_json(key))) + ":";
      entry(member);
    }
    return;
  }
  if (const auto* list = value.if_list(); list != nullptr && !list->empty()) {
    for (const auto& item : *list) {
      out += std::string(indent, ' ') + "-";
      entry(item);
    }
    return;
  }
  out += write_json(value);
}

std::string after_text(Millis at_ms, Millis start_ms) { return duration_text(std::max<Millis>(0, at_ms - start_ms)); }

const List& list_of(const Value& value, std::string_view key) {
  static const List kNone;
  const auto* member = value.get(key);
  return member != nullptr && member->if_list() != nullptr ? *member->if_list() : kNone;
}

// The step's own key becomes the one that stand-ins replace by the key of the moment.
std::string marked_key(std::string text, const std::string& key) {
  if (key.empty()) return text;
  for (auto at = text.find(key); at != std::string::npos; at = text.find(key, at + kRecordedKey.size()))
    text.replace(at, key.size(), kRecordedKey);
  return text;
}

Map answer_of(const Value& step, const Value& attempt, const std::string& look_up) {
  Map entry{{"step", step.text("step")}, {"times", 1}};
  if (attempt.get("purpose") != nullptr) entry.set("use", look_up);
  const Value* answer = attempt.get("answer");
  if (answer == nullptr) {
    const Value* failure = attempt.get("failure");
    const bool maybe = failure != nullptr && failure->text("sent") == "maybe";
    entry.set("fail", !maybe ? "unreachable" : failure->text("code") == "call_timeout" ? "no_answer" : "ambiguous");
    return entry;
  }
  Map told{{"status", answer->number("status", 200)}};
  Map headers;
  for (const char* name : {"content-type", "retry-after"}) {
    const Value* header = answer->at_path("headers");
    if (header != nullptr && !header->text(name).empty()) headers.set(name, header->text(name));
  }
  if (!headers.empty()) told.set("headers", std::move(headers));
  if (const Value* body = answer->get("body"); body != nullptr && body->is_string())
    told.set("body", marked_key(*body->if_string(), step.text("key")));
  entry.set("answer", std::move(told));
  return entry;
}

const Value* taken_attempt(const Value& step) {
  const auto& attempts = list_of(step, "exchange");
  for (auto attempt = attempts.rbegin(); attempt != attempts.rend(); ++attempt)
    if (attempt->get("purpose") == nullptr) return &*attempt;
  return nullptr;
}

}  // namespace

Result<RecordedTest> recorded_test(const StageParts& parts, const Value& record) {
  const Value* run = record.get("run");
  const Value* recipe = record.get("recipe");
  const auto& events = list_of(record, "events");
  if (run == nullptr || recipe == nullptr || events.empty())
    return Error("not_recordable", "what started the run is not there any more", "record a run whose event is kept");
  Redaction redaction(record.text("salt"));
  for (const auto& event : events) redaction.learn(event.get("data") == nullptr ? Value() : *event.get("data"));
  for (const auto& step : list_of(record, "steps")) {
    for (const auto& attempt : list_of(step, "exchange")) {
      const Value* body = attempt.at_path("answer.body");
      const auto json = body == nullptr || !body->is_string() ? Result<Value>(Value()) : parse_json(*body->if_string());
      if (json.has_value()) redaction.learn(*json);
    }
  }
  const Millis start = events.front().number("received_ms");
  Map test{{"name", "run " + std::to_string(run->number("id")) + ", as it was"}, {"at", rfc3339_utc(start)}};
  List given, answers, sent;
  for (const auto& event : events) {
    Map entry{{"after", after_text(event.number("received_ms"), start)},
              {"event", event.text("connector") + "/" + event.text("topic")}};
    if (event.text("connection") != event.text("connector")) entry.set("connection", event.text("connection"));
    Value body = *event.get("data");
    for (const auto& step : list_of(record, "steps")) {
      const std::string text = write_json(body), key = step.text("key");
      if (key.empty() || text.find(key) == std::string::npos) continue;
      entry.set("step", step.text("step"));
      IEUM_TRY(body, parse_json(marked_key(text, key)));
    }
    entry.set("body", redaction.clean(body));
    given.push_back(std::move(entry));
  }
  Map states;
  for (const auto& step : list_of(record, "steps")) {
    const std::string id = step.text("step");
    if (id.empty() || step.text("operation").find('.') == std::string::npos) continue;  // waits and loops too
    for (const auto& attempt : list_of(step, "exchange"))
      answers.push_back(redaction.clean(answer_of(step, attempt, step.text("look_up"))));
    const std::string state = step.text("state");
    states.set(id, state == "intent" ? "open" : state);
    if (state != "done") continue;
    const Value* attempt = taken_attempt(step);
    Map entry{{"after", after_text(attempt == nullptr ? step.number("closed_ms") : attempt->number("at_ms"), start)},
              {"use", step.text("operation")},
              {"step", id}};
    if (const Value* inputs = step.get("inputs"); inputs != nullptr && inputs->is_map())
      entry.set("with", redaction.clean(*inputs));
    sent.push_back(std::move(entry));
  }
  test.set("given", std::move(given));
  if (!answers.empty()) test.set("answers", std::move(answers));
  const Value* ended = run->get("ended_ms");
  if (ended == nullptr || ended->is_null())
    test.set("until", after_text(std::max(record.number("now_ms"), start + kSecond), start));
  const auto written = [&] {
    Map expected{{"sent", sent}};
    if (!states.empty()) expected.set("steps", states);
    expected.set("runs",
                 List{Map{{"state", run->text("state")}, {"reason", redaction.clean_text(run->text("reason"))}}});
    test.set("expect", std::move(expected));
    std::string lines;
    write_yaml(test, 4, lines);
    return "  -" + lines.substr(3);
  };

  RecordedTest result{written(), {}};
  const auto tests = recipe::tests_of("tests:\n" + result.yaml, recipe::Format::yaml);
  if (tests.empty()) return Error("not_recordable", "the run cannot be written as a test");
  const Recipe source{recipe->text("source"),
                      recipe->text("format") == "json" ? recipe::Format::json : recipe::Format::yaml,
                      recipe->text("name"), recipe->text("name"), recipe->text("zone")};
  auto played = play(parts, source, tests.front());
  if (played.has_error()) {
    result.warning = "it could not be played: " + played.error().text();
    return result;
  }
  const bool same = std::equal(sent.begin(), sent.end(), played->sent.begin(), played->sent.end(),
                               [](const Value& entry, const Sent& one) { return entry.text("step") == one.step; });
  if (!same) {
    result.warning = "played again it does not send the same messages; look at it with: ieum recipe test";
    return result;
  }
  for (std::size_t i = 0; i < sent.size(); ++i) {
    Map entry = *sent[i].if_map();
    entry.set("after", after_text(played->sent[i].at_ms, start));
    sent[i] = std::move(entry);
  }
  result.yaml = written();
  const auto again = recipe::tests_of("tests:\n" + result.yaml, recipe::Format::yaml);
  if (again.empty() || !judge(again.front(), *played).passed)
    result.warning = "played again it does not end the same way; look at it with: ieum recipe test";
  return result;
}

}  // namespace ieum::trial
