// Telephone numbers as the Korean dealers want them.
#pragma once
#include <optional>
#include <string>
#include <string_view>

namespace kakao {

// "+82 10-1234-5678", "010-1234-5678" -> "01012345678". Nothing for a number of another country or no number at all.
std::optional<std::string> national_number(std::string_view text);

// "01012345678" -> "+821012345678"; what does not begin with 0 comes back as it is.
std::string international_number(std::string_view national);

}  // namespace kakao
