#include "block_limits.hpp"

#include "characters.hpp"
#include "message.hpp"

namespace slack {

namespace {

using ieum::json::array;
using ieum::json::object;
using ieum::json::value;

constexpr std::size_t kFallbackMax = 300;
constexpr int kDepthMax = 16;

// `of`: the type that has the member; "" any. `most`: characters of a text, or members of a list.
struct Limit {
  std::string_view of, member;
  std::size_t most;
};

constexpr Limit kTexts[] = {{"section", "text", 3000}, {"header", "text", 150},  {"button", "text", 75},
                            {"button", "value", 2000}, {"button", "url", 3000},  {"image", "alt_text", 2000},
                            {"image", "title", 2000},  {"", "block_id", 255},    {"", "action_id", 255},
                            {"confirm", "title", 100}, {"confirm", "text", 300}, {"confirm", "confirm", 30},
                            {"confirm", "deny", 30},   {"field", "text", 2000}};
constexpr Limit kLists[] = {{"section", "fields", 10},
                            {"actions", "elements", 25},
                            {"context", "elements", 10},
                            {"static_select", "options", 100},
                            {"multi_static_select", "options", 100},
                            {"table", "rows", 100}};
constexpr std::size_t kCellsOfRow = 20;

// The text of a member: a plain one, or that of {type, text}.
std::string said(const value& member) {
  if (member.is_string()) return std::string(member.get_string());
  return ieum::text_at(member, "text");
}

std::string too_long(std::string_view what, std::size_t most, std::size_t has, std::string_view of) {
  return std::string(what) + " has at most " + std::to_string(most) + " " + std::string(of) + ", not " +
         std::to_string(has);
}

std::optional<std::string> judge(const value& item, std::string_view role, int depth);

std::optional<std::string> judge_members(const object& map, std::string_view type, int depth) {
  for (const Limit& limit : kTexts) {
    const value* member = limit.of.empty() || limit.of == type ? map.if_contains(limit.member) : nullptr;
    if (member == nullptr) continue;
    if (const std::size_t has = length(said(*member)); has > limit.most)
      return too_long(std::string(limit.member) + " of " + std::string(type), limit.most, has, "characters");
  }
  for (const Limit& limit : kLists) {
    const value* member = limit.of == type ? map.if_contains(limit.member) : nullptr;
    if (member == nullptr || !member->is_array()) continue;
    if (const std::size_t has = member->get_array().size(); has > limit.most)
      return too_long(std::string(limit.member) + " of " + std::string(type), limit.most, has, "members");
  }
  if (const value* rows = type == "table" ? map.if_contains("rows") : nullptr; rows != nullptr && rows->is_array()) {
    for (const value& row : rows->get_array())
      if (row.is_array() && row.get_array().size() > kCellsOfRow)
        return too_long("a row of table", kCellsOfRow, row.get_array().size(), "cells");
  }
  for (const auto& member : map) {
    const std::string_view role = member.key() == "confirm" && member.value().is_object() && type != "confirm"
                                      ? "confirm"
                                  : member.key() == "fields" && type == "section" ? "field"
                                                                                  : "";
    if (auto problem = judge(member.value(), role, depth + 1)) return problem;
  }
  return std::nullopt;
}

// `role`: what it is by its place, where its type does not say so.
std::optional<std::string> judge(const value& item, std::string_view role, int depth) {
  if (depth > kDepthMax) return "they are nested too deeply";
  if (const array* list = item.if_array()) {
    for (const value& one : *list)
      if (auto problem = judge(one, role, depth + 1)) return problem;
  }
  const object* map = item.if_object();
  if (map == nullptr) return std::nullopt;
  const std::string type = ieum::text_at(item, "type");
  if (type == "external_select" || type == "multi_external_select")
    return type + " asks for its options while a person waits, which the hub does not answer; take static_select";
  return judge_members(*map, role.empty() ? std::string_view(type) : role, depth);
}

// Adds the texts below `item` in order until there are enough.
void collect(const value& item, std::string& out, int depth) {
  if (depth > kDepthMax || length(out) >= kFallbackMax) return;
  if (const array* list = item.if_array()) {
    for (const value& one : *list) collect(one, out, depth + 1);
    return;
  }
  const object* map = item.if_object();
  if (map == nullptr) return;
  const std::string type = ieum::text_at(item, "type");
  const bool is_text = type == "plain_text" || type == "mrkdwn" || type == "text";
  const std::string text = ieum::text_at(item, is_text ? "text" : "alt_text");
  if (!text.empty()) {
    if (!out.empty()) out += ' ';
    out += type == "mrkdwn" ? text : escape(cut(text, kFallbackMax));
  }
  for (const auto& member : *map) collect(member.value(), out, depth + 1);
}

}  // namespace

std::optional<std::string> over_limits(const array& blocks, std::size_t most) {
  if (blocks.size() > most)
    return "there are at most " + std::to_string(most) + ", not " + std::to_string(blocks.size());
  std::size_t number = 0;
  for (const value& block : blocks) {
    ++number;
    if (!block.is_object()) return "block " + std::to_string(number) + " is no map";
    if (auto problem = judge(block, "", 0)) return "block " + std::to_string(number) + ": " + *problem;
  }
  return std::nullopt;
}

std::string text_of_blocks(const array& blocks) {
  std::string out;
  for (const value& block : blocks) collect(block, out, 0);
  return out;
}

}  // namespace slack
