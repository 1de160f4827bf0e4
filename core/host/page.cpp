#include "host/page.hpp"

#include <algorithm>

#include "base/json.hpp"

namespace ieum::host {
namespace {

// Text of one cell of a table, or of a line.
std::string cell(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '|')
      out += "\\|";
    else if (c == '<')
      out += "&lt;";
    else if (c == '\n')
      out += ' ';
    else
      out += c;
  }
  return out;
}

std::string both(const LocalText& text) {
  if (text.ko == text.en) return cell(text.en);
  return cell(text.ko) + "<br>" + cell(text.en);
}

std::string code(std::string_view text) { return "`" + std::string(text) + "`"; }

template <class List>
std::string codes(const List& list) {
  std::string out;
  for (const auto& text : list) out += (out.empty() ? "" : ", ") + code(text);
  return out;
}

std::string duration(Millis ms) {
  if (ms % kDay == 0) return std::to_string(ms / kDay) + "d";
  if (ms % kHour == 0) return std::to_string(ms / kHour) + "h";
  if (ms % kMinute == 0) return std::to_string(ms / kMinute) + "m";
  if (ms % kSecond == 0) return std::to_string(ms / kSecond) + "s";
  return std::to_string(ms) + "ms";
}

std::string kind_of(const Field& field) {
  std::string out = field.secret ? "secret" : field.type;
  if (field.required) out += ", required";
  for (const auto& [name, value] : field.required_when) out += ", required when " + code(name) + " is " + code(value);
  if (field.generate) out += ", made by the hub";
  if (!field.derive_from.empty()) out += ", taken from " + code(field.derive_from);
  for (const auto& [name, values] : field.when) out += ", where " + code(name) + " is " + codes(values);
  if (!field.choices.empty()) out += ": " + codes(field.choices);
  if (field.fallback) out += ", default " + code(write_json(*field.fallback));
  if (!field.resource.empty()) out += (field.resource_strict ? ", one of " : ", suggested by ") + code(field.resource);
  return out;
}

void add_fields(std::string& page, const std::vector<Field>& fields) {
  page += "| field | kind | |\n|---|---|---|\n";
  for (const Field& field : fields)
    page += "| " + code(field.name) + " | " + kind_of(field) + " | " + both(field.help) + " |\n";
  page += "\n";
}

const char* unverified(bool verified) { return verified ? "" : " (not verified at the vendor)"; }

std::string_view safety_text(const Operation& operation) {
  switch (operation.safety) {
    case Safety::safe: return "reads only";
    case Safety::idempotent: return "repeating equals doing it once";
    case Safety::keyed: return "the vendor honours the hub's key";
    case Safety::natural: return "the vendor refuses a second one by itself";
    case Safety::unsafe: break;
  }
  return operation.reconcile.empty() ? "never repeated blindly; after a lost answer it waits for a person"
                                     : "looked up before it is repeated";
}

void add_operation(std::string& page, const Manifest& manifest, const Operation& operation) {
  page += "### " + code(manifest.name + "." + operation.name) + unverified(operation.verified) + "\n\n" +
          both(operation.help) + "\n\n";
  page += "After a lost answer: " + std::string(safety_text(operation)) + ".";
  if (operation.reaches == Reaches::customer) {
    page += " Reaches a customer over " + code(operation.channel) + ", as " + codes(operation.classes) + ".";
  } else if (operation.reaches == Reaches::team) {
    page += " Reaches the team.";
  }
  page += "\n\n";
  if (!operation.inputs.empty()) add_fields(page, operation.inputs);
  if (operation.outputs.empty()) return;
  page += "Result: ";
  for (std::size_t i = 0; i < operation.outputs.size(); ++i)
    page += (i == 0 ? "" : ", ") + code(operation.outputs[i].name) + " " + cell(operation.outputs[i].title.ko);
  page += "\n\n";
}

std::string_view verification_text(Verification::Kind kind) {
  switch (kind) {
    case Verification::Kind::hmac: return "HMAC over the raw body";
    case Verification::Kind::standard_webhooks: return "Standard Webhooks";
    case Verification::Kind::static_secret: return "a secret in a header";
    case Verification::Kind::secret_sha1: return "the SHA-1 of a secret in a header";
    case Verification::Kind::url_token: return "a secret at the end of the address";
    case Verification::Kind::basic_user: return "the key as user name of HTTP Basic";
  }
  return "";
}

void add_webhook(std::string& page, const WebhookSpec& webhook) {
  page += "## 받는 웹훅 · Deliveries\n\n";
  for (const Verification& entry : webhook.verify) {
    page += "- " + std::string(verification_text(entry.kind));
    if (!entry.header.empty()) page += ", " + code(entry.header);
    if (!entry.body_path.empty()) page += " or in the body as " + code(entry.body_path);
    if (entry.kind == Verification::Kind::hmac) page += " (" + entry.digest + ", " + entry.encoding + ")";
    page += ", " + code(entry.secret_slot);
    for (const auto& [field, value] : entry.when) page += ", when " + code(field) + " is " + code(value);
    if (!entry.when_header.empty()) page += ", when " + code(entry.when_header) + " is there";
    page += "\n";
  }
  page += "\n";
}

void add_events(std::string& page, const Manifest& manifest) {
  if (manifest.events.empty()) return;
  page += "## 이벤트 · Events\n\n| event | means | standard fields | |\n|---|---|---|---|\n";
  for (const EventSpec& event : manifest.events) {
    std::string fields;
    for (const auto& [name, expression] : event.project) fields += (fields.empty() ? "" : ", ") + code(name);
    page += "| " + code(manifest.name + "/" + event.topic) + unverified(event.verified) + " | " +
            (event.means.empty() ? "" : code(event.means)) + " | " + fields + " | " + both(event.help) + " |\n";
  }
  page += "\n";
}

void add_standing(std::string& page, const Manifest& manifest) {
  const bool any = !manifest.polls.empty() || !manifest.subscriptions.empty() || !manifest.resources.empty();
  if (!any) return;
  page += "## 허브가 스스로 하는 일 · What the hub does by itself\n\n| | every | |\n|---|---|---|\n";
  for (const Poll& poll : manifest.polls) {
    page += "| poll " + code(poll.name) + (poll.each.empty() ? "" : " for each of " + code(poll.each)) + " | " +
            duration(poll.every_for) + (poll.wake_by.empty() ? "" : ", and by " + codes(poll.wake_by)) + " | " +
            both(poll.help) + " |\n";
  }
  for (const Subscription& entry : manifest.subscriptions) {
    page += "| subscription " + code(entry.name) + (entry.each.empty() ? "" : " for each of " + code(entry.each)) +
            " | " + duration(entry.every_for) + " | " + both(entry.help) + " |\n";
  }
  for (const Resource& resource : manifest.resources)
    page +=
        "| list " + code(resource.name) + " | " + duration(resource.every_for) + " | " + both(resource.help) + " |\n";
  page += "\n";
}

void add_limits(std::string& page, const Limits& limits) {
  page += "## 한도 · Limits\n\nAt most " + std::to_string(limits.in_flight) + " calls under way for one connection" +
          (limits.in_flight_field.empty() ? "" : ", or what " + code(limits.in_flight_field) + " says") + ".\n\n";
  for (const Bucket& bucket : limits.buckets) {
    const std::string rate = bucket.rate_field.empty() ? std::to_string(bucket.rate) : code(bucket.rate_field);
    page += "- " + code(bucket.name) + ": " + rate + " in " + duration(bucket.per_for);
    if (bucket.by) page += " for each " + code(bucket.by->source());
    if (!bucket.operations.empty()) page += ": " + codes(bucket.operations);
    page += "\n";
  }
  if (!limits.buckets.empty()) page += "\n";
}

void add_traps(std::string& page, const std::vector<Trap>& traps) {
  if (traps.empty()) return;
  page +=
      "## 함정 · Traps\n\nWhat goes wrong with this vendor, and the case or test that holds it.\n\n"
      "| | held by |\n|---|---|\n";
  for (const Trap& trap : traps) page += "| " + both(trap.text) + " | " + codes(trap.holds) + " |\n";
  page += "\n";
}

}  // namespace

std::string connector_page(const Manifest& manifest, const std::vector<Trap>& traps) {
  std::string page = "<!-- Made from connectors/" + manifest.name + " by `ieum connector page`; change it there. -->\n";
  page += "# " + manifest.title.ko + (manifest.title.ko == manifest.title.en ? "" : " · " + manifest.title.en) + "\n\n";
  page += both(manifest.help) + "\n\n## 연결 · Connection\n\n";
  page += "    ieum connection add NAME --connector " + manifest.name + "\n\n";
  if (!manifest.fields.empty()) add_fields(page, manifest.fields);
  if (manifest.webhook) add_webhook(page, *manifest.webhook);
  add_events(page, manifest);
  const bool acts = std::any_of(manifest.operations.begin(), manifest.operations.end(),
                                [](const Operation& o) { return !o.internal; });
  if (acts) page += "## 할 수 있는 일 · Operations\n\n";
  for (const Operation& operation : manifest.operations)
    if (!operation.internal) add_operation(page, manifest, operation);
  add_standing(page, manifest);
  if (!manifest.operations.empty() || !manifest.polls.empty()) add_limits(page, manifest.limits);
  add_traps(page, traps);
  while (page.ends_with("\n\n")) page.pop_back();
  return page;
}

}  // namespace ieum::host
