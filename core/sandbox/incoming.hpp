// Incoming: a request taken apart once, for all vendors. A plain value. Private to sandbox.
#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "base/error.hpp"
#include "base/http.hpp"
#include "base/url.hpp"
#include "base/value.hpp"

namespace ieum::sandbox {

struct Incoming {
  HttpRequest http;
  std::string path;                   // as sent, without the query
  std::vector<std::string> segments;  // decoded: "/a/b%20c" is {"a", "b c"}
  QueryPairs query;
  Value json;  // the body; null when it is none or no JSON
  bool json_readable = false;
  Millis now = 0;

  // First value of that name, or the fallback.
  [[nodiscard]] std::string parameter(std::string_view name, std::string_view fallback = {}) const;
  [[nodiscard]] std::string header(std::string_view name) const;
  [[nodiscard]] bool is(std::string_view method) const { return http.method == method; }
};

Incoming read_incoming(HttpRequest request, Millis now);

HttpResponse json_response(int status, const Value& body);
std::string text_of(const Value* value);                          // "" when there is none or it is no string
std::optional<std::int64_t> whole_number(std::string_view text);  // decimal digits, an optional minus
bool all_digits(std::string_view text);                           // and at least one

// Korean wall time, as NHN writes it: "2026-01-31 09:00:00"; "2026-01-31 09:00" is read too. Error "bad_time".
std::string korean_time(Millis at);
Result<Millis> parse_korean_time(std::string_view text);
int korean_minute_of_day(Millis at);

}  // namespace ieum::sandbox
