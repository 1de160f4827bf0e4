// The connectors of a simulated world: alpha, beta and gamma, one protocol with every kind of safety. Pure.
#pragma once
#include <array>
#include <memory>

#include "host/connector.hpp"

namespace ieum::sim {

struct Door {
  const char* connection;
  const char* connector;
};
inline constexpr std::array<Door, 4> kDoors{{{"a1", "alpha"}, {"a2", "alpha"}, {"b1", "beta"}, {"c1", "gamma"}}};

std::unique_ptr<host::Registry> make_connectors();

}  // namespace ieum::sim
