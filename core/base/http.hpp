// HTTP requests and responses as plain values: what connectors make, what net sends, what the sandbox answers.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/error.hpp"

namespace ieum {

// Header fields in order; names compare without case, one name may come several times.
class Headers {
 public:
  Headers() = default;
  Headers(std::initializer_list<std::pair<std::string, std::string>> fields) : fields_(fields) {}
  void add(std::string name, std::string value);
  void set(std::string_view name, std::string value);  // replaces all of that name
  void remove(std::string_view name);
  // First value of that name.
  [[nodiscard]] std::optional<std::string_view> get(std::string_view name) const;
  [[nodiscard]] std::size_t count(std::string_view name) const;
  [[nodiscard]] const std::vector<std::pair<std::string, std::string>>& fields() const { return fields_; }

 private:
  std::vector<std::pair<std::string, std::string>> fields_;
};

struct HttpRequest {
  std::string method = "GET";
  std::string target;  // outbound: absolute URL; inbound: path and query as sent
  Headers headers;
  std::string body;
};

struct HttpResponse {
  int status = 200;
  Headers headers;
  std::string body;
};

// Checks a header pair that a recipe or a module made: token grammar for the name; no CR, LF, NUL or other control byte
// in the value; Host, Content-Length, Transfer-Encoding, Connection and hop-by-hop names refused ("invalid_header").
Status check_outbound_header(std::string_view name, std::string_view value);

// Retry-After as milliseconds from now: whole or decimal seconds ("2.0" is real, Shopify sends it) or an HTTP-date.
// Nothing when it cannot be read or is negative; capped at 24 h.
std::optional<std::int64_t> parse_retry_after(std::string_view text, std::int64_t now_ms);

}  // namespace ieum
