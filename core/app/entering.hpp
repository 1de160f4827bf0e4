// What the commands about connections share: the way to a connection in the API, and secrets that are given by files.
#pragma once
#include <string>
#include <vector>

#include "app/commands.hpp"
#include "app/remote.hpp"
#include "base/value.hpp"

namespace ieum::app {

std::string connection_path(const std::string& name, const char* more = "");
// As GET /api/v1/connections has it. Error "unknown_connection", or the hub's.
Result<Value> find_connection(const Remote& hub, const std::string& name);
// The address that its vendor delivers to, as far as the hub knows it; "" when it takes no deliveries.
std::string address_of(const Value& connection);
// Both ends are a terminal, and no JSON is wanted.
bool a_person_is_there(const Common& common);
// "slot=FILE", "slot=-": their contents. Error "bad_secret", or the file's.
Result<Map> read_secrets(const std::vector<std::string>& arguments);

}  // namespace ieum::app
