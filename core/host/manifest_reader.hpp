// ManifestReader: typed access to the tree of a manifest that remembers the first error and goes on with defaults, so
// that the readers of sections stay plain. For this room only; one use for each file.
#pragma once
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "host/manifest.hpp"
#include "host/yaml_tree.hpp"

namespace ieum::host {

class ManifestReader {
 public:
  ManifestReader(const std::string& file, std::vector<Error>* warnings, const SampleFiles& files)
      : file_(file), warnings_(warnings), files_(files) {}

  void fail(std::size_t line, std::size_t column, std::string code, std::string what, std::string mend = {});
  void fail(const YamlNode& node, std::string code, std::string what, std::string mend = {});
  void warn(const YamlNode& node, std::string code, std::string what, std::string mend = {});
  [[nodiscard]] const std::optional<Error>& error() const { return error_; }

  // True for a map; every key must be one of these ("did you mean").
  bool keys(const YamlNode& node, std::string_view what, std::initializer_list<std::string_view> known);
  // "did you mean ...", or what there is.
  static std::string suggestion(std::string_view word, const std::vector<std::string_view>& known);
  bool is_map(const YamlNode& node, std::string_view what);
  bool is_list(const YamlNode& node, std::string_view what);
  std::string as_text(const YamlNode& node, std::string_view what);

  // Members of a map; the fallback when it is not there. `required` makes a missing or empty one an error.
  std::string text(const YamlNode& map, std::string_view key, std::string_view fallback = {});
  std::string required_text(const YamlNode& map, std::string_view key);
  bool flag(const YamlNode& map, std::string_view key, bool fallback);
  std::int64_t integer(const YamlNode& map, std::string_view key, std::int64_t fallback, std::int64_t least,
                       std::int64_t most);
  Millis duration(const YamlNode& map, std::string_view key, Millis fallback);
  // A text that must be one of these; its index.
  std::size_t choice(const YamlNode& map, std::string_view key, std::size_t fallback,
                     std::initializer_list<std::string_view> known);
  std::vector<std::string> texts(const YamlNode& map, std::string_view key);
  // `place` is where a warning points to when the whole entry is missing.
  LocalText local(const YamlNode& map, std::string_view key, bool wanted, const std::string& of);
  std::optional<expr::Expression> expression(const YamlNode& node);
  // A map or list as it is; a text names a JSON file.
  std::optional<Value> sample(const YamlNode& node);

  std::vector<Field> fields(const YamlNode& map, std::string_view key, bool help_wanted, bool secrets_allowed,
                            const std::string& of);

 private:
  void read_entry(const YamlNode& node, Field& out);
  Field field(const std::string& name, const YamlNode& node, bool help_wanted, bool secrets_allowed,
              const std::string& of);
  [[nodiscard]] std::string place(std::size_t line, std::size_t column) const;

  const std::string& file_;
  std::vector<Error>* warnings_;
  const SampleFiles& files_;
  std::optional<Error> error_;
};

// Sections that have a file of their own.
WebhookSpec read_webhook(ManifestReader& reader, const YamlNode& node, const std::vector<Field>& fields);
void read_auth(ManifestReader& reader, const YamlNode& root, Manifest& out);  // after `fields`
Operation read_operation(ManifestReader& reader, const std::string& name, const YamlNode& node);
// polls, subscriptions, resources, limits: what the hub does at a vendor by itself. After events and operations.
void read_standing(ManifestReader& reader, const YamlNode& root, Manifest& out);

}  // namespace ieum::host
