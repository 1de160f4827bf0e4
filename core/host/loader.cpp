// Finds the connectors of a hub: one folder each, read once at start.
#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>

#include "base/encoding.hpp"
#include "base/limits.hpp"
#include "base/url.hpp"
#include "host/body.hpp"
#include "host/declared.hpp"
#include "host/module_connector.hpp"
#include "host/module_file.hpp"

namespace ieum::host {
namespace {

namespace fs = std::filesystem;
constexpr std::uintmax_t kFileBytesMax = 4u << 20;

struct Loaded {
  std::unique_ptr<Connector> connector;
  std::string digest;
};

class FolderRegistry final : public Registry {
 public:
  explicit FolderRegistry(std::map<std::string, Loaded, std::less<>> connectors) : connectors_(std::move(connectors)) {}
  [[nodiscard]] const Connector* find(std::string_view name) const override {
    const auto found = connectors_.find(name);
    return found == connectors_.end() ? nullptr : found->second.connector.get();
  }
  [[nodiscard]] std::vector<const Connector*> all() const override {
    std::vector<const Connector*> out;
    for (const auto& [name, loaded] : connectors_) out.push_back(loaded.connector.get());
    return out;
  }
  [[nodiscard]] std::string digest(std::string_view name) const override {
    const auto found = connectors_.find(name);
    return found == connectors_.end() ? std::string() : found->second.digest;
  }

 private:
  std::map<std::string, Loaded, std::less<>> connectors_;
};

Result<std::string> read_file(const fs::path& path) {
  std::error_code problem;
  const auto size = fs::file_size(path, problem);
  if (problem)
    return Error("unreadable_file", path.filename().string() + " cannot be read: " + problem.message(), "",
                 path.string());
  if (size > kFileBytesMax)
    return Error("unreadable_file", path.filename().string() + " is larger than 4 MiB", "", path.string());
  std::ifstream file(path, std::ios::binary);
  std::string bytes((std::istreambuf_iterator<char>(file)), {});
  if (!file) return Error("unreadable_file", path.filename().string() + " cannot be read", "", path.string());
  return bytes;
}

bool declares_anything(const Declared& declared) {
  return !declared.operations.empty() || !declared.polls.empty() || declared.deliveries.has_value();
}

// What only a module could answer: "" when the manifest says it all.
std::string undeclared(const Manifest& manifest) {
  const Declared& declared = *manifest.declared;
  for (const Operation& operation : manifest.operations)
    if (!declared.operations.contains(operation.name)) return "the operation " + operation.name;
  if (manifest.webhook && manifest.webhook->events == WebhookSpec::Events::module && !declared.deliveries)
    return "its deliveries";
  return {};
}

Result<Loaded> load_folder(const fs::path& folder, const LoadOptions& options, std::vector<Error>& warnings) {
  const fs::path manifest_path = folder / "manifest.yaml";
  const fs::path module_path = folder / "module.so";
  if (options.check_ownership) {
    IEUM_CHECK(check_path(folder.string(), true));
    IEUM_CHECK(check_path(manifest_path.string(), false));
  }
  IEUM_TRY(const std::string text, read_file(manifest_path));
  const SampleFiles samples = [&](const std::string& path) { return read_file(folder / path); };
  IEUM_TRY(Manifest manifest, read_manifest(text, manifest_path.string(), &warnings, samples));
  const std::string name = manifest.name;
  if (name != folder.filename().string()) {
    return Error("bad_manifest", "the folder of the connector \"" + name + "\" has another name",
                 "rename the folder to " + name, folder.string());
  }
  std::error_code ignored;
  if (!fs::exists(fs::symlink_status(module_path, ignored))) {
    if (const std::string missing = undeclared(manifest); !missing.empty()) {
      return Error("bad_manifest",
                   "the connector " + name + " has no module.so, and the manifest has no request for " + missing,
                   "write its request, or build the module beside its manifest", folder.string());
    }
    return Loaded{declarative_connector(std::move(manifest), nullptr), ""};
  }
  const std::string file = module_path.string();
  const auto judge = [&](int fd) { return options.check_ownership ? check_file(fd, file) : Status(); };
  IEUM_TRY(std::unique_ptr<ModuleFile> module, load_module(file, judge));
  std::string digest = module->digest();
  Manifest copy = manifest;
  auto connector = module_connector(std::move(manifest), std::move(module), options.observer);
  if (declares_anything(*copy.declared)) connector = declarative_connector(std::move(copy), std::move(connector));
  return Loaded{std::move(connector), std::move(digest)};
}

}  // namespace

Result<std::unique_ptr<Registry>> load_connectors(const LoadOptions& options, Log& log) {
  if (options.check_ownership) IEUM_CHECK(check_path(options.directory, true));
  std::map<std::string, Loaded, std::less<>> connectors;
  std::error_code problem;
  fs::directory_iterator entry(options.directory, problem);
  for (; !problem && entry != fs::directory_iterator(); entry.increment(problem)) {
    std::error_code ignored;
    if (!fs::exists(fs::symlink_status(entry->path() / "manifest.yaml", ignored))) continue;
    std::vector<Error> warnings;
    IEUM_TRY(Loaded loaded, load_folder(entry->path(), options, warnings));
    std::string name = loaded.connector->manifest().name;
    for (const auto& warning : warnings) log.warning("manifest", {{"connector", name}, {"says", warning.text()}});
    if (!loaded.digest.empty())
      log.info("connector loaded",
               {{"connector", name}, {"version", loaded.connector->manifest().version}, {"sha256", loaded.digest}});
    connectors.emplace(std::move(name), std::move(loaded));
  }
  if (problem)
    return Error("unreadable_file", "the connectors' directory cannot be read: " + problem.message(), "",
                 options.directory);
  return std::unique_ptr<Registry>(std::make_unique<FolderRegistry>(std::move(connectors)));
}

Result<std::unique_ptr<Connector>> load_connector(const std::string& folder, const LoadOptions& options,
                                                  std::vector<Error>& warnings) {
  IEUM_TRY(Loaded loaded, load_folder(folder, options, warnings));
  return std::move(loaded.connector);
}

Result<std::vector<std::string>> connection_origins(const Manifest& manifest, const Value& config) {
  std::vector<std::string> out;
  for (const auto& pattern : manifest.origins) {
    std::string filled;
    bool left_out = false;
    for (std::size_t i = 0; i < pattern.size() && !left_out; ++i) {
      const std::size_t close = pattern[i] == '{' ? pattern.find('}', i) : std::string::npos;
      if (close == std::string::npos) {
        filled += pattern[i];
        continue;
      }
      const std::string field = pattern.substr(i + 1, close - i - 1);
      const std::string text = config_text(manifest, config, field);
      if (text.empty()) {
        const bool required = std::any_of(manifest.fields.begin(), manifest.fields.end(),
                                          [&](const Field& known) { return known.name == field && known.required; });
        if (required) return Error("bad_origin", "the connection's field \"" + field + "\" is empty", "enter it");
        left_out = true;  // an address that the owner did not give is no destination
      }
      filled += text;
      i = close;
    }
    if (left_out) continue;
    const auto url = parse_url(filled);
    if (url.has_error())
      return Error("bad_origin", "\"" + filled + "\" is no web address: " + url.error().what,
                   "correct the connection's settings");
    std::string origin = url->origin();
    // A hole inside of a host takes no more than its part of it.
    if (!pattern.starts_with('{') && !equals_ignoring_case(origin, filled))
      return Error("bad_origin", "\"" + filled + "\" is no origin", "correct the connection's settings");
    if (std::find(out.begin(), out.end(), origin) == out.end()) out.push_back(std::move(origin));
  }
  return out;
}

}  // namespace ieum::host
