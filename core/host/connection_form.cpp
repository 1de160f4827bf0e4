#include "host/connection_form.hpp"

#include <algorithm>
#include <set>

#include "base/json.hpp"
#include "base/url.hpp"
#include "host/body.hpp"
#include "host/typed_config.hpp"
#include "host/verification.hpp"

namespace ieum::host {
namespace {

constexpr std::size_t kSecretLeast = 6;

const Field* field_of(const Manifest& manifest, std::string_view name) {
  const auto found =
      std::find_if(manifest.fields.begin(), manifest.fields.end(), [&](const Field& f) { return f.name == name; });
  return found == manifest.fields.end() ? nullptr : &*found;
}

std::string kind_of(const Value& scheme) { return scheme.text("kind"); }

// Names in `when` of a scheme that is chosen by the connection, and of fields.
std::set<std::string> deciding(const Manifest& manifest) {
  std::set<std::string> names;
  for (const auto& scheme : manifest.default_auth) {
    const auto found = manifest.auth.find(scheme);
    const Value* when = found == manifest.auth.end() ? nullptr : found->second.get("when");
    if (when == nullptr || when->if_map() == nullptr) continue;
    for (const auto& [name, value] : *when->if_map()) names.insert(*name.if_string());
  }
  for (const Field& field : manifest.fields)
    for (const auto& [name, values] : field.when) names.insert(name);
  return names;
}

const Verification* chosen_verification(const Manifest& manifest, const Value& config) {
  if (!manifest.webhook) return nullptr;
  for (const auto& entry : manifest.webhook->verify) {
    const bool fits = std::all_of(entry.when.begin(), entry.when.end(), [&](const auto& condition) {
      return config_text(manifest, config, condition.first) == condition.second;
    });
    if (fits) return &entry;
  }
  return nullptr;
}

// A poll or a subscription goes over its elements.
bool one_by_one(const Manifest& manifest, std::string_view name) {
  const auto goes = [&](const auto& one) { return one.each == name; };
  return std::any_of(manifest.polls.begin(), manifest.polls.end(), goes) ||
         std::any_of(manifest.subscriptions.begin(), manifest.subscriptions.end(), goes);
}

bool told_by_vendor(const Manifest& manifest, std::string_view slot) {
  return std::any_of(manifest.operations.begin(), manifest.operations.end(),
                     [&](const Operation& operation) { return operation.capture && operation.capture->slot == slot; });
}

class Asking {
 public:
  Asking(const Manifest& manifest, const Value& config, const HasSecret& has)
      : manifest_(manifest), config_(config), has_(has) {}

  std::vector<Question> questions() {
    const auto names = deciding(manifest_);
    for (const Field& field : manifest_.fields)
      if (names.contains(field.name)) add(field.name, Question::Need::choice);
    for (const Field& field : manifest_.fields)
      if (is_required(manifest_, field, config_) && !field.fallback) add(field.name, Question::Need::must);
    scheme();
    for (const Field& field : manifest_.fields)
      if (!field.when.empty() && !field.fallback) add(field.name, Question::Need::may);
    if (const auto* verification = chosen_verification(manifest_, config_))
      add(verification->secret_slot, Question::Need::may);
    for (const auto& poll : manifest_.polls) add(poll.each, Question::Need::may);
    for (const auto& subscription : manifest_.subscriptions) add(subscription.each, Question::Need::may);
    const std::set<std::string> used = used_by_schemes();
    for (const Field& field : manifest_.fields)
      if (!used.contains(field.name)) add(field.name, Question::Need::more);
    return std::move(questions_);
  }

 private:
  void add(std::string_view name, Question::Need need, bool key_file = false) {
    const Field* field = field_of(manifest_, name);
    if (field == nullptr || field->generate || found_by_hub(manifest_, *field) ||
        told_by_vendor(manifest_, field->name) || !belongs(manifest_, *field, config_))
      return;
    if (field->secret ? has_(field->name) : config_.get(field->name) != nullptr) return;
    if (!asked_.insert(field->name).second) return;
    questions_.push_back({field, need, key_file});
  }

  // What the way to log in that was chosen needs.
  void scheme() {
    const auto name = auth_of(manifest_, config_);
    const auto found = name ? manifest_.auth.find(*name) : manifest_.auth.end();
    if (found == manifest_.auth.end()) return;
    const Value& chosen = found->second;
    const bool key_file = kind_of(chosen) == "jwt_bearer";
    const bool login = kind_of(chosen).starts_with("oauth2");
    add(chosen.text("client_id"), Question::Need::must);
    add(chosen.text("client_secret"), Question::Need::must);
    if (kind_of(chosen) == "solapi_hmac") add(chosen.text("user"), Question::Need::must);
    if (!login) add(chosen.text("slot"), key_file ? Question::Need::must : Question::Need::may, key_file);
  }

  // Fields of ways to log in that were not chosen are nobody's business.
  [[nodiscard]] std::set<std::string> used_by_schemes() const {
    std::set<std::string> names;
    for (const auto& scheme : manifest_.default_auth) {
      const auto found = manifest_.auth.find(scheme);
      if (found == manifest_.auth.end()) continue;
      for (const char* key : {"client_id", "client_secret", "slot"}) names.insert(found->second.text(key));
    }
    return names;
  }

  const Manifest& manifest_;
  const Value& config_;
  const HasSecret& has_;
  std::set<std::string> asked_;
  std::vector<Question> questions_;
};

Status check_text(const Field& field, const Value& text) {
  if (!field.fits_pattern) return {};
  expr::MapScope scope;
  scope.set("value", text);
  const auto fits = field.fits_pattern->evaluate(scope);
  if (fits.has_value() && fits->if_bool() != nullptr && *fits->if_bool()) return {};
  return Error("bad_value", "what was entered for \"" + field.name + "\" cannot be right",
               field.help.en.empty() ? "it must fit the pattern " + field.pattern : field.help.en);
}

Status check_secret(const Manifest& manifest, const std::string& slot, const Secret& secret, Typed typed) {
  const Field* field = field_of(manifest, slot);
  if (field == nullptr || !field->secret)
    return Error("unknown_secret", "connector \"" + manifest.name + "\" has no secret \"" + slot + "\"",
                 "see: ieum connector show " + manifest.name);
  if (secret.reveal().size() < kSecretLeast)
    return Error("secret_too_short", "the secret \"" + slot + "\" is shorter than 6 bytes",
                 "take one that cannot be guessed");
  for (const auto& [name, scheme] : manifest.auth) {
    if (kind_of(scheme) != "jwt_bearer" || scheme.text("slot") != slot) continue;
    const auto key = parse_json(secret.reveal());
    if (key.has_error() || key->text("client_email").empty() || key->text("private_key").empty())
      return Error("bad_key", "\"" + slot + "\" is no key of a service account",
                   "give the whole JSON file, with its client_email and private_key");
  }
  return typed == Typed::by_a_person ? check_text(*field, Value(secret.reveal())) : Status();
}

}  // namespace

bool belongs(const Manifest& manifest, const Field& field, const Value& config) {
  return std::all_of(field.when.begin(), field.when.end(), [&](const auto& condition) {
    const std::string chosen = config_text(manifest, config, condition.first);
    return std::find(condition.second.begin(), condition.second.end(), chosen) != condition.second.end();
  });
}

std::string secret_of_address(const Manifest& manifest, const Value& config) {
  const auto* verification = chosen_verification(manifest, config);
  const bool in_address = verification != nullptr && verification->kind == Verification::Kind::url_token;
  return in_address ? verification->secret_slot : "";
}

std::vector<Question> open_questions(const Manifest& manifest, const Value& config, const HasSecret& has) {
  return Asking(manifest, config, has).questions();
}

Status check_proves(const Manifest& manifest, const Value& config, const Entered& secrets) {
  const auto* verification = chosen_verification(manifest, config);
  const bool good =
      verification == nullptr || std::all_of(secrets.begin(), secrets.end(), [&](const auto& entered) {
        return entered.first != verification->secret_slot || can_prove(*verification, entered.second.reveal());
      });
  if (good) return {};
  return Error("bad_value",
               "no delivery could be verified with what was entered for \"" + verification->secret_slot + "\"",
               verification->kind == Verification::Kind::standard_webhooks
                   ? "it is base64: a key as whsec_..., or the sender's public key as whpk_..."
                   : "it is base64; copy it again from the sender");
}

Status check_entered(const Manifest& manifest, const Value& config, const Entered& secrets, Typed by) {
  if (!config.is_map()) return Error("bad_config", "the config must be an object of fields");
  IEUM_TRY(const Value typed, typed_config(manifest, config));
  for (const auto& [name, value] : *typed.if_map()) {
    const auto* text = name.if_string();
    const Field* field = text == nullptr ? nullptr : field_of(manifest, *text);
    if (text != nullptr && *text == "base_url") {
      if (!value.is_string()) return Error("bad_config", "base_url must be text");
      IEUM_TRY(const auto url, parse_url(*value.if_string()));
      static_cast<void>(url);
      continue;
    }
    if (field == nullptr)
      return Error("unknown_field", "connector \"" + manifest.name + "\" has no field \"" + (text ? *text : "") + "\"",
                   "see: ieum connector show " + manifest.name);
    if (field->secret)
      return Error("secret_in_config", "\"" + field->name + "\" is a secret and does not belong into the config",
                   "give it as a secret");
    if (!field->choices.empty() && (!value.is_string() || std::find(field->choices.begin(), field->choices.end(),
                                                                    *value.if_string()) == field->choices.end())) {
      std::string choices;
      for (const auto& choice : field->choices) choices += (choices.empty() ? "" : ", ") + choice;
      return Error("bad_choice", "\"" + field->name + "\" must be one of: " + choices);
    }
    if (value.is_list() && value.if_list()->size() > kElementsMax && one_by_one(manifest, field->name))
      return Error("list_too_long",
                   "\"" + field->name + "\" lists " + std::to_string(value.if_list()->size()) +
                       " things, and one connection takes " + std::to_string(kElementsMax),
                   "spread them over several connections");
    if (value.is_string() && !value.if_string()->empty()) IEUM_CHECK(check_text(*field, value));
  }
  for (const auto& [slot, secret] : secrets) IEUM_CHECK(check_secret(manifest, slot, secret, by));
  return {};
}

Status check_complete(const Manifest& manifest, const Value& config, const HasSecret& has) {
  for (const auto& field : manifest.fields) {
    if (!is_required(manifest, field, config) || !belongs(manifest, field, config)) continue;
    const bool given = field.secret ? has(field.name) : config.get(field.name) != nullptr || field.fallback.has_value();
    if (!given)
      return Error(field.secret ? "missing_credential" : "missing_field",
                   "connector \"" + manifest.name + "\" needs \"" + field.name + "\"" +
                       (field.help.en.empty() ? "" : ": " + field.help.en));
  }
  return {};
}

}  // namespace ieum::host
