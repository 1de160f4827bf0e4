// Shopify's bulk exports: a query runs for ten seconds, then its file of JSON lines is there and bulk_operations/finish is
// told. The rows are the same few for every query. Private to sandbox; one thread.
// https://shopify.dev/docs/api/usage/bulk-operations/queries
#pragma once
#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "sandbox/graphql.hpp"
#include "sandbox/incoming.hpp"
#include "sandbox/shop_admin.hpp"

namespace ieum::sandbox {

class ShopBulk {
 public:
  static bool is_mutation(std::string_view field) { return field == "bulkOperationRunQuery"; }
  // Nothing when the field is not among these. `in` is the call: its time, its API version and where the file will lie.
  std::optional<ShopDone> root(const Field& field, const Incoming& in);
  // GET /admin/bulk/{number}.jsonl: the file of a finished export. Nothing when the path is another.
  [[nodiscard]] std::optional<HttpResponse> file(const Incoming& in) const;
  // The exports that have ended since this was last asked.
  std::vector<Told> told(Millis now);

 private:
  struct Export {
    std::int64_t number = 0;
    std::string query, origin;  // origin: where this sandbox was called
    Millis at = 0;
    bool told = false;
  };
  ShopDone run(const Value& arguments, const Incoming& in);
  [[nodiscard]] ShopDone list(const Value& arguments, Millis now) const;
  [[nodiscard]] Value node(const Export& one, Millis now) const;

  std::deque<Export> exports_;  // oldest first
  std::int64_t last_ = 0;
};

}  // namespace ieum::sandbox
