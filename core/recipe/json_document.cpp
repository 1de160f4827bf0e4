// JSON to Document: base's strict reader says whether the text is JSON; the scanner here only finds where things stand.
#include <charconv>

#include "base/json.hpp"
#include "base/limits.hpp"
#include "recipe/document.hpp"

namespace ieum::recipe {

namespace {

// Walks text that parse_json has accepted: nothing can be wrong with it any more.
class Scanner {
 public:
  Scanner(std::string_view text, Findings& findings) : text_(text), map_(text), findings_(findings) {}

  std::optional<Node> document() {
    skip_space();
    Node root = value();
    if (full_) {
      findings_.error(root.place, "too_many_nodes", "the recipe has too many parts",
                      "a recipe has at most " + std::to_string(kNodesMax) + " keys and values");
      return {};
    }
    return root;
  }

 private:
  void skip_space() { at_ = std::min(text_.find_first_not_of(" \t\r\n", at_), text_.size()); }
  [[nodiscard]] char peek() const { return at_ < text_.size() ? text_[at_] : '\0'; }
  // Takes the mark and the space behind it, when it is next.
  bool take(char mark) {
    if (peek() != mark) return false;
    ++at_;
    skip_space();
    return true;
  }

  Node begin_node(Node::Kind kind) {
    if (++nodes_ > kNodesMax) full_ = true;
    Node node;
    node.kind = kind;
    node.begin = at_;
    node.place = map_.at(at_);
    return node;
  }

  Node string() {
    Node node = begin_node(Node::Kind::scalar);
    node.style = Style::double_quoted;
    std::size_t end = at_ + 1;
    while (end < text_.size() && text_[end] != '"') end += text_[end] == '\\' ? 2 : 1;
    at_ = std::min(end + 1, text_.size());
    node.end = at_;
    if (const auto text = parse_json(text_.substr(node.begin, node.end - node.begin)); text && text->is_string())
      node.text = *text->if_string();
    skip_space();
    return node;
  }

  Node value() {
    const char c = peek();
    if (c == '"') return string();
    if (c == '{' || c == '[') return container(c == '{');
    Node node = begin_node(Node::Kind::scalar);
    const std::size_t end = std::min(text_.find_first_of(",]} \t\r\n", at_), text_.size());
    node.text = text_.substr(at_, end - at_);
    at_ = node.end = end;
    skip_space();
    return node;
  }

  Node container(bool is_map) {
    Node node = begin_node(is_map ? Node::Kind::map : Node::Kind::list);
    const char close = is_map ? '}' : ']';
    take(is_map ? '{' : '[');
    while (!full_ && at_ < text_.size() && peek() != close) {
      if (is_map) {
        Node key = string();
        take(':');
        node.members.push_back({std::move(key), value()});
      } else {
        node.items.push_back(value());
      }
      take(',');
    }
    node.end = std::min(at_ + 1, text_.size());
    take(close);
    return node;
  }

  std::string_view text_;
  TextMap map_;
  Findings& findings_;
  std::size_t at_ = 0;
  std::size_t nodes_ = 0;
  bool full_ = false;
};

}  // namespace

std::optional<Node> parse_json_document(std::string_view text, Findings& findings) {
  JsonLimits bounds;
  bounds.depth_max = limits::kRecipeDepth;
  if (const auto checked = parse_json(text, bounds); checked.has_error()) {
    const Error& error = checked.error();
    std::size_t offset = 0;
    if (constexpr std::string_view kOffset = "offset "; error.place.starts_with(kOffset))
      std::from_chars(error.place.data() + kOffset.size(), error.place.data() + error.place.size(), offset);
    findings.error(TextMap(text).at(offset), "bad_json", error.what,
                   error.mend.empty() ? "correct the JSON here, or write the recipe as YAML" : error.mend);
    return {};
  }
  return Scanner(text, findings).document();
}

}  // namespace ieum::recipe
