// The statements of each write. Guards were judged in applier.cpp, in the same transaction.
#include "store/applier.hpp"

namespace ieum::store {

int Applier::insert(const EventRow& event, const PayloadRow& payload, Tally& tally) {
  int code =
      run("INSERT INTO event (id, connection, topic, received_ms, state, reason) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
          event.id, event.connection, event.topic, event.received_ms, event.state, event.reason);
  if (code == SQLITE_OK)
    code = run("INSERT INTO payload (event, method, path, headers, body) VALUES (?1, ?2, ?3, ?4, ?5)", event.id,
               payload.method, payload.path, payload.headers, Blob{payload.body});
  tally.event_added(event.state, event.received_ms);
  return code;
}

int Applier::apply(const AcceptEvent& write, const Note& note, Tally& tally) {
  const int code = insert(write.event, write.payload, tally);
  if (code != SQLITE_OK || write.dedupe_key.empty()) return code;
  return dedupe_.add(note.dedupe, write.event.received_ms, write.event.id);
}

int Applier::apply(const AcceptItem& write, const Note&, Tally& tally) {
  if (write.dedupe_key.empty()) return insert(write.event, write.payload, tally);
  const auto key = Dedupe::key(write.event.connection, write.dedupe_key);
  Id first = 0;
  int code = dedupe_.find(key, write.event.received_ms, first);
  if (code == SQLITE_OK && first == 0 && !write.other_key.empty())
    code = dedupe_.find(Dedupe::key(write.event.connection, write.other_key), write.event.received_ms, first);
  if (code != SQLITE_OK) return code;
  if (first != 0) {  // a list that shows it on is not to bring it back when the first week is over
    passed_over_.push_back(write.event.id);
    return dedupe_.renew(key, write.event.received_ms, first);
  }
  code = insert(write.event, write.payload, tally);
  return code == SQLITE_OK ? dedupe_.add(key, write.event.received_ms, write.event.id) : code;
}

int Applier::apply(const NoteFact& write, const Note&, Tally&) {
  const auto key = Dedupe::key(write.connection, write.key);
  Id first = 0;
  const int code = dedupe_.find(key, write.received_ms, first);
  if (code != SQLITE_OK) return code;
  return dedupe_.renew(key, write.received_ms, first == 0 ? write.event : first);
}

int Applier::apply(const SettleEvent& write, const Note&, Tally& tally) {
  tally.event_moved(write.from, write.to);
  return run("UPDATE event SET state = ?2, reason = ?3 WHERE id = ?1", write.event, write.to, write.reason);
}

int Applier::apply(const StartRun& write, const Note&, Tally& tally) {
  const RunRow& row = write.run;
  tally.run_added({row.recipe, row.version}, row.state, row.started_ms);
  int code = run(
      "INSERT INTO run (id, recipe, version, customer, key, state, rev, lease_epoch, at_step, due_ms, trigger_event,"
      " trigger_item, started_ms, ended_ms, reason)"
      " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15)",
      row.id, row.recipe, row.version, row.customer, row.key, row.state, row.rev, row.lease_epoch, row.at_step,
      row.due_ms, row.trigger_event, row.trigger_item, row.started_ms, row.ended_ms, row.reason);
  if (code == SQLITE_OK && !row.vars.empty())
    code = run("INSERT INTO run_vars (run, vars) VALUES (?1, ?2)", row.id, row.vars);
  if (row.state == RunState::failed)
    troubles_.push_back({row.id, row.recipe, row.state, row.at_step, row.reason, row.started_ms});
  return code;
}

int Applier::apply(const MoveRun& write, const Note& note, Tally& tally) {
  tally.run_moved(note.of, note.run_state, write.state, write.ended_ms.value_or(0));
  if (write.version) tally.run_changed(note.of, *write.version, write.state);
  int code =
      run("UPDATE run SET state = ?2, rev = ?3, lease_epoch = ?4, at_step = ?5, due_ms = ?6, ended_ms = ?7, reason = ?8"
          " WHERE id = ?1",
          write.run, write.state, write.expected_rev + 1, write.lease_epoch, write.at_step, write.due_ms,
          write.ended_ms, write.reason);
  if (code == SQLITE_OK && write.vars)
    code = run("INSERT INTO run_vars (run, vars) VALUES (?1, ?2) ON CONFLICT (run) DO UPDATE SET vars = excluded.vars",
               write.run, *write.vars);
  if (code == SQLITE_OK && write.version)
    code = run("UPDATE run SET version = ?2 WHERE id = ?1", write.run, *write.version);
  const bool trouble = write.state == RunState::failed || write.state == RunState::in_doubt;
  if (trouble && note.run_state != write.state)
    troubles_.push_back(
        {write.run, note.of.recipe, write.state, write.at_step, write.reason, write.ended_ms.value_or(0)});
  if (code != SQLITE_OK || !is_terminal(write.state)) return code;
  code = run("DELETE FROM listener WHERE owner = ?1", write.run);
  if (code == SQLITE_OK) code = run("DELETE FROM told WHERE run = ?1", write.run);
  if (code == SQLITE_OK)
    code = run("UPDATE step SET state = 4, closed_ms = ?2 WHERE run = ?1 AND state = 6", write.run, write.ended_ms);
  return code;
}

int Applier::apply(const OpenStep& write, const Note&, Tally& tally) {
  const StepRow& row = write.step;
  if (row.state == StepState::intent) tally.step_opened(row.opened_ms);
  std::optional<Id> decision;
  if (row.decision != 0) decision = row.decision;
  return run(
      "INSERT INTO step (id, run, step, iteration, state, attempt, key, connection, operation, decision,"
      " reaches_customer, inputs, continuation, exchange, output, error_code, error_text, opened_ms, closed_ms)"
      " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19)",
      row.id, row.run, row.step, row.iteration, row.state, row.attempt, row.key, row.connection, row.operation,
      decision, row.reaches_customer, row.inputs, row.continuation, row.exchange, row.output, row.error_code,
      row.error_text, row.opened_ms, row.closed_ms);
}

int Applier::apply(const MoveStep& write, const Note&, Tally&) {
  return run(
      "UPDATE step SET state = ?2, attempt = ?3, continuation = coalesce(?4, continuation),"
      " exchange = coalesce(?5, exchange), output = coalesce(?6, output), error_code = ?7, error_text = ?8,"
      " closed_ms = ?9 WHERE id = ?1",
      write.step, write.to, write.attempt, write.continuation, write.exchange, write.output, write.error_code,
      write.error_text, write.closed_ms);
}

int Applier::apply(const PutDecision& write, const Note&, Tally&) {
  const DecisionRow& row = write.decision;
  return run(
      "INSERT INTO decision (id, run, customer, step, at_ms, allowed, reason, channel, message_class, basis, until_ms)"
      " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)",
      row.id, row.run, row.customer, row.step, row.at_ms, row.allowed, row.reason, row.channel, row.message_class,
      row.basis, row.until_ms);
}

int Applier::apply(const AddListener& write, const Note&, Tally&) {
  const ListenerRow& row = write.row;
  return run(
      "INSERT INTO listener (event, shape, value, owner, for_life) VALUES (?1, ?2, ?3, ?4, ?5)"
      " ON CONFLICT (event, shape, value, owner) DO UPDATE SET for_life = max(for_life, excluded.for_life)",
      row.event, row.shape, row.value, row.owner, row.for_life);
}

int Applier::apply(const AddTold& write, const Note&, Tally&) {
  const ToldRow& row = write.row;
  return run(
      "INSERT INTO told (run, step_key, name, at_ms, event, fields) SELECT ?1, ?2, ?3, ?4, ?5, ?6"
      " WHERE (SELECT count(*) FROM told WHERE run = ?1) < 100"
      " ON CONFLICT (run, step_key, name, at_ms, event) DO NOTHING",
      row.run, row.step_key, row.name, row.at_ms, row.event, row.fields);
}

int Applier::apply(const DropListeners& write, const Note&, Tally&) {
  return run("DELETE FROM listener WHERE owner = ?1 AND for_life = 0", write.owner);
}

int Applier::apply(const PutAbsence& write, const Note&, Tally&) {
  const AbsenceRow& row = write.row;
  return run(
      "INSERT INTO absence (id, recipe, customer, key, due_ms, event, item, at_ms)"
      " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8) ON CONFLICT (recipe, customer, key) DO UPDATE SET"
      " due_ms = excluded.due_ms, event = excluded.event, item = excluded.item, at_ms = excluded.at_ms",
      row.id, row.recipe, row.customer, row.key, row.due_ms, row.event, row.item, row.at_ms);
}

int Applier::apply(const DropAbsence& write, const Note&, Tally&) {
  const int code = run("DELETE FROM listener WHERE owner = ?1", -write.absence);
  return code == SQLITE_OK ? run("DELETE FROM absence WHERE id = ?1", write.absence) : code;
}

int Applier::apply(const AddConversion& write, const Note&, Tally&) {
  const ConversionRow& row = write.row;
  return run("INSERT INTO conversion (run, event, at_ms, value) VALUES (?1, ?2, ?3, ?4) ON CONFLICT (run) DO NOTHING",
             row.run, row.event, row.at_ms, row.value);
}

int Applier::apply(const AddCustomer& write, const Note&, Tally&) {
  const CustomerRow& row = write.customer;
  int code = run("INSERT INTO customer (id, rev, created_ms) VALUES (?1, ?2, ?3)", row.id, row.rev, row.created_ms);
  if (code == SQLITE_OK && !row.traits.empty())
    code = run("INSERT INTO customer_traits (customer, traits) VALUES (?1, ?2)", row.id, row.traits);
  return code;
}

int Applier::apply(const AddIdentity& write, const Note&, Tally&) {
  const IdentityRow& row = write.identity;
  return run(
      "INSERT INTO identity (kind, value, customer, added_ms) VALUES (?1, ?2, ?3, ?4)"
      " ON CONFLICT (kind, value) DO NOTHING",
      row.kind, row.value, row.customer, row.added_ms);
}

int Applier::apply(const TouchCustomer& write, const Note&, Tally&) {
  return run("UPDATE customer SET rev = ?2 WHERE id = ?1", write.customer, write.expected_rev + 1);
}

int Applier::apply(const SetTraits& write, const Note&, Tally&) {
  return run(
      "INSERT INTO customer_traits (customer, traits) VALUES (?1, ?2)"
      " ON CONFLICT (customer) DO UPDATE SET traits = excluded.traits",
      write.customer, write.traits);
}

int Applier::apply(const AddHistory& write, const Note&, Tally&) {
  const HistoryRow& row = write.row;
  return run(
      "INSERT INTO history (id, customer, name, at_ms, received_ms, event, source_key, fields)"
      " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)"
      " ON CONFLICT (customer, name, source_key) WHERE source_key <> '' DO NOTHING",
      row.id, row.customer, row.name, row.at_ms, row.received_ms, row.event, row.source_key, row.fields);
}

int Applier::apply(const AddOptOut& write, const Note&, Tally&) {
  const OptOutRow& row = write.row;
  return run(
      "INSERT INTO opt_out (customer, topic, channel, at_ms, source) VALUES (?1, ?2, ?3, ?4, ?5)"
      " ON CONFLICT (customer, topic, channel) DO NOTHING",
      row.customer, row.topic, row.channel, row.at_ms, row.source);
}

int Applier::apply(const AddTouch& write, const Note&, Tally&) {
  const TouchRow& row = write.row;
  return run(
      "INSERT INTO touch (event, customer, run, step, recipe, step_name, kind, at_ms, machine, link, url)"
      " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)",
      row.event, row.customer, row.run, row.step, row.recipe, row.step_name, row.kind, row.at_ms, row.machine, row.link,
      row.url);
}

int Applier::apply(const AddFanOut& write, const Note&, Tally&) {
  const FanOutRow& row = write.row;
  return run(
      "INSERT INTO fan_out (event, recipe, at_ms, behind, looked, met, started) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)"
      " ON CONFLICT DO NOTHING",
      row.event, row.recipe, row.at_ms, row.behind, row.looked, row.met, row.started);
}

Verdict Applier::check(const MoveFanOut& write, Note&) {
  bool holds = false;
  const int code = ask(
      "SELECT behind = ?2 FROM fan_out WHERE event = ?1", [&](Columns columns) { holds = columns.truth(); },
      write.row.event, write.from);
  if (code != SQLITE_ROW && code != SQLITE_DONE) return Verdict::of(code);
  return holds ? Verdict{} : Verdict::stale();
}

int Applier::apply(const MoveFanOut& write, const Note&, Tally&) {
  const FanOutRow& row = write.row;
  if (write.done) return run("DELETE FROM fan_out WHERE event = ?1", row.event);
  return run("UPDATE fan_out SET behind = ?2, looked = ?3, met = ?4, started = ?5 WHERE event = ?1", row.event,
             row.behind, row.looked, row.met, row.started);
}

int Applier::apply(const AddConsent& write, const Note&, Tally&) {
  const ConsentRow& row = write.row;
  return run(
      "INSERT INTO consent (customer, purpose, channel, word, at_ms, received_ms, source, evidence, event)"
      " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
      row.customer, row.purpose, row.channel, row.word, row.at_ms, row.received_ms, row.source, row.evidence,
      row.event);
}

int Applier::apply(const PutConnection& write, const Note&, Tally&) {
  const ConnectionRow& row = write.row;
  return run(
      "INSERT INTO connection (id, name, connector, config, origins, enabled, created_ms)"
      " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)"
      " ON CONFLICT (name) DO UPDATE SET connector = excluded.connector, config = excluded.config,"
      " origins = excluded.origins, enabled = excluded.enabled",
      row.id, row.name, row.connector, row.config, row.origins, row.enabled, row.created_ms);
}

int Applier::apply(const RemoveConnection& write, const Note&, Tally&) {
  return run("DELETE FROM connection WHERE id = ?1", write.connection);
}

int Applier::apply(const PutSecret& write, const Note&, Tally&) {
  const SecretRow& row = write.row;
  return run(
      "INSERT INTO secret (connection, slot, version, sealed, created_ms, until_ms, made_by_hub)"
      " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)"
      " ON CONFLICT (connection, slot, version) DO UPDATE SET sealed = excluded.sealed,"
      " created_ms = excluded.created_ms, until_ms = excluded.until_ms, made_by_hub = excluded.made_by_hub",
      row.connection, row.slot, row.version, Blob{row.sealed}, row.created_ms, row.until_ms, row.made_by_hub);
}

int Applier::apply(const DropSecrets& write, const Note&, Tally&) {
  const int code = run("DELETE FROM secret WHERE connection = ?1", write.connection);
  return code == SQLITE_OK ? run("DELETE FROM token WHERE connection = ?1", write.connection) : code;
}

int Applier::apply(const RetireSecrets& write, const Note&, Tally&) {
  if (!write.until_ms)
    return run("DELETE FROM secret WHERE connection = ?1 AND slot = ?2 AND version < ?3", write.connection, write.slot,
               write.below);
  return run(
      "UPDATE secret SET until_ms = min(coalesce(until_ms, ?4), ?4)"
      " WHERE connection = ?1 AND slot = ?2 AND version < ?3",
      write.connection, write.slot, write.below, *write.until_ms);
}

int Applier::apply(const PutToken& write, const Note&, Tally&) {
  const TokenRow& row = write.row;
  return run(
      "INSERT INTO token (connection, scheme, fetched_ms, expires_ms, refresh_expires_ms, scope)"
      " VALUES (?1, ?2, ?3, ?4, ?5, ?6) ON CONFLICT (connection, scheme) DO UPDATE SET fetched_ms = "
      "excluded.fetched_ms,"
      " expires_ms = excluded.expires_ms, refresh_expires_ms = excluded.refresh_expires_ms, scope = excluded.scope",
      row.connection, row.scheme, row.fetched_ms, row.expires_ms, row.refresh_expires_ms, row.scope);
}

int Applier::apply(const PutHealth& write, const Note&, Tally&) {
  const HealthRow& row = write.row;
  if (row.problem.empty()) return run("DELETE FROM health WHERE connection = ?1", row.connection);
  return run(
      "INSERT INTO health (connection, dead, problem, since_ms) VALUES (?1, ?2, ?3, ?4) ON CONFLICT (connection) DO "
      "UPDATE"
      " SET since_ms = iif(dead = excluded.dead, since_ms, excluded.since_ms), dead = excluded.dead,"
      " problem = excluded.problem",
      row.connection, row.dead, row.problem, row.since_ms);
}

int Applier::apply(const PutRecipe& write, const Note&, Tally&) {
  const RecipeRow& row = write.recipe;
  int code =
      run("INSERT INTO recipe (id, name, enabled, current_version) VALUES (?1, ?2, ?3, ?4)"
          " ON CONFLICT (name) DO UPDATE SET enabled = excluded.enabled, current_version = excluded.current_version",
          row.id, row.name, row.enabled, row.current_version);
  if (code != SQLITE_OK || !write.version) return code;
  // The name may belong to an older id and the hash to an older version; both keep theirs.
  const RecipeVersionRow& version = *write.version;
  code =
      run("INSERT INTO recipe_version (id, recipe, hash, source, format, created_ms)"
          " SELECT ?1, id, ?3, ?4, ?5, ?6 FROM recipe WHERE name = ?2 ON CONFLICT (recipe, hash) DO NOTHING",
          version.id, row.name, version.hash, version.source, version.format, version.created_ms);
  if (code == SQLITE_OK && row.current_version == version.id)
    code =
        run("UPDATE recipe SET current_version = (SELECT version.id FROM recipe_version AS version"
            " WHERE version.recipe = recipe.id AND version.hash = ?2) WHERE name = ?1",
            row.name, version.hash);
  return code;
}

int Applier::apply(const CountTry& write, const Note&, Tally&) {
  return run(
      "INSERT INTO crash_tries (is_event, id, tries) VALUES (?1, ?2, 1)"
      " ON CONFLICT (is_event, id) DO UPDATE SET tries = tries + 1",
      write.is_event, write.id);
}

int Applier::apply(const ClearTries&, const Note&, Tally&) { return run("DELETE FROM crash_tries"); }

int Applier::apply(const PutMeta& write, const Note&, Tally&) {
  return run("INSERT INTO meta (name, value) VALUES (?1, ?2) ON CONFLICT (name) DO UPDATE SET value = excluded.value",
             write.name, write.value);
}

}  // namespace ieum::store
