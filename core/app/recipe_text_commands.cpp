// Recipes as text on the command line, without a hub: quotes around expressions, and the schema for editors.
#include <cstdio>
#include <filesystem>
#include <fstream>

#include "app/commands.hpp"
#include "app/data_dir.hpp"
#include "app/recipe_files.hpp"
#include "app/terminal.hpp"
#include "base/json.hpp"
#include "base/limits.hpp"
#include "recipe/format.hpp"
#include "recipe/schema.hpp"
#include "runtime/recipe_catalog.hpp"

namespace ieum::app {
namespace {

// Replaces the file in one piece; a link keeps pointing to it, and its permissions stay.
Status write_text_file(const std::string& name, std::string_view text) {
  namespace fs = std::filesystem;
  std::error_code failed;
  const bool exists = fs::exists(name, failed);
  const fs::path path = exists ? fs::canonical(name, failed) : fs::path(name);
  fs::path fresh = path;
  fresh += ".new";
  std::ofstream file(fresh, std::ios::binary | std::ios::trunc);
  file.write(text.data(), static_cast<std::streamsize>(text.size()));
  file.close();
  if (file && exists) fs::permissions(fresh, fs::status(path, failed).permissions(), failed);
  if (file) fs::rename(fresh, path, failed);
  if (file && !failed) return {};
  fs::remove(fresh, failed);
  return Error("file_unwritable", "the file cannot be written", "check that you may write there", name);
}

}  // namespace

int recipe_format(const Common& common, const std::vector<std::string>& names, bool check) {
  const auto terminal = Terminal::standard_output();
  List all;
  bool failed = false;
  for (const auto& file : recipe_files(names)) {
    const auto text = read_file(file, limits::kRecipeBytes);
    if (text.has_error()) return report(text.error(), common.json);
    const auto formatted = recipe::format_recipe(*text, format_of(file));
    const bool changes = !formatted.quoted.empty();
    failed = failed || !formatted.text || (check && changes);
    if (changes && !check)
      if (const auto written = write_text_file(file, *formatted.text); written.has_error())
        return report(written.error(), common.json);
    if (common.json) {
      List quoted, findings;
      for (const auto& one : formatted.quoted)
        quoted.push_back(Map{{"line", one.place.line},
                             {"column", one.place.column},
                             {"key", one.key},
                             {"before", one.before},
                             {"after", one.after}});
      for (const auto& finding : formatted.findings) findings.push_back(finding_value(file, finding));
      all.push_back(Map{{"file", file},
                        {"ok", formatted.text.has_value()},
                        {"changed", changes && !check},
                        {"quoted", std::move(quoted)},
                        {"findings", std::move(findings)}});
      continue;
    }
    for (const auto& finding : formatted.findings)
      std::printf("%s\n", printable(recipe::finding_text(file, finding)).c_str());
    for (const auto& one : formatted.quoted) {
      const std::string key = one.key.empty() ? "" : one.key + ": ";
      std::printf("%s:%d\n  %s\n  %s\n", file.c_str(), one.place.line,
                  terminal.paint(Colour::red, "- " + printable(key + one.before)).c_str(),
                  terminal.paint(Colour::green, "+ " + printable(key + one.after)).c_str());
    }
    const std::string count =
        std::to_string(formatted.quoted.size()) + (formatted.quoted.size() == 1 ? " expression" : " expressions");
    const std::string said = !formatted.text ? "cannot be read, nothing was changed"
                             : !changes      ? "nothing to do"
                             : check         ? count + " without quotes"
                                             : count + " put in quotes";
    std::printf("%s: %s\n", file.c_str(), said.c_str());
  }
  if (common.json) std::printf("%s\n", write_json(Map{{"ok", !failed}, {"files", std::move(all)}}).c_str());
  return failed ? 1 : 0;
}

int recipe_schema(const Common& common, const std::string& out) {
  const auto registry = registry_of(common);
  if (registry.has_error()) return report(registry.error(), common.json);
  const auto zones = system_zones();
  const auto catalog = runtime::make_catalog(**registry, nullptr, *zones);
  const std::string text = write_pretty_json(recipe::recipe_schema(*catalog)) + "\n";
  if (out.empty()) return std::fwrite(text.data(), 1, text.size(), stdout) == text.size() ? 0 : 1;
  if (const auto written = write_text_file(out, text); written.has_error()) return report(written.error(), common.json);
  if (common.json)
    std::printf("%s\n", write_json(Map{{"file", out}}).c_str());
  else
    std::printf("%s: written\n", out.c_str());
  return 0;
}

}  // namespace ieum::app
