// Error and Result: how every room reports that something could not be had.
//
// An Error is written for the person who reads it: what happened, where, and what to do about it.
// It is a value, never thrown; exceptions of third parties are caught at the border named in that file.
// No secret and no raw payload goes into an Error: build it from names, numbers and allow-listed fields.
#pragma once
#include <boost/assert/source_location.hpp>
#include <boost/system/result.hpp>
#include <string>
#include <string_view>
#include <utility>

namespace ieum {

struct Error {
  Error();  // only boost::system::result asks for it
  // A constructor, so that result<T, Error> never confuses an Error with an aggregate T.
  Error(std::string code_, std::string what_, std::string mend_ = {}, std::string place_ = {});
  // Nearly every function returns one: what copying takes is compiled in error.cpp alone.
  Error(const Error& other);
  Error(Error&& other) noexcept;
  Error& operator=(const Error& other);
  Error& operator=(Error&& other) noexcept;
  ~Error();

  std::string code;   // stable, lower_snake, for programs: "unknown_field"
  std::string what;   // what happened, one sentence without a final full stop
  std::string mend;   // what to do; may be empty when there is nothing to do
  std::string place;  // file:line:column, table, URL origin ...; empty when `what` says it all

  Error&& at(std::string where) && {
    place = std::move(where);
    return std::move(*this);
  }
  // "place: what; mend" on one line, for terminals and logs.
  [[nodiscard]] std::string text() const;
};

inline bool operator==(const Error& a, const Error& b) {
  return a.code == b.code && a.what == b.what && a.mend == b.mend && a.place == b.place;
}

template <class T>
using Result = boost::system::result<T, Error>;
using Status = Result<void>;

// Ends the process with the expression, file and line. Stays on in release: a broken invariant must not go on to write.
[[noreturn]] void assert_failed(const char* expression, const char* file, int line);

// What boost::system::result calls for value() on an error: here that is a broken invariant, not an exception.
[[noreturn]] void throw_exception_from_error(const Error& error, const boost::source_location& place);

}  // namespace ieum

#define IEUM_ASSERT(expression) \
  ((expression) ? static_cast<void>(0) : ::ieum::assert_failed(#expression, __FILE__, __LINE__))

#define IEUM_CONCAT_(a, b) a##b
#define IEUM_CONCAT(a, b) IEUM_CONCAT_(a, b)
// IEUM_TRY(auto value, expression_giving_Result); returns the error from the enclosing function.
#define IEUM_TRY(declaration, expression) \
  auto&& IEUM_CONCAT(ieum_try_, __LINE__) = (expression); \
  if (IEUM_CONCAT(ieum_try_, __LINE__).has_error()) return std::move(IEUM_CONCAT(ieum_try_, __LINE__)).error(); \
  declaration = std::move(*IEUM_CONCAT(ieum_try_, __LINE__))
// The same for a Status.
#define IEUM_CHECK(expression) \
  do { \
    auto&& ieum_status = (expression); \
    if (ieum_status.has_error()) return std::move(ieum_status).error(); \
  } while (false)
