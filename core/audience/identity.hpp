// Identity: one spelling for each key by which a customer is known. Pure.
#pragma once
#include <optional>
#include <string>
#include <string_view>

namespace ieum::audience {

// Kinds: email (trimmed, lower case), phone (E.164; a national number is read as Korean), everything else trimmed.
// Nothing when the text cannot be such an identity: then the event is about one identity less.
std::optional<std::string> normalise(std::string_view kind, std::string_view raw);

// "+821012345678" -> "01012345678" for Korean domestic senders; other countries keep their "+".
std::string korean_national(std::string_view e164);

}  // namespace ieum::audience
