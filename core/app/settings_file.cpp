#include "app/settings_file.hpp"

#include <CLI/CLI.hpp>

#include "app/data_dir.hpp"

namespace ieum::app {
namespace {

constexpr std::size_t kBytesMax = 64 * 1024;

}  // namespace

Status read_settings(CLI::App& command, const std::string& path) {
  if (path.empty()) return {};
  IEUM_TRY(const auto text, read_file(path, kBytesMax));
  std::istringstream lines(text);
  std::set<std::string> seen;
  for (const auto& item : CLI::ConfigTOML().from_config(lines)) {
    const std::string name = item.fullname();
    auto* option = item.parents.empty() ? command.get_option_no_throw("--" + item.name) : nullptr;
    if (option == nullptr || item.name == "config" || item.name == "help") {
      return Error("unknown_setting", "\"" + name + "\" is no setting of the hub",
                   "write the options of `ieum serve --help` without the dashes, with no section", path);
    }
    if (!seen.insert(name).second) return Error("bad_setting", "\"" + name + "\" is said twice", "remove one", path);
    if (option->count() > 0) continue;
    try {
      for (const auto& value : item.inputs) option->add_result(value);
      option->run_callback();
    } catch (const CLI::ParseError& error) {
      return Error("bad_setting", error.what(), "correct \"" + name + "\"", path);
    }
  }
  return {};
}

}  // namespace ieum::app
