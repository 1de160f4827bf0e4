// What people ask of a running hub about connections. Each command is committed and in force when it returns.
#include <algorithm>
#include <set>

#include "base/encoding.hpp"
#include "base/ids.hpp"
#include "base/json.hpp"
#include "base/url.hpp"
#include "host/connection_form.hpp"
#include "host/typed_config.hpp"
#include "runtime/hub_parts.hpp"
#include "runtime/probe.hpp"

namespace ieum::runtime {
namespace {

// Secrets that only the hub and the vendor need to know, where nobody entered them; one that is there stays.
std::set<std::string> make_secrets(const host::Manifest& manifest, const LiveConnection* existing, Random& random,
                                   NewConnection& connection) {
  constexpr std::size_t kBytes = 32;
  std::set<std::string> made;
  for (const auto& field : manifest.fields) {
    if (!field.generate || (existing != nullptr && existing->secrets.contains(field.name))) continue;
    const bool given = std::any_of(connection.secrets.begin(), connection.secrets.end(),
                                   [&](const auto& secret) { return secret.first == field.name; });
    if (given) continue;
    connection.secrets.emplace_back(field.name, Secret(hex_encode(random.bytes(kBytes))));
    made.insert(field.name);
  }
  return made;
}

void replace_all(std::string& text, std::string_view from, std::string_view to) {
  for (auto at = text.find(from); at != std::string::npos; at = text.find(from, at + to.size()))
    text.replace(at, from.size(), to);
}

constexpr Millis kOverlapFor = kDay;  // a secret that was entered anew: how long the older one verifies deliveries

store::PutSecret sealed_secret(Context& context, Id connection, const std::string& slot, int version,
                               const Secret& secret, bool made_by_hub = false) {
  store::SecretRow row;
  row.made_by_hub = made_by_hub;
  row.connection = connection;
  row.slot = slot;
  row.version = version;
  row.sealed = context.parts.vault.seal(secret, vault::secret_binding(connection, slot, version));
  row.created_ms = context.now();
  return {std::move(row)};
}

}  // namespace

Result<Id> HubInside::put_connection(const NewConnection& wanted) {
  std::lock_guard lock(commands_mutex_);
  NewConnection connection = wanted;
  if (!is_name(connection.name))
    return Error("bad_name", "\"" + connection.name + "\" cannot be a name",
                 "use a-z, 0-9, - and _, beginning with a letter");
  const auto* connector = context_.parts.connectors.find(connection.connector);
  if (connector == nullptr)
    return Error("unknown_connector", "there is no connector \"" + connection.connector + "\"",
                 "see: ieum connector list");
  IEUM_TRY(connection.config, host::typed_config(connector->manifest(), connection.config));
  const auto live = context_.live();
  const auto found = live->connections.find(connection.name);
  const LiveConnection* existing = found == live->connections.end() ? nullptr : found->second.get();
  if (existing != nullptr && existing->row.connector != connection.connector) {
    return Error("connection_taken",
                 "connection \"" + connection.name + "\" belongs to connector \"" + existing->row.connector + "\"",
                 "choose another name or remove it first");
  }
  // Derived from what was entered now, else as the hub found it out before.
  connection.config = host::with_derived_fields(connector->manifest(), connection.config, connection.secrets);
  if (existing != nullptr && connection.config.is_map()) {
    Map fields = *connection.config.if_map();
    for (const host::Field& field : connector->manifest().fields) {
      const Value* before = existing->config.get(field.name);
      if (host::found_by_hub(connector->manifest(), field) && before != nullptr && fields.find(field.name) == nullptr)
        fields.set(field.name, *before);
    }
    connection.config = std::move(fields);
  }
  auto& store = context_.parts.store;
  store::ConnectionRow row;
  row.id = existing != nullptr ? existing->row.id : store.next_id(store::IdSpace::connection);
  row.name = connection.name;
  row.connector = connection.connector;
  row.config = write_json(connection.config);
  List origins;
  for (const auto& origin : connection.origins) {
    IEUM_TRY(const auto url, parse_url(origin));
    origins.push_back(url.origin());
  }
  row.origins = write_json(origins);
  row.created_ms = existing != nullptr ? existing->row.created_ms : context_.now();

  store::Unit unit;
  unit.writes.emplace_back(store::PutConnection{row});
  // Secrets were entered for the old destinations: new ones must not get them.
  IEUM_TRY(const auto destinations, origins_of(connector->manifest(), row, connection.config));
  const bool moved =
      existing != nullptr && leads_elsewhere(*existing, connector->manifest(), destinations, connection.config);
  if (moved) unit.writes.emplace_back(store::DropSecrets{row.id});
  const LiveConnection* kept = moved ? nullptr : existing;
  const auto made = make_secrets(connector->manifest(), kept, context_.parts.random, connection);
  IEUM_CHECK(host::check_entered(connector->manifest(), connection.config, connection.secrets, host::Typed::anyhow));
  IEUM_CHECK(host::check_proves(connector->manifest(), connection.config, connection.secrets));
  IEUM_CHECK(host::check_complete(connector->manifest(), connection.config, [&](std::string_view slot) {
    return std::any_of(connection.secrets.begin(), connection.secrets.end(),
                       [&](const auto& secret) { return secret.first == slot; }) ||
           (kept != nullptr && kept->secrets.contains(std::string(slot)));
  }));
  std::map<std::string, int> versions;
  if (existing != nullptr && !moved) {
    versions = existing->versions;
  }
  for (const auto& [slot, secret] : connection.secrets) {
    const int version = ++versions[slot];
    unit.writes.emplace_back(sealed_secret(context_, row.id, slot, version, secret, made.contains(slot)));
    if (version > 1)
      unit.writes.emplace_back(store::RetireSecrets{row.id, slot, version, context_.now() + kOverlapFor});
  }
  // What was entered may mend it; whether it does, the next step shows.
  unit.writes.emplace_back(store::PutHealth{{row.id, false, "", context_.now()}});
  IEUM_CHECK(committed(store.submit_and_wait(store::Queue::work, std::move(unit))));
  IEUM_CHECK(reload());
  if (existing != nullptr) wake_held();
  return row.id;
}

Status HubInside::remove_connection(const std::string& name) {
  std::lock_guard lock(commands_mutex_);
  const auto live = context_.live();
  const auto found = live->connections.find(name);
  if (found == live->connections.end())
    return Error("unknown_connection", "there is no connection \"" + name + "\"", "see: ieum connection list");
  for (const auto& [recipe_name, recipe] : live->recipes) {
    for (const auto& instruction : recipe->program->code) {
      if (instruction.kind != recipe::Instruction::Kind::use || !recipe->row.enabled) continue;
      const auto& use = std::get<recipe::Use>(instruction.step->verb);
      if ((use.connection.empty() ? use.connector : use.connection) == name) {
        return Error("connection_in_use", "recipe \"" + recipe_name + "\" uses connection \"" + name + "\"",
                     "disable the recipe first: ieum recipe disable " + recipe_name);
      }
    }
  }
  // What the hub made at the vendor goes while its credentials are still there.
  auto promise = std::make_shared<std::promise<void>>();
  auto removed = promise->get_future();
  context_.parts.engine.post([this, promise, id = found->second->row.id] {
    subscriptions_.remove_all(id, [promise] { promise->set_value(); });
  });
  context_.parts.engine.lend_hand();
  removed.get();
  IEUM_CHECK(committed(context_.parts.store.submit_and_wait(
      store::Queue::work, store::Unit{{store::RemoveConnection{found->second->row.id}}})));
  IEUM_CHECK(reload());
  wake_held();  // what it held fails now, and says why
  return {};
}

void HubInside::wake_held() {
  context_.parts.engine.post([this] { held_.wake(); });
}

Status HubInside::rotate_secret(const std::string& name, const std::string& slot, const Secret& secret, bool drop_old,
                                Millis overlap_for) {
  std::lock_guard lock(commands_mutex_);
  const auto live = context_.live();
  const auto found = live->connections.find(name);
  if (found == live->connections.end())
    return Error("unknown_connection", "there is no connection \"" + name + "\"", "see: ieum connection list");
  const auto& connection = *found->second;
  const bool known =
      connection.connector != nullptr &&
      std::any_of(connection.connector->manifest().fields.begin(), connection.connector->manifest().fields.end(),
                  [&](const host::Field& field) { return field.secret && field.name == slot; });
  if (!known)
    return Error("unknown_secret", "connector \"" + connection.row.connector + "\" has no secret \"" + slot + "\"",
                 "see: ieum connector show " + connection.row.connector);
  const auto at = connection.versions.find(slot);
  int version = at == connection.versions.end() ? 0 : at->second;
  store::Unit unit;
  if (!secret.empty() || !drop_old) {
    IEUM_CHECK(host::check_entered(connection.connector->manifest(), Map{}, {{slot, secret}}, host::Typed::anyhow));
    IEUM_CHECK(host::check_proves(connection.connector->manifest(), connection.config, {{slot, secret}}));
    unit.writes.emplace_back(sealed_secret(context_, connection.row.id, slot, ++version, secret));
    const Value config =
        host::with_derived_fields(connection.connector->manifest(), connection.config, {{slot, secret}});
    if (!(config == connection.config)) {
      auto row = connection.row;
      row.config = write_json(config);
      IEUM_CHECK(origins_of(connection.connector->manifest(), row, config));
      unit.writes.emplace_back(store::PutConnection{std::move(row)});
    }
    unit.writes.emplace_back(store::PutHealth{{connection.row.id, false, "", context_.now()}});
  }
  std::optional<Millis> until;
  if (!drop_old) until = context_.now() + overlap_for;
  unit.writes.emplace_back(store::RetireSecrets{connection.row.id, slot, version, until});
  IEUM_CHECK(committed(context_.parts.store.submit_and_wait(store::Queue::work, std::move(unit))));
  IEUM_CHECK(reload());
  wake_held();
  return {};
}

Result<Value> HubInside::reveal_secret(const std::string& name, const std::string& slot) const {
  const auto live = context_.live();
  const auto found = live->connections.find(name);
  if (found == live->connections.end())
    return Error("unknown_connection", "there is no connection \"" + name + "\"", "see: ieum connection list");
  const auto& connection = *found->second;
  const auto secret = connection.newest.find(slot);
  if (secret == connection.newest.end() || !connection.made.contains(slot))
    return Error("not_revealed", "the hub shows only secrets that it made itself, and \"" + slot + "\" is none",
                 "what was entered is at its vendor; to enter another: ieum connection rotate " + name + " " + slot);
  Map answer{{"slot", slot}, {"value", std::string(secret->second.reveal())}};
  for (const auto& field : connection.connector->manifest().fields) {
    if (field.name != slot || field.paste.empty()) continue;
    const std::string url = context_.parts.public_url.empty() ? "https://HUB" : context_.parts.public_url;
    std::string text = field.paste;
    replace_all(text, "{hook_url}", url + "/hooks/" + name);
    replace_all(text, "{secret}", secret->second.reveal());
    answer.set("paste", std::move(text));
  }
  return Value(std::move(answer));
}

Result<Value> HubInside::begin_login(const std::string& name) {
  // Kept by both: this thread may be gone before set_value() has ended.
  auto promise = std::make_shared<std::promise<Result<Value>>>();
  auto answer = promise->get_future();
  context_.parts.engine.post([this, promise, name] { promise->set_value(logins_.begin(name)); });
  context_.parts.engine.lend_hand();
  return answer.get();
}

void HubInside::finish_login(QueryPairs query, std::function<void(Result<std::string>)> done) {
  context_.parts.engine.post([this, query = std::move(query), done = std::move(done)] { logins_.finish(query, done); });
}

void HubInside::await_login(const std::string& login, Millis at_most_for, std::function<void(Result<Value>)> done) {
  context_.parts.engine.post(
      [this, login, at_most_for, done = std::move(done)] { logins_.await(login, at_most_for, done); });
}

void HubInside::look_after_credentials() {
  if (context_.stopping) return;
  tokens_.look_after();
  const Millis now = context_.now();
  const auto live = context_.live();  // each that is read anew puts another in force
  for (const auto& [id, connection] : live->connections_by_id) {
    if (!connection->changes_ms || *connection->changes_ms > now) continue;
    if (const auto loaded = context_.reload_connection(id); loaded.has_error())
      context_.parts.log.error("a connection cannot be read anew", {{"error", loaded.error().text()}});
  }
  if (!context_.parts.alarm) return;
  context_.parts.alarm(kHour, [this] { context_.parts.engine.post([this] { look_after_credentials(); }); });
}

Result<Value> HubInside::test_connection(const std::string& name) {
  const auto live = context_.live();
  const auto found = live->connections.find(name);
  if (found == live->connections.end())
    return Error("unknown_connection", "there is no connection \"" + name + "\"", "see: ieum connection list");
  const auto connection = found->second;
  if (connection->connector == nullptr || connection->connector->manifest().test_operation.empty()) {
    return Error("no_test", "connector \"" + connection->row.connector + "\" offers no test call");
  }
  auto promise = std::make_shared<std::promise<Result<Value>>>();
  auto answer = promise->get_future();
  context_.parts.engine.post([this, connection, promise] {
    probe(context_, connection, connection->connector->manifest().test_operation, Map{},
          [this, connection, promise](Result<Value> result) {
            if (result.has_error()) return promise->set_value(std::move(result));
            if (!connection->health) return promise->set_value(std::move(result));
            held_.mended(connection->row.id,
                         [promise, result = std::move(result)]() mutable { promise->set_value(std::move(result)); });
          });
  });
  context_.parts.engine.lend_hand();
  return answer.get();
}

Status HubInside::read_list(const std::string& name, const std::string& list) {
  const auto live = context_.live();
  const auto found = live->connections.find(name);
  if (found == live->connections.end())
    return Error("unknown_connection", "there is no connection \"" + name + "\"", "see: ieum connection list");
  const auto connection = found->second;
  const auto* resource = connection->connector == nullptr ? nullptr : connection->connector->manifest().resource(list);
  if (resource == nullptr)
    return Error("unknown_list", "connector \"" + connection->row.connector + "\" has no list \"" + list + "\"",
                 "see: ieum connector show " + connection->row.connector);
  if (connection->dead())
    return Error("connection_dead", connection->health->problem, "mend it, then: ieum connection test " + name);
  auto promise = std::make_shared<std::promise<Status>>();
  auto answer = promise->get_future();
  context_.parts.engine.post([this, connection, resource, promise] {
    worker_.resources().read_again(connection, *resource, [promise](const std::optional<host::FailEffect>& fail) {
      promise->set_value(fail ? Status(Error(fail->code, fail->message)) : Status());
    });
  });
  context_.parts.engine.lend_hand();
  return answer.get();
}

namespace {

constexpr Millis kSoonFor = 7 * kDay;

// How its credentials do: {"health": {"state": ok | problem | dead, "problem"?, "drift"?, "since"?}, "login"?, "tokens"?}.
void add_credentials_view(const LiveConnection& connection, Millis now, Map& entry) {
  const vault::AuthScheme* person = nullptr;
  if (connection.connector != nullptr) {
    const auto name = host::auth_of(connection.connector->manifest(), connection.config);
    const auto scheme = name ? connection.auth.find(*name) : connection.auth.end();
    if (scheme != connection.auth.end() && scheme->second.kind == vault::AuthScheme::Kind::oauth2_code)
      person = &scheme->second;
  }
  std::string problem;
  List tokens;
  for (const auto& [scheme, row] : connection.tokens) {
    Map token{{"scheme", scheme}, {"fetched_at", row.fetched_ms}};
    if (row.expires_ms) token.set("expires_at", *row.expires_ms);
    if (row.refresh_expires_ms) token.set("login_ends_at", *row.refresh_expires_ms);
    if (!row.scope.empty()) token.set("scope", row.scope);
    tokens.push_back(std::move(token));
    if (person == nullptr || person->name != scheme) continue;
    const bool renewable = connection.newest.contains(person->refresh_slot());
    const auto ends = renewable ? row.refresh_expires_ms : row.expires_ms;
    if (ends && *ends <= now + kSoonFor)
      problem = (*ends <= now ? "its login is over" : "its login ends within a week") + std::string("; log in again");
  }
  if (connection.dead()) problem = connection.health->problem;
  if (connection.awaits_login) problem = "nobody has logged in yet";
  const bool drifts = connection.health && !connection.dead();
  Map health{{"state", connection.awaits_login      ? "login"
                       : connection.dead()          ? "dead"
                       : problem.empty() && !drifts ? "ok"
                                                    : "problem"}};
  if (!problem.empty()) health.set("problem", problem);
  if (drifts) health.set("drift", connection.health->problem);
  if (connection.health) health.set("since", connection.health->since_ms);
  entry.set("health", std::move(health));
  if (person != nullptr) entry.set("login", person->name);
  if (!tokens.empty()) entry.set("tokens", std::move(tokens));
}

bool is_pasted(const LiveConnection& connection, const std::string& slot) {
  if (connection.connector == nullptr) return false;
  const auto& fields = connection.connector->manifest().fields;
  return std::any_of(fields.begin(), fields.end(),
                     [&](const host::Field& field) { return field.name == slot && !field.paste.empty(); });
}

// Where its deliveries come to: {"hook", "hook_url"?, "hook_secret"? (the slot that ends the address), "hook_by_hub"}.
void add_hook_view(const LiveConnection& connection, const std::string& public_url, Map& entry) {
  const auto& manifest = connection.connector->manifest();
  const std::string hook = "/hooks/" + connection.row.name;
  entry.set("hook", hook);
  if (!public_url.empty()) entry.set("hook_url", public_url + hook);
  if (const std::string slot = host::secret_of_address(manifest, connection.config); !slot.empty())
    entry.set("hook_secret", slot);
  entry.set("hook_by_hub", !manifest.subscriptions.empty());
}

}  // namespace

Result<std::vector<Value>> HubInside::deliveries(const std::string& connection, Id before, std::size_t limit) const {
  const auto live = context_.live();
  const auto found = live->connections.find(connection);
  if (found == live->connections.end())
    return Error("unknown_connection", "there is no connection \"" + connection + "\"", "see: ieum connection list");
  return acceptor_.recent().of(found->second->row.id, before, limit);
}

Result<std::vector<Value>> recent_deliveries(const Hub& hub, const std::string& connection, Id before,
                                             std::size_t limit) {
  return static_cast<const HubInside&>(hub).deliveries(connection, before, limit);
}

std::vector<Value> HubInside::connections() const {
  std::vector<Value> result;
  const auto live = context_.live();
  for (const auto& [name, connection] : live->connections) {
    List secrets, origins;
    for (const auto& [slot, versions] : connection->secrets)
      if (slot.find('.') == std::string::npos)  // fetched tokens are shown apart
        secrets.push_back(Map{{"slot", slot},
                              {"versions", static_cast<std::int64_t>(versions.size())},
                              {"made_by_hub", connection->made.contains(slot)},
                              {"paste", is_pasted(*connection, slot)}});
    for (const auto& origin : connection->origins) origins.push_back(origin);
    Map entry{{"name", name},
              {"connector", connection->row.connector},
              {"enabled", connection->row.enabled},
              {"installed", connection->connector != nullptr},
              {"config", connection->config},
              {"origins", std::move(origins)},
              {"secrets", std::move(secrets)}};
    if (connection->connector != nullptr && connection->connector->manifest().webhook)
      add_hook_view(*connection, context_.parts.public_url, entry);
    entry.set("testable",
              connection->connector != nullptr && !connection->connector->manifest().test_operation.empty());
    add_credentials_view(*connection, context_.now(), entry);
    if (auto polls = poller_.view(connection->row.id); !polls.empty()) entry.set("polls", std::move(polls));
    if (auto hooks = subscriptions_.view(connection->row.id); !hooks.empty())
      entry.set("subscriptions", std::move(hooks));
    List waiting;
    for (const auto& bucket : context_.quota.waiting(connection->account, context_.now()))
      waiting.push_back(Map{{"bucket", bucket.bucket}, {"key", bucket.key}, {"until_ms", bucket.until_ms}});
    if (!waiting.empty()) entry.set("quota", std::move(waiting));
    result.emplace_back(std::move(entry));
  }
  return result;
}

}  // namespace ieum::runtime
