// `ieum customer show`: who somebody is, what they agreed to, and everything that happened to them, oldest first.
#include <cstdio>

#include "app/asking.hpp"
#include "app/commands.hpp"
#include "app/remote.hpp"
#include "app/terminal.hpp"
#include "base/json.hpp"

namespace ieum::app {
namespace {

constexpr int kEntries = 200;

std::string joined(const std::string& one, const std::string& other, const char* between) {
  return one.empty() || other.empty() ? one + other : one + between + other;
}

// "(info)", "(ad, consent 17)"
std::string kind_of(const Value& message) {
  return "(" + joined(message.text("class"), message.text("basis"), ", ") + ")";
}

// What happened, in the words of a person who reads down a list.
std::string what_of(const Value& entry) {
  const std::string kind = entry.text("kind"), at = joined(text_of(entry.get("recipe")), entry.text("step"), "/");
  if (kind == "event") return entry.text("name");
  if (kind == "message") {
    const std::string why = entry.text("reason");
    std::string what = entry.text("channel") + " " + entry.text("outcome") + " " + kind_of(entry);
    if (!why.empty()) what += ": " + why;
    if (entry.get("until_ms")->if_int() != nullptr) what += " until " + time_of(entry, "until_ms");
    return what + "  " + at;
  }
  if (kind == "open" || kind == "click") {
    std::string what = kind == "open" ? "opened" : "clicked " + joined(entry.text("link"), entry.text("url"), " ");
    if (const std::string machine = entry.text("machine"); !machine.empty()) what += ", a program: " + machine;
    return what + "  " + at;
  }
  if (kind == "run_began") return "run " + std::to_string(entry.number("run")) + " began  " + at;
  if (kind == "run_ended")
    return "run " + std::to_string(entry.number("run")) + " " +
           joined(entry.text("state"), entry.text("reason"), ": ") + "  " + at;
  if (kind == "consent")
    return entry.text("word") + " " + joined(entry.text("purpose"), entry.text("channel"), " ") + "  by " +
           entry.text("source");
  if (kind == "opt_out")
    return "wants no more of " + (entry.text("topic").empty() ? "any advertising" : entry.text("topic")) + "  by " +
           entry.text("source");
  if (kind == "merge") return "became one with customer " + std::to_string(entry.number("customer"));
  return kind;
}

void print_person(const Value& customer, const Terminal& terminal) {
  const Value* name = customer.at_path("traits.name.value");
  std::printf("%s\n", terminal.paint(Colour::bold, "customer " + std::to_string(customer.number("id")) + " " +
                                                       printable(text_of(name)))
                          .c_str());
  std::vector<std::vector<std::string>> known;
  for (const auto& identity : list_of(customer, "identities"))
    known.push_back({identity.text("kind"), printable(identity.text("value"))});
  if (const Value* traits = customer.get("traits"); traits != nullptr && traits->if_map() != nullptr)
    for (const auto& [key, trait] : *traits->if_map())
      if (key != Value("name")) known.push_back({printable(*key.if_string()), printable(text_of(trait.get("value")))});
  if (!known.empty()) std::printf("%s", terminal.table({"KNOWN BY", ""}, known).c_str());
  if (const Value* into = customer.get("merged_into"); into != nullptr && into->if_int() != nullptr)
    std::printf("became one with customer %lld: look there\n", static_cast<long long>(*into->if_int()));
}

}  // namespace

int customer_show(const Common& common, const std::string& who) {
  const auto id = customer_id(common, who);
  if (id.has_error()) return report(id.error(), common.json);
  const auto hub = Remote::to(common.data);
  if (hub.has_error()) return report(hub.error(), common.json);
  auto customer = hub->call("GET", "/api/v1/customers/" + *id);
  if (customer.has_error()) return report(customer.error(), common.json);
  const auto timeline = hub->call("GET", "/api/v1/customers/" + *id + "/timeline?limit=" + std::to_string(kEntries));
  if (timeline.has_error()) return report(timeline.error(), common.json);
  const auto& entries = list_of(*timeline, "entries");
  if (common.json) {
    Map whole = *customer->if_map();
    whole.set("timeline", entries);
    std::printf("%s\n", write_pretty_json(Value(std::move(whole))).c_str());
    return 0;
  }
  const Terminal terminal = Terminal::standard_output();
  print_person(*customer, terminal);
  std::vector<std::vector<std::string>> rows;
  for (auto entry = entries.rbegin(); entry != entries.rend(); ++entry)
    rows.push_back({time_of(*entry, "at_ms"), printable(what_of(*entry))});
  if (rows.empty()) return std::printf("nothing has happened yet\n"), 0;
  std::printf("\n%s", terminal.table({"WHEN", "WHAT"}, rows).c_str());
  const Value* next = timeline->get("next");
  if (next != nullptr && next->if_int() != nullptr)
    std::printf("older: GET /api/v1/customers/%s/timeline?until_ms=%lld\n", id->c_str(),
                static_cast<long long>(*next->if_int()));
  return 0;
}

}  // namespace ieum::app
