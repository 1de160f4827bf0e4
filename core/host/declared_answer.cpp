#include <algorithm>

#include "base/encoding.hpp"
#include "base/json.hpp"
#include "host/declared_exchange.hpp"

namespace ieum::host {
namespace {

constexpr std::size_t kAnswerDepth = 48;

// At most `bytes`, cut between code points.
std::string cut(std::string text, std::size_t bytes) {
  if (text.size() <= bytes) return text;
  std::size_t end = bytes;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) --end;
  text.resize(end);
  return text;
}

// What 4xx does not mean: a dead token, a slow-down and a time-out must not be swallowed by a rule for bad requests.
bool speaks_for_itself(int status) { return status == 401 || status == 408 || status == 425 || status == 429; }

bool matches(const ErrorRule& rule, int status, const expr::Scope& scope) {
  const bool fits = rule.statuses.empty() || std::any_of(rule.statuses.begin(), rule.statuses.end(), [&](int wanted) {
                      return wanted < 10 ? status / 100 == wanted && !speaks_for_itself(status) : status == wanted;
                    });
  return fits && (!rule.when || holds(*rule.when, scope));
}

const ErrorRule* first_match(const std::vector<ErrorRule>& rules, int status, const expr::Scope& scope) {
  const auto found =
      std::find_if(rules.begin(), rules.end(), [&](const ErrorRule& rule) { return matches(rule, status, scope); });
  return found == rules.end() ? nullptr : &*found;
}

// Where vendors write what went wrong.
std::string vendor_message(const Value& body) {
  for (const char* path : {"message", "error.message", "error_description", "error", "detail", "errors.0.message",
                           "errors.0.detail", "errors.0", "title"}) {
    const Value* found = body.at_path(path);
    if (found != nullptr && found->is_string() && !found->if_string()->empty()) return *found->if_string();
  }
  return {};
}

// 401 means a token that may be refreshed, or a key that is dead for good.
FailKind kind_of_401(const Manifest& manifest, const DeclaredRequest& request, const Value& config) {
  const auto name = request.auth ? request.auth : auth_of(manifest, config);
  const auto scheme = manifest.auth.find(name.value_or(""));
  const std::string kind = scheme == manifest.auth.end() ? "" : scheme->second.text("kind");
  return kind.starts_with("oauth2") || kind == "jwt_bearer" ? FailKind::auth_refresh : FailKind::auth_dead;
}

// What HTTP itself says, where the manifest says nothing.
FailKind kind_of_status(int status) {
  if (status == 429) return FailKind::rate_limited;
  if (status == 504) return FailKind::ambiguous;
  if (status == 408 || status == 425 || status >= 500) return FailKind::retry;
  if (status == 410) return FailKind::gone;
  return FailKind::permanent;
}

FailEffect failure(const Manifest& manifest, const DeclaredAnswer& answer, const DeclaredRequest& request,
                   const ErrorRule* rule, const Value& config, const expr::Scope& scope) {
  FailEffect out;
  const bool sent = answer.status / 100 == 2;
  out.kind = rule != nullptr        ? rule->kind
             : answer.status == 401 ? kind_of_401(manifest, request, config)
                                    : kind_of_status(answer.status);
  if (rule != nullptr && rule->code) out.code = rendered(*rule->code, scope);
  if (out.code.empty()) out.code = sent ? "refused" : "http_" + std::to_string(answer.status);
  if (rule != nullptr && rule->message) out.message = rendered(*rule->message, scope);
  if (out.message.empty()) {
    const std::string told = vendor_message(answer.body);
    out.message = manifest.title.en + " answers " + std::to_string(answer.status) + (told.empty() ? "" : ": " + told);
  }
  out.code = cut(std::move(out.code), 200);
  out.message = cut(std::move(out.message), 2000);
  return out;
}

}  // namespace

std::string rendered(const expr::Template& text, const expr::Scope& scope) {
  const auto value = text.render(scope);
  return value.has_error() ? std::string() : expr::text_of(*value);
}

std::optional<DeclaredAnswer> read_answer(const DeclaredResponse& response, const Call& call) {
  const Value* status = call.outcome.get("status");
  if (status == nullptr || status->if_int() == nullptr) return std::nullopt;
  DeclaredAnswer out;
  out.status = static_cast<int>(std::clamp<std::int64_t>(*status->if_int(), 0, 999));
  const Value* headers = call.outcome.get("headers");
  out.headers = headers != nullptr && headers->is_map() ? *headers : Value(Map());
  const bool good = out.status / 100 == 2;
  if (trim(call.body).empty()) return out;
  JsonLimits limits;
  limits.depth_max = kAnswerDepth;
  if (good && response.format == DeclaredResponse::Format::text) {
    out.unreadable = !utf8_valid(call.body);
    if (!out.unreadable) out.body = std::string(call.body);
  } else if (!good || response.format == DeclaredResponse::Format::json) {
    auto body = parse_json(call.body, limits);
    out.unreadable = body.has_error();
    if (body.has_value()) out.body = std::move(*body);
  }
  return out;
}

std::optional<FailEffect> judge_answer(const Manifest& manifest, const Declared& declared, const Exchange& exchange,
                                       const DeclaredAnswer& answer, Safety safety, const Call& call,
                                       const expr::Scope& scope) {
  const bool good = answer.status / 100 == 2;
  if (good && answer.unreadable) {
    const FailKind kind = safety == Safety::unsafe ? FailKind::ambiguous : FailKind::retry;
    return FailEffect{kind, "unreadable_answer", manifest.title.en + "'s answer cannot be read", std::nullopt};
  }
  if (good && (!exchange.response.success || holds(*exchange.response.success, scope))) return std::nullopt;
  const ErrorRule* rule = first_match(exchange.errors, answer.status, scope);
  if (rule == nullptr) rule = first_match(declared.errors, answer.status, scope);
  if (rule != nullptr && rule->duplicate_ok) return std::nullopt;
  FailEffect out = failure(manifest, answer, exchange.request, rule, call.connection, scope);
  fill_retry_after(out, HttpResponse{0, {{"retry-after", answer.headers.text("retry-after")}}, {}},
                   std::max(call.now_ms, call.answered_ms));
  if (rule != nullptr && rule->wait_for > 0)
    out.retry_after_for = std::max(rule->wait_for, out.retry_after_for.value_or(0));
  return out;
}

Map read_outputs(const Outputs& outputs, const expr::Scope& scope) {
  Map out;
  for (const auto& [name, expression] : outputs) {
    if (auto value = value_of(expression, scope)) out.set(name, std::move(*value));
  }
  return out;
}

}  // namespace ieum::host
