// Commands about those who work with the hub: people, API tokens, and the log of what they did.
#include <algorithm>
#include <cstdio>

#include "app/asking.hpp"
#include "app/commands.hpp"
#include "app/remote.hpp"
#include "app/terminal.hpp"
#include "base/encoding.hpp"
#include "base/json.hpp"

namespace ieum::app {
namespace {

void show_link(const Value& answer, const Terminal& terminal) {
  std::printf("%s\n%s\n", terminal.paint(Colour::bold, answer.text("url")).c_str(),
              terminal.paint(Colour::dim, "It works once, until " + time_of(answer, "expires_ms") + ".").c_str());
}

Result<std::string> path_of(const Common& common, const std::string& name) {
  IEUM_TRY(const auto hub, Remote::to(common.data));
  IEUM_TRY(const auto answer, hub.call("GET", "/api/v1/people"));
  for (const auto& person : list_of(answer, "people"))
    if (equals_ignoring_case(person.text("name"), name)) return "/api/v1/people/" + std::to_string(person.number("id"));
  return Error("unknown_person", "there is nobody called \"" + name + "\"", "see: ieum user list");
}

std::string scopes_text(const Value& token) {
  std::string text;
  for (const auto& scope : list_of(token, "scopes")) text += (text.empty() ? "" : " ") + text_of(&scope);
  return text.empty() ? "all" : text;
}

std::string state_of(const Value& person) {
  if (person.flag("disabled")) return "disabled";
  return person.flag("invited") ? "invited" : "active";
}

}  // namespace

int user_list(const Common& common) {
  return ask(common, "GET", "/api/v1/people", {}, [](const Value& answer, const Terminal& terminal) {
    std::vector<std::vector<std::string>> rows;
    for (const auto& person : list_of(answer, "people"))
      rows.push_back({printable(person.text("name")), person.text("role"), state_of(person),
                      std::to_string(person.number("sessions")), time_of(person, "seen_ms")});
    if (rows.empty()) return void(std::printf("nobody yet; make the owner with: ieum user claim-link\n"));
    std::printf("%s", terminal.table({"NAME", "ROLE", "STATE", "SESSIONS", "SEEN"}, rows).c_str());
  });
}

int user_add(const Common& common, const std::string& name, const std::string& role) {
  return ask(common, "POST", "/api/v1/people", Map{{"name", name}, {"role", role}},
             [&](const Value& answer, const Terminal& terminal) {
               std::printf("%s is invited as %s. Send them this address; there they choose a password:\n",
                           printable(name).c_str(), role.c_str());
               show_link(answer, terminal);
             });
}

int user_change(const Common& common, const std::string& name, const Value& change) {
  const auto path = path_of(common, name);
  if (path.has_error()) return report(path.error(), common.json);
  return ask(common, "POST", *path, change, [](const Value& person, const Terminal&) {
    std::printf("%s: %s, %s\n", printable(person.text("name")).c_str(), person.text("role").c_str(),
                state_of(person).c_str());
  });
}

int user_remove(const Common& common, const std::string& name) {
  const auto path = path_of(common, name);
  if (path.has_error()) return report(path.error(), common.json);
  return ask(common, "DELETE", *path, {}, [&](const Value&, const Terminal&) {
    std::printf("%s is removed; their sessions have ended\n", printable(name).c_str());
  });
}

int user_link(const Common& common, const std::string& name) {
  const auto path = path_of(common, name);
  if (path.has_error()) return report(path.error(), common.json);
  return ask(common, "POST", *path + "/link", Map{}, show_link);
}

int user_claim_link(const Common& common) { return ask(common, "POST", "/api/v1/claim-links", Map{}, show_link); }

int token_list(const Common& common) {
  return ask(common, "GET", "/api/v1/tokens", {}, [](const Value& answer, const Terminal& terminal) {
    std::vector<std::vector<std::string>> rows;
    for (const auto& token : list_of(answer, "tokens"))
      rows.push_back({std::to_string(token.number("id")), token.text("hint") + "...", printable(token.text("name")),
                      token.text("role"), scopes_text(token), printable(token.text("made_by")),
                      time_of(token, "used_ms"), time_of(token, "expires_ms"), time_of(token, "revoked_ms")});
    if (rows.empty()) return void(std::printf("no tokens\n"));
    std::printf(
        "%s",
        terminal.table({"TOKEN", "BEGINS", "NAME", "ROLE", "SCOPES", "MADE BY", "USED", "EXPIRES", "REVOKED"}, rows)
            .c_str());
  });
}

int token_add(const Common& common, const NewTokenArguments& arguments) {
  List scopes;
  for (const auto& scope : arguments.scopes) scopes.push_back(scope);
  Map body{{"name", arguments.name}, {"role", arguments.role}, {"scopes", std::move(scopes)}};
  if (!arguments.expires_in.empty()) body.set("expires_in", arguments.expires_in);
  return ask(common, "POST", "/api/v1/tokens", body, [](const Value& token, const Terminal& terminal) {
    std::printf("%s\n%s\n", token.text("token").c_str(),
                terminal.paint(Colour::dim, "It is shown this once. Send it as: Authorization: Bearer TOKEN").c_str());
  });
}

int token_revoke(const Common& common, std::int64_t id) {
  return ask(common, "DELETE", "/api/v1/tokens/" + std::to_string(id), {}, [](const Value& token, const Terminal&) {
    std::printf("token %lld (%s) is revoked\n", static_cast<long long>(token.number("id")),
                printable(token.text("name")).c_str());
  });
}

int audit_list(const Common& common, const std::string& who, int limit) {
  std::string path = "/api/v1/audit?limit=" + std::to_string(limit);
  if (!who.empty()) path += "&who=" + percent_encode(who);
  return ask(common, "GET", path, {}, [](const Value& answer, const Terminal& terminal) {
    std::vector<std::vector<std::string>> rows;
    for (const auto& entry : list_of(answer, "entries"))
      rows.push_back({std::to_string(entry.number("id")), time_of(entry, "at_ms"), printable(entry.text("who")),
                      entry.text("from"), entry.text("what"), printable(entry.text("target")),
                      text_of(entry.get("status")), printable(write_json(*entry.get("details")))});
    if (rows.empty()) return void(std::printf("nothing was done yet\n"));
    std::printf("%s", terminal.table({"ENTRY", "AT", "WHO", "FROM", "WHAT", "OF", "STATUS", "DETAILS"}, rows).c_str());
    if (answer.at_path("chain.state") != nullptr && text_of(answer.at_path("chain.state")) != "whole")
      std::printf("\n%s\n", terminal.paint(Colour::red, "The chain is broken: ieum audit verify").c_str());
  });
}

int audit_verify(const Common& common) {
  bool whole = false;
  const int code = ask(common, "GET", "/api/v1/audit/chain", {}, [&](const Value& chain, const Terminal&) {
    const auto entries = static_cast<long long>(chain.number("entries"));
    whole = chain.text("state") == "whole";
    if (whole)
      std::printf("%lld entries, all as they were written\n", entries);
    else
      std::printf("entry %lld is missing or was changed; the %lld before it are as they were written\n",
                  static_cast<long long>(chain.number("at")), entries);
  });
  return code != 0 || common.json || whole ? code : 1;
}

}  // namespace ieum::app
