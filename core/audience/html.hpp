// HTML as far as messages need it: text put into it, and where a document's body ends. Private to audience; pure.
#pragma once
#include <string>
#include <string_view>

namespace ieum::audience {

// What an attribute says: the five named references and numbers of ASCII are read, others stay as they are.
std::string html_unescaped(std::string_view text);
// In front of </body>, or of </html>, or at the end.
std::string at_end_of_body(std::string html, std::string_view part);

}  // namespace ieum::audience
