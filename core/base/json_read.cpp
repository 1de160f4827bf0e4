// The JSON reader: boost::json's incremental parser checks grammar and UTF-8 and calls us; we build Values, so that the
// digits of numbers survive and duplicate keys are seen.
#include <boost/json/basic_parser_impl.hpp>
#include <charconv>
#include <iterator>
#include <memory>
#include <set>
#include <string>
#include <utility>
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

  Builder() { values_.reserve(64); }

  // What this builder refused, empty when the grammar was to blame.
  std::string refusal;
  bool allow_nul = false;

  Value result() { return std::move(values_.front()); }

  bool on_document_begin(bj::error_code&) { return true; }
  bool on_document_end(bj::error_code&) { return true; }

  bool on_object_begin(bj::error_code&) { return open(); }
  bool on_array_begin(bj::error_code&) { return open(); }

  bool on_object_end(std::size_t, bj::error_code& ec) {
    const auto begin = values_.begin() + static_cast<std::ptrdiff_t>(open_.back().begin);
    std::vector<Map::Entry> entries;
    entries.reserve(static_cast<std::size_t>(values_.end() - begin) / 2);
    for (auto at = begin; at != values_.end(); at += 2) entries.emplace_back(std::move(*at), std::move(*(at + 1)));
    close(begin);
    return put(Value(Map::of_distinct(std::move(entries))), ec);
  }
  bool on_array_end(std::size_t, bj::error_code& ec) {
    const auto begin = values_.begin() + static_cast<std::ptrdiff_t>(open_.back().begin);
    List list(std::make_move_iterator(begin), std::make_move_iterator(values_.end()));
    close(begin);
    return put(Value(std::move(list)), ec);
  }

  bool on_string_part(bj::string_view part, std::size_t, bj::error_code&) { return gather(part); }
  bool on_string(bj::string_view part, std::size_t, bj::error_code& ec) {
    const bool whole = text_.empty();
    const std::string_view text = whole ? std::string_view(part.data(), part.size()) : gathered(part);
    if (!allow_nul && text.find('\0') != std::string_view::npos) return refuse("a string contains a NUL (\\u0000)", ec);
    values_.emplace_back(text);
    if (!whole) text_.clear();
    return true;
  }
  bool on_key_part(bj::string_view part, std::size_t, bj::error_code&) { return gather(part); }
  bool on_key(bj::string_view part, std::size_t, bj::error_code& ec) {
    const bool whole = text_.empty();
    const std::string_view key = whole ? std::string_view(part.data(), part.size()) : gathered(part);
    if (!allow_nul && key.find('\0') != std::string_view::npos) return refuse("a key contains a NUL (\\u0000)", ec);
    if (is_known(key)) return refuse("the key " + shown(key) + " comes twice", ec);
    values_.emplace_back(key);
    if (!whole) text_.clear();
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
  static constexpr std::size_t kLinearSearchMax = 16;

  // A list or object that is not complete: its values from `begin` on, of an object keys and values by turns.
  struct Frame {
    std::size_t begin = 0;
    std::unique_ptr<std::set<std::string, std::less<>>> keys;  // of an object with more than a few
  };

  bool open() {
    open_.push_back({values_.size(), nullptr});
    return true;
  }
  void close(std::vector<Value>::iterator begin) {
    values_.erase(begin, values_.end());
    open_.pop_back();
  }

  bool put(Value value, bj::error_code&) {
    values_.push_back(std::move(value));
    return true;
  }

  // Whether the object at hand has this key already; from now on it has.
  bool is_known(std::string_view key) {
    Frame& frame = open_.back();
    const std::size_t count = (values_.size() - frame.begin) / 2;
    if (count <= kLinearSearchMax) {
      for (std::size_t at = frame.begin; at < values_.size(); at += 2)
        if (*values_[at].if_string() == key) return true;
      return false;
    }
    if (!frame.keys) {
      frame.keys = std::make_unique<std::set<std::string, std::less<>>>();
      for (std::size_t at = frame.begin; at < values_.size(); at += 2) frame.keys->insert(*values_[at].if_string());
    }
    return !frame.keys->emplace(key).second;
  }

  bool gather(bj::string_view part) {
    text_.append(part.data(), part.size());
    return true;
  }

  // What came before, and `last`; it stays in text_ until that is cleared.
  std::string_view gathered(bj::string_view last) {
    text_.append(last.data(), last.size());
    return text_;
  }

  // From the digits as written: the parser's own number has lost some of them.
  bool number(bj::string_view part, bj::error_code& ec) {
    const bool whole = text_.empty();
    const std::string_view text = whole ? std::string_view(part.data(), part.size()) : gathered(part);
    const bool good = number_from(text);
    if (!whole) text_.clear();
    return good || refuse("a number has more than 1,000 digits", ec);
  }
  bool number_from(std::string_view text) {
    const char* const end = text.data() + text.size();
    std::int64_t narrow = 0;
    if (const auto read = std::from_chars(text.data(), end, narrow); read.ec == std::errc() && read.ptr == end) {
      values_.emplace_back(narrow);
      return true;
    }
    std::uint64_t wide = 0;
    if (const auto read = std::from_chars(text.data(), end, wide); read.ec == std::errc() && read.ptr == end) {
      values_.emplace_back(wide);
      return true;
    }
    Result<Decimal> exact = decimal::parse(text);
    if (exact) values_.emplace_back(*std::move(exact));
    return exact.has_value();
  }

  static std::string shown(std::string_view key) { return write_json(Value(key.size() <= 64 ? key : "...")); }

  bool refuse(std::string why, bj::error_code& ec) {
    refusal = std::move(why);
    ec = bj::error::input_error;
    return false;
  }

  std::vector<Value> values_;  // complete ones whose list or object is not
  std::vector<Frame> open_;
  std::string text_;  // the parts of a string or number that came so far
};

// Calls for each text and whole number, and keeps nothing.
class Leaves {
 public:
  static constexpr std::size_t max_object_size = static_cast<std::size_t>(-1);
  static constexpr std::size_t max_array_size = static_cast<std::size_t>(-1);
  static constexpr std::size_t max_key_size = static_cast<std::size_t>(-1);
  static constexpr std::size_t max_string_size = static_cast<std::size_t>(-1);

  const std::function<bool(std::string_view)>* take = nullptr;

  bool on_document_begin(bj::error_code&) { return true; }
  bool on_document_end(bj::error_code&) { return true; }
  bool on_object_begin(bj::error_code&) { return true; }
  bool on_object_end(std::size_t, bj::error_code&) { return true; }
  bool on_array_begin(bj::error_code&) { return true; }
  bool on_array_end(std::size_t, bj::error_code&) { return true; }
  bool on_key_part(bj::string_view, std::size_t, bj::error_code&) { return true; }
  bool on_key(bj::string_view, std::size_t, bj::error_code&) { return true; }
  bool on_string_part(bj::string_view part, std::size_t, bj::error_code&) { return gather(part); }
  bool on_string(bj::string_view part, std::size_t, bj::error_code& ec) { return tell(part, ec); }
  bool on_number_part(bj::string_view part, bj::error_code&) { return gather(part); }
  bool on_int64(std::int64_t, bj::string_view part, bj::error_code& ec) { return tell(part, ec); }
  bool on_uint64(std::uint64_t, bj::string_view, bj::error_code&) { return forget(); }
  bool on_double(double, bj::string_view, bj::error_code&) { return forget(); }
  bool on_bool(bool, bj::error_code&) { return true; }
  bool on_null(bj::error_code&) { return true; }
  bool on_comment_part(bj::string_view, bj::error_code&) { return false; }
  bool on_comment(bj::string_view, bj::error_code&) { return false; }

 private:
  bool gather(bj::string_view part) {
    text_.append(part.data(), part.size());
    return true;
  }
  bool forget() {
    text_.clear();
    return true;
  }
  bool tell(bj::string_view part, bj::error_code& ec) {
    bool go_on = false;
    if (text_.empty()) {
      go_on = (*take)({part.data(), part.size()});
    } else {
      gather(part);
      go_on = (*take)(text_);
      text_.clear();
    }
    if (!go_on) ec = bj::error::input_error;
    return go_on;
  }

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
  return parser.handler().result();
}

void each_json_leaf(std::string_view text, const std::function<bool(std::string_view)>& take) {
  bj::parse_options options;
  options.max_depth = limits::kJsonDepth;
  bj::basic_parser<Leaves> parser(options);
  parser.handler().take = &take;
  bj::error_code ec;
  parser.write_some(false, text.data(), text.size(), ec);
}

}  // namespace ieum
