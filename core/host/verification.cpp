#include "host/verification.hpp"

#include <algorithm>
#include <charconv>
#include <optional>

#include "base/digest.hpp"
#include "base/encoding.hpp"
#include "base/json.hpp"
#include "host/body.hpp"

namespace ieum::host {
namespace {

Proof refused(std::string_view code, std::string diagnosis) {
  return {false, false, std::move(diagnosis), std::string(code)};
}

// The one value of a header that must come exactly once and hold something.
std::optional<std::string_view> only_header(const HttpRequest& request, const std::string& name,
                                            std::string& diagnosis) {
  const std::size_t count = request.headers.count(name);
  if (count != 1) {
    diagnosis = count == 0 ? "the header " + name + " is missing"
                           : "the header " + name + " came " + std::to_string(count) + " times";
    return std::nullopt;
  }
  const auto value = request.headers.get(name);
  if (value->empty()) {
    diagnosis = "the header " + name + " is empty";
    return std::nullopt;
  }
  return value;
}

// Unix seconds: digits and nothing else, so that no two readers of it can disagree.
std::optional<Millis> read_seconds(std::string_view text) {
  if (text.empty() || text.size() > 12) return std::nullopt;
  if (!std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; })) return std::nullopt;
  std::int64_t seconds = 0;
  std::from_chars(text.data(), text.data() + text.size(), seconds);
  return seconds * kSecond;
}

constexpr std::string_view kUnreadableTime = "the timestamp is not written as Unix seconds";

// "" when the time is within the tolerance, which counts whole seconds and includes its bounds.
std::string check_time(std::string_view text, Millis now_ms, Millis tolerance_for) {
  const auto stamp = read_seconds(text);
  if (!stamp) return std::string(kUnreadableTime);
  const Millis now = now_ms - now_ms % kSecond;
  const Millis distance = *stamp > now ? *stamp - now : now - *stamp;
  if (distance <= tolerance_for) return {};
  return "the timestamp is " + std::to_string(distance / kSecond) + " seconds away from the hub's clock";
}

Proof refused_time(const std::string& problem) {
  return refused(problem == kUnreadableTime ? "bad_timestamp" : "clock_skew", problem);
}

std::string digest_of(const std::string& name, std::string_view key, std::string_view data) {
  if (name == "sha1") return hmac_sha1(key, data);
  if (name == "sha512") return hmac_sha512(key, data);
  return hmac_sha256(key, data);
}

std::size_t digest_size(const std::string& name) { return name == "sha1" ? 20 : name == "sha512" ? 64 : 32; }

std::string fill(std::string_view over, std::string_view timestamp, std::string_view body) {
  std::string out;
  while (!over.empty()) {
    if (over.starts_with("{body}")) {
      out += body;
      over.remove_prefix(6);
    } else if (over.starts_with("{timestamp}")) {
      out += timestamp;
      over.remove_prefix(11);
    } else {
      out += over.front();
      over.remove_prefix(1);
    }
  }
  return out;
}

// The manifest's parameters with those of the connection over them. False when the connection's make no sense.
bool apply_config(const Manifest& manifest, const Value& config, Verification& verification) {
  const auto take = [&](const char* field, std::string& into) {
    const std::string text = config_text(manifest, config, field);
    if (!text.empty()) into = text;
  };
  take("header", verification.header);
  take("digest", verification.digest);
  take("encoding", verification.encoding);
  take("prefix", verification.prefix);
  take("over", verification.over);
  take("timestamp_header", verification.timestamp_header);
  const bool digest =
      verification.digest == "sha1" || verification.digest == "sha256" || verification.digest == "sha512";
  const bool encoding = verification.encoding == "base64" || verification.encoding == "hex";
  const bool timestamp = verification.over.find("{timestamp}") != std::string::npos;
  return digest && encoding && !verification.header.empty() && verification.over.find("{body}") != std::string::npos &&
         timestamp == !verification.timestamp_header.empty();
}

using SecretList = std::vector<Secret>;

struct Signed {
  std::vector<std::string_view> signatures;
  std::string_view timestamp;  // "" when it is missing or given twice
};

// "t=1718000000,v1=ab..,v1=cd..": names in any order; others are passed over. At most 16 parts are looked at.
Signed read_parts(const Verification& spec, std::string_view header) {
  constexpr int kPartsMax = 16;
  Signed out;
  bool twice = false;
  for (int n = 0; n < kPartsMax && !header.empty(); ++n) {
    const auto comma = header.find(',');
    const std::string_view part = trim(header.substr(0, comma));
    header = comma == std::string_view::npos ? std::string_view() : header.substr(comma + 1);
    const auto equals = part.find('=');
    if (equals == std::string_view::npos) continue;
    const std::string_view name = part.substr(0, equals);
    const std::string_view value = part.substr(equals + 1);
    if (name == spec.signature_part) out.signatures.push_back(value);
    if (name != spec.timestamp_part) continue;
    twice = twice || !out.timestamp.empty();
    out.timestamp = value;
  }
  if (twice) out.timestamp = {};
  return out;
}

Proof verify_hmac(const Verification& spec, const SecretList& secrets, const HttpRequest& request, Millis now_ms) {
  std::string diagnosis;
  const auto header = only_header(request, spec.header, diagnosis);
  if (!header) return refused("header_missing", diagnosis);
  if (request.body.empty()) return refused("empty_body", "the body is empty");
  if (!header->starts_with(spec.prefix))
    return refused("bad_signature", "the signature does not begin with " + spec.prefix);
  const Signed told = spec.signature_part.empty() ? Signed{{header->substr(spec.prefix.size())}, {}}
                                                  : read_parts(spec, header->substr(spec.prefix.size()));
  std::vector<std::string> signatures;
  for (const std::string_view text : told.signatures) {
    auto signature = spec.encoding == "hex" ? hex_decode(text) : base64_decode(text);
    if (signature && signature->size() == digest_size(spec.digest)) signatures.push_back(std::move(*signature));
  }
  if (signatures.empty()) {
    return refused("bad_signature",
                   "the signature is not " + std::to_string(digest_size(spec.digest)) + " bytes of " + spec.encoding);
  }
  std::string_view timestamp = told.timestamp;
  if (!spec.timestamp_part.empty()) {
    const std::string problem = check_time(timestamp, now_ms, spec.tolerance_for);
    if (!problem.empty()) return refused_time(problem);
  }
  if (!spec.timestamp_header.empty()) {
    const auto stamp = only_header(request, spec.timestamp_header, diagnosis);
    if (!stamp) return refused("header_missing", diagnosis);
    timestamp = *stamp;
    const std::string problem = check_time(timestamp, now_ms, spec.tolerance_for);
    if (!problem.empty()) return refused_time(problem);
  }
  const std::string base = fill(spec.over, timestamp, request.body);
  bool fits = false;
  for (const auto& secret : secrets) {
    std::string key(secret.reveal());
    if (spec.secret_base64) key = base64_decode(key).value_or("");
    if (key.empty()) continue;
    const std::string digest = digest_of(spec.digest, key, base);
    std::fill(key.begin(), key.end(), '\0');
    for (const auto& signature : signatures) fits |= constant_time_equal(digest, signature);
  }
  return fits ? Proof{true, true, {}} : refused("wrong_secret", "the signature does not fit");
}

// What a secret of Standard Webhooks proves with: whsec_ (or bare base64) a shared key, whpk_ the sender's public key.
struct StandardKey {
  bool is_public = false;
  std::string bytes;
};

std::optional<StandardKey> read_standard_key(std::string_view secret) {
  constexpr std::size_t kPublicBytes = 32;
  constexpr std::string_view kPublic = "whpk_", kShared = "whsec_";
  const bool is_public = secret.starts_with(kPublic);
  if (is_public) secret.remove_prefix(kPublic.size());
  if (secret.starts_with(kShared)) secret.remove_prefix(kShared.size());
  auto bytes = base64_decode(secret);
  if (!bytes || bytes->empty() || (is_public && bytes->size() != kPublicBytes)) return std::nullopt;
  return StandardKey{is_public, std::move(*bytes)};
}

// https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md: v1 is signed with a shared key, v1a
// with a private one (ed25519).
Proof verify_standard(const Verification& spec, const SecretList& secrets, const HttpRequest& request, Millis now_ms) {
  constexpr std::size_t kSignaturesMax = 32;
  std::string diagnosis;
  const auto id = only_header(request, "webhook-id", diagnosis);
  const auto stamp = id ? only_header(request, "webhook-timestamp", diagnosis) : std::nullopt;
  const auto list = stamp ? only_header(request, "webhook-signature", diagnosis) : std::nullopt;
  if (!list) return refused("header_missing", diagnosis);
  if (request.body.empty()) return refused("empty_body", "the body is empty");
  if (id->find('.') != std::string_view::npos) return refused("bad_signature", "the webhook-id holds a point");
  const std::string problem = check_time(*stamp, now_ms, spec.tolerance_for);
  if (!problem.empty()) return refused_time(problem);
  const std::string base = std::string(*id) + "." + std::string(*stamp) + "." + request.body;
  std::vector<std::string> digests, public_keys;
  for (const auto& secret : secrets) {
    auto key = read_standard_key(secret.reveal());
    if (!key) continue;
    if (key->is_public) {
      public_keys.push_back(std::move(key->bytes));
      continue;
    }
    digests.push_back(hmac_sha256(key->bytes, base));
    std::fill(key->bytes.begin(), key->bytes.end(), '\0');
  }
  if (digests.empty() && public_keys.empty())
    return refused("no_secret", "the stored secret is not base64 (whsec_..., whpk_...)");
  bool fits = false;
  std::string_view rest = *list;
  for (std::size_t n = 0; !rest.empty(); ++n) {
    if (n == kSignaturesMax) return refused("bad_signature", "more than 32 signatures");
    const auto space = rest.find(' ');
    const std::string_view entry = rest.substr(0, space);
    rest = space == std::string_view::npos ? std::string_view() : rest.substr(space + 1);
    const bool shared = entry.starts_with("v1,");
    if (!shared && !entry.starts_with("v1a,")) continue;  // others are not known
    const auto signature = base64_decode(entry.substr(entry.find(',') + 1));
    if (!signature) continue;
    if (shared)
      for (const auto& digest : digests) fits |= constant_time_equal(digest, *signature);
    else
      for (const auto& key : public_keys) fits |= ed25519_fits(key, *signature, base);
  }
  return fits ? Proof{true, true, {}} : refused("wrong_secret", "none of the signatures fits");
}

Proof verify_header_secret(const Verification& spec, const SecretList& secrets, const HttpRequest& request) {
  std::string diagnosis;
  const auto header = only_header(request, spec.header, diagnosis);
  if (!header) return refused("header_missing", diagnosis);
  if (request.body.empty() && !spec.empty_body) return refused("empty_body", "the body is empty");
  bool fits = false;
  if (spec.kind == Verification::Kind::static_secret) {
    if (!header->starts_with(spec.prefix))
      return refused("wrong_secret", "the header " + spec.header + " does not fit");
    for (const auto& secret : secrets) fits |= constant_time_equal(secret.reveal(), header->substr(spec.prefix.size()));
  } else {
    const auto digest = hex_decode(*header);
    if (!digest || digest->size() != 20)
      return refused("bad_signature", "the header " + spec.header + " is not a SHA-1 in hex");
    for (const auto& secret : secrets) fits |= constant_time_equal(sha1(secret.reveal()), *digest);
  }
  return fits ? Proof{true, true, {}} : refused("wrong_secret", "the header " + spec.header + " does not fit");
}

// RFC 7617: the user name is the secret, the password is nobody's business. Where a public key may stand in the body, the body is
// read for it; it proves nothing more than the key.
Proof verify_basic_user(const Verification& spec, const SecretList& secrets, const HttpRequest& request) {
  constexpr std::string_view kBasic = "basic ";
  std::string given;
  if (const std::size_t count = request.headers.count("authorization"); count > 1) {
    return refused("bad_signature", "the header Authorization came " + std::to_string(count) + " times");
  } else if (count == 1) {
    const std::string_view header = *request.headers.get("authorization");
    if (header.size() < kBasic.size() || !equals_ignoring_case(header.substr(0, kBasic.size()), kBasic))
      return refused("bad_signature", "the header Authorization is not Basic");
    auto decoded = base64_decode(trim(header.substr(kBasic.size())));
    if (!decoded) return refused("bad_signature", "the header Authorization is not base64");
    given = decoded->substr(0, decoded->find(':'));
  } else if (!spec.body_path.empty()) {
    const auto body = parse_json(request.body);
    if (body.has_value()) given = text_at(*body, spec.body_path).value_or("");
  }
  if (given.empty()) return refused("header_missing", "the delivery has no key");
  bool fits = false;
  for (const auto& secret : secrets) fits |= constant_time_equal(secret.reveal(), given);
  return fits ? Proof{true, false, {}} : refused("wrong_secret", "the key is another");
}

}  // namespace

bool can_prove(const Verification& verification, std::string_view secret) {
  if (verification.kind == Verification::Kind::standard_webhooks) return read_standard_key(secret).has_value();
  return !verification.secret_base64 || !base64_decode(secret).value_or("").empty();
}

Proof verify_delivery(const Manifest& manifest, const Value& config, const SlotSecrets& secrets,
                      const HttpRequest& request, std::string_view url_token, Millis now_ms) {
  if (!manifest.webhook) return refused("not_configured", "the connector takes no deliveries");
  const auto& candidates = manifest.webhook->verify;
  const auto chosen = std::find_if(candidates.begin(), candidates.end(), [&](const Verification& candidate) {
    if (!candidate.when_header.empty() && request.headers.count(candidate.when_header) == 0) return false;
    return std::all_of(candidate.when.begin(), candidate.when.end(), [&](const auto& condition) {
      return config_text(manifest, config, condition.first) == condition.second;
    });
  });
  if (chosen == candidates.end())
    return refused("not_configured",
                   "no way of verification fits the connection's settings and the delivery's headers");
  Verification spec = *chosen;
  if (spec.from_config && !apply_config(manifest, config, spec)) {
    return refused("not_configured", "the connection's settings for the signature are incomplete");
  }
  SecretList usable;
  if (const auto slot = secrets.find(spec.secret_slot); slot != secrets.end()) {
    std::copy_if(slot->second.begin(), slot->second.end(), std::back_inserter(usable),
                 [](const Secret& s) { return !s.empty(); });
  }
  if (usable.empty())
    return refused("no_secret", "the connection has no secret \"" + spec.secret_slot + "\"; enter it");
  switch (spec.kind) {
    case Verification::Kind::hmac: return verify_hmac(spec, usable, request, now_ms);
    case Verification::Kind::standard_webhooks: return verify_standard(spec, usable, request, now_ms);
    case Verification::Kind::static_secret:
    case Verification::Kind::secret_sha1: return verify_header_secret(spec, usable, request);
    case Verification::Kind::basic_user: return verify_basic_user(spec, usable, request);
    case Verification::Kind::url_token: break;
  }
  bool fits = false;
  for (const auto& secret : usable) fits |= constant_time_equal(secret.reveal(), url_token);
  return fits ? Proof{true, false, {}}
              : refused("wrong_address",
                        url_token.empty() ? "the URL has no token" : "the token of the URL does not fit");
}

}  // namespace ieum::host
