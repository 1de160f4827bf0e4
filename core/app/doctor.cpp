// Doctor: one pass over everything that can be wrong with this hub, each with what to do about it.
#include <cstdio>

#include "app/asking.hpp"
#include "app/connection_troubles.hpp"
#include "app/data_dir.hpp"
#include "app/remote.hpp"
#include "base/json.hpp"

namespace ieum::app {
namespace {

struct Check {
  std::string what;
  Status result;
  std::vector<std::string> hints;  // it holds, and could be better
};

// One line for each connection that is well, with its hints, one for each trouble of the others.
void check_connections(const Value& answer, std::vector<Check>& checks) {
  for (const auto& connection : list_of(answer, "connections")) {
    const std::string what = "connection " + connection.text("name") + " works";
    const auto troubles = troubles_of(connection);
    Check well{what, Status(), {}};
    bool wrong = false;
    for (const auto& trouble : troubles) {
      wrong = wrong || !trouble.hint;
      if (trouble.hint)
        well.hints.push_back(trouble.message + "; to do so: " + trouble.mend);
      else
        checks.push_back({what, Status(Error("connection_trouble", trouble.message, trouble.mend)), {}});
    }
    if (!wrong) checks.push_back(std::move(well));
  }
}

void check_store(const Value& status, std::vector<Check>& checks) {
  static constexpr const char* kMend = "make room, or keep less: ieum settings --runs-days, --max-size";
  const auto* store = status.get("store");
  const auto room = store == nullptr ? std::string() : store->text("room");
  Check check{"the disk has room", {}, {}};
  if (room == "full")
    check.result = Error("disk_full", "there is no room: deliveries are refused until there is", kMend);
  if (room == "low")
    check.result = Error("disk_low", "there is little room: " + bytes_text(store->number("disk_free_bytes")), kMend);
  if (store != nullptr && store->get("wal_held_since_ms") != nullptr && !store->get("wal_held_since_ms")->is_null())
    check.hints.push_back(
        "somebody reads the store since " + time_of(*store, "wal_held_since_ms") +
        " and keeps its log from being emptied; to mend it: end other programs that have hub.db open");
  checks.push_back(std::move(check));
  if (const auto* hold = status.get("hub_hold"); hold != nullptr && !hold->is_null())
    checks.push_back({"what goes out goes",
                      Error("hub_hold", "all that goes out is on hold: " + hold->text("reason"),
                            "look at what waits, then: ieum hold release " + std::to_string(hold->number("id"))),
                      {}});
}

}  // namespace

int doctor(const Common& common) {
  std::vector<Check> checks;
  const auto dir = open_data_dir(common.data);
  checks.push_back({"data directory", dir.has_error() ? Status(dir.error()) : Status(), {}});
  const auto hub = Remote::to(common.data);
  checks.push_back({"a hub runs", hub.has_error() ? Status(hub.error()) : Status(), {}});
  if (hub.has_value()) {
    const auto answer = hub->call("GET", "/api/v1/status");
    checks.push_back({"its admin API answers", answer.has_error() ? Status(answer.error()) : Status(), {}});
    if (answer.has_value() && answer->get("totals") != nullptr) {
      const auto& totals = *answer->get("totals");
      checks.push_back(
          {"nothing is in doubt",
           totals.number("runs_in_doubt") == 0
               ? Status()
               : Status(Error("in_doubt", std::to_string(totals.number("runs_in_doubt")) + " runs wait for a person",
                              "ieum run list --state in_doubt")),
           {}});
      checks.push_back(
          {"no event was set aside",
           totals.number("events_set_aside") == 0
               ? Status()
               : Status(Error("set_aside", std::to_string(totals.number("events_set_aside")) + " events start nothing",
                              "ieum event list --state set_aside")),
           {}});
    }
    if (answer.has_value()) check_store(*answer, checks);
    const auto connections = hub->call("GET", "/api/v1/connections");
    if (connections.has_value()) check_connections(*connections, checks);
  }
  const auto terminal = Terminal::standard_output();
  List all;
  bool failed = false;
  for (const auto& check : checks) {
    const bool bad = check.result.has_error();
    failed = failed || bad;
    Map told{{"check", check.what},
             {"ok", !bad},
             {"message", bad ? check.result.error().what : ""},
             {"mend", bad ? check.result.error().mend : ""}};
    if (!check.hints.empty()) told.set("hints", List(check.hints.begin(), check.hints.end()));
    all.push_back(std::move(told));
    if (common.json) continue;
    std::printf("%s %s\n",
                bad ? terminal.paint(Colour::red, "no ").c_str() : terminal.paint(Colour::green, "yes").c_str(),
                check.what.c_str());
    if (bad)
      std::printf("      %s\n      do: %s\n", printable(check.result.error().what).c_str(),
                  printable(check.result.error().mend).c_str());
    for (const auto& hint : check.hints) std::printf("      hint: %s\n", printable(hint).c_str());
  }
  if (common.json) std::printf("%s\n", write_json(Map{{"ok", !failed}, {"checks", std::move(all)}}).c_str());
  return failed ? 1 : 0;
}

}  // namespace ieum::app
