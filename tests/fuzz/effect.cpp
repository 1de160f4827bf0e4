// Fuzz target: any bytes as what a module answers. An effect keeps every promise of docs/manifest.md, or there is none: no credential in
// a header, no URL that is not one, no method or text that is not bounded.
#include "host/effect_reader.hpp"

#include "base/encoding.hpp"
#include "base/limits.hpp"
#include "base/url.hpp"
#include "fuzz/support.hpp"

using namespace ieum;
using namespace ieum::host;

namespace {

constexpr Millis kNow = 1'800'000'000'000;

const Manifest& manifest() {
  static const Manifest read = [] {
    auto made = read_manifest(R"(connector: acme
version: "1.0.0"
title: {ko: 아크미, en: Acme}
help: {ko: 도움, en: Help}
origins: ["https://acme.example"]
fields:
  key: {secret: true, title: {ko: 키, en: Key}, help: {ko: 도움, en: Help}}
auth: {token: {kind: bearer, slot: key}}
default_auth: token
webhook:
  verify: [{kind: url_token, secret: key}]
  topic: [{fixed: t}]
  format: auto
operations:
  post:
    title: {ko: 쓰기, en: Post}
    help: {ko: 쓰기, en: Posts}
    safety: natural
)",
                              "manifest.yaml", nullptr);
    fuzz::expect(made.has_value(), "the manifest of the target can be read");
    return std::move(*made);
  }();
  return read;
}

void judge(const HttpEffect& http) {
  fuzz::expect(!http.request.method.empty() && http.request.method.size() <= 16, "a method is short");
  for (const char c : http.request.method) fuzz::expect(c >= 'A' && c <= 'Z', "a method is a word in capitals");
  const auto url = parse_url(http.request.target);
  fuzz::expect(url && url->origin() + url->target == http.request.target, "the target is a URL as it was read");
  for (const auto& [name, value] : http.request.headers.fields()) {
    fuzz::expect(!check_outbound_header(name, value).has_error(), "a header may be sent");
    const std::string lower = to_lower_ascii(name);
    fuzz::expect(lower != "authorization" && lower != "cookie" && lower != "host", "no header holds a credential");
  }
  fuzz::expect(http.auth.empty() || http.auth == "token", "the auth scheme is the manifest's");
  fuzz::expect(http.fill.size() <= 16, "few places are filled");
  for (const SecretHole& hole : http.fill)
    fuzz::expect(hole.slot == "key", "what is filled is a secret of the connection");
}

void judge(const WaitEffect& wait) {
  fuzz::expect(wait.until_ms >= 978'307'200'000 && wait.until_ms <= kNow + 400 * kDay, "a wait has bounds");
}
void judge(const DoneEffect& done) { fuzz::expect(done.output.is_map(), "an output is an object"); }
void judge(const FailEffect& fail) {
  fuzz::expect(!fail.code.empty() && fail.code.size() <= 200 && fail.message.size() <= 2000, "a failure is short");
  fuzz::expect(utf8_valid(fail.code) && utf8_valid(fail.message), "a failure is text");
  fuzz::expect(!fail.retry_after_for || *fail.retry_after_for >= 0, "a wait is not negative");
}
void judge(const EventsEffect& events) {
  fuzz::expect(events.items.size() <= 10'000, "events are bounded");
  for (const EventItem& item : events.items)
    fuzz::expect(!item.name.empty() && item.name.size() <= 128 && item.key.size() <= 200, "an event has a short name");
}

}  // namespace

// The first byte is the phase; the rest, up to a byte 0, the envelope; what follows a delivery's body, or that of the request.
IEUM_FUZZ_TARGET(effect, input) {
  if (input.empty()) return;
  Call call;
  static constexpr Phase kPhases[] = {Phase::begin, Phase::resume, Phase::webhook, Phase::poll};
  const auto first = static_cast<unsigned char>(input.front());
  call.phase = kPhases[first % 4];
  call.operation = "post";
  call.now_ms = kNow;
  call.headers = Value(Map{{"content-type", first & 0x40 ? "application/x-www-form-urlencoded" : "application/json"}});
  call.outcome = Value(Map{{"status", 429}, {"headers", Map{{"retry-after", "120"}}}});
  input.remove_prefix(1);
  const auto end = std::min(input.find('\0'), input.size());
  const std::string_view envelope = input.substr(0, end);
  const std::string body(input.substr(std::min(end + 1, input.size())));
  call.body = body;
  const auto effect = read_effect(manifest(), call, envelope, first & 0x80 ? body : "");
  if (effect.has_error()) {
    fuzz::expect(!effect.error().code.empty() && !effect.error().what.empty(), "an error says what is wrong");
    return;
  }
  std::visit([](const auto& kind) { judge(kind); }, *effect);
  static_cast<void>(resolve_pointer(Value(Map{{"a", List{Value(1)}}}), envelope));
}
