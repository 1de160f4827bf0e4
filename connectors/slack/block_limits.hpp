// Blocks that an author wrote himself: what Slack would not take of them, found before they are sent, and the text that
// stands for them in a notification. Pure. Limits: https://docs.slack.dev/reference/block-kit/blocks
#pragma once
#include <optional>
#include <string>

#include "ieum/module.hpp"

namespace slack {

// Why Slack would refuse them; nothing when it would not. `most`: how many there may be, 50 in a message, 100 in a modal.
std::optional<std::string> over_limits(const ieum::json::array& blocks, std::size_t most);

// The first texts of the blocks, escaped where Slack shows them as they are; "" when they have none.
std::string text_of_blocks(const ieum::json::array& blocks);

}  // namespace slack
