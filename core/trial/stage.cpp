#include "trial/stage.hpp"

#include <algorithm>
#include <cstring>

#include "recipe/program.hpp"

namespace ieum::trial {
namespace {

// Who tells of an event: the connector in its name, else the first that knows the standard name.
std::string connector_of(const host::Registry& connectors, const std::string& event) {
  if (const auto slash = event.find('/'); slash != std::string::npos) return event.substr(0, slash);
  for (const auto* connector : connectors.all()) {
    for (const auto& spec : connector->manifest().events)
      if (spec.means == event) return connector->manifest().name;
  }
  return {};
}

}  // namespace

void StillRandom::fill(void* out, std::size_t size) {
  constexpr std::uint64_t kMiddle = std::uint64_t{1} << 63;  // Random::unit() is 0.5
  if (size == sizeof(kMiddle)) {
    std::memcpy(out, &kMiddle, size);
  } else {
    seeded_.fill(out, size);
  }
}

Result<std::unique_ptr<Stage>> Stage::build(const StageParts& parts, Millis start_ms,
                                            std::vector<recipe::GivenAnswer> answers, Stepped stepped) {
  auto stage = std::unique_ptr<Stage>(new Stage(parts, start_ms));
  IEUM_CHECK(stage->open(std::move(answers), std::move(stepped)));
  return stage;
}

Stage::~Stage() {
  hub_.reset();
  reader_.reset();
}

Status Stage::open(std::vector<recipe::GivenAnswer> answers, Stepped stepped) {
  if (parts_.vendors) vendors_ = parts_.vendors(clock_);
  stand_in_ = std::make_unique<StandIn>(parts_.connectors, parts_.samples, vendors_.get(), std::move(answers));
  store::StoreOptions options;
  options.path = ":memory:";
  options.inline_writer = true;
  IEUM_TRY(store_, store::open_store(std::move(options), log_));
  vault_ = vault::passing_vault(random_);
  runtime::HubParts parts{*store_, *stand_in_, *stand_in_, *vault_, parts_.zones, clock_,  random_,
                          log_,    engine_,    nullptr,    {},      nullptr,      nullptr, nullptr};
  parts.stepped = std::move(stepped);
  parts.rehearsal = true;
  hub_ = runtime::make_hub(std::move(parts));
  IEUM_CHECK(hub_->start());
  engine_.run_all();
  reader_ = store_->reader();
  return {};
}

Status Stage::connect(const std::string& name, const std::string& connector) {
  if (std::find(connections_.begin(), connections_.end(), name) != connections_.end()) return {};
  const auto* known = stand_in_->find(connector);
  if (known == nullptr)
    return Error("unknown_connector", "there is no connector \"" + connector + "\"", "see: ieum connector list");
  auto account = stand_in_->account(known->manifest());
  runtime::NewConnection connection;
  connection.name = name;
  connection.connector = connector;
  Map config;
  if (const auto* fields = account.config.if_map()) config = *fields;
  if (const auto own = parts_.configs.find(name); own != parts_.configs.end() && own->second.if_map() != nullptr) {
    for (const auto& [key, value] : *own->second.if_map())
      if (const auto* field = key.if_string(); field != nullptr && account.config.get(*field) == nullptr)
        config.set(*field, value);
  }
  connection.config = std::move(config);
  for (auto& [slot, value] : account.secrets) connection.secrets.emplace_back(slot, Secret(std::move(value)));
  IEUM_TRY(const auto id, hub_->put_connection(connection));
  static_cast<void>(id);
  connections_.push_back(name);
  return {};
}

Result<runtime::AppliedRecipe> Stage::apply(const std::string& source, recipe::Format format, const std::string& file,
                                            const std::vector<recipe::GivenEvent>& given) {
  for (const auto& event : given)
    IEUM_CHECK(connect(event.connection.empty() ? event.connector : event.connection, event.connector));
  if (auto read = recipe::read_recipe(source, format); read.recipe) {
    const auto program = recipe::compile(std::move(*read.recipe));
    const auto listen = [&](const recipe::EventMatch& match) -> Status {
      if (match.connection.empty()) return {};
      const std::string connector = connector_of(parts_.connectors, match.event);
      return connector.empty() ? Status() : connect(match.connection, connector);
    };
    for (const auto& instruction : program->code) {
      if (instruction.kind == recipe::Instruction::Kind::use) {
        const auto& use = std::get<recipe::Use>(instruction.step->verb);
        if (parts_.connectors.find(use.connector) != nullptr)  // else the checker says so, with the place
          IEUM_CHECK(connect(use.connection.empty() ? use.connector : use.connection, use.connector));
      } else if (instruction.kind == recipe::Instruction::Kind::wait_for) {
        for (const auto& awaited : std::get<recipe::WaitFor>(instruction.step->verb).events)
          IEUM_CHECK(listen(awaited.match));
      }
    }
    const auto& recipe = program->recipe;
    IEUM_CHECK(listen(recipe.trigger));
    for (const auto& exit : recipe.exit_on) IEUM_CHECK(listen(exit));
    if (recipe.absent) IEUM_CHECK(listen(recipe.absent->match));
    if (recipe.goal) IEUM_CHECK(listen(recipe.goal->match));
  }
  return hub_->apply_recipe(source, format, file);
}

Status Stage::deliver(const std::string& connection, const std::string& topic, const Value& body) {
  IEUM_TRY(const auto receipt, hub_->send_event(connection, topic, body));
  static_cast<void>(receipt);
  engine_.run_all();
  return {};
}

Status Stage::move_before(Millis instant) {
  if (instant <= clock_.now()) return {};
  IEUM_CHECK(hub_->advance_clock(clock_, std::max(clock_.now(), instant - 1)));
  clock_.set(instant);
  return {};
}

// Moved to the same instant once more, it is closed: no event comes at it any more.
Status Stage::move_to(Millis instant) {
  IEUM_CHECK(hub_->advance_clock(clock_, std::max(clock_.now(), instant)));
  return hub_->advance_clock(clock_, clock_.now());
}

}  // namespace ieum::trial
