// Commands about a running hub, through its admin API.
#include <cstdio>
#include <iostream>

#include "app/asking.hpp"
#include "app/commands.hpp"
#include "app/data_dir.hpp"
#include "app/remote.hpp"
#include "app/terminal.hpp"
#include "base/encoding.hpp"
#include "base/json.hpp"

namespace ieum::app {
namespace {

void show_attempt(const Value& attempt, const Terminal& terminal) {
  const auto* request = attempt.get("request");
  const auto* answer = attempt.get("answer");
  const auto* failure = attempt.get("failure");
  if (request == nullptr) return;
  const std::string purpose = attempt.text("purpose");
  std::string outcome;
  if (answer != nullptr) {
    outcome = std::to_string(answer->number("status"));
  } else if (failure != nullptr) {
    outcome = failure->text("code") +
              (failure->text("sent") == "maybe" ? ", it may have arrived" : ", nothing left the machine");
  }
  std::printf("      %s %s%s %s -> %s\n", terminal.paint(Colour::dim, time_of(attempt, "at_ms").substr(11)).c_str(),
              purpose.empty() ? "" : (purpose + ": ").c_str(), request->text("method").c_str(),
              printable(request->text("url")).c_str(), printable(outcome).c_str());
}

void show_store(const Value& store, const Terminal& terminal) {
  const auto known = [&](const char* key) {
    const auto* value = store.get(key);
    return value != nullptr && !value->is_null();
  };
  const auto size = [&](const char* key) { return bytes_text(store.number(key)); };
  std::printf("store   %s, of it free %s; log %s%s\n", size("bytes").c_str(), size("free_page_bytes").c_str(),
              size("wal_bytes").c_str(),
              known("grows_bytes_per_day")
                  ? (store.number("grows_bytes_per_day") > 0 ? "; grows " + size("grows_bytes_per_day") + " a day"
                                                             : std::string("; does not grow"))
                        .c_str()
                  : "");
  if (known("wal_held_since_ms"))
    std::printf("        %s since %s: somebody reads the store and keeps the log from being emptied\n",
                terminal.paint(Colour::yellow, "log held").c_str(), time_of(store, "wal_held_since_ms").c_str());
  if (!known("disk_free_bytes")) return;
  std::printf("disk    %s free of %s%s\n", size("disk_free_bytes").c_str(), size("disk_bytes").c_str(),
              known("full_at_ms") ? ("; full on " + time_of(store, "full_at_ms") + " at this rate").c_str() : "");
  const auto room = store.text("room");
  if (room == "low")
    std::printf("        %s (less than %s): make room, or keep less (ieum settings)\n",
                terminal.paint(Colour::yellow, "little room").c_str(), size("low_below_bytes").c_str());
  if (room == "full" && store.number("disk_free_bytes") >= store.number("full_below_bytes"))
    std::printf("        %s: deliveries are refused with 503 until the log can be emptied; end what reads hub.db\n",
                terminal.paint(Colour::red, "log too long").c_str());
  else if (room == "full")
    std::printf(
        "        %s: deliveries are refused with 503 until there is; make room, and the hub goes on by itself\n",
        terminal.paint(Colour::red, "no room").c_str());
}

}  // namespace

int run_list(const Common& common, const std::string& recipe, const std::string& state, int limit) {
  std::string path = "/api/v1/runs?limit=" + std::to_string(limit);
  if (!recipe.empty()) path += "&recipe=" + percent_encode(recipe);
  if (!state.empty()) path += "&state=" + percent_encode(state);
  return ask(common, "GET", path, {}, [](const Value& answer, const Terminal& terminal) {
    std::vector<std::vector<std::string>> rows;
    for (const auto& run : list_of(answer, "runs")) {
      rows.push_back({std::to_string(run.number("id")), text_of(run.get("recipe")), terminal.state(run.text("state")),
                      text_of(run.get("at_step")), time_of(run, "started_ms"), time_of(run, "due_ms"),
                      printable(text_of(run.get("reason")))});
    }
    if (rows.empty()) return void(std::printf("no runs\n"));
    std::printf("%s", terminal.table({"RUN", "RECIPE", "STATE", "STEP", "STARTED", "DUE", "REASON"}, rows).c_str());
  });
}

int run_show(const Common& common, std::int64_t id) {
  return ask(common, "GET", "/api/v1/runs/" + std::to_string(id), {}, [](const Value& run, const Terminal& terminal) {
    std::printf("run %lld of %s: %s\n", static_cast<long long>(run.number("id")), text_of(run.get("recipe")).c_str(),
                terminal.state(run.text("state")).c_str());
    if (const auto reason = text_of(run.get("reason")); !reason.empty())
      std::printf("  reason   %s\n", printable(reason).c_str());
    std::printf("  started  %s\n", time_of(run, "started_ms").c_str());
    if (const auto due = time_of(run, "due_ms"); !due.empty()) std::printf("  due      %s\n", due.c_str());
    if (const auto ended = time_of(run, "ended_ms"); !ended.empty()) std::printf("  ended    %s\n", ended.c_str());
    if (const auto customer = text_of(run.get("customer")); !customer.empty())
      std::printf("  customer %s\n", customer.c_str());
    std::printf("  event    %s\n", text_of(run.get("event")).c_str());
    for (const auto& step : list_of(run, "steps")) {
      std::printf("  %s  %s  %s %s\n", terminal.state(step.text("state")).c_str(), text_of(step.get("step")).c_str(),
                  text_of(step.get("operation")).c_str(), printable(text_of(step.at_path("error.code"))).c_str());
      if (const auto text = text_of(step.at_path("error.message")); !text.empty())
        std::printf("      %s\n", printable(text).c_str());
      for (const auto& attempt : list_of(step, "exchange")) show_attempt(attempt, terminal);
    }
    if (run.text("state") == "in_doubt") {
      std::printf(
          "\nIt is not known whether the last step happened. Look at the vendor, then:\n  ieum run retry %lld    sends "
          "it again\n  ieum run cancel %lld   leaves it\n",
          static_cast<long long>(run.number("id")), static_cast<long long>(run.number("id")));
    }
  });
}

int run_act(const Common& common, std::int64_t id, const std::string& action) {
  return ask(common, "POST", "/api/v1/runs/" + std::to_string(id) + "/" + action, Map{},
             [](const Value& run, const Terminal& terminal) {
               std::printf("run %lld: %s\n", static_cast<long long>(run.number("id")),
                           terminal.state(run.text("state")).c_str());
             });
}

int event_list(const Common& common, const std::string& state, int limit) {
  std::string path = "/api/v1/events?limit=" + std::to_string(limit);
  if (!state.empty()) path += "&state=" + percent_encode(state);
  return ask(common, "GET", path, {}, [](const Value& answer, const Terminal& terminal) {
    std::vector<std::vector<std::string>> rows;
    for (const auto& event : list_of(answer, "events")) {
      rows.push_back({std::to_string(event.number("id")), text_of(event.get("connection")),
                      printable(event.text("topic")), terminal.state(event.text("state")),
                      time_of(event, "received_ms"), printable(text_of(event.get("reason")))});
    }
    if (rows.empty()) return void(std::printf("no events\n"));
    std::printf("%s", terminal.table({"EVENT", "CONNECTION", "TOPIC", "STATE", "RECEIVED", "NOTE"}, rows).c_str());
  });
}

int event_show(const Common& common, std::int64_t id) {
  return ask(common, "GET", "/api/v1/events/" + std::to_string(id), {},
             [](const Value& event, const Terminal&) { std::printf("%s\n", write_pretty_json(event).c_str()); });
}

int event_send(const Common& common, const std::string& connection, const std::string& topic, const std::string& file) {
  const auto text = file == "-" ? Result<std::string>(std::string(std::istreambuf_iterator<char>(std::cin), {}))
                                : read_file(file, 25u << 20);
  if (text.has_error()) return report(text.error(), common.json);
  auto data = parse_json(*text);
  if (data.has_error()) return report(std::move(data.error()).at(file), common.json);
  return ask(common, "POST", "/api/v1/events", Map{{"connection", connection}, {"topic", topic}, {"data", *data}},
             [](const Value& answer, const Terminal&) { std::printf("%s\n", answer.text("receipt").c_str()); });
}

int status(const Common& common) {
  return ask(common, "GET", "/api/v1/status", {}, [](const Value& answer, const Terminal& terminal) {
    const auto* totals = answer.get("totals");
    std::printf("ieum %s, since %s\n", answer.text("version").c_str(), time_of(answer, "started_ms").c_str());
    if (totals == nullptr) return;
    std::printf("events  %lld, not yet routed %lld, quarantined %lld, set aside %lld\n",
                static_cast<long long>(totals->number("events")),
                static_cast<long long>(totals->number("events_accepted")),
                static_cast<long long>(totals->number("events_quarantined")),
                static_cast<long long>(totals->number("events_set_aside")));
    std::printf("runs    %lld, acting %lld, waiting %lld, in doubt %lld, failed %lld\n",
                static_cast<long long>(totals->number("runs")), static_cast<long long>(totals->number("runs_acting")),
                static_cast<long long>(totals->number("runs_waiting")),
                static_cast<long long>(totals->number("runs_in_doubt")),
                static_cast<long long>(totals->number("runs_failed")));
    if (const auto* store = answer.get("store"); store != nullptr) show_store(*store, terminal);
    if (const auto* hold = answer.get("hub_hold"); hold != nullptr && !hold->is_null())
      std::printf("%s all that goes out, since %s: %s\n        let it go: ieum hold release %lld\n",
                  terminal.paint(Colour::yellow, "on hold").c_str(), time_of(*hold, "since_ms").c_str(),
                  printable(hold->text("reason")).c_str(), static_cast<long long>(hold->number("id")));
  });
}

int console(const Common& common) {
  return ask(common, "POST", "/api/v1/login-links", Map{}, [](const Value& answer, const Terminal& terminal) {
    std::printf("%s\n%s\n", terminal.paint(Colour::bold, answer.text("url")).c_str(),
                terminal.paint(Colour::dim, "It works once, for five minutes.").c_str());
  });
}

int clock_advance(const Common& common, const std::string& to) {
  return ask(common, "POST", "/api/v1/clock", Map{{"to", to}},
             [](const Value& answer, const Terminal&) { std::printf("%s\n", write_json(answer).c_str()); });
}

}  // namespace ieum::app
