#include "sandbox/typeform_forms.hpp"

#include <algorithm>

#include "base/digest.hpp"
#include "base/encoding.hpp"
#include "base/json.hpp"
#include "base/time_text.hpp"

namespace ieum::sandbox {

namespace {

constexpr std::size_t kFormsMax = 1000;
constexpr std::size_t kResponsesMax = 20'000;  // of a form
constexpr std::int64_t kPageSize = 25, kPageSizeMax = 1000;

std::string second_text(Millis at) { return rfc3339_utc(at / kSecond * kSecond); }

Value field(std::string_view id, std::string_view ref, std::string_view type, std::string_view title) {
  return Map{
      {"id", std::string(id)}, {"ref", std::string(ref)}, {"type", std::string(type)}, {"title", std::string(title)}};
}

Value usual_fields() {
  Value size(Map{{"id", "Fsize"},
                 {"ref", "size"},
                 {"type", "multiple_choice"},
                 {"title", "크기"},
                 {"properties", Map{{"choices", List{Map{{"id", "Csmall"}, {"ref", "small"}, {"label", "작음"}},
                                                     Map{{"id", "Clarge"}, {"ref", "large"}, {"label", "큼"}}}}}}});
  return List{field("Fname", "name", "short_text", "이름"), field("Femail", "email", "email", "이메일"),
              field("Fphone", "phone", "phone_number", "전화번호"), std::move(size)};
}

Value answer(std::string_view type, Value value, const Value& of) {
  return Map{{"type", std::string(type)},
             {std::string(type), std::move(value)},
             {"field", Map{{"id", of.text("id")}, {"ref", of.text("ref")}, {"type", of.text("type")}}}};
}

Value usual_answers() {
  const Value fields = usual_fields();
  const List& list = *fields.if_list();
  return List{answer("text", "김민지", list[0]), answer("email", "minji.kim@example.com", list[1]),
              answer("phone_number", "+821012345678", list[2]),
              answer("choice", Map{{"id", "Clarge"}, {"ref", "large"}, {"label", "큼"}}, list[3])};
}

Millis submitted(const Value& response) {
  const auto at = parse_rfc3339(response.text("submitted_at"));
  return at ? *at : 0;
}

// Of a query: seconds since 1970 or RFC 3339.
std::optional<Millis> time_of(const std::string& text) {
  if (text.empty()) return std::nullopt;
  if (all_digits(text)) return whole_number(text).value_or(0) * kSecond;
  auto parsed = parse_rfc3339(text);
  return parsed ? std::optional<Millis>(*parsed) : std::nullopt;
}

bool lists(const std::string& comma_list, const std::string& wanted) {
  for (std::size_t from = 0; from <= comma_list.size();) {
    const std::size_t end = std::min(comma_list.find(',', from), comma_list.size());
    if (comma_list.substr(from, end - from) == wanted) return true;
    from = end + 1;
  }
  return false;
}

}  // namespace

TypeformForms::TypeformForms() {
  TypeformForm form;
  form.id = "sandbox";
  form.title = "신청서";
  form.fields = usual_fields();
  forms_[form.id] = std::move(form);
}

TypeformForm* TypeformForms::find(const std::string& id) {
  const auto found = forms_.find(id);
  if (found != forms_.end()) return &found->second;
  const bool plain = !id.empty() && id.size() <= 64 && id != "missing" && std::all_of(id.begin(), id.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
  });
  if (!plain || forms_.size() >= kFormsMax) return nullptr;
  TypeformForm& form = forms_[id];
  form.id = id;
  form.title = "신청서 " + id;
  form.fields = usual_fields();
  return &form;
}

TypeformForm& TypeformForms::create(const std::string& title, const Value& fields) {
  const std::string id = hex_encode(sha256("form/" + std::to_string(++made_) + "/" + title)).substr(0, 8);
  TypeformForm& form = forms_[id];
  form.id = id;
  form.title = title;
  form.fields = fields.is_list() ? fields : Value(List{});
  return form;
}

Value TypeformForms::respond(TypeformForm& form, const Value& given, Millis now) {
  const std::string made = hex_encode(sha256(form.id + "/" + std::to_string(now) + "/" + std::to_string(++made_)));
  const std::string token = given.text("token", made.substr(0, 32));
  const Value* answers = given.get("answers");
  const Value* hidden = given.get("hidden");
  Map response{{"landing_id", token},
               {"token", token},
               {"response_id", token},
               {"landed_at", second_text(now - kMinute)},
               {"submitted_at", given.text("submitted_at", second_text(now))},
               {"metadata", Map{{"platform", "other"}}},
               {"hidden", hidden == nullptr ? Value(Map()) : *hidden},
               {"calculated", Map{{"score", given.number("score")}}},
               {"answers", answers == nullptr ? usual_answers() : *answers}};
  form.responses.emplace_back(response);
  if (form.responses.size() > kResponsesMax) form.responses.pop_front();
  return response;
}

Value TypeformForms::page(const TypeformForm& form, const Incoming& in) {
  std::vector<const Value*> fit;
  const auto since = time_of(in.parameter("since")), until = time_of(in.parameter("until"));
  const std::string wanted = in.parameter("included_response_ids");
  const std::string query = in.parameter("query");
  for (const Value& response : form.responses) {
    if (since && submitted(response) < *since) continue;
    if (until && submitted(response) > *until) continue;
    if (!wanted.empty() && !lists(wanted, response.text("token"))) continue;
    if (!query.empty() && write_json(response).find(query) == std::string::npos) continue;
    fit.push_back(&response);
  }
  const bool ascending = in.parameter("sort").ends_with(",asc");
  std::stable_sort(fit.begin(), fit.end(), [&](const Value* a, const Value* b) {
    return ascending ? submitted(*a) < submitted(*b) : submitted(*a) > submitted(*b);
  });
  const auto total = static_cast<std::int64_t>(fit.size());
  const auto place = [&](const std::string& token) {
    return std::find_if(fit.begin(), fit.end(), [&](const Value* r) { return r->text("token") == token; });
  };
  // Both count in the order that is shown, the newest first.
  if (const std::string before = in.parameter("before"); !before.empty())
    if (const auto at = place(before); at != fit.end()) fit.erase(fit.begin(), at + 1);
  if (const std::string after = in.parameter("after"); !after.empty())
    if (const auto at = place(after); at != fit.end()) fit.erase(at, fit.end());
  const std::int64_t size =
      std::clamp<std::int64_t>(whole_number(in.parameter("page_size")).value_or(kPageSize), 1, kPageSizeMax);
  List items;
  for (const Value* response : fit) {
    if (static_cast<std::int64_t>(items.size()) == size) break;
    items.push_back(*response);
  }
  return Map{{"total_items", total}, {"page_count", (total + size - 1) / size}, {"items", std::move(items)}};
}

Value shown_webhook(const FormWebhook& webhook, const std::string& form) {
  return Map{{"id", webhook.id},
             {"form_id", form},
             {"tag", webhook.tag},
             {"url", webhook.url},
             {"enabled", webhook.enabled},
             {"verify_ssl", webhook.verify_ssl},
             {"event_types", Map{{"form_response", webhook.response}, {"form_response_partial", webhook.partial}}},
             {"created_at", second_text(webhook.created)},
             {"updated_at", second_text(webhook.updated)}};
}

Value told_response(const TypeformForm& form, const Value& response, const std::string& event, bool partial) {
  Map inner{{"form_id", form.id}};
  for (const auto& [key, value] : *response.if_map()) {
    const std::string name = text_of(&key);
    if (name == "landing_id" || name == "response_id" || name == "metadata" || (partial && name == "submitted_at"))
      continue;
    inner.set(key, value);
  }
  inner.set("definition", Map{{"id", form.id}, {"title", form.title}, {"fields", form.fields}});
  return Map{{"event_id", event},
             {"event_type", partial ? "form_response_partial" : "form_response"},
             {"form_response", std::move(inner)}};
}

}  // namespace ieum::sandbox
