#include "blocks.hpp"

#include "block_limits.hpp"
#include "characters.hpp"
#include "message.hpp"

namespace slack {

namespace {

using ieum::json::array;
using ieum::json::object;

constexpr std::size_t kBlocksMax = 50;
constexpr std::size_t kHeaderMax = 150;
constexpr std::size_t kSectionMax = 3000;
constexpr std::size_t kFieldMax = 2000;
constexpr std::size_t kFieldsOfSection = 10;
constexpr std::size_t kButtonsMax = 25;
constexpr std::size_t kButtonMax = 75;
constexpr std::size_t kButtonValueMax = 2000;
constexpr std::size_t kUrlMax = 3000;
constexpr std::size_t kIdMax = 255;

// The start of `text` from `at` on, escaped, with at most `most` characters; moves `at` behind it.
std::string escaped_part(std::string_view text, std::size_t& at, std::size_t most) {
  std::string out;
  std::size_t used = 0;
  while (at < text.size()) {
    const std::size_t bytes = character(text, at);
    const std::string one = escape(text.substr(at, bytes));
    const std::size_t costs = bytes == 1 ? one.size() : 1;
    if (used + costs > most) break;
    used += costs;
    out += one;
    at += bytes;
  }
  return out;
}

// Escaped, and cut with "…" where it is longer.
std::string escaped_cut(std::string_view text, std::size_t most) {
  std::size_t at = 0;
  std::string out = escaped_part(text, at, most);
  if (at == text.size()) return out;
  at = 0;
  return escaped_part(text, at, most - 1) + "…";
}

object plain(std::string_view text, std::size_t most) {
  return {{"type", "plain_text"}, {"text", cut(text, most)}, {"emoji", true}};
}

object section(std::string text) {
  return {{"type", "section"}, {"text", object{{"type", "mrkdwn"}, {"text", std::move(text)}}}};
}

object button(std::string_view label, std::string_view action, std::string_view value) {
  return {{"type", "button"}, {"text", plain(label, kButtonMax)}, {"action_id", action}, {"value", value}};
}

}  // namespace

Blocks::Blocks(const ieum::Call& call, const std::string& mentions, bool asks) : call_(call) {
  const ieum::json::value& given = call.input_value("blocks");
  if (!given.is_null() && !given.is_array()) refuse("invalid_blocks", "`blocks` must be a list");
  const auto filled = [&](std::string_view name) {
    const ieum::json::value& value = call.input_value(name);
    return (value.is_array() && !value.get_array().empty()) || (value.is_object() && !value.get_object().empty());
  };
  if (given.is_array() && filled("blocks")) {
    if (const auto problem = over_limits(given.get_array(), kBlocksMax))
      refuse("invalid_blocks", "Slack would not take the blocks: " + *problem);
    blocks_ = given.get_array();
  } else {
    header();
    if (asks || filled("fields") || filled("buttons") || !blocks_.empty()) text(mentions);
  }
  fields();
  buttons();
  if (asks) approval();
  if (blocks_.size() > kBlocksMax) refuse("too_many_blocks", "a message has at most 50 blocks");
}

void Blocks::refuse(std::string_view code, std::string message) {
  if (!problem_) problem_ = Problem{code, std::move(message)};
}

void Blocks::add(object block) { blocks_.emplace_back(std::move(block)); }

void Blocks::header() {
  if (const std::string title = call_.input("header"); !title.empty())
    add({{"type", "header"}, {"text", plain(title, kHeaderMax)}});
}

// With blocks Slack shows `text` in notifications only, so it becomes a block of its own; a long one several.
void Blocks::text(const std::string& mentions) {
  const std::string raw = call_.input("text");
  if (raw.empty() && mentions.empty()) return;
  std::size_t at = 0;
  std::string part = mentions + escaped_part(raw, at, kSectionMax - std::min(kSectionMax - 1, length(mentions)));
  while (!part.empty() && part.back() == ' ') part.pop_back();
  if (!part.empty()) add(section(std::move(part)));
  while (at < raw.size() && blocks_.size() <= kBlocksMax) add(section(escaped_part(raw, at, kSectionMax)));
}

// A list of {title, value}, or a map from title to value.
void Blocks::fields() {
  array all;
  const auto take = [&](std::string_view title, const ieum::json::value& value) {
    const std::string head = title.empty() ? "" : "*" + escaped_cut(title, 300) + "*\n";
    std::string said = ieum::scalar_text(value).value_or("");
    if (said.empty()) said = "-";
    all.emplace_back(object{{"type", "mrkdwn"},
                            {"text", head + escaped_cut(said, kFieldMax - std::min<std::size_t>(310, length(head)))}});
  };
  const ieum::json::value& given = call_.input_value("fields");
  if (const object* map = given.if_object()) {
    for (const auto& member : *map) take(std::string_view(member.key().data(), member.key().size()), member.value());
  } else if (const array* list = given.if_array()) {
    for (const ieum::json::value& item : *list) {
      const ieum::json::value* value = ieum::find(item, "value");
      if (value == nullptr) return refuse("bad_field", "each of `fields` has a title and a value");
      take(ieum::text_at(item, "title"), *value);
    }
  } else if (!given.is_null()) {
    return refuse("bad_field", "`fields` is a map of titles and values, or a list of {title, value}");
  }
  for (std::size_t from = 0; from < all.size(); from += kFieldsOfSection) {
    array some;
    for (std::size_t i = from; i < std::min(all.size(), from + kFieldsOfSection); ++i) some.push_back(all[i]);
    add({{"type", "section"}, {"fields", std::move(some)}});
  }
}

// Each {text, url} opens an address; {text, value, action} is told as slack/block_actions. block_id carries the step key, so
// that the event names the step.
void Blocks::buttons() {
  const ieum::json::value& given = call_.input_value("buttons");
  if (given.is_null()) return;
  const array* list = given.if_array();
  if (list == nullptr) return refuse("bad_button", "`buttons` is a list of {text, url} or {text, value}");
  if (list->empty()) return;
  if (list->size() > kButtonsMax) return refuse("too_many_buttons", "a message has at most 25 buttons");
  array elements;
  for (const ieum::json::value& item : *list) {
    const std::string label = ieum::text_at(item, "text");
    const std::string url = ieum::text_at(item, "url");
    const std::string value = ieum::text_at(item, "value");
    const std::string action = ieum::text_at(item, "action", "button_" + std::to_string(elements.size() + 1));
    if (label.empty()) return refuse("bad_button", "a button has no text");
    if (!url.empty() && !url.starts_with("https://") && !url.starts_with("http://"))
      return refuse("bad_button", "the address of the button '" + cut(label, 30) + "' is no http address");
    if (url.size() > kUrlMax) return refuse("bad_button", "the address of a button has at most 3000 characters");
    if (length(value) > kButtonValueMax)
      return refuse("bad_button", "the value of a button has at most 2000 characters");
    if (length(action) > kIdMax || action == kApprove || action == kReject)
      return refuse("bad_button", "'" + cut(action, 30) + "' cannot be the action of a button");
    object made = button(label, action, value);
    if (value.empty()) made.erase("value");
    if (!url.empty()) made["url"] = url;
    if (const std::string style = ieum::text_at(item, "style"); style == "primary" || style == "danger")
      made["style"] = style;
    elements.emplace_back(std::move(made));
  }
  add({{"type", "actions"}, {"block_id", "ieum:" + call_.step_key()}, {"elements", std::move(elements)}});
}

void Blocks::approval() {
  object approve = button(call_.input("approve", "승인"), kApprove, call_.step_key());
  approve["style"] = "primary";
  object reject = button(call_.input("reject", "반려"), kReject, call_.step_key());
  reject["style"] = "danger";
  add({{"type", "actions"},
       {"block_id", "ieum_approval"},
       {"elements", array{ieum::json::value(std::move(approve)), ieum::json::value(std::move(reject))}}});
}

}  // namespace slack
