// No statement of the hot path reads a table from end to end: every statement that the writer and the readers prepared
// is explained by SQLite itself.
#include <boost/test/unit_test.hpp>
#include <map>
#include <set>

#include "store/committer.hpp"
#include "store/fixture.hpp"
#include "store/opened_file.hpp"
#include "store/sqlite_reader.hpp"
#include "support/counts.hpp"

using namespace ieum;
using namespace ieum::store;
using namespace ieum::store::test;
namespace counts = ieum::test::counts;

namespace {

// Tables that a person fills by hand, and the crash counter, which is empty in normal running. Reading all of them is
// the question. CONSTANT is the one row of a SELECT without a table.
const std::set<std::string> kSmall = {"connection", "recipe", "crash_tries", "poll", "subscription", "person",
                                      "invitation", "session", "api_token", "CONSTANT", "hold", "recipe_tally",
                                      "recipe_version",
                                      // FTS5 walks its own index, downwards from a row
                                      "search_text",
                                      // who was merged into one customer
                                      "family",
                                      // schedules that are starting runs just now
                                      "fan_out",
                                      // no more rows than were asked for
                                      "(subquery-1)", "newest"};

// SQL of a prepared statement -> its plan, one step a line.
std::map<std::string, std::string> plans(Database& database) {
  std::map<std::string, std::string> found;
  for (sqlite3_stmt* statement = nullptr; (statement = sqlite3_next_stmt(database.handle(), statement)) != nullptr;)
    found.emplace(sqlite3_sql(statement), "");
  for (auto& [sql, plan] : found) {
    if (sql.find(' ') == std::string::npos || sql.starts_with("PRAGMA")) continue;
    if (sql.find("'main'.'search_text_") != std::string::npos) continue;  // FTS5's own, on its own tables
    auto explained = database.prepare("EXPLAIN QUERY PLAN " + sql);
    BOOST_REQUIRE_MESSAGE(explained, sql);
    while (explained->step() == SQLITE_ROW) {
      Columns columns = explained->columns();
      columns.integer();
      columns.integer();
      columns.integer();
      plan += columns.text() + "\n";
    }
  }
  return found;
}

void check(const std::map<std::string, std::string>& found) {
  for (const auto& [sql, plan] : found) {
    for (std::size_t at = plan.find("SCAN "); at != std::string::npos; at = plan.find("SCAN ", at + 1)) {
      const std::string rest = plan.substr(at + 5, plan.find('\n', at) - at - 5);
      BOOST_TEST(kSmall.contains(rest.substr(0, rest.find(' '))), sql << "\n" << plan);
    }
    // Sorting is for one customer's rows or one connection's secrets, which are few.
    if (plan.find("TEMP B-TREE") != std::string::npos)
      BOOST_TEST((sql.find("customer = ?") != std::string::npos || sql.find("FROM secret") != std::string::npos ||
                  sql.find("SELECT reason, count(*)") != std::string::npos ||
                  sql.find("SELECT step, state, count(*)") != std::string::npos ||
                  sql.find("FROM recipe_version WHERE recipe") != std::string::npos),
                 sql << "\n"
                     << plan);
  }
}

// The plan of the one statement that has all of these words in it.
std::string plan_of(const std::map<std::string, std::string>& found, const std::vector<std::string>& words) {
  std::string plan;
  int count = 0;
  for (const auto& [sql, text] : found) {
    const bool all = std::all_of(words.begin(), words.end(),
                                 [&sql = sql](const std::string& word) { return sql.find(word) != std::string::npos; });
    if (!all) continue;
    plan = text;
    ++count;
  }
  BOOST_TEST(count == 1, words[0]);
  return plan;
}

bool uses(const std::string& plan, const std::string& index) {
  return plan.find("INDEX " + index + " (") != std::string::npos;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(store_plans)

BOOST_AUTO_TEST_CASE(STO_13_the_writer_scans_nothing) {
  Folder folder;
  NullLog log;
  OpenedFile file = got(open_file(options(folder.file(), Mode::inline_file)));
  Committer committer(file.database, log, {});
  StartRun named = start(1, 1, 3, "k");
  named.exclusive = true;
  StartRun plain = start(2);
  plain.exclusive = true;
  plain.run.vars = "{}";
  MoveRun moved = move(1, 1, RunState::waiting, kNoon);
  moved.vars = "{}";
  MoveRun ended = move(1, 2, RunState::exited, {});
  ended.version = 1;
  StartRun failing = start(9);
  failing.run.state = RunState::failed;
  const std::vector<Write> writes = {accept(1, "key"),
                                     SettleEvent{1, EventState::fresh, EventState::routed, ""},
                                     AddCustomer{{3, 1, kNoon, "{}"}},
                                     AddCustomer{{4, 1, kNoon, "{}"}},
                                     MergeCustomers{{1, 3, 4, kNoon, 1, "email", "{}", {}}},
                                     SplitCustomers{1, 3, 4, kNoon},
                                     named,
                                     plain,
                                     PutDecision{{1, 1, 3, "push", kNoon, true, "", "sms", "info"}},
                                     open_step(1, 1),
                                     close_step(1),
                                     moved,
                                     AddListener{{"order_created", "[\"event.token\"]", "[\"t\"]", 1, false}},
                                     AddTold{{1, "k", "order_created", 1, 1, "{}"}},
                                     DropListeners{1},
                                     ended,
                                     PutAbsence{{1, 1, 3, "k", kNoon, 1, 0, kNoon}},
                                     DropAbsence{1, 1},
                                     AddConversion{{1, 1, kNoon, "1"}},
                                     AddIdentity{{"email", "a@example.com", 3, kNoon}},
                                     TouchCustomer{3, 1},
                                     SetTraits{3, "{}"},
                                     AddHistory{{1, 3, "n", 1, 1, 1, "s", "{}"}},
                                     AddOptOut{{3, "", "", 1, "x"}},
                                     AddConsent{{0, 3, "ad", "", "granted", 1, 1, "x", "{}", 0}},
                                     AddTouch{{1, 3, 1, 1, "r", "s", "open", 1, "", "", ""}},
                                     AddFanOut{{1, 1, kNoon, 0, 0, 0, 0}},
                                     PutConnection{{1, "c", "c", "{}", "[]", true, 1}},
                                     PutSecret{{1, "slot", 1, "x", 1}},
                                     RetireSecrets{1, "slot", 2, kNoon},
                                     RetireSecrets{1, "slot", 2, {}},
                                     PutToken{{1, "oauth", kNoon, kNoon, {}, "a"}},
                                     PutHealth{{1, true, "revoked", kNoon}},
                                     PutHealth{{1, false, "", kNoon}},
                                     DropSecrets{1},
                                     AcceptItem{{2, 1, "rows", kNoon, EventState::fresh, ""}, {}, "poll:1"},
                                     NoteFact{1, 1, kNoon, "fact:hook:1", "fact:poll:1"},
                                     PutPoll{{1, "rows", "", "{}", kNoon, 0, kNoon, ""}, ""},
                                     DropPoll{1, "rows", ""},
                                     PutSubscription{{1, "hook", "", "{}", "{}", kNoon, 0, kNoon, "", ""}},
                                     DropSubscription{1, "hook", ""},
                                     PutResources{1, "templates", kNoon, {{"a", "{}"}, {"b", "{}"}}},
                                     AddErasure{{1, 0, 1, "{}", kNoon, ErasureState::open}},
                                     RemoveConnection{1},
                                     PutRecipe{{1, "r", true, 1}, RecipeVersionRow{1, 1, "h", "s", "yaml", 1}},
                                     PutPerson{{1, "minji", "owner", "", false, kNoon, {}}},
                                     PutInvitation{{"h", 1, kNoon + 1}},
                                     TakeInvitation{"h", kNoon},
                                     PutSession{{"s", 1, kNoon, kNoon + 1, "", ""}},
                                     DropSession{"s"},
                                     DropSessionsOf{1, ""},
                                     PutApiToken{{1, "h", "", "ci", "viewer", "[]", "", kNoon, {}, {}, {}}},
                                     AddAudit{{1, kNoon, "", "", "", "", "", "", "", {}}},
                                     EndAudit{1, 200},
                                     PutSavedView{{1, 1, "a", "", kNoon}},
                                     DropSavedView{1},
                                     RemovePerson{1},
                                     CountTry{true, 1},
                                     ClearTries{},
                                     PutMeta{"a", "b"},
                                     PutHold{{0, "recipe", "r", "", "somebody", kNoon}},
                                     ReleaseHold{1, 5, {}, "skip", kNoon},
                                     DropHold{1},
                                     DropMinutes{kNoon},
                                     Vacuum{},
                                     failing,
                                     AddReplay{{2, 1, 1, "somebody", kNoon}},
                                     index_run(1, "주문 1042", {{"order", "1042"}}, true),
                                     index_run(1, "주문 1043", {{"order", "1043"}}, false),
                                     DropRuns{{9}},
                                     DropEvents{{1}}};
  BOOST_TEST(writes.size() == std::variant_size_v<AnyWrite> + 5);  // every kind but two, and seven of them twice
  std::vector<Pending> batch;
  batch.push_back({{writes}, {}, {}});
  // A cause is noted when its unit is whole.
  batch.push_back({{{MoveProblem{1, true, "somebody", kNoon}}}, {}, {}});
  // An audience goes on when it has begun.
  batch.push_back({{{MoveFanOut{0, {1, 1, kNoon, 100, 100, 3, 3}, false}}}, {}, {}});
  committer.commit(batch);
  BOOST_REQUIRE_MESSAGE(batch[0].outcome.kind == UnitOutcome::Kind::committed,
                        (batch[0].outcome.error ? batch[0].outcome.error->text() : "stale"));
  const auto found = plans(*file.database);
  BOOST_TEST(found.size() > 30u);
  check(found);
  BOOST_TEST(uses(plan_of(found, {"SELECT id FROM run", "customer <> 0 OR"}), "run_live"));
  BOOST_TEST(uses(plan_of(found, {"SELECT id FROM run", "state IN"}), "run_by_state"));
  BOOST_TEST(plan_of(found, {"SELECT event FROM dedupe"}).find("PRIMARY KEY (key=?)") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(STO_13_the_readers_scan_nothing) {
  Folder folder;
  const auto store = open_or_fail(options(folder.file(), Mode::thread));
  SqliteReader reader(folder.file(), "");
  got(reader.connections());
  got(reader.secrets(1));
  got(reader.tokens(1));
  got(reader.health(1));
  got(reader.held_runs(0, 1));
  got(reader.recipes());
  got(reader.recipe_version(1));
  got(reader.recipe_version_by_hash(1, "h"));
  got(reader.merge(1));
  got(reader.merges_into(1));
  got(reader.history_of(1, kNoon, 1));
  got(reader.messages_of(1, kNoon, 1));
  got(reader.runs_of(1, kNoon, 1));
  got(reader.customers(0, 1));
  got(reader.fan_outs());
  got(reader.touches(1, 1));
  got(reader.touches_of(1, 1));
  got(reader.were_split(1, 2));
  got(reader.event(1));
  got(reader.fresh_events(0, 1));
  got(reader.events({}));
  got(reader.events({1, std::nullopt, 0, 1}));
  got(reader.events({1, EventState::dead, 0, 1}));
  got(reader.run(1));
  got(reader.due_runs(1, 1));
  got(reader.next_due());
  got(reader.acting_runs(0, 1));
  got(reader.stranded_steps(1));
  got(reader.live_runs_of(1));
  got(reader.live_run(1, 1, "k"));
  got(reader.live_run(1, 0, ""));
  got(reader.entries(1, 1, "k", 0));
  got(reader.entries(1, 1, "", 0));
  got(reader.entries(1, 0, "k", 0));
  got(reader.entries(1, 0, "", 0));
  RunFilter filter;
  got(reader.runs(filter));
  filter.recipe = 1;
  got(reader.runs(filter));
  filter.state = RunState::failed;
  got(reader.runs(filter));
  filter.customer = 1;
  got(reader.runs(filter));
  filter.trigger_event = 1;
  got(reader.runs(filter));
  const auto only = [](auto member, auto value) {
    RunFilter wanted;
    wanted.*member = value;
    return wanted;
  };
  got(reader.runs(only(&RunFilter::replay_of, 1)));
  got(reader.runs(only(&RunFilter::problem, 1)));
  got(reader.runs(only(&RunFilter::held, true)));
  got(reader.runs(only(&RunFilter::customer, 1)));
  got(reader.runs(only(&RunFilter::connection, 1)));
  got(reader.runs(only(&RunFilter::from_ms, kNoon)));
  filter = {};
  filter.fields = {{"order", "1042"}};
  filter.texts = {"주문"};
  got(reader.runs(filter));
  got(reader.runs(only(&RunFilter::texts, std::vector<std::string>{"주문"})));
  got(reader.runs(only(&RunFilter::state, RunState::failed)));
  got(reader.last_step(1));
  got(reader.holds());
  got(reader.held_counts());
  got(reader.problems_open());
  got(reader.ended_runs(1, kNoon, 1, 10));
  got(reader.unused_events(1, kNoon, 1, 10));
  got(reader.recipe_tallies());
  got(reader.live_versions());
  got(reader.step_counts(1, 1));
  got(reader.recipe_versions(1, 1));
  got(reader.problems(false, 0, 0, 1));
  got(reader.problems(true, 1, 1, 1));
  got(reader.replay_of(1));
  got(reader.replays(1));
  got(reader.minutes(0, kNoon));
  got(reader.due_between(0, kNoon, 1));
  got(reader.search_doc(1));
  got(reader.runs_after(0, 1));
  got(reader.ended_since_indexed(0, 1));
  got(reader.live_runs_of_version(1));
  got(reader.steps(1));
  got(reader.open_step(1));
  got(reader.decisions(1));
  got(reader.customer_by_identity("email", "a"));
  got(reader.customer(1));
  got(reader.identities(1));
  got(reader.opt_outs(1));
  got(reader.consents(1));
  got(reader.ads_sent(1, 0, 10));
  got(reader.history(1, "n", 0, 1, 1));
  got(reader.polls());
  got(reader.subscriptions());
  got(reader.resources_fetched(1, "templates"));
  got(reader.resource(1, "templates", "a"));
  got(reader.resources(1, "templates", "", 1));
  got(reader.open_erasures(0, 1));
  got(reader.people());
  got(reader.invitations());
  got(reader.sessions());
  got(reader.api_tokens());
  got(reader.audit({"", 0, 1}));
  got(reader.audit({"minji", 7, 1}));
  got(reader.audit_after(0, 1));
  got(reader.saved_views(1));
  got(reader.saved_view(1));
  got(reader.tries(true, 1));
  got(reader.meta("a"));
  got(reader.totals());
  const auto found = plans(*got(reader.database()));
  BOOST_TEST(found.size() > 30u);
  check(found);
  BOOST_TEST(uses(plan_of(found, {"run_vars", "due_ms <= ?1"}), "run_due"));
  BOOST_TEST(plan_of(found, {"SELECT due_ms FROM run"}).find("run_due") != std::string::npos);
  BOOST_TEST(uses(plan_of(found, {"SELECT id FROM event WHERE state = 0"}), "event_open"));
  BOOST_TEST(uses(plan_of(found, {"FROM event", "state <> 1 AND id < ?1"}), "event_open"));
  BOOST_TEST(uses(plan_of(found, {"WHERE connection = ?2 AND id < ?1"}), "event_by_connection"));
  BOOST_TEST(uses(plan_of(found, {"AND customer = ?1 ORDER BY id"}), "run_live"));
  BOOST_TEST(uses(plan_of(found, {"AND customer = ?1 AND recipe = ?2 AND key = ?3 ORDER BY id LIMIT 1"}), "run_live"));
  BOOST_TEST(uses(plan_of(found, {"state = 1 AND state <> 10"}), "run_by_state"));
  BOOST_TEST(uses(plan_of(found, {"SELECT id FROM run WHERE state = ?1 AND state <> 10"}), "run_by_state"));
  BOOST_TEST(uses(plan_of(found, {"SELECT id FROM run WHERE trigger_event = ?1"}), "run_by_trigger"));
  BOOST_TEST(uses(plan_of(found, {"SELECT id FROM run WHERE recipe = ?1 AND id < ?2"}), "run_by_recipe"));
  BOOST_TEST(uses(plan_of(found, {"SELECT id FROM run", "due_ms = ?1"}), "run_due"));
  BOOST_TEST(uses(plan_of(found, {"FROM problem WHERE state = ?1"}), "problem_by_time"));
  BOOST_TEST(uses(plan_of(found, {"count(*)", "customer = ?1", "key = ?3"}), "run_by_customer"));
  BOOST_TEST(uses(plan_of(found, {"count(*)", "customer = 0"}), "run_by_key"));
  BOOST_TEST(uses(plan_of(found, {"FROM step WHERE state = 0"}), "step_open"));
  BOOST_TEST(uses(plan_of(found, {"FROM step WHERE run = ?1 ORDER"}), "step_by_run"));
  BOOST_TEST(uses(plan_of(found, {"FROM history", "name = ?2"}), "history_by_name"));
  BOOST_TEST(uses(plan_of(found, {"FROM erasure"}), "erasure_open"));
}

// The work of what is asked for each event and each claim, in steps of SQLite's machine, does not grow with the runs that there are.
BOOST_AUTO_TEST_CASE(STO_13_a_claim_takes_as_many_steps_among_very_many_runs_as_among_a_thousand) {
  const auto steps_among = [](int runs) {
    Folder folder;
    open_or_fail(options(folder.file(), Mode::thread));
    {
      const auto database = got(Database::open(folder.file(), "", Database::Role::writer));
      const std::string fill =
          "BEGIN; WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n LIMIT " + std::to_string(runs) +
          ") INSERT INTO run SELECT i, 1, 1, i, 'k', 2, 1, 1, '0', i * 1000, i, 0, i, NULL, '', NULL FROM n;"
          "INSERT INTO event SELECT id, 1, 'orders/create', id, id % 1000 <> 0, '' FROM run;"
          "INSERT INTO payload SELECT id, '', '', '{}', x'00' FROM run WHERE id < 2000;"
          "INSERT INTO step SELECT id, id, 'a', 0, id % 1000 <> 0, 1, 'k', 1, 'o', NULL, 0, '', '', '', '', '', '', 1, "
          "NULL"
          " FROM run; COMMIT";
      BOOST_REQUIRE(database->exec(fill.c_str()) == SQLITE_OK);
    }
    SqliteReader reader(folder.file(), "");
    BOOST_TEST(got(reader.due_runs(10'000, 10)).size() == 10u);
    BOOST_TEST(got(reader.next_due()).has_value());
    BOOST_TEST(got(reader.fresh_events(0, 1)).size() == 1u);
    BOOST_TEST(got(reader.event(500)).has_value());
    BOOST_TEST(got(reader.run(500)).has_value());
    BOOST_TEST(got(reader.live_runs_of(500)).size() == 1u);
    BOOST_TEST(got(reader.live_run(1, 500, "k")).has_value());
    BOOST_TEST(got(reader.entries(1, 500, "k", 0)) == 1);
    BOOST_TEST(got(reader.open_step(1'000)).has_value());
    BOOST_TEST(got(reader.steps(500)).size() == 1u);
    std::map<std::string, int> steps;
    sqlite3* handle = got(reader.database())->handle();
    for (sqlite3_stmt* one = nullptr; (one = sqlite3_next_stmt(handle, one)) != nullptr;)
      steps[sqlite3_sql(one)] += sqlite3_stmt_status(one, SQLITE_STMTSTATUS_VM_STEP, 0);
    return steps;
  };
  const auto few = steps_among(1'000);
  const auto many = steps_among(counts::kClaimRuns.now());
  BOOST_TEST(few.size() > 9u);
  for (const auto& [sql, steps] : few) BOOST_TEST(many.at(sql) == steps, sql);
}

BOOST_AUTO_TEST_SUITE_END()
