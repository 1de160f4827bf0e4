#include "server/effects.hpp"

#include <algorithm>

#include "base/json.hpp"
#include "server/api.hpp"
#include "server/run_view.hpp"

namespace ieum::server {

Status Effects::add(Api& api, store::Reader& reader, Id run, Of of) {
  IEUM_TRY(const auto steps, reader.steps(run));
  for (const auto& step : steps) {
    const bool acted = (of == Of::run && step.state == store::StepState::done) ||
                       step.state == store::StepState::in_doubt || step.error_code == "in_doubt";
    const auto dot = step.operation.find('.');
    if (step.connection == 0 || !acted || dot == std::string::npos) continue;
    const auto* connector = api.parts.connectors.find(step.operation.substr(0, dot));
    const auto* operation =
        connector == nullptr ? nullptr : connector->manifest().operation(step.operation.substr(dot + 1));
    if (operation != nullptr && operation->safety == host::Safety::safe) continue;
    auto& effect = effects_[{step.step, step.operation, step.connection}];
    ++effect.count;
    if (operation == nullptr || operation->address_input.empty() || effect.to.size() >= kToMax) continue;
    const auto inputs = parse_json(step.inputs);
    if (inputs.has_error()) continue;
    const auto to = inputs->text(operation->address_input);
    if (!to.empty() && std::find(effect.to.begin(), effect.to.end(), to) == effect.to.end()) effect.to.push_back(to);
  }
  return {};
}

Value Effects::view(Api& api, store::Reader& reader) const {
  auto connections = connection_names(reader);
  List list;
  for (const auto& [key, effect] : effects_) {
    const auto& [step, name, connection] = key;
    const auto dot = name.find('.');
    const auto* connector = api.parts.connectors.find(name.substr(0, dot));
    const auto* operation = connector == nullptr ? nullptr : connector->manifest().operation(name.substr(dot + 1));
    List to;
    for (const auto& address : effect.to) to.push_back(address);
    Map view{{"step", step}, {"operation", name}, {"connection", connections[connection]}, {"count", effect.count}};
    view.set("to", std::move(to));
    view.set("reaches", operation == nullptr ? Value() : Value(reaches_word(operation->reaches)));
    view.set("channel", operation == nullptr ? std::string() : operation->channel);
    view.set("title", operation == nullptr ? Value(Map{{"ko", name}, {"en", name}})
                                           : Value(Map{{"ko", operation->title.ko}, {"en", operation->title.en}}));
    list.push_back(std::move(view));
  }
  return list;
}

}  // namespace ieum::server
