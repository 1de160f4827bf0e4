// Every limit of the hub in one place, with the arithmetic or fact behind it.
#pragma once
#include <cstddef>
#include <cstdint>

namespace ieum::limits {

// Inbound HTTP. Caps apply while reading, before authentication.
inline constexpr std::size_t kRequestLineBytes = 8 * 1024;
inline constexpr std::size_t kHeaderBytes = 16 * 1024;
inline constexpr std::size_t kHeaderFields = 64;
inline constexpr std::size_t kBodyBytes = 1u << 20;      // default; a connection may raise it to kBodyBytesMax
inline constexpr std::size_t kBodyBytesMax = 25u << 20;  // GitHub's largest delivery
inline constexpr std::int64_t kHeaderDeadlineMs = 5'000;
inline constexpr std::int64_t kRequestDeadlineMs = 15'000;
inline constexpr std::size_t kConnectionsPerAddress = 64;

// Outbound HTTP: what one call to a vendor may take.
inline constexpr std::size_t kResponseHeaderBytes = 64 * 1024;
inline constexpr std::size_t kResponseBodyBytes = 10u << 20;
inline constexpr std::int64_t kCallDeadlineMs = 30'000;
inline constexpr std::size_t kConnectionsPerHost = 8;

// Values and recipes.
inline constexpr std::size_t kJsonDepth = 64;
inline constexpr std::size_t kRecipeBytes = 1u << 20;
inline constexpr std::size_t kRecipeDepth = 32;
inline constexpr std::size_t kModuleStateBytes = 64 * 1024;  // the continuation of a conversation with a vendor
inline constexpr std::size_t kRunVarsBytes = 1u << 20;       // trigger, set variables and step outputs of one run
inline constexpr std::size_t kLoopPassesMax = 10'000;        // product of `max` of loops inside each other

// Store: units in one commit, days that a duplicate is recognised, tries of an event that ends the process.
inline constexpr std::size_t kCommitUnitsMax = 256;
inline constexpr int kDedupeDays = 7;
inline constexpr int kPoisonTries = 3;

}  // namespace ieum::limits
