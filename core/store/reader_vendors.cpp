// Questions about a vendor's side: polls, subscriptions, copies of its lists, and requests to forget people.
#include "store/sqlite_reader.hpp"

namespace ieum::store {
namespace {

PollRow poll_row(Columns c) {
  return {c.integer(), c.text(), c.text(), c.text(), c.integer(), c.small(), c.optional_integer(), c.text()};
}
SubscriptionRow subscription_row(Columns c) {
  return {c.integer(),          c.text(), c.text(), c.text(), c.text(), c.integer(), c.small(),
          c.optional_integer(), c.text(), c.text()};
}
ResourceRow resource_row(Columns c) { return {c.text(), c.text()}; }
ErasureRow erasure_row(Columns c) {
  return {c.integer(), c.small(), c.integer(), c.text(), c.integer(), c.state<ErasureState>()};
}
Millis number(Columns c) { return c.integer(); }

}  // namespace

Result<std::vector<PollRow>> SqliteReader::polls() {
  return all("SELECT connection, poll, item, cursor, due_ms, failures, last_ok_ms, problem FROM poll", &poll_row);
}

Result<std::vector<SubscriptionRow>> SqliteReader::subscriptions() {
  return all(
      "SELECT connection, name, item, state, ensured_for, due_ms, failures, last_ok_ms, problem, note FROM "
      "subscription",
      &subscription_row);
}

Result<std::optional<Millis>> SqliteReader::resources_fetched(Id connection, const std::string& kind) {
  return first("SELECT fetched_ms FROM resource_list WHERE connection = ?1 AND kind = ?2", &number, connection, kind);
}

Result<std::optional<ResourceRow>> SqliteReader::resource(Id connection, const std::string& kind,
                                                          const std::string& key) {
  return first("SELECT key, data FROM resource WHERE connection = ?1 AND kind = ?2 AND key = ?3", &resource_row,
               connection, kind, key);
}

Result<std::vector<ResourceRow>> SqliteReader::resources(Id connection, const std::string& kind,
                                                         const std::string& after, int limit) {
  return all("SELECT key, data FROM resource WHERE connection = ?1 AND kind = ?2 AND key > ?3 ORDER BY key LIMIT ?4",
             &resource_row, connection, kind, after, limit);
}

Result<std::vector<ErasureRow>> SqliteReader::open_erasures(Id after, int limit) {
  return all(
      "SELECT event, item, connection, subject, at_ms, state FROM erasure WHERE state = 0 AND event > ?1"
      " ORDER BY event LIMIT ?2",
      &erasure_row, after, limit);
}

}  // namespace ieum::store
