// What people ask of a running hub: connections and runs (recipes: hub_recipes.cpp). Each command is committed and in force when it returns.
#include <algorithm>

#include "base/ids.hpp"
#include "base/json.hpp"
#include "base/url.hpp"
#include "runtime/hub_parts.hpp"
#include "runtime/probe.hpp"
#include "runtime/recipe_catalog.hpp"

namespace ieum::runtime {

Status committed(const store::UnitOutcome& outcome) {
  using Kind = store::UnitOutcome::Kind;
  if (outcome.kind == Kind::committed) return {};
  if (outcome.error) return *outcome.error;
  return Error("moved_on", "it changed while the command was decided on", "try again");
}

namespace {

// Checks config and secrets against the manifest's fields.
Status check_fields(const host::Manifest& manifest, const NewConnection& connection, const LiveConnection* existing) {
  if (!connection.config.is_map()) return Error("bad_config", "the config must be an object of fields");
  for (const auto& [name, value] : *connection.config.if_map()) {
    const auto* text = name.if_string();
    const host::Field* field = nullptr;
    for (const auto& known : manifest.fields) {
      if (text != nullptr && known.name == *text) field = &known;
    }
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
  }
  for (const auto& [slot, secret] : connection.secrets) {
    const auto known = std::any_of(manifest.fields.begin(), manifest.fields.end(),
                                   [&](const host::Field& field) { return field.secret && field.name == slot; });
    if (!known)
      return Error("unknown_secret", "connector \"" + manifest.name + "\" has no secret \"" + slot + "\"",
                   "see: ieum connector show " + manifest.name);
    if (secret.reveal().size() < 6)
      return Error("secret_too_short", "the secret \"" + slot + "\" is shorter than 6 bytes",
                   "take one that cannot be guessed");
  }
  for (const auto& field : manifest.fields) {
    if (!field.required) continue;
    const bool given = field.secret ? std::any_of(connection.secrets.begin(), connection.secrets.end(),
                                                  [&](const auto& s) { return s.first == field.name; }) ||
                                          (existing != nullptr && existing->secrets.contains(field.name))
                                    : connection.config.get(field.name) != nullptr || field.fallback.has_value();
    if (!given)
      return Error(field.secret ? "missing_credential" : "missing_field",
                   "connector \"" + manifest.name + "\" needs \"" + field.name + "\"" +
                       (field.help.en.empty() ? "" : ": " + field.help.en));
  }
  return {};
}

}  // namespace

Status HubInside::reload() {
  IEUM_TRY(auto live,
           load_live(*commands_reader_, context_.parts.connectors, context_.parts.vault, context_.parts.log));
  context_.set_live(std::move(live));
  // A schedule, or what vendors are asked for, may have come, changed or gone.
  context_.parts.engine.post([this] {
    look_after_vendors();
    if (routing_open_) scheduler_.pass();
  });
  return {};
}

Result<Id> HubInside::put_connection(const NewConnection& connection) {
  std::lock_guard lock(commands_mutex_);
  if (!is_name(connection.name))
    return Error("bad_name", "\"" + connection.name + "\" cannot be a name",
                 "use a-z, 0-9, - and _, beginning with a letter");
  const auto* connector = context_.parts.connectors.find(connection.connector);
  if (connector == nullptr)
    return Error("unknown_connector", "there is no connector \"" + connection.connector + "\"",
                 "see: ieum connector list");
  const auto live = context_.live();
  const auto found = live->connections.find(connection.name);
  const LiveConnection* existing = found == live->connections.end() ? nullptr : found->second.get();
  if (existing != nullptr && existing->row.connector != connection.connector) {
    return Error("connection_taken",
                 "connection \"" + connection.name + "\" belongs to connector \"" + existing->row.connector + "\"",
                 "choose another name or remove it first");
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
  unit.writes.push_back(store::PutConnection{row});
  // Secrets were entered for the old destinations: new ones must not get them.
  IEUM_TRY(const auto destinations, origins_of(connector->manifest(), row, connection.config));
  const bool moved = existing != nullptr && existing->origins != destinations;
  if (moved) unit.writes.push_back(store::DropSecrets{row.id});
  IEUM_CHECK(check_fields(connector->manifest(), connection, moved ? nullptr : existing));
  std::map<std::string, int> versions;
  if (existing != nullptr && !moved) {
    for (const auto& [slot, secrets] : existing->secrets) versions[slot] = static_cast<int>(secrets.size());
  }
  for (const auto& [slot, secret] : connection.secrets) {
    store::SecretRow sealed;
    sealed.connection = row.id;
    sealed.slot = slot;
    sealed.version = ++versions[slot];
    sealed.sealed = context_.parts.vault.seal(secret, vault::secret_binding(row.id, slot, sealed.version));
    sealed.created_ms = context_.now();
    unit.writes.push_back(store::PutSecret{std::move(sealed)});
  }
  IEUM_CHECK(committed(store.submit_and_wait(store::Queue::work, std::move(unit))));
  IEUM_CHECK(reload());
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
  return reload();
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
          [promise](Result<Value> result) { promise->set_value(std::move(result)); });
  });
  context_.parts.engine.lend_hand();
  return answer.get();
}

Status HubInside::change_run(Id run, const RunWork& work) { return change_runs({run}, work).front(); }

std::vector<Status> HubInside::change_runs(const std::vector<Id>& runs, const RunWork& work) {
  std::vector<std::future<Status>> answers;
  for (const Id run : runs) {
    auto promise = std::make_shared<std::promise<Status>>();
    answers.push_back(promise->get_future());
    context_.parts.engine.post([this, run, work, promise] {
      change_on_engine(run, work, [promise](Status status) { promise->set_value(std::move(status)); });
    });
  }
  context_.parts.engine.lend_hand();
  std::vector<Status> results;
  for (auto& answer : answers) results.push_back(answer.get());
  return results;
}

void HubInside::change_on_engine(Id run, const RunWork& work, const std::function<void(Status)>& done) {
  const auto first = context_.reader->run(run);
  if (first.has_error()) return done(first.error());
  if (!*first) return done(Error("unknown_run", "there is no run " + std::to_string(run), "see: ieum run list"));
  context_.locks.acquire({run_lock(**first)}, [this, run, work, done](KeyLocks::Ticket ticket) {
    const auto leave = [this, ticket, done](Status status) {
      context_.locks.release(ticket);
      done(std::move(status));
    };
    const auto stored = context_.reader->run(run);
    if (stored.has_error() || !*stored) return leave(Error("unknown_run", "the run cannot be read"));
    auto unit = work(**stored);
    if (unit.has_error()) return leave(unit.error());
    if (unit->writes.empty()) return leave({});
    context_.commit(std::move(*unit), [this, run, leave](const store::UnitOutcome& outcome) {
      if (const auto moved = context_.reader->run(run); moved.has_value() && *moved) context_.tell_run(**moved);
      leave(committed(outcome));
      scheduler_.pass();
    });
  });
}

Status HubInside::cancel_run(Id run) {
  return change_run(run, [this](const store::RunRow& row) { return cancel_of(row); });
}

Result<store::Unit> HubInside::cancel_of(const store::RunRow& row) {
  if (store::is_terminal(row.state)) return Error("run_ended", "the run has ended already");
  store::Unit unit;
  unit.writes.push_back(
      end_run(row, store::RunState::cancelled, "cancelled", context_.parts.store.epoch(), context_.now()));
  IEUM_TRY(const auto step, context_.reader->open_step(row.id));
  if (step && step->state == store::StepState::intent && !worker_.in_flight(row.id)) {
    store::MoveStep cancel;
    cancel.step = step->id;
    cancel.from = step->state;
    cancel.expected_attempt = cancel.attempt = step->attempt;
    cancel.to = store::StepState::cancelled;
    cancel.error_code = "cancelled";
    cancel.closed_ms = context_.now();
    unit.writes.push_back(std::move(cancel));
  }
  return unit;
}

Status HubInside::retry_run(Id run) {
  return change_run(run, [this](const store::RunRow& row) -> Result<store::Unit> {
    if (row.state != store::RunState::in_doubt)
      return Error("not_in_doubt", "the run is not in doubt", "only a step whose fate is unknown can be sent again");
    IEUM_TRY(const auto step, context_.reader->open_step(row.id));
    if (!step) return Error("not_in_doubt", "the run has no open step");
    store::MoveStep again;
    again.step = step->id;
    again.from = step->state;
    again.expected_attempt = again.attempt = step->attempt;
    auto move = end_run(row, store::RunState::acting, {}, context_.parts.store.epoch(), 0);
    move.ended_ms.reset();
    move.due_ms = context_.now();
    return store::Unit{{std::move(move), std::move(again)}};
  });
}

Result<std::string> HubInside::send_event(const std::string& connection, const std::string& topic, const Value& data) {
  const auto live = context_.live();
  const auto found = live->connections.find(connection);
  if (found == live->connections.end())
    return Error("unknown_connection", "there is no connection \"" + connection + "\"", "see: ieum connection list");
  return acceptor_.put(*found->second, topic, write_json(data));
}

std::vector<Value> HubInside::connections() const {
  std::vector<Value> result;
  const auto live = context_.live();
  for (const auto& [name, connection] : live->connections) {
    List secrets, origins;
    for (const auto& [slot, versions] : connection->secrets)
      secrets.push_back(Map{{"slot", slot}, {"versions", static_cast<std::int64_t>(versions.size())}});
    for (const auto& origin : connection->origins) origins.push_back(origin);
    Map entry{{"name", name},
              {"connector", connection->row.connector},
              {"enabled", connection->row.enabled},
              {"installed", connection->connector != nullptr},
              {"config", connection->config},
              {"origins", std::move(origins)},
              {"secrets", std::move(secrets)}};
    if (connection->connector != nullptr && connection->connector->manifest().webhook)
      entry.set("hook", "/hooks/" + name);
    if (auto polls = poller_.view(connection->row.id); !polls.empty()) entry.set("polls", std::move(polls));
    if (auto hooks = subscriptions_.view(connection->row.id); !hooks.empty())
      entry.set("subscriptions", std::move(hooks));
    List waiting;
    for (const auto& bucket : context_.quota.waiting(connection->row.id, context_.now()))
      waiting.push_back(Map{{"bucket", bucket.bucket}, {"key", bucket.key}, {"until_ms", bucket.until_ms}});
    if (!waiting.empty()) entry.set("quota", std::move(waiting));
    result.push_back(std::move(entry));
  }
  return result;
}

std::vector<Value> HubInside::recipes() const {
  std::vector<Value> result;
  const auto live = context_.live();
  for (const auto& [name, recipe] : live->recipes) {
    result.push_back(Map{{"id", recipe->row.id},
                         {"name", name},
                         {"title", recipe->program->recipe.title},
                         {"enabled", recipe->row.enabled},
                         {"version", recipe->row.current_version},
                         {"hash", recipe->hash},
                         {"trigger", recipe->program->recipe.trigger.event}});
  }
  return result;
}

std::unique_ptr<recipe::Catalog> HubInside::catalog() const {
  return make_catalog(context_.parts.connectors, context_.live(), context_.parts.zones);
}

std::uint64_t HubInside::subscribe(std::function<void(const RunNews&)> listener) {
  std::lock_guard lock(listeners_mutex_);
  listeners_[++last_listener_] = std::move(listener);
  return last_listener_;
}

void HubInside::unsubscribe(std::uint64_t handle) {
  std::lock_guard lock(listeners_mutex_);
  listeners_.erase(handle);
}

}  // namespace ieum::runtime
