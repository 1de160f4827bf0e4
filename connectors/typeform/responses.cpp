// Responses: read a page of them, erase some for good.
#include <algorithm>
#include <vector>

#include "answers.hpp"
#include "operations.hpp"
#include "shape.hpp"

namespace typeform {

using ieum::Call;
using ieum::Effect;
using ieum::Kind;
namespace json = ieum::json;

namespace {

constexpr std::int64_t kLimit = 25, kLimitMax = 1000;
constexpr std::size_t kTokensMax = 1000;
constexpr std::size_t kNamedMax = 100;     // ids in the address
constexpr std::size_t kTokensACall = 100;  // in the address

void add(std::string& url, std::string_view name, const std::string& value) {
  if (!value.empty()) url += "&" + std::string(name) + "=" + ieum::percent_encode(value);
}

// An input that is one text or a list of them.
std::vector<std::string> texts_of(const Call& call, std::string_view name) {
  std::vector<std::string> out;
  const json::value& given = call.input_value(name);
  if (const json::array* list = given.if_array()) {
    for (const json::value& item : *list)
      if (auto text = ieum::scalar_text(item); text && !text->empty()) out.push_back(*text);
  } else if (!call.input(name).empty()) {
    out.push_back(call.input(name));
  }
  return out;
}

std::vector<std::string> tokens_of(const Call& call) { return texts_of(call, "responses"); }

std::string joined(const std::vector<std::string>& texts) {
  std::string out;
  for (const std::string& text : texts) out += (out.empty() ? "" : ",") + text;
  return out;
}

Effect delete_from(const Call& call, std::size_t first) {
  const auto path = form_path(call.input("form"), "/responses");
  if (!path) return bad_form(call.input("form"));
  const std::vector<std::string> tokens = tokens_of(call);
  std::string list;
  const std::size_t end = std::min(tokens.size(), first + kTokensACall);
  for (std::size_t i = first; i < end; ++i) list += (list.empty() ? "" : ",") + ieum::percent_encode(tokens[i]);
  return ieum::http("DELETE", api_url(call, *path + "?included_tokens=" + list))
      .idempotent()
      .state({{"done", static_cast<std::int64_t>(end)}});
}

}  // namespace

Effect list_responses(const Call& call) {
  const auto path = form_path(call.input("form"), "/responses");
  if (!path) return bad_form(call.input("form"));
  const std::int64_t limit = ieum::int_at(call.inputs(), "limit").value_or(kLimit);
  if (limit < 1 || limit > kLimitMax)
    return ieum::fail(Kind::permanent, "bad_limit", "limit is from 1 to 1000; for more, ask again with 'before'");
  const std::string sort = call.input("sort");
  if (!sort.empty() && !(call.input("before").empty() && call.input("after").empty()))
    return ieum::fail(Kind::permanent, "bad_order", "before and after go without sort");
  const std::vector<std::string> only = tokens_of(call), fields = texts_of(call, "fields");
  if (only.size() > kNamedMax || fields.size() > kNamedMax)
    return ieum::fail(Kind::permanent, "too_many_ids", "at most 100 responses and 100 fields are named at once");
  const bool completed = !call.has_input("completed") || ieum::flag_at(call.inputs(), "completed");
  std::string url =
      api_url(call, *path) + "?page_size=" + std::to_string(limit) + "&completed=" + (completed ? "true" : "false");
  add(url, "since", call.input("since"));
  add(url, "until", call.input("until"));
  add(url, "before", call.input("before"));
  add(url, "after", call.input("after"));
  add(url, "query", call.input("query"));
  add(url, "included_response_ids", joined(only));
  add(url, "fields", joined(fields));
  if (!sort.empty()) add(url, "sort", sort == "oldest" ? "submitted_at,asc" : "submitted_at,desc");
  return ieum::http("GET", url).safe();
}

Effect listed_responses(const Call& call) {
  if (auto failed = failure(call)) return std::move(*failed);
  const json::value* items = ieum::find(call.answer(), "items");
  if (items == nullptr || !items->is_array()) return unreadable("list of responses");
  json::array responses;
  for (const json::value& item : items->get_array()) responses.push_back(shape_response(item));
  std::string next;
  const std::int64_t limit = ieum::int_at(call.inputs(), "limit").value_or(kLimit);
  if (call.input("sort").empty() && static_cast<std::int64_t>(responses.size()) >= limit)
    next = ieum::text_at(responses.back(), "response_id");
  return ieum::done({{"total", ieum::int_at(call.answer(), "total_items").value_or(0)},
                     {"responses", std::move(responses)},
                     {"next", next}});
}

Effect delete_responses(const Call& call) {
  const std::size_t count = tokens_of(call).size();
  if (count == 0)
    return ieum::fail(Kind::permanent, "no_responses", "which responses? give their response_id, one or a list");
  if (count > kTokensMax) return ieum::fail(Kind::permanent, "too_many_responses", "at most 1000 responses a step");
  return delete_from(call, 0);
}

Effect deleted_responses(const Call& call) {
  if (auto failed = failure(call)) return std::move(*failed);
  const std::size_t count = tokens_of(call).size();
  const std::int64_t done = ieum::int_at(call.state(), "done").value_or(static_cast<std::int64_t>(count));
  if (done >= 0 && static_cast<std::size_t>(done) < count) return delete_from(call, static_cast<std::size_t>(done));
  return ieum::done({{"deleted", static_cast<std::int64_t>(count)}});
}

}  // namespace typeform
