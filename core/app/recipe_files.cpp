#include "app/recipe_files.hpp"

#include <algorithm>
#include <filesystem>

#include "app/hub_process.hpp"

namespace ieum::app {

Result<std::unique_ptr<host::Registry>> registry_of(const Common& common) {
  NullLog log;
  host::LoadOptions load;
  load.directory = common.connectors.empty() ? default_connectors_dir() : common.connectors;
  return host::load_connectors(load, log);
}

recipe::Format format_of(const std::string& file) {
  return file.ends_with(".json") ? recipe::Format::json : recipe::Format::yaml;
}

Value finding_value(const std::string& file, const recipe::Finding& finding) {
  return Map{{"file", file},
             {"line", finding.place.line},
             {"column", finding.place.column},
             {"severity", finding.severity == recipe::Finding::Severity::error ? "error" : "warning"},
             {"code", finding.code},
             {"message", finding.what},
             {"mend", finding.mend}};
}

std::vector<std::string> recipe_files(const std::vector<std::string>& names) {
  std::vector<std::string> files;
  for (const auto& name : names) {
    std::error_code failed;
    if (!std::filesystem::is_directory(name, failed)) {
      files.push_back(name);
      continue;
    }
    std::vector<std::string> inside;
    for (const auto& entry : std::filesystem::directory_iterator(name, failed)) {
      const auto extension = entry.path().extension();
      if (extension == ".yaml" || extension == ".yml" || extension == ".json") inside.push_back(entry.path().string());
    }
    std::sort(inside.begin(), inside.end());
    files.insert(files.end(), inside.begin(), inside.end());
  }
  return files;
}

}  // namespace ieum::app
