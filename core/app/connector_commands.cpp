// Connectors on the command line: what is installed, and a workbench for who writes one. Needs no hub.
#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <map>
#include <set>

#include "app/commands.hpp"
#include "app/connector_draft.hpp"
#include "app/data_dir.hpp"
#include "app/hub_process.hpp"
#include "app/recipe_files.hpp"
#include "app/terminal.hpp"
#include "base/ids.hpp"
#include "base/json.hpp"
#include "base/limits.hpp"
#include "host/cases.hpp"
#include "host/page.hpp"

namespace ieum::app {
namespace {

namespace fs = std::filesystem;

void print_row(const std::string& key, const std::string& value) {
  if (!value.empty()) std::printf("%-12s %s\n", key.c_str(), printable(value).c_str());
}

// The folder itself, or the folders of connectors in it.
std::vector<std::string> connector_folders(const std::string& directory) {
  std::error_code problem;
  if (fs::exists(fs::path(directory) / "manifest.yaml", problem)) return {fs::canonical(directory, problem).string()};
  std::vector<std::string> out;
  fs::directory_iterator entry(directory, problem);
  for (; !problem && entry != fs::directory_iterator(); entry.increment(problem)) {
    std::error_code ignored;
    if (fs::exists(entry->path() / "manifest.yaml", ignored))
      out.push_back(fs::canonical(entry->path(), ignored).string());
  }
  std::sort(out.begin(), out.end());
  return out;
}

// What nobody tried: operations and polls without a case that ends well, or without one that fails.
std::vector<Error> untried(const host::Connector& connector, const std::vector<host::Case>& cases) {
  std::map<std::string, std::set<bool>> ends;
  std::set<std::string> verdicts;
  for (const auto& one : cases) {
    if (one.is_delivery()) {
      if (const Value* expect = one.data.get("expect")) verdicts.insert(expect->text("verdict"));
      continue;
    }
    const Value* turns = one.data.get("turns");
    const List* list = turns == nullptr ? nullptr : turns->if_list();
    if (list == nullptr || list->empty()) continue;
    const Value* effect = list->back().get("effect");
    ends[one.played()].insert(effect != nullptr && effect->get("fail") == nullptr);
  }
  std::vector<Error> out;
  const auto want = [&](const std::string& name) {
    const std::string mend = "add a file to cases/";
    if (!ends[name].contains(true)) out.emplace_back("untried", name + " has no case that ends well", mend);
    if (!ends[name].contains(false)) out.emplace_back("untried", name + " has no case that fails", mend);
  };
  for (const auto& operation : connector.manifest().operations) want(operation.name);
  for (const auto& poll : connector.manifest().polls) want(poll.name);
  if (connector.manifest().webhook) {
    if (!verdicts.contains("accept"))
      out.emplace_back("untried", "there is no delivery that is taken", "add one to cases/");
    if (!verdicts.contains("refuse"))
      out.emplace_back("untried", "there is no delivery that is refused", "add one to cases/");
  }
  return out;
}

struct Checked {
  std::string name;
  std::size_t cases = 0;
  std::vector<Error> problems;  // what keeps it from being good; code, place, mend
};

Checked check_folder(const std::string& folder) {
  Checked out;
  out.name = fs::path(folder).filename().string();
  host::LoadOptions options;
  auto connector = host::load_connector(folder, options, out.problems);
  if (connector.has_error()) {
    out.problems.push_back(connector.error());
    return out;
  }
  const auto cases = host::read_cases(folder, out.name);
  if (cases.has_error()) {
    out.problems.push_back(cases.error());
    return out;
  }
  out.cases = cases->size();
  for (const auto& one : *cases) {
    for (auto& mismatch : host::play_case(**connector, one))
      out.problems.emplace_back("case_differs", std::move(mismatch.what), "", std::move(mismatch.place));
  }
  for (auto& error : untried(**connector, *cases)) out.problems.push_back(std::move(error));
  std::error_code ignored;
  if (const fs::path traps = fs::path(folder) / "traps.yaml"; fs::exists(traps, ignored)) {
    const auto text = read_file(traps.string(), limits::kRecipeBytes);
    const auto read = text.has_value() ? host::read_traps(*text, out.name + "/traps.yaml") : text.error();
    if (read.has_error()) out.problems.push_back(read.error());
  }
  return out;
}

}  // namespace

int connector_list(const Common& common) {
  const auto registry = registry_of(common);
  if (registry.has_error()) return report(registry.error(), common.json);
  List all;
  std::vector<std::vector<std::string>> rows;
  for (const auto* connector : (*registry)->all()) {
    const auto& manifest = connector->manifest();
    std::size_t operations = 0;
    for (const auto& operation : manifest.operations) operations += operation.internal ? 0 : 1;
    const auto digest = (*registry)->digest(manifest.name);
    all.push_back(Map{{"name", manifest.name},
                      {"version", manifest.version},
                      {"title", Map{{"ko", manifest.title.ko}, {"en", manifest.title.en}}},
                      {"events", static_cast<std::int64_t>(manifest.events.size())},
                      {"operations", static_cast<std::int64_t>(operations)},
                      {"digest", digest}});
    rows.push_back({manifest.name, manifest.version, std::to_string(manifest.events.size()), std::to_string(operations),
                    digest.empty() ? "manifest" : "module", manifest.title.ko + " / " + manifest.title.en});
  }
  if (common.json) return std::printf("%s\n", write_json(all).c_str()), 0;
  std::printf("%s", Terminal::standard_output()
                        .table({"CONNECTOR", "VERSION", "EVENTS", "OPERATIONS", "KIND", "TITLE"}, rows)
                        .c_str());
  return 0;
}

namespace {

std::string list_of(const host::Field& input) {
  if (input.resource.empty()) return {};
  return (input.resource_strict ? "  (one of the list " : "  (suggested by the list ") + input.resource + ")";
}

}  // namespace

int connector_show(const Common& common, const std::string& name) {
  const auto registry = registry_of(common);
  if (registry.has_error()) return report(registry.error(), common.json);
  const auto* connector = (*registry)->find(name);
  if (connector == nullptr)
    return report(Error("unknown_connector", "there is no connector \"" + name + "\"", "see: ieum connector list"),
                  common.json);
  const auto& manifest = connector->manifest();
  if (common.json) {
    List fields, operations, events;
    for (const auto& field : manifest.fields)
      fields.push_back(Map{{"name", field.name},
                           {"required", field.required},
                           {"secret", field.secret},
                           {"help", Map{{"ko", field.help.ko}, {"en", field.help.en}}}});
    List resources;
    for (const auto& resource : manifest.resources)
      resources.push_back(
          Map{{"name", resource.name}, {"help", Map{{"ko", resource.help.ko}, {"en", resource.help.en}}}});
    for (const auto& operation : manifest.operations) {
      if (operation.internal) continue;
      Map lists;  // inputs that choose from one
      for (const auto& input : operation.inputs)
        if (!input.resource.empty())
          lists.set(input.name, Map{{"name", input.resource}, {"strict", input.resource_strict}});
      operations.push_back(Map{{"name", manifest.name + "." + operation.name},
                               {"help", Map{{"ko", operation.help.ko}, {"en", operation.help.en}}},
                               {"verified", operation.verified},
                               {"resources", std::move(lists)}});
    }
    for (const auto& event : manifest.events)
      events.push_back(
          Map{{"name", manifest.name + "/" + event.topic}, {"means", event.means}, {"verified", event.verified}});
    std::printf("%s\n", write_json(Map{{"name", manifest.name},
                                       {"version", manifest.version},
                                       {"fields", std::move(fields)},
                                       {"operations", std::move(operations)},
                                       {"events", std::move(events)},
                                       {"resources", std::move(resources)}})
                            .c_str());
    return 0;
  }
  const auto terminal = Terminal::standard_output();
  std::printf("%s  %s / %s\n%s\n", terminal.paint(Colour::bold, manifest.name).c_str(), manifest.title.ko.c_str(),
              manifest.title.en.c_str(), manifest.help.en.c_str());
  std::printf("\n%s\n", terminal.paint(Colour::bold, "Fields of a connection").c_str());
  for (const auto& field : manifest.fields) {
    print_row("  " + field.name,
              std::string(field.secret ? "[secret] " : "") + (field.required ? "[required] " : "") + field.help.en);
  }
  std::printf("\n%s\n", terminal.paint(Colour::bold, "Operations").c_str());
  for (const auto& operation : manifest.operations) {
    if (operation.internal) continue;
    std::printf("  %s.%s%s\n      %s\n", manifest.name.c_str(), operation.name.c_str(),
                operation.verified ? "" : "  (not verified at the vendor)", operation.help.en.c_str());
    for (const auto& input : operation.inputs)
      print_row("      " + input.name,
                std::string(input.required ? "[required] " : "") + input.help.en + list_of(input));
  }
  if (!manifest.resources.empty()) std::printf("\n%s\n", terminal.paint(Colour::bold, "Lists at the vendor").c_str());
  for (const auto& resource : manifest.resources) print_row("  " + resource.name, resource.help.en);
  std::printf("\n%s\n", terminal.paint(Colour::bold, "Events").c_str());
  std::vector<std::vector<std::string>> rows;
  for (const auto& event : manifest.events)
    rows.push_back(
        {"  " + manifest.name + "/" + event.topic, event.means.empty() ? "" : "means " + event.means, event.title.en});
  if (!rows.empty()) std::printf("%s", terminal.table({"  NAME", "", ""}, rows).c_str());
  return 0;
}

int connector_check(const Common& common, const std::string& directory) {
  const auto folders = connector_folders(directory);
  if (folders.empty()) {
    return report(Error("no_connector", "there is no connector in " + directory,
                        "name a folder with a manifest.yaml, or a folder of such folders"),
                  common.json);
  }
  const auto terminal = Terminal::standard_output();
  List all;
  bool good = true;
  for (const auto& folder : folders) {
    const Checked checked = check_folder(folder);
    good = good && checked.problems.empty();
    List problems;
    for (const auto& problem : checked.problems)
      problems.push_back(
          Map{{"code", problem.code}, {"what", problem.what}, {"place", problem.place}, {"mend", problem.mend}});
    all.push_back(Map{{"name", checked.name},
                      {"ok", checked.problems.empty()},
                      {"cases", static_cast<std::int64_t>(checked.cases)},
                      {"problems", std::move(problems)}});
    if (common.json) continue;
    if (checked.problems.empty()) {
      std::printf("%s %s: %zu cases hold\n", terminal.paint(Colour::green, "ok").c_str(), checked.name.c_str(),
                  checked.cases);
      continue;
    }
    std::printf("%s %s\n", terminal.paint(Colour::red, "no").c_str(), checked.name.c_str());
    for (const auto& problem : checked.problems) {
      const std::string text = problem.code == "case_differs" ? problem.place + ": " + problem.what : problem.text();
      for (std::size_t at = 0; at <= text.size();) {
        const auto end = std::min(text.find('\n', at), text.size());
        std::printf("   %s\n", printable(text.substr(at, end - at)).c_str());
        at = end + 1;
      }
    }
  }
  if (common.json) std::printf("%s\n", write_json(Map{{"ok", good}, {"connectors", std::move(all)}}).c_str());
  return good ? 0 : 1;
}

int connector_page(const Common& common, const std::string& folder) {
  std::vector<Error> warnings;
  host::LoadOptions options;
  const auto connector = host::load_connector(folder, options, warnings);
  if (connector.has_error()) return report(connector.error(), common.json);
  std::vector<host::Trap> traps;
  std::error_code ignored;
  if (const fs::path file = fs::path(folder) / "traps.yaml"; fs::exists(file, ignored)) {
    const auto text = read_file(file.string(), limits::kRecipeBytes);
    if (text.has_error()) return report(text.error(), common.json);
    auto read = host::read_traps(*text, file.string());
    if (read.has_error()) return report(read.error(), common.json);
    traps = std::move(*read);
  }
  const std::string page = host::connector_page((*connector)->manifest(), traps);
  std::printf("%s", common.json ? (write_json(Map{{"page", page}}) + "\n").c_str() : page.c_str());
  return 0;
}

int connector_new(const Common& common, const std::string& name, const std::string& directory, bool with_module) {
  if (!is_name(name)) {
    return report(
        Error("bad_name", "\"" + name + "\" is no name", "lower-case letters, digits, - and _, a letter first"),
        common.json);
  }
  const fs::path folder = fs::path(directory) / name;
  std::error_code problem;
  if (fs::exists(folder, problem))
    return report(Error("exists", folder.string() + " is there already", "choose another name or folder"), common.json);
  List written;
  for (const auto& [path, text] : connector_draft(name, with_module, default_sdk_dir())) {
    const fs::path file = folder / path;
    fs::create_directories(file.parent_path(), problem);
    std::ofstream out(file, std::ios::binary);
    out << text;
    out.close();
    if (!out) return report(Error("unwritable", file.string() + " cannot be written"), common.json);
    written.push_back(file.string());
    if (!common.json) std::printf("wrote %s\n", file.string().c_str());
  }
  if (common.json) return std::printf("%s\n", write_json(Map{{"written", std::move(written)}}).c_str()), 0;
  std::printf("\nNext:\n");
  if (with_module) std::printf("  make -C %s\n", folder.string().c_str());
  std::printf("  ieum connector check %s\n  and read docs/connectors-guide.md\n", folder.string().c_str());
  return 0;
}

}  // namespace ieum::app
