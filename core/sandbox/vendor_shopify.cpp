// Shopify's Admin API: one GraphQL endpoint. https://shopify.dev/docs/api/admin-graphql
// HTTP 200 with errors[] or userErrors[] is how it refuses; the cost bucket is told with every answer.
#include <algorithm>
#include <map>
#include <set>

#include "base/digest.hpp"
#include "base/encoding.hpp"
#include "base/json.hpp"
#include "base/time_text.hpp"
#include "sandbox/graphql.hpp"
#include "sandbox/shop_admin.hpp"
#include "sandbox/shop_bulk.hpp"
#include "sandbox/shop_orders.hpp"
#include "sandbox/vendor.hpp"

namespace ieum::sandbox {

namespace {

constexpr std::size_t kThingsMax = 100'000;  // tagged things, and discount codes
constexpr std::int64_t kBucketMax = 1'000;
constexpr std::int64_t kRestoreRate = 50;  // points a second, a shop on the basic plan
constexpr std::int64_t kMutationCost = 10;
constexpr std::int64_t kQueryCost = 1;

struct Discount {
  std::string id;
  Value node;  // what codeDiscountNodeByCode shows of it
};

using Done = ShopDone;

bool is_version(std::string_view text) {
  if (text == "unstable") return true;
  return text.size() == 7 && text[4] == '-' && all_digits(text.substr(0, 4)) && all_digits(text.substr(5));
}

// gid://shopify/Order/5100, of a kind that has tags.
bool is_tagged_id(std::string_view id) {
  constexpr std::string_view start = "gid://shopify/";
  if (!id.starts_with(start)) return false;
  const std::size_t slash = id.find('/', start.size());
  if (slash == std::string_view::npos || !all_digits(id.substr(slash + 1))) return false;
  const std::string_view kind = id.substr(start.size(), slash - start.size());
  return kind == "Order" || kind == "DraftOrder" || kind == "Customer" || kind == "Product" || kind == "Article";
}

Value user_error(List field, std::string_view message, Value code = {}) {
  return shop_user_error(std::move(field), message, std::move(code));
}

Done refused(std::string_view mutation_field, Value error) { return shop_refused(mutation_field, std::move(error)); }

// 0.1 of a decimal, an int, a text.
double number_of(const Value& value) {
  if (const std::int64_t* whole = value.if_int()) return static_cast<double>(*whole);
  if (const double* number = value.if_double()) return *number;
  const std::string text = value.if_decimal() != nullptr ? value.if_decimal()->digits : text_of(&value);
  return text.empty() ? 0 : std::strtod(text.c_str(), nullptr);
}

class Shopify final : public Vendor {
 public:
  explicit Shopify(const Credentials& credentials) : token_(credentials.shopify_access_token) {}

  [[nodiscard]] std::string_view name() const override { return "shopify"; }
  [[nodiscard]] bool owns(const Incoming& in) const override {
    return !in.segments.empty() && in.segments[0] == "admin";
  }

  [[nodiscard]] Description describe(const Incoming& in) const override {
    Description out;
    out.key = header_key(in);
    out.reads = true;
    const auto fields = parse_graphql(in.json.text("query"), variables_of(in));
    if (!fields) return out;
    for (const Field& field : *fields) {
      out.operation += (out.operation.empty() ? "" : "+") + field.name;
      if (is_mutation(field.name)) out.reads = false;
    }
    return out;
  }

  Outcome act(const Incoming& in, bool limits) override {
    if (auto file = bulk_.file(in)) return {std::move(*file), Effect::read, {}, {}};
    if (in.segments.size() != 4 || in.segments[1] != "api" || in.segments[3] != "graphql.json" ||
        !is_version(in.segments[2]))
      return {json_response(404, Map{{"errors", "Not Found"}}), Effect::refused, {}, {}};
    const std::string token = in.header("X-Shopify-Access-Token");
    const Scopes* scopes = constant_time_equal(token, token_) ? nullptr : tokens_.find(token, in.now);
    if (scopes == nullptr && !constant_time_equal(token, token_))
      return {json_response(
                  401, Map{{"errors", "[API] Invalid API key or access token (unrecognized login or wrong password)"}}),
              Effect::refused,
              {},
              {}};
    Outcome outcome;
    if (!in.is("POST")) {
      outcome.response = json_response(405, Map{{"errors", "Method Not Allowed"}});
    } else if (in.json.text("query").empty()) {
      outcome.response = json_response(400, Map{{"errors", Map{{"query", "Required parameter missing or invalid"}}}});
    } else {
      outcome = run(in, limits, scopes);
    }
    outcome.response.headers.add("X-Shopify-API-Version", in.segments[2]);
    return outcome;
  }

  [[nodiscard]] std::vector<Hook> hooks() const override {
    return admin_.hooks("sandbox-webhook-secret", "ieum-demo.myshopify.com");
  }
  std::optional<std::string> issue(const Scopes& scopes, Millis) override { return tokens_.issue("shpat_", scopes); }
  void lose_hook(const std::string& id) override { admin_.lose(id); }
  std::vector<Told> told(Millis now) override { return bulk_.told(now); }
  void wrote(const Told& what, Millis now) override { orders_.happened(what.topic, what.body, now); }
  std::optional<Result<Value>> happen(const Told& what, Millis now) override {
    // An order whose delivery is lost: only the Admin API knows of it.
    constexpr std::string_view kLost = "lost:";
    if (what.topic.starts_with(kLost)) {
      orders_.happened(std::string_view(what.topic).substr(kLost.size()), what.body, now);
      return Result<Value>(Value(Map{{"lost", true}}));
    }
    if (what.topic != "abandoned") return std::nullopt;
    admin_.abandon(what.body, now);
    return Result<Value>(Value(Map{{"abandoned", true}}));
  }

 private:
  static Value variables_of(const Incoming& in) {
    const Value* variables = in.json.get("variables");
    return variables == nullptr ? Value() : *variables;
  }

  static bool is_mutation(std::string_view field) {
    return field == "tagsAdd" || field == "tagsRemove" || field == "discountCodeBasicCreate" ||
           ShopAdmin::is_mutation(field) || ShopBulk::is_mutation(field);
  }

  static Outcome failed(std::string_view message, std::string_view code, const Value& cost) {
    Map error{{"message", message}};
    if (!code.empty()) error.set("extensions", Map{{"code", code}});
    return {json_response(200, Map{{"errors", List{std::move(error)}}, {"extensions", Map{{"cost", cost}}}}),
            Effect::refused,
            {},
            {}};
  }

  static Outcome denied(const Field& field, const std::string& scope, const Value& cost) {
    const std::string wanted = "`" + scope + "` access scope.";
    Map error{{"message", "Access denied for " + field.name + " field. Required access: " + wanted},
              {"path", List{field.alias}},
              {"extensions", Map{{"code", "ACCESS_DENIED"},
                                 {"documentation", "https://shopify.dev/api/usage/access-scopes"},
                                 {"requiredAccess", wanted}}}};
    return {json_response(200, Map{{"errors", List{std::move(error)}},
                                   {"data", Map{{field.alias, Value()}}},
                                   {"extensions", Map{{"cost", cost}}}}),
            Effect::refused,
            {},
            {}};
  }

  // scopes: null may do all. What reads is open to what writes.
  Outcome run(const Incoming& in, bool limits, const Scopes* scopes) {
    const auto fields = parse_graphql(in.json.text("query"), variables_of(in));
    if (!fields) return failed(fields.error().what, "", Value());
    std::int64_t cost = 0;
    for (const Field& field : *fields) cost += is_mutation(field.name) ? kMutationCost : kQueryCost;
    if (limits && !take(cost, in.now)) {
      Outcome outcome = failed("Throttled", "THROTTLED", cost_value(cost, Value(), bucket_));
      outcome.limited = true;
      return outcome;
    }
    for (const Field& field : *fields) {
      const std::string scope = scopes == nullptr ? "" : ShopAdmin::scope_of(field);
      if (scope.empty() || scopes->contains(scope)) continue;
      if (scope.starts_with("read_") && scopes->contains("write_" + scope.substr(5))) continue;
      return denied(field, scope, cost_value(cost, Value(), limits ? bucket_ : kBucketMax));
    }
    const std::int64_t left = limits ? bucket_ : kBucketMax - cost;
    Map data;
    bool applied = false, known = false, acts = false, user_errors = false;
    for (const Field& field : *fields) {
      Done done = root(field, in);
      if (!done.problem.empty()) return failed(done.problem, done.problem_code, cost_value(cost, Value(), left));
      const Value* errors = done.data.get("userErrors");
      if (errors == nullptr) errors = done.data.get("orderCancelUserErrors");
      user_errors = user_errors || (errors != nullptr && errors->if_list() != nullptr && !errors->if_list()->empty());
      auto chosen = select(done.data, field.selection);
      if (!chosen) return failed(chosen.error().what, "undefinedField", cost_value(cost, Value(), left));
      data.set(field.alias, std::move(*chosen));
      applied = applied || done.applied;
      known = known || done.known;
      acts = acts || is_mutation(field.name);
    }
    const Effect effect = !acts ? Effect::read : applied ? Effect::applied : known ? Effect::repeated : Effect::refused;
    return {
        json_response(200, Map{{"data", std::move(data)}, {"extensions", Map{{"cost", cost_value(cost, cost, left)}}}}),
        effect,
        {},
        {}};
  }

  bool take(std::int64_t cost, Millis now) {
    if (now > filled_at_) {
      const Millis whole = (now - filled_at_) * kRestoreRate / kSecond;
      bucket_ = std::min(kBucketMax, bucket_ + std::min<Millis>(whole, kBucketMax));
      filled_at_ = now;
    }
    if (cost > bucket_) return false;
    bucket_ -= cost;
    return true;
  }

  static Value cost_value(std::int64_t requested, Value actual, std::int64_t left) {
    return Map{{"requestedQueryCost", requested},
               {"actualQueryCost", std::move(actual)},
               {"throttleStatus",
                Map{{"maximumAvailable", kBucketMax}, {"currentlyAvailable", left}, {"restoreRate", kRestoreRate}}}};
  }

  Done root(const Field& field, const Incoming& in) {
    const Value arguments(field.arguments);
    if (field.name == "tagsAdd") return tags(arguments, true);
    if (field.name == "tagsRemove") return tags(arguments, false);
    if (field.name == "discountCodeBasicCreate") return create_discount(arguments, in.now);
    if (field.name == "codeDiscountNodeByCode") return find_discount(arguments.text("code"));
    if (field.name == "shop") return shop();
    if (field.name == "orders") {
      Done done;
      done.data = orders_.list(arguments);
      return done;
    }
    if (auto done = admin_.root(field, in.now)) return std::move(*done);
    if (auto done = bulk_.root(field, in)) return std::move(*done);
    Done done;
    done.problem =
        "Field '" + field.name + "' doesn't exist on type 'QueryRoot' or 'Mutation', or the sandbox does not play it";
    done.problem_code = "undefinedField";
    return done;
  }

  Done tags(const Value& arguments, bool add) {
    const std::string id = arguments.text("id");
    Done done;
    if (!is_tagged_id(id)) {
      done.problem = "Invalid global id '" + id + "'";
      done.problem_code = "argumentLiteralsIncompatible";
      return done;
    }
    if (id.ends_with("/404")) return refused("node", user_error({"id"}, "Resource does not exist"));
    std::vector<std::string> wanted;
    const Value* given = arguments.get("tags");
    if (const List* list = given == nullptr ? nullptr : given->if_list())
      for (const Value& tag : *list) wanted.emplace_back(trim(text_of(&tag)));
    else if (given != nullptr && given->is_string())
      wanted.emplace_back(trim(text_of(given)));
    if (wanted.empty()) {
      done.problem = "Argument 'tags' has an invalid value";
      done.problem_code = "argumentLiteralsIncompatible";
      return done;
    }
    for (const std::string& tag : wanted)
      if (tag.empty() || utf8_length(tag) > 255)
        return refused("node", user_error({"tags"}, "Tags can't be blank or longer than 255 characters"));
    if (tags_.size() >= kThingsMax && !tags_.contains(id)) tags_.erase(tags_.begin());
    std::set<std::string>& held = tags_[id];
    for (const std::string& tag : wanted) {
      const bool changed = add ? held.insert(tag).second : held.erase(tag) > 0;
      done.applied = done.applied || changed;
    }
    done.known = !done.applied;
    List now;
    for (const std::string& tag : held) now.emplace_back(tag);
    done.data = Map{{"node", Map{{"id", id}, {"tags", std::move(now)}}}, {"userErrors", List{}}};
    return done;
  }

  Done create_discount(const Value& arguments, Millis now) {
    const Value* input = arguments.get("basicCodeDiscount");
    if (input == nullptr || !input->is_map()) {
      Done done;
      done.problem = "Field 'discountCodeBasicCreate' is missing required arguments: basicCodeDiscount";
      done.problem_code = "missingRequiredArguments";
      return done;
    }
    const auto bad = [&](List field, std::string_view message, std::string_view code) {
      return refused("codeDiscountNode", user_error(std::move(field), message, code));
    };
    const std::string code = input->text("code");
    if (code.empty()) return bad({"basicCodeDiscount", "code"}, "Code can't be blank", "BLANK");
    if (input->text("title").empty()) return bad({"basicCodeDiscount", "title"}, "Title can't be blank", "BLANK");
    if (input->text("startsAt").empty() || !parse_rfc3339(input->text("startsAt")))
      return bad({"basicCodeDiscount", "startsAt"}, "Starts at needs to be set", "INVALID");
    if (const Value* percentage = input->at_path("customerGets.value.percentage");
        percentage != nullptr && !percentage->is_null() && !(number_of(*percentage) > 0 && number_of(*percentage) <= 1))
      return bad({"basicCodeDiscount", "customerGets", "value", "percentage"}, "Value must be between 0.0 and 1.0",
                 "VALUE_OUTSIDE_RANGE");
    const std::string folded = to_lower_ascii(code);
    if (discounts_.contains(folded)) {
      Done done = bad({"basicCodeDiscount", "code"}, "Code must be unique. Please try a different code.", "TAKEN");
      done.known = true;
      return done;
    }
    if (discounts_.size() >= kThingsMax) discounts_.erase(discounts_.begin());
    Map discount{{"__typename", "DiscountCodeBasic"},
                 {"status", "ACTIVE"},
                 {"createdAt", rfc3339_utc(now)},
                 {"codes", Map{{"nodes", List{Map{{"code", code}}}}}}};
    for (const auto& [key, value] : *input->if_map()) discount.add(key, value);
    discount.add("endsAt", Value());
    discount.add("summary", Value());
    Discount& kept = discounts_[folded];
    kept.id = "gid://shopify/DiscountCodeNode/" + std::to_string(1'057'856'600'000 + ++last_discount_);
    kept.node = Map{{"id", kept.id}, {"codeDiscount", std::move(discount)}};
    Done done;
    done.applied = true;
    done.data = Map{{"codeDiscountNode", kept.node}, {"userErrors", List{}}};
    return done;
  }

  Done find_discount(const std::string& code) const {
    Done done;
    if (const auto at = discounts_.find(to_lower_ascii(code)); at != discounts_.end()) done.data = at->second.node;
    return done;
  }

  static Done shop() {
    Done done;
    done.data = Map{{"id", "gid://shopify/Shop/548380009"},
                    {"name", "이음 상점"},
                    {"email", "owner@example.com"},
                    {"myshopifyDomain", "ieum-demo.myshopify.com"},
                    {"primaryDomain", Map{{"host", "shop.example.kr"}, {"url", "https://shop.example.kr"}}},
                    {"currencyCode", "KRW"},
                    {"ianaTimezone", "Asia/Seoul"},
                    {"plan", Map{{"displayName", "Development"}}}};
    return done;
  }

  const std::string token_;
  Tokens tokens_;
  ShopAdmin admin_;
  ShopBulk bulk_;
  ShopOrders orders_;
  std::map<std::string, std::set<std::string>> tags_;  // by global id
  std::map<std::string, Discount> discounts_;          // by code in lower case
  std::int64_t last_discount_ = 0;
  std::int64_t bucket_ = kBucketMax;
  Millis filled_at_ = 0;
};

}  // namespace

std::unique_ptr<Vendor> make_shopify(const Credentials& credentials) { return std::make_unique<Shopify>(credentials); }

}  // namespace ieum::sandbox
