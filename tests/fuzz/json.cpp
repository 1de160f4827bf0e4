// Fuzz target: any bytes as JSON. What is taken another reader takes too, lies no deeper than the limit, and is written as text that
// is written the same again; what is refused says where.
#include "base/json.hpp"

#include <boost/json/parse.hpp>

#include "base/encoding.hpp"
#include "fuzz/support.hpp"

using namespace ieum;

namespace {

std::size_t depth_of(const Value& value) {
  std::size_t deepest = 0;
  if (const List* list = value.if_list()) {
    for (const Value& item : *list) deepest = std::max(deepest, depth_of(item));
    return deepest + 1;
  }
  if (const Map* map = value.if_map()) {
    for (const auto& [key, item] : *map) deepest = std::max(deepest, depth_of(item));
    return deepest + 1;
  }
  return 0;
}

}  // namespace

IEUM_FUZZ_TARGET(json, text) {
  const Result<Value> value = parse_json(text);
  if (!value) {
    fuzz::expect(value.error().code == "bad_json" && !value.error().what.empty(), "an error says what is wrong");
    fuzz::expect(value.error().place.starts_with("offset "), "an error has a place");
    return;
  }
  boost::system::error_code other;
  boost::json::parse_options options;
  options.max_depth = limits::kJsonDepth + 1;
  static_cast<void>(boost::json::parse(boost::json::string_view(text.data(), text.size()), other, {}, options));
  fuzz::expect(!other, "another reader takes it too");
  fuzz::expect(utf8_valid(text), "what is taken is UTF-8");
  fuzz::expect(depth_of(*value) <= limits::kJsonDepth, "the depth is bounded");
  const std::string once = write_json(*value);
  const Result<Value> again = parse_json(once);
  fuzz::expect(again && write_json(*again) == once, "what is written is read and written the same again");
  for (const std::string& form : {write_canonical_json(*value), write_pretty_json(*value)}) {
    const Result<Value> formed = parse_json(form);
    fuzz::expect(formed && write_canonical_json(*formed) == write_canonical_json(*value), "every form holds the same");
  }
}
