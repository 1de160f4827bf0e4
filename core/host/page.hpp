// Page: what a connector's manifest says, as a page for people (Markdown, Korean and English). docs/connectors holds these
// pages; a test compares them with what this makes.
#pragma once
#include <string>
#include <vector>

#include "host/manifest.hpp"
#include "host/traps.hpp"

namespace ieum::host {

std::string connector_page(const Manifest& manifest, const std::vector<Trap>& traps);

}  // namespace ieum::host
