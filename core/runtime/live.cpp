#include "runtime/live.hpp"

#include <set>

#include "base/digest.hpp"
#include "base/encoding.hpp"
#include "base/json.hpp"
#include "base/url.hpp"
#include "net/egress.hpp"
#include "runtime/stored_events.hpp"

namespace ieum::runtime {
namespace {

// The slot of what a person enters for a way to log in; "" for a login in the browser, and where nothing is needed.
std::string entered_slot(const vault::AuthScheme& scheme) {
  using Kind = vault::AuthScheme::Kind;
  if (scheme.kind == Kind::oauth2_code) return {};
  return scheme.kind == Kind::oauth2_client ? scheme.token.client_secret : scheme.slot;
}

// Of a credential that a person enters. One that the hub fetches for a login is each connection's own: nobody can tell whose
// other logins are. Never shown and never logged.
std::string account_of(const LiveConnection& live) {
  std::string own = "connection " + std::to_string(live.row.id);
  const auto name = host::auth_of(live.connector->manifest(), live.config);
  const auto scheme = live.auth.find(name.value_or(""));
  if (scheme == live.auth.end()) return own;
  const auto secret = live.newest.find(entered_slot(scheme->second));
  if (secret == live.newest.end()) return own;
  std::string told = live.row.connector + '\n' + scheme->first + '\n';
  if (!scheme->second.token.subject.empty()) told += live.config.text(scheme->second.token.subject) + '\n';
  for (const auto& origin : live.origins) told += origin + '\n';
  told += secret->second.reveal();
  return "credential " + hex_encode(sha256(told));
}

// Where the token machine sends client secrets and signed claims.
std::vector<std::string> token_places(const host::Manifest& manifest, const Value& config) {
  std::vector<std::string> places;
  const Value all = host::config_with_defaults(manifest, config);
  for (const auto& [name, description] : manifest.auth) {
    for (const char* key : {"token_url", "authorize_url"}) {
      const auto filled = vault::fill_fields(description.text(key), all);
      places.push_back(filled.has_value() ? *filled : "");
    }
  }
  return places;
}

Result<std::shared_ptr<const LiveConnection>> load_connection(store::ConnectionRow row, store::Reader& reader,
                                                              const host::Registry& connectors,
                                                              const vault::Vault& vault, Millis now_ms, Log& log) {
  auto live = std::make_shared<LiveConnection>();
  live->row = std::move(row);
  IEUM_TRY(live->config, parse_json(live->row.config));
  IEUM_TRY(auto sealed, reader.secrets(live->row.id));
  for (const auto& secret : sealed) {
    if (secret.until_ms && *secret.until_ms <= now_ms) continue;
    if (secret.until_ms && (!live->changes_ms || *secret.until_ms < *live->changes_ms))
      live->changes_ms = secret.until_ms;
    const bool newest = live->versions.try_emplace(secret.slot, secret.version).second;
    if (newest && secret.made_by_hub) live->made.insert(secret.slot);
    auto opened = vault.open(secret.sealed, vault::secret_binding(live->row.id, secret.slot, secret.version));
    if (opened.has_error()) return std::move(opened.error()).at("connection " + live->row.name + ", " + secret.slot);
    live->redactor.add(*opened);
    const std::string field = secret.slot.substr(0, secret.slot.find('/'));  // an element's own belongs to the field
    live->newest.try_emplace(field, *opened);
    live->secrets[field].push_back(std::move(*opened));
  }
  IEUM_TRY(auto tokens, reader.tokens(live->row.id));
  for (auto& token : tokens) live->tokens.emplace(token.scheme, std::move(token));
  IEUM_TRY(live->health, reader.health(live->row.id));
  live->account = "connection " + std::to_string(live->row.id);
  live->connector = connectors.find(live->row.connector);
  if (live->connector == nullptr) {
    log.warning("a connection's connector is not installed; its deliveries are kept and its steps fail",
                {{"connection", live->row.name}, {"connector", live->row.connector}});
    return std::shared_ptr<const LiveConnection>(std::move(live));
  }
  const auto& manifest = live->connector->manifest();
  live->all_config = host::config_with_defaults(manifest, live->config);
  live->limits = std::make_shared<const host::Limits>(host::limits_of(manifest, live->all_config));
  IEUM_TRY(live->origins, origins_of(manifest, live->row, live->config));
  for (const auto& origin : live->origins) {
    if (auto url = parse_url(origin); url.has_value() && net::parse_address(url->host)) {
      live->private_addresses.push_back(url->host);
    }
  }
  for (const auto& [name, description] : manifest.auth) {
    IEUM_TRY(auto scheme, vault::parse_auth(description, name));
    live->auth.emplace(name, std::move(scheme));
  }
  live->account = account_of(*live);
  const auto chosen = host::auth_of(manifest, live->config);
  const auto scheme = chosen ? live->auth.find(*chosen) : live->auth.end();
  if (scheme != live->auth.end() && scheme->second.kind == vault::AuthScheme::Kind::oauth2_code)
    live->awaits_login =
        !live->newest.contains(scheme->second.access_slot()) && !live->newest.contains(scheme->second.refresh_slot());
  return std::shared_ptr<const LiveConnection>(std::move(live));
}

// Every event that an instance of the recipe listens for, once it runs or is watched for.
template <class Take>
void each_listened(const recipe::Program& program, const Take& take) {
  for (const auto& exit : program.recipe.exit_on) take(exit);
  if (program.recipe.absent) take(program.recipe.absent->match);
  if (program.recipe.goal) take(program.recipe.goal->match);
  for (const auto& instruction : program.code) {
    if (instruction.kind != recipe::Instruction::Kind::wait_for) continue;
    for (const auto& awaited : std::get<recipe::WaitFor>(instruction.step->verb).events) take(awaited.match);
  }
}

std::set<std::string> listened_events(const recipe::Program& program) {
  std::set<std::string> events;
  each_listened(program, [&](const recipe::EventMatch& match) { events.insert(match.event); });
  return events;
}

void hear(const recipe::Program& program, Live& live) {
  each_listened(program, [&](const recipe::EventMatch& match) { live.heard.emplace(match.event, match.connection); });
}

}  // namespace

bool LiveConnection::can_log_in() const {
  if (connector == nullptr) return false;
  const auto name = host::auth_of(connector->manifest(), all_config);
  if (!name || name->empty()) return name.has_value();
  const auto& scheme = auth.at(*name);
  if (scheme.kind == vault::AuthScheme::Kind::oauth2_code) return !awaits_login;
  const std::string slot = entered_slot(scheme);
  return slot.empty() || newest.contains(slot);
}

bool Live::wants(const LiveConnection& connection, const std::string& topic) const {
  const auto hears = [&](const std::string& event) {
    return heard.contains({event, ""}) || heard.contains({event, connection.row.name});
  };
  if (hears(connection.row.connector + "/" + topic)) return true;
  const auto* spec = connection.connector == nullptr ? nullptr : connection.connector->manifest().event_or_any(topic);
  return spec != nullptr && !spec->means.empty() && hears(spec->means);
}

bool leads_elsewhere(const LiveConnection& connection, const host::Manifest& manifest,
                     const std::vector<std::string>& origins, const Value& config) {
  return connection.origins != origins || token_places(manifest, connection.config) != token_places(manifest, config);
}

Result<std::vector<std::string>> origins_of(const host::Manifest& manifest, const store::ConnectionRow& row,
                                            const Value& config) {
  if (auto own = parse_json(row.origins); own.has_value() && own->if_list() != nullptr && !own->if_list()->empty()) {
    std::vector<std::string> origins;
    for (const auto& origin : *own->if_list()) {
      if (const auto* text = origin.if_string()) origins.push_back(*text);
    }
    return origins;
  }
  return host::connection_origins(manifest, config);
}

Result<std::shared_ptr<const recipe::Program>> compile_version(const store::RecipeVersionRow& version) {
  auto read =
      recipe::read_recipe(version.source, version.format == "json" ? recipe::Format::json : recipe::Format::yaml);
  if (!read.recipe) {
    return Error("recipe_unreadable", "a stored recipe cannot be read by this version of the hub",
                 read.findings.empty() ? "apply it again" : recipe::finding_text("recipe", read.findings.front()));
  }
  return recipe::compile(std::move(*read.recipe));
}

// Runs that stayed on an older version hear what that version listens for.
static Status listen_for_older_runs(store::Reader& reader, Live& live, Log& log) {
  IEUM_TRY(const auto versions, reader.live_versions());
  for (const auto& of : versions) {
    const auto current = live.recipes_by_id.find(of.recipe);
    if (current == live.recipes_by_id.end()) continue;
    if (current->second->row.current_version == of.version) {
      hear(*current->second->program, live);
      continue;
    }
    IEUM_TRY(const auto version, reader.recipe_version(of.version));
    if (!version) continue;
    auto program = compile_version(*version);
    if (program.has_error()) {
      log.warning("an older version of a recipe cannot be read; its runs do not go on",
                  {{"recipe", current->second->row.name}, {"error", program.error().text()}});
      continue;
    }
    hear(**program, live);
    if ((*program)->recipe.about.empty()) continue;
    const auto older = std::make_shared<LiveRecipe>(LiveRecipe{current->second->row, version->hash, *program});
    for (const auto& event : listened_events(*older->program)) live.by_listened[event].push_back(older);
  }
  return {};
}

Result<std::shared_ptr<const LiveConnection>> load_live_connection(Id id, store::Reader& reader,
                                                                   const host::Registry& connectors,
                                                                   const vault::Vault& vault, Millis now_ms, Log& log) {
  IEUM_TRY(auto rows, reader.connections());
  for (auto& row : rows)
    if (row.id == id) return load_connection(std::move(row), reader, connectors, vault, now_ms, log);
  return std::shared_ptr<const LiveConnection>();
}

namespace {

const store::HoldRow* find_hold(const Live& live, Id recipe, const store::ConnectionRow& connection, bool released) {
  if (live.holds.empty()) return nullptr;
  const auto known = live.recipes_by_id.find(recipe);
  const std::string name = known == live.recipes_by_id.end() ? std::string() : known->second->row.name;
  const auto found = std::find_if(live.holds.begin(), live.holds.end(), [&](const store::HoldRow& hold) {
    return hold.released() == released &&
           (hold.of_hub() || hold.name == (hold.kind == "recipe"       ? name
                                           : hold.kind == "connection" ? connection.name
                                                                       : connection.connector));
  });
  return found == live.holds.end() ? nullptr : &*found;
}

}  // namespace

const store::HoldRow* Live::hold_over(Id recipe, const LiveConnection& connection) const {
  return find_hold(*this, recipe, connection.row, false);
}

const store::HoldRow* Live::release_over(Id recipe, const LiveConnection& connection) const {
  return find_hold(*this, recipe, connection.row, true);
}

Result<std::shared_ptr<const Live>> load_live(store::Reader& reader, const host::Registry& connectors,
                                              const vault::Vault& vault, Millis now_ms, Log& log) {
  auto live = std::make_shared<Live>();
  IEUM_TRY(auto connections, reader.connections());
  for (auto& row : connections) {
    IEUM_TRY(auto connection, load_connection(std::move(row), reader, connectors, vault, now_ms, log));
    live->connections_by_id[connection->row.id] = connection;
    live->connections[connection->row.name] = connection;
  }
  IEUM_TRY(auto recipes, reader.recipes());
  for (auto& row : recipes) {
    IEUM_TRY(auto version, reader.recipe_version(row.current_version));
    if (!version) continue;
    auto program = compile_version(*version);
    if (program.has_error()) return std::move(program.error()).at("recipe " + row.name);
    auto recipe = std::make_shared<LiveRecipe>(LiveRecipe{std::move(row), version->hash, std::move(*program)});
    live->recipes[recipe->row.name] = recipe;
    live->recipes_by_id[recipe->row.id] = recipe;
    const auto& definition = recipe->program->recipe;
    if (!definition.about.empty())
      for (const auto& event : listened_events(*recipe->program)) live->by_listened[event].push_back(recipe);
    if (!recipe->row.enabled) continue;
    hear(*recipe->program, *live);
    if (!definition.schedule) live->heard.emplace(definition.trigger.event, definition.trigger.connection);
    live->by_trigger[definition.schedule ? schedule_event_name(definition.name) : definition.trigger.event].push_back(
        recipe);
  }
  IEUM_CHECK(listen_for_older_runs(reader, *live, log));
  IEUM_TRY(live->holds, reader.holds());
  return std::shared_ptr<const Live>(std::move(live));
}

}  // namespace ieum::runtime
