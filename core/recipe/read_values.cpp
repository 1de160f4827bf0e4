// RecipeReader: single values.
#include <algorithm>

#include "base/encoding.hpp"
#include "base/ids.hpp"
#include "base/time_text.hpp"
#include "recipe/recipe_reader.hpp"

namespace ieum::recipe {

namespace {

bool good_operation(std::string_view text) {
  std::size_t parts = 0;
  while (true) {
    const std::size_t dot = text.find('.');
    if (!is_name(text.substr(0, dot))) return false;
    ++parts;
    if (dot == std::string_view::npos) return parts >= 1;
    text.remove_prefix(dot + 1);
  }
}

}  // namespace

std::string RecipeReader::text(const Node& node, const std::string& key) {
  if (node.kind == Node::Kind::scalar) {
    const Value value = node_value(node);
    if (const std::string* found = value.if_string()) return *found;
    if (!value.is_null()) {
      wrong_kind(node, key, "a text", "put it in quotes: " + key + ": \"" + node.text + "\"");
      return node.text;
    }
  }
  wrong_kind(node, key, "a text", "write a text behind the colon");
  return "";
}

std::string RecipeReader::name(const Node& node, const std::string& key) {
  std::string found = text(node, key);
  if (!found.empty() && !is_name(found))
    findings_.error(node.place, "bad_name", quoted(found) + " is no name",
                    "a name begins with a small letter and has small letters, digits, - and _, at most 63");
  if (found.empty() && node.kind == Node::Kind::scalar && node.style != Style::plain)
    findings_.error(node.place, "bad_name", "`" + key + "` is empty", "write a name");
  return found;
}

std::string RecipeReader::variable(const Node& node, const std::string& key) {
  std::string found = text(node, key);
  if (!found.empty() && (!is_name(found) || found.find('-') != std::string::npos))
    findings_.error(node.place, "bad_name", quoted(found) + " is no name of a variable",
                    "begin with a small letter; small letters, digits and _ may follow");
  return found;
}

std::string RecipeReader::event_name(const Node& node) {
  std::string event = text(node, "event");
  const std::size_t slash = event.find('/');
  // What a sender calls its event may have spaces in it: "segment/Coupon Due".
  const bool bad = std::any_of(event.begin(), event.end(),
                               [](char c) { return static_cast<unsigned char>(c) < ' ' || c == 0x7F; }) ||
                   trim(event).size() != event.size();
  const bool good =
      slash == std::string::npos ? good_operation(event) : is_name(event.substr(0, slash)) && slash + 1 < event.size();
  if ((bad || !good || event.size() > 200) && node.kind == Node::Kind::scalar && node_value(node).is_string())
    findings_.error(node.place, "bad_event", quoted(event) + " is no name of an event",
                    "write a standard name (order_created) or connector/topic (shopify/orders/create)");
  return event;
}

std::optional<Millis> RecipeReader::duration(const Node& node, const std::string& key) {
  if (node.kind == Node::Kind::scalar && !node_value(node).is_null()) {
    if (const auto parsed = parse_duration(node.text)) return *parsed;
    if (node.text.starts_with('-') && parse_duration(node.text.substr(1))) {
      findings_.error(node.place, "bad_duration", "`" + key + "` is negative", "only `offset` may go back in time");
      return {};
    }
    const bool number = !node_value(node).is_string();
    findings_.error(node.place, "bad_duration", "`" + key + "` is " + quoted(node.text) + ", which is no duration",
                    number ? "add the unit: 30s, 30m, 5h, 7d" : "write it like 90s, 30m, 5h, 7d or 1h30m");
    return {};
  }
  wrong_kind(node, key, "a duration", "write it like 30m, 5h or 7d");
  return {};
}

std::optional<Millis> RecipeReader::some_time(const Node& node, const std::string& key, const std::string& example) {
  const auto found = duration(node, key);
  if (found == Millis{0}) {
    findings_.error(node.place, "bad_duration", "`" + key + "` is no time at all", "write one like " + example);
    return {};
  }
  return found;
}

std::optional<Millis> RecipeReader::offset(const Node& node, const std::string& key) {
  if (node.kind != Node::Kind::scalar || node_value(node).is_null()) return duration(node, key);
  const bool back = node.text.starts_with('-');
  if (const auto parsed = parse_duration(node.text.substr(back ? 1 : 0))) return back ? -*parsed : *parsed;
  findings_.error(node.place, "bad_duration", "`" + key + "` is " + quoted(node.text) + ", which is no duration",
                  "write it like -1d for a day before, or 2h for two hours after");
  return {};
}

std::optional<int> RecipeReader::whole(const Node& node, const Key& key) {
  bool is_text = false, too_large = false;
  if (node.kind == Node::Kind::scalar) {
    const Value value = node_value(node);
    const std::int64_t* number = value.if_int();
    is_text = value.is_string();
    too_large = number != nullptr && *number > key.highest;
    if (number != nullptr && *number >= key.lowest && *number <= key.highest) return static_cast<int>(*number);
  }
  wrong_kind(node, key.name, "a whole number from " + std::to_string(key.lowest) + " to " + std::to_string(key.highest),
             is_text ? "write a number without quotes"
                     : "write one like `" + key.name + ": " +
                           std::to_string(too_large ? key.highest : std::max(1, key.lowest)) + "`");
  return {};
}

std::optional<bool> RecipeReader::truth(const Node& node, const std::string& key) {
  if (node.kind == Node::Kind::scalar) {
    const Value value = node_value(node);
    if (const bool* found = value.if_bool()) return *found;
  }
  wrong_kind(node, key, "true or false", "write true or false, without quotes");
  return {};
}

std::optional<std::size_t> RecipeReader::choice(const Node& node, const std::string& key,
                                                const std::vector<std::string>& choices) {
  const std::string found = text(node, key);
  const auto at = std::find(choices.begin(), choices.end(), found);
  if (at != choices.end()) return static_cast<std::size_t>(at - choices.begin());
  if (!found.empty())
    findings_.error(node.place, "unknown_choice", "`" + key + "` cannot be " + quoted(found),
                    did_you_mean(found, choices, "it is one of " + joined(choices)));
  return {};
}

std::string RecipeReader::one_of(const Node& node, const Key& key) {
  const auto found = choice(node, key.name, key.choices);
  return found ? key.choices[*found] : "";
}

std::optional<InDoubt> RecipeReader::in_doubt(const Node& node) {
  const auto found = choice(node, "on_doubt", {"wait", "skip", "fail", "repeat"});
  if (!found) return {};
  return static_cast<InDoubt>(*found);
}

std::string RecipeReader::zone(const Node& node, const std::string& key) {
  std::string zone = text(node, key);
  const auto allowed = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '/' || c == '_' ||
           c == '-' || c == '+';
  };
  const bool good = std::all_of(zone.begin(), zone.end(), allowed) && !zone.starts_with('/') && zone.size() <= 64;
  if (!zone.empty() && !good)
    findings_.error(node.place, "bad_zone", quoted(zone) + " is no name of a time zone", "write one like Asia/Seoul");
  return zone;
}

}  // namespace ieum::recipe
