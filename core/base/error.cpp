#include "base/error.hpp"

#include <cstdio>
#include <cstdlib>

namespace ieum {

std::string Error::text() const {
  std::string out;
  if (!place.empty()) out += place + ": ";
  out += what.empty() ? code : what;
  if (!mend.empty()) out += "; " + mend;
  for (char& c : out)
    if (c == '\n' || c == '\r') c = ' ';
  return out;
}

void assert_failed(const char* expression, const char* file, int line) {
  std::fprintf(stderr, "%s:%d: broken invariant: %s\n", file, line, expression);
  std::fflush(stderr);
  std::abort();
}

void throw_exception_from_error(const Error& error, const boost::source_location& place) {
  assert_failed(error.text().c_str(), place.file_name(), static_cast<int>(place.line()));
}

}  // namespace ieum
