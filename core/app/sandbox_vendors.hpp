// Sandbox vendors: the sandbox's vendors as those of a trial, in memory and on the trial's clock. Every alimtalk template
// that a recipe names counts as approved: what is in force at the dealer is nothing that a test can know.
#pragma once
#include <memory>

#include "trial/vendors.hpp"

namespace ieum::app {

std::unique_ptr<trial::Vendors> sandbox_vendors(const Clock& clock);

}  // namespace ieum::app
