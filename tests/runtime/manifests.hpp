// Manifests: the connectors of this tree by their manifests alone; no module is loaded.
#pragma once
#include <boost/test/unit_test.hpp>
#include <filesystem>
#include <fstream>
#include <memory>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include "host/connector.hpp"

namespace ieum::runtime_test {

inline std::string slurp(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

class OnlyManifest final : public host::Connector {
 public:
  explicit OnlyManifest(host::Manifest manifest) : manifest_(std::move(manifest)) {}
  const host::Manifest& manifest() const override { return manifest_; }
  host::Effect step(const host::Call&) const override { return host::FailEffect{}; }

 private:
  host::Manifest manifest_;
};

class Manifests final : public host::Registry {
 public:
  Manifests() {
    namespace fs = std::filesystem;
    std::set<fs::path> folders;
    for (const auto& entry : fs::directory_iterator(fs::path(IEUM_SOURCE_DIR) / "connectors"))
      if (fs::exists(entry.path() / "manifest.yaml")) folders.insert(entry.path());
    for (const fs::path& folder : folders) {
      const auto files = [&](const std::string& name) -> Result<std::string> { return slurp(folder / name); };
      auto manifest = host::read_manifest(slurp(folder / "manifest.yaml"), folder.filename().string(), nullptr, files);
      BOOST_REQUIRE_MESSAGE(manifest.has_value(), folder.string() << ": " << manifest.error().text());
      all_.push_back(std::make_unique<OnlyManifest>(std::move(*manifest)));
    }
  }
  const host::Connector* find(std::string_view name) const override {
    for (const auto& one : all_)
      if (one->manifest().name == name) return one.get();
    return nullptr;
  }
  std::vector<const host::Connector*> all() const override {
    std::vector<const host::Connector*> all;
    for (const auto& one : all_) all.push_back(one.get());
    return all;
  }
  std::string digest(std::string_view) const override { return ""; }

 private:
  std::vector<std::unique_ptr<host::Connector>> all_;
};

}  // namespace ieum::runtime_test
