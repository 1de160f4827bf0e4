// ieum: the command line. Reads the words, calls one command, answers its exit code.
#include <CLI/CLI.hpp>
#include <functional>

#include "app/audience_commands.hpp"
#include "app/commands.hpp"
#include "app/private_memory.hpp"
#include "app/repair_commands.hpp"
#include "app/settings_file.hpp"
#include "app/version.hpp"

using namespace ieum::app;

namespace {

struct PeopleWords {
  std::string name, role = "viewer", who;
  NewTokenArguments token;
  std::int64_t id = 0;
  int limit = 50;
};

void add_people_commands(CLI::App& app, const Common& common, PeopleWords& words, int& code) {
  const CLI::IsMember roles({"viewer", "operator", "editor", "owner"});
  auto* user = app.add_subcommand("user", "people who work with the hub")->require_subcommand(1);
  const auto named = [&](const char* word, const char* help, const std::function<int()>& run) {
    auto* command = user->add_subcommand(word, help);
    command->add_option("name", words.name, "as they log in")->required();
    command->callback([&code, run] { code = run(); });
    return command;
  };
  user->add_subcommand("list", "who may come in")->callback([&] { code = user_list(common); });
  named("add", "invite somebody; prints the address where they choose a password",
        [&] { return user_add(common, words.name, words.role); })
      ->add_option("--role", words.role, "viewer, operator, editor or owner")
      ->check(roles)
      ->capture_default_str();
  named("role", "give somebody another role; their sessions end",
        [&] {
          return user_change(common, words.name, ieum::Map{{"role", words.role}});
        })
      ->add_option("role", words.role, "viewer, operator, editor or owner")
      ->required()
      ->check(roles);
  named("disable", "shut somebody out", [&] { return user_change(common, words.name, ieum::Map{{"disabled", true}}); });
  named("enable", "let somebody in again", [&] {
    return user_change(common, words.name, ieum::Map{{"disabled", false}});
  });
  named("remove", "remove somebody with their sessions and views", [&] { return user_remove(common, words.name); });
  named("link", "an address where somebody chooses a new password", [&] { return user_link(common, words.name); });
  user->add_subcommand("claim-link", "an address that makes the first owner")->callback([&] {
    code = user_claim_link(common);
  });

  auto* token = app.add_subcommand("token", "API tokens, for programs")->require_subcommand(1);
  token->add_subcommand("list", "newest first")->callback([&] { code = token_list(common); });
  auto* making = token->add_subcommand("add", "make one; its text is printed this once");
  making->add_option("name", words.token.name, "what it is for")->required();
  making->add_option("--role", words.token.role, "viewer, operator, editor or owner")
      ->check(roles)
      ->capture_default_str();
  making->add_option("--scope", words.token.scopes,
                     "AREA:read or AREA:write; several times (default: all of the role)");
  making->add_option("--expires-in", words.token.expires_in, "such as 90d (default: never)");
  making->callback([&] { code = token_add(common, words.token); });
  auto* revoking = token->add_subcommand("revoke", "end one at once");
  revoking->add_option("id", words.id, "its number")->required()->check(CLI::PositiveNumber);
  revoking->callback([&] { code = token_revoke(common, words.id); });

  auto* audit = app.add_subcommand("audit", "what was done to the hub, and by whom")->require_subcommand(1);
  auto* entries = audit->add_subcommand("list", "newest first");
  entries->add_option("--who", words.who, "by this person or token");
  entries->add_option("--limit", words.limit, "how many")->check(CLI::Range(1, 200))->capture_default_str();
  entries->callback([&] { code = audit_list(common, words.who, words.limit); });
  audit->add_subcommand("verify", "whether the log is as it was written")->callback([&] {
    code = audit_verify(common);
  });
}

}  // namespace

int main(int argc, char** argv) {
  keep_memory_private();
  CLI::App app{"Ieum (이음) joins apps: webhooks come in, recipes decide, messages go out, and every step is on disk."};
  app.set_version_flag("--version", std::string("ieum ") + kVersion);
  app.require_subcommand(1);
  app.fallthrough();
  Common common;
  app.add_option("--data", common.data, "the hub's data directory")->capture_default_str();
  app.add_option("--connectors", common.connectors, "where connectors lie (default: beside the binary)");
  app.add_flag("--json", common.json, "print JSON");
  int code = 0;

  ServeArguments serving;
  auto* serve_command = app.add_subcommand("serve", "run a hub until Ctrl-C");
  serve_command->add_option("--public", serving.public_address, "HOST:PORT for deliveries")->capture_default_str();
  serve_command
      ->add_option("--admin", serving.admin_address,
                   "HOST:PORT for console and API; beyond loopback only when the hub is claimed")
      ->capture_default_str();
  serve_command->add_option("--public-url", serving.public_url, "https address by which the world reaches the hub");
  serve_command->add_option("--admin-name", serving.admin_names, "further Host name of the admin address");
  serve_command->add_option("--admin-tls-cert", serving.admin_tls_cert, "PEM certificate of the admin address");
  serve_command->add_option("--admin-tls-key", serving.admin_tls_key, "PEM key of the admin address");
  serve_command->add_option("--tls-cert", serving.tls_cert, "PEM certificate of the public address");
  serve_command->add_option("--tls-key", serving.tls_key, "PEM key of the public address");
  serve_command->add_option("--extra-ca", serving.extra_ca, "PEM file of further CAs that vendors may be certified by");
  serve_command->add_option("--virtual-clock", serving.virtual_clock,
                            "start at this time (RFC 3339) and move only when told");
  serve_command->add_option("--log", serving.log, "auto, text or json")
      ->check(CLI::IsMember({"auto", "text", "json"}))
      ->capture_default_str();
  serve_command
      ->add_option("--module-deadline-ms", serving.module_deadline_ms,
                   "a connector's call that takes longer ends the process, which then sets it aside")
      ->check(CLI::Range(100, 600'000))
      ->capture_default_str();
  serve_command->add_option("--disk-low", serving.disk_low,
                            "warn when the disk has less room: 2GB, or 5% (default: 5%, 512 MB to 20 GB)");
  serve_command->add_option("--disk-full", serving.disk_full,
                            "take no deliveries when it has less (default: 1%, 64 MB to 2 GB)");
  serve_command->add_option("--crash-at", serving.crash_at, "for crash tests")->group("");
  std::string settings;
  serve_command->add_option("--config", settings,
                            "FILE of options, lines such as public-url = \"https://hub.example\"");
  serve_command->callback([&] {
    const auto read = read_settings(*serve_command, settings);
    code = read.has_error() ? (report(read.error(), common.json), 2) : serve(common, serving);
  });

  bool once = false;
  auto* demo_command = app.add_subcommand("demo", "hub, sandbox and sample traffic in a fresh directory");
  demo_command->add_flag("--once", once,
                         "end when the sample traffic is done; exit 1 when a message is missing or doubled");
  demo_command->callback([&] { code = demo(common, once); });

  SandboxArguments vendors;
  auto* sandbox_command = app.add_subcommand("sandbox", "stand-ins for the vendors");
  sandbox_command->add_option("--listen", vendors.listen, "HOST:PORT")->capture_default_str();
  sandbox_command->add_option("--virtual-clock", vendors.virtual_clock, "start at this time (RFC 3339)");
  sandbox_command->add_option("--reach", vendors.reach,
                              "ADDRESS=AT: where webhooks to ADDRESS go, as through a reverse proxy, such as "
                              "https://hub.example.test=http://127.0.0.1:8080; repeatable");
  sandbox_command->callback([&] { code = sandbox(vendors); });

  EvalArguments evaluated;
  auto* eval_command = app.add_subcommand("eval", "evaluate an expression; without one, a prompt");
  eval_command->add_option("expression", evaluated.expression, "as in a recipe: 'dec(total) * 2'");
  eval_command->add_option("--vars", evaluated.vars_file, "JSON file whose members are the names");
  eval_command->add_flag("--typed", evaluated.typed, "print the value with its type, as JSON");
  eval_command->add_option("--batch", evaluated.batch_file,
                           "JSON lines {expr, bindings, container} in plain CEL; - reads standard input");
  eval_command->callback([&] {
    if (evaluated.expression && !evaluated.batch_file.empty())
      throw CLI::ValidationError("eval", "give one expression, or --batch FILE");
    code = eval(evaluated);
  });

  auto* recipe = app.add_subcommand("recipe", "check, apply and look at recipes")->require_subcommand(1);
  std::vector<std::string> files;
  std::string name;
  auto* check = recipe->add_subcommand("check", "what can be known before a recipe runs; needs no hub");
  check->add_option("files", files, "recipes, or directories of them")->required();
  check->callback([&] { code = recipe_check(common, files); });
  bool format_check = false;
  auto* format = recipe->add_subcommand("format", "put quotes around expressions, and change nothing else");
  format->add_option("files", files, "recipes, or directories of them")->required();
  format->add_flag("--check", format_check, "write nothing; exit 1 when something would change");
  format->callback([&] { code = recipe_format(common, files, format_check); });
  std::string schema_out;
  auto* schema = recipe->add_subcommand("schema", "the JSON Schema of recipes, by which an editor completes them");
  schema->add_option("--out", schema_out, "a file to write (default: standard output)");
  schema->callback([&] { code = recipe_schema(common, schema_out); });
  auto* plan = recipe->add_subcommand("plan", "what applying recipes would change, and where runs wait");
  plan->add_option("files", files, "recipes, or directories of them")->required();
  plan->callback([&] { code = recipe_plan(common, files); });
  std::string older_runs = "stay";
  bool yes = false;
  auto* apply = recipe->add_subcommand("apply", "put recipes in force, all or none");
  apply->add_option("files", files, "recipes, or directories of them")->required();
  apply->add_option("--runs", older_runs, "what becomes of live runs of older versions")
      ->check(CLI::IsMember({"stay", "move", "cancel"}))
      ->capture_default_str();
  apply->add_flag("--yes", yes, "do not ask");
  apply->callback([&] { code = recipe_apply(common, files, older_runs, yes); });
  TestArguments testing;
  auto* test = recipe->add_subcommand("test", "play the tests of recipes in virtual time; needs no hub");
  test->add_option("files", testing.files, "recipes, or directories of them")->required();
  test->add_option("--name", testing.name, "only tests with this in their name");
  test->add_flag("--watch", testing.watch, "again whenever a file changes");
  test->add_flag("--coverage", testing.coverage, "show which steps and branches are tested");
  test->add_flag("--samples", testing.samples, "recorded answers for every vendor, instead of the sandbox");
  test->callback([&] { code = recipe_test(common, testing); });
  recipe->add_subcommand("list", "recipes in force")->callback([&] { code = recipe_list(common); });
  auto named = [&](CLI::App* parent, const char* word, const char* help, std::function<void()> work) {
    auto* command = parent->add_subcommand(word, help);
    command->add_option("name", name, "its name")->required();
    command->callback(std::move(work));
  };
  named(recipe, "show", "a recipe's text", [&] { code = recipe_show(common, name); });
  named(recipe, "enable", "start new runs again", [&] { code = recipe_enable(common, name, true); });
  named(recipe, "disable", "start no new runs", [&] { code = recipe_enable(common, name, false); });

  auto* connector = app.add_subcommand("connector", "what the hub can speak to")->require_subcommand(1);
  connector->add_subcommand("list", "installed connectors")->callback([&] { code = connector_list(common); });
  named(connector, "show", "a connector's fields, operations and events", [&] { code = connector_show(common, name); });
  std::string directory;
  auto* connector_checking = connector->add_subcommand("check", "play the cases of connectors and say what is wrong");
  connector_checking->add_option("directory", directory, "a connector's folder, or a folder of such")->required();
  connector_checking->callback([&] { code = connector_check(common, directory); });
  auto* paging = connector->add_subcommand("page", "a connector's page for people, in Markdown");
  paging->add_option("folder", directory, "its folder")->required();
  paging->callback([&] { code = connector_page(common, directory); });
  bool with_module = false;
  std::string in = ".";
  auto* drafting = connector->add_subcommand("new", "a connector to start from, which passes its check");
  drafting->add_option("name", name, "its name")->required();
  drafting->add_option("--in", in, "where its folder goes")->capture_default_str();
  drafting->add_flag("--module", with_module, "with code in C++; else by manifest alone");
  drafting->callback([&] { code = connector_new(common, name, in, with_module); });

  auto* connection = app.add_subcommand("connection", "accounts at vendors")->require_subcommand(1);
  ConnectionArguments adding;
  auto* add = connection->add_subcommand("add", "add a connection, or change one");
  add->add_option("name", adding.name, "its name; deliveries come to /hooks/NAME")->required();
  add->add_option("--connector", adding.connector, "its connector (default: the name)");
  add->add_option("--set", adding.fields, "field=value, a list as a,b; may be given several times");
  add->add_option("--secret", adding.secret_files, "slot=FILE, or slot=- for standard input; a second one rotates");
  add->add_option("--origin", adding.origins, "https origin that its credentials may go to (default: the connector's)");
  add->callback([&] { code = connection_add(common, adding); });
  std::string reveal;
  auto* showing = connection->add_subcommand("show", "one connection: its settings, its address, what is wrong");
  showing->add_option("name", name, "its name")->required();
  showing->add_option("--reveal", reveal, "print this secret, which the hub made, with the text to paste it in");
  showing->callback([&] { code = connection_show(common, name, reveal); });
  connection->add_subcommand("list", "connections")->callback([&] { code = connection_list(common); });
  named(connection, "login", "log in at the vendor, where the connector needs it",
        [&] { code = connection_login(common, name); });
  RotateArguments rotating;
  auto* rotate = connection->add_subcommand("rotate", "enter a new version of a secret, or drop the old ones");
  rotate->add_option("name", rotating.name, "connection")->required();
  rotate->add_option("slot", rotating.slot, "which secret")->required();
  rotate->add_option("--secret", rotating.file, "file that holds it, or - for standard input; else it is asked for");
  rotate->add_option("--overlap", rotating.overlap, "how long older versions verify deliveries, such as 24h");
  rotate->add_flag("--drop-old", rotating.drop_old, "older versions are forgotten at once");
  rotate->callback([&] { code = connection_rotate(common, rotating); });
  named(connection, "test", "call the vendor with its credentials", [&] { code = connection_test(common, name); });
  std::string list;
  bool again = false;
  auto* items = connection->add_subcommand("items", "what stands in a list at the vendor, such as its channels");
  items->add_option("name", name, "connection")->required();
  items->add_option("list", list, "one of the lists that `connector show` names")->required();
  items->add_flag("--again", again, "ask the vendor now, instead of showing the hub's copy");
  items->callback([&] { code = connection_items(common, name, list, again); });
  named(connection, "remove", "forget it and its secrets", [&] { code = connection_remove(common, name); });

  auto* run = app.add_subcommand("run", "what recipes did")->require_subcommand(1);
  std::string of_recipe, state;
  int limit = 20;
  std::int64_t id = 0;
  auto* runs = run->add_subcommand("list", "newest first");
  runs->add_option("--recipe", of_recipe, "of this recipe");
  runs->add_option("--state", state, "acting, waiting, in_doubt, finished, exited, stopped, failed, cancelled");
  runs->add_option("--limit", limit, "how many")->check(CLI::Range(1, 200))->capture_default_str();
  runs->callback([&] { code = run_list(common, of_recipe, state, limit); });
  auto numbered = [&](CLI::App* parent, const char* word, const char* help, std::function<void()> work) {
    auto* command = parent->add_subcommand(word, help);
    command->add_option("id", id, "its number")->required()->check(CLI::PositiveNumber);
    command->callback(std::move(work));
  };
  numbered(run, "show", "every step, request and answer", [&] { code = run_show(common, id); });
  numbered(run, "record", "the run as a test of its recipe, without anybody's data",
           [&] { code = run_record(common, id); });
  numbered(run, "cancel", "end a run", [&] { code = run_act(common, id, "cancel"); });
  numbered(run, "move", "to the current version of its recipe", [&] { code = run_act(common, id, "move"); });
  numbered(run, "retry", "send the step of a run that failed, is in doubt or waits for another attempt again",
           [&] { code = run_act(common, id, "retry"); });

  auto* event = app.add_subcommand("event", "deliveries")->require_subcommand(1);
  auto* events = event->add_subcommand("list", "newest first");
  events->add_option("--state", state, "accepted, routed, quarantined, set_aside");
  events->add_option("--limit", limit, "how many")->check(CLI::Range(1, 200))->capture_default_str();
  events->callback([&] { code = event_list(common, state, limit); });
  numbered(event, "show", "a delivery as it came", [&] { code = event_show(common, id); });
  std::string via, topic, data_file = "-";
  auto* send = event->add_subcommand("send", "make an event of your own, to try a recipe");
  send->add_option("connection", via, "as if it came over this connection")->required();
  send->add_option("topic", topic, "for example orders/create")->required();
  send->add_option("file", data_file, "JSON body; - reads standard input")->capture_default_str();
  send->callback([&] { code = event_send(common, via, topic, data_file); });

  RepairWords repairing;
  add_repair_commands(app, *run, *event, common, repairing, code);
  add_house_commands(app, *recipe, *connection, common, repairing, code);
  auto* customer = app.add_subcommand("customer", "who runs are about")->require_subcommand(1);
  std::string who;
  auto* shown = customer->add_subcommand("show", "who somebody is, and all that happened to them");
  shown->add_option("who", who, "its number, or what it is known by: an address, a phone number, user:7001")
      ->required();
  shown->callback([&] { code = customer_show(common, who); });
  AudienceWords audience;
  add_audience_commands(app, *customer, common, audience, code);
  PeopleWords people;
  add_people_commands(app, common, people, code);
  app.add_subcommand("status", "totals of a running hub")->callback([&] { code = status(common); });
  app.add_subcommand("console", "a one-time address of the console")->callback([&] { code = console(common); });
  app.add_subcommand("doctor", "what is wrong here")->callback([&] { code = doctor(common); });
  std::string to;
  auto* clock = app.add_subcommand("clock", "move the virtual clock of a hub");
  clock->add_option("to", to, "RFC 3339")->required();
  clock->callback([&] { code = clock_advance(common, to); });

  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    const int shown = app.exit(error);
    return shown == 0 ? 0 : 2;
  }
  return code;
}
