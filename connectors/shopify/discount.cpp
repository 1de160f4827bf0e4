// discount_code.create: discountCodeBasicCreate of the Admin API.
//
// Shopify refuses a code that exists (TAKEN), so a repeat acts once. A refusal is therefore looked at: when the code
// that is there has our title and our start, it is this step's own and the step is done; else the code is another's.
// https://shopify.dev/docs/api/admin-graphql/latest/mutations/discountCodeBasicCreate
#include <algorithm>
#include <charconv>
#include <cmath>

#include "graphql.hpp"
#include "ieum/time.hpp"
#include "operations.hpp"

namespace shopify {

namespace {

using ieum::json::object;

constexpr std::string_view kCreate =
    "mutation discountCodeBasicCreate($basicCodeDiscount: DiscountCodeBasicInput!) "
    "{ discountCodeBasicCreate(basicCodeDiscount: $basicCodeDiscount) "
    "{ codeDiscountNode { id } userErrors { code field message } } }";
constexpr std::string_view kLookUp =
    "query codeDiscountNodeByCode($code: String!) { codeDiscountNodeByCode(code: $code) "
    "{ id codeDiscount { ... on DiscountCodeBasic { title startsAt } } } }";

constexpr std::int64_t kDayMs = 24 * 3600 * 1000;

// Ten letters and digits that cannot be mistaken for each other, fixed by the step: a repeat asks for the same code.
std::string code_of(std::string_view step_key) {
  std::uint64_t hash = 14695981039346656037u;
  for (const unsigned char byte : step_key) hash = (hash ^ byte) * 1099511628211u;
  constexpr std::string_view letters = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ";
  std::string code;
  for (int i = 0; i < 10; ++i, hash >>= 5) code += letters[hash & 31];
  return code;
}

struct Wanted {
  std::string code, title, starts_at, ends_at;
  bool generated = false;
};

Wanted wanted(const ieum::Call& call) {
  Wanted result;
  result.code = call.input("code");
  result.generated = result.code.empty();
  if (result.generated) result.code = call.input("prefix") + code_of(call.step_key());
  result.title = call.input("title");
  if (result.title.empty()) result.title = result.code;
  result.starts_at = call.input("starts_at");
  if (result.starts_at.empty()) result.starts_at = ieum::rfc3339_text(call.now_ms());
  result.ends_at = call.input("ends_at");
  if (result.ends_at.empty())
    if (const auto days = ieum::int_at(call.inputs(), "valid_days"))
      if (const auto start = ieum::read_rfc3339(result.starts_at); start && *days > 0 && *days < 36500)
        result.ends_at = ieum::rfc3339_text(*start + *days * kDayMs);
  return result;
}

std::optional<double> number_of(const std::string& text) {
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size() || !std::isfinite(value)) return std::nullopt;
  return value;
}

std::string customer_id(const ieum::json::value& item) {
  const std::string id = ieum::scalar_text(item).value_or("");
  return id.starts_with("gid://") ? id : "gid://shopify/Customer/" + id;
}

object context_of(const ieum::Call& call) {
  ieum::json::array ids;
  const ieum::json::value& input = call.input_value("customers");
  if (const ieum::json::array* list = input.if_array()) {
    for (const ieum::json::value& item : *list) ids.push_back(ieum::json::value(customer_id(item)));
  } else if (ieum::scalar_text(input)) {
    ids.push_back(ieum::json::value(customer_id(input)));
  }
  if (const ieum::json::array* list = call.input_value("segments").if_array(); list != nullptr && !list->empty()) {
    ieum::json::array segments;
    for (const ieum::json::value& item : *list)
      segments.emplace_back(global_id("Segment", ieum::scalar_text(item).value_or("")));
    return {{"customerSegments", object{{"add", std::move(segments)}}}};
  }
  if (ids.empty()) return {{"all", "ALL"}};
  return {{"customers", object{{"add", std::move(ids)}}}};
}

std::optional<object> value_of(const ieum::Call& call) {
  if (const std::string text = call.input("percentage"); !text.empty()) {
    const auto percent = number_of(text);
    if (!percent || *percent <= 0 || *percent > 100) return std::nullopt;
    // 33.3 becomes 0.333, not 0.33299999999999996.
    return object{{"percentage", std::round(*percent * 1e6) / 1e8}};
  }
  const std::string amount = call.input("amount");
  const auto number = number_of(amount);
  if (!number || *number <= 0) return std::nullopt;
  return object{{"discountAmount", object{{"amount", amount}, {"appliesOnEachItem", false}}}};
}

object output(const Wanted& discount, const std::string& id) {
  return {{"id", id},
          {"code", discount.code},
          {"title", discount.title},
          {"starts_at", discount.starts_at},
          {"ends_at", discount.ends_at}};
}

ieum::Effect looked_up(const ieum::Call& call, const Wanted& discount) {
  const std::string id = ieum::text_at(call.answer(), "data.codeDiscountNodeByCode.id");
  const std::string title = ieum::text_at(call.answer(), "data.codeDiscountNodeByCode.codeDiscount.title");
  const std::string start = ieum::text_at(call.answer(), "data.codeDiscountNodeByCode.codeDiscount.startsAt");
  const auto theirs = ieum::read_rfc3339(start);
  const auto ours = ieum::read_rfc3339(discount.starts_at);
  const bool same_start = theirs && ours && *theirs / 1000 == *ours / 1000;
  if (!id.empty() && (discount.generated || (title == discount.title && same_start)))
    return ieum::done(output(discount, id));
  return ieum::fail(ieum::Kind::permanent, "TAKEN",
                    "the code " + discount.code + " exists already and is not this step's; make codes unique");
}

}  // namespace

ieum::Effect create_discount_code(const ieum::Call& call) {
  const Wanted discount = wanted(call);
  std::optional<object> value = value_of(call);
  if (!value)
    return ieum::fail(ieum::Kind::permanent, "bad_discount",
                      "give either percentage (above 0, up to 100) or amount (above 0)");
  if (const ieum::json::array* segments = call.input_value("segments").if_array()) {
    if (!segments->empty() && call.has_input("customers"))
      return ieum::fail(ieum::Kind::permanent, "bad_discount", "give either customers or segments");
    for (const ieum::json::value& item : *segments)
      if (const std::string id = ieum::scalar_text(item).value_or(""); global_id("Segment", id).empty())
        return bad_id(id, "Segment");
  }
  object input{{"title", discount.title}, {"code", discount.code}, {"startsAt", discount.starts_at}};
  if (!discount.ends_at.empty()) input["endsAt"] = discount.ends_at;
  if (const auto limit = ieum::int_at(call.inputs(), "usage_limit")) input["usageLimit"] = *limit;
  input["appliesOncePerCustomer"] = ieum::flag_at(call.inputs(), "once_per_customer", true);
  input["context"] = context_of(call);
  input["customerGets"] = object{{"value", std::move(*value)}, {"items", object{{"all", true}}}};
  if (const std::string least = call.input("minimum_subtotal"); !least.empty())
    input["minimumRequirement"] = object{{"subtotal", object{{"greaterThanOrEqualToSubtotal", least}}}};
  if (const ieum::json::array* kinds = call.input_value("combines_with").if_array()) {
    const auto has = [&](std::string_view kind) {
      return std::any_of(kinds->begin(), kinds->end(),
                         [&](const ieum::json::value& item) { return ieum::scalar_text(item) == kind; });
    };
    input["combinesWith"] = object{
        {"orderDiscounts", has("order")}, {"productDiscounts", has("product")}, {"shippingDiscounts", has("shipping")}};
  }
  return call_graphql(call, kCreate, {{"basicCodeDiscount", std::move(input)}}, ieum::Safety::natural,
                      object{{"at", "create"}});
}

ieum::Effect created_discount_code(const ieum::Call& call) {
  if (auto failed = failure(call)) return std::move(*failed);
  const Wanted discount = wanted(call);
  if (ieum::text_at(call.state(), "at") == "look_up") return looked_up(call, discount);
  if (const auto error = user_error(call, "discountCodeBasicCreate")) {
    if (error->code != "TAKEN") return refused(*error);
    return call_graphql(call, kLookUp, {{"code", discount.code}}, ieum::Safety::safe, object{{"at", "look_up"}});
  }
  return ieum::done(output(discount, ieum::text_at(call.answer(), "data.discountCodeBasicCreate.codeDiscountNode.id")));
}

}  // namespace shopify
