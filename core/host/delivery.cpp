#include "host/delivery.hpp"

#include <algorithm>

#include "base/digest.hpp"
#include "base/encoding.hpp"
#include "base/json.hpp"
#include "expr/scope.hpp"
#include "host/body.hpp"
#include "host/verification.hpp"

namespace ieum::host {
namespace {

constexpr std::size_t kTopicBytes = 128;
constexpr std::size_t kDedupeBytes = 200;
constexpr std::size_t kSaidBytes = 64;  // of what a delivery says, where it is shown to a person

// What is said to a stranger: the status and no reason, so that nobody can probe with it.
HttpResponse answer(int status, std::string text) {
  return {status, {{"content-type", "text/plain; charset=utf-8"}}, std::move(text)};
}

struct Look {
  const Manifest& manifest;
  const Value& config;
  const HttpRequest& request;
  const Value* body;  // null when it was not needed or could not be read
};

// The value of a header that comes once.
std::string header_text(const HttpRequest& request, const std::string& name) {
  if (request.headers.count(name) != 1) return {};
  const std::string value(trim(*request.headers.get(name)));
  return utf8_valid(value) && value.find('\0') == std::string::npos ? value : std::string();
}

// "" when it is missing.
std::string source_text(const Source& source, const Look& look) {
  switch (source.kind) {
    case Source::Kind::header: return header_text(look.request, source.name);
    case Source::Kind::body:
      return look.body == nullptr ? std::string() : text_at(*look.body, source.name).value_or("");
    case Source::Kind::fixed: return source.name;
    case Source::Kind::body_hash: return hex_encode(sha256(look.request.body));
    case Source::Kind::config_header:
    case Source::Kind::config_body: {
      const std::string name = config_text(look.manifest, look.config, source.name);
      if (name.empty()) return {};
      if (source.kind == Source::Kind::config_header) return header_text(look.request, name);
      return look.body == nullptr ? std::string() : text_at(*look.body, name).value_or("");
    }
    case Source::Kind::expression: {
      if (look.body == nullptr || !source.expression) return {};
      expr::MapScope scope;
      scope.set("body", *look.body);
      const auto value = source.expression->evaluate(scope);
      return value.has_value() ? scalar_text(*value).value_or("") : std::string();
    }
    case Source::Kind::path_end: {
      const std::string_view path = std::string_view(look.request.target).substr(0, look.request.target.find('?'));
      return std::string(path.substr(path.rfind('/') + 1));
    }
    case Source::Kind::first: break;
  }
  for (const auto& choice : source.choices) {
    std::string text = source_text(choice, look);
    if (!text.empty()) return text;
  }
  return {};
}

// Joined by ":"; with `all`, one missing part empties the whole.
std::string joined(const std::vector<Source>& sources, const Look& look, bool all) {
  std::string out;
  for (const auto& source : sources) {
    const std::string text = source_text(source, look);
    if (text.empty() && all) return {};
    if (text.empty()) continue;
    out += (out.empty() ? "" : ":") + text;
  }
  return out;
}

bool reads_body(const Source& source) {
  return source.kind == Source::Kind::body || source.kind == Source::Kind::config_body ||
         source.kind == Source::Kind::expression ||
         std::any_of(source.choices.begin(), source.choices.end(), reads_body);
}

bool needs_body(const WebhookSpec& spec) {
  return spec.events == WebhookSpec::Events::body || !spec.handshakes.empty() ||
         std::any_of(spec.topic.begin(), spec.topic.end(), reads_body) ||
         std::any_of(spec.dedupe.begin(), spec.dedupe.end(), reads_body) ||
         std::any_of(spec.bindings.begin(), spec.bindings.end(),
                     [](const Binding& b) { return reads_body(b.source); }) ||
         std::any_of(spec.expected.begin(), spec.expected.end(), [](const Binding& b) { return reads_body(b.source); });
}

bool topic_valid(std::string_view topic) {
  return !topic.empty() && topic.size() <= kTopicBytes &&
         std::none_of(topic.begin(), topic.end(), [](unsigned char c) { return c < 0x20 || c == 0x7F; });
}

std::string place_of(const Source& source) {
  if (source.kind == Source::Kind::first) {
    for (const auto& choice : source.choices)
      if (choice.kind != Source::Kind::expression) return place_of(choice);
  }
  return source.kind == Source::Kind::header ? "the header " + source.name : source.name + " of the body";
}

// What forbids a page to send here; "" when nothing does. A request without an origin is no page's.
std::string check_site(const Untrusted* untrusted, const Value& config, const HttpRequest& request) {
  if (untrusted == nullptr) return {};
  if (request.headers.count("origin") != 1) return "the delivery names no site (the header Origin)";
  if (allows_site(*untrusted, config, *request.headers.get("origin"))) return {};
  return "its site is not among the connection's \"" + untrusted->sites_field + "\"";
}

// "" when the delivery belongs to the connection.
std::string check_bindings(const Manifest& manifest, const Value& config, const Look& look) {
  for (const auto& binding : manifest.webhook->bindings) {
    const std::string wanted = config_text(manifest, config, binding.config_field);
    if (wanted.empty()) {
      const bool required = std::any_of(manifest.fields.begin(), manifest.fields.end(), [&](const Field& f) {
        return f.name == binding.config_field && is_required(manifest, f, config);
      });
      if (required) return "the connection's field \"" + binding.config_field + "\" is empty; enter it";
      continue;
    }
    if (reads_body(binding.source) && look.body == nullptr) continue;  // unreadable: quarantined, never run
    if (equals_ignoring_case(source_text(binding.source, look), wanted)) continue;
    return place_of(binding.source) + " is not the connection's \"" + binding.config_field + "\"";
  }
  return {};
}

std::optional<std::string> drift_of(const Manifest& manifest, const Value& config, const Look& look) {
  std::optional<std::string> out;
  for (const auto& expected : manifest.webhook->expected) {
    const std::string wanted = config_text(manifest, config, expected.config_field);
    const std::string said = source_text(expected.source, look);
    if (wanted.empty() || said.empty()) continue;
    if (!out) out.emplace();
    if (equals_ignoring_case(said, wanted)) continue;
    *out += (out->empty() ? "" : "; ") +
            ("its deliveries say " + (said.size() > kSaidBytes ? "something else" : said)) + " (" +
            place_of(expected.source) + "), and its field \"" + expected.config_field + "\" says " + wanted;
  }
  return out;
}

std::string kept_headers(const WebhookSpec& spec, const HttpRequest& request) {
  Map kept;
  const auto keep = [&](const std::string& name) {
    const std::string text = header_text(request, name);
    if (!text.empty()) kept.set(name, text);
  };
  keep("content-type");
  for (const auto& name : spec.keep_headers) keep(name);
  return write_json(Value(std::move(kept)));
}

}  // namespace

const Untrusted* untrusted_of(const Manifest& manifest, const Value& config) {
  if (!manifest.webhook || !manifest.webhook->untrusted) return nullptr;
  const auto& untrusted = *manifest.webhook->untrusted;
  const bool fits = std::all_of(untrusted.when.begin(), untrusted.when.end(), [&](const auto& condition) {
    return config_text(manifest, config, condition.first) == condition.second;
  });
  return fits ? &untrusted : nullptr;
}

bool allows_site(const Untrusted& untrusted, const Value& config, std::string_view origin) {
  const Value* sites = config.get(untrusted.sites_field);
  const List* list = sites == nullptr ? nullptr : sites->if_list();
  return list != nullptr && std::any_of(list->begin(), list->end(), [&](const Value& site) {
           return site.if_string() != nullptr && equals_ignoring_case(*site.if_string(), origin);
         });
}

Inspection inspect(const Manifest& manifest, const Value& config, const SlotSecrets& secrets,
                   const HttpRequest& request, std::string_view url_token, Millis now_ms) {
  using Verdict = Inspection::Verdict;
  Inspection out;
  const auto refuse = [&](int status, std::string text, std::string diagnosis) {
    out.verdict = Verdict::refuse;
    out.reply = answer(status, std::move(text));
    out.diagnosis = std::move(diagnosis);
    return out;
  };
  if (!manifest.webhook) return refuse(401, "not verified\n", "the connector takes no deliveries");
  const WebhookSpec& spec = *manifest.webhook;
  if (request.method != "POST") {
    for (const auto& handshake : spec.handshakes) {
      if (handshake.method.empty() || handshake.method != request.method) continue;
      out.verdict = Verdict::reply;
      out.reply = {200, {{"content-type", handshake.content_type}}, {}};
      return out;
    }
    refuse(405, "send a POST\n", "the request is a " + request.method);
    out.reply.headers.add("allow", "POST");
    return out;
  }
  if (request.body.size() > spec.body_bytes_max)
    return refuse(413, "too large\n", "the body is larger than this connector takes");
  const Proof proof = verify_delivery(manifest, config, secrets, request, url_token, now_ms);
  if (!proof.verified) return refuse(401, "not verified\n", proof.diagnosis);
  if (const std::string strange = check_site(untrusted_of(manifest, config), config, request); !strange.empty())
    return refuse(403, "not allowed\n", strange);

  std::optional<Value> body;
  std::string unreadable = content_type_problem(spec, request);
  if (unreadable.empty() && needs_body(spec)) {
    auto parsed = read_body(spec, request.headers.get("content-type").value_or(""), request.body);
    if (parsed.has_value())
      body = std::move(*parsed);
    else
      unreadable = parsed.error().what;
  }
  const Look look{manifest, config, request, body ? &*body : nullptr};
  for (const auto& handshake : spec.handshakes) {
    if (!handshake.method.empty() || !body || text_at(*body, handshake.when_path) != handshake.equals) continue;
    out.verdict = Verdict::reply;
    out.reply = {200, {{"content-type", handshake.content_type}}, {}};
    if (!handshake.reply_path.empty()) out.reply.body = text_at(*body, handshake.reply_path).value_or("");
    return out;
  }
  const std::string foreign = check_bindings(manifest, config, look);
  if (!foreign.empty()) return refuse(401, "not verified\n", foreign);
  if (!unreadable.empty() && !proof.body_signed) return refuse(400, "not readable\n", unreadable);
  out.topic = joined(spec.topic, look, false);
  out.dedupe_key = joined(spec.dedupe, look, true);
  if (out.dedupe_key.size() > kDedupeBytes) out.dedupe_key = "sha256:" + hex_encode(sha256(out.dedupe_key));
  out.kept_headers = kept_headers(spec, request);
  if (unreadable.empty() && !topic_valid(out.topic)) {
    unreadable =
        out.topic.empty() ? "the delivery names no topic" : "the delivery's topic is no plain text of up to 128 bytes";
  }
  if (!topic_valid(out.topic)) out.topic.clear();
  if (!unreadable.empty() && !proof.body_signed) return refuse(400, "not readable\n", unreadable);
  out.verdict = unreadable.empty() ? Verdict::accept : Verdict::quarantine;
  out.diagnosis = unreadable;
  if (out.verdict != Verdict::accept) return out;
  out.drift = drift_of(manifest, config, look);
  if (body) out.body = std::move(*body);
  return out;
}

}  // namespace ieum::host
