// Version: the one place where the binary's version stands; CMakeLists.txt hands it in.
#pragma once

namespace ieum::app {
inline constexpr const char* kVersion = IEUM_VERSION;
}  // namespace ieum::app
