// What commands about a running hub share: one call, and how its answer is shown.
#pragma once
#include <functional>
#include <string>
#include <string_view>

#include "app/commands.hpp"
#include "app/terminal.hpp"
#include "base/error.hpp"
#include "base/value.hpp"

namespace ieum::app {

// Calls the hub; prints JSON, or hands the answer to `show`. The exit code.
int ask(const Common& common, const std::string& method, const std::string& path, const Value& body,
        const std::function<void(const Value&, const Terminal&)>& show);

// The number of a customer: `who` itself, or whose key it is ("email:minji@example.com", "010-1234-5678").
// Error "unknown_customer".
Result<std::string> customer_id(const Common& common, const std::string& who);

const List& list_of(const Value& value, std::string_view key);  // empty when there is none
std::string time_of(const Value& value, std::string_view key);  // "" when there is none
std::string text_of(const Value* value);                        // "" for null

}  // namespace ieum::app
