// What a run can be found by.
#include <algorithm>
#include <unordered_set>

#include "base/json.hpp"
#include "engine/decide.hpp"
#include "runtime/search_index.hpp"
#include "store/search_grams.hpp"

namespace ieum::runtime {
namespace {

constexpr std::size_t kTextBytes = 1536;  // of a run in all
constexpr std::size_t kLineBytes = 300;
constexpr std::size_t kLeaves = 40;  // texts of one value
constexpr std::size_t kValueBytes = 200;

// Texts for people: not ids of machines, not markup as a whole.
bool is_readable(std::string_view text) {
  return text.size() >= 2 && !text.starts_with("gid://") && !text.starts_with("http://") &&
         !text.starts_with("https://");
}

class Lines {
 public:
  // `text` is empty and stays where it is.
  explicit Lines(std::string& text) : text_(text) {
    text_.reserve(kTextBytes + 1);
    seen_.reserve(2 * kLeaves);
  }

  void add(std::string_view line) {
    if (!is_readable(line) || text_.size() >= kTextBytes) return;
    std::size_t cut = std::min({line.size(), kLineBytes, kTextBytes - text_.size()});
    while (cut < line.size() && cut > 0 && (static_cast<unsigned char>(line[cut]) & 0xC0) == 0x80) --cut;
    const std::size_t begin = text_.size();
    text_ += line.substr(0, cut);
    std::replace(text_.begin() + static_cast<std::ptrdiff_t>(begin), text_.end(), '\n', ' ');
    const std::string_view clean = std::string_view(text_).substr(begin);
    if (seen_.insert(clean).second)
      text_ += '\n';
    else
      text_.resize(begin);
  }
  // Texts and numbers in the value, as they come.
  void add_leaves(const Value& value) {
    std::size_t left = kLeaves;
    leaves(value, left);
  }
  void add_leaves_of(std::string_view json) {
    std::size_t left = kLeaves;
    each_json_leaf(json, [&](std::string_view leaf) {
      add(leaf);
      return --left > 0 && text_.size() < kTextBytes;
    });
  }

 private:
  void leaves(const Value& value, std::size_t& left) {
    if (left == 0) return;
    if (const auto* text = value.if_string()) {
      --left;
      add(*text);
    } else if (const auto* list = value.if_list()) {
      for (const auto& one : *list) leaves(one, left);
    } else if (const auto* map = value.if_map()) {
      for (const auto& [key, one] : *map) leaves(one, left);
    } else if (value.if_int() != nullptr) {
      --left;
      add(write_json(value));
    }
  }

  std::string& text_;
  std::unordered_set<std::string_view> seen_;  // lines of text_, which does not grow beyond what was reserved
};

std::string plain(const Value& value) {
  if (const auto* text = value.if_string()) return *text;
  return value.is_null() || value.if_map() != nullptr || value.if_list() != nullptr ? std::string() : write_json(value);
}

}  // namespace

store::SearchDoc search_document(const store::RunRow& run, const recipe::Recipe* recipe, const host::Manifest* manifest,
                                 const TriggerText& trigger_text, const std::vector<store::IdentityRow>& identities,
                                 const std::string& traits, const std::vector<store::StepRow>& steps,
                                 ZoneSource* zones) {
  const host::HubEvent* trigger = trigger_text.event;
  store::SearchDoc doc;
  doc.run = run.id;
  doc.lives = !store::is_terminal(run.state);
  Lines lines(doc.text);
  const auto field = [&](const std::string& name, const std::string& value) {
    if (value.empty() || value.size() > kValueBytes) return;
    const std::pair entry{name, store::search_fold(value)};
    if (std::find(doc.fields.begin(), doc.fields.end(), entry) == doc.fields.end()) doc.fields.push_back(entry);
    lines.add(value);
  };
  for (const auto& identity : identities) field(identity.kind, identity.value);
  lines.add(run.key);
  if (trigger != nullptr) {
    const Value scope = host::event_scope(*trigger);
    const auto* spec = manifest == nullptr ? nullptr : manifest->event_or_any(trigger->topic);
    if (spec != nullptr) {
      for (const auto& marked : spec->fields) {
        const auto* value = marked.search.empty() ? nullptr : scope.get(marked.name);
        if (value != nullptr) field(marked.search, plain(*value));
      }
    }
    if (recipe != nullptr) {
      for (const auto& [name, value] : engine::search_of(*recipe, scope, zones)) field(name, value);
    }
    lines.add_leaves(trigger->standard);
  }
  if (!traits.empty()) {
    if (const auto read = parse_json(traits); read.has_value() && read->is_map()) {
      for (const auto& [name, trait] : *read->if_map())
        if (const auto* value = trait.get("value")) lines.add(plain(*value));
    }
  }
  for (const auto& step : steps) {
    lines.add(step.error_text);
    if (step.connection == 0) continue;
    lines.add_leaves_of(step.inputs);
  }
  if (run.state == store::RunState::failed) lines.add(run.reason);
  if (trigger != nullptr) lines.add_leaves(trigger->data);
  lines.add_leaves_of(trigger_text.json);
  doc.grams = store::search_grams(doc.text);
  return doc;
}

}  // namespace ieum::runtime
