// The command line of repair commands: which words there are and what stands behind each.
#include <CLI/CLI.hpp>

#include "app/repair_commands.hpp"

namespace ieum::app {
namespace {

CLI::App* numbered(CLI::App& parent, const char* word, const char* help, RepairWords& words, int& code,
                   std::function<int()> run) {
  auto* command = parent.add_subcommand(word, help);
  command->add_option("id", words.id, "its number")->required()->check(CLI::PositiveNumber);
  command->callback([&code, run = std::move(run)] { code = run(); });
  return command;
}

void add_holds(CLI::App& app, const Common& common, RepairWords& words, int& code) {
  auto* hold = app.add_subcommand("hold", "outward actions that wait for a person")->require_subcommand(1);
  hold->add_subcommand("list", "what is on hold, and how much waits")->callback([&] { code = hold_list(common); });
  auto* add = hold->add_subcommand(
      "add", "put the hub, a recipe, a connection or a connector on hold; intake and timers go on");
  add->add_option("kind", words.kind, "hub (all that goes out), recipe, connection or connector")
      ->required()
      ->check(CLI::IsMember({"hub", "recipe", "connection", "connector"}));
  add->add_option("name", words.name, "of it; of the hub, none");
  add->add_option("--reason", words.reason, "why, for others");
  add->add_option("--for", words.span, "ends by itself after that, such as 2h");
  add->callback([&] { code = hold_add(common, words); });
  auto* release =
      numbered(*hold, "release", "let go what it held", words, code, [&] { return hold_release(common, words); });
  release->add_option("--per-minute", words.per_minute, "that many a minute (default: all at once)");
  for (auto* command : {add, release}) {
    command->add_option("--expire-after", words.expire_after, "what waited longer does not go any more, such as 6h");
    command->add_option("--expire-then", words.expire_then, "skip the step, or cancel the run")
        ->check(CLI::IsMember({"skip", "cancel"}));
  }
}

}  // namespace

void add_repair_commands(CLI::App& app, CLI::App& run, CLI::App& event, const Common& common, RepairWords& words,
                         int& code) {
  auto* search = run.add_subcommand("search", "by words and name:value terms: order:1042 state:failed 민지");
  search->add_option("query", words.words, "all of them hold")->required();
  search->callback([&] { code = run_search(common, words.words, 50); });
  for (const auto& [word, action, help] :
       {std::tuple{"skip", "skip", "pass over the step or the wait at which it stands"},
        std::tuple{"fail", "fail", "count a step in doubt as failed"},
        std::tuple{"look-up", "look_up", "ask the vendor once more about a step in doubt"}})
    numbered(run, word, help, words, code,
             [&, action = std::string(action)] { return run_act(common, words.id, action); });
  auto* resume = numbered(run, "resume", "take its step as done, with an answer of your own", words, code,
                          [&] { return run_resume(common, words.id, words.output); });
  resume->add_option("output", words.output, "JSON that later steps read, or @FILE")->required();
  auto* replay = numbered(run, "replay", "begin it once more, from its trigger; shows what happens again and asks",
                          words, code, [&] { return run_replay(common, words.id, words.yes); });
  auto* bulk = run.add_subcommand("bulk", "one deed for many runs; shows what would happen and asks");
  bulk->add_option("action", words.action, "retry, skip, fail, cancel or replay")
      ->required()
      ->check(CLI::IsMember({"retry", "skip", "fail", "cancel", "replay"}));
  bulk->add_option("query", words.words, "which, as of `run search`")->required();
  bulk->add_option("--per-minute", words.per_minute, "that many a minute (default: as fast as it goes)");
  bulk->callback([&] { code = run_bulk(common, words.action, words.words, words.per_minute, words.yes); });
  auto* plans = run.add_subcommand("plans", "what was begun by `run bulk` or in the console, and how far it is");
  plans->add_option("--stop", words.plan, "ends that one; what was done stays done");
  plans->callback([&] { code = run_plans(common, words.plan); });
  for (auto* command : {replay, bulk}) command->add_flag("--yes", words.yes, "do not ask");

  numbered(event, "retry", "route one that was quarantined or set aside once more", words, code,
           [&] { return event_act(common, words.id, "retry"); });
  numbered(event, "discard", "give one of those up", words, code,
           [&] { return event_act(common, words.id, "discard"); });

  add_holds(app, common, words, code);
  auto* problem = app.add_subcommand("problem", "failures by cause")->require_subcommand(1);
  auto* problems = problem->add_subcommand("list", "the newest first");
  problems->add_flag("--resolved", words.resolved, "those that are mended");
  problems->callback([&] { code = problem_list(common, words.resolved); });
  numbered(*problem, "resolve", "it is mended; it opens again when it fails once more", words, code,
           [&] { return problem_move(common, words.id, "resolve"); });
  numbered(*problem, "reopen", "it is not", words, code, [&] { return problem_move(common, words.id, "reopen"); });
  auto* view = app.add_subcommand("view", "saved searches of the run list")->require_subcommand(1);
  view->add_subcommand("list", "yours and everybody's")->callback([&] { code = view_list(common); });
  auto* saving = view->add_subcommand("add", "save one");
  saving->add_option("name", words.name, "what it is called")->required();
  saving->add_option("query", words.query, "as of `run search`")->required();
  saving->add_flag("--shared", words.shared, "for everybody");
  saving->callback([&] { code = view_add(common, words.name, words.query, words.shared); });
  numbered(*view, "remove", "forget one", words, code, [&] { return view_remove(common, words.id); });
}

void add_house_commands(CLI::App& app, CLI::App& recipe, CLI::App& connection, const Common& common, RepairWords& words,
                        int& code) {
  app.add_subcommand("overview", "what goes through, waits and fails")->callback([&] { code = overview(common); });
  auto* saving = app.add_subcommand("backup", "copy the store, as it is now, whether the hub runs or not");
  saving->add_option("--to", words.data, "a file that is not there yet (default: into the data directory)");
  saving->callback([&] { code = backup(common, words.data); });
  auto* restoring =
      app.add_subcommand("restore", "put a backup in place; the hub then starts with all that goes out on hold");
  restoring->add_option("file", words.data, "the backup")->required();
  restoring->add_flag("--plan", words.plans, "say what would happen and change nothing");
  restoring->callback([&] { code = restore(common, words.data, words.plans); });
  auto* kept = app.add_subcommand("settings", "how long runs and events are kept, and how large the store may be");
  kept->add_option("--runs-days", words.runs_days, "after a run has ended; 0 for ever");
  kept->add_option("--events-days", words.events_days, "after it came; 0 for ever");
  kept->add_option("--max-size", words.max_size, "of the store: 20GB; the oldest ended runs go first; 0 no limit");
  kept->callback([&] { code = settings(common, words.runs_days, words.events_days, words.max_size); });
  auto* diff = recipe.add_subcommand("diff", "what two versions mean differently");
  diff->add_option("name", words.name, "recipe")->required();
  diff->add_option("from", words.from, "number of a version")->required();
  diff->add_option("to", words.to, "another (default: what is in force)");
  diff->callback([&] { code = recipe_diff(common, words.name, words.from, words.to); });
  auto* trial = recipe.add_subcommand("try", "play it in virtual time on the hub; nothing leaves it");
  trial->add_option("name", words.name, "recipe")->required();
  trial->add_option("--event", words.event, "a stored event");
  trial->add_option("--connector", words.kind, "or one of this connector");
  trial->add_option("--topic", words.topic, "as the vendor names it");
  trial->add_option("--data", words.data, "its body, a JSON file (default: the connector's sample)");
  trial->add_option("--days", words.days, "how long it is played at most")->capture_default_str();
  trial->callback([&] { code = recipe_try(common, words); });
  auto* deliveries = connection.add_subcommand("deliveries", "the last ones, and why some were refused");
  deliveries->add_option("name", words.name, "connection")->required();
  deliveries->callback([&] { code = connection_deliveries(common, words.name); });
}

}  // namespace ieum::app
