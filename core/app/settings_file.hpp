// Settings file: `ieum serve --config FILE` reads the options of the command from a file of lines `name = "value"`, or a list of
// values in brackets. What is said on the command line goes before it.
#pragma once
#include <string>

#include "base/error.hpp"

namespace CLI {
class App;
}  // namespace CLI

namespace ieum::app {

// Errors: "settings_unreadable", "unknown_setting", "bad_setting"; each names the file. An unknown name is an error, because a
// setting that is passed over in silence leaves a hub open that its operator thinks closed.
Status read_settings(CLI::App& command, const std::string& path);

}  // namespace ieum::app
