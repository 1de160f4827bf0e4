#include "runtime/recipe_catalog.hpp"

#include <set>

namespace ieum::runtime {
namespace {

class ManifestCatalog final : public recipe::Catalog {
 public:
  ManifestCatalog(const host::Registry& connectors, std::shared_ptr<const Live> live, ZoneSource& zones)
      : connectors_(connectors), live_(std::move(live)), zones_(zones) {}

  std::vector<std::string> connectors() const override {
    std::vector<std::string> names;
    for (const auto* connector : connectors_.all()) names.push_back(connector->manifest().name);
    return names;
  }

  bool knows_zone(const std::string& name) const override { return zones_.find(name).has_value(); }

  bool knows_connections() const override { return live_ != nullptr; }

  std::optional<std::string> connection(const std::string& name) const override {
    if (live_ == nullptr) return std::nullopt;
    const auto found = live_->connections.find(name);
    if (found == live_->connections.end()) return std::nullopt;
    return found->second->row.connector;
  }

  std::vector<std::string> connections() const override {
    std::vector<std::string> names;
    if (live_ != nullptr) {
      for (const auto& [name, connection] : live_->connections) names.push_back(name);
    }
    return names;
  }

  std::vector<std::string> operations(const std::string& connector) const override {
    std::vector<std::string> names;
    if (const auto* found = connectors_.find(connector)) {
      for (const auto& operation : found->manifest().operations) {
        if (!operation.internal) names.push_back(operation.name);
      }
    }
    return names;
  }

  std::optional<recipe::OperationFacts> operation(const std::string& connector,
                                                  const std::string& name) const override {
    const auto* found = connectors_.find(connector);
    const auto* operation = found != nullptr ? found->manifest().operation(name) : nullptr;
    if (operation == nullptr || operation->internal) return std::nullopt;
    recipe::OperationFacts facts;
    for (const auto& field : operation->inputs) {
      facts.inputs.push_back(field.name);
      if (field.required && !field.fallback) facts.required_inputs.push_back(field.name);
    }
    facts.open_inputs = operation->open_inputs;
    facts.reaches_customer = operation->reaches == host::Reaches::customer;
    facts.channel = operation->channel;
    facts.classes.assign(operation->classes.begin(), operation->classes.end());
    facts.unsafe_without_reconcile = operation->safety == host::Safety::unsafe && operation->reconcile.empty();
    return facts;
  }

  std::vector<std::string> events() const override {
    std::set<std::string> names;
    for (const auto* connector : connectors_.all()) {
      for (const auto& event : connector->manifest().events) {
        names.insert(connector->manifest().name + "/" + event.topic);
        if (!event.means.empty()) names.insert(event.means);
      }
    }
    return {names.begin(), names.end()};
  }

  bool open_topics(const std::string& connector) const override {
    const auto* found = connectors_.find(connector);
    return found != nullptr && found->manifest().webhook && found->manifest().webhook->open_topics;
  }

 private:
  const host::Registry& connectors_;
  std::shared_ptr<const Live> live_;
  ZoneSource& zones_;
};

}  // namespace

std::unique_ptr<recipe::Catalog> make_catalog(const host::Registry& connectors, std::shared_ptr<const Live> live,
                                              ZoneSource& zones) {
  return std::make_unique<ManifestCatalog>(connectors, std::move(live), zones);
}

}  // namespace ieum::runtime
