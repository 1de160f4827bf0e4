// Typeform's API, as far as connectors use it. https://www.typeform.com/developers/
// A webhook is off unless it is said to be on, is switched off for good by a 404 or 410, and never shows its secret.
// POST /_sandbox/send with a form_id in its body submits a response (or leaves one half done): only that form's webhooks
// hear it, and the Responses API has it.
#include <algorithm>
#include <utility>

#include "base/digest.hpp"
#include "base/encoding.hpp"
#include "base/json.hpp"
#include "sandbox/typeform_forms.hpp"
#include "sandbox/vendor.hpp"

namespace ieum::sandbox {

namespace {

constexpr std::size_t kWebhooksMax = 30;  // of a form
constexpr std::size_t kCallsASecond = 2;

Outcome answer(int status, const Value& body, Effect effect) { return {json_response(status, body), effect, {}, {}}; }

Outcome refuse(int status, std::string_view code, std::string_view description, Effect effect = Effect::refused) {
  return answer(status, Map{{"code", std::string(code)}, {"description", std::string(description)}}, effect);
}

Outcome empty(int status, Effect effect) { return {{status, {}, ""}, effect, {}, {}}; }

class Typeform final : public Vendor {
 public:
  explicit Typeform(const Credentials& credentials) : token_(credentials.typeform_token) {}

  [[nodiscard]] std::string_view name() const override { return "typeform"; }
  [[nodiscard]] bool owns(const Incoming& in) const override {
    return !in.segments.empty() && (in.segments[0] == "forms" || in.segments[0] == "me");
  }

  [[nodiscard]] Description describe(const Incoming& in) const override {
    Description out;
    const std::string what = in.segments.size() > 2 ? in.segments[2] : in.segments[0];
    out.operation = to_lower_ascii(in.http.method) + " " + what;
    out.reads = in.is("GET");
    out.key = header_key(in);
    return out;
  }

  Outcome act(const Incoming& in, bool limits) override {
    std::string given = in.header("Authorization");
    if (to_lower_ascii(given.substr(0, 7)) == "bearer ") given.erase(0, 7);
    if (given.empty())
      return refuse(401, "AUTHENTICATION_FAILED", "Authentication credentials not found on the Request Headers");
    if (!constant_time_equal(given, token_)) return refuse(401, "AUTHENTICATION_FAILED", "Invalid token");
    if (limits && is_too_fast(in.now)) {
      Outcome outcome = refuse(429, "TOO_MANY_REQUESTS", "Request rate limit exceeded");
      outcome.limited = true;
      return outcome;
    }
    return call(in);
  }

  [[nodiscard]] std::vector<Hook> hooks() const override {
    std::vector<Hook> out;
    for (const auto& [id, form] : forms_.all()) {
      for (const auto& [tag, webhook] : form.webhooks) {
        Hook hook;
        hook.id = id + "/" + tag;
        hook.url = webhook.url;
        hook.secret = webhook.secret;
        hook.enabled = webhook.enabled;
        if (webhook.response) hook.topics.emplace_back("form_response");
        if (webhook.partial) hook.topics.emplace_back("form_response_partial");
        if (hook.topics.empty()) hook.topics.emplace_back("none");
        hook.more.set("form_id", id);
        out.push_back(std::move(hook));
      }
    }
    return out;
  }

  void lose_hook(const std::string& id) override {
    const std::size_t slash = id.find('/');
    TypeformForm* form = slash == std::string::npos ? nullptr : forms_.find(id.substr(0, slash));
    if (form == nullptr) return;
    const auto webhook = form->webhooks.find(id.substr(slash + 1));
    if (webhook != form->webhooks.end()) webhook->second.enabled = false;
  }

  std::vector<Told> told(Millis) override { return std::exchange(told_, {}); }

  std::optional<Result<Value>> happen(const Told& what, Millis now) override {
    const std::string id = what.body.text("form_id");
    if (id.empty()) return std::nullopt;
    TypeformForm* form = forms_.find(id);
    if (form == nullptr) return Error("bad_send", "there is no form '" + id + "'");
    const bool partial = what.topic == "form_response_partial";
    const Value response = forms_.respond(*form, what.body, now);
    if (partial) form->responses.pop_back();
    const std::string event = what.id.empty() ? "evt_" + response.text("token") + (partial ? "_p" : "") : what.id;
    for (const auto& [tag, webhook] : form->webhooks) {
      if (!(partial ? webhook.partial : webhook.response)) continue;
      Told told;
      told.topic = partial ? "form_response_partial" : "form_response";
      told.body = told_response(*form, response, event, partial);
      told.only = id + "/" + tag;
      told.id = event;
      told_.push_back(std::move(told));
    }
    return Result<Value>(response);
  }

 private:
  bool is_too_fast(Millis now) {
    if (now / kSecond != second_) calls_ = 0;
    second_ = now / kSecond;
    return ++calls_ > kCallsASecond;
  }

  Outcome call(const Incoming& in) {
    if (in.segments[0] == "me")
      return answer(200, Map{{"user_id", "01SANDBOX"}, {"alias", "이음 샌드박스"}, {"email", "owner@example.com"}},
                    Effect::read);
    if (in.segments.size() == 1) return all_forms(in);
    TypeformForm* form = forms_.find(in.segments[1]);
    if (form == nullptr)
      return refuse(404, "FORM_NOT_FOUND", "Non existing form with uid " + in.segments[1],
                    in.is("GET") ? Effect::read : Effect::refused);
    if (in.segments.size() == 2 && in.is("GET")) return answer(200, shown_form(*form), Effect::read);
    if (in.segments.size() == 2 && (in.is("PUT") || in.is("PATCH"))) return change(in, *form);
    if (in.segments.size() == 3 && in.segments[2] == "responses") return responses(in, *form);
    if (in.segments.size() >= 3 && in.segments[2] == "webhooks") return webhooks(in, *form);
    return refuse(405, "METHOD_NOT_ALLOWED", "the sandbox does not know this call");
  }

  // PUT writes the form anew; PATCH takes a list of {op, path, value}, here of titles alone.
  static Outcome change(const Incoming& in, TypeformForm& form) {
    if (in.is("PUT")) {
      if (in.json.text("title").empty()) return refuse(400, "VALIDATION_ERROR", "title is missing");
      form.title = in.json.text("title");
      const Value* fields = in.json.get("fields");
      form.fields = fields == nullptr ? Value(List{}) : *fields;
      return answer(200, shown_form(form), Effect::applied);
    }
    if (!in.json.is_list()) return refuse(400, "VALIDATION_ERROR", "a patch is a list");
    for (const Value& one : *in.json.if_list()) {
      if (one.text("op") != "replace" || one.text("path") != "/title" || one.text("value").empty())
        return refuse(400, "VALIDATION_ERROR", "the sandbox replaces titles");
      form.title = one.text("value");
    }
    return empty(204, Effect::applied);
  }

  static Value shown_form(const TypeformForm& form) {
    return Map{{"id", form.id},
               {"title", form.title},
               {"type", "form"},
               {"fields", form.fields},
               {"hidden", List{"user_id"}},
               {"_links", Map{{"display", "https://form.typeform.com/to/" + form.id}}}};
  }

  Outcome all_forms(const Incoming& in) {
    if (in.is("POST")) {
      if (in.json.text("title").empty()) return refuse(400, "VALIDATION_ERROR", "title is missing");
      const Value* fields = in.json.get("fields");
      const TypeformForm& form = forms_.create(in.json.text("title"), fields == nullptr ? Value() : *fields);
      return answer(201, shown_form(form), Effect::applied);
    }
    if (!in.is("GET")) return refuse(405, "METHOD_NOT_ALLOWED", "GET or POST");
    const std::int64_t size = std::clamp<std::int64_t>(whole_number(in.parameter("page_size")).value_or(10), 1, 200);
    const std::int64_t page = std::max<std::int64_t>(whole_number(in.parameter("page")).value_or(1), 1);
    const std::string search = in.parameter("search");
    List items;
    std::int64_t total = 0;
    for (const auto& [id, form] : forms_.all()) {
      if (!search.empty() && form.title.find(search) == std::string::npos) continue;
      if (total >= (page - 1) * size && total < page * size)
        items.emplace_back(Map{{"id", id}, {"title", form.title}, {"type", "form"}});
      ++total;
    }
    return answer(200,
                  Map{{"total_items", total}, {"page_count", (total + size - 1) / size}, {"items", std::move(items)}},
                  Effect::read);
  }

  Outcome responses(const Incoming& in, TypeformForm& form) {
    if (in.is("GET")) return answer(200, TypeformForms::page(form, in), Effect::read);
    if (!in.is("DELETE")) return refuse(405, "METHOD_NOT_ALLOWED", "GET or DELETE");
    std::string list = in.parameter("included_tokens", in.parameter("included_response_ids"));
    if (list.empty()) return refuse(400, "VALIDATION_ERROR", "included_tokens is missing");
    list = "," + list + ",";
    const std::size_t before = form.responses.size();
    std::erase_if(form.responses, [&](const Value& response) {
      return list.find("," + response.text("token") + ",") != std::string::npos;
    });
    return empty(200, form.responses.size() == before ? Effect::repeated : Effect::applied);
  }

  Outcome webhooks(const Incoming& in, TypeformForm& form) {
    if (in.segments.size() == 3 && in.is("GET")) {
      List items;
      for (const auto& [tag, webhook] : form.webhooks) items.push_back(shown_webhook(webhook, form.id));
      return answer(200, Map{{"items", std::move(items)}}, Effect::read);
    }
    if (in.segments.size() != 4) return refuse(405, "METHOD_NOT_ALLOWED", "webhooks/{tag}");
    const std::string& tag = in.segments[3];
    const auto found = form.webhooks.find(tag);
    if (in.is("PUT")) return put(in, form, tag);
    if (found == form.webhooks.end())
      return refuse(404, "WEBHOOK_NOT_FOUND", "webhook not found", in.is("GET") ? Effect::read : Effect::refused);
    if (in.is("GET")) return answer(200, shown_webhook(found->second, form.id), Effect::read);
    if (!in.is("DELETE")) return refuse(405, "METHOD_NOT_ALLOWED", "GET, PUT or DELETE");
    form.webhooks.erase(found);
    return empty(204, Effect::applied);
  }

  // What is left out keeps its value; of a new webhook it is off.
  Outcome put(const Incoming& in, TypeformForm& form, const std::string& tag) {
    if (!in.json.is_map()) return refuse(400, "VALIDATION_ERROR", "the body is no JSON object");
    const auto known = form.webhooks.find(tag);
    FormWebhook webhook = known == form.webhooks.end() ? FormWebhook() : known->second;
    if (in.json.get("url") != nullptr) webhook.url = in.json.text("url");
    if (webhook.url.empty()) return refuse(400, "VALIDATION_ERROR", "url is missing");
    if (!is_hook_address(webhook.url)) return refuse(400, "webhook_url_https_required", "Webhook URL must be https");
    if (known == form.webhooks.end() && form.webhooks.size() >= kWebhooksMax)
      return refuse(400, "WEBHOOK_LIMIT", "too many webhooks on this form");
    webhook.tag = tag;
    webhook.enabled = in.json.flag("enabled", webhook.enabled);
    webhook.verify_ssl = in.json.flag("verify_ssl", webhook.verify_ssl);
    if (in.json.get("secret") != nullptr) webhook.secret = in.json.text("secret");
    if (const Value* types = in.json.get("event_types"); types != nullptr) {
      webhook.response = types->flag("form_response");
      webhook.partial = types->flag("form_response_partial");
    }
    if (webhook.id.empty()) {
      webhook.id = hex_encode(sha256(form.id + "/" + tag)).substr(0, 10);
      webhook.created = in.now;
    }
    webhook.updated = in.now;
    const Value body = shown_webhook(webhook, form.id);
    form.webhooks[tag] = std::move(webhook);
    return answer(200, body, Effect::applied);
  }

  const std::string token_;
  TypeformForms forms_;
  std::vector<Told> told_;
  Millis second_ = -1;
  std::size_t calls_ = 0;
};

}  // namespace

std::unique_ptr<Vendor> make_typeform(const Credentials& credentials) {
  return std::make_unique<Typeform>(credentials);
}

}  // namespace ieum::sandbox
