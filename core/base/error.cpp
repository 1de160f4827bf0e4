#include "base/error.hpp"

#include <cstdio>
#include <cstdlib>

namespace ieum {

Error::Error() = default;
Error::Error(std::string code_, std::string what_, std::string mend_, std::string place_)
    : code(std::move(code_)), what(std::move(what_)), mend(std::move(mend_)), place(std::move(place_)) {}
Error::Error(const Error& other) = default;
Error::Error(Error&& other) noexcept = default;
Error& Error::operator=(const Error& other) = default;
Error& Error::operator=(Error&& other) noexcept = default;
Error::~Error() = default;

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
