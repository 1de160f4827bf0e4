// Recipes for tests of the text tools: the shipped ones and hand-made ones, in every form a file may have.
#pragma once
#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include "base/json.hpp"
#include "recipe/document.hpp"
#include "recipe/reading.hpp"

namespace ieum::recipe_test {

struct SampleText {
  std::string name, text;
  recipe::Format format = recipe::Format::yaml;
};

inline std::string crlf(std::string_view text) {
  std::string made;
  for (const char c : text) made += c == '\n' ? std::string("\r\n") : std::string(1, c);
  return made;
}

inline std::string whole_file(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

// Layouts that people write: dashes under the key, comments everywhere, texts in every style, steps in every block.
inline constexpr std::string_view kLayouts = R"(recipe: layouts
trigger:
  event: order_created
steps:
- id: a
  wait: 1m
# about b
-   id: b
    set:
      text: |
        # no comment
        - no step

        end
      folded: >-
        one
        two
      long: this is
        one plain
        text  # and a comment
      quoted: "it is
        'one' # text"


- if: 'true'   # c
  # before then
  then:
  # first
  - stop: x

  # second
  - id: d
    use: a.b
    on_error:
    - id: e
      use: a.b
      with:
        list:
        - one
        - {id: no_step}
      # retry: {for: 1h}
    - stop: later
  else: [{id: f, wait: 1m}, {id: g, stop: y}]
-
  id: h
  wait: {until: 'trigger.at'}
- {id: i, if: 'true', then: [{id: j, stop: z}], else: []}
- id: k
  if: 'false'
  then:
    - id: l
      stop: end
# last words
)";

// Steps in every block that the grammar has, with ids and without.
inline constexpr std::string_view kBlocks = R"(recipe: blocks
about: {email: event.email}
trigger: {event: order_created}
on_error:
  # last words
  - use: a.b
  - {id: last, stop: failed}
steps:
  - id: one
    wait_for: {event: link_clicked, where: 'event.a == 1'}
    timeout: 5h
    then:
      - wait: 1m
      - wait: 2m

    on_timeout:
      - {id: late, stop: late}
  # several
  - wait_for:
      - event: link_clicked
        match: {event.token: trigger.token, 'event.a + 1': trigger.b}
        then:
          # clicked
          - wait: 3m
      - {event: order_created, then: [{wait: 4m}, {id: ordered, stop: bought}]}
      - {event: mail_opened}
    timeout: {days: 1, at: "10:00"}
  - id: choice
    switch:
      - if: 'trigger.a'
        then:
          - wait: 5m
          - set: {n: 1}
      - {if: 'trigger.b', then: [{wait: 6m}]}
      - else:
          - wait: 7m

  - for_each: trigger.items
    as: thing
    do:
      - use: a.b   # each
        with: {n: '{{ thing.n }}'}
        on_error: [{wait: 8m}]
      - id: inner
        repeat: {max: 3, every: 1h, until: loop.index > 1}
        do:
          - {use: a.b}
          - wait: 9m
  - split: experiment
    variants:
      - {id: a, weight: 1, do: [{wait: 10m}]}
      - id: b
        weight: 3
        do:
          - wait: 11m
          - id: end
            stop: b
      - {id: control, weight: 6}
)";

inline std::vector<SampleText> samples() {
  std::vector<SampleText> all{
      {"whole", std::string(kWhole)}, {"layouts", std::string(kLayouts)}, {"blocks", std::string(kBlocks)}};
  std::set<std::filesystem::path> shipped;
  for (const char* folder : {"/recipes", "/tests/data/recipes/good_checked"})
    for (const auto& entry : std::filesystem::directory_iterator(std::string(IEUM_SOURCE_DIR) + folder))
      if (entry.path().extension() == ".yaml") shipped.insert(entry.path());
  for (const auto& path : shipped) {
    const std::string text = whole_file(path);
    all.push_back({path.filename().string(), text});
    // A step that tests name cannot be taken out: once more without them. Shipped recipes have them at the end.
    if (const auto at = text.find("\ntests:"); at != std::string::npos)
      all.push_back({path.filename().string() + " without tests", text.substr(0, at + 1)});
  }
  const std::size_t plain = all.size();
  for (std::size_t i = 0; i < plain; ++i) {
    const SampleText sample = all[i];
    all.push_back({sample.name + " with CR LF", crlf(sample.text)});
    std::string open = sample.text;
    while (open.ends_with('\n')) open.pop_back();
    all.push_back({sample.name + " without last line break", open});
    recipe::Findings findings;
    const Value value = recipe::node_value(*recipe::parse_yaml(sample.text, findings));
    all.push_back({sample.name + " as JSON", write_json(value), recipe::Format::json});
    all.push_back({sample.name + " as pretty JSON", write_pretty_json(value), recipe::Format::json});
    all.push_back({sample.name + " as JSON in YAML", write_pretty_json(value)});
  }
  return all;
}

}  // namespace ieum::recipe_test
