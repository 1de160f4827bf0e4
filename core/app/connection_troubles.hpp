// What is wrong with a connection, in words for its owner: what happened, what the hub does about it, what to do.
// Pure: reads what the API says of the connection (docs/api.md), asks nobody.
#pragma once
#include <string>
#include <vector>

#include "base/value.hpp"

namespace ieum::app {

struct Trouble {
  std::string brief;    // for a column of a table
  std::string message;  // what happened, and what the hub does
  std::string mend;     // a command, or where to look
  bool hint = false;    // nothing is wrong; it could be better
};

// The worst first: a dead connection, then what will need a person, then deliveries that differ from the settings, then webhooks
// and polls that fail, then hints. Of a dead connection nothing else is told: nobody asks its vendor for
// anything.
std::vector<Trouble> troubles_of(const Value& connection);

}  // namespace ieum::app
