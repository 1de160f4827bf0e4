// Texts as Korean carriers take them: counted in EUC-KR bytes, and only characters that it has. Pure.
#pragma once
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace kakao {

inline constexpr std::size_t kSmsBytes = 90;
inline constexpr std::size_t kLmsBytes = 2'000;
inline constexpr std::size_t kSubjectBytes = 40;

// ASCII is one byte, all else two.
std::size_t euc_kr_bytes(std::string_view text);
// The first character that EUC-KR has not (an emoji), as UTF-8; nothing when all are there.
std::optional<std::string> foreign_character(std::string_view text);

}  // namespace kakao
