// The connection of a reader, and questions about settings, customers and the store itself.
#include "store/sqlite_reader.hpp"

namespace ieum::store {
namespace {

ConnectionRow connection_row(Columns c) {
  return {c.integer(), c.text(), c.text(), c.text(), c.text(), c.truth(), c.integer()};
}
SecretRow secret_row(Columns c) {
  return {c.integer(), c.text(), c.small(), c.text(), c.integer(), c.optional_integer(), c.truth()};
}
TokenRow token_row(Columns c) {
  return {c.integer(), c.text(), c.integer(), c.optional_integer(), c.optional_integer(), c.text()};
}
HealthRow health_row(Columns c) { return {c.integer(), c.truth(), c.text(), c.integer()}; }
RecipeRow recipe_row(Columns c) { return {c.integer(), c.text(), c.truth(), c.integer()}; }
RecipeVersionRow recipe_version_row(Columns c) {
  return {c.integer(), c.integer(), c.text(), c.text(), c.text(), c.integer()};
}
CustomerRow customer_row(Columns c) { return {c.integer(), c.integer(), c.integer(), c.text(), c.integer()}; }
MergeRow merge_row(Columns c) {
  return {c.integer(), c.integer(), c.integer(), c.integer(), c.integer(), c.text(), c.text(), c.optional_integer()};
}
IdentityRow identity_row(Columns c) { return {c.text(), c.text(), c.integer(), c.integer()}; }
OptOutRow opt_out_row(Columns c) { return {c.integer(), c.text(), c.text(), c.integer(), c.text()}; }
FanOutRow fan_out_row(Columns c) {
  return {c.integer(), c.integer(), c.integer(), c.integer(), c.integer(), c.integer(), c.integer()};
}
TouchRow touch_row(Columns c) {
  return {c.integer(), c.integer(), c.integer(), c.integer(), c.text(), c.text(),
          c.text(),    c.integer(), c.text(),    c.text(),    c.text()};
}
ConsentRow consent_row(Columns c) {
  return {c.integer(), c.integer(), c.text(), c.text(), c.text(),
          c.integer(), c.integer(), c.text(), c.text(), c.integer()};
}
AdSentRow ad_sent_row(Columns c) { return {c.integer(), c.integer(), c.integer(), c.text(), c.text()}; }
HistoryRow history_row(Columns c) {
  return {c.integer(), c.integer(), c.text(), c.integer(), c.integer(), c.integer(), c.text(), c.text()};
}
Totals totals_row(Columns c) {
  return {c.integer(), c.integer(), c.integer(), c.integer(), c.integer(),
          c.integer(), c.integer(), c.integer(), c.integer(), c.integer()};
}
std::int64_t number(Columns c) { return c.integer(); }
std::string text(Columns c) { return c.text(); }

}  // namespace

Error SqliteReader::failed(const Database& database, int code) const {
  Error error = database.error(code);
  if (on_damage_ && is_damage(code)) on_damage_(error);
  return error;
}

Result<Database*> SqliteReader::database() {
  if (!database_) {
    IEUM_TRY(database_, Database::open(path_, vfs_, Database::Role::reader));
  }
  return database_.get();
}

Result<std::vector<ConnectionRow>> SqliteReader::connections() {
  return all("SELECT id, name, connector, config, origins, enabled, created_ms FROM connection ORDER BY id",
             &connection_row);
}

Result<std::vector<SecretRow>> SqliteReader::secrets(Id connection) {
  return all(
      "SELECT connection, slot, version, sealed, created_ms, until_ms, made_by_hub FROM secret WHERE connection = ?1"
      " ORDER BY slot, version DESC",
      &secret_row, connection);
}

Result<std::vector<TokenRow>> SqliteReader::tokens(Id connection) {
  return all(
      "SELECT connection, scheme, fetched_ms, expires_ms, refresh_expires_ms, scope FROM token WHERE connection = ?1",
      &token_row, connection);
}

Result<std::optional<HealthRow>> SqliteReader::health(Id connection) {
  return first("SELECT connection, dead, problem, since_ms FROM health WHERE connection = ?1", &health_row, connection);
}

Result<std::vector<RecipeRow>> SqliteReader::recipes() {
  return all("SELECT id, name, enabled, current_version FROM recipe ORDER BY id", &recipe_row);
}

Result<std::optional<RecipeVersionRow>> SqliteReader::recipe_version(Id version) {
  return first("SELECT id, recipe, hash, source, format, created_ms FROM recipe_version WHERE id = ?1",
               &recipe_version_row, version);
}

Result<std::optional<RecipeVersionRow>> SqliteReader::recipe_version_by_hash(Id recipe, const std::string& hash) {
  return first(
      "SELECT id, recipe, hash, source, format, created_ms FROM recipe_version WHERE recipe = ?1 AND hash = ?2",
      &recipe_version_row, recipe, hash);
}

Result<Id> SqliteReader::customer_by_identity(const std::string& kind, const std::string& value) {
  IEUM_TRY(const auto found,
           first("SELECT customer FROM identity WHERE kind = ?1 AND value = ?2", &number, kind, value));
  return found.value_or(0);
}

Result<std::optional<CustomerRow>> SqliteReader::customer(Id id) {
  return first(
      "SELECT id, rev, created_ms, coalesce(traits, ''), merged_into FROM customer"
      " LEFT JOIN customer_traits ON customer_traits.customer = customer.id WHERE id = ?1",
      &customer_row, id);
}

Result<std::vector<IdentityRow>> SqliteReader::identities(Id customer) {
  return all("SELECT kind, value, customer, added_ms FROM identity WHERE customer = ?1 ORDER BY kind, value",
             &identity_row, customer);
}

Result<std::optional<MergeRow>> SqliteReader::merge(Id id) {
  return first("SELECT id, survivor, loser, at_ms, event, why, traits, undone_ms FROM merge WHERE id = ?1", &merge_row,
               id);
}

Result<std::vector<MergeRow>> SqliteReader::merges_into(Id survivor) {
  return all(
      "SELECT id, survivor, loser, at_ms, event, why, traits, undone_ms FROM merge WHERE survivor = ?1 ORDER BY id",
      &merge_row, survivor);
}

Result<bool> SqliteReader::were_split(Id one, Id other) {
  IEUM_TRY(const auto found, first("SELECT 1 FROM merge WHERE undone_ms IS NOT NULL AND"
                                   " ((survivor = ?1 AND loser = ?2) OR (survivor = ?2 AND loser = ?1)) LIMIT 1",
                                   &number, one, other));
  return found.has_value();
}

Result<std::vector<OptOutRow>> SqliteReader::opt_outs(Id customer) {
  return all("SELECT customer, topic, channel, at_ms, source FROM opt_out WHERE customer = ?1 ORDER BY topic, channel",
             &opt_out_row, customer);
}

Result<std::vector<ConsentRow>> SqliteReader::consents(Id customer) {
  return all(
      "SELECT id, customer, purpose, channel, word, at_ms, received_ms, source, evidence, event FROM consent"
      " WHERE customer = ?1 ORDER BY id",
      &consent_row, customer);
}

Result<std::vector<Id>> SqliteReader::customers(Id behind, int limit) {
  return all("SELECT id FROM customer WHERE id > ?1 AND merged_into = 0 ORDER BY id LIMIT ?2", &number, behind, limit);
}

Result<std::vector<FanOutRow>> SqliteReader::fan_outs() {
  return all("SELECT event, recipe, at_ms, behind, looked, met, started FROM fan_out ORDER BY event", &fan_out_row);
}

#define IEUM_TOUCH "SELECT event, customer, run, step, recipe, step_name, kind, at_ms, machine, link, url FROM touch"
Result<std::vector<TouchRow>> SqliteReader::touches(Id customer, int limit) {
  return all(IEUM_TOUCH " WHERE customer = ?1 ORDER BY at_ms DESC, event DESC LIMIT ?2", &touch_row, customer, limit);
}

Result<std::vector<TouchRow>> SqliteReader::touches_of(Id step, int limit) {
  return all(IEUM_TOUCH " WHERE step = ?1 ORDER BY event LIMIT ?2", &touch_row, step, limit);
}
#undef IEUM_TOUCH

Result<std::vector<AdSentRow>> SqliteReader::ads_sent(Id customer, Millis after, int limit) {
  return all(
      "SELECT decision.id, decision.at_ms, run.recipe, decision.step, decision.channel FROM decision"
      " JOIN run ON run.id = decision.run"
      " WHERE decision.customer = ?1 AND decision.customer <> 0 AND decision.allowed = 1"
      " AND decision.message_class <> 'info' AND decision.at_ms > ?2"
      " AND NOT EXISTS (SELECT 1 FROM step WHERE step.decision = decision.id AND step.state IN (2, 4, 5))"
      " ORDER BY decision.at_ms DESC LIMIT ?3",
      &ad_sent_row, customer, after, limit);
}

Result<std::vector<HistoryRow>> SqliteReader::history(Id customer, const std::string& name, Millis from, Millis until,
                                                      int limit) {
  return all(
      "SELECT id, customer, name, at_ms, received_ms, event, source_key, fields FROM history"
      " WHERE customer = ?1 AND name = ?2 AND at_ms >= ?3 AND at_ms < ?4 ORDER BY at_ms DESC, id DESC LIMIT ?5",
      &history_row, customer, name, from, until, limit);
}

Result<int> SqliteReader::tries(bool is_event, Id id) {
  IEUM_TRY(const auto found,
           first("SELECT tries FROM crash_tries WHERE is_event = ?1 AND id = ?2", &number, is_event, id));
  return static_cast<int>(found.value_or(0));
}

Result<std::optional<std::string>> SqliteReader::meta(const std::string& name) {
  return first("SELECT value FROM meta WHERE name = ?1", &text, name);
}

Result<Totals> SqliteReader::totals() {
  IEUM_TRY(const auto found,
           first("SELECT events, events_fresh, events_dead, events_quarantined, runs, runs_acting, runs_waiting,"
                 " runs_in_doubt, runs_failed, runs_finished FROM tally WHERE id = 1",
                 &totals_row));
  return found.value_or(Totals{});
}

}  // namespace ieum::store
