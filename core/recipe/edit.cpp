#include "recipe/edit.hpp"

#include <algorithm>

#include "base/json.hpp"
#include "recipe/edit_layout.hpp"
#include "recipe/findings.hpp"
#include "recipe/step_tree.hpp"

namespace ieum::recipe {

namespace {

Edited refused(std::string code, std::string what, std::string mend) {
  Edited edited;
  edited.findings.push_back({Finding::Severity::error, std::move(code), std::move(what), std::move(mend), {}});
  return edited;
}

Edited unknown_step(std::string_view id) {
  return refused("unknown_step", "the recipe has no step " + quoted(id), "see the ids of its steps");
}

Edited cannot_edit() {
  return refused("cannot_edit", "these steps are laid out in a way that an edit cannot keep",
                 "put each step on lines of its own, beginning with \"- \"");
}

std::optional<Node> parse(std::string_view text, Format format, std::vector<Finding>& findings) {
  Findings found;
  const bool json = format == Format::json;
  std::optional<Node> root;
  if (check_text(text, json, found)) root = json ? parse_json_document(text, found) : parse_yaml(text, found);
  if (found.has_error()) root.reset();
  findings = found.take();
  return root;
}

// The change to the list as a value: item `at` is removed, and this one put there.
struct ListChange {
  const Node* list = nullptr;
  std::size_t at = 0;
  bool removes = false;
  std::optional<Value> puts;
};

Value changed_value(const Node& node, const ListChange& change) {
  if (node.kind == Node::Kind::map) {
    Map map;
    for (const Member& member : node.members) map.add(member.key.text, changed_value(member.value, change));
    return map;
  }
  if (node.kind != Node::Kind::list) return node_value(node);
  List list;
  for (std::size_t i = 0; i <= node.items.size(); ++i) {
    const bool here = &node == change.list && i == change.at;
    if (here && change.puts) list.push_back(*change.puts);
    if (i < node.items.size() && !(here && change.removes)) list.push_back(changed_value(node.items[i], change));
  }
  return list;
}

// A step to be put in, read alone.
struct NewStep {
  std::string text;  // with the recipe's line breaks
  Node root;         // a list of the step, or the step
  [[nodiscard]] const Node& step() const { return root.kind == Node::Kind::list ? root.items[0] : root; }
  [[nodiscard]] bool brings_comments() const {
    const std::size_t at = text.find_first_not_of(" \t\r\n");
    return at < text.size() && text[at] == '#';
  }
  // {...} and blanks around it.
  [[nodiscard]] bool is_in_brackets_alone() const {
    return root.kind == Node::Kind::map && in_brackets(text, root) && text.find_first_not_of(" \t\r\n") == root.begin &&
           text.find_last_not_of(" \t\r\n") + 1 == root.end;
  }
  // Its lines: the dash, or the first key.
  [[nodiscard]] std::size_t column() const { return column_of(text, root.begin); }
};

class Editor {
 public:
  Editor(std::string_view text, Format format) : text_(text), format_(format) {
    std::vector<Finding> findings;
    root_ = parse(text, format, findings);
    if (!root_) trouble_.findings = std::move(findings);
    if (root_) blocks_ = step_tree(text, *root_);
  }

  [[nodiscard]] bool is_readable() const { return root_.has_value(); }
  Edited trouble() { return std::move(trouble_); }

  // Where a step stands; false when there is none.
  bool find(std::string_view id) {
    each_step(blocks_, [&](const StepNode& step, const StepBlock& block, const StepNode*) {
      if (block_ != nullptr || step.id != id) return;
      block_ = &block;
      at_ = static_cast<std::size_t>(&step - block.steps.data());
    });
    return block_ != nullptr;
  }

  bool find_block(const Spot& spot) {
    const StepNode* around = spot.step.empty() ? nullptr : find_step(blocks_, spot.step);
    if (!spot.step.empty() && around == nullptr) {
      trouble_ = unknown_step(spot.step);
      return false;
    }
    std::vector<std::string> names;
    for (const StepBlock& block : around == nullptr ? blocks_ : around->blocks) {
      names.push_back(block.name);
      if (block.name == spot.block) block_ = &block;
    }
    if (block_ == nullptr)
      trouble_ = refused("unknown_block",
                         (around == nullptr ? "the recipe" : "step " + quoted(spot.step)) + " has no list of steps " +
                             quoted(spot.block),
                         names.empty() ? "replace the step by one that has it" : "it has " + joined(names));
    return block_ != nullptr;
  }

  Edited insert(bool behind, bool at_end, std::string_view step) {
    const Node& list = block_->key->value;
    auto fresh = read_step(step);
    if (!fresh) return trouble();
    if (at_end) at_ = list.items.empty() ? 0 : list.items.size() - 1;
    const ListChange change{&list, list.items.empty() ? 0 : at_ + (behind ? 1 : 0), false, node_value(fresh->step())};
    if (list.items.empty()) return insert_first(*fresh, change);
    if (in_brackets(text_, list)) {
      const Node& item = list.items[at_];
      const std::string bytes = flow_item(*fresh, item.begin), separator = separator_of(text_, *block_->key);
      if (behind) return finish({item.end, item.end, separator + bytes}, change, "");
      return finish({item.begin, item.begin, bytes + separator}, change, "");
    }
    const auto extents = item_extents(text_, list);
    if (!extents) return cannot_edit();
    const std::size_t at = behind ? (*extents)[at_].end : (*extents)[at_].begin;
    return finish({at, at, lines(*fresh, column_of(text_, list.begin), at, at)}, change, "");
  }

  Edited replace(std::string_view step) {
    const Node& list = block_->key->value;
    auto fresh = read_step(step);
    if (!fresh) return trouble();
    const ListChange change{&list, at_, true, node_value(fresh->step())};
    if (in_brackets(text_, list)) {
      const Node& item = list.items[at_];
      return finish({item.begin, item.end, flow_item(*fresh, item.begin)}, change, bytes(item.begin, item.end));
    }
    const auto extents = item_extents(text_, list);
    if (!extents) return cannot_edit();
    const Extent& extent = (*extents)[at_];
    const std::size_t begin = fresh->brings_comments() ? extent.begin : line_begin(text_, extent.dash);
    return finish({begin, extent.end, lines(*fresh, column_of(text_, list.begin), begin, extent.end)}, change,
                  bytes(extent.begin, extent.end));
  }

  Edited remove() {
    const Node& list = block_->key->value;
    const ListChange change{&list, at_, true, {}};
    if (in_brackets(text_, list)) return remove_from_brackets(list, change);
    const auto extents = item_extents(text_, list);
    if (!extents) return cannot_edit();
    auto [begin, dash, end] = (*extents)[at_];
    const bool last = at_ + 1 == extents->size();
    if (extents->size() > 1 && !last) end = skip_blank_lines(text_, end);
    if (extents->size() > 1 && last) begin = back_over_blank_lines(text_, begin, (*extents)[at_ - 1].end);
    // A text whose last line has no break goes on without one.
    if (end == text_.size() && begin > 0 && !is_break(text_[end - 1]))
      begin -= text_.substr(0, begin).ends_with("\r\n") ? 2 : 1;
    if (extents->size() > 1) return finish({begin, end, ""}, change, bytes(begin, end));
    const std::size_t colon = colon_of(*block_->key);
    if (colon == text_.npos) return cannot_edit();
    return finish({colon + 1, end, " []" + bytes(colon + 1, begin)}, change, bytes(begin, end));
  }

  Result<std::string> step_bytes() {
    const Node& list = block_->key->value;
    if (in_brackets(text_, list)) return bytes(list.items[at_].begin, list.items[at_].end);
    const auto extents = item_extents(text_, list);
    if (extents) return bytes((*extents)[at_].begin, (*extents)[at_].end);
    const Finding why = cannot_edit().findings[0];
    return Error(why.code, why.what, why.mend);
  }

 private:
  [[nodiscard]] std::string bytes(std::size_t begin, std::size_t end) const {
    return std::string(text_.substr(begin, end - begin));
  }

  // Nothing, and trouble_, when the text is no step.
  std::optional<NewStep> read_step(std::string_view step) {
    NewStep fresh;
    fresh.text = with_breaks_of(text_, std::string(step));
    auto root = parse(fresh.text, format_, trouble_.findings);
    if (!root) return {};
    fresh.root = std::move(*root);
    const bool one = fresh.root.kind == Node::Kind::list && fresh.root.items.size() == 1 && format_ == Format::yaml;
    if (fresh.root.kind == Node::Kind::map || one) return fresh;
    trouble_ = refused("bad_step", "this is " + kind_text(fresh.root) + ", and no single step",
                       "write one step: \"use: slack.message.post\"");
    return {};
  }

  // As an item of a list in brackets: as it is, where it is one in brackets itself; else as JSON.
  std::string flow_item(const NewStep& fresh, std::size_t at) const {
    const Node& step = fresh.step();
    if (!fresh.is_in_brackets_alone()) return write_json(node_value(step));
    const std::string item = fresh.text.substr(step.begin, step.end - step.begin);
    const std::size_t line = line_begin(text_, at);
    return text_.find_first_not_of(' ', line) == at ? hung_at(item, at - line) : item;
  }

  // As lines of a block list that take the place of the bytes from begin to end.
  [[nodiscard]] std::string lines(const NewStep& fresh, std::size_t column, std::size_t begin, std::size_t end) const {
    const std::string_view line_break = break_of(text_);
    std::string made;
    if (fresh.root.kind == Node::Kind::list && in_brackets(fresh.text, fresh.root)) {
      const Node& step = fresh.step();
      made = std::string(column, ' ') + "- " + fresh.text.substr(step.begin, step.end - step.begin);
    } else {
      made = as_block_item(fresh.text, fresh.root, column);
    }
    const bool unbroken_end = end == text_.size() && end > 0 && !is_break(text_[end - 1]);
    if (begin == end && unbroken_end && !made.empty() && !is_break(made[0])) made.insert(0, line_break);
    if (!unbroken_end && !made.empty() && !is_break(made.back())) made += line_break;
    if (unbroken_end)
      while (!made.empty() && is_break(made.back())) made.pop_back();
    return made;
  }

  // Where `key:` ends; npos for a key that is written in another way.
  [[nodiscard]] std::size_t colon_of(const Member& member) const {
    const std::size_t at = text_.find_first_not_of(' ', member.key.end);
    return at != text_.npos && text_[at] == ':' ? at : text_.npos;
  }

  // Into [].
  Edited insert_first(const NewStep& fresh, const ListChange& change) {
    const Node& list = block_->key->value;
    const std::size_t colon = colon_of(*block_->key);
    const bool stays = block_->in_flow || format_ == Format::json ||
                       (fresh.root.kind == Node::Kind::map && in_brackets(fresh.text, fresh.root)) ||
                       colon == text_.npos || text_.substr(colon, list.begin - colon).find('#') != text_.npos ||
                       has_text(list.begin + 1, list.end - 1);
    if (stays) {
      const bool in_place = fresh.is_in_brackets_alone();
      return finish({list.begin + 1, in_place ? list.end - 1 : list.begin + 1,
                     in_place ? fresh.text : flow_item(fresh, list.begin + 1)},
                    change, "");
    }
    constexpr std::size_t kFarthest = 8;
    const std::size_t next = next_line(text_, list.end);
    const std::size_t key = column_of(text_, block_->key->key.begin);
    // Where it stands already, when it could: a step that was taken out here goes back to its place.
    const bool fits = fresh.root.kind == Node::Kind::list && fresh.column() > key && fresh.column() <= key + kFarthest;
    const std::size_t column = fits ? fresh.column() : key + dash_offset();
    return finish({colon + 1, next, bytes(list.end, next) + lines(fresh, column, next, next)}, change, "");
  }

  [[nodiscard]] bool has_text(std::size_t begin, std::size_t end) const {
    const std::size_t at = text_.find_first_not_of(" \t\r\n", begin);
    return at < end;
  }

  // How far the recipe's own steps stand behind their key.
  [[nodiscard]] std::size_t dash_offset() const {
    constexpr std::size_t kUsual = 2;
    for (const StepBlock& block : blocks_) {
      const Node& list = block.key->value;
      if (list.items.empty() || in_brackets(text_, list)) continue;
      const std::size_t key = column_of(text_, block.key->key.begin), dash = column_of(text_, list.begin);
      return dash >= key ? dash - key : kUsual;
    }
    return kUsual;
  }

  Edited remove_from_brackets(const Node& list, const ListChange& change) {
    const Node& item = list.items[at_];
    const auto has_comment = [&](std::size_t begin, std::size_t end) {
      return text_.substr(begin, end - begin).find('#') != text_.npos;
    };
    const std::size_t count = list.items.size();
    if (count == 1) {
      const std::size_t inside_end = list.end - 1;
      if (!has_comment(list.begin + 1, item.begin) && !has_comment(item.end, inside_end))
        return finish({list.begin + 1, inside_end, ""}, change, bytes(list.begin + 1, inside_end));
      const std::size_t comma = comma_behind(text_, item.end);
      if (comma == text_.npos) return finish({item.begin, item.end, ""}, change, bytes(item.begin, item.end));
      return finish({item.begin, comma + 1, bytes(item.end, comma)}, change, bytes(item.begin, item.end));
    }
    if (at_ + 1 < count) {
      const std::size_t next = list.items[at_ + 1].begin;
      const std::size_t comma = comma_behind(text_, item.end);
      if (!has_comment(item.end, next) || comma == text_.npos)
        return finish({item.begin, next, ""}, change, bytes(item.begin, item.end));
      return finish({item.begin, comma + 1, bytes(item.end, comma)}, change, bytes(item.begin, item.end));
    }
    const std::size_t before = list.items[at_ - 1].end;
    const std::size_t comma = comma_behind(text_, before);
    const std::string kept =
        has_comment(before, item.begin) ? bytes(before, comma) + bytes(comma + 1, item.begin) : std::string();
    return finish({before, item.end, kept}, change, bytes(item.begin, item.end));
  }

  // Only a recipe that the reader takes, and that means the old one with this change, is handed out.
  Edited finish(Splice splice, const ListChange& change, std::string taken) {
    const std::string old = bytes(splice.begin, splice.end);
    std::string made = std::string(text_.substr(0, splice.begin)) + splice.text + std::string(text_.substr(splice.end));
    Edited edited;
    const auto root = parse(made, format_, edited.findings);
    if (!root) return edited;
    if (write_canonical_json(node_value(*root)) != write_canonical_json(changed_value(*root_, change)))
      return cannot_edit();
    ReadOutcome read = read_recipe(made, format_);
    edited.findings = std::move(read.findings);
    if (!read.recipe) return edited;
    edited.undo = {splice.begin, splice.begin + splice.text.size(), old};
    edited.splice = std::move(splice);
    edited.taken = std::move(taken);
    edited.text = std::move(made);
    return edited;
  }

  std::string_view text_;
  Format format_;
  std::optional<Node> root_;
  std::vector<StepBlock> blocks_;
  const StepBlock* block_ = nullptr;  // the list that is edited
  std::size_t at_ = 0;                // and the item
  Edited trouble_;
};

}  // namespace

Edited insert_step(std::string_view text, Format format, const Spot& spot, std::string_view step) {
  Editor editor(text, format);
  if (!editor.is_readable()) return editor.trouble();
  const bool by_step = spot.kind == Spot::Kind::before || spot.kind == Spot::Kind::after;
  if (by_step && !editor.find(spot.step)) return unknown_step(spot.step);
  if (!by_step && !editor.find_block(spot)) return editor.trouble();
  const bool behind = spot.kind == Spot::Kind::after || spot.kind == Spot::Kind::last;
  return editor.insert(behind, spot.kind == Spot::Kind::last, step);
}

Edited replace_step(std::string_view text, Format format, std::string_view id, std::string_view step) {
  Editor editor(text, format);
  if (!editor.is_readable()) return editor.trouble();
  return editor.find(id) ? editor.replace(step) : unknown_step(id);
}

Edited delete_step(std::string_view text, Format format, std::string_view id) {
  Editor editor(text, format);
  if (!editor.is_readable()) return editor.trouble();
  return editor.find(id) ? editor.remove() : unknown_step(id);
}

Result<std::string> step_bytes(std::string_view text, Format format, std::string_view id) {
  Editor editor(text, format);
  if (editor.is_readable() && editor.find(id)) return editor.step_bytes();
  const Edited trouble = editor.is_readable() ? unknown_step(id) : editor.trouble();
  if (trouble.findings.empty()) return Error("unreadable_recipe", "there is no recipe in this text");
  return Error(trouble.findings[0].code, trouble.findings[0].what, trouble.findings[0].mend);
}

}  // namespace ieum::recipe
