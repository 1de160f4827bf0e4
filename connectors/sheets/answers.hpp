// What Google's answers mean: {"error": {"code", "message", "status", "details"}}. Pure.
#pragma once
#include <optional>

#include "ieum/module.hpp"

namespace sheets {

// Nothing when the call succeeded (2xx with JSON); else the effect that ends the step.
std::optional<ieum::Effect> failure(const ieum::Call& call);

}  // namespace sheets
