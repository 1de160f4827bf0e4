// The texts of which the sandbox's page is made. Private to sandbox.
#pragma once
#include <string_view>

namespace ieum::sandbox {

std::string_view page_style();   // CSS
std::string_view page_body();    // HTML inside of <body>
std::string_view page_script();  // JavaScript; builds everything by text nodes, never by markup

}  // namespace ieum::sandbox
