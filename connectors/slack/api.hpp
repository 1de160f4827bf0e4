// Calls of Slack's Web API: how a method is asked, and the first steps that several operations share: from a channel's name
// or a person to the id that most methods want. https://docs.slack.dev/reference/methods
#pragma once
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>

#include "ieum/module.hpp"

namespace slack {

std::string method_url(const ieum::Call& call, std::string_view method);

// Methods that read take a query, not JSON; parameters with an empty value are left out.
ieum::Http ask(const ieum::Call& call, std::string_view method,
               std::initializer_list<std::pair<std::string_view, std::string>> query);
ieum::Http tell(const ieum::Call& call, std::string_view method, const ieum::json::object& body);

// "" on the last page.
std::string next_cursor(const ieum::Call& call);

// Asking again would not help: a person must look.
ieum::Effect cannot_tell(std::string_view code, std::string_view message);
// Asking again may help.
ieum::Effect unreadable(std::string_view message);

// Goes on with the id of `channel`: at once when it is the id of a conversation; else after conversations.open (a person) or
// conversations.list (a name). `next` is what the operation does then.
using WithChannel = ieum::Effect (*)(const ieum::Call& call, const std::string& id);
ieum::Effect with_channel(const ieum::Call& call, const std::string& channel, WithChannel next);
// Whether the answer is one to a look-up of with_channel, and what follows it.
bool is_looking_up_channel(const ieum::Call& call);
ieum::Effect looked_up_channel(const ieum::Call& call, const std::string& channel, WithChannel next);

}  // namespace slack
