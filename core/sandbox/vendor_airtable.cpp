// Airtable's API: records of any table, upsert, its lists of bases and tables, webhooks that only ping. A table exists from
// its first use on; names that begin with "missing" never do. Five calls a second for a base, then thirty seconds of rest.
// https://airtable.com/developers/web/api
#include <algorithm>
#include <map>

#include "base/digest.hpp"
#include "base/encoding.hpp"
#include "base/time_text.hpp"
#include "sandbox/airtable_login.hpp"
#include "sandbox/hook_formats.hpp"
#include "sandbox/vendor.hpp"

namespace ieum::sandbox {

namespace {

constexpr std::size_t kRecordsMax = 100'000;
constexpr std::int64_t kPerSecond = 5;
constexpr Millis kRestFor = 30 * kSecond;
constexpr Millis kHookFor = 7 * kDay;

HttpRequest make_airtable(const HookDelivery& delivery, Millis) {
  HttpRequest out = hook_post(json_bytes(body_or(delivery, Map())), "application/json");
  const std::string key = base64_decode(delivery.hook.secret).value_or("");
  out.headers.add("X-Airtable-Content-MAC", "hmac-sha256=" + hex_encode(hmac_sha256(key, out.body)));
  return out;
}
const HookFormat kAirtableHooks{"airtable", 25 * kSecond, make_airtable, no_second_try};

Outcome refuse(int status, const std::string& type, const std::string& message) {
  return {json_response(status, Map{{"error", Map{{"type", type}, {"message", message}}}}), Effect::refused, {}, {}};
}
Outcome not_found() { return {json_response(404, Map{{"error", "NOT_FOUND"}}), Effect::refused, {}, {}}; }
// Also said of what is not there: Airtable does not tell the two apart.
Outcome forbidden() {
  return refuse(403, "INVALID_PERMISSIONS_OR_MODEL_NOT_FOUND",
                "Invalid permissions, or the requested model was not found. Check that both your user and your token "
                "have the required permissions, and that the model names and/or ids are correct.");
}
Outcome found(const Value& body) { return {json_response(200, body), Effect::read, {}, {}}; }
Outcome applied(const Value& body) { return {json_response(200, body), Effect::applied, {}, {}}; }

struct Record {
  std::string id;
  Millis created = 0, modified = 0;
  Value fields = Map();
};
using Table = std::vector<Record>;

Value shown(const Record& record) {
  return Map{{"id", record.id}, {"createdTime", rfc3339_utc(record.created)}, {"fields", record.fields}};
}

// LAST_MODIFIED_TIME()>='...' and {Field}='...'; nothing for a formula that is not known here.
std::optional<bool> fits(const std::string& formula, const Record& record) {
  if (formula.empty()) return true;
  const auto quote = formula.find('\'');
  if (quote == std::string::npos || !formula.ends_with('\'') || quote + 1 == formula.size()) return std::nullopt;
  const std::string text = formula.substr(quote + 1, formula.size() - quote - 2);
  const std::string left = formula.substr(0, quote);
  if (left == "LAST_MODIFIED_TIME()>=" || left == "LAST_MODIFIED_TIME()>") {
    const auto since = parse_rfc3339(text);
    if (since.has_error()) return std::nullopt;
    return left.ends_with('=') ? record.modified >= *since : record.modified > *since;
  }
  if (left.starts_with('{') && left.ends_with("}=")) return record.fields.text(left.substr(1, left.size() - 3)) == text;
  return std::nullopt;
}

class Airtable final : public Vendor {
 public:
  explicit Airtable(const Credentials& credentials) : token_(credentials.airtable_api_token), login_(credentials) {}
  [[nodiscard]] std::string_view name() const override { return "airtable"; }
  [[nodiscard]] bool owns(const Incoming& in) const override {
    return (in.segments.size() >= 2 && in.segments[0] == "v0") || AirtableLogin::owns(in);
  }

  [[nodiscard]] Description describe(const Incoming& in) const override {
    Description out;
    if (AirtableLogin::owns(in)) {
      out.operation = in.segments.back();
      return out;
    }
    const bool special = in.segments[1] == "meta" || in.segments[1] == "bases";
    out.operation = (special ? in.segments.back() : "records") + std::string(".") + to_lower_ascii(in.http.method);
    out.reads = in.is("GET") || in.segments.back() == "listRecords";
    return out;
  }

  Outcome act(const Incoming& in, bool limits) override {
    if (AirtableLogin::owns(in)) return {login_.visit(in), Effect::read, {}, {}};
    const auto& path = in.segments;
    const std::string header = in.header("Authorization");
    const std::string token = header.starts_with("Bearer ") ? header.substr(7) : "";
    const Scopes* scopes = token == token_ ? &all_ : login_.find(token, in.now);
    if (scopes == nullptr) return refuse(401, "AUTHENTICATION_REQUIRED", "Authentication required");
    if (const std::string needed = scope_of(in); !needed.empty() && !scopes->contains(needed)) return forbidden();
    if (path[1] == "meta") return meta(in, *scopes);
    const std::string base = path[1] == "bases" ? (path.size() > 2 ? path[2] : "") : path[1];
    if (limits && !allowed(base, in.now)) {
      Outcome out{
          json_response(
              429, Map{{"errors", List{Map{{"error", "RATE_LIMIT_REACHED"}, {"message", "Rate limit exceeded."}}}}}),
          Effect::refused,
          {},
          {}};
      out.limited = true;
      return out;
    }
    if (path[1] == "bases") return webhooks(in, base);
    if (path.size() < 3 || path.size() > 4 || path[2].starts_with("missing") || base.starts_with("missing"))
      return not_found();
    Table& table = tables_[base + "/" + path[2]];
    if (path.size() == 4 && path[3] == "listRecords" && in.is("POST")) return list(in, table);
    if (path.size() == 4) return one(in, table);
    if (in.is("GET")) return list(in, table);
    if (in.is("DELETE")) return remove(in, table);
    if (!in.json.is_map()) return refuse(422, "INVALID_REQUEST_UNKNOWN", "the body is no JSON");
    if (in.is("POST")) return create(in, table);
    if (in.is("PATCH") || in.is("PUT")) return update(in, table);
    return not_found();
  }

  std::optional<std::string> issue(const Scopes& scopes, Millis) override { return login_.issue(scopes); }
  [[nodiscard]] std::vector<Hook> hooks() const override { return hooks_; }
  [[nodiscard]] const HookFormat* hook_format() const override { return &kAirtableHooks; }
  std::vector<Told> told(Millis now) override {
    std::erase_if(hooks_, [&](const Hook& hook) { return until_[hook.id] <= now; });
    return std::exchange(told_, {});
  }

  // A person edits the table: body {base, table, id?, fields}.
  std::optional<Result<Value>> happen(const Told& what, Millis now) override {
    const std::string base = what.body.text("base"), name = what.body.text("table");
    if (base.empty() || name.empty()) return Result<Value>(Error("bad_event", "the body names no base and table"));
    Table& table = tables_[base + "/" + name];
    const Value* fields = what.body.get("fields");
    Record* record = by_id(table, what.body.text("id"));
    if (record == nullptr) record = &add(table, now);
    put(*record, fields == nullptr ? Value(Map()) : *fields, now);
    ping(base, name, now);
    return Result<Value>(shown(*record));
  }

 private:
  bool allowed(const std::string& base, Millis now) {
    Use& use = uses_[base];
    if (now < use.rest_until) return false;
    if (now / kSecond != use.second) use.calls = 0;
    use.second = now / kSecond;
    if (++use.calls <= kPerSecond) return true;
    use.rest_until = now + kRestFor;
    return false;
  }

  Record& add(Table& table, Millis now) {
    table.push_back({"rec" + hex_encode(sha256("airtable" + std::to_string(++count_))).substr(0, 14), now, now, Map()});
    return table.back();
  }
  static Record* by_id(Table& table, const std::string& id) {
    const auto at = std::find_if(table.begin(), table.end(), [&](const Record& record) { return record.id == id; });
    return at == table.end() ? nullptr : &*at;
  }
  static void put(Record& record, const Value& fields, Millis now) {
    record.fields = overlaid(record.fields, fields);
    record.modified = now;
  }
  // A field "Nope" is not in any table.
  static bool unknown_field(const Value* fields) { return fields == nullptr || fields->get("Nope") != nullptr; }
  static Outcome bad_field(const Value* fields) {
    return fields == nullptr || !fields->is_map()
               ? refuse(422, "INVALID_REQUEST_MISSING_FIELDS", "Could not find field \"fields\" in the request body")
               : refuse(422, "UNKNOWN_FIELD_NAME", "Unknown field name: \"Nope\"");
  }

  // "" needs none.
  static std::string scope_of(const Incoming& in) {
    if (in.segments[1] == "meta") return in.path == "/v0/meta/whoami" ? "" : "schema.bases:read";
    if (in.segments[1] == "bases") return "webhook:manage";
    return in.is("GET") || in.segments.back() == "listRecords" ? "data.records:read" : "data.records:write";
  }

  static Outcome meta(const Incoming& in, const Scopes& scopes) {
    if (!in.is("GET")) return not_found();
    if (in.path == "/v0/meta/whoami")
      return found(Map{{"id", "usrSandbox"}, {"scopes", List(scopes.begin(), scopes.end())}});
    if (in.path == "/v0/meta/bases")
      return found(Map{{"bases", List{Map{{"id", "appSandbox"}, {"name", "주문"}, {"permissionLevel", "create"}}}}});
    if (in.segments.size() == 5 && in.segments[2] == "bases" && in.segments[4] == "tables")
      return found(Map{{"tables", List{Map{{"id", "tblOrders"}, {"name", "주문"}, {"fields", List{}}}}}});
    return not_found();
  }

  // A query too long for an address comes in the body of POST listRecords.
  static std::string asked(const Incoming& in, std::string_view name) {
    const Value* given = in.json.get(name);
    if (given == nullptr) return in.parameter(name);
    return given->if_int() != nullptr ? std::to_string(*given->if_int()) : text_of(given);
  }

  static Outcome list(const Incoming& in, const Table& table) {
    const std::int64_t size = std::clamp<std::int64_t>(whole_number(asked(in, "pageSize")).value_or(100), 1, 100);
    const std::int64_t most = whole_number(asked(in, "maxRecords")).value_or(1'000'000);
    const std::string offset = asked(in, "offset");
    const std::int64_t skip = offset.starts_with("itr") ? whole_number(offset.substr(3)).value_or(0) : 0;
    List records;
    std::int64_t seen = 0;
    for (const Record& record : table) {
      const auto fit = fits(asked(in, "filterByFormula"), record);
      if (!fit) return refuse(422, "INVALID_FILTER_BY_FORMULA", "The formula for filtering records is invalid");
      if (!*fit) continue;
      if (seen >= most) break;
      if (seen++ < skip) continue;
      if (static_cast<std::int64_t>(records.size()) == size)
        return found(Map{{"records", std::move(records)}, {"offset", "itr" + std::to_string(skip + size)}});
      records.push_back(shown(record));
    }
    return found(Map{{"records", std::move(records)}});
  }

  Outcome one(const Incoming& in, Table& table) {
    Record* record = by_id(table, in.segments[3]);
    if (record == nullptr) return refuse(404, "MODEL_ID_NOT_FOUND", "Record not found");
    if (in.is("GET")) return found(shown(*record));
    if (in.is("DELETE")) {
      const std::string id = record->id;
      std::erase_if(table, [&](const Record& each) { return each.id == id; });
      ping(in.segments[1], in.segments[2], in.now);
      return applied(Map{{"id", id}, {"deleted", true}});
    }
    const Value* fields = in.json.get("fields");
    if (unknown_field(fields)) return bad_field(fields);
    if (in.is("PUT")) record->fields = Map();
    put(*record, *fields, in.now);
    ping(in.segments[1], in.segments[2], in.now);
    return applied(shown(*record));
  }

  Outcome create(const Incoming& in, Table& table) {
    const Value* given = in.json.get("records");
    const List records = given != nullptr && given->is_list() ? *given->if_list() : List{in.json};
    if (records.size() > 10)
      return refuse(422, "INVALID_REQUEST_UNKNOWN", "You can only create 10 records per request");
    if (table.size() + records.size() > kRecordsMax) return refuse(422, "ROW_LIMIT_EXCEEDED", "the table is full");
    for (const Value& record : records)
      if (unknown_field(record.get("fields"))) return bad_field(record.get("fields"));
    List out;
    for (const Value& record : records) {
      Record& made = add(table, in.now);
      put(made, *record.get("fields"), in.now);
      out.push_back(shown(made));
    }
    ping(in.segments[1], in.segments[2], in.now);
    return applied(given == nullptr ? out.front() : Value(Map{{"records", std::move(out)}}));
  }

  Outcome update(const Incoming& in, Table& table) {
    const Value* records = in.json.get("records");
    if (records == nullptr || !records->is_list() || records->if_list()->size() > 10)
      return refuse(422, "INVALID_REQUEST_UNKNOWN", "records must be a list of at most 10");
    const Value* keys = in.json.at_path("performUpsert.fieldsToMergeOn");
    List out, created, updated;
    for (const Value& each : *records->if_list()) {
      const Value* fields = each.get("fields");
      if (unknown_field(fields)) return bad_field(fields);
      Record* record = by_id(table, each.text("id"));
      if (record == nullptr && keys == nullptr) return refuse(404, "MODEL_ID_NOT_FOUND", "Record not found");
      if (record == nullptr) {
        for (Record& candidate : table) {
          const bool same = std::all_of(keys->if_list()->begin(), keys->if_list()->end(), [&](const Value& key) {
            const Value* a = candidate.fields.get(text_of(&key));
            const Value* b = fields->get(text_of(&key));
            return a != nullptr && b != nullptr && *a == *b;
          });
          if (!same) continue;
          if (record != nullptr) return refuse(422, "INVALID_REQUEST_UNKNOWN", "Cannot upsert: multiple records match");
          record = &candidate;
        }
        const bool is_new = record == nullptr;
        if (is_new) record = &add(table, in.now);
        (is_new ? created : updated).push_back(record->id);
      }
      if (in.is("PUT")) record->fields = Map();
      put(*record, *fields, in.now);
      out.push_back(shown(*record));
    }
    ping(in.segments[1], in.segments[2], in.now);
    Map answer{{"records", std::move(out)}};
    if (keys != nullptr) {
      answer.set("createdRecords", std::move(created));
      answer.set("updatedRecords", std::move(updated));
    }
    return applied(std::move(answer));
  }

  Outcome remove(const Incoming& in, Table& table) {
    List out;
    for (const auto& [name, id] : in.query) {
      if (name != "records[]" && name != "records") continue;
      if (std::erase_if(table, [&, wanted = id](const Record& record) { return record.id == wanted; }) == 1)
        out.push_back(Map{{"id", id}, {"deleted", true}});
    }
    ping(in.segments[1], in.segments[2], in.now);
    return applied(Map{{"records", std::move(out)}});
  }

  Outcome webhooks(const Incoming& in, const std::string& base) {
    const auto& path = in.segments;
    if (path.size() < 4 || path[3] != "webhooks") return not_found();
    if (path.size() == 4 && in.is("GET")) {
      List list;
      for (const Hook& hook : hooks_) {
        if (text_of(hook.more.find("base")) != base) continue;
        list.push_back(Map{{"id", hook.id},
                           {"notificationUrl", hook.url},
                           {"isHookEnabled", hook.enabled},
                           {"expirationTime", rfc3339_utc(until_[hook.id])},
                           {"specification", *hook.more.find("spec")}});
      }
      return found(Map{{"webhooks", std::move(list)}});
    }
    if (path.size() == 4 && in.is("POST")) {
      if (in.json.at_path("specification.options.filters.dataTypes") == nullptr)
        return refuse(422, "INVALID_REQUEST_UNKNOWN", "specification is missing");
      Hook hook;
      hook.id = "ach" + hex_encode(sha256("hook" + std::to_string(++count_))).substr(0, 14);
      hook.url = in.json.text("notificationUrl");
      hook.secret = base64_encode(sha256("airtable secret " + hook.id));
      hook.more.set("base", base);
      hook.more.set("spec", *in.json.get("specification"));
      until_[hook.id] = in.now + kHookFor;
      hooks_.push_back(hook);
      return applied(
          Map{{"id", hook.id}, {"macSecretBase64", hook.secret}, {"expirationTime", rfc3339_utc(until_[hook.id])}});
    }
    const auto at = std::find_if(hooks_.begin(), hooks_.end(),
                                 [&](const Hook& hook) { return path.size() > 4 && hook.id == path[4]; });
    if (at == hooks_.end()) return not_found();
    if (path.size() == 6 && path[5] == "refresh" && in.is("POST")) {
      until_[at->id] = in.now + kHookFor;
      return applied(Map{{"expirationTime", rfc3339_utc(until_[at->id])}});
    }
    if (path.size() == 5 && in.is("DELETE")) {
      hooks_.erase(at);
      return applied(Map());
    }
    return not_found();
  }

  // A ping says where, never what.
  void ping(const std::string& base, const std::string& table, Millis now) {
    for (const Hook& hook : hooks_) {
      if (text_of(hook.more.find("base")) != base) continue;
      const Value* scope = hook.more.find("spec")->at_path("options.filters.recordChangeScope");
      if (scope != nullptr && text_of(scope) != table) continue;
      Told told;
      told.topic = "ping";
      told.only = hook.id;
      told.body = Map{{"base", Map{{"id", base}}}, {"webhook", Map{{"id", hook.id}}}, {"timestamp", rfc3339_utc(now)}};
      told_.push_back(std::move(told));
    }
  }

  struct Use {
    Millis second = 0, rest_until = 0;
    std::int64_t calls = 0;
  };
  const std::string token_;
  const Scopes all_{"data.records:read", "data.records:write", "schema.bases:read", "webhook:manage"};
  AirtableLogin login_;
  std::map<std::string, Table> tables_;  // "base/table"
  std::map<std::string, Use> uses_;      // by base
  std::vector<Hook> hooks_;
  std::map<std::string, Millis> until_;  // hook id
  std::vector<Told> told_;
  std::int64_t count_ = 0;
};

}  // namespace

std::unique_ptr<Vendor> make_airtable(const Credentials& credentials) {
  return std::make_unique<Airtable>(credentials);
}

}  // namespace ieum::sandbox
