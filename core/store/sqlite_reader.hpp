// SqliteReader: the questions of reader.hpp as statements. Each question is one statement and so one short read
// transaction; it opens its connection at the first question, so that an error there is an answer like any other.
//
// A store in memory has one connection. Its readers share that of the writer, one at a time under `turn`.
#pragma once
#include <functional>
#include <memory>
#include <mutex>

#include "store/reader.hpp"
#include "store/sqlite.hpp"

namespace ieum::store {

class SqliteReader final : public Reader {
 public:
  // on_damage: told when a page is not as it was written.
  SqliteReader(std::string path, std::string vfs, std::function<void(const Error&)> on_damage = {})
      : path_(std::move(path)), vfs_(std::move(vfs)), on_damage_(std::move(on_damage)) {}
  SqliteReader(std::shared_ptr<Database> shared, std::shared_ptr<std::mutex> turn)
      : database_(std::move(shared)), turn_(std::move(turn)) {}

  Result<std::vector<ConnectionRow>> connections() override;
  Result<std::vector<SecretRow>> secrets(Id connection) override;
  Result<std::vector<TokenRow>> tokens(Id connection) override;
  Result<std::optional<HealthRow>> health(Id connection) override;
  Result<std::vector<RecipeRow>> recipes() override;
  Result<std::optional<RecipeVersionRow>> recipe_version(Id version) override;
  Result<std::optional<RecipeVersionRow>> recipe_version_by_hash(Id recipe, const std::string& hash) override;
  Result<std::optional<EventWithPayload>> event(Id id) override;
  Result<std::vector<Id>> fresh_events(Id after, int limit) override;
  Result<std::vector<EventRow>> events(const EventFilter& filter) override;
  Result<std::optional<RunRow>> run(Id id) override;
  Result<std::vector<RunRow>> due_runs(Millis until, int limit) override;
  Result<std::vector<RunRow>> held_runs(Id after, int limit) override;
  Result<std::optional<Millis>> next_due() override;
  Result<std::vector<RunRow>> acting_runs(Id after, int limit) override;
  Result<std::vector<StepRow>> stranded_steps(int limit) override;
  Result<std::vector<RunRow>> live_runs_of(Id customer) override;
  Result<std::optional<RunRow>> live_run(Id recipe, Id customer, const std::string& key) override;
  Result<std::int64_t> entries(Id recipe, Id customer, const std::string& key, Millis since) override;
  Result<RunPage> runs(const RunFilter& filter) override;
  Result<std::int64_t> live_runs_of_version(Id version) override;
  Result<std::vector<RunRow>> live_runs_of_recipe(Id recipe, Id after, int limit) override;
  Result<std::vector<LivePlace>> live_places(Id recipe) override;
  Result<std::vector<RecipeOf>> live_versions() override;
  Result<std::vector<AbsenceRow>> due_absences(Millis until, int limit) override;
  Result<std::vector<AbsenceRow>> absences_of(Id customer) override;
  Result<std::optional<AbsenceRow>> absence(Id id) override;
  Result<std::optional<AbsenceRow>> absence_of(Id recipe, Id customer, const std::string& key) override;
  Result<std::int64_t> absences_pending(Id recipe) override;
  Result<std::vector<ToldRow>> told(Id run, const std::string& step_key, const std::string& name) override;
  Result<std::vector<std::string>> listener_shapes(const std::string& event) override;
  Result<std::vector<std::string>> listened_events() override;
  Result<std::vector<ListenerRow>> listeners(const std::string& event, const std::string& shape,
                                             const std::string& value, int limit) override;
  Result<std::optional<ConversionRow>> conversion(Id run) override;
  Result<std::vector<StepRow>> steps(Id run) override;
  Result<std::optional<StepRow>> open_step(Id run) override;
  Result<std::optional<StepRow>> last_step(Id run) override;
  Result<std::vector<DecisionRow>> decisions(Id run) override;
  Result<Id> customer_by_identity(const std::string& kind, const std::string& value) override;
  Result<std::optional<CustomerRow>> customer(Id id) override;
  Result<std::vector<IdentityRow>> identities(Id customer) override;
  Result<std::optional<MergeRow>> merge(Id id) override;
  Result<std::vector<MergeRow>> merges_into(Id survivor) override;
  Result<bool> were_split(Id one, Id other) override;
  Result<std::vector<OptOutRow>> opt_outs(Id customer) override;
  Result<std::vector<ConsentRow>> consents(Id customer) override;
  Result<std::vector<HistoryRow>> history_of(Id customer, Millis until, int limit) override;
  Result<std::vector<MessageRow>> messages_of(Id customer, Millis until, int limit) override;
  Result<std::vector<RunBounds>> runs_of(Id customer, Millis until, int limit) override;
  Result<std::vector<Id>> customers(Id behind, int limit) override;
  Result<std::vector<FanOutRow>> fan_outs() override;
  Result<std::vector<TouchRow>> touches(Id customer, int limit) override;
  Result<std::vector<TouchRow>> touches_of(Id step, int limit) override;
  Result<std::vector<AdSentRow>> ads_sent(Id customer, Millis after, int limit) override;
  Result<std::vector<HistoryRow>> history(Id customer, const std::string& name, Millis from, Millis until,
                                          int limit) override;
  Result<std::vector<PollRow>> polls() override;
  Result<std::vector<SubscriptionRow>> subscriptions() override;
  Result<std::optional<Millis>> resources_fetched(Id connection, const std::string& kind) override;
  Result<std::optional<ResourceRow>> resource(Id connection, const std::string& kind, const std::string& key) override;
  Result<std::vector<ResourceRow>> resources(Id connection, const std::string& kind, const std::string& after,
                                             int limit) override;
  Result<std::vector<ErasureRow>> open_erasures(Id after, int limit) override;
  Result<std::vector<PersonRow>> people() override;
  Result<std::vector<InvitationRow>> invitations() override;
  Result<std::vector<SessionRow>> sessions() override;
  Result<std::vector<ApiTokenRow>> api_tokens() override;
  Result<std::vector<AuditRow>> audit(const AuditFilter& filter) override;
  Result<std::vector<AuditRow>> audit_after(Id after, int limit) override;
  Result<std::vector<SavedViewRow>> saved_views(Id person) override;
  Result<std::optional<SavedViewRow>> saved_view(Id id) override;
  Result<std::vector<HoldRow>> holds() override;
  Result<std::vector<HeldCount>> held_counts() override;
  Result<std::vector<ProblemRow>> problems(bool resolved, Id recipe, Id after, int limit) override;
  Result<std::optional<ProblemRow>> problem(Id id) override;
  Result<std::optional<ReplayRow>> replay_of(Id run) override;
  Result<std::vector<ReplayRow>> replays(Id original) override;
  Result<std::vector<MinuteRow>> minutes(Millis from, Millis until) override;
  Result<std::int64_t> due_between(Millis from, Millis until, std::int64_t most) override;
  Result<std::optional<SearchDoc>> search_doc(Id run) override;
  Result<std::vector<RunRow>> runs_after(Id after, int limit) override;
  Result<std::vector<Id>> ended_since_indexed(Id after, int limit) override;
  Result<std::vector<RecipeTally>> recipe_tallies() override;
  Result<std::vector<StepCount>> step_counts(Id recipe, int runs) override;
  Result<std::vector<RecipeVersionRow>> recipe_versions(Id recipe, int limit) override;
  Result<Found> ended_runs(Id after, Millis before, int limit, int looked) override;
  Result<Found> unused_events(Id after, Millis before, int limit, int looked) override;
  Result<std::int64_t> problems_open() override;
  Result<std::int64_t> newest_run() override;
  Result<Pages> pages() override;
  Result<int> tries(bool is_event, Id id) override;
  Result<std::optional<std::string>> meta(const std::string& name) override;
  Result<Totals> totals() override;

  // The connection, opened when it is not; for the test of query plans.
  Result<Database*> database();

 private:
  Result<Found> walk(const char* sql, Id after, Millis before, int limit, int looked);
  // reader_search.cpp
  Result<std::vector<Id>> candidates(const RunFilter& filter, Id from, Id below, int limit);
  Result<bool> meets(const RunRow& row, const RunFilter& filter);
  Result<Id> first_started(
      Millis since);  // the first run that started at that time or later; past the newest: its id + 1

  Error failed(const Database& database, int code) const;
  // Every row of the answer through `take`, until it returns false.
  template <class Take, class... Values>
  Status each(const char* sql, Take take, const Values&... values) {
    std::unique_lock<std::mutex> turn;
    if (turn_) turn = std::unique_lock(*turn_);
    IEUM_TRY(Database * database, this->database());
    Statement* statement = database->cached(sql);
    if (statement == nullptr) return failed(*database, database->code());
    statement->bind(values...);
    ResetAfter reset(*statement);
    for (;;) {
      const int code = statement->step();
      if (code == SQLITE_DONE) return {};
      if (code != SQLITE_ROW) return failed(*database, code);
      if (!take(statement->columns())) return {};
    }
  }
  template <class Row, class... Values>
  Result<std::vector<Row>> all(const char* sql, Row (*row)(Columns), const Values&... values) {
    std::vector<Row> rows;
    IEUM_CHECK(each(
        sql,
        [&](Columns columns) {
          rows.push_back(row(columns));
          return true;
        },
        values...));
    return rows;
  }
  template <class Row, class... Values>
  Result<std::optional<Row>> first(const char* sql, Row (*row)(Columns), const Values&... values) {
    std::optional<Row> found;
    IEUM_CHECK(each(
        sql,
        [&](Columns columns) {
          found = row(columns);
          return false;
        },
        values...));
    return found;
  }

  std::string path_;
  std::string vfs_;
  std::function<void(const Error&)> on_damage_;
  std::shared_ptr<Database> database_;
  std::shared_ptr<std::mutex> turn_;
};

}  // namespace ieum::store
