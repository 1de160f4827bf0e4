#include "shape.hpp"

namespace typeform {

namespace json = ieum::json;

namespace {

const json::value* member(const json::value& value, std::string_view name) {
  const json::object* object = value.if_object();
  return object == nullptr ? nullptr : object->if_contains({name.data(), name.size()});
}

json::array labels_of(const json::value& answer) {
  json::array out;
  const auto add = [&](const json::value* text) {
    if (text != nullptr && text->is_string()) out.push_back(*text);
  };
  if (const json::value* choice = member(answer, "choice")) {
    add(member(*choice, "label"));
    if (out.empty()) add(member(*choice, "other"));
  } else if (const json::value* choices = member(answer, "choices")) {
    if (const json::value* labels = member(*choices, "labels"); labels != nullptr && labels->is_array())
      for (const json::value& label : labels->get_array()) add(&label);
    add(member(*choices, "other"));
  }
  return out;
}

json::value value_of(const json::value& answer) {
  const std::string type = ieum::text_at(answer, "type");
  if (type == "choice") {
    const json::array labels = labels_of(answer);
    return labels.empty() ? json::value() : labels.front();
  }
  if (type == "choices") return labels_of(answer);
  const json::value* under = type.empty() ? nullptr : member(answer, type);
  return under == nullptr ? answer : *under;
}

json::object variables_of(const json::value& response) {
  json::object out;
  const json::value* list = ieum::find(response, "variables");
  if (list == nullptr || !list->is_array()) return out;
  for (const json::value& variable : list->get_array()) {
    const json::value* value = member(variable, ieum::text_at(variable, "type"));
    const std::string key = ieum::text_at(variable, "key");
    if (value != nullptr && !key.empty()) out[key] = *value;
  }
  return out;
}

}  // namespace

json::object shape_response(const json::value& response) {
  json::object answers, labels, details;
  const json::value* given = ieum::find(response, "answers");
  if (given != nullptr && given->is_array()) {
    for (const json::value& answer : given->get_array()) {
      const std::string ref = ieum::text_at(answer, "field.ref");
      const std::string key = ref.empty() ? ieum::text_at(answer, "field.id") : ref;
      if (key.empty() || details.contains(key)) continue;
      answers[key] = value_of(answer);
      details[key] = answer;
      json::array texts = labels_of(answer);
      if (!texts.empty()) labels[key] = std::move(texts);
    }
  }
  json::object out{{"response_id", ieum::text_at(response, "token", ieum::text_at(response, "response_id"))},
                   {"submitted_at", ieum::text_at(response, "submitted_at")},
                   {"answers", std::move(answers)},
                   {"choices", std::move(labels)},
                   {"answer_details", std::move(details)},
                   {"variables", variables_of(response)}};
  const json::value* hidden = ieum::find(response, "hidden");
  out["hidden"] = hidden != nullptr && hidden->is_object() ? *hidden : json::value(json::object());
  if (const json::value* score = ieum::find(response, "calculated.score")) out["score"] = *score;
  return out;
}

json::object webhook_body(std::string_view form, const json::value& response) {
  json::object inner{{"form_id", form}};
  if (const json::object* fields = response.if_object())
    for (const auto& field : *fields) inner[field.key()] = field.value();
  if (!inner.contains("token")) inner["token"] = ieum::text_at(response, "response_id");
  return {{"event_type", "form_response"}, {"form_response", std::move(inner)}};
}

}  // namespace typeform
