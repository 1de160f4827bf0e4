// Bulk exports: a query that Shopify runs in the background. Its result is a file of JSON lines, its end is told by
// bulk_operations/finish. The query carries the step's mark as a comment, by which an export is found whose answer was lost.
// How many run at once is Shopify's: one for an app and shop, five from API 2026-01 on. One too many waits.
// https://shopify.dev/docs/api/usage/bulk-operations/queries
#include "graphql.hpp"
#include "ieum/address.hpp"
#include "ieum/time.hpp"
#include "operations.hpp"

namespace shopify {

namespace {

using ieum::Call;
using ieum::Effect;
using ieum::Kind;
using ieum::json::object;
using ieum::json::value;

constexpr std::string_view kRun =
    "mutation bulkOperationRunQuery($query: String!) { bulkOperationRunQuery(query: $query) "
    "{ bulkOperation { id status } userErrors { code field message } } }";
constexpr std::string_view kRecent =
    "query bulkOperations($query: String!) { bulkOperations(first: 50, query: $query) { nodes { id status query } } }";
constexpr std::string_view kCurrent = "query { currentBulkOperation(type: QUERY) { id status query } }";
constexpr std::string_view kGet =
    "query node($id: ID!) { node(id: $id) { id ... on BulkOperation { status errorCode objectCount fileSize url "
    "partialDataUrl completedAt } } }";

constexpr std::int64_t kBackMs = 24 * 3600 * 1000LL;  // how far a look-up reaches
constexpr std::int64_t kBusyMs = 60 * 1000;           // until a shop that is busy is asked again
constexpr std::int64_t kRowsMax = 1000;               // of a result in one step
constexpr std::size_t kRowsBytesMax = 512 * 1024;     // the same: they are kept with the run
constexpr std::size_t kUrlBytesMax = 8 * 1024;
constexpr std::int64_t kFileBytesMax = 8 * 1024 * 1024;  // the hub reads answers up to 10 MiB

std::string mark(const Call& call) { return "# ieum-" + call.step_key(); }

std::string lower(std::string text) {
  for (char& c : text)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + 32);
  return text;
}

object started(const value& operation) {
  return {{"id", ieum::text_at(operation, "id")}, {"status", lower(ieum::text_at(operation, "status"))}};
}

bool is_ours(const Call& call, const value& operation) {
  return ieum::text_at(operation, "query").find(mark(call)) != std::string::npos;
}

object facts_of(const value& node) {
  return {{"id", ieum::text_at(node, "id")},
          {"status", lower(ieum::text_at(node, "status"))},
          {"url", ieum::text_at(node, "url")},
          {"partial_url", ieum::text_at(node, "partialDataUrl")},
          {"objects", ieum::int_at(node, "objectCount").value_or(0)},
          {"bytes", ieum::int_at(node, "fileSize").value_or(0)},
          {"error_code", ieum::text_at(node, "errorCode")},
          {"completed_at", ieum::text_at(node, "completedAt")}};
}

// What a person reads of an operation, and the first lines of its file as they stand there, so that numbers keep their digits.
Effect with_rows(const Call& call, const object& facts, std::int64_t wanted) {
  std::string rows;
  std::int64_t count = 0;
  bool more = false;
  std::string_view rest = call.body();
  while (!rest.empty()) {
    const std::size_t end = std::min(rest.find('\n'), rest.size());
    std::string_view line = rest.substr(0, end);
    rest.remove_prefix(std::min(end + 1, rest.size()));
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (line.empty()) continue;
    if (count == wanted || rows.size() + line.size() > kRowsBytesMax) {
      more = true;
      break;
    }
    if (!ieum::parse_json(line).is_object())
      return ieum::fail(Kind::retry, "unreadable_result", "a line of the export is no JSON object; it is read again");
    rows += (rows.empty() ? "" : ",") + std::string(line);
    ++count;
  }
  std::string out = ieum::to_json(facts);
  out.pop_back();
  return ieum::done_source(out + ",\"rows\":[" + rows + "],\"more\":" + (more ? "true" : "false") + "}");
}

std::int64_t rows_wanted(const Call& call) { return ieum::int_at(call.inputs(), "rows").value_or(0); }

// The file lies at a storage of Shopify's choice, where the link is all that it asks for.
Effect read_file(const std::string& url, const object& facts) {
  return ieum::http("GET", url).auth("").safe().state(object{{"at", "file"}, {"facts", facts}});
}

Effect came_file(const Call& call) {
  if (!call.succeeded()) {
    const int status = call.status();
    const std::string code = "http_" + std::to_string(status);
    if (status == 429 || status >= 500) return ieum::fail(Kind::retry, code, "the export's file cannot be read now");
    return ieum::fail(Kind::permanent, code, "the export's file cannot be read; Shopify keeps it for seven days");
  }
  const value* facts = ieum::find(call.state(), "facts");
  return with_rows(call, facts != nullptr && facts->is_object() ? facts->get_object() : object{}, rows_wanted(call));
}

}  // namespace

Effect run_bulk_query(const Call& call) {
  const std::string query = call.input("query");
  if (query.find('{') == std::string::npos)
    return ieum::fail(Kind::permanent, "no_query", "`query` is no GraphQL query");
  return call_graphql(call, kRun, {{"query", mark(call) + "\n" + query}}, ieum::Safety::unsafe);
}

Effect ran_bulk_query(const Call& call) {
  if (auto failed = failure(call)) return std::move(*failed);
  if (const auto error = user_error(call, "bulkOperationRunQuery")) {
    if (error->code == "OPERATION_IN_PROGRESS" || error->code == "LIMIT_REACHED" ||
        error->message.find("already in progress") != std::string::npos)
      return ieum::fail(Kind::retry, error->code.empty() ? "OPERATION_IN_PROGRESS" : error->code,
                        "Shopify runs as many exports of this app as it takes at once: " + error->message, kBusyMs);
    return refused(*error);
  }
  const value* operation = ieum::find(call.answer(), "data.bulkOperationRunQuery.bulkOperation");
  if (operation == nullptr || ieum::text_at(*operation, "id").empty())
    return ieum::fail(Kind::ambiguous, "unreadable_answer", "Shopify's answer names no export");
  return ieum::done(started(*operation));
}

// From 2026-01 on there is a list of them, before only the latest; versions are compared as text, as Shopify orders them.
Effect find_bulk_query(const Call& call) {
  if (call.config("api_version", "2026-04") < "2026-01") return call_graphql(call, kCurrent, {}, ieum::Safety::safe);
  const std::string since = ieum::rfc3339_text(call.now_ms() - kBackMs);
  return call_graphql(call, kRecent, {{"query", "operation_type:query created_at:>='" + since + "'"}},
                      ieum::Safety::safe);
}

Effect found_bulk_query(const Call& call) {
  if (auto failed = failure(call)) return std::move(*failed);
  const value* data = ieum::find(call.answer(), "data");
  if (const value* current = ieum::find(*data, "currentBulkOperation"))
    return is_ours(call, *current) ? ieum::found(started(*current)) : ieum::not_found();
  const value* nodes = ieum::find(*data, "bulkOperations.nodes");
  if (nodes == nullptr || !nodes->is_array())
    return ieum::fail(Kind::ambiguous, "unreadable_answer", "Shopify's list of exports cannot be read");
  for (const value& node : nodes->get_array())
    if (is_ours(call, node)) return ieum::found(started(node));
  return ieum::not_found();
}

Effect get_bulk_query(const Call& call) {
  const std::string id = global_id("BulkOperation", call.input("id"));
  if (id.empty()) return bad_id(call.input("id"), "BulkOperation");
  if (rows_wanted(call) < 0 || rows_wanted(call) > kRowsMax)
    return ieum::fail(Kind::permanent, "bad_rows", "`rows` is a number from 0 to " + std::to_string(kRowsMax));
  return call_graphql(call, kGet, {{"id", id}}, ieum::Safety::safe);
}

Effect got_bulk_query(const Call& call) {
  if (ieum::text_at(call.state(), "at") == "file") return came_file(call);
  if (auto failed = failure(call)) return std::move(*failed);
  const value* node = ieum::find(call.answer(), "data.node");
  if (node == nullptr || ieum::text_at(*node, "status").empty())
    return ieum::fail(Kind::gone, "no_such_export", "Shopify has no such export");
  const object facts = facts_of(*node);
  const std::string url = ieum::text_at(facts, "url");
  if (rows_wanted(call) == 0 || url.empty()) return ieum::done(facts);
  const bool safe = url.starts_with("https://") || !call.config("base_url").empty();
  if (!safe || url.size() > kUrlBytesMax || !ieum::is_address(url))
    return ieum::fail(Kind::permanent, "bad_file_url", "Shopify names an address for the file that is none");
  if (ieum::int_at(facts, "bytes").value_or(0) > kFileBytesMax)
    return ieum::fail(Kind::permanent, "export_too_large",
                      "the export is larger than 8 MiB: leave `rows` out and fetch `url` with a program of your own");
  return read_file(url, facts);
}

}  // namespace shopify
