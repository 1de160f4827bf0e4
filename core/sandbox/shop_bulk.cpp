#include "sandbox/shop_bulk.hpp"

#include <algorithm>

#include "base/encoding.hpp"
#include "base/json.hpp"
#include "base/time_text.hpp"

namespace ieum::sandbox {

namespace {

constexpr std::size_t kExportsMax = 1'000;
constexpr Millis kRunsFor = 10 * kSecond;
constexpr std::string_view kStart = "gid://shopify/BulkOperation/";
constexpr std::string_view kFile =
    "{\"id\":\"gid://shopify/Product/632910392\",\"title\":\"머그컵\"}\n"
    "{\"id\":\"gid://shopify/Product/632910393\",\"title\":\"에코백\"}\n"
    "{\"id\":\"gid://shopify/ProductVariant/820982911946154508\",\"price\":\"12000\",\"__parentId\":"
    "\"gid://shopify/Product/632910393\"}\n";

bool is_over(Millis at, Millis now) { return now >= at + kRunsFor; }

}  // namespace

std::optional<ShopDone> ShopBulk::root(const Field& field, const Incoming& in) {
  const Value arguments(field.arguments);
  if (field.name == "bulkOperationRunQuery") return run(arguments, in);
  if (field.name == "bulkOperations") return list(arguments, in.now);
  ShopDone done;
  if (field.name == "currentBulkOperation") {
    if (!exports_.empty()) done.data = node(exports_.back(), in.now);
    return done;
  }
  if (field.name != "node" || !arguments.text("id").starts_with(kStart)) return std::nullopt;
  for (const Export& one : exports_)
    if (arguments.text("id") == std::string(kStart) + std::to_string(one.number)) done.data = node(one, in.now);
  return done;
}

ShopDone ShopBulk::run(const Value& arguments, const Incoming& in) {
  const std::string query = arguments.text("query");
  const auto refuse = [](std::string_view message, std::string_view code) {
    return shop_refused("bulkOperation", shop_user_error({"query"}, message, code));
  };
  const auto fields = parse_graphql(query, Value());
  if (!fields) return refuse("Invalid bulk query: " + fields.error().what, "INVALID");
  const auto is_connection = [](const Field& field) {
    return std::any_of(field.selection.begin(), field.selection.end(),
                       [](const Field& inner) { return inner.name == "edges" || inner.name == "nodes"; });
  };
  if (std::none_of(fields->begin(), fields->end(), is_connection))
    return refuse("Bulk queries must contain at least one connection.", "INVALID");
  const auto running =
      std::count_if(exports_.begin(), exports_.end(), [&](const Export& one) { return !is_over(one.at, in.now); });
  const bool many = in.segments.size() > 2 && in.segments[2] >= "2026-01";
  if (running >= (many ? 5 : 1))
    return refuse("A bulk query operation for this app and shop is already in progress: " + std::string(kStart) +
                      std::to_string(exports_.back().number) + ".",
                  "OPERATION_IN_PROGRESS");
  if (exports_.size() >= kExportsMax) exports_.pop_front();
  exports_.push_back({7'000'000'000 + ++last_, query, "http://" + in.header("Host"), in.now, false});
  ShopDone done;
  done.applied = true;
  done.data = Map{{"bulkOperation", node(exports_.back(), in.now)}, {"userErrors", List{}}};
  return done;
}

// The newest first; of the filter only the time is read.
ShopDone ShopBulk::list(const Value& arguments, Millis now) const {
  const std::string query = arguments.text("query");
  const auto from = query.find("created_at:>='");
  const auto oldest = from == std::string::npos
                          ? Result<Millis>(0)
                          : parse_rfc3339(query.substr(from + 14, query.find('\'', from + 14) - from - 14));
  List nodes;
  for (auto one = exports_.rbegin(); one != exports_.rend() && nodes.size() < 50; ++one)
    if (!oldest || one->at >= *oldest) nodes.push_back(node(*one, now));
  ShopDone done;
  done.data = Map{{"nodes", std::move(nodes)}, {"pageInfo", Map{{"hasNextPage", false}, {"endCursor", Value()}}}};
  return done;
}

Value ShopBulk::node(const Export& one, Millis now) const {
  const bool over = is_over(one.at, now);
  return Map{{"__typename", "BulkOperation"},
             {"id", std::string(kStart) + std::to_string(one.number)},
             {"status", over            ? "COMPLETED"
                        : one.at == now ? "CREATED"
                                        : "RUNNING"},
             {"type", "QUERY"},
             {"query", one.query},
             {"createdAt", rfc3339_utc(one.at)},
             {"completedAt", over ? Value(rfc3339_utc(one.at + kRunsFor)) : Value()},
             {"errorCode", Value()},
             {"objectCount", over ? "3" : "0"},
             {"fileSize", over ? Value(std::to_string(kFile.size())) : Value()},
             {"url", over ? Value(one.origin + "/admin/bulk/" + std::to_string(one.number) + ".jsonl") : Value()},
             {"partialDataUrl", Value()}};
}

std::optional<HttpResponse> ShopBulk::file(const Incoming& in) const {
  if (in.segments.size() != 3 || in.segments[1] != "bulk") return std::nullopt;
  const bool known = in.is("GET") && std::any_of(exports_.begin(), exports_.end(), [&](const Export& one) {
                       return is_over(one.at, in.now) && in.segments[2] == std::to_string(one.number) + ".jsonl";
                     });
  if (!known) return HttpResponse{404, {{"content-type", "text/plain"}}, "no such export\n"};
  return HttpResponse{200, {{"content-type", "application/jsonl"}}, std::string(kFile)};
}

std::vector<Told> ShopBulk::told(Millis now) {
  std::vector<Told> out;
  for (Export& one : exports_) {
    if (one.told || !is_over(one.at, now)) continue;
    one.told = true;
    out.push_back({"bulk_operations/finish",
                   Value(Map{{"admin_graphql_api_id", std::string(kStart) + std::to_string(one.number)},
                             {"completed_at", rfc3339_utc(one.at + kRunsFor)},
                             {"created_at", rfc3339_utc(one.at)},
                             {"error_code", Value()},
                             {"status", "completed"},
                             {"type", "query"}}),
                   "",
                   "",
                   {}});
  }
  return out;
}

}  // namespace ieum::sandbox
