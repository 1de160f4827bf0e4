#include "host/effect_reader.hpp"

#include <algorithm>
#include <charconv>

#include "base/encoding.hpp"
#include "base/json.hpp"
#include "base/limits.hpp"
#include "base/url.hpp"
#include "host/body.hpp"

namespace ieum::host {
namespace {

constexpr Millis kUntilLeast = 978'307'200'000;  // 2001: an earlier one is a mistake of seconds for milliseconds
constexpr Millis kWaitMax = 400 * kDay;
constexpr Millis kRetryAfterMax = 7 * kDay;
constexpr std::size_t kItemsMax = 10'000;
constexpr std::size_t kTopicBytes = 128;
constexpr std::size_t kKeyBytes = 200;
constexpr std::size_t kFillMax = 16;

Error bad(std::string what) { return {"bad_effect", std::move(what)}; }

Status known_members(const Value& map, std::string_view what, std::initializer_list<std::string_view> known) {
  for (const auto& [key, value] : *map.if_map()) {
    if (std::find(known.begin(), known.end(), *key.if_string()) == known.end()) {
      return bad(std::string(what) + " has an unknown member \"" + *key.if_string() + "\"");
    }
  }
  return {};
}

Result<std::string> text_member(const Value& map, std::string_view key, bool required) {
  const Value* value = map.get(key);
  if (value == nullptr && !required) return std::string();
  if (value == nullptr || !value->is_string()) return bad("\"" + std::string(key) + "\" must be a text");
  return *value->if_string();
}

Result<Value> carried(const Value& effect, std::string_view key) {
  const Value* value = effect.get(key);
  if (value == nullptr) return Value();
  if (write_json(*value).size() > limits::kModuleStateBytes)
    return bad("\"" + std::string(key) + "\" is larger than 64 KiB");
  return *value;
}

bool method_valid(std::string_view method) {
  if (method.empty() || method.size() > 16 || method == "CONNECT" || method == "TRACE") return false;
  return std::all_of(method.begin(), method.end(), [](char c) { return c >= 'A' && c <= 'Z'; });
}

Result<Headers> read_headers(const Value& request) {
  Headers out;
  const Value* headers = request.get("headers");
  if (headers == nullptr) return out;
  if (!headers->is_map()) return bad("\"headers\" must be an object");
  for (const auto& [key, value] : *headers->if_map()) {
    const std::string& name = *key.if_string();
    if (!value.is_string()) return bad("the header " + name + " must be a text");
    const std::string lower = to_lower_ascii(name);
    if (lower == "authorization" || lower == "proxy-authorization" || lower == "cookie") {
      return bad("the header " + name + " holds credentials; use an auth scheme of the manifest");
    }
    const auto checked = check_outbound_header(name, *value.if_string());
    if (checked.has_error()) return bad(checked.error().what);
    out.add(name, *value.if_string());
  }
  return out;
}

Result<Safety> read_safety(const Manifest& manifest, const Call& call, const Value& effect) {
  if (effect.get("safety") == nullptr) {
    const Operation* operation = manifest.operation(call.operation);
    return operation == nullptr ? Safety::safe : operation->safety;
  }
  static constexpr std::string_view names[] = {"safe", "idempotent", "keyed", "natural", "unsafe"};
  const std::string name = effect.text("safety");
  const auto* found = std::find(std::begin(names), std::end(names), name);
  if (found == std::end(names)) return bad("\"safety\" is none of safe, idempotent, keyed, natural, unsafe");
  return static_cast<Safety>(found - std::begin(names));
}

Result<std::vector<SecretHole>> read_fill(const Manifest& manifest, const Value& effect) {
  std::vector<SecretHole> out;
  const Value* fill = effect.get("fill");
  if (fill == nullptr) return out;
  if (!fill->is_map() || fill->if_map()->size() > kFillMax)
    return bad("\"fill\" must be an object of at most 16 places");
  for (const auto& [key, value] : *fill->if_map()) {
    const std::string& pointer = *key.if_string();
    if (pointer.size() < 2 || pointer.front() != '/')
      return bad("\"" + pointer + "\" is no place of a body; write /name");
    const std::string* slot = value.if_string();
    const bool known = slot != nullptr && std::any_of(manifest.fields.begin(), manifest.fields.end(),
                                                      [&](const Field& f) { return f.secret && f.name == *slot; });
    if (!known) return bad("\"fill\" names no secret field of the connection for " + pointer);
    out.push_back({pointer, *slot});
  }
  return out;
}

Result<Effect> read_http(const Manifest& manifest, const Call& call, const Value& effect, std::string body) {
  IEUM_CHECK(known_members(effect, "http", {"effect", "request", "auth", "safety", "state", "fill"}));
  const Value* request = effect.get("request");
  if (request == nullptr || !request->is_map()) return bad("\"request\" must be an object");
  IEUM_CHECK(known_members(*request, "request", {"method", "url", "headers"}));
  HttpEffect out;
  IEUM_TRY(out.request.method, text_member(*request, "method", true));
  if (!method_valid(out.request.method)) return bad("the method must be an upper-case token such as POST");
  IEUM_TRY(const std::string text, text_member(*request, "url", true));
  const auto url = parse_url(text);
  if (url.has_error()) return bad("the URL is not absolute http(s): " + url.error().what);
  out.request.target = url->origin() + url->target;
  IEUM_TRY(out.request.headers, read_headers(*request));
  out.request.body = std::move(body);
  if (effect.get("auth") == nullptr) {
    const auto chosen = auth_of(manifest, call.connection);
    if (!chosen) return bad("none of default_auth fits the connection's settings");
    out.auth = *chosen;
  } else {
    IEUM_TRY(out.auth, text_member(effect, "auth", true));
    if (!out.auth.empty() && !manifest.auth.contains(out.auth))
      return bad("the manifest has no auth scheme \"" + out.auth + "\"");
  }
  IEUM_TRY(out.fill, read_fill(manifest, effect));
  IEUM_TRY(out.safety, read_safety(manifest, call, effect));
  IEUM_TRY(out.state, carried(effect, "state"));
  return Effect(std::move(out));
}

Result<Effect> read_wait(const Call& call, const Value& effect) {
  IEUM_CHECK(known_members(effect, "wait", {"effect", "until_ms", "state"}));
  WaitEffect out;
  const Value* until = effect.get("until_ms");
  if (until == nullptr || until->if_int() == nullptr) return bad("\"until_ms\" must be a whole number");
  out.until_ms = *until->if_int();
  if (out.until_ms < kUntilLeast || out.until_ms > call.now_ms + kWaitMax) {
    return bad("\"until_ms\" is before 2001 or more than 400 days away; it counts milliseconds since 1970");
  }
  IEUM_TRY(out.state, carried(effect, "state"));
  return Effect(std::move(out));
}

Result<Effect> read_done(const Value& effect) {
  IEUM_CHECK(known_members(effect, "done", {"effect", "output"}));
  const Value* output = effect.get("output");
  if (output != nullptr && !output->is_map()) return bad("\"output\" must be an object");
  return Effect(DoneEffect{output == nullptr ? Value(Map()) : *output});
}

// At most `bytes`, cut between code points.
std::string cut(const std::string& text, std::size_t bytes) {
  if (text.size() <= bytes) return text;
  std::size_t end = bytes;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) --end;
  return text.substr(0, end);
}

Result<Effect> read_fail(const Call& call, const Value& effect) {
  IEUM_CHECK(known_members(effect, "fail", {"effect", "kind", "code", "message", "retry_after_ms"}));
  static constexpr std::string_view kinds[] = {"retry",     "rate_limited", "auth_refresh", "auth_dead",
                                               "permanent", "gone",         "ambiguous"};
  FailEffect out;
  IEUM_TRY(const std::string kind, text_member(effect, "kind", true));
  const auto* found = std::find(std::begin(kinds), std::end(kinds), kind);
  if (found == std::end(kinds)) return bad("\"" + kind + "\" is no kind of failure");
  out.kind = static_cast<FailKind>(found - std::begin(kinds));
  IEUM_TRY(const std::string code, text_member(effect, "code", false));
  IEUM_TRY(const std::string message, text_member(effect, "message", false));
  out.code = code.empty() ? "failed" : cut(code, 200);
  out.message = cut(message, 2000);
  if (const Value* wait = effect.get("retry_after_ms")) {
    if (wait->if_int() == nullptr || *wait->if_int() < 0)
      return bad("\"retry_after_ms\" must be a whole number from 0");
    out.retry_after_for = std::min(*wait->if_int(), kRetryAfterMax);
  }
  const Value* answered = call.outcome.at_path("headers.retry-after");
  if (answered != nullptr && answered->is_string()) {
    fill_retry_after(out, HttpResponse{0, {{"retry-after", *answered->if_string()}}, {}},
                     std::max(call.now_ms, call.answered_ms));
  }
  return Effect(std::move(out));
}

// The body of a delivery or an answer, read once and only when an item points into it.
class PointedBody {
 public:
  PointedBody(const Manifest& manifest, const Call& call) : manifest_(manifest), call_(call) {}

  Result<Value> at(const std::string& pointer) {
    if (!body_) {
      const bool delivery = call_.phase == Phase::webhook && manifest_.webhook.has_value();
      static const WebhookSpec answers;  // JSON
      IEUM_TRY(Value body,
               read_body(delivery ? *manifest_.webhook : answers, call_.headers.text("content-type"), call_.body));
      body_ = std::move(body);
    }
    const Value* found = resolve_pointer(*body_, pointer);
    if (found == nullptr) return bad("the pointer \"" + pointer + "\" leads nowhere in the body");
    return *found;
  }

 private:
  const Manifest& manifest_;
  const Call& call_;
  std::optional<Value> body_;
};

Result<EventItem> read_item(const Value& item, PointedBody& body) {
  if (!item.is_map()) return bad("an item must be an object");
  IEUM_CHECK(known_members(item, "an item", {"name", "key", "at", "data"}));
  EventItem out;
  IEUM_TRY(out.name, text_member(item, "name", true));
  const bool printable =
      std::none_of(out.name.begin(), out.name.end(), [](unsigned char c) { return c < 0x20 || c == 0x7F; });
  if (out.name.empty() || out.name.size() > kTopicBytes || !printable)
    return bad("the name of an item must be a text of 1 to 128 bytes");
  IEUM_TRY(out.key, text_member(item, "key", false));
  if (out.key.size() > kKeyBytes) return bad("the key of an item is at most 200 bytes");
  const Value* data = item.get("data");
  if ((item.get("at") == nullptr) == (data == nullptr)) return bad("an item has either \"at\" or \"data\"");
  if (data != nullptr) {
    out.data = *data;
    return out;
  }
  IEUM_TRY(const std::string pointer, text_member(item, "at", true));
  IEUM_TRY(out.data, body.at(pointer));
  return out;
}

Result<Effect> read_events(const Manifest& manifest, const Call& call, const Value& effect) {
  IEUM_CHECK(known_members(effect, "events", {"effect", "items", "cursor", "more"}));
  const Value* items = effect.get("items");
  if (items == nullptr || !items->is_list()) return bad("\"items\" must be a list");
  if (items->if_list()->size() > kItemsMax) return bad("more than 10,000 items; answer them in parts with \"more\"");
  EventsEffect out;
  PointedBody body(manifest, call);
  for (const auto& item : *items->if_list()) {
    IEUM_TRY(EventItem read, read_item(item, body));
    out.items.push_back(std::move(read));
  }
  IEUM_TRY(out.cursor, carried(effect, "cursor"));
  if (const Value* more = effect.get("more")) {
    if (more->if_bool() == nullptr) return bad("\"more\" must be true or false");
    out.more = *more->if_bool();
  }
  return Effect(std::move(out));
}

}  // namespace

void fill_retry_after(FailEffect& fail, const HttpResponse& answer, Millis now_ms) {
  const bool may_wait =
      fail.kind == FailKind::retry || fail.kind == FailKind::rate_limited || fail.kind == FailKind::ambiguous;
  if (fail.retry_after_for || !may_wait) return;
  if (const auto text = answer.headers.get("retry-after")) fail.retry_after_for = parse_retry_after(*text, now_ms);
}

const Value* resolve_pointer(const Value& root, std::string_view pointer) {
  const Value* here = &root;
  while (!pointer.empty()) {
    if (pointer.front() != '/') return nullptr;
    pointer.remove_prefix(1);
    const auto slash = pointer.find('/');
    const std::string_view raw = pointer.substr(0, slash);
    pointer = slash == std::string_view::npos ? std::string_view() : pointer.substr(slash);
    std::string name;
    for (std::size_t i = 0; i < raw.size(); ++i) {
      if (raw[i] != '~') {
        name += raw[i];
        continue;
      }
      if (i + 1 == raw.size() || (raw[i + 1] != '0' && raw[i + 1] != '1')) return nullptr;
      name += raw[++i] == '0' ? '~' : '/';
    }
    if (const List* list = here->if_list()) {
      std::size_t index = 0;
      const auto [end, error] = std::from_chars(name.data(), name.data() + name.size(), index);
      const bool plain =
          error == std::errc() && end == name.data() + name.size() && (name.size() == 1 || name.front() != '0');
      if (!plain || index >= list->size()) return nullptr;
      here = &(*list)[index];
    } else {
      here = here->get(name);
      if (here == nullptr) return nullptr;
    }
  }
  return here;
}

Result<Effect> read_effect(const Manifest& manifest, const Call& call, std::string_view envelope, std::string body) {
  auto parsed = parse_json(envelope);
  if (parsed.has_error())
    return bad("the answer is no JSON: " + parsed.error().what + " (" + parsed.error().place + ")");
  const Value& effect = *parsed;
  if (!effect.is_map()) return bad("the answer must be an object");
  const std::string kind = effect.text("effect");
  if (kind != "http" && !body.empty()) return bad("only http may carry a body");
  if (kind == "fail") return read_fail(call, effect);
  if (kind == "http" && call.phase != Phase::webhook) return read_http(manifest, call, effect, std::move(body));
  if (kind == "events" && call.phase != Phase::begin) return read_events(manifest, call, effect);
  if (kind == "wait" && (call.phase == Phase::begin || call.phase == Phase::resume)) return read_wait(call, effect);
  if (kind == "done" && (call.phase == Phase::begin || call.phase == Phase::resume)) return read_done(effect);
  return bad("\"" + kind + "\" is no effect that answers this phase");
}

}  // namespace ieum::host
