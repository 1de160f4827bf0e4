// Merge fields of an audience. In events and members they go by their tag (FNAME), never by their label.
#include "answers.hpp"
#include "operations.hpp"

namespace mailchimp {

using ieum::Call;
using ieum::Effect;
namespace json = ieum::json;

namespace {

json::object told(const json::value& field) {
  return {{"tag", ieum::text_at(field, "tag")},
          {"name", ieum::text_at(field, "name")},
          {"type", ieum::text_at(field, "type")},
          {"required", ieum::flag_at(field, "required")}};
}

std::string upper(std::string text) {
  for (char& c : text)
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  return text;
}

Effect ask(const Call& call) {
  if (audience(call).empty()) return no_audience();
  return ieum::http("GET", api_url(call, "/lists/" + audience(call) + "/merge-fields?count=1000")).safe();
}

}  // namespace

Effect list_merge_fields(const Call& call) { return ask(call); }

Effect listed_merge_fields(const Call& call) {
  if (auto failed = failure(call)) return std::move(*failed);
  const json::value* fields = ieum::find(call.answer(), "merge_fields");
  if (fields == nullptr || !fields->is_array()) return unreadable("list of merge fields");
  json::array list;
  for (const json::value& field : fields->get_array()) list.push_back(told(field));
  return ieum::done({{"merge_fields", std::move(list)}});
}

Effect create_merge_field(const Call& call) {
  if (audience(call).empty()) return no_audience();
  if (call.input("name").empty()) return refuse("no_name", "a merge field needs a name");
  json::object body{{"name", call.input("name")}, {"type", call.input("type", "text")}};
  if (!call.input("tag").empty()) body["tag"] = upper(call.input("tag"));
  return ieum::http("POST", api_url(call, "/lists/" + audience(call) + "/merge-fields")).json(body).unsafe();
}

Effect created_merge_field(const Call& call) {
  if (auto failed = failure(call)) return std::move(*failed);
  json::object field = told(call.answer());
  if (ieum::text_at(field, "tag").empty()) return unreadable("tag");
  return ieum::done(std::move(field));
}

Effect find_merge_field(const Call& call) { return ask(call); }

// By tag, or by name where the tag was left to Mailchimp.
Effect found_merge_field(const Call& call) {
  if (auto failed = failure(call)) return std::move(*failed);
  const json::value* fields = ieum::find(call.answer(), "merge_fields");
  if (fields == nullptr || !fields->is_array()) return unreadable("list of merge fields");
  const std::string tag = upper(call.input("tag"));
  for (const json::value& field : fields->get_array()) {
    const bool same =
        tag.empty() ? ieum::text_at(field, "name") == call.input("name") : ieum::text_at(field, "tag") == tag;
    if (same) return ieum::found(told(field));
  }
  return ieum::not_found();
}

}  // namespace mailchimp
