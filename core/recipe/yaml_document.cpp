// YAML to Document, on libyaml's events. Strict; what the author most likely meant is in yaml_hints.
#include <yaml.h>

#include <algorithm>
#include <set>

#include "base/limits.hpp"
#include "recipe/document.hpp"
#include "recipe/grammar.hpp"
#include "recipe/yaml_hints.hpp"

namespace ieum::recipe {

namespace {

// libyaml counts characters; we want bytes. Offsets mostly grow, so the way is walked once.
class CharacterCursor {
 public:
  explicit CharacterCursor(std::string_view text) : text_(text) {}
  std::size_t byte(std::size_t character) {
    if (character < character_) character_ = byte_ = 0;
    while (character_ < character && byte_ < text_.size()) {
      ++byte_;
      while (byte_ < text_.size() && (static_cast<unsigned char>(text_[byte_]) & 0xC0) == 0x80) ++byte_;
      ++character_;
    }
    return byte_;
  }

 private:
  std::string_view text_;
  std::size_t character_ = 0, byte_ = 0;
};

Place place_of(const yaml_mark_t& mark) { return {static_cast<int>(mark.line) + 1, static_cast<int>(mark.column) + 1}; }

std::string_view text_of(const yaml_char_t* text) {
  return text == nullptr ? std::string_view() : std::string_view(reinterpret_cast<const char*>(text));
}

Style style_of(yaml_scalar_style_t style) {
  switch (style) {
    case YAML_SINGLE_QUOTED_SCALAR_STYLE: return Style::single_quoted;
    case YAML_DOUBLE_QUOTED_SCALAR_STYLE: return Style::double_quoted;
    case YAML_LITERAL_SCALAR_STYLE: return Style::literal;
    case YAML_FOLDED_SCALAR_STYLE: return Style::folded;
    default: return Style::plain;
  }
}

class Builder {
 public:
  Builder(std::string_view text, Findings& findings) : text_(text), cursor_(text), bytes_(text), findings_(findings) {
    IEUM_ASSERT(yaml_parser_initialize(&parser_) == 1);
    yaml_parser_set_input_string(&parser_, reinterpret_cast<const unsigned char*>(text.data()), text.size());
    yaml_parser_set_encoding(&parser_, YAML_UTF8_ENCODING);
  }
  ~Builder() { yaml_parser_delete(&parser_); }
  Builder(const Builder&) = delete;
  Builder& operator=(const Builder&) = delete;

  std::optional<Node> document() {
    bool more = true;
    while (more) {
      yaml_event_t event;
      if (yaml_parser_parse(&parser_, &event) == 0) {
        syntax_error();
        return {};
      }
      more = event.type != YAML_STREAM_END_EVENT && take(event);
      yaml_event_delete(&event);
    }
    if (broken_) return {};
    if (!root_) findings_.error({1, 1}, "empty", "there is no recipe in this file", "begin with `recipe: name-of-it`");
    return std::move(root_);
  }

 private:
  struct Frame {
    Node node;
    bool is_map = false;      // also when the node is refused
    std::optional<Node> key;  // map: its value comes next
    std::set<std::string, std::less<>> seen;
    bool template_shape = false;  // {{ ... }} without quotes
  };

  // False ends the reading.
  bool take(const yaml_event_t& event) {
    switch (event.type) {
      case YAML_DOCUMENT_START_EVENT: return start_document(event);
      case YAML_ALIAS_EVENT: {
        Node node = make(event, Node::Kind::refused);
        refuse(node, "an alias (*" + std::string(text_of(event.data.alias.anchor)) + ")");
        return place(std::move(node));
      }
      case YAML_SCALAR_EVENT: return scalar(event);
      case YAML_SEQUENCE_START_EVENT:
        return open(event, Node::Kind::list, event.data.sequence_start.anchor, event.data.sequence_start.tag);
      case YAML_MAPPING_START_EVENT:
        return open(event, Node::Kind::map, event.data.mapping_start.anchor, event.data.mapping_start.tag);
      case YAML_SEQUENCE_END_EVENT:
      case YAML_MAPPING_END_EVENT: return close(event);
      default: return true;
    }
  }

  bool start_document(const yaml_event_t& event) {
    const auto& start = event.data.document_start;
    if (++documents_ > 1) {
      findings_.error(place_of(event.start_mark), "several_documents", "a second document begins here",
                      "one file holds one recipe: remove the --- or make two files");
      return !(broken_ = true);
    }
    if (start.version_directive != nullptr || start.tag_directives.start != start.tag_directives.end)
      findings_.error(place_of(event.start_mark), "yaml_feature", "a % directive", "remove it: recipes take none");
    return true;
  }

  Node make(const yaml_event_t& event, Node::Kind kind) {
    Node node;
    node.kind = kind;
    node.place = place_of(event.start_mark);
    node.begin = cursor_.byte(event.start_mark.index);
    node.end = cursor_.byte(event.end_mark.index);
    return node;
  }

  // Where in the tree the next node belongs, as keys from the root; lists are "".
  [[nodiscard]] std::vector<std::string_view> path() const {
    std::vector<std::string_view> keys;
    for (const Frame& frame : stack_)
      keys.push_back(frame.key ? std::string_view(frame.key->text) : std::string_view());
    return keys;
  }

  void refuse(const Node& node, const std::string& thing) {
    std::vector<std::string_view> here = path();
    const bool value = takes_expression(here);
    // A tag before the first key of a map takes the whole map for its text.
    here.emplace_back();
    if (value || takes_expression(here))
      findings_.error(node.place, "unquoted_expression", "YAML reads this expression as " + thing,
                      value ? quote_mend(bytes_, node.place) : "quote this expression: put it in single quotes");
    else
      findings_.error(node.place, "yaml_feature", thing + " is not allowed in a recipe",
                      "put the text in quotes, or write the value out");
  }

  // Anchors and tags make a node refused.
  void check_properties(Node& node, const yaml_char_t* anchor, const yaml_char_t* tag) {
    if (tag != nullptr)
      refuse(node, "a tag (" + std::string(text_of(tag)) + ")");
    else if (anchor != nullptr)
      refuse(node, "an anchor (&" + std::string(text_of(anchor)) + ")");
    else
      return;
    node.kind = Node::Kind::refused;
  }

  bool scalar(const yaml_event_t& event) {
    const auto& data = event.data.scalar;
    Node node = make(event, Node::Kind::scalar);
    node.style = style_of(data.style);
    node.text.assign(reinterpret_cast<const char*>(data.value), data.length);
    check_properties(node, data.anchor, data.tag);
    if (node.kind == Node::Kind::scalar && node.text.find('\0') != std::string::npos) {
      findings_.error(node.place, "bad_character", "a text with a NUL character", "remove the \\0");
      node.kind = Node::Kind::refused;
    }
    return place(std::move(node));
  }

  bool open(const yaml_event_t& event, Node::Kind kind, const yaml_char_t* anchor, const yaml_char_t* tag) {
    Frame frame;
    frame.node = make(event, kind);
    frame.is_map = kind == Node::Kind::map;
    if (stack_.size() >= limits::kRecipeDepth) {
      findings_.error(frame.node.place, "too_deep", "lists and maps lie too deep in each other here",
                      "at most " + std::to_string(limits::kRecipeDepth) + " levels: split the recipe");
      return !(broken_ = true);
    }
    check_properties(frame.node, anchor, tag);
    if (text_.substr(frame.node.begin).starts_with("{{")) {
      const bool expression = takes_expression(path());
      findings_.error(frame.node.place, expression ? "unquoted_expression" : "unquoted_template",
                      "YAML reads {{ as two maps",
                      expression ? "this key takes an expression: leave the braces out and quote it"
                                 : "put the whole text in quotes: \"{{ ... }}\"");
      frame.template_shape = true;
    }
    if (!stack_.empty() && stack_.back().template_shape) frame.template_shape = true;
    stack_.push_back(std::move(frame));
    return true;
  }

  bool close(const yaml_event_t& event) {
    Frame frame = std::move(stack_.back());
    stack_.pop_back();
    frame.node.end = std::max(frame.node.begin, cursor_.byte(event.end_mark.index));
    if (frame.template_shape) frame.node.kind = Node::Kind::refused;
    return place(std::move(frame.node));
  }

  // Puts a finished node where it belongs: root, list item, key or value of a key.
  bool place(Node node) {
    if (++nodes_ > kNodesMax) {
      findings_.error(node.place, "too_many_nodes", "the recipe has too many parts",
                      "a recipe has at most " + std::to_string(kNodesMax) + " keys and values");
      return !(broken_ = true);
    }
    if (stack_.empty()) {
      root_ = std::move(node);
      return true;
    }
    Frame& frame = stack_.back();
    if (frame.is_map) {
      if (!frame.key) {
        frame.key = std::move(node);
        check_key(frame);
        return true;
      }
      Node key = std::move(*frame.key);
      frame.key.reset();
      // A refused key takes its value with it: nothing more is said of either.
      if (key.kind == Node::Kind::scalar) frame.node.members.push_back({std::move(key), std::move(node)});
      return true;
    }
    frame.node.items.push_back(std::move(node));
    return true;
  }

  void check_key(Frame& frame) {
    Node& key = *frame.key;
    if (key.kind == Node::Kind::refused) return;
    const auto refuse_key = [&](const char* code, std::string what, std::string mend) {
      if (!frame.template_shape) findings_.error(key.place, code, std::move(what), std::move(mend));
      key.kind = Node::Kind::refused;
    };
    if (key.kind != Node::Kind::scalar)
      refuse_key("bad_key", "a key that is " + kind_text(key), "a key is a plain text; quote what should be text");
    else if (key.style == Style::plain && key.text == "<<")
      refuse_key("yaml_feature", "a merge key (<<) is not allowed in a recipe", "write the values out");
    else if (key.style == Style::plain && (key.text.empty() || key.text == "~"))
      refuse_key("bad_key", "a key that is empty", "write the key before the colon");
    else if (!frame.seen.insert(key.text).second)
      refuse_key("duplicate_key", "the key " + quoted(key.text) + " is here for the second time", "keep one of them");
  }

  void syntax_error() {
    YamlProblem problem;
    problem.what = parser_.problem == nullptr ? "the text is no YAML" : parser_.problem;
    problem.context = parser_.context == nullptr ? "" : parser_.context;
    problem.place = place_of(parser_.problem_mark);
    problem.context_place = place_of(parser_.context_mark);
    problem.path = path();
    if (!stack_.empty() && !stack_.back().key && !stack_.back().node.members.empty()) {
      const Member& last = stack_.back().node.members.back();
      problem.last_key = last.key.text;
      problem.last_key_line = last.key.place.line;
    }
    if (!stack_.empty() && stack_.back().key) problem.open_key_line = stack_.back().key->place.line;
    explain(bytes_, problem, findings_);
  }

  std::string_view text_;
  CharacterCursor cursor_;
  TextMap bytes_;
  Findings& findings_;
  yaml_parser_t parser_{};
  std::vector<Frame> stack_;
  std::optional<Node> root_;
  std::size_t nodes_ = 0;
  int documents_ = 0;
  bool broken_ = false;
};

}  // namespace

std::optional<Node> parse_yaml(std::string_view text, Findings& findings) { return Builder(text, findings).document(); }

}  // namespace ieum::recipe
