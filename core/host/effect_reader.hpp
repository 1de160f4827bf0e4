// Reads what a module answered. Distrustful: every rule of docs/manifest.md ("What a module answers") is checked here.
// Pure.
#pragma once
#include <string>
#include <string_view>

#include "host/connector.hpp"

namespace ieum::host {

// Errors: "bad_effect" with the rule that was broken.
Result<Effect> read_effect(const Manifest& manifest, const Call& call, std::string_view envelope, std::string body);

// RFC 6901. Null pointer where nothing is there or the pointer is malformed.
const Value* resolve_pointer(const Value& root, std::string_view pointer);

}  // namespace ieum::host
