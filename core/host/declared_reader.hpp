// Reads what a manifest declares instead of code: base, errors, request, response, steps, more, polls, deliveries.
// For this room only. Everything is compiled here; expressions may read only what is there when they run.
#pragma once
#include <memory>
#include <set>
#include <string>

#include "host/declared.hpp"
#include "host/manifest_reader.hpp"

namespace ieum::host {

// After all other sections are read. Null where the manifest declares nothing.
std::shared_ptr<const Declared> read_declared(ManifestReader& reader, const YamlNode& root, const Manifest& manifest);

// What expressions at one place may name.
struct Sight {
  std::set<std::string, std::less<>> roots;
  const Manifest* manifest = nullptr;
  const std::vector<Field>* inputs = nullptr;  // null: any
  std::set<std::string, std::less<>> steps;    // names under `steps`
};

// Readers of the parts, which report into `reader` and go on.
std::optional<expr::Expression> read_expression(ManifestReader& reader, const YamlNode& node, const Sight& sight);
std::optional<expr::Template> read_template(ManifestReader& reader, const YamlNode& node, const Sight& sight);
TemplateNode read_node(ManifestReader& reader, const YamlNode& node, const Sight& sight);
DeclaredRequest read_request(ManifestReader& reader, const YamlNode& node, const Sight& sight, bool has_base);
std::vector<Refusal> read_refusals(ManifestReader& reader, const YamlNode& map, const Sight& sight);
std::vector<ErrorRule> read_errors(ManifestReader& reader, const YamlNode& map, const Sight& sight);

}  // namespace ieum::host
