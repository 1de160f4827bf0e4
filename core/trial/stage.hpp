// Stage: a whole hub in memory on virtual time, for one trial: the runtime's own Hub on a store in memory, a clock that is
// moved, seeded chance, a vault under a passing key, the real connectors, and a stand-in for the network. No copy of the
// engine, no socket, no file, no thread. One thread; what it is built from outlives it.
#pragma once
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "base/random.hpp"
#include "base/zone.hpp"
#include "recipe/test_case.hpp"
#include "runtime/hub.hpp"
#include "store/store.hpp"
#include "trial/stand_in.hpp"

namespace ieum::trial {

struct StageParts {
  const host::Registry& connectors;
  const Samples& samples;
  ZoneSource& zones;
  // Makes the vendors of one trial on its clock; null: samples answer for all.
  std::function<std::unique_ptr<Vendors>(const Clock&)> vendors = {};
  // Fields of connections by name: what a made-up account does not say itself (a base URL) is taken from here.
  std::map<std::string, Value> configs = {};
};

// Chance that only spreads load is left out: pauses between attempts are exactly as the recipe says. The rest is seeded.
class StillRandom final : public Random {
 public:
  void fill(void* out, std::size_t size) override;

 private:
  SeededRandom seeded_{1};
};

class Stage {
 public:
  using Stepped = std::function<void(const recipe::Recipe&, const recipe::Instruction& from, std::size_t to)>;
  static Result<std::unique_ptr<Stage>> build(const StageParts& parts, Millis start_ms,
                                              std::vector<recipe::GivenAnswer> answers = {}, Stepped stepped = {});
  ~Stage();

  // Makes up a connection, unless one of the name is there. Error "unknown_connector".
  Status connect(const std::string& name, const std::string& connector);
  // Makes up the connections that the recipe names, then puts it in force as the hub does: what it does not take is the
  // error, with the findings in `findings`.
  Result<runtime::AppliedRecipe> apply(const std::string& source, recipe::Format format, const std::string& file,
                                       const std::vector<recipe::GivenEvent>& given = {});
  // An event comes in at the present instant. `connection` must be there.
  Status deliver(const std::string& connection, const std::string& topic, const Value& body);
  // Everything due before the instant is done, nothing at it: inputs of one instant come before its timers.
  Status move_before(Millis instant);
  // Everything due by then is done, and at that very instant too.
  Status move_to(Millis instant);

  [[nodiscard]] Millis now() const { return clock_.now(); }
  [[nodiscard]] runtime::Hub& hub() { return *hub_; }
  [[nodiscard]] store::Reader& reader() { return *reader_; }
  [[nodiscard]] const StandIn& stand_in() const { return *stand_in_; }

 private:
  Stage(const StageParts& parts, Millis start_ms) : parts_(parts), clock_(start_ms) {}
  Status open(std::vector<recipe::GivenAnswer> answers, Stepped stepped);

  StageParts parts_;
  ManualClock clock_;
  StillRandom random_;
  NullLog log_;
  std::unique_ptr<Vendors> vendors_;
  std::unique_ptr<StandIn> stand_in_;
  std::unique_ptr<store::Store> store_;
  std::unique_ptr<vault::Vault> vault_;
  runtime::ManualExecutor engine_;
  std::unique_ptr<runtime::Hub> hub_;
  std::unique_ptr<store::Reader> reader_;
  std::vector<std::string> connections_;
};

}  // namespace ieum::trial
