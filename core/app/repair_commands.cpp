#include "app/repair_commands.hpp"

#include <poll.h>
#include <unistd.h>

#include <cstdio>
#include <iostream>

#include "app/asking.hpp"
#include "app/data_dir.hpp"
#include "app/remote.hpp"
#include "app/terminal.hpp"
#include "base/encoding.hpp"
#include "base/json.hpp"
#include "base/time_text.hpp"
#include "runtime/disk_marks.hpp"

namespace ieum::app {
namespace {

constexpr int kLookAgainMs = 200;  // at how far a plan is

std::string joined(const std::vector<std::string>& words) {
  std::string text;
  for (const auto& word : words) text.append(text.empty() ? "" : " ").append(word);
  return text;
}

// True when a person agrees; without a terminal only --yes does.
bool agreed(bool yes, const char* question) {
  if (yes) return true;
  if (::isatty(STDIN_FILENO) == 0) {
    std::fprintf(stderr, "there is nobody to ask; add --yes\n");
    return false;
  }
  std::printf("%s [y/N] ", question);
  std::fflush(stdout);
  std::string line;
  return std::getline(std::cin, line) && (line == "y" || line == "Y" || line == "yes");
}

void show_effects(const Value& answer, const Terminal& terminal) {
  std::vector<std::vector<std::string>> rows;
  for (const auto& effect : list_of(answer, "effects")) {
    std::string to;
    for (const auto& one : list_of(effect, "to")) to.append(to.empty() ? "" : ", ").append(text_of(&one));
    rows.push_back({std::to_string(effect.number("count")), effect.text("operation"), text_of(effect.get("connection")),
                    text_of(effect.get("reaches")), printable(to)});
  }
  if (rows.empty()) return void(std::printf("nothing happens at a vendor again\n"));
  std::printf("%s", terminal.table({"TIMES", "AGAIN", "CONNECTION", "REACHES", "TO"}, rows).c_str());
}

void show_run_line(const Value& run, const Terminal& terminal) {
  std::printf("run %lld: %s\n", static_cast<long long>(run.number("id")), terminal.state(run.text("state")).c_str());
}

void show_runs(const Value& answer, const Terminal& terminal) {
  std::vector<std::vector<std::string>> rows;
  for (const auto& run : list_of(answer, "runs")) {
    auto note = text_of(run.get("found"));
    if (note.empty()) note = text_of(run.get("reason"));
    rows.push_back({std::to_string(run.number("id")), text_of(run.get("recipe")), terminal.state(run.text("state")),
                    text_of(run.get("at_step")), time_of(run, "started_ms"), printable(note)});
  }
  if (rows.empty()) return void(std::printf("no runs\n"));
  std::printf("%s", terminal.table({"RUN", "RECIPE", "STATE", "STEP", "STARTED", "NOTE"}, rows).c_str());
}

}  // namespace

int run_search(const Common& common, const std::vector<std::string>& words, int limit) {
  const std::string path = "/api/v1/runs?limit=" + std::to_string(limit) + "&q=" + percent_encode(joined(words));
  return ask(common, "GET", path, {}, show_runs);
}

int run_resume(const Common& common, std::int64_t id, const std::string& output) {
  std::string text = output;
  if (output.starts_with("@")) {
    auto read = read_file(output.substr(1), 1u << 20);
    if (read.has_error()) return report(read.error(), common.json);
    text = std::move(*read);
  }
  auto value = parse_json(text);
  if (value.has_error()) return report(std::move(value.error()).at("the output"), common.json);
  return ask(common, "POST", "/api/v1/runs/" + std::to_string(id) + "/resume", Map{{"output", *value}}, show_run_line);
}

int run_replay(const Common& common, std::int64_t id, bool yes) {
  const auto remote = Remote::to(common.data);
  if (remote.has_error()) return report(remote.error(), common.json);
  const std::string run = "/api/v1/runs/" + std::to_string(id);
  const auto effects = remote->call("GET", run + "/effects");
  if (effects.has_error()) return report(effects.error(), common.json);
  if (!common.json) show_effects(*effects, Terminal::standard_output());
  if (!agreed(yes, "Do this again?")) return 1;
  return ask(common, "POST", run + "/replay", Map{{"nth", effects->number("nth")}}, show_run_line);
}

int run_bulk(const Common& common, const std::string& action, const std::vector<std::string>& query,
             std::int64_t per_minute, bool yes) {
  const auto remote = Remote::to(common.data);
  if (remote.has_error()) return report(remote.error(), common.json);
  const auto plan = remote->call("POST", "/api/v1/bulk/preview", Map{{"action", action}, {"q", joined(query)}});
  if (plan.has_error()) return report(plan.error(), common.json);
  if (!common.json) {
    const auto terminal = Terminal::standard_output();
    std::printf("%s: %lld runs%s\n", action.c_str(), static_cast<long long>(plan->number("total")),
                plan->flag("capped") ? ", and more that are left for another time" : "");
    for (const auto& refused : list_of(*plan, "refused"))
      std::printf("  left alone: %lld, because %s\n", static_cast<long long>(refused.number("count")),
                  refused.text("why").c_str());
    const bool doubled = action == "retry" && !list_of(*plan, "effects").empty();
    if (doubled) std::printf("some are in doubt: what was sent may have arrived, and may arrive a second time\n");
    if (doubled || action == "replay") show_effects(*plan, terminal);
  }
  if (plan->number("total") == 0) return 1;
  if (!agreed(yes, "Begin?")) return 1;
  const std::string path = "/api/v1/bulk/" + plan->text("plan");
  auto state = remote->call("POST", path, Map{{"per_minute", per_minute}});
  const bool shows = !common.json && ::isatty(STDOUT_FILENO) != 0;
  while (state.has_value() && state->text("state") == "running") {
    if (shows) {
      std::printf("\r%lld of %lld",
                  static_cast<long long>(state->number("done")) + static_cast<long long>(state->number("failed")),
                  static_cast<long long>(state->number("total")));
      std::fflush(stdout);
    }
    ::poll(nullptr, 0, kLookAgainMs);
    state = remote->call("GET", path);
  }
  if (state.has_error()) return report(state.error(), common.json);
  if (common.json) {
    std::printf("%s\n", write_json(*state).c_str());
  } else {
    const auto done = state->number("done"), failed = state->number("failed"), total = state->number("total");
    std::printf("%s%s: done %lld, not done %lld", shows ? "\r" : "", state->text("state").c_str(),
                static_cast<long long>(done), static_cast<long long>(failed));
    std::printf(done + failed < total ? ", left as they are %lld\n" : "\n",
                static_cast<long long>(total - done - failed));
    for (const auto& problem : list_of(*state, "problems")) {
      const auto run = problem.number("run");
      std::printf("  %s%s\n", run == 0 ? "" : ("run " + std::to_string(run) + ": ").c_str(),
                  printable(problem.text("message")).c_str());
    }
  }
  return state->text("state") == "done" && state->number("failed") == 0 ? 0 : 1;
}

int run_plans(const Common& common, const std::string& stop) {
  const auto show = [](const Value& plan) {
    return std::vector<std::string>{plan.text("plan"),
                                    plan.text("action"),
                                    plan.text("state"),
                                    std::to_string(plan.number("done")) + " of " + std::to_string(plan.number("total")),
                                    std::to_string(plan.number("failed")),
                                    plan.text("by"),
                                    printable(plan.text("q"))};
  };
  const std::vector<std::string> heads{"PLAN", "ACTION", "STATE", "DONE", "NOT DONE", "BY", "QUERY"};
  if (!stop.empty())
    return ask(common, "POST", "/api/v1/bulk/" + percent_encode(stop) + "/stop", Map{},
               [&](const Value& plan, const Terminal& terminal) {
                 std::printf("%s", terminal.table(heads, {show(plan)}).c_str());
               });
  return ask(common, "GET", "/api/v1/bulk", {}, [&](const Value& answer, const Terminal& terminal) {
    std::vector<std::vector<std::string>> rows;
    for (const auto& plan : list_of(answer, "plans")) rows.push_back(show(plan));
    if (rows.empty()) return void(std::printf("no plan was begun since the hub started\n"));
    std::printf("%s", terminal.table(heads, rows).c_str());
  });
}

int event_act(const Common& common, std::int64_t id, const std::string& action) {
  return ask(common, "POST", "/api/v1/events/" + std::to_string(id) + "/" + action, Map{},
             [](const Value& event, const Terminal& terminal) {
               std::printf("event %lld: %s\n", static_cast<long long>(event.number("id")),
                           terminal.state(event.text("state")).c_str());
             });
}

int hold_list(const Common& common) {
  return ask(common, "GET", "/api/v1/holds", {}, [](const Value& answer, const Terminal& terminal) {
    std::vector<std::vector<std::string>> rows;
    for (const auto& hold : list_of(answer, "holds"))
      rows.push_back({std::to_string(hold.number("id")), hold.text("kind"), hold.text("name"), hold.text("state"),
                      std::to_string(hold.number("queued")), time_of(hold, "since_ms"), time_of(hold, "until_ms"),
                      hold.text("made_by"), printable(hold.text("reason"))});
    if (rows.empty()) return void(std::printf("nothing is on hold\n"));
    std::printf(
        "%s",
        terminal.table({"HOLD", "KIND", "NAME", "STATE", "WAITING", "SINCE", "UNTIL", "BY", "REASON"}, rows).c_str());
  });
}

int hold_add(const Common& common, const RepairWords& words) {
  Map body{{"kind", words.kind}, {"name", words.name}};
  if (!words.reason.empty()) body.set("reason", words.reason);
  if (!words.expire_after.empty()) body.set("expire_after", words.expire_after);
  if (!words.expire_then.empty()) body.set("expire_then", words.expire_then);
  if (!words.span.empty()) {
    const auto span = parse_duration(words.span);
    if (span.has_error()) return report(span.error(), common.json);
    const auto remote = Remote::to(common.data);
    if (remote.has_error()) return report(remote.error(), common.json);
    const auto status = remote->call("GET", "/api/v1/status");
    if (status.has_error()) return report(status.error(), common.json);
    body.set("until_ms", status->get("clock")->number("now_ms") + *span);
  }
  return ask(common, "POST", "/api/v1/holds", std::move(body), [&](const Value& answer, const Terminal&) {
    std::printf("%s%s%s is on hold: what goes out of it waits. Let it go: ieum hold release %lld\n", words.kind.c_str(),
                words.kind == "hub" ? "" : " ", words.kind == "hub" ? "" : words.name.c_str(),
                static_cast<long long>(answer.number("id")));
  });
}

int hold_release(const Common& common, const RepairWords& words) {
  Map body{{"per_minute", words.per_minute}};
  if (!words.expire_after.empty()) body.set("expire_after", words.expire_after);
  if (!words.expire_then.empty()) body.set("expire_then", words.expire_then);
  return ask(common, "POST", "/api/v1/holds/" + std::to_string(words.id) + "/release", std::move(body),
             [](const Value&, const Terminal&) { std::printf("released\n"); });
}

int problem_list(const Common& common, bool resolved) {
  return ask(
      common, "GET", std::string("/api/v1/problems?state=") + (resolved ? "resolved" : "open"), {},
      [](const Value& answer, const Terminal& terminal) {
        std::vector<std::vector<std::string>> rows;
        for (const auto& one : list_of(answer, "problems"))
          rows.push_back({std::to_string(one.number("id")), text_of(one.get("recipe")), one.text("step"),
                          one.text("code"), std::to_string(one.number("since_open")), time_of(one, "last_ms"),
                          std::to_string(one.number("last_run")), printable(one.text("message"))});
        if (rows.empty()) return void(std::printf("no problems\n"));
        std::printf(
            "%s",
            terminal.table({"PROBLEM", "RECIPE", "STEP", "CODE", "TIMES", "LAST", "RUN", "MESSAGE"}, rows).c_str());
      });
}

int problem_move(const Common& common, std::int64_t id, const std::string& action) {
  return ask(common, "POST", "/api/v1/problems/" + std::to_string(id) + "/" + action, Map{},
             [](const Value& problem, const Terminal&) {
               std::printf("problem %lld: %s\n", static_cast<long long>(problem.number("id")),
                           problem.text("state").c_str());
             });
}

int overview(const Common& common) {
  return ask(common, "GET", "/api/v1/overview", {}, [](const Value& answer, const Terminal& terminal) {
    const auto number = [&](const char* part, const char* name) {
      const auto* inside = answer.get(part);
      return std::to_string(inside == nullptr ? 0 : inside->number(name));
    };
    std::string dead;
    for (const auto& name : list_of(answer, "connections_dead"))
      dead.append(dead.empty() ? "" : ", ").append(text_of(&name));
    const std::vector<std::vector<std::string>> rows{
        {"events not routed", number("backlog", "events"), time_of(*answer.get("backlog"), "oldest_ms")},
        {"actions due", number("backlog", "actions_due"), time_of(*answer.get("backlog"), "oldest_due_ms")},
        {"waits within the hour", number("waits", "within_hour"), time_of(*answer.get("waits"), "next_ms")},
        {"runs in doubt", number("totals", "runs_in_doubt"), ""},
        {"runs held", std::to_string(answer.number("held")), ""},
        {"events quarantined", number("totals", "events_quarantined"), ""},
        {"events set aside", number("totals", "events_set_aside"), ""},
        {"problems open", std::to_string(answer.number("problems_open")), ""},
        {"dead connections", std::to_string(list_of(answer, "connections_dead").size()), dead}};
    std::printf("%s", terminal.table({"WHAT", "NOW", "OLDEST OR NEXT"}, rows).c_str());
  });
}

int settings(const Common& common, std::int64_t runs_days, std::int64_t events_days, const std::string& max_size) {
  Map retention;
  if (runs_days >= 0) retention.set("runs_days", runs_days);
  if (events_days >= 0) retention.set("events_days", events_days);
  if (!max_size.empty()) {
    const auto bytes = runtime::parse_bytes(max_size);
    if (bytes.has_error()) return report(bytes.error(), common.json), 2;
    retention.set("max_bytes", *bytes);
  }
  const bool changes = !retention.empty();
  return ask(common, changes ? "POST" : "GET", "/api/v1/settings",
             changes ? Value(Map{{"retention", std::move(retention)}}) : Value(),
             [](const Value& answer, const Terminal&) {
               const auto* kept = answer.get("retention");
               std::printf("runs are kept for %lld days after they ended, events for %lld (0: for ever)\n",
                           static_cast<long long>(kept->number("runs_days")),
                           static_cast<long long>(kept->number("events_days")));
               const auto most = kept->number("max_bytes");
               std::printf("%s\n", most == 0 ? "the store may grow (--max-size sets a limit)"
                                             : ("the store stays below " + bytes_text(most) +
                                                ": the oldest ended runs go before their time")
                                                   .c_str());
             });
}

int recipe_diff(const Common& common, const std::string& name, std::int64_t from, std::int64_t to) {
  std::string path = "/api/v1/recipes/" + percent_encode(name) + "/diff?from=" + std::to_string(from);
  if (to != 0) path += "&to=" + std::to_string(to);
  return ask(common, "GET", path, {}, [](const Value& answer, const Terminal&) {
    const auto text = answer.text("diff_text");
    std::printf("%s", text.empty() ? "they mean the same\n" : text.c_str());
  });
}

int recipe_try(const Common& common, const RepairWords& words) {
  Map body{{"days", words.days}};
  if (words.event != 0) body.set("event", words.event);
  if (!words.kind.empty()) body.set("connector", words.kind);
  if (!words.topic.empty()) body.set("topic", words.topic);
  if (!words.data.empty()) {
    const auto text = read_file(words.data, 25u << 20);
    if (text.has_error()) return report(text.error(), common.json);
    auto data = parse_json(*text);
    if (data.has_error()) return report(std::move(data.error()).at(words.data), common.json);
    body.set("data", *data);
  }
  return ask(common, "POST", "/api/v1/recipes/" + percent_encode(words.name) + "/try", std::move(body),
             [](const Value& answer, const Terminal& terminal) {
               for (const auto& reason : list_of(answer, "not_started"))
                 std::printf("no run: %s\n", text_of(&reason).c_str());
               for (const auto& step : list_of(answer, "steps"))
                 std::printf("%s  %s  %s %s %s\n", time_of(step, "at_ms").c_str(),
                             terminal.state(step.text("state")).c_str(), step.text("step").c_str(),
                             step.text("operation").c_str(), printable(text_of(step.at_path("error.message"))).c_str());
               for (const auto& run : list_of(answer, "runs"))
                 std::printf("run %s %s\n", terminal.state(run.text("state")).c_str(),
                             printable(run.text("reason")).c_str());
             });
}

int connection_deliveries(const Common& common, const std::string& name) {
  return ask(common, "GET", "/api/v1/connections/" + percent_encode(name) + "/deliveries", {},
             [](const Value& answer, const Terminal& terminal) {
               std::vector<std::vector<std::string>> rows;
               for (const auto& one : list_of(answer, "deliveries"))
                 rows.push_back({time_of(one, "at_ms"), terminal.state(one.text("verdict")), text_of(one.get("event")),
                                 one.text("code"), printable(text_of(one.at_path("why.en")))});
               if (rows.empty()) return void(std::printf("no deliveries\n"));
               std::printf("%s", terminal.table({"WHEN", "VERDICT", "EVENT", "CODE", "WHY"}, rows).c_str());
             });
}

int view_list(const Common& common) {
  return ask(common, "GET", "/api/v1/views", {}, [](const Value& answer, const Terminal& terminal) {
    std::vector<std::vector<std::string>> rows;
    for (const auto& view : list_of(answer, "views"))
      rows.push_back({std::to_string(view.number("id")), printable(view.text("name")), printable(view.text("query")),
                      view.flag("shared") ? "everybody" : "me"});
    if (rows.empty()) return void(std::printf("no saved views\n"));
    std::printf("%s", terminal.table({"VIEW", "NAME", "QUERY", "FOR"}, rows).c_str());
  });
}

int view_add(const Common& common, const std::string& name, const std::string& query, bool shared) {
  return ask(common, "POST", "/api/v1/views", Map{{"name", name}, {"query", query}, {"shared", shared}},
             [](const Value& answer, const Terminal&) { std::printf("%s\n", write_json(answer).c_str()); });
}

int view_remove(const Common& common, std::int64_t id) {
  return ask(common, "DELETE", "/api/v1/views/" + std::to_string(id), {},
             [](const Value&, const Terminal&) { std::printf("removed\n"); });
}

}  // namespace ieum::app
