// Verdict: what must hold when a world has come to rest: I1 to I6 of the promise, read from the file, from the vendors and from
// what the senders were told.
#include <sqlite3.h>

#include <algorithm>
#include <charconv>

#include "base/json.hpp"
#include "simulation/connector.hpp"
#include "simulation/world.hpp"
#include "store/words.hpp"

namespace ieum::sim {
namespace {

// "rcp_12_tag" -> 12
Id event_of(const std::string& receipt) {
  Id id = 0;
  if (receipt.starts_with("rcp_")) std::from_chars(receipt.data() + 4, receipt.data() + receipt.size(), id);
  return id;
}

std::vector<Value> items_of(const std::string& body) {
  const auto parsed = parse_json(body);
  if (parsed.has_error()) return {};
  if (const auto* several = parsed->get("several"); several != nullptr && several->is_list())
    return *several->if_list();
  return {*parsed};
}

}  // namespace

void World::judge() {
  if (!process_) begin_process();
  if (!process_) return;
  judge_events();
  judge_runs();
  judge_acts();
  judge_file();
}

void World::judge_events() {
  auto& reader = process_->reader();
  std::map<std::string, int> told;
  for (const auto& [id, event] : ledger_.events()) {
    const auto parsed = parse_json(event.body);
    const std::string uid = parsed.has_value() ? parsed->text("uid") : "";
    ++told[uid];
    if (event.state == store::EventState::fresh) trace_.problem(words("I6: event ", id, " was never routed"));
    if (event.state == store::EventState::dead)
      trace_.problem(words("I6: event ", id, " was set aside, and nothing was wrong with it"));
  }
  for (const auto& delivery : deliveries_) {
    const int events = told[delivery.uid];
    told.erase(delivery.uid);
    const int most = delivery.key.empty() ? delivery.sent : 1;
    if (events > most) trace_.problem(words("I2: ", delivery.uid, " was told once and is ", events, " events"));
    if (delivery.taken == 0) continue;
    const Id id = event_of(delivery.receipt);
    const auto known = ledger_.events().find(id);
    if (known == ledger_.events().end() || known->second.body != delivery.body) {
      trace_.problem(words("I1: ", delivery.uid, " was answered with ", delivery.receipt, " and is not there"));
      continue;
    }
    const auto stored = reader.event(id);
    if (!forgets_ && (stored.has_error() || !*stored || (*stored)->payload.body != delivery.body))
      trace_.problem(words("I1: event ", id, " was answered and is not on disk"));
  }
  told.erase("");  // of schedules
  for (const auto& [uid, times] : told) trace_.problem(words("I2: an event that nobody told: ", uid));
  // Each event begins the runs that it is to begin, once.
  std::map<std::tuple<Id, Id, int>, int> begun;
  for (const auto& [id, run] : ledger_.runs())
    if (!run.replay) ++begun[{run.recipe, run.event, run.item}];
  for (const auto& [recipe_id, name] : recipe_names_) {
    const auto recipe =
        std::find_if(recipes_.begin(), recipes_.end(), [&](const auto& one) { return one.name == name; });
    if (!recipe->exact) continue;
    for (const auto& [id, event] : ledger_.events()) {
      const auto named = connection_names_.find(event.connection);
      if (named == connection_names_.end()) continue;  // the hub's own: a schedule
      const auto& connection = named->second;
      const auto door =
          std::find_if(kDoors.begin(), kDoors.end(), [&](const Door& one) { return connection == one.connection; });
      const bool heard = event.topic == recipe->topic && recipe->connector == door->connector &&
                         (recipe->connection.empty() || recipe->connection == connection);
      const auto items = items_of(event.body);
      for (std::size_t i = 0; i < items.size(); ++i) {
        const int wanted = heard && items[i].number("n") % recipe->modulo == recipe->rest ? 1 : 0;
        const auto found = begun.find({recipe_id, id, static_cast<int>(i)});
        const int runs = found == begun.end() ? 0 : found->second;
        if (runs != wanted)
          trace_.problem(words("event ", id, " item ", i, " began ", runs, " runs of ", name, " instead of ", wanted));
      }
    }
  }
}

void World::judge_runs() {
  auto& reader = process_->reader();
  std::size_t gone = 0;
  for (const auto& [id, run] : ledger_.runs()) {
    const auto stored = reader.run(id);
    if (stored.has_error() || !*stored) {
      ++gone;
      if (!forgets_) trace_.problem(words("I3: run ", id, " is not on disk"));
      continue;
    }
    const auto& row = **stored;
    if (row.state != run.state || row.rev != run.rev)
      trace_.problem(words("I3: run ", id, " is ", store::word(row.state), " at rev ", row.rev, " and was left ",
                           store::word(run.state), " at rev ", run.rev));
    const bool stands = store::is_terminal(row.state) || row.state == store::RunState::in_doubt;
    if (!stands)
      trace_.problem(words(row.state == store::RunState::waiting ? "I5" : "I6", ": run ", id, " is left ",
                           store::word(row.state), " at ", row.at_step, ", ", row.reason));
    if (store::is_terminal(row.state) && row.state != store::RunState::finished && row.reason.empty())
      trace_.problem(words("I6: run ", id, " ended without a reason"));
    for (const char* broken :
         {"state_unreadable", "step_unreadable", "recipe_version_lost", "step_gone", "trigger_lost"})
      if (row.reason.starts_with(broken)) trace_.problem(words("run ", id, " failed with ", row.reason));
    if (const auto open = reader.open_step(id); open.has_value() && *open && (*open)->state == store::StepState::intent)
      trace_.problem(words("I6: step ", (*open)->step, " of run ", id, " is left open"));
  }
}

void World::judge_acts() {
  const auto repeats = [&](const Ledger::Step& step) {
    const auto run = ledger_.runs().find(step.run);
    for (const auto& recipe : recipes_)
      if (recipe.name == recipe_names_[run->second.recipe]) return recipe.repeats.contains(step.step);
    return false;
  };
  for (const auto& [key, done] : vendors_.done()) {
    if (done.times == 0) continue;
    const auto* step = ledger_.step_of_key(key);
    if (step == nullptr) {
      trace_.problem(words("I4: ", done.vendor, " did ", done.operation, " for a step that is none: ", key));
      continue;
    }
    const auto allowed = allowed_.find(key);
    int most = 1 + (allowed == allowed_.end() ? 0 : allowed->second);
    if (repeats(*step)) most += 1 + crashes_;
    if (done.times > most)
      trace_.problem(words("I4: ", done.vendor, " did ", done.operation, " ", done.times, " times for step ",
                           step->step, " of run ", step->run));
    // A job that was begun may fail at its second half.
    if (step->state == store::StepState::failed && done.operation != "job" && step->error != "in_doubt" &&
        !done.denied && allowed == allowed_.end())
      trace_.problem(words("I4: step ", step->step, " of run ", step->run, " counts as failed (", step->error, ") and ",
                           done.vendor, " did it: ", done.operation));
  }
  for (const auto& [id, step] : ledger_.steps()) {
    const auto dot = step.operation.find('.');
    if (step.done == 0 || step.entered || dot == std::string::npos || step.operation.substr(dot) == ".read") continue;
    const auto done = vendors_.done().find(step.key);
    if (done == vendors_.done().end() || done->second.times == 0)
      trace_.problem(words("I4: step ", step.step, " of run ", step.run,
                           " counts as done and no vendor did it: ", step.operation));
  }
}

// The file as it is left: sound, its totals right, and each failure among what people are shown (I6).
void World::judge_file() {
  stop_gracefully();
  if (process_) return;
  sqlite3* database = nullptr;
  std::string faults;
  const auto collect = [](void* to, int count, char** values, char**) {
    for (int at = 0; at < count; ++at)
      if (values[at] != nullptr && std::string(values[at]) != "ok")
        *static_cast<std::string*>(to) += std::string(values[at]) + " ";
    return 0;
  };
  if (sqlite3_open_v2(disk_.file.c_str(), &database, SQLITE_OPEN_READWRITE, disk_.vfs.c_str()) != SQLITE_OK)
    faults += "cannot open ";
  const char* questions =
      "PRAGMA integrity_check; PRAGMA foreign_key_check;"
      "SELECT 'totals differ' FROM tally WHERE events_fresh <> (SELECT count(*) FROM event WHERE state = 0)"
      " OR events_dead <> (SELECT count(*) FROM event WHERE state = 3)"
      " OR runs_acting <> (SELECT count(*) FROM run WHERE state = 1)"
      " OR runs_waiting <> (SELECT count(*) FROM run WHERE state = 2)"
      " OR runs_in_doubt <> (SELECT count(*) FROM run WHERE state = 3)"
      " OR runs_failed <> (SELECT count(*) FROM run WHERE state = 13)"
      " OR runs_finished <> (SELECT count(*) FROM run WHERE state = 10);"
      "SELECT 'I6: no problem tells of run ' || id FROM run WHERE state IN (3, 13)"
      " AND id NOT IN (SELECT run FROM problem_run);"
      "SELECT 'a listener of what is gone: ' || owner FROM listener WHERE owner > 0"
      " AND owner NOT IN (SELECT id FROM run WHERE state < 10);"
      "SELECT 'open step of an ended run: ' || step.id FROM step JOIN run ON run.id = step.run"
      " WHERE step.state IN (0, 6) AND run.state >= 10;"
      "SELECT 'poison counters left: ' || count(*) FROM crash_tries HAVING count(*) > 0;";
  char* message = nullptr;
  if (sqlite3_exec(database, questions, collect, &faults, &message) != SQLITE_OK) faults += message;
  sqlite3_free(message);
  sqlite3_close(database);
  if (!faults.empty()) trace_.problem("the file: " + faults);
}

}  // namespace ieum::sim
