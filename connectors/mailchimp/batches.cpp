// Batches of calls on members of audiences, and the API trigger of a customer journey. A batch may touch members, tags,
// events and merge fields only: what mails people has operations of its own, which the hub's rules for messages see.
#include <algorithm>

#include "answers.hpp"
#include "operations.hpp"
#include "subscriber.hpp"

namespace mailchimp {

using ieum::Call;
using ieum::Effect;
namespace json = ieum::json;

namespace {

constexpr std::size_t kOperationsMax = 500;  // the hub's own; Mailchimp limits batches that are not finished

bool is_batch_path(std::string_view path) {
  if (!path.starts_with("/lists/") || path.find("..") != std::string_view::npos || path.size() > 300) return false;
  const std::string_view rest = path.substr(7);
  const auto slash = rest.find('/');
  if (slash == std::string_view::npos || !is_id(rest.substr(0, slash))) return false;
  const std::string_view what = rest.substr(slash);
  return (what.starts_with("/members") || what.starts_with("/merge-fields")) &&
         what.find("delete-permanent") == std::string_view::npos &&
         std::all_of(what.begin(), what.end(), [](char c) { return c > ' ' && static_cast<unsigned char>(c) < 0x7F; });
}

// One operation in Mailchimp's form, or why not.
std::optional<Effect> add_operation(const Call& call, const json::value& given, json::array& out) {
  const std::string method = ieum::text_at(given, "method");
  const std::string path = ieum::text_at(given, "path");
  const std::string place = "operation " + std::to_string(out.size() + 1);
  if (method != "GET" && method != "POST" && method != "PUT" && method != "PATCH" && method != "DELETE")
    return refuse("bad_operation", place + ": method is GET, POST, PUT, PATCH or DELETE");
  if (!is_batch_path(path))
    return refuse("bad_operation",
                  place + ": a batch takes paths of members and merge fields, as /lists/a6b5da1054/members");
  const json::value* body = ieum::find(given, "body");
  const bool subscribes =
      body != nullptr && (method == "PUT" || method == "PATCH") && ieum::text_at(*body, "status") == "subscribed";
  if (subscribes && !ieum::flag_at(call.inputs(), "resubscribe"))
    return refuse("resubscribe_not_said", place +
                                              ": status 'subscribed' brings back people who left; leave it out "
                                              "(status_if_new is for new ones) or say 'resubscribe: true'");
  json::object operation{
      {"method", method},
      {"path", path},
      {"operation_id", ieum::text_at(given, "id", call.step_key() + "-" + std::to_string(out.size()))}};
  if (const json::value* params = ieum::find(given, "params"); params != nullptr && params->is_object())
    operation["params"] = *params;
  if (body != nullptr && body->is_object()) operation["body"] = ieum::to_json(*body);
  out.push_back(std::move(operation));
  return std::nullopt;
}

json::object told(const json::value& batch) {
  const std::string status = ieum::text_at(batch, "status");
  return {{"batch", ieum::text_at(batch, "id")},
          {"status", status},
          {"finished", status == "finished"},
          {"total", ieum::int_at(batch, "total_operations").value_or(0)},
          {"done", ieum::int_at(batch, "finished_operations").value_or(0)},
          {"errors", ieum::int_at(batch, "errored_operations").value_or(0)}};
}

}  // namespace

Effect create_batch(const Call& call) {
  const json::array* given = call.input_value("operations").if_array();
  if (given == nullptr || given->empty()) return refuse("no_operations", "a batch needs a list of operations");
  if (given->size() > kOperationsMax)
    return refuse("too_many_operations", "the hub puts at most 500 operations into a batch; make several");
  json::array operations;
  for (const json::value& operation : *given)
    if (auto refusal = add_operation(call, operation, operations)) return std::move(*refusal);
  return ieum::http("POST", api_url(call, "/batches"))
      .json(json::object{{"operations", std::move(operations)}})
      .unsafe();
}

Effect created_batch(const Call& call) {
  if (auto failed = failure(call)) return std::move(*failed);
  if (!is_id(ieum::text_at(call.answer(), "id"))) return unreadable("batch");
  return ieum::done(told(call.answer()));
}

Effect get_batch(const Call& call) {
  if (!is_id(call.input("batch"))) return refuse("bad_batch", "which batch? give the id that batch.create answered");
  return ieum::http("GET", api_url(call, "/batches/" + call.input("batch"))).safe();
}

Effect got_batch(const Call& call) {
  if (auto failed = failure(call)) return std::move(*failed);
  if (!is_id(ieum::text_at(call.answer(), "id"))) return unreadable("batch");
  json::object out = told(call.answer());
  out["result_url"] = ieum::text_at(call.answer(), "response_body_url");
  return ieum::done(std::move(out));
}

Effect trigger_journey(const Call& call) {
  if (!is_email(trimmed(call.input("email")))) return refuse("bad_email", "email is no mail address");
  if (!is_id(call.input("journey")) || !is_id(call.input("step")))
    return refuse("bad_journey",
                  "journey and step are the numbers in the address that Mailchimp shows for the API trigger");
  return ieum::http("POST", api_url(call, "/customer-journeys/journeys/" + call.input("journey") + "/steps/" +
                                              call.input("step") + "/actions/trigger"))
      .json(json::object{{"email_address", trimmed(call.input("email"))}})
      .unsafe();
}

Effect triggered_journey(const Call& call) {
  if (auto failed = failure(call)) return std::move(*failed);
  return ieum::done({{"email", trimmed(call.input("email"))}});
}

}  // namespace mailchimp
