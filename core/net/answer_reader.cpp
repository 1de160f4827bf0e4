#include "net/answer_reader.hpp"

#include <algorithm>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>
#include <cstdint>
#include <functional>
#include <iterator>
#include <limits>

#include "base/encoding.hpp"
#include "base/error.hpp"
#include "base/limits.hpp"

namespace ieum::net {

namespace http = boost::beast::http;

namespace {

constexpr std::size_t kFieldsMax = 256;
constexpr std::size_t kChunkHeadBytesMax =
    16 * 1024;                                 // a chunk's size and extensions; the last one's with the trailers
constexpr std::size_t kLastChunkBytesMin = 5;  // "0", two line ends

// Beast throws for a name or a value of more.
static_assert(limits::kResponseHeaderBytes <= std::numeric_limits<std::uint16_t>::max() + std::size_t{1});

// Two ways to read it that Beast does not mind: it skips a transfer coding that it does not know.
std::string_view framing_conflict(const http::response<http::string_body>& head) {
  const auto codings = head.count(http::field::transfer_encoding);
  if (codings == 0) return {};
  if (codings > 1 || !equals_ignoring_case(head[http::field::transfer_encoding], "chunked"))
    return "Transfer-Encoding is not \"chunked\"";
  if (head.count(http::field::content_length) > 0) return "both Content-Length and Transfer-Encoding are given";
  if (head.version() < 11) return "HTTP/1.0 has no Transfer-Encoding";
  return {};
}

}  // namespace

struct AnswerReader::Parser {
  http::response_parser<http::string_body> http;
  // A quoted extension may run over line ends in Beast.
  std::function<void(std::uint64_t, boost::beast::string_view, boost::beast::error_code&)> on_chunk =
      [](std::uint64_t, boost::beast::string_view extensions, boost::beast::error_code& failed) {
        if (extensions.find('"') != boost::beast::string_view::npos) failed = http::error::bad_chunk_extension;
      };
};

AnswerReader::AnswerReader() = default;
AnswerReader::~AnswerReader() = default;

void AnswerReader::begin(std::string_view method, std::size_t body_bytes_max) {
  head_method_ = method == "HEAD";
  body_bytes_max_ = body_bytes_max;
  error_.clear();
  answer_ = {};
  keep_alive_ = in_body_ = body_begun_ = false;
  expect_head();
}

void AnswerReader::expect_head() {
  scanned_ = 0;
  parser_ = std::make_unique<Parser>();
  parser_->http.header_limit(static_cast<std::uint32_t>(limits::kResponseHeaderBytes));
  parser_->http.body_limit(body_bytes_max_);
  parser_->http.skip(head_method_);
  parser_->http.on_chunk_header(parser_->on_chunk);
}

AnswerReader::State AnswerReader::bad(std::string what) {
  error_ = std::move(what);
  return State::bad;
}

AnswerReader::State AnswerReader::too_large(std::string what) {
  error_ = std::move(what);
  return State::too_large;
}

AnswerReader::State AnswerReader::feed(std::string_view bytes, std::size_t& used) {
  used = 0;
  for (;;) {
    std::size_t taken = 0;
    const State state = in_body_ ? feed_body(bytes.substr(used), taken) : feed_head(bytes.substr(used), taken);
    used += taken;
    if (state != State::more || taken == 0) return state;
  }
}

AnswerReader::State AnswerReader::feed_head(std::string_view unread, std::size_t& used) {
  static constexpr std::string_view kBegin = "HTTP/1.";
  const std::size_t begun = std::min(unread.size(), kBegin.size());
  if (unread.substr(0, begun) != kBegin.substr(0, begun)) return bad("it is no HTTP/1.1");

  const std::string_view allowed = unread.substr(0, limits::kResponseHeaderBytes);
  std::size_t end = 0;
  while (end == 0) {
    const std::size_t line_feed = allowed.find('\n', scanned_);
    if (line_feed == std::string_view::npos) {
      if (unread.size() >= limits::kResponseHeaderBytes)
        return too_large("its head is larger than " + std::to_string(limits::kResponseHeaderBytes) + " bytes");
      scanned_ = unread.size();
      return State::more;
    }
    scanned_ = line_feed + 1;
    if (unread[line_feed - 1] != '\r') return bad("a line of its head ends without a carriage return");
    if (unread.substr(0, scanned_).ends_with("\r\n\r\n")) end = scanned_;
  }
  boost::beast::error_code failed;
  used = parser_->http.put(boost::asio::const_buffer(unread.data(), end), failed);
  if (failed == http::error::header_limit) return too_large("it has too long a header of several lines");
  if (failed == http::error::body_limit)
    return too_large("its body is larger than " + std::to_string(body_bytes_max_) + " bytes");
  if (failed || !parser_->http.is_header_done()) return bad("it is no HTTP/1.1 (" + failed.message() + ")");
  return take_head();
}

AnswerReader::State AnswerReader::take_head() {
  const auto& head = parser_->http.get();
  const unsigned status = head.result_int();
  if (status < 100 || status > 599) return bad("its status is " + std::to_string(status));
  if (status == 101) return bad("it changes to a protocol that was not asked for");
  if (std::distance(head.begin(), head.end()) > static_cast<std::ptrdiff_t>(kFieldsMax))
    return too_large("it has more than " + std::to_string(kFieldsMax) + " header lines");
  if (const auto conflict = framing_conflict(head); !conflict.empty()) return bad(std::string(conflict));
  if (status < 200) {
    expect_head();
    return State::more;
  }
  // Now, and not at the end: Beast adds what trailers say to the fields of the head.
  answer_.status = static_cast<int>(status);
  for (const auto& field : head) answer_.headers.add(std::string(field.name_string()), std::string(field.value()));
  keep_alive_ = parser_->http.keep_alive();
  in_body_ = true;
  return parser_->http.is_done() ? State::whole : State::more;
}

AnswerReader::State AnswerReader::feed_body(std::string_view unread, std::size_t& used) {
  if (unread.empty()) return State::more;
  const bool chunked = parser_->http.chunked();
  if (chunked) {
    // Beast asserts that it is shown this much of a body that has no chunk but the last.
    if (!body_begun_ && unread[0] == '0' && unread.size() < kLastChunkBytesMin) return State::more;
    unread = unread.substr(0, kChunkHeadBytesMax);
  }
  boost::beast::error_code failed;
  used = parser_->http.put(boost::asio::const_buffer(unread.data(), unread.size()), failed);
  if (failed == http::error::need_more) {
    IEUM_ASSERT(used == 0);
    if (unread.size() == kChunkHeadBytesMax) return bad("its chunk extensions or trailers are too long");
    const std::size_t line_end = unread.find("\r\n", body_begun_ ? 2 : 0);  // a chunk's data ends with a line end
    if (line_end != std::string_view::npos && unread.substr(0, line_end).find('"') != std::string_view::npos)
      return bad("its chunked body is broken");
    return State::more;
  }
  if (failed == http::error::body_limit)
    return too_large("its body is larger than " + std::to_string(body_bytes_max_) + " bytes");
  if (failed) return bad("its chunked body is broken");
  body_begun_ = true;
  return parser_->http.is_done() ? State::whole : State::more;
}

AnswerReader::State AnswerReader::end() {
  if (!in_body_) return bad("it ends within its head");
  boost::beast::error_code failed;
  parser_->http.put_eof(failed);
  if (failed || !parser_->http.is_done()) return bad("it ends within its body");
  return State::whole;
}

HttpResponse AnswerReader::take() {
  answer_.body = std::move(parser_->http.get().body());
  return std::move(answer_);
}

}  // namespace ieum::net
