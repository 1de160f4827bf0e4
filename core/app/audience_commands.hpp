// Commands about customers: what the owner decides for all messages to them, and what one of them said.
#pragma once
#include <cstdint>
#include <string>

#include "app/commands.hpp"

namespace CLI {
class App;
}  // namespace CLI

namespace ieum::app {

// What the command line said; lives as long as its parser.
struct AudienceWords {
  std::string file;
  std::string customer;  // a number, or what they are known by
  std::int64_t merge = 0;
  std::string word, purpose = "ad", channel, at, evidence;
};
// `audience show|set`, and `consent`, `split` below `customer`.
void add_audience_commands(CLI::App& app, CLI::App& customer, const Common& common, AudienceWords& words, int& code);

}  // namespace ieum::app
