// Log by spdlog: lines for people on a terminal, JSON lines elsewhere. Control bytes are escaped, so that no value can
// forge a line.
#pragma once
#include <memory>

#include "base/log.hpp"

namespace ieum::app {

enum class LogForm { text, json };
// Writes to standard error.
std::unique_ptr<Log> make_log(LogForm form, Log::Level least);

}  // namespace ieum::app
