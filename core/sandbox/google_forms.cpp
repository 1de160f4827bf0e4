#include "sandbox/google_forms.hpp"

#include <algorithm>

#include "base/time_text.hpp"
#include "sandbox/google_api.hpp"

namespace ieum::sandbox {

namespace {

constexpr std::size_t kResponsesMax = 10'000;

Outcome found(const Value& body) { return {json_response(200, body), Effect::read, {}, {}}; }
Outcome refuse(int status, const std::string& message, const std::string& name) {
  return {google_error(status, message, name), Effect::refused, {}, {}};
}

Value question(const std::string& item, const std::string& title, const std::string& id) {
  return Map{{"itemId", item}, {"title", title}, {"questionItem", Map{{"question", Map{{"questionId", id}}}}}};
}

Value answer(const std::string& id, const List& texts) {
  List answers;
  for (const Value& text : texts) answers.push_back(Map{{"value", text}});
  return Map{{"questionId", id}, {"textAnswers", Map{{"answers", std::move(answers)}}}};
}

}  // namespace

bool GoogleForms::owns(const Incoming& in) {
  return in.segments.size() >= 3 && in.segments[0] == "v1" && in.segments[1] == "forms";
}

Outcome GoogleForms::act(const Incoming& in) {
  const auto& path = in.segments;
  if (!in.is("GET") || path.size() > 4) return refuse(404, "Not Found", "NOT_FOUND");
  if (path[2].starts_with("missing")) return refuse(404, "Requested entity was not found.", "NOT_FOUND");
  if (path[2].starts_with("private")) return refuse(403, "The caller does not have permission", "PERMISSION_DENIED");
  const auto& kept = forms_[path[2]];
  if (path.size() == 3) {
    return found(Map{{"formId", path[2]},
                     {"info", Map{{"title", "클래스 신청"}, {"documentTitle", "클래스 신청"}}},
                     {"items", List{question("i1", "이름", "6a401f94"), question("i2", "요일", "2063e2c0")}}});
  }
  if (path[3] != "responses") return refuse(404, "Not Found", "NOT_FOUND");
  const std::string filter = in.parameter("filter");
  const bool inclusive = filter.starts_with("timestamp >= ");
  const auto since = parse_rfc3339(filter.substr(std::min(filter.size(), std::size_t{inclusive ? 13u : 12u})));
  if (!filter.empty() && (since.has_error() || !filter.starts_with("timestamp >")))
    return refuse(400, "Invalid filter.", "INVALID_ARGUMENT");
  const std::int64_t size = std::clamp<std::int64_t>(whole_number(in.parameter("pageSize")).value_or(5000), 1, 5000);
  const std::int64_t skip = whole_number(in.parameter("pageToken")).value_or(0);
  List list;
  std::int64_t seen = 0;
  bool more = false;
  for (const Value& item : kept) {
    const Millis at = *parse_rfc3339(item.text("lastSubmittedTime"));
    if (!filter.empty() && (inclusive ? at < *since : at <= *since)) continue;
    if (seen++ < skip) continue;
    more = static_cast<std::int64_t>(list.size()) == size;
    if (more) break;
    list.push_back(item);
  }
  Map body;
  if (!list.empty()) body.set("responses", std::move(list));  // a form without responses has no list
  if (more) body.set("nextPageToken", std::to_string(skip + size));
  return found(std::move(body));
}

Value GoogleForms::submit(const Value& body, Millis now) {
  auto& kept = forms_[body.text("form", "1FAIpQ")];
  const std::string at = rfc3339_utc(now);
  const Value* days = body.get("days");
  Map out{{"responseId", body.text("response", std::to_string(++count_).insert(0, 1, 'r'))},
          {"createTime", at},
          {"lastSubmittedTime", at}};
  if (const std::string email = body.text("email"); !email.empty()) out.set("respondentEmail", email);
  out.set("answers", Map{{"6a401f94", answer("6a401f94", {body.text("name", "민지")})},
                         {"2063e2c0",
                          answer("2063e2c0", days != nullptr && days->is_list() ? *days->if_list() : List{"월요일"})}});
  std::erase_if(kept, [&](const Value& old) { return old.text("responseId") == text_of(out.find("responseId")); });
  kept.push_back(out);
  if (kept.size() > kResponsesMax) kept.pop_front();
  return out;
}

}  // namespace ieum::sandbox
