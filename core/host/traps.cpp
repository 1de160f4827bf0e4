#include "host/traps.hpp"

#include "host/manifest_reader.hpp"

namespace ieum::host {

Result<std::vector<Trap>> read_traps(std::string_view text, const std::string& file) {
  IEUM_TRY(const YamlNode root, read_yaml(text, file));
  std::vector<Error> warnings;
  const SampleFiles none;
  ManifestReader reader(file, &warnings, none);
  std::vector<Trap> out;
  if (reader.is_list(root, "traps")) {
    for (const YamlNode& item : root.items) {
      if (!reader.keys(item, "a trap", {"trap", "source", "holds"})) break;
      Trap trap;
      trap.text = reader.local(item, "trap", true, "a trap");
      trap.source = reader.required_text(item, "source");
      trap.holds = reader.texts(item, "holds");
      if (trap.holds.empty())
        reader.fail(item, "missing_key", "nothing holds this trap", "name a case or a test in holds");
      for (const auto& held : trap.holds) {
        if (held.starts_with("case:") || held.starts_with("test:")) continue;
        reader.fail(item, "bad_manifest", "\"" + held + "\" is neither case:FILE nor test:SUITE/CASE");
      }
      out.push_back(std::move(trap));
    }
  }
  if (reader.error()) return *reader.error();
  if (!warnings.empty()) return warnings.front();
  return out;
}

}  // namespace ieum::host
