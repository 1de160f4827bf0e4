#include "audience/policy.hpp"

#include <algorithm>

#include "audience/identity.hpp"
#include "base/time_text.hpp"

namespace ieum::audience {
namespace {

constexpr Millis kPerMost = 366 * kDay;
constexpr std::size_t kTextBytes = 200, kCapsMost = 50, kSharedMost = 10'000;

Error bad(const std::string& why, const std::string& mend = {}) { return Error("bad_setting", why, mend); }

Status known(const Value& map, const std::string& what, std::initializer_list<std::string_view> keys) {
  if (map.if_map() == nullptr) return bad(what + " is no object");
  for (const auto& [key, value] : *map.if_map()) {
    const auto* text = key.if_string();
    if (text == nullptr || std::find(keys.begin(), keys.end(), *text) == keys.end())
      return bad(what + " knows no " + (text == nullptr ? "such key" : "\"" + *text + "\""));
  }
  return {};
}

Result<std::string> line_of(const Value& map, const std::string& key) {
  const std::string text = map.text(key);
  const bool breaks =
      std::any_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < 0x20; });
  if (text.size() > kTextBytes || breaks)
    return bad(key + " is one line of at most " + std::to_string(kTextBytes) + " bytes");
  return text;
}

Result<CapRule> read_cap(const Value& written) {
  IEUM_CHECK(known(written, "a cap", {"channel", "max", "per"}));
  CapRule rule;
  rule.channel = written.text("channel");
  const auto* most = written.get("max");
  const auto* number = most == nullptr ? nullptr : most->if_int();
  if (number == nullptr || *number < 0 || *number > 1000)
    return bad("a cap's `max` is a whole number from 0 to 1000", "for example {\"max\": 1, \"per\": \"16h\"}");
  rule.most = static_cast<int>(*number);
  const auto per = parse_duration(written.text("per"));
  if (per.has_error() || *per <= 0 || *per > kPerMost)
    return bad("a cap's `per` is a span of at most 366 days", "for example \"16h\" or \"7d\"");
  rule.per_for = *per;
  return rule;
}

Result<IdentityKey> read_key(const Value& written) {
  const auto* text = written.if_string();
  const std::size_t colon = text == nullptr ? std::string::npos : text->find(':');
  if (colon == std::string::npos || colon == 0)
    return bad("a shared key is a kind and a value", "for example \"email:info@agency.example\"");
  const std::string kind = text->substr(0, colon);
  const auto value = normalise(kind, text->substr(colon + 1));
  if (!value) return bad("\"" + *text + "\" cannot be anybody's " + kind);
  return IdentityKey{kind, *value};
}

}  // namespace

Result<Policy> read_policy(const Value& written) {
  IEUM_CHECK(known(written, "the audience's setting", {"sender", "country", "caps", "shared", "tracking"}));
  Policy policy;
  if (const auto* sender = written.get("sender")) {
    IEUM_CHECK(known(*sender, "sender", {"name", "contact", "free_opt_out"}));
    IEUM_TRY(policy.sender.name, line_of(*sender, "name"));
    IEUM_TRY(policy.sender.contact, line_of(*sender, "contact"));
    IEUM_TRY(policy.sender.free_opt_out, line_of(*sender, "free_opt_out"));
  }
  if (const auto* tracking = written.get("tracking")) {
    IEUM_CHECK(known(*tracking, "tracking", {"links", "opens", "utm_source"}));
    policy.tracking.links = tracking->flag("links", true);
    policy.tracking.opens = tracking->flag("opens", true);
    IEUM_TRY(policy.tracking.utm_source, line_of(*tracking, "utm_source"));
  }
  if (const auto* country = written.get("country")) {
    if (country->if_map() != nullptr) {
      IEUM_TRY(policy.country, read_country(*country));
    } else if (country->if_string() == nullptr || *country->if_string() != "kr") {
      return bad("only \"kr\" is built in", "give the rules of another country as an object");
    }
  }
  if (const auto* caps = written.get("caps")) {
    if (caps->if_list() == nullptr || caps->if_list()->size() > kCapsMost)
      return bad("`caps` is a list of at most " + std::to_string(kCapsMost));
    for (const auto& one : *caps->if_list()) {
      IEUM_TRY(auto rule, read_cap(one));
      policy.caps.push_back(std::move(rule));
    }
  }
  if (const auto* shared = written.get("shared")) {
    if (shared->if_list() == nullptr || shared->if_list()->size() > kSharedMost)
      return bad("`shared` is a list of at most " + std::to_string(kSharedMost));
    for (const auto& one : *shared->if_list()) {
      IEUM_TRY(auto key, read_key(one));
      policy.shared.insert(std::move(key));
    }
  }
  return policy;
}

}  // namespace ieum::audience
