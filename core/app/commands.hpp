// Commands: one function a subcommand. Each prints its result and answers the exit code: 0 done, 1 what was asked does not
// hold, 2 used wrongly. With `json` exactly one JSON value goes to standard output.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/error.hpp"
#include "base/value.hpp"

namespace ieum::app {

struct Common {
  std::string data = "ieum-data";
  std::string connectors;  // "" beside the binary
  bool json = false;
};

struct ServeArguments {
  std::string public_address = "127.0.0.1:8080";
  std::string admin_address = "127.0.0.1:8081";
  std::string public_url;
  std::string virtual_clock;  // RFC 3339; "" is the real clock
  std::string tls_cert, tls_key, extra_ca;
  std::string admin_tls_cert, admin_tls_key;
  std::vector<std::string> admin_names;
  std::string log = "auto";  // auto | text | json
  std::int64_t module_deadline_ms = 10'000;
  std::string disk_low, disk_full;  // "" the usual marks
  std::string crash_at;             // for crash tests
};

int serve(const Common& common, const ServeArguments& arguments);
int demo(const Common& common, bool once);
struct SandboxArguments {
  std::string listen = "127.0.0.1:8090";
  std::string virtual_clock;       // RFC 3339; "" is the real clock
  std::vector<std::string> reach;  // ADDRESS=AT
};
int sandbox(const SandboxArguments& arguments);
struct EvalArguments {
  std::optional<std::string> expression;  // none: a prompt, or one a line from standard input
  std::string vars_file, batch_file;
  bool typed = false;
};
int eval(const EvalArguments& arguments);

int recipe_check(const Common& common, const std::vector<std::string>& files);
int recipe_format(const Common& common, const std::vector<std::string>& files, bool check);
int recipe_schema(const Common& common, const std::string& out);  // "" writes to standard output
// `runs`: stay | move | cancel; without `yes` a person on a terminal is asked before runs move or end; where nobody can be
// asked, cancel is refused.
int recipe_plan(const Common& common, const std::vector<std::string>& files);
int recipe_apply(const Common& common, const std::vector<std::string>& files, const std::string& runs, bool yes);
int recipe_list(const Common& common);
struct TestArguments {
  std::vector<std::string> files;
  std::string name;       // part of a test's name; "" all
  bool watch = false;     // again when a file changes, until a signal
  bool coverage = false;  // the table, not only the summary
  bool samples = false;   // recorded answers for all; else the sandbox plays the vendors that it can
};
int recipe_test(const Common& common, const TestArguments& arguments);
int recipe_show(const Common& common, const std::string& name);
int recipe_enable(const Common& common, const std::string& name, bool enabled);

int connector_list(const Common& common);
int connector_show(const Common& common, const std::string& name);
int connector_check(const Common& common, const std::string& directory);  // plays its cases; 1 when something is wrong
int connector_page(const Common& common, const std::string& folder);      // as docs/connectors has them
int connector_new(const Common& common, const std::string& name, const std::string& directory, bool with_module);

struct ConnectionArguments {
  std::string name, connector;
  std::vector<std::string> fields;        // name=value
  std::vector<std::string> secret_files;  // slot=FILE; "-" reads standard input
  std::vector<std::string> origins;
};
int connection_add(const Common& common, const ConnectionArguments& arguments);
struct RotateArguments {
  std::string name, slot;
  std::string file;  // "" asks a person; "-" reads standard input
  std::string overlap;
  bool drop_old = false;
};
int connection_rotate(const Common& common, const RotateArguments& arguments);
int connection_login(const Common& common, const std::string& name);
int connection_show(const Common& common, const std::string& name, const std::string& reveal);  // "" the connection
int connection_list(const Common& common);
int connection_test(const Common& common, const std::string& name);
int connection_items(const Common& common, const std::string& name, const std::string& list, bool again);
int connection_remove(const Common& common, const std::string& name);

int run_list(const Common& common, const std::string& recipe, const std::string& state, int limit);
int run_show(const Common& common, std::int64_t id);
int run_act(const Common& common, std::int64_t id, const std::string& action);  // cancel | retry | move
int run_record(const Common& common, std::int64_t id);  // a test to paste below `tests:`; nobody's data in it
int event_list(const Common& common, const std::string& state, int limit);
int event_show(const Common& common, std::int64_t id);
int event_send(const Common& common, const std::string& connection, const std::string& topic, const std::string& file);
// who: its number, or what it is known by ("email:minji@example.com", "010-1234-5678").
int customer_show(const Common& common, const std::string& who);
int user_list(const Common& common);
int user_add(const Common& common, const std::string& name, const std::string& role);
int user_change(const Common& common, const std::string& name, const Value& change);  // {role?, disabled?}
int user_remove(const Common& common, const std::string& name);
int user_link(const Common& common, const std::string& name);  // to choose a new password
int user_claim_link(const Common& common);
struct NewTokenArguments {
  std::string name, role = "viewer", expires_in;
  std::vector<std::string> scopes;
};
int token_list(const Common& common);
int token_add(const Common& common, const NewTokenArguments& arguments);
int token_revoke(const Common& common, std::int64_t id);
int audit_list(const Common& common, const std::string& who, int limit);
int audit_verify(const Common& common);  // 1 when it is not whole

int status(const Common& common);
int console(const Common& common);
int doctor(const Common& common);
int clock_advance(const Common& common, const std::string& to);

// "error: what" with place and mend on lines of their own, to standard error; answers 1.
int report(const Error& error, bool json = false);
// "HOST:PORT" or "PORT". Error "bad_address".
Result<std::pair<std::string, std::uint16_t>> parse_listen(const std::string& text);

}  // namespace ieum::app
