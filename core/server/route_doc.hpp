// RouteDoc: what a route takes and gives. The one source: requests are judged by it, docs/api.md and the OpenAPI document
// (server/openapi.hpp) are written from it.
#pragma once
#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"
#include "base/url.hpp"
#include "base/value.hpp"

namespace ieum::server {

class Api;
struct ApiCall;

// Text that must be there: nothing, and an empty one, do not compile.
struct Words {
  template <std::size_t N>
  requires(N > 1) consteval Words(const char (&literal)[N]) : text(literal, N - 1) {}
  std::string_view text;
};

enum class Type { text, integer, number, boolean, object, list, texts, integers, any };

// A query parameter, or a member of the body.
struct Member {
  Words name;
  Type type;
  bool required;
  Words help;
  bool shown =
      false;  // the audit log has what it says; of others, that they were there. Numbers and flags are always shown
};
constexpr Member must(Words name, Type type, Words help) { return {name, type, true, help}; }
constexpr Member may(Words name, Type type, Words help) { return {name, type, false, help}; }
constexpr Member shown(Member member) {
  member.shown = true;
  return member;
}

// Of every list: ids below this one, and how many.
inline constexpr Member kBefore = may("before", Type::integer, "the `next` of the page before");
inline constexpr Member kLimit = may("limit", Type::integer, "rows of a page: 1 to 200, usually 50");

struct RouteDoc {
  Words summary;                                // one line: what it is or does
  std::vector<Member> query = {}, body = {};    // others are refused, and so is a request without what it must have
  Words answer;                                 // what a 200 holds
  std::string_view example = {};                // of the answer, as JSON
  std::vector<std::string_view> errors = {};    // codes beyond those of every route
  std::string_view media = "application/json";  // of the answer
  bool asks = false;                            // changes nothing, though it is no GET: no entry of the audit log
  bool open = false;                            // query and body are the caller's own and are not judged here
  // What the audit log should say beyond the body: what stands behind an id, or in a text.
  std::function<Map(Api&, const ApiCall&)> tells = {};
};

// Errors: "bad_parameter", "bad_body". A member that may be there and is null was not given: it is taken out.
Status judge_query(const RouteDoc& doc, const QueryPairs& query);
Status judge_body(const RouteDoc& doc, Value& body);

// A judged body as the audit log shows it, a JSON object.
Map audited(const RouteDoc& doc, const Value& body);

std::string_view type_name(Type type);

}  // namespace ieum::server
