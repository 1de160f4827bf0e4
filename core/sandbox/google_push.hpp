// Firebase Cloud Messaging, HTTP v1: one message to one device. A token "missing..." is of an app that was removed, "foreign..."
// of another project. Its callers are known to vendor_google.cpp. Private to sandbox; pure functions.
// https://firebase.google.com/docs/reference/fcm/rest/v1/projects.messages/send
#pragma once
#include "sandbox/vendor.hpp"

namespace ieum::sandbox {

bool is_push(const Incoming& in);  // /v1/projects/.../messages:send
// What the device would show; nothing for a topic, and for a message that is validated only.
std::optional<Message> push_message(const Incoming& in);
Outcome push(const Incoming& in, std::int64_t number);

}  // namespace ieum::sandbox
