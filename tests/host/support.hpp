// Shared by the tests of this room: a small manifest to vary, files, JSON.
#pragma once
#include <boost/test/unit_test.hpp>
#include <filesystem>
#include <fstream>
#include <string>

#include "base/json.hpp"
#include "host/manifest.hpp"

namespace host_test {

inline std::string read_file(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

inline ieum::Value json(std::string_view text) {
  auto value = ieum::parse_json(text);
  BOOST_REQUIRE_MESSAGE(value.has_value(), std::string(text) + ": " + (value.has_error() ? value.error().text() : ""));
  return std::move(*value);
}

inline ieum::Result<ieum::host::Manifest> try_manifest(const std::string& text,
                                                       std::vector<ieum::Error>* warnings = nullptr) {
  return ieum::host::read_manifest(text, "manifest.yaml", warnings);
}

inline ieum::host::Manifest manifest(const std::string& text) {
  auto read = try_manifest(text);
  BOOST_REQUIRE_MESSAGE(read.has_value(), (read.has_error() ? read.error().text() : ""));
  return std::move(*read);
}

// A connector "acme" with two secret fields, a plain one and the given rest.
inline std::string acme(const std::string& rest) {
  return "connector: acme\n"
         "version: \"1.0.0\"\n"
         "title: {ko: 아크미, en: Acme}\n"
         "help: {ko: 도움, en: Help}\n"
         "fields:\n"
         "  shop: {required: true, title: {ko: 상점, en: Shop}, help: {ko: 도움, en: Help}}\n"
         "  mode: {default: plain, title: {ko: 방식, en: Mode}, help: {ko: 도움, en: Help}}\n"
         "  key: {secret: true, title: {ko: 키, en: Key}, help: {ko: 도움, en: Help}}\n" +
         rest;
}

}  // namespace host_test
