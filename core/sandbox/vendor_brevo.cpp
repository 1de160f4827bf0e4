// Brevo's API v3: contacts, lists, mails, text messages, events, webhooks; it tells its own events, batched, with the
// webhook's token. Attributes FIRSTNAME, LASTNAME, SMS exist; lists 3 and 4; template 7. A mail to bounce@... bounces.
// https://developers.brevo.com
#include <algorithm>
#include <map>
#include <set>

#include "base/encoding.hpp"
#include "base/json.hpp"
#include "base/time_text.hpp"
#include "sandbox/hook_formats.hpp"
#include "sandbox/vendor.hpp"

namespace ieum::sandbox {

namespace {

constexpr std::size_t kContactsMax = 100'000;
constexpr std::int64_t kPerSecond = 10;

HttpRequest make_brevo(const HookDelivery& delivery, Millis) {
  HttpRequest out = hook_post(json_bytes(body_or(delivery, Map())), "application/json");
  if (!delivery.hook.secret.empty()) out.headers.add("Authorization", "Bearer " + delivery.hook.secret);
  return out;
}
const HookFormat kBrevoHooks{"brevo", 30 * kSecond, make_brevo, no_second_try};

Outcome refuse(int status, const std::string& code, const std::string& message) {
  return {json_response(status, Map{{"code", code}, {"message", message}}), Effect::refused, {}, {}};
}
Outcome found(const Value& body) { return {json_response(200, body), Effect::read, {}, {}}; }
Outcome applied(int status, const Value& body) { return {json_response(status, body), Effect::applied, {}, {}}; }
Outcome applied() { return {{204, {}, ""}, Effect::applied, {}, {}}; }

// The names of registered events, as they come.
std::string told_name(const std::string& registered) {
  static const std::map<std::string, std::string> names{{"hardBounce", "hard_bounce"},
                                                        {"softBounce", "soft_bounce"},
                                                        {"uniqueOpened", "unique_opened"},
                                                        {"invalid", "invalid_email"},
                                                        {"sent", "request"},
                                                        {"listAddition", "list_addition"},
                                                        {"contactUpdated", "contact_updated"},
                                                        {"contactDeleted", "contact_deleted"}};
  const auto at = names.find(registered);
  return at == names.end() ? registered : at->second;
}

class Brevo final : public Vendor {
 public:
  explicit Brevo(const Credentials& credentials) : key_(credentials.brevo_api_key) {}
  [[nodiscard]] std::string_view name() const override { return "brevo"; }
  [[nodiscard]] bool owns(const Incoming& in) const override {
    static const std::set<std::string> kParts{"account", "contacts", "smtp", "transactionalSMS", "events", "webhooks"};
    return in.segments.size() >= 2 && in.segments[0] == "v3" && kParts.count(in.segments[1]) == 1;
  }

  [[nodiscard]] Description describe(const Incoming& in) const override {
    Description out;
    const auto& path = in.segments;
    out.operation = path[1] == "smtp" || path[1] == "transactionalSMS" ? path[1] + "." + path.back()
                                                                       : path[1] + "." + to_lower_ascii(in.http.method);
    out.reads = in.is("GET");
    if (in.path == "/v3/smtp/email" && in.is("POST")) out.message = mail_of(in);
    if (sends_sms(in)) out.message = sms_of(in);
    if (out.message) out.key = out.message->key;
    return out;
  }

  Outcome act(const Incoming& in, bool limits) override {
    if (in.header("api-key") != key_) return refuse(401, "unauthorized", "Key not found");
    const std::string& part = in.segments[1];
    Outcome out = part == "contacts" && limits && !allowed(in.now) ? slow_down() : serve(in, part);
    if (part == "contacts") {
      out.response.headers.add("x-sib-ratelimit-limit", std::to_string(kPerSecond));
      out.response.headers.add("x-sib-ratelimit-remaining",
                               std::to_string(std::max<std::int64_t>(0, kPerSecond - calls_)));
      out.response.headers.add("x-sib-ratelimit-reset", "1");
    }
    return out;
  }

  [[nodiscard]] std::vector<Hook> hooks() const override { return hooks_; }
  std::vector<Told> told(Millis) override { return std::exchange(told_, {}); }
  [[nodiscard]] const HookFormat* hook_format() const override { return &kBrevoHooks; }

  // A reader opens, clicks or leaves: topic opened, click, unsubscribed, spam ...; body {email, message-id?, link?}. A mail
  // comes in: topic inboundEmailProcessed, body as Brevo tells it, {From, Subject, RawTextBody ...}.
  std::optional<Result<Value>> happen(const Told& what, Millis now) override {
    if (what.topic == "inboundEmailProcessed") return come_in(what);
    Map event{{"event", told_name(what.topic)}, {"email", what.body.text("email", "mina@example.com")}};
    event.set("message-id", what.body.text("message-id", last_mail_));
    if (const std::string link = what.body.text("link"); !link.empty()) event.set("link", link);
    tell(what.topic, std::move(event), now);
    return Result<Value>(Value(Map{{"told", true}}));
  }

 private:
  struct Contact {
    std::int64_t id = 0;
    Value attributes = Map();
    std::set<std::int64_t> lists;
    bool blocked = false;
    Millis created_ms = 0, modified_ms = 0;
  };

  // "send" waits for the operator, "sms" does not; both answer alike here.
  static bool sends_sms(const Incoming& in) {
    return in.is("POST") && (in.path == "/v3/transactionalSMS/sms" || in.path == "/v3/transactionalSMS/send");
  }

  bool allowed(Millis now) {
    if (now / kSecond != second_) calls_ = 0;
    second_ = now / kSecond;
    return ++calls_ <= kPerSecond;
  }
  static Outcome slow_down() {
    Outcome out = refuse(429, "too_many_requests", "Too many requests");
    out.limited = true;
    return out;
  }

  Outcome serve(const Incoming& in, const std::string& part) {
    if (part == "account")
      return found(Map{{"email", "owner@example.com"},
                       {"companyName", "이음상점"},
                       {"plan", List{Map{{"type", "free"}, {"credits", 300}}}}});
    if (!in.is("GET") && !in.is("DELETE") && !in.json.is_map())
      return refuse(400, "bad_request", "the body is no JSON");
    if (part == "contacts") return contacts(in);
    if (part == "webhooks") return webhooks(in);
    if (part == "events") return in.is("POST") ? event(in) : refuse(404, "not_found", "no such path");
    if (in.path == "/v3/smtp/email" && in.is("POST")) return mail(in);
    if (in.path == "/v3/smtp/templates" && in.is("GET"))
      return found(
          Map{{"count", 1},
              {"templates",
               List{Map{{"id", 7}, {"name", "주문 확인"}, {"isActive", true}, {"subject", "주문이 접수되었습니다"}}}}});
    if (sends_sms(in)) return sms(in);
    return refuse(404, "not_found", "no such path");
  }

  Outcome contacts(const Incoming& in) {
    const auto& path = in.segments;
    if (path.size() == 3 && path[2] == "lists" && in.is("GET")) {
      List lists{Map{{"id", 3}, {"name", "뉴스레터"}}, Map{{"id", 4}, {"name", "고객"}}};
      if (whole_number(in.parameter("offset")).value_or(0) > 0) lists.clear();
      return found(Map{{"lists", std::move(lists)}, {"count", 2}});
    }
    if (path.size() == 6 && path[2] == "lists" && path[4] == "contacts" && in.is("POST"))
      return change_list(in, path[3], path[5] == "add");
    if (path.size() == 2 && in.is("POST")) return upsert(in);
    if (path.size() == 2 && in.is("GET")) return list_contacts(in);
    if (path.size() == 3 && (in.is("GET") || in.is("PUT"))) {
      const auto at = identified(path[2], in.parameter("identifierType"));
      if (at == contacts_.end()) return refuse(404, "document_not_found", "Contact does not exist");
      return in.is("GET") ? found(shown(*at)) : update(in, *at);
    }
    return refuse(404, "not_found", "no such path");
  }

  using Contacts = std::map<std::string, Contact>;

  // By e-mail or by the contact's number, unless the type says which of its other names it is.
  Contacts::iterator identified(const std::string& text, const std::string& type) {
    const auto number = whole_number(text);
    const char* attribute = type == "phone_id" ? "SMS" : type == "ext_id" ? "EXT_ID" : nullptr;
    return std::find_if(contacts_.begin(), contacts_.end(), [&](const auto& entry) {
      if (attribute != nullptr) return entry.first == text || entry.second.attributes.text(attribute) == text;
      return (number && entry.second.id == *number && type != "email_id") || entry.first == to_lower_ascii(text);
    });
  }

  static Value shown(const Contacts::value_type& entry) {
    List lists;
    for (const std::int64_t id : entry.second.lists) lists.push_back(id);
    return Map{{"id", entry.second.id},
               {"email", entry.first},
               {"attributes", entry.second.attributes},
               {"listIds", std::move(lists)},
               {"emailBlacklisted", entry.second.blocked},
               {"createdAt", rfc3339_offset(entry.second.created_ms, 9 * 3600)},
               {"modifiedAt", rfc3339_offset(entry.second.modified_ms, 9 * 3600)}};
  }

  Outcome list_contacts(const Incoming& in) const {
    const std::int64_t limit = std::clamp<std::int64_t>(whole_number(in.parameter("limit")).value_or(50), 1, 1000);
    std::int64_t skip = whole_number(in.parameter("offset")).value_or(0);
    Millis created = 0, modified = 0;
    for (const auto& [name, since] : {std::pair("createdSince", &created), std::pair("modifiedSince", &modified)}) {
      if (in.parameter(name).empty()) continue;
      const auto at = parse_rfc3339(in.parameter(name));
      if (at.has_error()) return refuse(400, "invalid_parameter", std::string(name) + " is not a UTC date-time");
      *since = *at;
    }
    std::vector<const Contacts::value_type*> fit;
    for (const auto& entry : contacts_)
      if (entry.second.created_ms >= created && entry.second.modified_ms >= modified) fit.push_back(&entry);
    const bool oldest_first = in.parameter("sort") == "asc";
    std::sort(fit.begin(), fit.end(), [&](const auto* a, const auto* b) {
      return oldest_first ? a->second.id < b->second.id : b->second.id < a->second.id;
    });
    List list;
    for (const auto* entry : fit) {
      if (skip-- > 0) continue;
      if (static_cast<std::int64_t>(list.size()) == limit) break;
      list.push_back(shown(*entry));
    }
    return found(Map{{"contacts", std::move(list)}, {"count", static_cast<std::int64_t>(fit.size())}});
  }

  // What is wrong with the attributes that are to be set on the contact of this key.
  [[nodiscard]] std::optional<Outcome> wrong(const Value* given, const std::string& key) const {
    if (given == nullptr || !given->is_map()) return std::nullopt;
    for (const auto& [name, value] : *given->if_map()) {
      const std::string text = text_of(&name);
      if (text != "FIRSTNAME" && text != "LASTNAME" && text != "SMS" && text != "EXT_ID")
        return refuse(400, "invalid_parameter", "attribute " + text + " does not exist");
    }
    const std::string sms = given->text("SMS");
    if (sms.empty()) return std::nullopt;
    if (sms.front() != '+' && !sms.starts_with("82")) return refuse(400, "invalid_parameter", "Invalid phone number");
    for (const auto& [other, contact] : contacts_)
      if (other != key && contact.attributes.text("SMS") == sms)
        return refuse(400, "duplicate_parameter", "SMS is already associated with another Contact");
    return std::nullopt;
  }

  static void put_lists(const Incoming& in, Contact& contact) {
    const auto each = [&](const char* name, auto change) {
      if (const Value* lists = in.json.get(name); lists != nullptr && lists->is_list())
        for (const Value& id : *lists->if_list())
          if (id.if_int() != nullptr) change(*id.if_int());
    };
    each("listIds", [&](std::int64_t id) { contact.lists.insert(id); });
    each("unlinkListIds", [&](std::int64_t id) { contact.lists.erase(id); });
  }

  Outcome update(const Incoming& in, Contacts::value_type& entry) {
    const Value* given = in.json.get("attributes");
    if (auto refused = wrong(given, entry.first)) return std::move(*refused);
    Contact& contact = entry.second;
    if (given != nullptr) contact.attributes = overlaid(contact.attributes, *given);
    contact.blocked = in.json.flag("emailBlacklisted", contact.blocked);
    put_lists(in, contact);
    contact.modified_ms = in.now;
    return applied();
  }

  Outcome upsert(const Incoming& in) {
    const std::string email = to_lower_ascii(in.json.text("email"));
    const Value* given = in.json.get("attributes");
    const std::string sms = given == nullptr ? "" : given->text("SMS");
    if (email.find('@') == std::string::npos && sms.empty() && in.json.text("ext_id").empty())
      return refuse(400, "missing_parameter", "Either of SMS, ext_id or email is mandatory");
    const std::string key = email.empty() ? (sms.empty() ? in.json.text("ext_id") : sms) : email;
    if (auto refused = wrong(given, key)) return std::move(*refused);
    const bool known = contacts_.count(key) == 1;
    if (known && !in.json.flag("updateEnabled"))
      return refuse(400, "duplicate_parameter",
                    "Unable to create contact, email is already associated with another Contact");
    if (!known && contacts_.size() >= kContactsMax) return refuse(400, "invalid_parameter", "too many contacts");
    Contact& contact = contacts_[key];
    if (!known) contact.id = ++count_;
    if (!known) contact.created_ms = in.now;
    contact.modified_ms = in.now;
    if (given != nullptr) contact.attributes = overlaid(contact.attributes, *given);
    contact.blocked = in.json.flag("emailBlacklisted", contact.blocked);
    put_lists(in, contact);
    return known ? applied() : applied(201, Map{{"id", contact.id}});
  }

  Outcome change_list(const Incoming& in, const std::string& list, bool add) {
    const auto id = whole_number(list);
    if (!id || (*id != 3 && *id != 4)) return refuse(404, "document_not_found", "List ID does not exist");
    const Value* emails = in.json.get("emails");
    if (emails == nullptr || !emails->is_list() || emails->if_list()->empty() || emails->if_list()->size() > 150)
      return refuse(400, "invalid_parameter", "emails must have 1 to 150 entries");
    List success, failure;
    for (const Value& email : *emails->if_list()) {
      const auto at = contacts_.find(to_lower_ascii(text_of(&email)));
      const bool changed =
          at != contacts_.end() && (add ? at->second.lists.insert(*id).second : at->second.lists.erase(*id) == 1);
      if (changed) at->second.modified_ms = in.now;
      (changed ? success : failure).push_back(email);
    }
    if (success.empty())
      return refuse(400, "invalid_parameter",
                    add ? "Contact already in list and/or does not exist"
                        : "Contact already removed from list and/or does not exist");
    return applied(201, Map{{"contacts", Map{{"success", std::move(success)}, {"failure", std::move(failure)}}}});
  }

  static Message mail_of(const Incoming& in) {
    Message out;
    out.channel = "email";
    if (const Value* to = in.json.at_path("to.0.email")) out.to = text_of(to);
    if (const Value* from = in.json.at_path("sender.email")) out.from = text_of(from);
    out.title = in.json.text("subject", "주문이 접수되었습니다");
    out.text = in.json.text("htmlContent", in.json.text("textContent", "(template)"));
    if (const Value* code = in.json.get("templateId"); code != nullptr && code->if_int() != nullptr)
      out.template_code = std::to_string(*code->if_int());
    if (const Value* key = in.json.at_path("headers.idempotencyKey")) out.key = text_of(key);
    out.view = Map{{"subject", out.title}, {"from", out.from}, {"html", out.text}};
    return out;
  }

  Outcome mail(const Incoming& in) {
    Message message = mail_of(in);
    const bool by_template = in.json.number("templateId") == 7;
    if (in.json.get("templateId") != nullptr && !by_template)
      return refuse(404, "document_not_found", "Template does not exist");
    if (!by_template && message.from.empty()) return refuse(400, "missing_parameter", "sender is missing");
    if (!by_template && in.json.text("subject").empty()) return refuse(400, "missing_parameter", "subject is missing");
    if (message.to.find('@') == std::string::npos) return refuse(400, "invalid_parameter", "email is not valid in to");
    const std::string id = "<2026." + std::to_string(++count_) + "@smtp-relay.example.com>";
    last_mail_ = id;
    const bool bounces = message.to.starts_with("bounce@");
    const auto event = [&](const char* registered) {
      Map body{{"event", told_name(registered)}, {"email", message.to}, {"message-id", id}, {"subject", message.title}};
      if (const Value* tags = in.json.get("tags")) body.set("tags", *tags);
      if (bounces && registered == std::string_view("hardBounce")) body.set("reason", "550 no such user");
      tell(registered, std::move(body), in.now);
    };
    event("sent");
    event(bounces ? "hardBounce" : "delivered");
    Outcome out = applied(201, Map{{"messageId", id}});
    out.message = message;
    if (!bounces) out.reached.push_back(std::move(message));
    return out;
  }

  static Message sms_of(const Incoming& in) {
    Message out;
    out.channel = text_channel(in.json.text("content"));
    out.to = in.json.text("recipient");
    out.from = in.json.text("sender");
    out.text = in.json.text("content");
    out.key = in.json.text("tag");
    return out;
  }

  Outcome sms(const Incoming& in) {
    Message message = sms_of(in);
    if (!all_digits(message.to) || message.to.size() < 8)
      return refuse(400, "invalid_parameter", "Invalid telephone number");
    if (message.from.empty() || message.text.empty())
      return refuse(400, "missing_parameter", "sender and content are mandatory");
    Outcome out = applied(201, Map{{"reference", std::to_string(++count_).insert(0, 1, 'r')},
                                   {"messageId", count_},
                                   {"smsCount", 1},
                                   {"usedCredits", Decimal{"0.7"}},
                                   {"remainingCredits", Decimal{"82.85"}}});
    out.message = message;
    out.reached.push_back(std::move(message));
    return out;
  }

  static Outcome event(const Incoming& in) {
    const std::string name = in.json.text("event_name");
    const bool fine = !name.empty() && name.find_first_of(" /.") == std::string::npos;
    if (!fine) return refuse(400, "invalid_parameter", "event_name is invalid");
    const Value* who = in.json.at_path("identifiers.email_id");
    return who == nullptr ? refuse(400, "missing_parameter", "identifiers are missing") : applied();
  }

  Outcome webhooks(const Incoming& in) {
    if (in.is("GET") && in.segments.size() == 2) {
      List list;
      for (const Hook& hook : hooks_) {
        if (text_of(hook.more.find("type")) == in.parameter("type", "transactional"))
          list.push_back(Map{{"id", *whole_number(hook.id)},
                             {"url", hook.url},
                             {"description", *hook.more.find("description")},
                             {"type", *hook.more.find("type")}});
      }
      if (list.empty()) return refuse(404, "document_not_found", "Webhook not found");
      return found(Map{{"webhooks", std::move(list)}});
    }
    if (in.is("POST") && in.segments.size() == 2) {
      const Value* events = in.json.get("events");
      if (events == nullptr || !events->is_list() || !in.json.text("url").starts_with("http"))
        return refuse(400, "missing_parameter", "url and events are mandatory");
      Hook hook;
      hook.id = std::to_string(26'000 + ++count_);
      hook.url = in.json.text("url");
      if (const Value* token = in.json.at_path("auth.token")) hook.secret = text_of(token);
      for (const Value& name : *events->if_list()) hook.topics.push_back(text_of(&name));
      hook.more.set("type", in.json.text("type", "transactional"));
      hook.more.set("description", in.json.text("description"));
      hook.more.set("batched", in.json.flag("batched"));
      hooks_.push_back(hook);
      return applied(201, Map{{"id", *whole_number(hook.id)}});
    }
    const auto at = std::find_if(hooks_.begin(), hooks_.end(), [&](const Hook& hook) {
      return in.segments.size() == 3 && hook.id == in.segments[2];
    });
    if (at == hooks_.end() || !in.is("DELETE")) return refuse(404, "document_not_found", "Webhook not found");
    hooks_.erase(at);
    return applied();
  }

  Result<Value> come_in(const Told& what) {
    const std::string number = std::to_string(++count_);
    const Value mail = overlaid(Map{{"Uuid", List{"uuid-" + number}},
                                    {"MessageId", "<" + number + "@mail.example.com>"},
                                    {"From", Map{{"Name", "민지"}, {"Address", "mina@example.com"}}},
                                    {"To", List{Map{{"Name", nullptr}, {"Address", "hello@reply.myshop.example"}}}},
                                    {"Subject", "문의"},
                                    {"RawTextBody", "언제 오나요?"}},
                                what.body);
    bool heard = false;
    for (const Hook& hook : hooks_) {
      if (std::find(hook.topics.begin(), hook.topics.end(), what.topic) == hook.topics.end()) continue;
      Told told;
      told.topic = what.topic;
      told.only = hook.id;
      told.body = Map{{"items", List{mail}}};
      told_.push_back(std::move(told));
      heard = true;
    }
    if (!heard) return Error("nobody_listens", "no webhook of type inbound was made");
    return Value(Map{{"told", true}});
  }

  // To each hook that wants it, with the hook's own number as the event's id, in a list where it asked for lists.
  void tell(const std::string& registered, Map event, Millis now) {
    event.set("ts", now / kSecond);
    event.set("ts_event", now / kSecond);
    event.set("ts_epoch", now);
    for (const Hook& hook : hooks_) {
      if (std::find(hook.topics.begin(), hook.topics.end(), registered) == hook.topics.end()) continue;
      event.set("id", *whole_number(hook.id));
      Told told;
      told.topic = registered;
      told.only = hook.id;
      told.body = *hook.more.find("batched")->if_bool() ? Value(List{Value(event)}) : Value(event);
      told_.push_back(std::move(told));
    }
  }

  const std::string key_;
  std::map<std::string, Contact> contacts_;  // by e-mail, lower case
  std::vector<Hook> hooks_;
  std::vector<Told> told_;
  std::string last_mail_;
  std::int64_t count_ = 0, calls_ = 0;
  Millis second_ = 0;
};

}  // namespace

std::unique_ptr<Vendor> make_brevo(const Credentials& credentials) { return std::make_unique<Brevo>(credentials); }

}  // namespace ieum::sandbox
