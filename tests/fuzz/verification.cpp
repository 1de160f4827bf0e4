// Fuzz target: any request as a delivery to endpoints of every kind of verification. Proven is what carries the right signature over
// these bytes, once, and nothing else; what is stored reads as the same events twice, and no answer says a secret.
#include "host/verification.hpp"

#include <vector>

#include "base/digest.hpp"
#include "base/encoding.hpp"
#include "base/json.hpp"
#include "fuzz/support.hpp"
#include "host/delivery_words.hpp"
#include "host/module_connector.hpp"

using namespace ieum;
using namespace ieum::host;

namespace {

constexpr Millis kNow = 1'800'000'000'000;
const std::string kStamp = "1800000000";
const std::string kSecret = "dGhlLXNlY3JldC1rZXk=";  // base64 for the kinds that want it

struct Endpoint {
  std::string verify;
  std::string header;  // where the signature stands; "" in the address
  std::string (*sign)(const std::string& body);
};

const std::vector<Endpoint>& kinds() {
  static const std::vector<Endpoint> all = {
      {"kind: hmac, header: Sig, digest: sha256, encoding: hex, prefix: \"sha256=\"", "Sig",
       [](const std::string& body) { return "sha256=" + hex_encode(hmac_sha256(kSecret, body)); }},
      {"kind: hmac, header: Sig, digest: sha1, encoding: base64", "Sig",
       [](const std::string& body) { return base64_encode(hmac_sha1(kSecret, body)); }},
      {"kind: hmac, header: Sig, digest: sha512, secret_encoding: base64, encoding: base64", "Sig",
       [](const std::string& body) { return base64_encode(hmac_sha512(*base64_decode(kSecret), body)); }},
      {"kind: hmac, header: Sig, encoding: hex, over: \"v0:{timestamp}:{body}\", timestamp_header: Stamp", "Sig",
       [](const std::string& body) { return hex_encode(hmac_sha256(kSecret, "v0:" + kStamp + ":" + body)); }},
      {"kind: hmac, header: Sig, encoding: hex, over: \"{timestamp}.{body}\", parts: {timestamp: t, signature: v1}",
       "Sig",
       [](const std::string& body) {
         return "t=" + kStamp + ",v1=" + hex_encode(hmac_sha256(kSecret, kStamp + "." + body));
       }},
      {"kind: standard_webhooks", "webhook-signature",
       [](const std::string& body) {
         return "v1," + base64_encode(hmac_sha256(*base64_decode(kSecret), "m." + kStamp + "." + body));
       }},
      {"kind: static_secret, header: Sig", "Sig", [](const std::string&) { return kSecret; }},
      {"kind: secret_sha1, header: Sig", "Sig", [](const std::string&) { return hex_encode(sha1(kSecret)); }},
      {"kind: url_token", "", [](const std::string&) { return kSecret; }}};
  return all;
}

const Manifest& manifest_of(std::size_t kind) {
  static std::vector<std::optional<Manifest>> read(kinds().size());
  if (!read[kind]) {
    auto made = read_manifest(
        "connector: acme\nversion: \"1.0.0\"\ntitle: {ko: 가, en: A}\nhelp: {ko: 가, en: A}\nfields:\n"
        "  key: {secret: true, title: {ko: 키, en: Key}, help: {ko: 키, en: Key}}\n"
        "  shop: {title: {ko: 상점, en: Shop}, help: {ko: 상점, en: Shop}}\n"
        "webhook:\n  verify: [{" +
            kinds()[kind].verify +
            ", secret: key}]\n"
            "  topic: [{first: [{header: Topic}, {body: type}, {fixed: t}]}]\n"
            "  dedupe: [{first: [{header: Id}, {body: id}, {body_hash: sha256}]}]\n"
            "  bind: [{body: shop, field: shop}]\n"
            "  handshakes: [{when: {path: type, equals: check}, reply: {path: challenge}}]\n"
            "  keep_headers: [topic]\n  format: auto\n",
        "manifest.yaml");
    fuzz::expect(made.has_value(), "the manifest of the target can be read");
    read[kind] = std::move(*made);
  }
  return *read[kind];
}

// Lines "name: value" up to an empty one, then the body. "{sig}" in a value is the right signature of the body, "{now}" the time.
HttpRequest request_of(std::string_view text, std::size_t kind) {
  HttpRequest request{"POST", "/hooks/acme", {}, {}};
  std::vector<std::pair<std::string, std::string>> lines;
  while (!text.empty()) {
    const auto end = std::min(text.find('\n'), text.size());
    const std::string_view line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    if (line.empty()) break;
    const auto colon = std::min(line.find(':'), line.size());
    lines.emplace_back(line.substr(0, colon), trim(line.substr(std::min(colon + 1, line.size()))));
  }
  request.body = text;
  const std::string signature = kinds()[kind].sign(request.body);
  for (auto& [name, value] : lines) {
    for (const auto& [hole, filled] : {std::pair<std::string, std::string>("{sig}", signature), {"{now}", kStamp}})
      if (const auto at = value.find(hole); at != std::string::npos) value.replace(at, hole.size(), filled);
    request.headers.add(name, value);
  }
  return request;
}

bool holds(const HttpRequest& request, const std::string& header, const std::string& text) {
  return request.headers.count(header) == 1 && request.headers.get(header)->find(text) != std::string_view::npos;
}

// Whether the right signature is there at all, in the spelling of its kind or as other letters of the same hex.
bool carries_proof(const HttpRequest& request, std::size_t kind, std::string_view token) {
  const Endpoint& endpoint = kinds()[kind];
  if (endpoint.header.empty()) return token == kSecret;
  const std::string right = endpoint.sign(request.body);
  const std::string digits = right.substr(right.find_last_of("=,", right.size() - 3) + 1);
  if (request.headers.count(endpoint.header) != 1) return false;
  const std::string value(*request.headers.get(endpoint.header));
  return value.find(digits) != std::string::npos ||
         to_lower_ascii(value).find(to_lower_ascii(digits)) != std::string::npos;
}

void judge_taken(const Inspection& seen, const Manifest& manifest, const HttpRequest& request) {
  fuzz::expect(!seen.topic.empty() && seen.topic.size() <= 128, "an accepted delivery has a topic");
  fuzz::expect(seen.dedupe_key.size() <= 200, "a dedupe key is bounded");
  const auto headers = parse_json(seen.kept_headers);
  fuzz::expect(headers && headers->is_map(), "kept headers are an object");
  fuzz::expect(headers->get("sig") == nullptr, "a signature is not kept");
  static const Value config = Map{};
  const auto connector = declarative_connector(manifest);
  const auto first = read_delivery(*connector, config, seen.topic, seen.kept_headers, request.body, kNow);
  fuzz::expect(first.has_value(), "what was accepted can be read");
  const auto second = read_delivery(*connector, config, seen.topic, seen.kept_headers, request.body, kNow);
  fuzz::expect(second && second->size() == first->size(), "it reads the same again");
  for (std::size_t i = 0; i < first->size(); ++i)
    fuzz::expect(write_json(event_scope((*first)[i])) == write_json(event_scope((*second)[i])),
                 "events are the same again");
}

}  // namespace

// The first byte is the kind of the endpoint, the second whether the address ends with the secret.
IEUM_FUZZ_TARGET(verification, input) {
  if (input.size() < 2) return;
  const std::size_t kind = static_cast<unsigned char>(input[0]) % kinds().size();
  const std::string token = input[1] % 2 == 0 ? "" : kSecret;
  const Manifest& manifest = manifest_of(kind);
  const HttpRequest request = request_of(input.substr(2), kind);
  const Value config = Map{};
  SlotSecrets secrets;
  secrets["key"].emplace_back("another-secret");
  secrets["key"].emplace_back(kSecret);
  const Proof proof = verify_delivery(manifest, config, secrets, request, token, kNow);
  fuzz::expect(!proof.verified || carries_proof(request, kind, token), "proven is what is signed with the secret");
  fuzz::expect(proof.verified || (!proof.code.empty() && !proof.diagnosis.empty()), "a refusal says why");
  fuzz::expect(!verify_delivery(manifest, config, {}, request, token, kNow).verified,
               "without a secret nothing is proven");

  // The same body, signed as it should be, is proven.
  HttpRequest good{"POST", "/hooks/acme", {}, request.body};
  const Endpoint& endpoint = kinds()[kind];
  if (!endpoint.header.empty()) good.headers.add(endpoint.header, endpoint.sign(good.body));
  good.headers.add("Stamp", kStamp);
  good.headers.add("webhook-id", "m");
  good.headers.add("webhook-timestamp", kStamp);
  const bool proven = verify_delivery(manifest, config, secrets, good, kSecret, kNow).verified;
  fuzz::expect(proven == (!good.body.empty() || endpoint.header.empty()), "what is signed with the secret is proven");

  const Inspection seen = inspect(manifest, config, secrets, request, token, kNow);
  using Verdict = Inspection::Verdict;
  const bool taken = seen.verdict == Verdict::accept || seen.verdict == Verdict::quarantine;
  fuzz::expect(proof.verified || !taken, "what is not proven is not stored");
  fuzz::expect(proof.verified || seen.verdict != Verdict::reply, "what is not proven gets no handshake");
  fuzz::expect(seen.reply.body.find(kSecret) == std::string::npos || holds(request, "x", kSecret) ||
                   request.body.find(kSecret) != std::string::npos,
               "an answer says no secret");
  if (seen.verdict == Verdict::accept) return judge_taken(seen, manifest, request);
  if (seen.verdict == Verdict::reply) return;
  const DeliveryWords words = explain(seen, manifest, config, secrets, request, token, kNow);
  fuzz::expect(!words.code.empty() && !words.why.ko.empty() && !words.why.en.empty(), "what was not taken has words");
}
