// Commands about connections that are there: what they are, how they do, new secrets for them. Adding one is connection_add.cpp.
#include <cstdio>

#include "app/asking.hpp"
#include "app/connection_troubles.hpp"
#include "app/entering.hpp"
#include "app/guide.hpp"
#include "app/remote.hpp"
#include "base/encoding.hpp"
#include "base/json.hpp"

namespace ieum::app {
namespace {

std::string health_of(const Value& connection, const std::vector<Trouble>& troubles, const Terminal& terminal) {
  if (!connection.flag("installed")) return "connector missing";
  const std::string state = text_of(connection.at_path("health.state"));
  if (state == "dead") return terminal.paint(Colour::red, "dead");
  if (state == "login") return terminal.paint(Colour::yellow, "log in first");
  return troubles.empty() || troubles.front().hint ? "ready" : terminal.paint(Colour::yellow, "problem");
}

// The worst trouble; `doctor` tells the others, and what to do.
std::string problem_of(const std::vector<Trouble>& troubles) {
  if (troubles.empty() || troubles.front().hint) return "";
  const auto more = troubles.size() - 1;
  return troubles.front().brief + (more == 0 ? "" : " (" + std::to_string(more) + " more: ieum doctor)");
}

}  // namespace

int connection_rotate(const Common& common, const RotateArguments& arguments) {
  Map body{{"slot", arguments.slot}, {"drop_old", arguments.drop_old}};
  if (!arguments.overlap.empty()) body.set("overlap", arguments.overlap);
  std::string secret;
  if (!arguments.file.empty()) {
    const auto read = read_secrets({arguments.slot + "=" + arguments.file});
    if (read.has_error()) return report(read.error(), common.json);
    secret = text_of(read->find(arguments.slot));
  } else if (!arguments.drop_old && a_person_is_there(common)) {
    std::printf("%s%s: ", arguments.slot.c_str(), says(" (보이지 않음)", " (not shown)"));
    if (!read_line(secret, true)) return 1;
    secret = std::string(trim(secret));
  } else if (!arguments.drop_old) {
    return report(
               Error("no_secret", "the new secret is missing", "write --secret FILE, or --secret - for standard input"),
               common.json),
           2;
  }
  if (!secret.empty()) body.set("secret", secret);
  return ask(common, "POST", connection_path(arguments.name, "/rotate"), body, [&](const Value&, const Terminal&) {
    std::printf("%s: %s of %s\n", arguments.name.c_str(), arguments.slot.c_str(),
                arguments.drop_old ? "has one version now" : "is new; older ones verify deliveries for a while more");
  });
}

int connection_list(const Common& common) {
  return ask(common, "GET", "/api/v1/connections", {}, [](const Value& answer, const Terminal& terminal) {
    std::vector<std::vector<std::string>> rows;
    for (const auto& connection : list_of(answer, "connections")) {
      std::string secrets, origins, ends;
      for (const auto& secret : list_of(connection, "secrets"))
        secrets += (secrets.empty() ? "" : ", ") + secret.text("slot");
      for (const auto& origin : list_of(connection, "origins"))
        origins += (origins.empty() ? "" : ", ") + text_of(&origin);
      for (const auto& token : list_of(connection, "tokens")) {
        const std::string time = time_of(token, token.get("login_ends_at") != nullptr ? "login_ends_at" : "expires_at");
        if (!time.empty()) ends = (token.get("login_ends_at") != nullptr ? "login " : "token ") + time;
      }
      const auto troubles = troubles_of(connection);
      rows.push_back({connection.text("name"), connection.text("connector"), health_of(connection, troubles, terminal),
                      connection.text("hook"), secrets, ends, printable(origins), printable(problem_of(troubles))});
    }
    if (rows.empty()) return void(std::printf("no connections; add one: ieum connection add NAME --connector NAME\n"));
    std::printf(
        "%s",
        terminal
            .table({"CONNECTION", "CONNECTOR", "STATE", "DELIVERIES", "SECRETS", "ENDS", "SENDS TO", "PROBLEM"}, rows)
            .c_str());
  });
}

namespace {

void line(const Terminal& terminal, const char* what, const std::string& text) {
  std::string head = what;
  head.resize(12, ' ');
  if (!text.empty()) std::printf("%s%s\n", terminal.paint(Colour::dim, head).c_str(), text.c_str());
}

void show_one(const Value& connection, const Terminal& terminal) {
  const auto troubles = troubles_of(connection);
  line(terminal, "connection", connection.text("name"));
  line(terminal, "connector", connection.text("connector"));
  line(terminal, "state", health_of(connection, troubles, terminal));
  const auto* config = connection.get("config");
  if (config != nullptr && config->if_map() != nullptr)
    for (const auto& [name, value] : *config->if_map())
      line(terminal, "setting", printable(text_of(&name) + " = " + text_of(&value)));
  for (const auto& secret : list_of(connection, "secrets"))
    line(terminal, "secret",
         secret.text("slot") + (secret.flag("made_by_hub")
                                    ? ", made by the hub; show it: ieum connection show " + connection.text("name") +
                                          " --reveal " + secret.text("slot")
                                    : ", entered"));
  for (const auto& origin : list_of(connection, "origins")) line(terminal, "sends to", printable(text_of(&origin)));
  line(terminal, "deliveries", address_of(connection));
  for (const auto& trouble : troubles) {
    line(terminal, trouble.hint ? "hint" : "problem", printable(trouble.message));
    line(terminal, "do", trouble.mend);
  }
}

}  // namespace

int connection_show(const Common& common, const std::string& name, const std::string& reveal) {
  if (!reveal.empty())
    return ask(common, "POST", connection_path(name, "/reveal"), Map{{"slot", reveal}},
               [](const Value& answer, const Terminal&) {
                 const std::string text = answer.text("paste", answer.text("value"));
                 std::printf("%s%s", text.c_str(), text.ends_with('\n') ? "" : "\n");
               });
  const auto hub = Remote::to(common.data);
  if (hub.has_error()) return report(hub.error(), common.json);
  const auto connection = find_connection(*hub, name);
  if (connection.has_error()) return report(connection.error(), common.json);
  if (common.json)
    std::printf("%s\n", write_json(*connection).c_str());
  else
    show_one(*connection, Terminal::standard_output());
  return 0;
}

int connection_test(const Common& common, const std::string& name) {
  return ask(common, "POST", connection_path(name, "/test"), Map{}, [&](const Value& answer, const Terminal& terminal) {
    std::printf("%s: %s\n%s\n", name.c_str(), terminal.paint(Colour::green, "answers").c_str(),
                write_pretty_json(answer.get("output") != nullptr ? *answer.get("output") : Value()).c_str());
  });
}

// Every page of the hub's copy; a list that nobody has read is read first.
int connection_items(const Common& common, const std::string& name, const std::string& list, bool again) {
  constexpr int kPagesMax = 100;
  const auto hub = Remote::to(common.data);
  if (hub.has_error()) return report(hub.error(), common.json);
  const std::string path = connection_path(name, "/lists/") + percent_encode(list);
  auto page = hub->call(again ? "POST" : "GET", path + "?limit=200", again ? Value(Map{}) : Value());
  if (page.has_value() && page->number("read_at") == 0) page = hub->call("POST", path + "?limit=200", Map{});
  List items;
  Value read_at;
  for (int pages = 0; page.has_value() && pages < kPagesMax; ++pages) {
    read_at = *page->get("read_at");
    for (const auto& item : list_of(*page, "items")) items.push_back(item);
    const std::string next = page->text("next");
    if (next.empty()) break;
    page = hub->call("GET", path + "?limit=200&after=" + percent_encode(next));
  }
  if (page.has_error()) return report(page.error(), common.json);
  const Map whole{{"list", list}, {"read_at", read_at}, {"items", items}};
  if (common.json) return std::printf("%s\n", write_json(whole).c_str()), 0;
  std::vector<std::vector<std::string>> rows;
  for (const auto& item : items) rows.push_back({printable(text_of(item.get("key"))), printable(item.text("title"))});
  std::printf("%s%zu of %s, read at %s\n",
              rows.empty() ? "" : Terminal::standard_output().table({"KEY", "TITLE"}, rows).c_str(), rows.size(),
              list.c_str(), time_of(whole, "read_at").c_str());
  return 0;
}

int connection_remove(const Common& common, const std::string& name) {
  return ask(common, "DELETE", connection_path(name), Map{},
             [&](const Value&, const Terminal&) { std::printf("%s: removed, with its secrets\n", name.c_str()); });
}

}  // namespace ieum::app
