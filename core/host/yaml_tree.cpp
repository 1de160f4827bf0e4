#include "host/yaml_tree.hpp"

#include <yaml.h>

#include <algorithm>
#include <set>

#include "base/encoding.hpp"
#include "base/json.hpp"

namespace ieum::host {
namespace {

constexpr std::size_t kBytesMax = 1u << 20;
constexpr int kDepthMax = 32;

bool looks_like_json_number(std::string_view text) {
  if (!text.empty() && text.front() == '-') text.remove_prefix(1);
  return !text.empty() && text.front() >= '0' && text.front() <= '9';
}

Value plain_scalar(const std::string& text) {
  if (text.empty() || text == "null") return {};
  if (text == "true" || text == "false") return text == "true";
  if (looks_like_json_number(text)) {
    auto number = parse_json(text);
    if (number.has_value()) return std::move(*number);
  }
  return text;
}

class TreeReader {
 public:
  TreeReader(std::string_view text, const std::string& file) : file_(file) {
    ready_ = yaml_parser_initialize(&parser_) == 1;
    if (!ready_) return;
    yaml_parser_set_encoding(&parser_, YAML_UTF8_ENCODING);
    yaml_parser_set_input_string(&parser_, reinterpret_cast<const unsigned char*>(text.data()), text.size());
  }
  ~TreeReader() {
    drop();
    if (ready_) yaml_parser_delete(&parser_);
  }
  TreeReader(const TreeReader&) = delete;
  TreeReader& operator=(const TreeReader&) = delete;

  Result<YamlNode> read() {
    if (!ready_) return Error("bad_yaml", "out of memory");
    IEUM_CHECK(next());  // start of the stream
    IEUM_CHECK(next());
    if (event_.type == YAML_STREAM_END_EVENT) return Error("bad_yaml", "the file is empty", "", file_);
    const auto& document = event_.data.document_start;
    if (document.version_directive != nullptr || document.tag_directives.start != document.tag_directives.end) {
      return refuse("a YAML directive is not allowed", "delete the line that begins with %");
    }
    IEUM_CHECK(next());
    IEUM_TRY(YamlNode root, node(0));
    IEUM_CHECK(next());  // end of the document
    IEUM_CHECK(next());
    if (event_.type != YAML_STREAM_END_EVENT)
      return refuse("a second document begins here", "keep one document in a file");
    return root;
  }

 private:
  void drop() {
    if (held_) yaml_event_delete(&event_);
    held_ = false;
  }
  [[nodiscard]] Error problem(std::size_t line, std::size_t column, std::string what, std::string mend) const {
    return {"bad_yaml", std::move(what), std::move(mend),
            file_ + ":" + std::to_string(line + 1) + ":" + std::to_string(column + 1)};
  }
  [[nodiscard]] Error refuse(std::string what, std::string mend = {}) const {
    return problem(event_.start_mark.line, event_.start_mark.column, std::move(what), std::move(mend));
  }
  Status next() {
    drop();
    if (yaml_parser_parse(&parser_, &event_) == 1) {
      held_ = true;
      return {};
    }
    std::string what = parser_.problem == nullptr ? "this is no YAML" : parser_.problem;
    if (parser_.context != nullptr) what += std::string(" (") + parser_.context + ")";
    return problem(parser_.problem_mark.line, parser_.problem_mark.column, std::move(what), "");
  }
  Status check_marks(const unsigned char* anchor, const unsigned char* tag) {
    if (anchor != nullptr)
      return refuse("an anchor is not allowed", "write the value out; quote a text that begins with &");
    if (tag != nullptr) return refuse("a tag is not allowed", "quote a text that begins with !");
    return {};
  }

  // Reads the node that begins with the event at hand; leaves its last event at hand.
  Result<YamlNode> node(int depth) {
    if (depth > kDepthMax) return refuse("more than 32 levels deep");
    YamlNode out;
    out.line = event_.start_mark.line + 1;
    out.column = event_.start_mark.column + 1;
    switch (event_.type) {
      case YAML_ALIAS_EVENT:
        return refuse("an alias is not allowed", "write the value out; quote a text that begins with *");
      case YAML_SCALAR_EVENT: {
        const auto& scalar = event_.data.scalar;
        IEUM_CHECK(check_marks(scalar.anchor, scalar.tag));
        std::string text(reinterpret_cast<const char*>(scalar.value), scalar.length);
        out.scalar = scalar.style == YAML_PLAIN_SCALAR_STYLE ? plain_scalar(text) : Value(std::move(text));
        return out;
      }
      case YAML_SEQUENCE_START_EVENT: {
        IEUM_CHECK(check_marks(event_.data.sequence_start.anchor, event_.data.sequence_start.tag));
        out.kind = YamlNode::Kind::list;
        while (true) {
          IEUM_CHECK(next());
          if (event_.type == YAML_SEQUENCE_END_EVENT) return out;
          IEUM_TRY(YamlNode item, node(depth + 1));
          out.items.push_back(std::move(item));
        }
      }
      case YAML_MAPPING_START_EVENT: {
        IEUM_CHECK(check_marks(event_.data.mapping_start.anchor, event_.data.mapping_start.tag));
        out.kind = YamlNode::Kind::map;
        IEUM_CHECK(members(out, depth));
        return out;
      }
      default: return refuse("this is no YAML");
    }
  }

  Status members(YamlNode& out, int depth) {
    std::set<std::string, std::less<>> seen;
    while (true) {
      IEUM_CHECK(next());
      if (event_.type == YAML_MAPPING_END_EVENT) return {};
      if (event_.type == YAML_ALIAS_EVENT) return refuse("an alias is not allowed", "write the value out");
      if (event_.type != YAML_SCALAR_EVENT) return refuse("a key must be text");
      const auto& scalar = event_.data.scalar;
      IEUM_CHECK(check_marks(scalar.anchor, scalar.tag));
      const bool plain = scalar.style == YAML_PLAIN_SCALAR_STYLE;
      YamlNode::Member member{std::string(reinterpret_cast<const char*>(scalar.value), scalar.length),
                              event_.start_mark.line + 1,
                              event_.start_mark.column + 1,
                              {}};
      if (plain && member.key == "<<") return refuse("a merge key is not allowed", "write the members out");
      if (plain && member.key.empty()) return refuse("a key is missing");
      if (!seen.insert(member.key).second) {
        return refuse("the key \"" + member.key + "\" is here twice", "keep one of them");
      }
      IEUM_CHECK(next());
      IEUM_TRY(member.value, node(depth + 1));
      out.members.push_back(std::move(member));
    }
  }

  const std::string& file_;
  yaml_parser_t parser_{};
  yaml_event_t event_{};
  bool ready_ = false, held_ = false;
};

Status check_bytes(std::string_view text, const std::string& file) {
  if (text.size() > kBytesMax) return Error("bad_yaml", "the file is larger than 1 MiB", "", file);
  if (!utf8_valid(text)) return Error("bad_yaml", "the file is not UTF-8", "save it as UTF-8", file);
  if (text.starts_with("\xEF\xBB\xBF")) {
    return Error("bad_yaml", "the file begins with a byte order mark", "save it as UTF-8 without BOM", file);
  }
  std::size_t line = 1;
  for (const unsigned char byte : text) {
    if (byte == '\n') ++line;
    if ((byte < 0x20 && byte != '\n' && byte != '\r' && byte != '\t') || byte == 0x7F) {
      return Error("bad_yaml", "a control byte is in this line", "delete it", file + ":" + std::to_string(line) + ":1");
    }
  }
  return {};
}

}  // namespace

const YamlNode* YamlNode::member(std::string_view key) const {
  const auto found = std::find_if(members.begin(), members.end(), [&](const Member& m) { return m.key == key; });
  return found == members.end() ? nullptr : &found->value;
}

Value YamlNode::value() const {
  if (kind == Kind::scalar) return scalar;
  if (kind == Kind::list) {
    List list;
    for (const auto& item : items) list.push_back(item.value());
    return list;
  }
  Map map;
  for (const auto& m : members) map.set(m.key, m.value.value());
  return map;
}

Result<YamlNode> read_yaml(std::string_view text, const std::string& file) {
  IEUM_CHECK(check_bytes(text, file));
  return TreeReader(text, file).read();
}

}  // namespace ieum::host
