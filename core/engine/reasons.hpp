// Reasons: why a run did not start, ended, or skipped a message. Enumerated: reports, tests and people rely on them.
#pragma once
#include <string>
#include <string_view>

#include "engine/decide.hpp"

namespace ieum::engine::reasons {

// A run did not start.
inline constexpr std::string_view kOnce = "once";
inline constexpr std::string_view kAlreadyRunning = "already_running";
inline constexpr std::string_view kEntryCap = "entry_cap";
inline constexpr std::string_view kEntryWhere = "entry_where";  // its `where` is false, or cannot be judged
inline constexpr std::string_view kExitOnAlreadyTrue = "exit_on_already_true";
inline constexpr std::string_view kDuplicate = "duplicate";
inline constexpr std::string_view kTooLate = "too_late";
inline constexpr std::string_view kMissed = "missed";
inline constexpr std::string_view kBadKey = "bad_key";
inline constexpr std::string_view kRecipeOff = "recipe_off";  // or without the absence that was pending

// A run ended. kExitOn is followed by the event's name.
inline constexpr std::string_view kExitOn = "exit_on:";
inline constexpr std::string_view kKeepWhile = "keep_while";
inline constexpr std::string_view kMerged = "merged";  // its customer became one with another, who has an earlier run
inline constexpr std::string_view kUnsubscribed = "unsubscribed";
inline constexpr std::string_view kStopped = "stopped";                     // a stop that gives no reason
inline constexpr std::string_view kExpressionFailed = "expression_failed";  // a condition, list, time or value
inline constexpr std::string_view kStepGone = "step_gone";                  // the version has no such step
inline constexpr std::string_view kTooManyItems = "too_many_items";         // a for_each over more than its max
inline constexpr std::string_view kItemsFailed = "items_failed";            // a for_each that went on after failures
inline constexpr std::string_view kLoopLeft = "loop_left";                  // a loop that a failure left before its end
// What is stored of the run's place is damaged.
inline constexpr std::string_view kStateUnreadable = "state_unreadable";
inline constexpr std::string_view kVarsTooLarge = "vars_too_large";
inline constexpr std::string_view kCancelled = "cancelled";  // by the operator

// A message was skipped, or waits.
inline constexpr std::string_view kMatched = "matched";
inline constexpr std::string_view kNoAddress = "no_address";
inline constexpr std::string_view kNoAdConsent = "no_ad_consent";
inline constexpr std::string_view kAdQuietHours = "ad_quiet_hours";
inline constexpr std::string_view kChannelWindow = "channel_window";
inline constexpr std::string_view kExpired = "expired";
inline constexpr std::string_view kFrequencyCap = "frequency_cap";
inline constexpr std::string_view kRenderMissing = "render_missing";
inline constexpr std::string_view kAdLabelMissing = "ad_label_missing_in_template";
inline constexpr std::string_view kRunEnded = "run_ended";
inline constexpr std::string_view kConsentUnconfirmed = "consent_unconfirmed";

// "exit_on:order_created"
inline std::string exit_on(std::string_view event) { return std::string(kExitOn) + std::string(event); }
// The reason of an entry that was refused; "" of Enter::start.
std::string_view of(Enter verdict);

}  // namespace ieum::engine::reasons
