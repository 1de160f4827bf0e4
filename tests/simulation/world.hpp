// World: a whole simulated world from one seed: a hub with its recipes and connections, vendors with moods, senders that send
// again until they are answered, people who decide things, and everything that may go wrong. One thread, no real time: the same
// seed is the same world. At its end all faults are over, time passes until nothing moves any more, and what is left is judged.
#pragma once
#include <cstdint>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "simulation/process.hpp"
#include "simulation/recipes.hpp"

namespace ieum::sim {

struct Options {
  std::uint64_t seed = 1;
  bool trace = false;
  Bug bug = Bug::none;
  std::string directory;  // an empty one, for the file of the hub
};

struct Played {
  std::vector<std::string> problems;
  std::uint64_t hash = 0;
  std::size_t lines = 0;  // of the trace
};

Played play(const Options& options);

class World {
 public:
  explicit World(const Options& options);
  ~World();
  Played play();

 private:
  // What a sender means to tell, once.
  struct Delivery {
    std::string uid, key, connection, topic, body;  // key "": it has none, and each time it comes it is another event
    std::string receipt;
    int sent = 0, taken = 0, copies = 0;
    bool under_way = false;
  };
  // world.cpp: time
  void turn();
  bool advance();
  void lend_hand();
  void begin_process();
  void crash(const char* why);
  void stop_gracefully();
  bool settle(const char* what);
  [[nodiscard]] bool at_rest();
  // plan.cpp: what happens when
  void set_up();
  void make_plan();
  void plan(Millis at, bool nests, std::function<void()> work);
  void recover();  // all faults are over
  void second_wave();
  // senders.cpp
  void plan_delivery(Millis at);
  void send(std::size_t delivery);
  void answered(std::size_t delivery, const HttpResponse& answer);
  std::string body_of(const std::string& uid, const std::string& topic);
  // deeds.cpp: what people do
  void some_deed();
  void repair(Id run, runtime::RunDeed::Kind kind);
  void replay(Id run);
  void some_hold();
  void some_recipe();
  void mend(const std::string& connector);
  void decide_doubts();
  Id some_run();
  // verdict.cpp: what must hold in the end
  void judge();
  void judge_events();
  void judge_runs();
  void judge_acts();
  void judge_file();

  const Options options_;
  Dice dice_;
  SeededRandom hub_random_;
  Trace trace_;
  Timeline timeline_;
  Ledger ledger_;
  Vendors vendors_;
  struct TraceLog;
  std::unique_ptr<TraceLog> log_;
  std::unique_ptr<vault::Vault> vault_;
  Disk disk_;
  std::unique_ptr<Process> process_;
  bool disk_full_ = false;
  bool dies_ = false;    // the store broke: the process ends at once
  bool nested_ = false;  // within a command of the hub
  Millis span_ = 0;      // how long things go wrong
  int crashes_ = 0;
  int dies_once_in_ = 0;  // at each point where a crash must lose nothing; 0: never
  std::size_t turns_ = 0;

  std::vector<DrawnRecipe> recipes_;
  std::set<std::string> off_;  // recipes that a person switched off
  std::map<std::string, int> editions_;
  std::map<Id, std::string> recipe_names_, connection_names_;
  std::vector<Delivery> deliveries_;
  std::map<std::string, int> allowed_;  // more times that a person let an act happen, by key
  bool forgets_ = false;                // ended runs are dropped after a day
};

}  // namespace ieum::sim
