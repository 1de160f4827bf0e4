// The JSON reader: boost::json's incremental parser checks grammar and UTF-8 and calls us; we build Values, so that the
// digits of numbers survive and duplicate keys are seen.
#include <boost/json/basic_parser_impl.hpp>
#include <charconv>
#include <string>
#include <vector>

#include "base/decimal.hpp"
#include "base/json.hpp"

namespace ieum {
namespace {

namespace bj = boost::json;

class Builder {
 public:
  static constexpr std::size_t max_object_size = static_cast<std::size_t>(-1);
  static constexpr std::size_t max_array_size = static_cast<std::size_t>(-1);
  static constexpr std::size_t max_key_size = static_cast<std::size_t>(-1);
  static constexpr std::size_t max_string_size = static_cast<std::size_t>(-1);

  // What this builder refused, empty when the grammar was to blame.
  std::string refusal;
  Value result;
  bool allow_nul = false;

  bool on_document_begin(bj::error_code&) { return true; }
  bool on_document_end(bj::error_code&) { return true; }

  bool on_object_begin(bj::error_code&) { return open(true); }
  bool on_array_begin(bj::error_code&) { return open(false); }

  bool on_object_end(std::size_t, bj::error_code& ec) {
    Value map(std::move(open_.back().map));
    open_.pop_back();
    return put(std::move(map), ec);
  }
  bool on_array_end(std::size_t, bj::error_code& ec) {
    Value list(std::move(open_.back().list));
    open_.pop_back();
    return put(std::move(list), ec);
  }

  bool on_string_part(bj::string_view part, std::size_t, bj::error_code&) { return gather(part); }
  bool on_string(bj::string_view part, std::size_t, bj::error_code& ec) {
    gather(part);
    if (!allow_nul && text_.find('\0') != std::string::npos) return refuse("a string contains a NUL (\\u0000)", ec);
    return put(Value(take()), ec);
  }
  bool on_key_part(bj::string_view part, std::size_t, bj::error_code&) { return gather(part); }
  bool on_key(bj::string_view part, std::size_t, bj::error_code& ec) {
    gather(part);
    if (!allow_nul && text_.find('\0') != std::string::npos) return refuse("a key contains a NUL (\\u0000)", ec);
    Value key(take());
    // Added now with null, so that a duplicate is refused where it stands; the value follows.
    if (!open_.back().map.add(key, nullptr)) return refuse("the key " + shown(*key.if_string()) + " comes twice", ec);
    open_.back().key = std::move(key);
    return true;
  }

  bool on_number_part(bj::string_view part, bj::error_code&) { return gather(part); }
  bool on_int64(std::int64_t, bj::string_view part, bj::error_code& ec) { return number(part, ec); }
  bool on_uint64(std::uint64_t, bj::string_view part, bj::error_code& ec) { return number(part, ec); }
  bool on_double(double, bj::string_view part, bj::error_code& ec) { return number(part, ec); }

  bool on_bool(bool value, bj::error_code& ec) { return put(Value(value), ec); }
  bool on_null(bj::error_code& ec) { return put(Value(nullptr), ec); }
  bool on_comment_part(bj::string_view, bj::error_code&) { return false; }
  bool on_comment(bj::string_view, bj::error_code&) { return false; }

 private:
  struct Frame {
    bool is_map = false;
    Map map;
    List list;
    Value key;
  };

  bool open(bool is_map) {
    open_.emplace_back().is_map = is_map;
    return true;
  }

  bool put(Value value, bj::error_code&) {
    if (open_.empty()) {
      result = std::move(value);
    } else if (Frame& frame = open_.back(); frame.is_map) {
      frame.map.set(std::move(frame.key), std::move(value));
    } else {
      frame.list.push_back(std::move(value));
    }
    return true;
  }

  bool gather(bj::string_view part) {
    text_.append(part.data(), part.size());
    return true;
  }

  std::string take() {
    std::string text = std::move(text_);
    text_.clear();
    return text;
  }

  // From the digits as written: the parser's own number has lost some of them.
  bool number(bj::string_view part, bj::error_code& ec) {
    gather(part);
    const std::string text = take();
    const char* const end = text.data() + text.size();
    if (text.find_first_of(".eE") == std::string::npos) {
      std::int64_t narrow = 0;
      if (const auto read = std::from_chars(text.data(), end, narrow); read.ec == std::errc() && read.ptr == end)
        return put(Value(narrow), ec);
      std::uint64_t wide = 0;
      if (const auto read = std::from_chars(text.data(), end, wide); read.ec == std::errc() && read.ptr == end)
        return put(Value(wide), ec);
    }
    Result<Decimal> exact = decimal::parse(text);
    if (!exact) return refuse("a number has more than 1,000 digits", ec);
    return put(Value(*std::move(exact)), ec);
  }

  static std::string shown(const std::string& key) { return write_json(Value(key.size() <= 64 ? key : "...")); }

  bool refuse(std::string why, bj::error_code& ec) {
    refusal = std::move(why);
    ec = bj::error::input_error;
    return false;
  }

  std::vector<Frame> open_;
  std::string text_;
};

std::string explain(const bj::error_code& ec) {
  if (ec == bj::error::incomplete) return "the text ends before the JSON value does";
  if (ec == bj::error::too_deep) return "lists and objects lie too deep inside each other";
  if (ec == bj::error::illegal_leading_surrogate || ec == bj::error::illegal_trailing_surrogate ||
      ec == bj::error::expected_utf16_escape)
    return "a \\u escape is half of a surrogate pair";
  if (ec == bj::error::expected_hex_digit) return "a \\u escape needs four hexadecimal digits";
  if (ec == bj::error::exponent_overflow) return "the exponent of a number is too large";
  return "this is not valid JSON";
}

Error bad_json(std::string what, std::size_t offset) {
  return Error("bad_json", std::move(what), "", "offset " + std::to_string(offset));
}

}  // namespace

Result<Value> parse_json(std::string_view text, JsonLimits limits) {
  if (text.size() > limits.size_max)
    return bad_json("the text has more than " + std::to_string(limits.size_max) + " bytes", limits.size_max);
  bj::parse_options options;
  options.max_depth = limits.depth_max;
  bj::basic_parser<Builder> parser(options);
  parser.handler().allow_nul = limits.allow_nul;
  bj::error_code ec;
  const std::size_t offset = parser.write_some(false, text.data(), text.size(), ec);
  if (ec) {
    const std::string& refusal = parser.handler().refusal;
    return bad_json(refusal.empty() ? explain(ec) : refusal, offset);
  }
  if (offset < text.size()) return bad_json("something follows the JSON value", offset);
  return std::move(parser.handler().result);
}

}  // namespace ieum
