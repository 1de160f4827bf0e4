// Reads `tests:` of a recipe: strict keys, every error with line, column and mend.
#include <algorithm>

#include "base/ids.hpp"
#include "base/time_text.hpp"
#include "recipe/document.hpp"
#include "recipe/test_case.hpp"

namespace ieum::recipe {

namespace {

using Words = std::vector<std::string>;

const Words kFailures = {"retry", "rate_limited", "permanent", "auth_dead",
                         "gone",  "ambiguous",    "no_answer", "unreachable"};
const Words kRunStates = {"acting", "waiting", "in_doubt", "finished", "exited", "stopped", "failed", "cancelled"};
const Words kStepStates = {"done", "failed", "in_doubt", "cancelled", "skipped", "open", "never"};

class TestReader {
 public:
  TestReader(const std::set<std::string, std::less<>>* steps, Findings& findings)
      : steps_(steps), findings_(findings) {}

  std::vector<TestCase> tests(const Node& node) {
    std::vector<TestCase> tests;
    if (!is_list(node, "tests", "begin each test with \"- name: ...\"", kTestsMax)) return tests;
    std::set<std::string> names;
    for (const Node& item : node.items) {
      tests.push_back(test(item));
      if (!tests.back().name.empty() && !names.insert(tests.back().name).second)
        findings_.error(item.place, "duplicate_name", "two tests are named " + quoted(tests.back().name),
                        "give this one another name");
    }
    return tests;
  }

 private:
  TestCase test(const Node& node) {
    TestCase test;
    test.place = node.place;
    if (!is_map(node, "a test", {"name", "at", "given", "answers", "until", "expect"})) return test;
    for (const auto& [key, value] : node.members) {
      if (key.text == "name") test.name = text(value, "name");
      if (key.text == "at") test.at_ms = instant(value, "at");
      if (key.text == "given" && is_list(value, "given", "write `- {event: shopify/orders/create}`", kGivenMax))
        for (const Node& item : value.items) test.given.push_back(given(item));
      if (key.text == "answers" &&
          is_list(value, "answers", "write `- {use: slack.message.post, fail: retry}`", kGivenMax))
        for (const Node& item : value.items) test.answers.push_back(answer(item));
      if (key.text == "until") {
        test.until_for = duration(value, "until");
        if (test.until_for && *test.until_for > kTestForMax)
          findings_.error(value.place, "bad_duration", "`until` is longer than 400 days", "watch for at most 400d");
      }
      if (key.text == "expect") expect(value, test);
    }
    need(node, "a test", "name", "say in it what is proven: `name: pays in time, so nothing is sent`");
    need(node, "a test", "expect", "add `expect: {sent: []}`");
    return test;
  }

  GivenEvent given(const Node& node) {
    GivenEvent event;
    event.place = node.place;
    if (!is_map(node, "a given event", {"after", "at", "event", "connection", "step", "sample", "with", "body"}))
      return event;
    for (const auto& [key, value] : node.members) {
      if (key.text == "event") {
        const std::string name = text(value, "event");
        const auto slash = name.find('/');
        event.connector = name.substr(0, slash);
        if (slash != std::string::npos) event.topic = name.substr(slash + 1);
        if (!name.empty() && (!is_name(event.connector) || event.topic.empty()))
          findings_.error(value.place, "bad_event", quoted(name) + " names no event of a connector",
                          "write connector/topic, like shopify/orders/create");
      }
      if (key.text == "connection") event.connection = text(value, "connection");
      if (key.text == "step") event.step = step(value);
      if (key.text == "sample") event.sample = text(value, "sample");
      if (key.text == "with" && is_kind(value, Node::Kind::map, "with", "a map")) event.with = node_value(value);
      if (key.text == "body") event.body = node_value(value);
    }
    event.when = moment(node);
    need(node, "a given event", "event", "add `event: shopify/orders/create`");
    if (event.body && (!event.sample.empty() || !event.with.is_null()))
      findings_.error(node.place, "conflicting_keys", "`body` stands instead of `sample` and `with`",
                      "write either the body, or a sample and what differs from it");
    return event;
  }

  GivenAnswer answer(const Node& node) {
    GivenAnswer answer;
    answer.place = node.place;
    if (!is_map(node, "an answer", {"use", "step", "fail", "code", "output", "answer", "times", "retry_after"}))
      return answer;
    int kinds = 0;
    answer.times = node.find("fail") != nullptr ? 1 : 0;
    for (const auto& [key, value] : node.members) {
      if (key.text == "use") answer.use = operation(value);
      if (key.text == "step") answer.step = step(value);
      if (key.text == "code") answer.code = text(value, "code");
      if (key.text == "times") answer.times = whole(value, "times", 1, 1'000'000);
      if (key.text == "retry_after") answer.retry_after_for = duration(value, "retry_after");
      if (key.text == "fail") answer.fail = choice(value, "fail", kFailures), ++kinds;
      if (key.text == "output") answer.output = node_value(value), answer.kind = GivenAnswer::Kind::output, ++kinds;
      if (key.text == "answer") raw(value, answer), answer.kind = GivenAnswer::Kind::answer, ++kinds;
    }
    if (kinds != 1)
      findings_.error(node.place, "missing_key", "an answer has one of `fail`, `output` and `answer`",
                      "write for example `fail: rate_limited`");
    if (answer.use.empty() && answer.step.empty() && node.find("use") == nullptr && node.find("step") == nullptr)
      findings_.error(node.place, "missing_key", "an answer says neither `use` nor `step`",
                      "add `use: kakao.alimtalk.send` or `step: remind`");
    if (answer.retry_after_for && answer.kind != GivenAnswer::Kind::fail)
      findings_.error(node.place, "conflicting_keys", "`retry_after` belongs to `fail`",
                      "in an answer write the header: headers: {retry-after: \"30\"}");
    return answer;
  }

  void raw(const Node& node, GivenAnswer& answer) {
    if (!is_map(node, "an answer", {"status", "headers", "body"})) return;
    for (const auto& [key, value] : node.members) {
      if (key.text == "status") answer.status = whole(value, "status", 100, 599);
      if (key.text == "body") answer.body = node_value(value);
      if (key.text == "headers" && is_kind(value, Node::Kind::map, "headers", "a map"))
        for (const auto& [name, content] : value.members)
          answer.headers.emplace_back(name.text, text(content, name.text));
    }
  }

  void expect(const Node& node, TestCase& test) {
    if (!is_map(node, "`expect`", {"sent", "runs", "steps", "not_started"})) return;
    for (const auto& [key, value] : node.members) {
      if (key.text == "sent" && is_list(value, "sent", "write `sent: []` where nothing is sent", kGivenMax))
        for (const Node& item : value.items) test.sent.push_back(send(item));
      if (key.text == "runs") runs(value, test);
      if (key.text == "steps" && is_kind(value, Node::Kind::map, "steps", "a map of step ids and states"))
        for (const auto& [id, state] : value.members)
          test.steps.emplace_back(step(id), choice(state, id.text, kStepStates));
      if (key.text == "not_started" &&
          is_list(value, "not_started", "write `not_started: [already_running]`", kGivenMax)) {
        test.not_started.emplace();
        for (const Node& item : value.items) test.not_started->push_back(text(item, "not_started"));
      }
    }
    need(node, "`expect`", "sent", "write `sent: []` where nothing is sent");
  }

  ExpectedSend send(const Node& node) {
    ExpectedSend sent;
    sent.place = node.place;
    if (!is_map(node, "an entry of `sent`", {"after", "at", "use", "step", "to", "with"})) return sent;
    for (const auto& [key, value] : node.members) {
      if (key.text == "use") sent.use = operation(value);
      if (key.text == "step") sent.step = step(value);
      if (key.text == "to") sent.to = text(value, "to");
      if (key.text == "with" && is_kind(value, Node::Kind::map, "with", "a map")) sent.with = node_value(value);
    }
    sent.when = moment(node);
    if (node.find("use") == nullptr && node.find("step") == nullptr)
      findings_.error(node.place, "missing_key", "an entry of `sent` says neither `use` nor `step`",
                      "add `use: kakao.alimtalk.send` or `step: remind`");
    if (node.find("after") == nullptr && node.find("at") == nullptr)
      findings_.error(node.place, "missing_key", "an entry of `sent` does not say when", "add `after: 30m`");
    return sent;
  }

  void runs(const Node& node, TestCase& test) {
    if (node.kind != Node::Kind::list) {
      test.runs = static_cast<std::size_t>(whole(node, "runs", 0, 1'000'000));
      return;
    }
    test.run_list.emplace();
    for (const Node& item : node.items) {
      ExpectedRun run;
      if (is_map(item, "an entry of `runs`", {"state", "reason", "key"})) {
        for (const auto& [key, value] : item.members) {
          if (key.text == "state") run.state = choice(value, "state", kRunStates);
          if (key.text == "reason") run.reason = text(value, "reason");
          if (key.text == "key") run.key = text(value, "key");
        }
      }
      test.run_list->push_back(std::move(run));
    }
  }

  Moment moment(const Node& node) {
    Moment moment;
    const Node* after = node.find("after");
    const Node* at = node.find("at");
    if (after != nullptr && at != nullptr)
      findings_.error(at->place, "conflicting_keys", "both `after` and `at` say when", "leave one of them out");
    if (after != nullptr) moment.after_for = duration(*after, "after").value_or(0);
    if (moment.after_for > kTestForMax)
      findings_.error(after->place, "bad_duration", "`after` is longer than 400 days", "watch for at most 400d");
    if (at != nullptr) moment.at_ms = instant(*at, "at");
    return moment;
  }

  bool is_kind(const Node& node, Node::Kind kind, const std::string& key, const std::string& wanted) {
    if (node.kind == kind) return true;
    if (node.kind != Node::Kind::refused)
      findings_.error(node.place, "wrong_kind", "`" + key + "` is " + kind_text(node) + ", but takes " + wanted,
                      "write " + wanted);
    return false;
  }

  bool is_list(const Node& node, const std::string& key, const std::string& mend, std::size_t max) {
    if (node.kind == Node::Kind::list && node.items.size() <= max) return true;
    if (node.kind == Node::Kind::list)
      findings_.error(node.place, "too_many", "`" + key + "` has more than " + std::to_string(max) + " entries",
                      "split them up");
    else if (node.kind != Node::Kind::refused)
      findings_.error(node.place, "wrong_kind", "`" + key + "` is " + kind_text(node) + ", but takes a list", mend);
    return false;
  }

  bool is_map(const Node& node, const std::string& thing, const Words& keys) {
    if (node.kind != Node::Kind::map) {
      if (node.kind != Node::Kind::refused)
        findings_.error(node.place, "wrong_kind",
                        thing + " is a map of keys and values, but this is " + kind_text(node),
                        "write `key: value`; known keys are " + joined(keys));
      return false;
    }
    for (const Member& member : node.members) {
      if (std::find(keys.begin(), keys.end(), member.key.text) == keys.end())
        findings_.error(member.key.place, "unknown_key", thing + " has no key " + quoted(member.key.text),
                        did_you_mean(member.key.text, keys, "known keys are " + joined(keys)));
    }
    return true;
  }

  void need(const Node& node, const std::string& thing, const std::string& key, const std::string& mend) {
    if (node.find(key) == nullptr) findings_.error(node.place, "missing_key", thing + " has no `" + key + "`", mend);
  }

  std::string text(const Node& node, const std::string& key) {
    if (node.kind == Node::Kind::scalar && !node.text.empty() && !node_value(node).is_null()) return node.text;
    if (node.kind == Node::Kind::scalar && node.style != Style::plain) return node.text;
    if (node.kind != Node::Kind::refused)
      findings_.error(node.place, "wrong_kind", "`" + key + "` is " + kind_text(node) + ", but takes a text",
                      "write a text behind the colon");
    return "";
  }

  std::optional<Millis> duration(const Node& node, const std::string& key) {
    const std::string found = text(node, key);
    if (found == "0") return 0;
    if (found.empty()) return {};
    if (const auto parsed = parse_duration(found)) return *parsed;
    findings_.error(node.place, "bad_duration", "`" + key + "` is " + quoted(found) + ", which is no duration",
                    "write it like 90s, 30m, 5h, 7d or 1h30m");
    return {};
  }

  std::optional<Millis> instant(const Node& node, const std::string& key) {
    const std::string found = text(node, key);
    if (found.empty()) return {};
    if (const auto parsed = parse_rfc3339(found)) return *parsed;
    findings_.error(node.place, "bad_time", "`" + key + "` is " + quoted(found) + ", which is no instant",
                    "write it like 2026-03-02T09:00:00+09:00");
    return {};
  }

  int whole(const Node& node, const std::string& key, int lowest, int highest) {
    if (node.kind == Node::Kind::scalar) {
      const Value value = node_value(node);
      const std::int64_t* number = value.if_int();
      if (number != nullptr && *number >= lowest && *number <= highest) return static_cast<int>(*number);
    }
    if (node.kind != Node::Kind::refused)
      findings_.error(node.place, "wrong_kind",
                      "`" + key + "` is " + kind_text(node) + ", but takes a whole number from " +
                          std::to_string(lowest) + " to " + std::to_string(highest),
                      "write a number without quotes");
    return lowest;
  }

  std::string choice(const Node& node, const std::string& key, const Words& choices) {
    std::string found = text(node, key);
    if (found.empty() || std::find(choices.begin(), choices.end(), found) != choices.end()) return found;
    findings_.error(node.place, "unknown_choice", "`" + key + "` cannot be " + quoted(found),
                    did_you_mean(found, choices, "it is one of " + joined(choices)));
    return found;
  }

  std::string operation(const Node& node) {
    std::string found = text(node, "use");
    if (!found.empty() && found.find('.') == std::string::npos)
      findings_.error(node.place, "bad_operation", quoted(found) + " names no operation",
                      "write connector.operation, like slack.message.post");
    return found;
  }

  std::string step(const Node& node) {
    std::string id = text(node, "step");
    if (id.empty() || steps_ == nullptr || steps_->contains(id)) return id;
    const Words known(steps_->begin(), steps_->end());
    findings_.error(node.place, "unknown_step", "the recipe has no step " + quoted(id),
                    did_you_mean(id, known, "its steps are " + joined(known)));
    return id;
  }

  const std::set<std::string, std::less<>>* steps_;  // null: not known
  Findings& findings_;
};

}  // namespace

std::vector<TestCase> read_tests(const Node& node, const std::set<std::string, std::less<>>& steps,
                                 Findings& findings) {
  return TestReader(&steps, findings).tests(node);
}

std::vector<TestCase> tests_of(std::string_view text, Format format) {
  Findings findings;
  const auto document = format == Format::json ? parse_json_document(text, findings) : parse_yaml(text, findings);
  const Node* tests = document ? document->find("tests") : nullptr;
  return tests == nullptr ? std::vector<TestCase>() : TestReader(nullptr, findings).tests(*tests);
}

}  // namespace ieum::recipe
