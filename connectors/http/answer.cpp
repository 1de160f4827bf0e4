#include "answer.hpp"

#include <algorithm>
#include <array>

namespace http_connector {

namespace {

using ieum::Kind;

// The headers of an answer that recipes may want; the others stay out of the run's history.
constexpr std::array<std::string_view, 8> kKept = {"content-type", "location",    "etag",         "last-modified",
                                                   "link",         "retry-after", "x-request-id", "content-language"};

bool is_utf8(std::string_view text) {
  for (std::size_t i = 0; i < text.size();) {
    const auto byte = static_cast<unsigned char>(text[i]);
    const std::size_t more = byte < 0x80                    ? 0
                             : byte >= 0xC2 && byte <= 0xDF ? 1
                             : byte >= 0xE0 && byte <= 0xEF ? 2
                             : byte >= 0xF0 && byte <= 0xF4 ? 3
                                                            : 4;
    if (more == 4 || i + more >= text.size()) return false;
    std::uint32_t code = more == 0 ? byte : byte & (0x3Fu >> more);
    for (std::size_t k = 1; k <= more; ++k) {
      const auto next = static_cast<unsigned char>(text[i + k]);
      if ((next & 0xC0) != 0x80) return false;
      code = (code << 6) | (next & 0x3Fu);
    }
    if (more == 2 && (code < 0x800 || (code >= 0xD800 && code <= 0xDFFF))) return false;
    if (more == 3 && (code < 0x10000 || code > 0x10FFFF)) return false;
    i += more + 1;
  }
  return true;
}

// Containers inside containers. The output adds a few levels, and the host reads at most 64.
std::size_t depth_of(const ieum::json::value& value) {
  std::size_t deepest = 0;
  if (const ieum::json::array* list = value.if_array()) {
    for (const ieum::json::value& item : *list) deepest = std::max(deepest, depth_of(item));
    return deepest + 1;
  }
  if (const ieum::json::object* map = value.if_object()) {
    for (const auto& member : *map) deepest = std::max(deepest, depth_of(member.value()));
    return deepest + 1;
  }
  return 0;
}

constexpr std::size_t kDepthMax = 48;
constexpr std::size_t kBodyBytesMax = 256 * 1024;

// JSON as values, other text as it is; null, and why, when it is kept out of the run's history.
void put_body(const ieum::Call& call, ieum::json::object& output) {
  output["body"] = nullptr;
  output["body_bytes"] = call.body().size();
  if (call.body().size() > kBodyBytesMax) {
    output["body_omitted"] = "too_large";
  } else if (!is_utf8(call.body())) {
    output["body_omitted"] = "binary";
  } else if (call.answer().is_null() || depth_of(call.answer()) > kDepthMax) {
    if (call.body() != "null") output["body"] = call.body();
  } else {
    output["body"] = call.answer();
  }
}

bool expected(const ieum::Call& call) {
  const ieum::json::value& wanted = call.input_value("expect_status");
  if (wanted.is_null()) return call.succeeded();
  const std::string status = std::to_string(call.status());
  if (const ieum::json::array* list = wanted.if_array()) {
    for (const ieum::json::value& item : *list)
      if (ieum::scalar_text(item) == status) return true;
    return false;
  }
  return ieum::scalar_text(wanted) == status;
}

ieum::Effect failure(const ieum::Call& call) {
  const int status = call.status();
  const std::string code = "http_" + std::to_string(status);
  if (status == 429) return ieum::fail(Kind::rate_limited, code, "the server asks to slow down");
  if (status == 408 || status == 425) return ieum::fail(Kind::retry, code, "the server asks to try again");
  if (status == 504) return ieum::fail(Kind::ambiguous, code, "a gateway did not hear from the server");
  if (status >= 500) return ieum::fail(Kind::retry, code, "the server is out of order for the moment");
  if (status == 410) return ieum::fail(Kind::gone, code, "the address is gone for good");
  const std::string auth = call.config("auth");
  if (status == 401 && !auth.empty() && auth != "none")
    return ieum::fail(Kind::auth_dead, code, "the server refuses the connection's credentials");
  if (status >= 300 && status < 400) {
    const std::string place = call.header("location");
    return ieum::fail(Kind::permanent, code,
                      "the server redirects" + (place.empty() ? "" : " to " + place) + "; write that address instead");
  }
  if (call.succeeded())
    return ieum::fail(Kind::permanent, "unexpected_status", "status " + std::to_string(status) + " was not expected");
  return ieum::fail(Kind::permanent, code, "the server answers " + std::to_string(status));
}

}  // namespace

ieum::Effect read_answer(const ieum::Call& call) {
  if (!expected(call)) return failure(call);
  ieum::json::object output{{"status", call.status()}};
  ieum::json::object headers;
  for (const std::string_view name : kKept)
    if (const std::string value = call.header(name); !value.empty() && is_utf8(value))
      headers[{name.data(), name.size()}] = value;
  output["headers"] = std::move(headers);
  put_body(call, output);
  return ieum::done(std::move(output));
}

}  // namespace http_connector
