#include "server/route_doc.hpp"

#include <algorithm>
#include <charconv>
#include <string>

#include "base/json.hpp"

namespace ieum::server {
namespace {

const Member* find(const std::vector<Member>& members, std::string_view name) {
  const auto found = std::find_if(members.begin(), members.end(), [&](const Member& m) { return m.name.text == name; });
  return found == members.end() ? nullptr : &*found;
}

std::string listed(const std::vector<Member>& members) {
  std::string text;
  for (const auto& member : members) text.append(text.empty() ? "known are: " : ", ").append(member.name.text);
  return text.empty() ? std::string("leave it out") : text;
}

std::string quoted(std::string_view name) { return "\"" + std::string(name) + "\""; }

bool is_integer(std::string_view text) {
  std::int64_t number = 0;
  const auto [stopped, failed] = std::from_chars(text.data(), text.data() + text.size(), number);
  return failed == std::errc() && stopped == text.data() + text.size();
}

bool reads_as(Type type, std::string_view text) {
  switch (type) {
    case Type::integer: return is_integer(text);
    case Type::boolean: return text == "true" || text == "false";
    default: return true;
  }
}

template <class Is>
bool all_of(const Value& value, Is is) {
  const auto* list = value.if_list();
  return list != nullptr && std::all_of(list->begin(), list->end(), is);
}

bool is_number(const Value& value) { return value.if_int() || value.if_uint() || value.if_decimal(); }

bool is_a(Type type, const Value& value) {
  switch (type) {
    case Type::text: return value.is_string();
    case Type::integer: return value.if_int() != nullptr;
    case Type::number: return is_number(value);
    case Type::boolean: return value.if_bool() != nullptr;
    case Type::object: return value.is_map();
    case Type::list: return value.is_list();
    case Type::texts: return all_of(value, [](const Value& one) { return one.is_string(); });
    case Type::integers: return all_of(value, [](const Value& one) { return one.if_int() != nullptr; });
    case Type::any: return true;
  }
  return false;
}

std::string_view phrase(Type type) {
  switch (type) {
    case Type::text: return "text";
    case Type::integer: return "a whole number";
    case Type::number: return "a number";
    case Type::boolean: return "true or false";
    case Type::object: return "a JSON object";
    case Type::list: return "a list";
    case Type::texts: return "a list of texts";
    case Type::integers: return "a list of whole numbers";
    case Type::any: return "JSON";
  }
  return "";
}

Error not_a(std::string_view code, const Member& member) {
  return {std::string(code), quoted(member.name.text) + " must be " + std::string(phrase(member.type))};
}

}  // namespace

std::string_view type_name(Type type) {
  switch (type) {
    case Type::text: return "string";
    case Type::integer: return "integer";
    case Type::number: return "number";
    case Type::boolean: return "boolean";
    case Type::object: return "object";
    case Type::list:
    case Type::texts:
    case Type::integers: return "array";
    case Type::any: break;
  }
  return "";
}

Status judge_query(const RouteDoc& doc, const QueryPairs& query) {
  for (auto at = query.begin(); at != query.end(); ++at) {
    const auto* member = find(doc.query, at->first);
    if (member == nullptr)
      return Error("bad_parameter", "there is no parameter " + quoted(at->first) + " here", listed(doc.query));
    if (std::any_of(query.begin(), at, [&](const auto& before) { return before.first == at->first; }))
      return Error("bad_parameter", "the parameter " + quoted(at->first) + " was given twice", "give it once");
    if (!at->second.empty() && !reads_as(member->type, at->second)) return not_a("bad_parameter", *member);
  }
  for (const auto& member : doc.query) {
    if (!member.required) continue;
    const auto found =
        std::find_if(query.begin(), query.end(), [&](const auto& pair) { return pair.first == member.name.text; });
    if (found == query.end() || found->second.empty())
      return Error("bad_parameter", "the parameter " + quoted(member.name.text) + " is missing",
                   std::string(member.help.text));
  }
  return {};
}

Status judge_body(const RouteDoc& doc, Value& body) {
  const auto* map = body.if_map();
  if (map == nullptr) return Error("bad_body", "the body must be a JSON object");
  Map given;
  for (const auto& [key, value] : *map) {
    const auto* name = key.if_string();
    const auto* member = name == nullptr ? nullptr : find(doc.body, *name);
    if (member == nullptr)
      return Error("bad_body", "there is no member " + quoted(name ? *name : std::string()) + " here",
                   listed(doc.body));
    if (value.is_null() && !member->required) continue;
    if (!is_a(member->type, value)) return not_a("bad_body", *member);
    given.set(key, value);
  }
  for (const auto& member : doc.body) {
    if (member.required && given.find(member.name.text) == nullptr)
      return Error(
          "bad_body",
          "the member " + quoted(member.name.text) + " must be there and be " + std::string(phrase(member.type)),
          std::string(member.help.text));
  }
  body = Value(std::move(given));
  return {};
}

Map audited(const RouteDoc& doc, const Value& body) {
  constexpr std::size_t kBytesMax = 500;
  Map shown;
  const auto* map = body.if_map();
  for (const auto& member : doc.body) {
    const auto* value = map == nullptr ? nullptr : map->find(member.name.text);
    if (value == nullptr) continue;
    const bool plain = member.type == Type::integer || member.type == Type::number || member.type == Type::boolean ||
                       member.type == Type::integers;
    const bool told = plain || (member.shown && write_json(*value).size() <= kBytesMax);
    shown.set(member.name.text, told ? *value : Value("..."));
  }
  return shown;
}

}  // namespace ieum::server
