// Forms: the list to choose from, one form with its questions, forms made and changed, and the test of the connection.
#include "answers.hpp"
#include "operations.hpp"

namespace typeform {

using ieum::Call;
using ieum::Effect;
namespace json = ieum::json;

namespace {

constexpr std::int64_t kPagesMax = 10;
constexpr const char* kPageSize = "200";

std::string forms_url(const Call& call, std::int64_t page) {
  return api_url(call, "/forms?page=" + std::to_string(page) + "&page_size=" + kPageSize);
}

void add_labels(json::object& question, const json::value& field) {
  const json::value* choices = ieum::find(field, "properties.choices");
  if (choices == nullptr || !choices->is_array()) return;
  json::array list;
  for (const json::value& choice : choices->get_array())
    list.push_back(json::object{{"id", ieum::text_at(choice, "id")},
                                {"ref", ieum::text_at(choice, "ref")},
                                {"label", ieum::text_at(choice, "label")}});
  question["choices"] = std::move(list);
}

// Questions in order; those of a group stand behind it, for their answers come as any other's.
void add_questions(json::array& out, const json::value& fields, int depth) {
  if (!fields.is_array() || depth > 4) return;
  for (const json::value& field : fields.get_array()) {
    json::object question{{"ref", ieum::text_at(field, "ref", ieum::text_at(field, "id"))},
                          {"id", ieum::text_at(field, "id")},
                          {"title", ieum::text_at(field, "title")},
                          {"type", ieum::text_at(field, "type")}};
    add_labels(question, field);
    out.push_back(std::move(question));
    if (const json::value* inner = ieum::find(field, "properties.fields")) add_questions(out, *inner, depth + 1);
  }
}

}  // namespace

Effect list_forms(const Call& call) {
  return ieum::http("GET", forms_url(call, 1)).safe().state({{"page", 1}, {"items", json::array()}});
}

Effect listed_forms(const Call& call) {
  if (auto failed = failure(call)) return std::move(*failed);
  const json::value* forms = ieum::find(call.answer(), "items");
  if (forms == nullptr || !forms->is_array()) return unreadable("list of forms");
  json::array items;
  if (const json::value* before = ieum::find(call.state(), "items"); before != nullptr && before->is_array())
    items = before->get_array();
  for (const json::value& form : forms->get_array()) {
    const std::string id = ieum::text_at(form, "id");
    if (!id.empty()) items.push_back(json::object{{"key", id}, {"title", ieum::text_at(form, "title", id)}});
  }
  const std::int64_t page = ieum::int_at(call.state(), "page").value_or(1);
  const std::int64_t pages = ieum::int_at(call.answer(), "page_count").value_or(1);
  // What is known so far travels as state, which is bounded.
  if (page < pages && page < kPagesMax && ieum::to_json(items).size() < 48 * 1024)
    return ieum::http("GET", forms_url(call, page + 1)).safe().state({{"page", page + 1}, {"items", std::move(items)}});
  return ieum::done({{"items", std::move(items)}});
}

Effect get_form(const Call& call) {
  const auto path = form_path(call.input("form"));
  if (!path) return bad_form(call.input("form"));
  return ieum::http("GET", api_url(call, *path)).safe();
}

Effect got_form(const Call& call) {
  if (auto failed = failure(call)) return std::move(*failed);
  const json::value& form = call.answer();
  const json::value* fields = ieum::find(form, "fields");
  if (fields == nullptr || !fields->is_array()) return unreadable("questions");
  json::array questions;
  add_questions(questions, *fields, 0);
  const json::value* hidden = ieum::find(form, "hidden");
  return ieum::done({{"id", ieum::text_at(form, "id")},
                     {"title", ieum::text_at(form, "title")},
                     {"questions", std::move(questions)},
                     {"hidden", hidden != nullptr && hidden->is_array() ? *hidden : json::value(json::array())},
                     {"url", ieum::text_at(form, "_links.display")}});
}

Effect create_form(const Call& call) {
  const std::string title = call.input("title");
  if (title.empty()) return ieum::fail(ieum::Kind::permanent, "no_title", "a form needs a title");
  json::object form{{"title", title}};
  if (const json::object* more = call.input_value("more").if_object())
    for (const auto& member : *more)
      if (member.key() != "title") form[member.key()] = member.value();
  for (const char* name : {"fields", "hidden"})
    if (call.input_value(name).is_array()) form[name] = call.input_value(name);
  return ieum::http("POST", api_url(call, "/forms")).json(form).unsafe();
}

Effect created_form(const Call& call) {
  if (auto failed = failure(call)) return std::move(*failed);
  const std::string id = ieum::text_at(call.answer(), "id");
  if (id.empty()) return unreadable("new form");
  return ieum::done({{"id", id}, {"url", ieum::text_at(call.answer(), "_links.display")}});
}

Effect update_form(const Call& call) {
  const auto path = form_path(call.input("form"));
  if (!path) return bad_form(call.input("form"));
  const json::value& changes = call.input_value("changes");
  const json::value& whole = call.input_value("form_data");
  const bool parts = changes.is_array() && !changes.get_array().empty();
  if (parts == whole.is_object())
    return ieum::fail(ieum::Kind::permanent, "no_changes", "say what changes: changes (a list), or form_data (a map)");
  if (parts) return ieum::http("PATCH", api_url(call, *path)).json(changes).idempotent();
  return ieum::http("PUT", api_url(call, *path)).json(whole).idempotent();
}

Effect updated_form(const Call& call) {
  if (auto failed = failure(call)) return std::move(*failed);
  return ieum::done({{"id", call.input("form")}});
}

Effect test_account(const Call& call) { return ieum::http("GET", api_url(call, "/forms?page=1&page_size=1")).safe(); }

Effect tested_account(const Call& call) {
  if (auto failed = failure(call)) return std::move(*failed);
  const auto total = ieum::int_at(call.answer(), "total_items");
  if (!total) return unreadable("list of forms");
  return ieum::done({{"forms", *total}});
}

}  // namespace typeform
