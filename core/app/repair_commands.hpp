// Repair commands: finding what went wrong in a running hub, and what a person does about it. Words of the command line and what each
// does; as commands.hpp.
#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "app/commands.hpp"

namespace CLI {
class App;
}  // namespace CLI

namespace ieum::app {

// What stands on the command line; lives as long as the parser.
struct RepairWords {
  std::string output, action, query, kind, name, reason, span, expire_after, expire_then, data, topic, view, plan;
  std::vector<std::string> words;
  std::int64_t id = 0, per_minute = 0, from = 0, to = 0, event = 0, days = 60;
  std::int64_t runs_days = -1, events_days = -1;
  std::string max_size;
  bool plans = false, yes = false, resolved = false, shared = false;
};

// `run` and `event` are there already; the others are made.
void add_repair_commands(CLI::App& app, CLI::App& run, CLI::App& event, const Common& common, RepairWords& words,
                         int& code);
void add_house_commands(CLI::App& app, CLI::App& recipe, CLI::App& connection, const Common& common, RepairWords& words,
                        int& code);

int run_search(const Common& common, const std::vector<std::string>& words, int limit);
int run_resume(const Common& common, std::int64_t id, const std::string& output);  // JSON, or @FILE
int run_replay(const Common& common, std::int64_t id, bool yes);
int run_bulk(const Common& common, const std::string& action, const std::vector<std::string>& query,
             std::int64_t per_minute, bool yes);
// `run bulk` that were begun; stop: the id of one that is to end.
int run_plans(const Common& common, const std::string& stop);
int event_act(const Common& common, std::int64_t id, const std::string& action);
int hold_list(const Common& common);
int hold_add(const Common& common, const RepairWords& words);
int hold_release(const Common& common, const RepairWords& words);
int problem_list(const Common& common, bool resolved);
int problem_move(const Common& common, std::int64_t id, const std::string& action);
int overview(const Common& common);
// -1 and "" leave one as it is.
int settings(const Common& common, std::int64_t runs_days, std::int64_t events_days, const std::string& max_size);
// restore_commands.cpp
int backup(const Common& common, const std::string& to);  // "" leaves it in the data directory
int restore(const Common& common, const std::string& file, bool plans);
int recipe_diff(const Common& common, const std::string& name, std::int64_t from, std::int64_t to);
int recipe_try(const Common& common, const RepairWords& words);
int connection_deliveries(const Common& common, const std::string& name);
int view_list(const Common& common);
int view_add(const Common& common, const std::string& name, const std::string& query, bool shared);
int view_remove(const Common& common, std::int64_t id);

}  // namespace ieum::app
